"""Heads: all headers of a request, as the journal has them. A head that was read before is not read again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from mockserver.http.headers import Headers
from mockserver.http.hints import SESSION, is_own
from mockserver.http.messages import HEADER_FIELDS
from mockserver.http.redaction import Redactor
from mockserver.web.environ import is_header, read_all_headers

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

_KNOWN: Final = 512
"""How many different heads are remembered."""

_LONGEST_KNOWN: Final = 4096
"""The most characters of a head that is remembered."""

_BODILY: Final = frozenset({"expect", "transfer-encoding"})
"""Headers that only requests with a body have."""


class Head(NamedTuple):
    """The headers of a request.

    Attributes:
        headers: The headers in their order, without secrets.
        size: How many characters they have.
        is_plain: Whether the values in the WSGI environment say all of them: the request has a Host and no body, no
            name is given twice or has an underscore, and none looks like an unknown one of the stub's own.
        has_secret: Whether a secret was replaced in them.
    """

    headers: Headers
    size: int
    is_plain: bool
    has_secret: bool


class Heads:
    """The last heads. Threads may share it.

    A head is known again by its bytes, or by the digest of these if they have a secret: no secret is held.
    """

    def __init__(self, redactor: Redactor) -> None:
        self._redactor = redactor
        self._known: dict[object, Head] = {}

    def read(self, environ: WSGIEnvironment) -> Head:
        """Return the head of a request."""
        fields = environ.get(HEADER_FIELDS)
        identity = tuple(pair for pair in environ.items() if is_header(pair[0])) if fields is None else fields
        return self._known.get(identity) or self._read(environ, identity)

    def _read(self, environ: WSGIEnvironment, identity: object) -> Head:
        text = identity.decode("latin-1") if isinstance(identity, bytes) else repr(identity)
        digest = self._redactor.digest(text)
        head = self._known.get(digest)
        if head is None:
            headers = read_all_headers(environ)
            redacted = self._redactor.redact_headers(headers)
            size = sum(len(name) + len(value) for name, value in redacted)
            head = Head(redacted, size, _is_plain(headers), redacted is not headers)
            if len(text) <= _LONGEST_KNOWN:
                if len(self._known) >= _KNOWN:
                    self._known.clear()
                self._known[digest if head.has_secret else identity] = head
        return head


def _is_plain(headers: Headers) -> bool:
    names = {name.lower(): value for name, value in headers}
    is_odd = any("_" in name or (is_own(name) and name != SESSION) for name in names)
    is_bodily = not _BODILY.isdisjoint(names) or names.get("content-length", "0") != "0"
    return bool(names.get("host")) and len(names) == len(headers) and not is_odd and not is_bodily
