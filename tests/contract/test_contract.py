"""What a contract says of its operations, and the targets that ask for arguments."""

from types import MappingProxyType
from urllib.parse import parse_qsl, unquote, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mockserver.contract.contract import (
    Arguments,
    Contract,
    Operation,
    Parameter,
    ResponseSpec,
    Selector,
    fill_defaults,
    write_target,
)
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
    responses = MappingProxyType({status: SPECS[status] for status in statuses or SPECS})
    segments = tuple(path.split("/")[1:])
    return Operation(name, "GET", path, segments, (KEY, KIND, LABEL, SHORT, PLACE), responses, examples={})


def test_operation_knows_its_records() -> None:
    operation = make_operation()

    assert (operation.lowest_success_response, operation.component) == (SPECS[200], "Thing")
    assert (operation.keys, operation.filters) == ((KEY.selects,), (KIND.selects,))
    assert operation.selectors == (KEY.selects, KIND.selects)


@pytest.mark.parametrize(
    ("unless", "argument", "restricts"),
    [
        ((0,), 0, False),
        ((0,), 1, True),
        ((0,), None, False),
        (("",), "", False),
        (("",), "x", True),
        ((), "", True),
        ((), None, True),
        ((None,), None, False),
    ],
)
def test_selector_restricts_unless_the_argument_leaves_it_open(
    unless: tuple[Scalar, ...], argument: Scalar, restricts: bool
) -> None:
    assert Selector("kind", "Kind", unless).restricts(argument) is restricts


def test_kind_is_type_and_format_in_one() -> None:
    assert [each.kind for each in (KEY, KIND, PLACE, SHORT)] == ["string", "integer int32", "integer int64", "boolean"]


def test_contract_knows_its_components_and_operations() -> None:
    operations = make_operation("getThing", 404, 200), make_operation("getOther", 201, 200, 400)
    contract = Contract("Things", ("/API",), operations, components={}, document={})

    assert contract.required_components == ("Thing", "Receipt", "HttpError")
    found = [contract.find_operation(name) for name in ("getOther", "getThing", "getthing", "")]
    assert found == [operations[1], operations[0], None, None]


@pytest.mark.parametrize(
    ("path", "arguments", "target"),
    [
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
    ],
)
def test_target_asks_for_the_arguments(path: str, arguments: Arguments, target: str) -> None:
    assert write_target(make_operation(path=path), arguments) == target


@settings(derandomize=True, database=None, deadline=None)
@given(key=st.text(min_size=1), label=st.text(min_size=1), kind=st.integers(1))
def test_arguments_can_be_read_back_from_the_target(key: str, label: str, kind: int) -> None:
    url = urlsplit(f"http://localhost{write_target(make_operation(), {'id': key, 'la bel': label, 'kind': kind})}")

    assert unquote(url.path) == f"/things/{key}"
    assert parse_qsl(url.query) == [("kind", str(kind)), ("la bel", label)]


def test_nulls_become_defaults() -> None:
    given = {"id": None, "kind": None, "la bel": "x", "short": False}

    assert fill_defaults(make_operation(), given) == {"id": None, "kind": 0, "la bel": "x", "short": False}
