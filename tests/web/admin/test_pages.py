"""The stub's own pages beside the API: health, the contract, the page for people, and who is sent there."""

import json
import re
from base64 import b64encode
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import faker
import pytest
from flask.testing import FlaskClient

from mockserver.documents.yaml_text import parse_document, write_document
from mockserver.version import __version__
from mockserver.web.admin.guide import TITLE, describe_steering
from mockserver.web.admin.servers import add_description
from mockserver.web.app import create_app
from tests.support.files import Write
from tests.support.stubs import load_stub

SCRIPTS = Path(__file__).parents[3] / "mockserver" / "web" / "admin" / "scripts"
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
ROOT_CONTRACT = """\
    openapi: 3.1.0
    info: {title: Root, version: "1"}
    paths:
      /: {METHOD: {operationId: doRoot, responses: {"204": {description: Done.}}}}
    """


def read_yaml(text: str) -> Any:
    return parse_document(text, "").to_json()


def test_health_tells_what_is_served() -> None:
    response = create_app(source="fixtures", seed="x", on_breach="warn").test_client().get("/__mock/health")

    fixtures = load_stub().fixtures
    assert (response.status_code, response.content_type) == (200, "application/json")
    assert list(json.loads(response.data).items()) == [
        *(("ready", True), ("stale", None), ("version", __version__), ("faker", faker.VERSION)),
        *(("contract", "Q-Flow Customers"), ("roots", ["/API", ""])),
        *(("operations", 1), ("records", len(fixtures.records)), ("answers", len(fixtures.answers)), ("warnings", 0)),
        *(("source", "fixtures"), ("seed", "x"), ("locale", "en_US"), ("utc_offset", "+10:00"), ("on_breach", "warn")),
        *(("model_state", "contract"), ("missing", "empty"), ("error_detail", False), ("refuse_unacceptable", False)),
        *(("strict", False), ("host_headers", True)),
    ]


# The contract


@pytest.mark.parametrize(("form", "write"), [("json", json.dumps), ("yaml", write_document)])
def test_contract_keeps_its_order(client: FlaskClient, form: str, write: Callable[[Any], str]) -> None:
    response = client.get(f"/__mock/openapi.{form}")

    document: Any = add_description(load_stub().contract.document, TITLE, describe_steering("/__mock"))
    servers = [{**each, "url": f"http://localhost{each['url']}".rstrip("/")} for each in document["servers"]]
    text = json.dumps(json.loads(response.text)) if form == "json" else response.text
    expected = write({**document, "servers": servers})
    assert (response.status_code, response.content_type, text) == (200, f"application/{form}", expected)


@pytest.mark.parametrize("missing", ["empty", "message", "null"])
@pytest.mark.parametrize(
    ("settings", "environ", "urls"),
    [
        ({}, {"HTTP_HOST": "stub.test:8080"}, ["http://stub.test:8080/API", "http://stub.test:8080"]),
        ({"base_path": "/v1"}, {"wsgi.url_scheme": "https", "HTTP_HOST": "a.b"}, ["https://a.b/v1"]),
        ({"base_path": "/"}, {"HTTP_HOST": "[::1]:80"}, ["http://[::1]"]),
        ({"base_path": "/"}, {"HTTP_HOST": "a:80", "wsgi.url_scheme": "https"}, ["https://a:80"]),
        ({"base_path": "/"}, {"HTTP_HOST": "a:443", "wsgi.url_scheme": "https"}, ["https://a"]),
        ({"base_path": "/"}, {"HTTP_HOST": "", "SERVER_NAME": "b", "SERVER_PORT": "8080"}, ["http://b:8080"]),
        ({"base_path": "/v1"}, {"HTTP_HOST": "a", "SCRIPT_NAME": "/stub"}, ["http://a/stub/v1"]),
        # A Host that is not valid is not repeated.
        ({}, {"HTTP_HOST": '"><script>'}, ["/API", "/"]),
    ],
)
def test_servers_are_where_the_caller_reaches_the_stub(
    settings: dict[str, str], environ: dict[str, str], urls: list[str], missing: str
) -> None:
    app = create_app(missing=missing, **settings)  # type: ignore[arg-type]  # settings that are text

    responses = [
        app.test_client().get(f"/__mock/openapi.{each}", environ_overrides=environ) for each in ("json", "yaml")
    ]

    documents = [json.loads(responses[0].text), read_yaml(responses[1].text)]
    assert [server["url"] for server in documents[0]["servers"]] == urls
    assert documents[0] == documents[1]
    assert documents[0]["paths"] == app.extensions["mockserver"].served.stub.contract.document["paths"]


def test_contract_of_the_user_is_served(write: Write) -> None:
    text = load_stub().contract_path.read_text(encoding="utf-8").replace("title: Q-Flow Customers", "title: Ours")
    contract = write("ours.yaml", f"\ufeff{text}") / "ours.yaml"
    client = create_app(contract=contract).test_client()

    pages = [client.get(f"/__mock/{page}").text for page in ("openapi.yaml", "openapi.json", "health")]

    assert read_yaml(pages[0]) == json.loads(pages[1])
    assert [json.loads(pages[1])["info"]["title"], json.loads(pages[2])["contract"]] == ["Ours", "Ours"]


# Addresses and methods


def test_pages_move_with_the_prefix() -> None:
    client = create_app(prefix="/our/stub/").test_client()

    statuses = [client.get(f"{prefix}/health").status_code for prefix in ("/our/stub", "/__mock", "/API/our/stub")]

    assert statuses == [200, 404, 404]


@pytest.mark.parametrize("page", ["health", "openapi.yaml", "openapi.json", ""])
def test_pages_are_only_read(client: FlaskClient, page: str) -> None:
    posted, head = client.post(f"/__mock/{page}"), client.head(f"/__mock/{page}")

    message = f"/__mock/{page} has no POST. Use one of GET, HEAD, OPTIONS."
    assert (posted.status_code, posted.json) == (405, {"Message": message})
    assert posted.content_type == "application/json; charset=utf-8"
    assert posted.headers.getlist("Allow") == ["GET, HEAD, OPTIONS"]
    assert (head.status_code, head.data) == (200, b"")


def test_page_runs_nothing_but_its_own_scripts(client: FlaskClient) -> None:
    response = client.get("/__mock/")

    style = response.text.partition("<style>")[2].partition("</style>")[0]
    digest = b64encode(sha256(style.encode()).digest()).decode()
    closed = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    scripts = "script-src 'self'; connect-src 'self'; require-trusted-types-for 'script'; trusted-types 'none'"
    assert response.status_code == 200
    assert dict(response.headers) == {
        "Content-Type": "text/html; charset=utf-8",
        "Content-Length": str(len(response.data)),
        "Cache-Control": "no-cache",
        "Content-Security-Policy": f"{closed}; {scripts}; style-src 'sha256-{digest}'; img-src data:",
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
    }


# The scripts of the page


def test_every_script_finds_what_it_imports(client: FlaskClient) -> None:
    waiting, found = ["start.js"], {}
    while waiting:
        name = waiting.pop()
        response = client.get(f"/__mock/page/{name}")
        found[name] = (response.status_code, response.content_type)
        waiting += [each for each in re.findall(r'from "\./([^"]+)"', response.text) if each not in found]

    assert found == {each.name: (200, "text/javascript; charset=utf-8") for each in SCRIPTS.glob("*")}


def test_script_is_sent_once_until_it_changes(client: FlaskClient) -> None:
    first = client.get("/__mock/page/start.js")
    again = client.get("/__mock/page/start.js", headers={"If-None-Match": first.headers["ETag"]})

    assert (first.headers["Cache-Control"], first.headers["X-Content-Type-Options"]) == ("no-cache", "nosniff")
    assert (again.status_code, again.data) == (304, b"")


@pytest.mark.parametrize("name", ["none.js", "..%2Fpages.js", "start.mjs", "START.js", "start.js/"])
def test_other_files_are_no_scripts(client: FlaskClient, name: str) -> None:
    assert client.get(f"/__mock/page/{name}").status_code == 404


# Who is sent to the page


@pytest.mark.parametrize(
    ("environ", "location"),
    [
        ({"PATH_INFO": "/__mock", "HTTP_ACCEPT": "*/*"}, "/__mock/"),
        ({"HTTP_ACCEPT": BROWSER}, "/__mock/"),
        ({"QUERY_STRING": "x=1", "HTTP_ACCEPT": "text/html"}, "/__mock/"),
        ({"HTTP_ACCEPT": "application/json, TEXT/HTML;q=0.1"}, "/__mock/"),
        *(({"SCRIPT_NAME": "/stub", "PATH_INFO": path, "HTTP_ACCEPT": BROWSER}, "/stub/__mock/") for path in ("", "/")),
    ],
)
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_browser_is_sent_to_the_page(client: FlaskClient, method: str, environ: dict[str, str], location: str) -> None:
    response = client.open("/", method=method, environ_overrides=environ)

    assert (response.status, response.headers["Location"], response.data) == ("302 Found", location, b"")
    assert response.headers["Vary"] == "Accept"


@pytest.mark.parametrize(
    ("method", "target", "accept"),
    [
        *(("GET", "/", each) for each in ("", "*/*", "text/*", "application/json", "text/html;q=0, */*")),
        *((method, "/", BROWSER) for method in ("POST", "OPTIONS")),
        *(("GET", each, BROWSER) for each in ("//", "/nowhere", "/API", "/__mock//", "/__mock/x", "/__MOCK/health")),
    ],
)
def test_everybody_else_gets_the_404_of_the_framework(
    client: FlaskClient, method: str, target: str, accept: str
) -> None:
    environ = {"REQUEST_URI": target, "PATH_INFO": target, "HTTP_ACCEPT": accept}

    response = client.open("/", method=method, environ_overrides=environ)

    message = f"No HTTP resource was found that matches the request URI 'http://localhost{target}'."
    assert (response.status_code, json.loads(response.data)) == (404, {"Message": message})


@pytest.mark.parametrize(("method", "status"), [("get", 204), ("post", 405)])
def test_operation_at_the_root_answers_browsers_too(write: Write, method: str, status: int) -> None:
    folder = write("root.yaml", ROOT_CONTRACT.replace("METHOD", method))
    app = create_app(contract=folder / "root.yaml", fixtures=write("none/.keep", "") / "none")

    assert app.test_client().get("/", headers={"Accept": BROWSER}).status_code == status
