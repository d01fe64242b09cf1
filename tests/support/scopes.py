"""What ASGI tells of a request, as granian does."""

from __future__ import annotations

from typing import Any


def make_scope(
    target: str = "/known", *headers: tuple[str, str], client: tuple[str, str] = ("192.0.2.1", "4000")
) -> dict[str, Any]:
    """Return the scope of a GET with a Host, and with other headers behind it."""
    path, _, query = target.encode().partition(b"?")
    return {
        "method": "GET",
        "raw_path": path,
        "query_string": query,
        "http_version": "1.1",
        "scheme": "http",
        "server": ("192.0.2.9", "80"),
        "client": client,
        "headers": [(b"host", b"x"), *((name.encode(), value.encode()) for name, value in headers)],
    }
