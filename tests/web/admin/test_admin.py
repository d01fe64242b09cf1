"""The stub's own pages beside the API."""

import json
from base64 import b64encode
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from mockserver.documents.yaml_text import parse_document, write_document
from mockserver.stub.loading import load_stub
from mockserver.version import __version__
from mockserver.web.admin.guide import TITLE, describe_steering
from mockserver.web.admin.servers import add_description
from mockserver.web.app import create_app

Write = Callable[[str, str], Path]


def read_yaml(text: str) -> Any:
    return parse_document(text, "").to_json()


def test_health_tells_what_is_served() -> None:
    stub = load_stub()

    response = create_app(source="fixtures", seed="x", on_breach="warn").test_client().get("/__mock/health")

    assert (response.status_code, response.content_type) == (200, "application/json")
    assert list(json.loads(response.data).items()) == [
        ("ready", True),
        ("stale", None),
        ("version", __version__),
        ("contract", "Q-Flow Customers"),
        ("operations", 1),
        ("records", len(stub.fixtures.records)),
        ("answers", len(stub.fixtures.answers)),
        ("warnings", 0),
        ("source", "fixtures"),
        ("seed", "x"),
        ("locale", "en_US"),
        ("utc_offset", "+10:00"),
        ("on_breach", "warn"),
        ("model_state", "contract"),
        ("missing", "empty"),
        ("error_detail", False),
        ("refuse_unacceptable", False),
        ("strict", False),
        ("host_headers", True),
    ]


SERVERS = """\
servers:
- url: http://localhost/API
  description: The virtual directory in which the vendor's application usually runs (ours).
- url: http://localhost
  description: The same operation at the root of the server (ours).
"""


@pytest.mark.parametrize(("form", "write"), [("json", json.dumps), ("yaml", write_document)])
def test_contract_is_given_in_its_own_order(client: FlaskClient, form: str, write: Callable[[Any], str]) -> None:
    response = client.get(f"/__mock/openapi.{form}")

    document = add_description(load_stub().contract.document, TITLE, describe_steering("/__mock"))
    document |= read_yaml(SERVERS)
    text = json.dumps(json.loads(response.text)) if form == "json" else response.text
    assert (response.status_code, response.content_type, text) == (200, f"application/{form}", write(document))


@pytest.mark.parametrize("missing", ["empty", "message", "null"])
@pytest.mark.parametrize(
    ("settings", "environ", "urls"),
    [
        ({}, {"HTTP_HOST": "stub.test:8080"}, ["http://stub.test:8080/API", "http://stub.test:8080"]),
        ({"base_path": "/v1"}, {"wsgi.url_scheme": "https", "HTTP_HOST": "a.b"}, ["https://a.b/v1"]),
        ({"base_path": "/"}, {"HTTP_HOST": "[::1]:80"}, ["http://[::1]"]),
        ({"base_path": "/v1"}, {"HTTP_HOST": "a", "SCRIPT_NAME": "/stub"}, ["http://a/stub/v1"]),
        # A host that can be none is not repeated.
        ({}, {"HTTP_HOST": '"><script>'}, ["/API", "/"]),
    ],
)
def test_servers_are_where_the_caller_reaches_the_stub(
    settings: dict[str, str], environ: dict[str, str], urls: list[str], missing: str
) -> None:
    app = create_app(missing=missing, **settings)  # type: ignore[arg-type]  # settings that are text
    client = app.test_client()

    pages = [client.get(f"/__mock/openapi.{form}", environ_overrides=environ).text for form in ("json", "yaml")]

    documents = [json.loads(pages[0]), read_yaml(pages[1])]
    assert [server["url"] for server in documents[0]["servers"]] == urls
    assert documents[0] == documents[1]
    assert documents[0]["paths"] == app.extensions["mockserver"].served.stub.contract.document["paths"]


def test_contract_of_the_user_is_given(write: Write) -> None:
    text = load_stub().contract_path.read_text(encoding="utf-8").replace("title: Q-Flow Customers", "title: Ours")
    contract = write("ours.yaml", f"\ufeff{text}") / "ours.yaml"
    client = create_app(contract=contract).test_client()

    pages = [client.get(f"/__mock/{page}").text for page in ("openapi.yaml", "openapi.json", "health")]

    assert read_yaml(pages[0]) == json.loads(pages[1])
    assert pages[0].startswith("openapi: 3.1.0\ninfo:\n  title: Ours\n")
    assert json.loads(pages[2])["contract"] == "Ours"


def test_pages_move_with_the_prefix() -> None:
    client = create_app(prefix="/our/stub/").test_client()

    statuses = [client.get(f"{prefix}/health").status_code for prefix in ("/our/stub", "/__mock", "/API/our/stub")]

    assert statuses == [200, 404, 404]


@pytest.mark.parametrize("target", ["/__mock//", "/__mock/nothing", "/__mock/health/", "/__MOCK/health"])
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


# The page, and who is sent there

ROOT_CONTRACT = """\
    openapi: 3.1.0
    info: {title: Root, version: "1"}
    paths:
      /: {METHOD: {operationId: doRoot, responses: {"204": {description: Done.}}}}
    """
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


def test_page_can_do_nothing_but_be_read(client: FlaskClient) -> None:
    response = client.get("/__mock/")

    style = response.text.partition("<style>")[2].partition("</style>")[0]
    digest = b64encode(sha256(style.encode()).digest()).decode()
    assert (response.status_code, response.content_type) == (200, "text/html; charset=utf-8")
    assert dict(response.headers) == {
        "Content-Type": "text/html; charset=utf-8",
        "Content-Length": str(len(response.data)),
        "Cache-Control": "no-cache",
        "Content-Security-Policy": (
            "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
            f"style-src 'sha256-{digest}'; img-src data:"
        ),
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
    }


@pytest.mark.parametrize(
    ("target", "accept", "location"),
    [
        ("/__mock", "*/*", "/__mock/"),
        ("/", BROWSER, "/__mock/"),
        ("/?x=1", "text/html", "/__mock/"),
        ("/", "application/json, TEXT/HTML;q=0.1", "/__mock/"),
    ],
)
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_browser_is_sent_to_the_page(client: FlaskClient, method: str, target: str, accept: str, location: str) -> None:
    response = client.open(target, method=method, headers={"Accept": accept})

    assert (response.status_code, response.headers["Location"], response.data) == (302, location, b"")
    assert response.headers["Vary"] == "Accept"


@pytest.mark.parametrize("path", ["", "/"])
def test_browser_is_sent_to_the_page_of_an_application_below_a_path(client: FlaskClient, path: str) -> None:
    environ = {"SCRIPT_NAME": "/stub", "PATH_INFO": path, "REQUEST_URI": f"/stub{path}"}

    response = client.get("/", headers={"Accept": BROWSER}, environ_overrides=environ)

    assert response.headers["Location"] == "/stub/__mock/"


@pytest.mark.parametrize(
    ("method", "target", "accept"),
    [
        ("GET", "/", None),
        ("GET", "/", "*/*"),
        ("GET", "/", "text/*"),
        ("GET", "/", "application/json"),
        ("GET", "/", "text/html;q=0, */*"),
        ("POST", "/", BROWSER),
        ("OPTIONS", "/", BROWSER),
        ("GET", "//", BROWSER),
        ("GET", "/nowhere", BROWSER),
        ("GET", "/API", BROWSER),
    ],
)
def test_every_other_client_gets_the_404_of_the_framework(
    client: FlaskClient, method: str, target: str, accept: str | None
) -> None:
    environ = {"REQUEST_URI": target, "PATH_INFO": target} | ({"HTTP_ACCEPT": accept} if accept else {})

    response = client.open("/", method=method, environ_overrides=environ)

    message = f"No HTTP resource was found that matches the request URI 'http://localhost{target}'."
    assert (response.status_code, json.loads(response.data)) == (404, {"Message": message})


@pytest.mark.parametrize(("method", "status"), [("get", 204), ("post", 405)])
def test_operation_at_the_root_answers_browsers_too(write: Write, method: str, status: int) -> None:
    folder = write("root.yaml", ROOT_CONTRACT.replace("METHOD", method))
    app = create_app(contract=folder / "root.yaml", fixtures=write("none/.keep", "") / "none")

    response = app.test_client().get("/", headers={"Accept": BROWSER})

    assert response.status_code == status


def test_methods_of_a_page_stand_in_their_order(client: FlaskClient) -> None:
    response = client.post("/__mock/openapi.json")

    assert (response.status_code, response.headers.getlist("Allow")) == (405, ["GET, HEAD, OPTIONS"])
