"""What a contract says of its operations, and the targets that ask for arguments."""

from types import MappingProxyType
from urllib.parse import parse_qsl, unquote, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mockserver.contract.contract import Arguments, Contract, Operation, Parameter, ResponseSpec, Selector, write_target
from mockserver.documents.nodes import Scalar


def make_parameter(
    name: str, location: str, kind: str, default: Scalar = None, selects: Selector | None = None
) -> Parameter:
    type_, _, format_ = kind.partition(" ")
    return Parameter(name, location, type_, format_, location == "path", default, selects)


KEY = make_parameter("id", "path", "string", None, Selector("id", "Key"))
KIND = make_parameter("kind", "query", "integer int32", 0, Selector("kind", "Kind", (0,)))
LABEL = make_parameter("la bel", "query", "string", "")
SHORT = make_parameter("short", "query", "boolean")
PLACE = make_parameter("place", "path", "integer int64")

SPECS = {
    404: ResponseSpec(404, (), None, ()),
    201: ResponseSpec(201, ("application/json",), "Receipt", ()),
    200: ResponseSpec(200, ("application/json", "text/json"), "Thing", ()),
    400: ResponseSpec(400, ("application/json",), "HttpError", ()),
}


def make_operation(name: str = "getThing", *statuses: int, path: str = "/things/{id}") -> Operation:
    return Operation(
        id=name,
        method="GET",
        path=path,
        segments=tuple(path.split("/")[1:]),
        parameters=(KEY, KIND, LABEL, SHORT, PLACE),
        responses=MappingProxyType({status: SPECS[status] for status in statuses or SPECS}),
        examples={},
    )


def make_contract(*operations: Operation) -> Contract:
    return Contract("Things", ("/API",), operations, components={}, document={})


def test_records_are_what_the_lowest_success_is_sent_with() -> None:
    operation = make_operation()

    assert (operation.lowest_success_response, operation.component) == (SPECS[200], "Thing")


def test_selectors_stand_in_the_order_of_the_parameters() -> None:
    operation = make_operation()

    assert operation.selectors == (KEY.selects, KIND.selects)
    assert operation.keys == (KEY.selects,)
    assert operation.filters == (KIND.selects,)


RESTRICTIONS: list[tuple[tuple[Scalar, ...], Scalar, bool]] = [
    ((0,), 0, False),
    ((0,), 1, True),
    (("",), "", False),
    (("",), "x", True),
    ((), "", True),
    ((), None, True),
    ((None,), None, False),
]


@pytest.mark.parametrize(("unless", "argument", "restricts"), RESTRICTIONS)
def test_selector_restricts_unless_the_argument_leaves_it_open(
    unless: tuple[Scalar, ...], argument: Scalar, restricts: bool
) -> None:
    assert Selector("kind", "Kind", unless).restricts(argument) is restricts


KINDS = [(KEY, "string"), (KIND, "integer int32"), (PLACE, "integer int64"), (SHORT, "boolean")]


@pytest.mark.parametrize(("parameter", "kind"), KINDS)
def test_kind_is_type_and_format_in_one(parameter: Parameter, kind: str) -> None:
    assert parameter.kind == kind


def test_components_that_a_response_needs_are_named_once() -> None:
    contract = make_contract(make_operation("a", 404, 200), make_operation("b", 201, 200, 400))

    assert contract.required_components == ("Thing", "Receipt", "HttpError")


def test_operation_is_found_by_its_exact_id() -> None:
    first, second = make_operation("getThing"), make_operation("getOther")
    contract = make_contract(first, second)

    found = [contract.find_operation(name) for name in ("getOther", "getThing", "getthing", "")]

    assert found == [second, first, None, None]


TARGETS: list[tuple[str, Arguments, str]] = [
    ("/things/{id}", {"id": "42"}, "/things/42"),
    ("/things/{id}", {"id": "a b/%?#é😀"}, "/things/a%20b%2F%25%3F%23%C3%A9%F0%9F%98%80"),
    ("/things/{id}", {"id": "{place}", "place": 7}, "/things/%7Bplace%7D"),
    ("/things/{id}/{place}", {"id": "x", "place": -7}, "/things/x/-7"),
    ("/things/{id}", {"id": "x", "kind": 0, "la bel": ""}, "/things/x"),
    ("/things/{id}", {"id": "x", "kind": 1, "la bel": "a&b=c+d"}, "/things/x?kind=1&la%20bel=a%26b%3Dc%2Bd"),
    ("/things/{id}", {"id": "x", "short": False}, "/things/x?short=false"),
    ("/things/{id}", {"id": "x", "short": True, "kind": 2}, "/things/x?kind=2&short=true"),
    ("/things/{id}", {"id": "x", "short": None}, "/things/x"),
    ("/things", {"unknown": 1}, "/things"),
]


@pytest.mark.parametrize(("path", "arguments", "target"), TARGETS)
def test_target_asks_for_the_arguments(path: str, arguments: Arguments, target: str) -> None:
    assert write_target(make_operation(path=path), arguments) == target


@settings(derandomize=True, database=None, deadline=None)
@given(key=st.text(min_size=1), label=st.text(min_size=1), kind=st.integers(1))
def test_arguments_can_be_read_back_from_the_target(key: str, label: str, kind: int) -> None:
    target = write_target(make_operation(), {"id": key, "la bel": label, "kind": kind})

    url = urlsplit(f"http://localhost{target}")

    assert unquote(url.path) == f"/things/{key}"
    assert parse_qsl(url.query) == [("kind", str(kind)), ("la bel", label)]
