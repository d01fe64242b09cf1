"""Lines of curl that send a request again, for a POSIX shell."""

from __future__ import annotations

import re
import shlex
from typing import Final

from mockserver.http.messages import Request
from mockserver.http.redaction import Redactor

_READ_BY_CURL: Final = re.compile(r"[\[\]{}]")
"""Characters of a URL that curl takes for a pattern."""

_RESOLVED: Final = re.compile(r"/\.\.?(?:[/?]|$)")
"""Segments of a path that curl resolves itself."""


def write_curl(root: str, request: Request, redactor: Redactor) -> str:
    """Return the line that sends a request, whose target is below the root, and shows its answer; without secrets."""
    method, url, body = request.method, root + redactor.redact_target(request.target), request.body
    headers = redactor.redact_headers(request.headers)
    words = ["curl", "-i"]
    words += ["-g"] if _READ_BY_CURL.search(url) else []
    words += ["--path-as-is"] if _RESOLVED.search(url) else []
    if method == "HEAD":
        words.append("--head")
    elif method != "GET" or body:
        words += ["-X", _quote(method)]
    words.append(_quote(url))
    for name, value in ((name.title(), value) for name, value in headers):
        words += ["-H", _quote(f"{name}: {value}" if value else f"{name};")]
    words += ["--data-raw", _quote(body.decode(errors="surrogateescape"))] if body else []
    return " ".join(words)


def _quote(text: str) -> str:
    """Return text as one word; what is not printable is escaped as bash, zsh and newer POSIX shells read it."""
    return shlex.quote(text) if text.isprintable() else f"$'{''.join(map(_escape, text))}'"


def _escape(character: str) -> str:
    if character in "\\'":
        return f"\\{character}"
    if character.isprintable():
        return character
    return "".join(f"\\{byte:03o}" for byte in character.encode(errors="surrogateescape"))
