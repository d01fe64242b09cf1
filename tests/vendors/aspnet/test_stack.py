"""The stack behind the protocol of vendors, and the switches in which real hosts differ."""

from __future__ import annotations

from typing import Any

import pytest

from mockserver.contract.contract import Arguments, ResponseSpec
from mockserver.documents.nodes import Json
from mockserver.http.bodies import Format
from mockserver.http.messages import Request
from mockserver.vendors.aspnet.hosting import HOST_HEADERS, Host
from mockserver.vendors.aspnet.stack import AspNet
from mockserver.vendors.vendor import Bound, ExceptionDetail, Refusal, Route, Situation
from tests.support.contracts import read as read_contract
from tests.support.shipped import CONTRACT, CUSTOMER

JSON_TYPES = ("application/json", "text/json")
INVALID: dict[str, Json] = {"Message": "The request is invalid."}
ERROR: dict[str, Json] = {"Message": "An error has occurred."}
REQUIRED: list[Json] = ["A value is required but was not present in the request."]


def ask(target: str, method: str = "GET", **host: Any) -> Refusal | Bound:
    """Route and bind a request; return the refusal of either, or else the arguments."""
    stack, request = AspNet(Host(**host)), Request(method, target)
    route = stack.make_router(CONTRACT, ("", "/API")).find(request)
    return route if isinstance(route, Refusal) else stack.bind(route, request)


def customer(id_: str | None, id_type: int | None = 0, reference: str | None = "") -> Arguments:
    return {"id": id_, "idType": id_type, "idTypeExtRef": reference}


def refuse(body: Json, status: int = 400) -> Refusal:
    return Refusal(status, body, operation=CUSTOMER)


def blame(**state: Json) -> Refusal:
    return refuse({**INVALID, "ModelState": {key.replace("_", "."): messages for key, messages in state.items()}})


NOT_INTEGER = blame(idType=["The value 'abc' is not valid for Int32."])
UNCLOSED = refuse(ERROR, 500)


@pytest.mark.parametrize(
    ("target", "contract", "checked", "ignored"),
    [
        ("a", *[Bound(customer("a"))] * 3),
        ("a?idType=7&idTypeExtRef=x", *[Bound(customer("a", 7, "x"))] * 3),
        ("a?idType=abc", *[Bound(customer("a"), NOT_INTEGER)] * 2, Bound(customer("a"))),
        (
            "a?idTypeExtRef=",
            Bound(customer("a")),
            Bound(customer("a", 0, None), blame(idTypeExtRef_String=REQUIRED)),
            Bound(customer("a", 0, None)),
        ),
        ("%20", Bound(customer(None)), Bound(customer(None), blame(id_String=REQUIRED)), Bound(customer(None))),
        # An argument that cannot be null is refused, whatever looks at the model state.
        ("a?idType=", Bound(customer("a"), refuse(INVALID)), *[Bound(customer("a", None), refuse(INVALID))] * 2),
        ("a?b[c=1", Bound(customer("a")), UNCLOSED, UNCLOSED),
    ],
)
def test_model_state_decides_about_unbound_text(
    target: str, contract: Bound, checked: Refusal | Bound, ignored: Refusal | Bound
) -> None:
    found = [ask(f"/Customers/{target}", model_state=state) for state in ("contract", "checked", "ignored")]

    assert found == [contract, checked, ignored]


def describe_unknown_route(target: str) -> dict[str, Json]:
    return {"Message": f"No HTTP resource was found that matches the request URI 'http://localhost{target}'."}


PUT: Json = {"Message": "The requested resource does not support http method 'PUT'."}


@pytest.mark.parametrize(
    ("method", "target", "refusal"),
    [
        ("GET", "/Nope?a[=1", Refusal(404, describe_unknown_route("/Nope?a[=1"))),
        ("POST", "/Customers/1?a[=1", Refusal(500, ERROR)),
        ("PUT", "/Customers/1?idType=x", Refusal(405, PUT, (("Allow", "GET"),), CUSTOMER)),
    ],
)
def test_route_comes_before_brackets_before_the_method(method: str, target: str, refusal: Refusal) -> None:
    assert ask(target, method, model_state="checked") == refusal


REQUIRING = read_contract("""\
openapi: 3.1.0
info: {title: Requiring}
paths:
  /Customers:
    get:
      operationId: find
      parameters: [{name: id, in: query, required: true, schema: {type: string}}]
      responses: {"204": {description: Found.}}
  /Customers/{id}:
    get:
      operationId: get
      parameters:
        - {name: id, in: path, required: true, schema: {type: string}}
        - {name: idType, in: query, required: true, schema: {type: integer, format: int32}}
        - {name: extRef, in: query, required: true, schema: {type: string, default: ""}}
        - {name: isNew, in: query, schema: {type: boolean}}
      responses: {"204": {description: Found.}}
    delete:
      operationId: drop
      parameters: [{name: id, in: path, required: true, schema: {type: string}}]
      responses: {"204": {description: Dropped.}}
  /{a}/{b}/{c}:
    get:
      operationId: all
      parameters:
        - {name: a, in: path, required: true, schema: {type: string}}
        - {name: b, in: path, required: true, schema: {type: string}}
        - {name: c, in: path, required: true, schema: {type: string}}
        - {name: D, in: query, required: true, schema: {type: boolean}}
        - {name: E, in: query, required: true, schema: {type: string}}
      responses: {"204": {description: Found.}}
""")
NO_ACTION = "No action was found on the controller '{}' that matches the request."


def find(method: str, target: str, **host: Any) -> Refusal | Route:
    return AspNet(Host(**host)).make_router(REQUIRING, ("",)).find(Request(method, target))


# Recorded of the framework, but for the last three rows.
@pytest.mark.parametrize(
    ("method", "target", "left_out"),
    [
        *((method, "/Customers", "id, without which find") for method in ("GET", "HEAD", "PUT", "OPTIONS", "x")),
        *(("GET", f"/Customers?{query}", "id, without which find") for query in ("x=1", "id.x=1", "=1", "&", "i[d=1")),
        *(("GET", f"/a/b/c{query}", "D and E, without which all") for query in ("", "?=1", "?a=1&f=2")),
        ("GET", "/a/b/c?d=", "E, without which all"),
    ],
)
@pytest.mark.parametrize("error_detail", [False, True])
def test_left_out_required_parameter_is_404(method: str, target: str, left_out: str, error_detail: bool) -> None:
    refusal = find(method, target, error_detail=error_detail)

    body = describe_unknown_route(target)
    detail = NO_ACTION.format("Default" if target.startswith("/a/") else "Customers")
    hints = (f"The request leaves out {left_out} is not found.",)
    assert refusal == Refusal(404, {**body, "MessageDetail": detail} if error_detail else body, hints=hints)


@pytest.mark.parametrize(
    ("method", "target"),
    [
        *(("GET", f"/Customers?{query}") for query in ("id=1", "id=", "id", "ID=1", "id[]=1", "%69d=")),
        *(("GET", f"/Customers/1?idType{rest}") for rest in ("=1", "=", "=abc", "", "[]=1&x=y")),
        *(("DELETE", "/Customers/1"), ("GET", "/a/b/c?d=x&e")),
    ],
)
def test_action_is_found_by_the_names_of_parameters(method: str, target: str) -> None:
    assert isinstance(find(method, target), Route)


@pytest.mark.parametrize("model_state", ["contract", "checked", "ignored"])
def test_blank_value_of_a_required_integer_is_400(model_state: str) -> None:
    stack = AspNet(Host(model_state=model_state))
    request = Request("GET", "/Customers/1?idType=")
    route = stack.make_router(REQUIRING, ("",)).find(request)

    assert isinstance(route, Route)
    assert stack.bind(route, request).refusal == Refusal(400, INVALID, operation=route.operation)


@pytest.mark.parametrize(
    ("method", "target", "allow"),
    [
        ("PUT", "/Customers?id=1", ["GET"]),
        ("PUT", "/Customers/1?idType=1", ["GET", "DELETE"]),
        # The action for GET is not found without its parameter, so it is not allowed either.
        *((method, "/Customers/1", ["DELETE"]) for method in ("PUT", "GET")),
    ],
)
def test_other_method_of_a_found_action_is_405(method: str, target: str, allow: list[str]) -> None:
    refusal = find(method, target)

    assert isinstance(refusal, Refusal)
    assert (refusal.status, refusal.headers, refusal.hints) == (405, tuple(("Allow", each) for each in allow), ())


def test_unclosed_bracket_comes_before_left_out_parameters() -> None:
    assert find("GET", "/Customers?a[=1", model_state="checked") == Refusal(
        500, ERROR, operation=REQUIRING.operations[0]
    )


@pytest.mark.parametrize("text", ["0x10", "%231f", "%26h10", "+1", "%2B1", " 1 ", "1%00", "007", "-0x1", "%C2%A01"])
def test_strict_host_takes_plain_decimals_only(text: str) -> None:
    strict, lax = (ask(f"/api/customers/a?idType={text}", strict=each) for each in (True, False))

    assert isinstance(strict, Bound)
    assert isinstance(lax, Bound)
    assert strict.refusal is not None
    assert (strict.refusal.status, lax.refusal is None) == (400, text != "-0x1")


@pytest.mark.parametrize("text", ["0", "1", "-1", "2147483647", "-2147483648"])
def test_strict_host_takes_every_integer_of_the_contract(text: str) -> None:
    assert ask(f"/Customers/a?idType={text}&idTypeExtRef=%201", strict=True) == Bound(customer("a", int(text), " 1"))


@pytest.mark.parametrize(
    ("path", "expected"), [("/API/Customers/1", True), ("/customers/1/", True), ("/", False), ("/API", False)]
)
def test_router_knows_paths_whatever_the_method(path: str, expected: bool) -> None:
    assert AspNet().make_router(CONTRACT, ("", "/API")).has_path(path) is expected


# Errors

UNKNOWN_ROUTE = describe_unknown_route("/Nope")
NULL_ARGUMENT = (
    "The parameters dictionary contains a null entry for parameter 'idType' of non-nullable type 'System.Int32' for "
    "method 'System.Web.Http.IHttpActionResult Get(System.String, Int32, System.String)' in "
    "'Stub.CustomersController'. An optional parameter must be a reference type, a nullable type, or be declared as an "
    "optional parameter."
)
CONVERSION = (
    "The parameter conversion from type 'System.String' to type 'System.Int32' failed. "
    "See the inner exception for more information."
)
INVALID_KEY = "The key is invalid JQuery syntax because it is missing a closing bracket"
BRACKET = {
    "ExceptionMessage": f"{INVALID_KEY}\r\nParameter name: key",
    "ExceptionType": "System.ArgumentException",
    "StackTrace": "   at System.Web.Http.ModelBinding.FormDataCollectionExtensions.NormalizeJQueryToMvc",
}


@pytest.mark.parametrize(
    ("target", "plain", "detailed"),
    [
        ("/Nope", UNKNOWN_ROUTE, UNKNOWN_ROUTE | {"MessageDetail": "No route data was found for this request."}),
        ("/Customers/1?idType=", INVALID, INVALID | {"MessageDetail": NULL_ARGUMENT}),
        (
            "/Customers/1?idType=99999999999",
            INVALID | {"ModelState": {"idType": ["An error has occurred."]}},
            INVALID | {"ModelState": {"idType": [CONVERSION]}},
        ),
        ("/Customers/1?a[", ERROR, ERROR | BRACKET),
    ],
)
def test_error_detail_is_what_a_local_caller_sees(target: str, plain: Json, detailed: Json) -> None:
    answers = [ask(target, model_state="checked", error_detail=each) for each in (False, True)]

    refusals = [each.refusal if isinstance(each, Bound) else each for each in answers]
    assert [each and each.value for each in refusals] == [plain, detailed]


INNER = ExceptionDetail("A.B", "m", "s", ExceptionDetail("C", "d"))
TRACE = "   at System.Web.Http.Controllers.ReflectedHttpActionDescriptor.ExecuteAsync"
TOLD_INNER = {"ExceptionMessage": "d", "ExceptionType": "C", "StackTrace": TRACE}
TOLD = {"ExceptionMessage": "m", "ExceptionType": "A.B", "StackTrace": "s", "InnerException": ERROR | TOLD_INNER}
NOBODY: dict[str, Json] = {"Message": "Customer '42' was not found."}
ABOUT = Situation(CUSTOMER, customer("42"), "PUT", exception="crash")


@pytest.mark.parametrize(
    ("host", "status", "situation", "body"),
    [
        (Host(), 400, ABOUT, INVALID),
        (Host(), 405, ABOUT, PUT),
        (Host(), 500, ABOUT, ERROR),
        (Host(), 500, Situation(detail="Sex is 3."), ERROR | {"MessageDetail": "Sex is 3."}),
        *((Host(missing=missing), 404, ABOUT, None) for missing in ("empty", "null")),
        (Host(missing="message"), 404, ABOUT, NOBODY),
        (Host(missing="message"), 404, Situation(), None),
        *(
            (Host(missing="message", error_detail=True), status, ABOUT, None)
            for status in (200, 204, 304, 401, 406, 501)
        ),
        (
            Host(error_detail=True),
            500,
            ABOUT,
            ERROR | {"ExceptionMessage": "crash", "ExceptionType": "System.Exception", "StackTrace": TRACE},
        ),
        (Host(error_detail=True), 500, Situation(CUSTOMER, exception=INNER), ERROR | TOLD),
        (Host(), 500, Situation(CUSTOMER, exception=INNER), ERROR),
        (Host(error_detail=True), 500, Situation(CUSTOMER), ERROR),
    ],
)
def test_error_is_phrased_by_its_status(host: Host, status: int, situation: Situation, body: Json) -> None:
    assert AspNet(host).phrase(status, situation) == body


@pytest.mark.parametrize(
    ("missing", "refusal"),
    [
        ("empty", Refusal(404, operation=CUSTOMER, has_content=False)),
        ("message", Refusal(404, NOBODY, operation=CUSTOMER)),
        ("null", Refusal(200, None, operation=CUSTOMER)),
    ],
)
def test_missing_record_is_refused_as_the_host_does(missing: str, refusal: Refusal) -> None:
    assert AspNet(Host(missing=missing)).refuse_missing(CUSTOMER, customer("42")) == refusal


def test_message_has_no_text_for_a_blank_key() -> None:
    refusal = AspNet(Host(missing="message")).refuse_missing(CUSTOMER, customer(None))

    assert refusal.value == {"Message": "Customer '' was not found."}


# Formats, and what never differs


@pytest.mark.parametrize(
    ("headers", "offered", "lax", "refusing"),
    [
        ({}, (), Format(), Format()),
        ({"accept": "text/json"}, (), Format("text/json"), Format("text/json")),
        ({"accept": "text/json"}, ("a/b",), Format("a/b"), None),
        ({"accept": "a/b"}, ("a/b",), Format("a/b"), Format("a/b")),
        *(({"accept": each}, (), Format(), None) for each in ("application/xml", "*/*;q=0")),
        ({"accept": "malformed"}, (), Format(), Format()),
        ({"accept": "a/b", "content-type": "text/json"}, (), Format("text/json"), Format("text/json")),
        ({"accept-charset": "utf-16"}, (), *[Format(charset="utf-16")] * 2),
        ({"content-type": "text/json; charset=utf-16"}, (), *[Format("text/json", "utf-16")] * 2),
    ],
)
def test_only_a_refusing_host_refuses_formats(
    headers: dict[str, str], offered: tuple[str, ...], lax: Format, refusing: Format | None
) -> None:
    request = Request("GET", "/", headers=tuple(headers.items()))

    chosen = [AspNet(Host(refuse_unacceptable=each)).choose_format(request, offered) for each in (False, True)]

    assert chosen == [lax, refusing]


def test_every_accept_line_counts() -> None:
    request = Request("GET", "/", headers=(("accept", "malformed"), ("accept", "text/json")))

    assert AspNet().choose_format(request, ()) == Format("text/json")


def test_omitted_host_headers_still_belong_to_the_host() -> None:
    hosts = [AspNet(Host(headers=each)) for each in (True, False)]

    assert [each.host_headers for each in hosts] == [HOST_HEADERS, ()]
    assert [each.host_header_names for each in hosts] == [{"cache-control", "pragma", "expires"}] * 2


def test_rest_is_the_same_on_every_host() -> None:
    stack = AspNet()

    assert (stack.error_component, stack.read_headers) == ("HttpError", ("accept", "accept-charset", "content-type"))
    assert list(stack.friendly_formats) == ["dotnet-date-time"]
    assert stack.choose_response(CUSTOMER, Request("GET", "/")) is CUSTOMER.responses[200]
    assert stack.describe_undeclared(500) == ResponseSpec(500, JSON_TYPES, "HttpError", ())
    assert (stack.write_json({"a": [1, None]}), stack.declare(CONTRACT)) == ('{"a":[1,null]}', CONTRACT)


def test_host_declares_the_responses_that_it_adds() -> None:
    assert 406 in AspNet(Host(refuse_unacceptable=True)).declare(CONTRACT).operations[0].responses
