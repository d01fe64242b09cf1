"""The stub as a test sees it: how a running one is found, and the URL of its session."""

from __future__ import annotations

import pytest
from flask import Flask

from mockserver.testing.mock_api import MockApi, find_stub
from mockserver.testing.transports import StubError
from mockserver.web.app import create_app
from tests.support.serving import running


def test_session_of_a_running_stub_has_a_url() -> None:
    with running(create_app(prefix="/own", base_path="/ä")) as server:
        api = MockApi(find_stub(f"{server.url}/own/"), "a")

    assert api.url == f"{server.url}/own/s/a/%C3%A4"


def test_other_health_check_is_no_stub() -> None:
    app = Flask(__name__)
    app.add_url_rule("/__mock/health", "health", lambda: {"status": "up"})

    with running(app) as server, pytest.raises(StubError) as caught:
        find_stub(server.url)

    assert str(caught.value) == f"'{server.url}' is no stub. Write the URL that the stub has printed."
