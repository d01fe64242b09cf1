"""`mockserver mcp`: the tools that agents get, in memory and over standard input and output."""

from __future__ import annotations

import json
import sys
from collections.abc import Awaitable, Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any, Final

import pytest

from mockserver.generation.edges import EDGES
from mockserver.testing.management import Management
from mockserver.testing.transports import HttpTransport
from mockserver.web.app import create_app
from tests.support.files import Write
from tests.support.process import COMMAND, ENVIRONMENT, invoke
from tests.support.serving import running

anyio = pytest.importorskip("anyio")
sdk = pytest.importorskip("mcp", reason="the MCP SDK is not installed")
stdio = pytest.importorskip("mcp.client.stdio", reason="the MCP SDK is not installed")

from mockserver.commands.agent_tools import make_server  # noqa: E402 - it needs the SDK

pytestmark = pytest.mark.usefixtures("handlers_of_before")

Call = Callable[..., Mapping[str, Any]]

TOOLS: Final = {
    "list_operations": [],
    "read_contract": [],
    "list_answers": [],
    "list_records": [],
    "ask": ["target"],
    "explain": ["target"],
    "add_answer": ["answer"],
    "remove_answer": ["name"],
    "add_records": ["schema", "records"],
    "remove_record": ["key"],
    "reset": [],
    "list_requests": [],
    "verify": ["expected"],
}
"""The arguments that each tool requires."""

GONE: Final = {"name": "gone", "operation": "getCustomer", "when": {"id": "1"}, "reply": {"status": 410}}


def use(server: object, deed: Callable[[Any], Awaitable[Any]]) -> Any:
    """Do something with a client of the SDK."""

    async def connect() -> object:
        async with sdk.Client(server) as client:
            return await deed(client)

    return anyio.run(connect)


def read(result: Any) -> Any:
    """The value that a tool returned, or the text of its error."""
    text = result.content[0].text
    return text if result.is_error else json.loads(text)


def call_tool(management: Management, tool: str, **arguments: object) -> Any:
    """Call a tool in memory."""
    return read(use(make_server(management), lambda client: client.call_tool(tool, arguments)))


@pytest.fixture
def call() -> Iterator[Call]:
    """Call a tool of a stub that runs."""
    with running(create_app()) as stub:
        yield partial(call_tool, Management(HttpTransport(stub.url)))


# The tools


def test_every_tool_is_described() -> None:
    tools = use(make_server(Management(HttpTransport("http://127.0.0.1:1"))), lambda client: client.list_tools()).tools

    assert {each.name: each.input_schema.get("required", []) for each in tools} == TOOLS
    described = [rule for each in tools for rule in each.input_schema["properties"].values()]
    assert all(each.description.strip().endswith(".") for each in tools)
    assert [rule for rule in described if not rule.get("description")] == []


def test_operations_are_listed_with_edge_cases(call: Call) -> None:
    listed = call("list_operations")

    operation = listed["operations"][0]
    assert (listed["title"], len(listed["operations"])) == ("Q-Flow Customers", 1)
    assert (operation["operation"], operation["paths"]) == ("getCustomer", ["/API/Customers/{id}", "/Customers/{id}"])
    assert operation["parameters"][1] == {
        "name": "idType", "in": "query", "type": "integer int32", "required": False, "default": 0,
    }  # fmt: skip
    assert (operation["statuses"], operation["schema"]) == ([200, 400, 404, 405, 500], "Customer")
    assert operation["examples"]["missing"] == {"id": "not-found"}
    assert operation["edges"] == {name: each.about for name, each in EDGES.items()}


def test_operation_without_a_body_has_no_edge_cases(write: Write) -> None:
    paths = "paths: {/: {get: {operationId: a, responses: {'204': {description: D}}}}}"
    folder = write("c.yaml", f"openapi: 3.1.0\ninfo: {{title: T, version: '1'}}\n{paths}")

    with running(create_app(contract=folder / "c.yaml", fixtures=write("none/.keep", "") / "none")) as stub:
        listed = call_tool(Management(HttpTransport(stub.url)), "list_operations")

    assert (listed["operations"][0]["schema"], listed["operations"][0]["edges"]) == (None, {})


def test_contract_is_bare(call: Call) -> None:
    contract = call("read_contract")

    assert "getCustomer" in json.dumps(contract)
    assert "X-Mock" not in json.dumps(contract)


def test_request_is_answered_and_explained(call: Call) -> None:
    reply = call("ask", target="/API/Customers/undefined?idType=1", headers={"accept": "text/json"})
    explained = call("explain", target="/API/Customers/undefined", headers={"X-Tenant": "acme"})

    assert (reply["status"], reply["body"], reply["source"]) == (404, "", "no record")
    assert "undefined" in reply["hints"]
    assert ["X-Mock-Source", "no record"] in reply["headers"]
    assert explained["status"] == 404


def test_body_is_sent_and_shown_as_text(call: Call) -> None:
    reply = call("ask", target="/API/Customers/1", method="POST", body="{}", headers={"Accept-Charset": "utf-16"})

    sent = call("list_requests")["requests"][0]
    assert reply["body"].startswith('{"Message":"The requested resource does not support http method')
    assert (sent["method"], sent["body"]) == ("POST", "{}")
    assert ["Content-Type", "application/json"] in sent["headers"]


def test_body_that_is_no_text_is_shown_in_base64(write: Write) -> None:
    folder = write(
        "a.yaml",
        "answers: [{name: a, operation: getCustomer, unchecked: true, reply: {status: 200, body_file: a.png}}]",
    )
    (folder / "a.png").write_bytes(b"\x89")

    with running(create_app(fixtures=folder)) as stub:
        reply = call_tool(Management(HttpTransport(stub.url)), "ask", target="/API/Customers/1")

    assert (reply["status"], reply["body_base64"]) == (200, "iQ==")


def test_answers_are_added_and_removed(call: Call) -> None:
    added = call("add_answer", answer=GONE)
    statuses = [call("ask", target="/API/Customers/1")["status"]]
    listed = call("list_answers")["answers"]
    removed = call("remove_answer", name="gone")
    statuses.append(call("ask", target="/API/Customers/1")["status"])

    assert (added, removed, statuses) == ({"added": ["gone"]}, {"removed": "gone"}, [410, 200])
    assert [each["name"] for each in listed][:2] == ["gone", "not-found"]


def test_records_are_added_and_removed(call: Call) -> None:
    added = call("add_records", schema="Customer", records=[{"PersonalId": "a b", "FirstName": "Zed"}])["added"]
    listed = call("list_records", limit=2)
    sources = [call("ask", target="/API/Customers/a b")["source"]]
    removed = call("remove_record", key="a b")
    sources.append(call("ask", target="/API/Customers/a b")["source"])

    assert (listed["records"][0], listed["total"], len(listed["records"])) == (added[0], 18, 2)
    assert (removed, sources) == ({"removed": "a b"}, ["record a b run-time", "generated"])


def test_requests_are_listed_and_verified(call: Call) -> None:
    for number in (1, 2, 3):
        call("ask", target=f"/API/Customers/{number}")

    listed = call("list_requests", limit=2)["requests"]
    found = call("list_requests", filters={"argument.id": "1"})["requests"]
    verdicts = [call("verify", expected={"operation": "getCustomer", "exactly": number}) for number in (3, 4)]

    assert [each["target"][-1] for each in (*listed, *found)] == ["2", "3", "1"]
    assert [each["verified"] for each in verdicts] == [True, False]


def test_reset_takes_everything_back(call: Call) -> None:
    call("add_answer", answer=GONE)

    assert call("reset") == {"reset": True}
    assert [each["name"] for each in call("list_answers")["answers"]] == ["not-found", "server-error"]


@pytest.mark.parametrize(
    ("tool", "arguments", "finding"),
    [
        ("add_answer", {"answer": {**GONE, "operation": "getCustomr"}}, "did you mean 'getCustomer'?"),
        ("remove_answer", {"name": "a/b"}, "No answer 'a/b' was added."),
        ("remove_record", {"key": "x"}, "No record 'x' was added."),
        ("explain", {"target": "nowhere"}, "target is 'nowhere'. Write a path"),
        ("list_requests", {"filters": {"colour": "blue"}}, "There is no filter 'colour'."),
        ("verify", {"expected": {"operation": "x"}}, "The contract has no operation 'x'"),
        ("ask", {"target": "/", "headers": {"X": "a\nb"}}, "The request cannot be sent: "),
        ("ask", {}, "Field required"),
    ],
)
def test_error_of_the_stub_is_the_error_of_the_tool(
    call: Call, tool: str, arguments: dict[str, object], finding: str
) -> None:
    assert finding in call(tool, **arguments)


# The command


def test_stub_is_started_and_talks_the_protocol_alone(tmp_path: Path, write: Write) -> None:
    fixtures = write("a.yaml", "answers: [{name: gone, operation: getCustomer, reply: {status: 410}}]")
    arguments = [*COMMAND[1:], "mcp", "--fixtures", str(fixtures), "--admin-token", "t0ken", "--prefix", "/stub"]
    parameters = sdk.StdioServerParameters(command=COMMAND[0], args=arguments, env=ENVIRONMENT, cwd=tmp_path)

    async def ask(client: Any) -> Any:
        return await client.call_tool("ask", {"target": "/Customers/1"}), await client.call_tool("list_answers", {})

    reply, answers = map(read, use(stdio.stdio_client(parameters), ask))

    assert (reply["status"], [each["name"] for each in answers["answers"]]) == (410, ["gone"])


def test_running_stub_is_offered_in_a_session(tmp_path: Path) -> None:
    with running(create_app(admin_token="t0ken")) as stub:
        arguments = [*COMMAND[1:], "mcp", "--url", stub.url, "--session", "A", "--admin-token", "t0ken"]
        parameters = sdk.StdioServerParameters(command=COMMAND[0], args=arguments, env=ENVIRONMENT, cwd=tmp_path)

        added = read(
            use(stdio.stdio_client(parameters), lambda client: client.call_tool("add_answer", {"answer": GONE}))
        )
        statuses = [
            Management(HttpTransport(stub.url), session=each).send("GET", "/Customers/1").status for each in ("A", "B")
        ]

    assert (added, statuses) == ({"added": ["gone"]}, [410, 200])


def test_stub_ends_with_its_input(write: Write) -> None:
    fixtures = write("bad.yaml", "schema: Customer\nrecords: [{PersonalId: a, Sex: 3}]")

    code, output, errors = invoke("mcp", "--fixtures", str(fixtures), "--on-breach", "warn")

    finding = f"WARNING: {fixtures}/bad.yaml:2:32: Sex is 3, the contract allows 0 to 2."
    assert (code, output, errors.startswith(finding)) == (0, "", True), errors
    assert invoke("mcp", "--url", "http://127.0.0.1:1") == (0, "", "")


@pytest.mark.parametrize(
    ("arguments", "finding"),
    [
        (["--url", "x"], "'x' is no URL of a stub. Write one such as http://localhost:8080."),
        (["--source", "fixture"], "--source: 'fixture' is not one of auto, fixtures, generated"),
    ],
)
def test_wrong_setting_is_told(arguments: list[str], finding: str) -> None:
    code, output, errors = invoke("mcp", *arguments)

    assert (code, output) == (2, "")
    assert errors.startswith(finding)


def test_missing_sdk_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "mockserver.commands.agent_tools", None)

    code, output, errors = invoke("mcp")

    assert (code, output) == (2, "")
    assert errors.startswith("The MCP SDK is missing: ")
    assert errors.endswith(". Install mockserver with its extra: mockserver[mcp].\n")
