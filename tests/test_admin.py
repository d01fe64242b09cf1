"""The stub's own pages beside the API."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from mockserver import __version__
from mockserver.app import create_app
from mockserver.stub import load_stub

Write = Callable[[str, str], Path]


def test_health_tells_what_is_served() -> None:
    stub = load_stub()

    response = create_app(source="fixtures", seed="x", on_breach="warn").test_client().get("/__mock/health")

    assert (response.status_code, response.content_type) == (200, "application/json")
    assert list(json.loads(response.data).items()) == [
        ("ready", True),
        ("version", __version__),
        ("contract", "Q-Flow Customers"),
        ("operations", 1),
        ("records", len(stub.fixtures.records)),
        ("answers", len(stub.fixtures.answers)),
        ("source", "fixtures"),
        ("seed", "x"),
        ("on_breach", "warn"),
        ("model_state", "contract"),
        ("missing", "empty"),
    ]


def test_contract_is_given_byte_for_byte(client: FlaskClient) -> None:
    response = client.get("/__mock/openapi.yaml")

    assert (response.status_code, response.content_type) == (200, "application/yaml")
    assert response.data == load_stub().contract_path.read_bytes()


def test_contract_is_given_as_json_in_its_own_order(client: FlaskClient) -> None:
    response = client.get("/__mock/openapi.json")

    document = dict(load_stub().contract.document)
    assert (response.status_code, response.content_type) == (200, "application/json")
    assert json.dumps(json.loads(response.data)) == json.dumps(document)


def test_contract_of_the_user_is_given(write: Write) -> None:
    text = load_stub().contract_path.read_text(encoding="utf-8").replace("title: Q-Flow Customers", "title: Ours")
    contract = write("ours.yaml", text) / "ours.yaml"
    client = create_app(contract=contract).test_client()

    pages = [client.get(f"/__mock/{page}").data for page in ("openapi.yaml", "openapi.json", "health")]

    assert pages[0] == text.encode()
    assert [json.loads(page) for page in pages[1:]] == [
        json.loads(pages[1]) | {"info": json.loads(pages[1])["info"] | {"title": "Ours"}},
        json.loads(pages[2]) | {"contract": "Ours"},
    ]


def test_pages_move_with_the_prefix() -> None:
    client = create_app(prefix="/our/stub/").test_client()

    statuses = [client.get(f"{prefix}/health").status_code for prefix in ("/our/stub", "/__mock", "/API/our/stub")]

    assert statuses == [200, 404, 404]


@pytest.mark.parametrize("target", ["/__mock", "/__mock/", "/__mock/nothing", "/__mock/health/", "/__MOCK/health"])
def test_page_that_is_not_there_is_no_route_of_the_api(client: FlaskClient, target: str) -> None:
    response = client.get(target)

    message = f"No HTTP resource was found that matches the request URI 'http://localhost{target}'."
    assert (response.status_code, json.loads(response.data)) == (404, {"Message": message})


@pytest.mark.parametrize("page", ["health", "openapi.yaml", "openapi.json"])
def test_pages_are_only_read(client: FlaskClient, page: str) -> None:
    response = client.post(f"/__mock/{page}")

    body = b'{"Message":"The method is not allowed for the requested URL."}'
    assert (response.status_code, response.data) == (405, body)
    assert response.content_type == "application/json; charset=utf-8"
    assert {method.strip() for method in response.headers["Allow"].split(",")} == {"GET", "HEAD", "OPTIONS"}


def test_page_answers_head_without_content(client: FlaskClient) -> None:
    response = client.head("/__mock/health")

    assert (response.status_code, response.data) == (200, b"")
