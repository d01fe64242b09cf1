"""The Host header: what RFC 9112 refuses in section 3.2."""

from __future__ import annotations

from collections.abc import Sequence

from mockserver.http.headers import HOST


def find_host_problem(lines: Sequence[str], version: str) -> str | None:
    """Return what is wrong with the Host lines of a request: none in HTTP/1.1, two, or a malformed one."""
    if not lines:
        return "Host is missing" if version == "1.1" else None
    if len(lines) > 1:
        return "Host is given twice"
    return None if HOST.fullmatch(lines[0]) else "Host is invalid"
