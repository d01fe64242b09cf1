"""The client that asks a provider: verified TLS, limits of time and size, retries of connections, no other hosts."""

from __future__ import annotations

import ssl
import time
from collections.abc import Callable, Container
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection, IncompleteRead
from pathlib import Path
from string import punctuation
from typing import Final
from urllib.parse import quote, urldefrag, urljoin, urlsplit

from mockserver.documents.problems import SettingError, StartError
from mockserver.documents.wording import count
from mockserver.http.headers import Headers
from mockserver.http.messages import Reply
from mockserver.provider.addresses import PORTS, Address
from mockserver.provider.given_headers import NO_HEADERS, GivenHeaders
from mockserver.provider.paced_connection import PacedConnection

SAFE_METHODS: Final = ("GET", "HEAD", "OPTIONS")
"""The methods that change nothing (RFC 9110, section 9.2.1), but for TRACE, which may show secrets."""

_REDIRECTS: Final = (301, 302, 303, 307, 308)
_PIECE: Final = 65536
_TRIES: Final = 3
_PAUSE_SECONDS: Final = 0.2


class UnreachableError(StartError):
    """The provider cannot be reached at all; the text says why, for people."""


class NoAnswerError(Exception):
    """The provider took a request, and there is no whole answer; the text says why, as a part of a sentence.

    `is_late` tells whether it may still come.
    """

    def __init__(self, text: str, *, is_late: bool = False) -> None:
        super().__init__(text)
        self.is_late: Final = is_late


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of its time and of a provider's answers a client takes.

    Attributes:
        connect_seconds: How long one try to connect may take.
        read_seconds: How long the provider may be silent.
        total_seconds: How long a request may take, redirects and retries left out.
        bytes: How large the body of an answer may be.
        redirects: How many redirects are followed.
        late: How many requests in a row may get no answer in time, before no more are sent.
        rate: Requests in a second at the most; 0 for any number.
    """

    connect_seconds: float = 5.0
    read_seconds: float = 15.0
    total_seconds: float = 30.0
    bytes: int = 16 * 2**20
    redirects: int = 5
    late: int = 3
    rate: float = 0.0


LIMITS: Final = Limits()
"""The limits of a client that is given none."""


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer of a provider.

    Attributes:
        reply: The reply, that of the last redirect which was followed.
        redirects: The URLs that the provider sent the client to, in their order.
        refusal: Why the last of them was not followed, as a part of a sentence; empty if all were.
    """

    reply: Reply
    redirects: tuple[str, ...] = ()
    refusal: str = ""


@dataclass
class Client:
    """Asks one provider, a request at a time. It counts the requests that it sends in `sent`.

    Args:
        address: Where the provider is.
        given: The headers of every request.
        limits: The limits of time and size.
        authorities: A file of certificates to trust instead of those of the system.
        timer: Counts seconds.
        sleep: Waits for some seconds.

    Raises:
        SettingError: The file of certificates cannot be used.
    """

    address: Address
    given: GivenHeaders = NO_HEADERS
    limits: Limits = LIMITS
    authorities: Path | None = None
    timer: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    sent: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        self._context = _make_context(self.authorities) if self.address.scheme == "https" else None
        self._next = 0.0
        self._late = 0

    def ask(
        self, method: str, target: str, headers: Headers = (), body: bytes = b"", declared: Container[int] = ()
    ) -> Answered:
        """Return the answer to a request for a target below the URL; redirects on the same host are followed.

        Redirects whose status is `declared` are answers like others.

        Raises:
            UnreachableError: No connection can be made.
            NoAnswerError: There is no whole answer.
        """
        urls: list[str] = []
        here = self.address.path + quote(target, safe=punctuation)
        while True:
            reply = self._send(method, here, headers, body)
            location = reply.header("Location")
            if reply.status not in _REDIRECTS or reply.status in declared or location is None:
                return Answered(reply, tuple(urls))
            url, refusal = self._follow(self._locate(here), location, urls)
            urls.append(url)
            refusal = refusal or ("" if method in SAFE_METHODS else f"{method} is sent once")
            if refusal:
                return Answered(reply, tuple(urls), refusal)
            here = quote(url.removeprefix(self._locate("")), safe=punctuation) or "/"

    def _locate(self, target: str) -> str:
        return f"{self.address.scheme}://{urlsplit(self.address.url).netloc}{target}"

    def _follow(self, here: str, location: str, visited: list[str]) -> tuple[str, str]:
        """Return where a redirect leads to, and why it is not followed; that is empty if it is."""
        try:
            url = urldefrag(urljoin(here, location)).url
            parts = urlsplit(url)
            origin = (parts.scheme, parts.hostname, parts.port or PORTS.get(parts.scheme))
        except ValueError:
            return location, "that is no URL"
        if origin != (self.address.scheme, self.address.host, self.address.port) or "@" in parts.netloc:
            return url, "that is another host"
        if url in (here, *visited):
            return url, "it was there before"
        number = len(visited) + 1
        url = f"{self._locate(parts.path)}?{parts.query}" if parts.query else self._locate(parts.path)
        return url, f"these are {number} in a row" if number > self.limits.redirects else ""

    def _send(self, method: str, target: str, headers: Headers, body: bytes) -> Reply:
        self._keep_rate()
        self.sent += 1
        connection = self._connect()
        deadline = self.timer() + self.limits.total_seconds
        try:
            sent = self._list_headers(headers, body)
            has_host = any(name.lower() == "host" for name, _ in sent)
            connection.putrequest(method, target, skip_host=has_host, skip_accept_encoding=True)
            for name, value in sent:
                connection.putheader(name, value)
            connection.endheaders(body or None)
            reply = self._read(PacedConnection(connection.sock, self._find_patience(deadline)), method)
        except TimeoutError:
            is_total = self.timer() >= deadline
            seconds = self.limits.total_seconds if is_total else self.limits.read_seconds
            finding = "is not whole after" if is_total else "does not go on for"
            self._count_late()
            raise NoAnswerError(f"{finding} {seconds:g} s", is_late=True) from None
        except IncompleteRead:
            raise NoAnswerError("ends too early, in the middle of a chunk") from None
        except (OSError, HTTPException) as error:
            raise NoAnswerError(f"cannot be read: {_describe(error)}") from None
        finally:
            connection.close()
        self._late = 0
        return reply

    def _count_late(self) -> None:
        self._late += 1
        if self._late >= self.limits.late:
            finding = f"{self.address.url} has let {self._late} requests in a row wait for too long."
            raise UnreachableError(f"{finding} Mend the provider, or check the URL.") from None

    def _keep_rate(self) -> None:
        if self.limits.rate:
            now = self.timer()
            self.sleep(max(0.0, self._next - now))
            self._next = max(now, self._next) + 1 / self.limits.rate

    def _list_headers(self, headers: Headers, body: bytes) -> Headers:
        """Return the headers of a request: its own, then those given that it does not replace."""
        own = {name.lower() for name, _ in headers}
        given = tuple(pair for pair in self.given.headers if pair[0].lower() not in own)
        size = (("Content-Length", str(len(body))),) if body else ()
        return (*headers, *given, *size, ("Accept-Encoding", "identity"), ("Connection", "close"))

    def _connect(self, number: int = 1) -> HTTPConnection:
        """Return a connection; try again if it cannot be made, as a provider that starts may refuse it."""
        connection = self._make_connection()
        try:
            connection.connect()
        except ssl.SSLCertVerificationError as error:
            finding = f"{self.address.url}: its certificate is not trusted: {error.verify_message.rstrip('.')}."
            raise UnreachableError(f"{finding} Name the certificates to trust with --cacert.") from None
        except (OSError, ValueError) as error:
            if number == _TRIES:
                finding = f"{self.address.url} cannot be reached: {_describe(error)}."
                raise UnreachableError(f"{finding} Start the provider, or write another URL.") from None
            self.sleep(_PAUSE_SECONDS * number)
            return self._connect(number + 1)
        return connection

    def _make_connection(self) -> HTTPConnection:
        host, port, seconds = self.address.host, self.address.port, self.limits.connect_seconds
        if self._context is None:
            return HTTPConnection(host, port, timeout=seconds)
        return HTTPSConnection(host, port, timeout=seconds, context=self._context)

    def _find_patience(self, deadline: float) -> Callable[[], float]:
        """Return what tells how many seconds the next read may take."""

        def find() -> float:
            rest = deadline - self.timer()
            if rest <= 0:
                raise TimeoutError
            return min(rest, self.limits.read_seconds)

        return find

    def _read(self, connection: PacedConnection, method: str) -> Reply:
        response = HTTPResponse(connection, method=method)  # type: ignore[arg-type]  # It only makes a file of it.
        try:
            response.begin()
            body = self._read_body(response)
        finally:
            response.close()
        headers = tuple((name, self.given.hide(value)) for name, value in response.getheaders())
        return Reply(response.status, headers, self._hide(body))

    def _read_body(self, response: HTTPResponse) -> bytes:
        pieces, size = [], 0
        while piece := response.read(_PIECE):
            pieces.append(piece)
            size += len(piece)
            if size > self.limits.bytes:
                raise NoAnswerError(f"is larger than {self.limits.bytes:,} bytes")
        if response.length:
            raise NoAnswerError(f"ends too early, after {size} of {count(size + response.length, 'byte')}")
        return b"".join(pieces)

    def _hide(self, body: bytes) -> bytes:
        for secret, shown in self.given.secrets:
            body = body.replace(secret.encode(), shown.encode())
        return body


def _make_context(authorities: Path | None) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=authorities)
    except (OSError, ValueError) as error:
        finding = f"'{authorities}' cannot be used: {_describe(error)}."
        raise SettingError("cacert", f"{finding} Name a file of certificates in PEM form.") from None


def _describe(error: Exception) -> str:
    """Return why something failed, in the words of the system if it has some."""
    reason = getattr(error, "strerror", None) or str(error) or type(error).__name__
    return "it took too long" if isinstance(error, TimeoutError) else str(reason).strip().rstrip(".")
