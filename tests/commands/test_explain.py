"""`mockserver explain`: of a stub with these settings or of a running one, as a tree or as JSON."""

from __future__ import annotations

import json

import pytest

from mockserver.web.app import create_app
from tests.support.files import Write
from tests.support.process import invoke
from tests.support.serving import running


def run(*arguments: str) -> tuple[int, str, str]:
    return invoke("explain", *arguments)


def test_request_is_explained_as_a_tree(write: Write) -> None:
    when = "when: {id: '1', headers: {X-Tenant: acme}}"
    fixtures = write("f.yaml", f"answers: [{{name: locked, operation: getCustomer, {when}, reply: {{status: 423}}}}]")

    outputs = [
        run("GET /Customers/1", "-H", f"X-Tenant: {each}", "--fixtures", str(fixtures)) for each in ("acme", "b")
    ]

    assert [(code, errors) for code, _, errors in outputs] == [(0, "")] * 2
    assert outputs[0][1].splitlines()[-1] == "reply        423"
    assert "header X-Tenant is 'b', wanted 'acme'" in outputs[1][1]


@pytest.mark.parametrize("request_line", ["/Customers/1?__code=404", " GET  /Customers/1?__code=404 "])
def test_method_may_be_left_out(request_line: str) -> None:
    code, output, _ = run(request_line, "--json", "--admin-token", "t0ken", "--prefix", "/stub")

    assert (code, json.loads(output)["status"]) == (0, 404)


def test_running_stub_is_asked() -> None:
    with running(create_app(admin_token="t0ken", prefix="/stub")) as server:
        asked = ("/Customers/1", "--url", server.url, "--prefix", "/stub", "--session", "A")
        refused, shown = run(*asked), run(*asked, "--admin-token", "t0ken")

    assert (refused[0], shown[0]) == (2, 0)
    assert shown[1].startswith("request      GET /Customers/1 in session A\n")


@pytest.mark.parametrize(
    ("arguments", "finding"),
    [
        (["nowhere"], "target is 'nowhere'. Write a path with its query: /things/42?colour=blue."),
        (["GET /a", "-H", "X"], "header is 'X'. Write its name and value: X-Tenant: acme."),
        (["GET /a", "--url", "x"], "'x' is no URL of a stub. Write one such as http://localhost:8080."),
    ],
)
def test_wrong_question_is_told(arguments: list[str], finding: str) -> None:
    assert run(*arguments) == (2, "", f"{finding}\n")
