"""A bare Flask app that sends the bytes it is given, on the server that the stub uses.

`python -m bench.bare PORT < JSON`, which has `status`, `headers` and `body`.
"""

from __future__ import annotations

import json
import sys

from flask import Flask, Response

from mockserver.server.serving import Server


def make_bare_app(status: int, headers: list[tuple[str, str]], body: str) -> Flask:
    """One route, one view, one answer."""
    app = Flask("bare")

    @app.get("/API/Customers/<id>")
    def get_customer(id: str) -> Response:  # noqa: A002, ARG001 - as the contract names it
        return Response(body, status=status, headers=headers)

    return app


if __name__ == "__main__":
    Server(make_bare_app(**json.load(sys.stdin)), port=int(sys.argv[1])).run()
