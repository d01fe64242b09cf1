"""The answer to one request, by the application or by the server itself: waitress' tasks."""

from __future__ import annotations

from functools import lru_cache
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final

from waitress.task import ErrorTask, Task, WSGITask
from waitress.utilities import build_http_date

from mockserver.http.effects import CUT_KEY, WAIT_KEY, Cut, Wait
from mockserver.http.headers import Headers
from mockserver.http.messages import HEADER_FIELDS, HEADER_LINES

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

    from mockserver.server.kept_heads import KeptHead

_KNOWN: Final = 512
"""How many different heads of answers are kept; with their Date they are equal for a second."""

_OF_CONNECTION: Final = frozenset(
    {CUT_KEY, WAIT_KEY, "REMOTE_ADDR", "REMOTE_HOST", "REMOTE_PORT", "waitress.client_disconnected", "wsgi.input"}
)
"""The keys of what differs between equal requests over two connections."""


class _Sending(Task):
    """Writes the head, and tells the channel how long the answer is, so that a cut can send half of it."""

    channel: Any
    request: Any
    response_headers: Any

    def write(self, data: bytes) -> None:
        """Write bytes of the body, the head before them; if they are the whole body, with the head in one piece."""
        is_whole = self.complete and not self.wrote_header and self.content_length == len(data) > 0 and self.has_body
        if not is_whole:
            super().write(data)
            return
        head = self.build_response_header()
        self.wrote_header = True
        self.content_bytes_written = len(data)
        self.channel.write_soon(head + data)

    def build_response_header(self) -> bytes:
        """Return the head in the order of waitress, with the names of headers as they were written.

        Waitress writes them anew, and takes whoever sends `Server` for another server, which it adds to `Via`.
        """
        has_body = self.has_body
        if not has_body:
            self.response_headers = [each for each in self.response_headers if each[0].lower() != "content-length"]
        given = _fold_names(tuple(self.response_headers))
        is_sized = "content-length" in given
        if not is_sized and has_body and self.content_length is not None:
            self.response_headers.append(("Content-Length", str(self.content_length)))
            is_sized = True
        self._choose_end(is_sized=is_sized, has_body=has_body)
        if "date" not in given:
            self.response_headers.append(("Date", _write_date(int(self.start_time))))
        head = _write_head(f"HTTP/{self.version} {self.status}", tuple(self.response_headers))
        self.channel.expect(len(head), self.content_length or 0)
        return head

    def _choose_end(self, *, is_sized: bool, has_body: bool) -> None:
        """Choose how the client sees the end of the answer, and whether the connection stays open (RFC 9112, 9.3)."""
        asked = self.request.headers.get("CONNECTION", "").lower()
        if self.version == "1.1":
            if has_body and not is_sized:
                self.response_headers.append(("Transfer-Encoding", "chunked"))
                self.chunked_response = True
            stays = asked != "close" and (is_sized or self.close_on_finish)
        else:
            stays = asked == "keep-alive" and is_sized
            if stays:
                self.response_headers.append(("Connection", "Keep-Alive"))
        if not stays:
            self.set_close_on_finish()


def leave_connection(environ: WSGIEnvironment) -> WSGIEnvironment:
    """Return an environment without what it has of its connection."""
    return {key: value for key, value in environ.items() if key not in _OF_CONNECTION}


@lru_cache(maxsize=_KNOWN)
def _fold_names(headers: Headers) -> frozenset[str]:
    """Return the names of headers in small letters."""
    return frozenset(name.lower() for name, _ in headers)


@lru_cache(maxsize=_KNOWN)
def _write_head(first_line: str, headers: Headers) -> bytes:
    lines = (first_line, *(f"{name}: {value}" for name, value in sorted(headers, key=_find_rank)), "", "")
    return "\r\n".join(lines).encode("latin-1")


def _find_rank(header: tuple[str, str]) -> str:
    """Return what headers are ordered by; lines of one name keep their order."""
    return _capitalize(header[0])


@lru_cache(maxsize=512)
def _capitalize(name: str) -> str:
    return "-".join(part.capitalize() for part in name.split("-"))


@lru_cache(maxsize=2)
def _write_date(seconds: int) -> str:
    """Return the Date header of all answers within a second."""
    return str(build_http_date(seconds))


class Answering(_Sending, WSGITask):
    """Lets the application answer."""

    def get_environment(self) -> WSGIEnvironment:
        """Return the WSGI environment, the lines of repeated headers, and ways to wait and to cut the connection."""
        environ: WSGIEnvironment = self.request.environ or self._make_environment()
        cut: Cut = self._cut
        environ[CUT_KEY] = cut
        return environ

    def _make_environment(self) -> WSGIEnvironment:
        kept: KeptHead | None = self.request.kept
        environ = self.request.environ = self._read_environment() if kept is None else self._renew(kept.environ)
        wait: Wait = self.channel.wait
        environ[WAIT_KEY] = wait
        return environ

    def _renew(self, kept: WSGIEnvironment) -> WSGIEnvironment:
        """Return the environment of a request over another connection, which is otherwise equal and has no body."""
        address, port = self.channel.addr[:2]
        return {
            **kept,
            "REMOTE_ADDR": address,
            "REMOTE_HOST": address,
            "REMOTE_PORT": str(port),
            "wsgi.input": BytesIO(),
            "waitress.client_disconnected": self.channel.check_client_disconnected,
        }

    def _read_environment(self) -> WSGIEnvironment:
        environ: WSGIEnvironment = super().get_environment()
        if self.request.command != "HEAD":  # In any case HEAD stays HEAD, by which Flask leaves out the body.
            environ["REQUEST_METHOD"] = self.request.method
        if not self.request.headers.get("HOST"):
            environ["SERVER_NAME"] = self.channel.address
        environ[HEADER_LINES] = self.request.header_lines
        environ[HEADER_FIELDS] = self.request.fields
        # Waitress sends a file that is wrapped with this as a whole, so that no half could be cut off.
        environ.pop("wsgi.file_wrapper", None)
        return environ

    def _cut(self, fault: str) -> None:
        self.channel.cut(fault)
        # Not by waitress' method, which adds `Connection: close`: the head is to be the same as without the cut.
        self.close_on_finish = True


class Refusing(_Sending, ErrorTask):
    """Answers a request that the application does not see with JSON, and closes the connection."""

    def execute(self) -> None:
        """Send the error."""
        reply = self.channel.refuser.refuse(self.request, self.channel.addr[0], self.start_time)
        reason = self.request.error.reason if reply.status == self.request.error.code else "No Content"
        self.status = f"{reply.status} {reason}"
        self.response_headers += reply.headers
        self.request.headers = {}  # Waitress would also answer the `Connection: keep-alive` of an HTTP/1.0 client.
        self.set_close_on_finish()
        self.content_length = len(reply.body)
        self.channel.will_linger = True
        self.write(reply.body)
