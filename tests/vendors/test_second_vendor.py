"""A second vendor, tiny and written here, serves the shipped contract: no other module knows ASP.NET."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from urllib.parse import parse_qs, unquote

import pytest
from flask.testing import FlaskClient
from marshmallow import ValidationError, validates_schema

from mockserver.contract.contract import Arguments, Contract, Operation, Parameter, ResponseSpec, fill_defaults
from mockserver.documents.json_text import write_json
from mockserver.documents.nodes import Json, Scalar
from mockserver.http.bodies import Format
from mockserver.http.headers import Headers
from mockserver.http.messages import Request
from mockserver.schemas import CustomerSchema
from mockserver.stub.settings import Settings
from mockserver.vendors.vendor import Bound, Refusal, Route, Situation
from mockserver.web.app import build_app

PROBLEM = "application/problem+json"


def describe(status: int, title: str) -> dict[str, Json]:
    """The error body of RFC 9457, of another shape than the framework's."""
    return {"type": "about:blank", "status": status, "title": title}


class TinyRouter:
    """Paths by plain comparison: upper and lower case differ, and so does a slash at the end."""

    def __init__(self, contract: Contract, roots: Sequence[str]) -> None:
        self._routes = [(f"{root}{each.path}", each) for root in roots for each in contract.operations]

    def has_path(self, path: str) -> bool:
        return any(_match(template, path) is not None for template, _ in self._routes)

    def find(self, request: Request) -> Route | Refusal:
        path, _, query = request.target.partition("?")
        for template, operation in self._routes:
            values = _match(template, path)
            if values is not None and request.method == operation.method:
                return Route(operation, values, parse_qs(query, keep_blank_values=True))
            if values is not None:
                return Refusal(405, describe(405, "Wrong method"), (("Allow", operation.method),), operation)
        return Refusal(404, describe(404, f"No such path: {path}"))


def _match(template: str, path: str) -> Mapping[str, str] | None:
    pairs = list(zip(template.split("/"), path.split("/"), strict=False))
    if template.count("/") != path.count("/") or any(part != text for part, text in pairs if part[:1] != "{"):
        return None
    return {part[1:-1]: unquote(text) for part, text in pairs if part[:1] == "{"}


class TinyVendor:
    """A stack with errors of its own, which knows its callers by a key and wants whole numbers."""

    error_component: str | None = None
    read_headers: Sequence[str] = ("x-key", "content-type")
    reads_bodies: bool = True
    host_headers: Headers = (("Server", "tiny"),)
    host_header_names: frozenset[str] = frozenset({"server"})
    friendly_formats: Mapping[str, Callable[[str], str]] = MappingProxyType(
        {"dotnet-date-time": lambda text: text if "T" in text else f"{text}T00:00:00"}
    )

    def declare(self, contract: Contract) -> Contract:
        return replace(contract, operations=tuple(map(self._declare, contract.operations)))

    def _declare(self, operation: Operation) -> Operation:
        errors = {status: self.describe_undeclared(status) for status in operation.responses if status >= 400}
        return replace(operation, responses={**operation.responses, **errors})

    def make_router(self, contract: Contract, roots: Sequence[str]) -> TinyRouter:
        return TinyRouter(contract, roots)

    def bind(self, route: Route, request: Request) -> Bound:
        texts = {**{name: values[0] for name, values in route.query.items()}, **route.values}
        arguments = {each.name: _convert(each, texts.get(each.name)) for each in route.operation.parameters}
        if request.header("x-key") == "wrong":
            return Bound(arguments, Refusal(401, describe(401, "Who are you?"), operation=route.operation))
        if request.body and request.header("content-type") != "application/json":
            return Bound(arguments, Refusal(415, describe(415, "JSON, please"), operation=route.operation))
        wrong = [name for name, value in arguments.items() if value is None and name in texts]
        if wrong:
            return Bound(arguments, Refusal(422, describe(422, f"Wrong: {wrong[0]}"), operation=route.operation))
        return Bound(fill_defaults(route.operation, arguments))

    def choose_response(self, operation: Operation, request: Request) -> ResponseSpec:
        return operation.lowest_success_response

    def choose_format(self, request: Request, offered: Sequence[str]) -> Format:
        return Format(next(iter(offered), PROBLEM))

    def write_json(self, value: object) -> str:
        return write_json(value)

    def phrase(self, status: int, situation: Situation) -> Json:
        return describe(status, situation.detail or "It failed") if status >= 400 else None

    def refuse_missing(self, operation: Operation, arguments: Arguments) -> Refusal:
        return Refusal(404, describe(404, "Nobody there"), operation=operation)

    def describe_undeclared(self, status: int) -> ResponseSpec:
        return ResponseSpec(status, (PROBLEM,), None, ())


def _convert(parameter: Parameter, text: str | None) -> Scalar:
    if text is None or parameter.type == "string":
        return text
    return int(text) if text.isdecimal() else None


@pytest.fixture(scope="module")
def client() -> FlaskClient:
    return build_app(Settings(), make_vendor=lambda _: TinyVendor()).test_client()


@pytest.mark.parametrize(
    ("method", "target", "key", "status", "source", "title"),
    [
        ("GET", "/API/Customers/100200300", "", 200, "record fixtures/customers.yaml:7", None),
        ("GET", "/Customers/42?idType=1", "", 200, "generated", None),
        ("GET", "/API/Customers/not-found", "", 404, "answer not-found fixtures/answers.yaml:4", "It failed"),
        ("GET", "/API/customers/100200300", "", 404, "framework", "No such path: /API/customers/100200300"),
        ("GET", "/API/Customers/100200300/", "", 404, "framework", "No such path: /API/Customers/100200300/"),
        ("POST", "/API/Customers/100200300", "", 405, "framework", "Wrong method"),
        ("GET", "/Customers/42?idType=abc", "", 422, "framework", "Wrong: idType"),
        ("GET", "/Customers/42", "wrong", 401, "framework", "Who are you?"),
        ("GET", "/Customers/" + "x" * 31, "", 404, "no record", "Nobody there"),
        ("GET", "/Customers/42?__code=500", "", 500, "code 500", "It failed"),
        ("GET", "/Customers/42?__edge=emoji", "", 200, "edge emoji", None),
    ],
)
def test_second_vendor_serves_the_contract(
    client: FlaskClient, method: str, target: str, key: str, status: int, source: str, title: str | None
) -> None:
    response = client.open(target, method=method, headers={"X-Key": key})

    headers = response.headers
    assert (response.status_code, headers["X-Mock-Source"], headers["Server"]) == (status, source, "tiny")
    if title is not None:
        assert (response.mimetype, response.json) == (PROBLEM, describe(status, title))


@pytest.mark.parametrize(("media_type", "status"), [("application/json", 200), ("text/plain", 415)])
def test_request_body_is_refused_by_its_media_type(client: FlaskClient, media_type: str, status: int) -> None:
    response = client.get("/Customers/42", data=b"{}", content_type=media_type)

    assert response.status_code == status


def test_keys_of_the_query_differ_by_case(client: FlaskClient) -> None:
    plain, other = (client.get(f"/Customers/42?{query}").json for query in ("", "IDTYPE=7"))

    assert plain == other


def test_breach_is_told_in_the_vendors_words(tmp_path: Path) -> None:
    class Strict(CustomerSchema):
        @validates_schema
        def refuse(self, data: Mapping[str, object], **_: object) -> None:
            if data["PersonalId"] == "42":
                raise ValidationError({"Sex": ["No."]})

    app = build_app(Settings(fixtures=tmp_path), {"Customer": Strict}, make_vendor=lambda _: TinyVendor())

    answer = app.test_client().get("/Customers/42").json

    assert answer == describe(500, "getCustomer 200: Sex is 2, no (generated)")
