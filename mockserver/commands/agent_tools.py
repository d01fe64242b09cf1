"""The tools that `mockserver mcp` offers to agents, each over addresses of one stub."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Annotated, Any, Final
from urllib.parse import quote, urlencode

from mcp.server.mcpserver import MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp.types import ToolAnnotations
from pydantic import Field

from mockserver.contract.contract import Contract, Operation
from mockserver.contract.openapi import read_contract
from mockserver.documents.json_nodes import parse_json
from mockserver.documents.problems import StartError
from mockserver.generation.edges import EDGES, list_edges
from mockserver.http.bodies import read_text
from mockserver.testing.management import Management
from mockserver.testing.transports import Answered
from mockserver.version import __version__

_Object = dict[str, Any]

_INSTRUCTIONS: Final = """\
A stub of an HTTP API. It answers each request with a written answer, a record of a fixture, or a generated record. \
Start with list_operations, then ask. To see an error, an odd record or a slow reply, send the header Prefer, or add \
an answer. explain tells why a request gets its reply. list_requests and verify tell what clients have asked."""

_READS: Final = ToolAnnotations(read_only_hint=True)
_ADDS: Final = ToolAnnotations(destructive_hint=False)
_REMOVES: Final = ToolAnnotations(destructive_hint=True)

_Method = Annotated[str, Field(description="The HTTP method.")]
_Target = Annotated[str, Field(description="Path and query, with the root of the API: /API/things/42?colour=blue.")]
_Headers = Annotated[dict[str, str] | None, Field(description="Request headers by name.")]


def make_server(management: Management) -> MCPServer:
    """Return the server of the protocol, with a tool for each deed that the stub can do."""
    tools = _Tools(management)
    server: MCPServer = MCPServer("mockserver", version=__version__, instructions=_INSTRUCTIONS, log_level="ERROR")
    rows: tuple[tuple[Callable[..., _Object], ToolAnnotations], ...] = (
        (tools.list_operations, _READS),
        (tools.read_contract, _READS),
        (tools.list_answers, _READS),
        (tools.list_records, _READS),
        (tools.ask, _ADDS),
        (tools.explain, _READS),
        (tools.add_answer, _ADDS),
        (tools.remove_answer, _REMOVES),
        (tools.add_records, _ADDS),
        (tools.remove_record, _REMOVES),
        (tools.reset, _REMOVES),
        (tools.list_requests, _READS),
        (tools.verify, _READS),
    )
    for tool, hints in rows:
        server.add_tool(_tell_errors(tool), annotations=hints)
    return server


def _tell_errors(tool: Callable[..., _Object]) -> Callable[..., _Object]:
    """Return the tool, whose errors reach the agent with their text."""

    @wraps(tool)
    def told(**given: object) -> _Object:
        try:
            return tool(**given)
        except StartError as error:
            raise ToolError(str(error)) from None

    return told


class _Tools:
    """A method for each tool; its docstring and its annotations are what an agent reads."""

    def __init__(self, management: Management) -> None:
        self._management = management

    def list_operations(self) -> _Object:
        """List the operations of the API: method, paths, parameters, statuses, named examples, and the edge cases.

        An edge case is an odd but valid record; the request header `Prefer: edge=NAME` asks for it. `Prefer: code=404`
        asks for a status, `Prefer: delay=1.5` for a slow reply, `Prefer: seed=7` for another generated record.
        """
        contract = read_contract(parse_json(self._management.get("openapi.json"), "openapi.json"))
        operations = [_show_operation(each, contract) for each in contract.operations]
        return {"title": contract.title, "url": self._management.url, "operations": operations}

    def read_contract(self) -> _Object:
        """Return the OpenAPI document of the API, without what is the stub's own."""
        return self._management.ask("GET", "openapi.json?bare")

    def list_answers(self) -> _Object:
        """List the answers that are in force: those that were added, then those of fixture files."""
        return self._management.ask("GET", "answers")

    def list_records(self, limit: Annotated[int, Field(description="The most records to list.", ge=1)] = 50) -> _Object:
        """List the records that were added, then those of fixture files, with targets that ask for each."""
        records = self._management.ask("GET", "records?all")["records"]
        return {"records": records[:limit], "total": len(records)}

    def ask(
        self,
        target: _Target,
        method: _Method = "GET",
        headers: _Headers = None,
        body: Annotated[str, Field(description="The request body; JSON, unless headers say else.")] = "",
    ) -> _Object:
        """Send a request to the API, and return status, headers and body of the reply, its source, and hints.

        The source says where the reply came from, such as `record fixtures/things.yaml:7` or `generated`. Hints say
        what looks like a mistake in the request. The request is counted, and the journal has it.
        """
        typed = {"Content-Type": "application/json"} if body else {}
        named = {name.title(): text for name, text in (headers or {}).items()}
        return _show_reply(self._management.send(method, target, {**typed, **named}, body.encode()))

    def explain(self, target: _Target, method: _Method = "GET", headers: _Headers = None) -> _Object:
        """Explain step by step why a request would get its reply. The request is not counted."""
        named = [("header", f"{name}: {text}") for name, text in (headers or {}).items()]
        return self._management.ask("GET", f"explain?{urlencode([('method', method), ('target', target), *named])}")

    def add_answer(
        self,
        answer: Annotated[
            _Object,
            Field(
                description='{"name": "down", "operation": OPERATION_ID, "when": {"id": "42", "headers": {"X-Tenant": '
                '"acme"}}, "times": 2, "reply": {"status": 503, "headers": {}, "body": {}, "delay": 1}}. Required are '
                'name, operation and reply. In place of body, "text" gives text, and "record" the members of a record '
                "to change; the others are generated."
            ),
        ],
    ) -> _Object:
        """Add a written answer, which comes before all others. It replaces an answer of the same name."""
        return self._management.ask("POST", "answers", answer)

    def remove_answer(
        self, name: Annotated[str, Field(description="The name of an answer that was added.")]
    ) -> _Object:
        """Remove an answer that was added."""
        return self._management.ask("DELETE", f"answers/{quote(name, safe='')}") or {"removed": name}

    def add_records(
        self,
        schema: Annotated[str, Field(description="The schema of the records, as the contract names it.")],
        records: Annotated[
            list[_Object], Field(description="Records with the members that matter; the others are generated.")
        ],
    ) -> _Object:
        """Add records of a schema, which come before those of fixture files."""
        return self._management.ask("POST", "records", {"schema": schema, "records": records})

    def remove_record(
        self, key: Annotated[str, Field(description="The key of a record that was added, as list_records shows it.")]
    ) -> _Object:
        """Remove a record that was added."""
        return self._management.ask("DELETE", f"records/{quote(key, safe='')}") or {"removed": key}

    def reset(self) -> _Object:
        """Remove all answers, records and defaults that were added, and forget all requests."""
        return self._management.ask("POST", "reset") or {"reset": True}

    def list_requests(
        self,
        filters: Annotated[
            dict[str, str] | None,
            Field(
                description='Which requests to list: {"operation": OPERATION_ID, "status": "404", "argument.id": "42", '
                '"header.X-Tenant": "acme", "source": "record", "matched": "false", "since": "7"}, or some of these.'
            ),
        ] = None,
        limit: Annotated[int, Field(description="The most requests to list: the last ones.", ge=1)] = 20,
    ) -> _Object:
        """List what clients have asked, the newest last: requests, replies, sources, hints and near misses."""
        return self._management.ask("GET", f"requests?{urlencode({'limit': limit, **(filters or {})})}")

    def verify(
        self,
        expected: Annotated[
            _Object,
            Field(
                description='{"operation": OPERATION_ID, "arguments": {"id": "42"}, "headers": {"X-Tenant": "acme"}, '
                '"exactly": 1}, or "method" and "path", "body", "at_least", "at_most"; or {"in_order": true, '
                '"requests": [...]}. Without a number it is at least one request.'
            ),
        ],
    ) -> _Object:
        """Tell whether the API was asked as expected, and what came nearest if it was not."""
        return self._management.ask("POST", "verify", expected, accepted=[409])


def _show_operation(operation: Operation, contract: Contract) -> Mapping[str, object]:
    component = operation.component
    edges = list_edges(contract.components[component]) if component else ()
    return {
        "operation": operation.id,
        "method": operation.method,
        "paths": [root + operation.path for root in contract.roots],
        "summary": operation.summary,
        "parameters": [
            {"name": each.name, "in": each.location, "type": each.kind, "required": each.has_to_be_given}
            | ({} if each.default is None else {"default": each.default})
            for each in operation.parameters
        ],
        "statuses": sorted(operation.responses),
        "schema": component,
        "examples": {name: dict(arguments) for name, arguments in operation.examples.items()},
        "edges": {name: EDGES[name].about for name in edges},
    }


def _show_reply(answered: Answered) -> _Object:
    headers = dict(answered.headers)
    shown = {"status": answered.status, "source": headers.get("X-Mock-Source"), "hints": headers.get("X-Mock-Hint")}
    return {**shown, "headers": list(answered.headers), **_show_body(answered.body, headers.get("Content-Type", ""))}


def _show_body(body: bytes, content_type: str) -> _Object:
    """Return the text of a body; in base64 if it is no text."""
    text = read_text(body, content_type)
    return {"body_base64": b64encode(body).decode()} if text is None else {"body": text}
