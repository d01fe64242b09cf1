"""The application as Flask: routes of the user's own, and requests that leave nothing behind."""

from __future__ import annotations

import gc

import pytest
from werkzeug.test import create_environ, run_wsgi_app

from mockserver import create_app


@pytest.mark.parametrize("path", ["/extra", "/API/Customers/extra", "/__mock/extra"])
def test_own_route_is_served(path: str) -> None:
    app = create_app()
    app.add_url_rule(path, view_func=lambda: "own")
    client = app.test_client()

    assert [client.get(each).status_code for each in (path, "/API/Customers/1", "/API/none")] == [200, 200, 404]
    assert client.get(path).text == "own"


def test_route_for_all_paths_takes_requests_of_the_api() -> None:
    app = create_app()
    app.add_url_rule("/<path:rest>", endpoint="all", view_func=lambda rest: rest)

    assert app.test_client().get("/API/Customers/1").text == "API/Customers/1"


@pytest.mark.parametrize("path", ["/API/Customers/1", "/API/none", "/nowhere"])
def test_request_leaves_no_garbage(path: str) -> None:
    app = create_app(cache=False)

    def ask() -> None:
        run_wsgi_app(app, create_environ(path))

    ask()
    gc.collect()
    for _ in range(10):
        ask()

    assert gc.collect() == 0
