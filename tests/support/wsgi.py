"""WSGI environments, as a server makes them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment


def make_environ(**changed: str | None) -> WSGIEnvironment:
    """Return the environment of a GET on a local server, with keys changed, or removed by None.

    `url_scheme` stands for `wsgi.url_scheme`.
    """
    environ: dict[str, str | None] = {
        "REQUEST_METHOD": "GET",
        "wsgi.url_scheme": changed.pop("url_scheme", None) or "http",
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "8080",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_HOST": "localhost:8080",
        "SCRIPT_NAME": "",
        **changed,
    }
    return {key: value for key, value in environ.items() if value is not None}
