"""Which operation a path leads to. The first two tables were recorded from the framework."""

from types import MappingProxyType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockserver.contract.contract import Contract, Operation
from mockserver.vendors.aspnet.routing import Match, RouteTable
from mockserver.vendors.aspnet.uris import read_uri


def make_operation(path: str, method: str = "GET") -> Operation:
    segments = tuple(path.strip("/").split("/"))
    return Operation(f"{method} {path}", method, path, segments, (), MappingProxyType({}), MappingProxyType({}))


def make_table(*operations: Operation, roots: tuple[str, ...] = ("",)) -> RouteTable:
    return RouteTable(Contract("API", roots, operations, MappingProxyType({}), MappingProxyType({})), roots)


def match(table: RouteTable, target: str) -> Match | None:
    return table.match(read_uri("http", "localhost", target).path)


CUSTOMER = make_operation("/Customers/{id}")
CUSTOMERS = make_table(CUSTOMER)


def found(**values: str) -> Match:
    return Match({"GET": CUSTOMER}, values)


@pytest.mark.parametrize(
    ("target", "value"),
    [
        *((f"/Customers/{value}", value) for value in ("999", "007", "Abc", "Customers", "a+b", "a%b", "a%zz", "%FC")),
        *((f"/Customers/{value}", value) for value in ("a:b", "a;b", "a@b", "a!b", "(a)", "[a]", "a.b", "a.", ".a")),
        *((f"/Customers/{value}", value) for value in ("%u0061bc", "...", "web.config", "L" * 5000)),
        *((target, "1") for target in ("/customers/1", "/cUsToMeRs/1", "/%43ustomers/1", "/Customers\\1")),
        *((target, "1") for target in ("/Customers/1/", "/Customers/1//", "/x/../Customers/1", "/./Customers/./1")),
        *((target, "1") for target in ("/Customers/1?id=3", "/Customers%2F1%2F")),
        *(("/Customers/a%2Bb", "a+b"), ("/Customers/trail%20", "trail "), ("/Customers/%20%20", "  ")),
        *(("/Customers/%09", "\t"), ("/Customers/%00", "\0"), ("/Customers/a%0Ab", "a\nb")),
        *(("/Customers/a%7Fb", "a\x7fb"), ("/Customers/a%25b", "a%b"), ("/Customers/a%2520b", "a%20b")),
        *(("/Customers/a%3Fb", "a?b"), ("/Customers/a%23b", "a#b"), ("/Customers/a%5Cb", "a\\b")),
        *(("/Customers/%5Ba%5D", "[a]"), ("/Customers/%7Bid%7D", "{id}"), ("/Customers/a%22b", 'a"b')),
        *(("/Customers/a%3Cb%3E", "a<b>"), ("/Customers/a%7Cb", "a|b"), ("/Customers/a%7Eb", "a~b")),
        *(("/Customers/%60a%60", "`a`"), ("/Customers/a%2Eb", "a.b"), ("/Customers/%E6%97%A5%E6%9C%AC", "日本")),
    ],
)
def test_path_of_the_template_leads_to_its_operation(target: str, value: str) -> None:
    assert match(CUSTOMERS, target) == found(id=value)


@pytest.mark.parametrize(
    "target",
    [
        *("/", "//", "/Customers", "/customers", "/Customers/", "/Customers?id=1", "/Customers//1", "//Customers/1"),
        *("/Customers/1/2", "/Customers/1/%20", "/Customers/a%2Fb", "/Customers%2F%2F1", "/Customers%5C1"),
        *("/Customers/.", "/Customers/..", "/Customers/%2E%2E", "/Customers/1/../..", "/Customers./1"),
        *("/Customers%20/1", "/%20Customers/1", "/Customers.json", "/favicon.ico", "/api/Customers/1"),
        *("/%D0%A1ustomers/1", "/Cu%C5%BFtomers/1", "/Nope", "/Nope%FCx", "/{id}/1"),
    ],
)
def test_any_other_path_leads_nowhere(target: str) -> None:
    assert match(CUSTOMERS, target) is None


@pytest.mark.parametrize("path", ["/Customers/{id}", "/CUSTOMERS/{id}"])
def test_route_has_every_method_on_its_path(path: str) -> None:
    update = make_operation(path, "PUT")

    assert match(make_table(CUSTOMER, update), "/customers/1") == Match({"GET": CUSTOMER, "PUT": update}, {"id": "1"})


TEMPLATES = (
    *("/{kind}", "/{kind}/{key}", "/Customers/{id}", "/{kind}/search", "/Customers/search"),
    "/Customers/{id}/notes/{Note}",
)


@pytest.mark.parametrize(
    ("target", "path", "values"),
    [
        *(("/Customers/search", "/Customers/search", {}), ("/CUSTOMERS/SEARCH", "/Customers/search", {})),
        ("/Customers/searches", "/Customers/{id}", {"id": "searches"}),
        ("/Customers/1", "/Customers/{id}", {"id": "1"}),
        ("/Orders/1", "/{kind}/{key}", {"kind": "Orders", "key": "1"}),
        ("/Orders/search", "/{kind}/search", {"kind": "Orders"}),
        ("/Customers", "/{kind}", {"kind": "Customers"}),
        ("/Customers/1/Notes/2", "/Customers/{id}/notes/{Note}", {"id": "1", "Note": "2"}),
    ],
)
@pytest.mark.parametrize("step", [1, -1])
def test_more_precise_template_comes_first(step: int, target: str, path: str, values: dict[str, str]) -> None:
    table = make_table(*(make_operation(template) for template in TEMPLATES[::step]))

    assert match(table, target) == Match({"GET": make_operation(path)}, values)


@pytest.mark.parametrize("target", ["/a//b", "/a/%2F/b", "/a///b", "/a/b", "/a/x/"])
def test_no_parameter_takes_an_empty_segment(target: str) -> None:
    assert match(make_table(make_operation("/a/{x}/b")), target) is None


# Roots


@pytest.mark.parametrize(
    "target",
    [
        *("/Customers/1", "/API/Customers/1", "/api/CUSTOMERS/1", "/%41PI/Customers/1", "/API%2FCustomers/1"),
        "/v1/x/Customers/1/",
    ],
)
def test_every_root_is_served_in_any_case(target: str) -> None:
    assert match(make_table(CUSTOMER, roots=("", "/API", "/V1/x/")), target) == found(id="1")


@pytest.mark.parametrize(
    "target", ["/Customers/1", "/APICustomers/1", "/API//Customers/1", "/x/API/Customers/1", "/API"]
)
def test_path_under_no_root_leads_nowhere(target: str) -> None:
    assert match(make_table(CUSTOMER, roots=("/API",)), target) is None


@pytest.mark.parametrize("root", ["/my%20api", "/my api", "/MY%20API/"])
@pytest.mark.parametrize("path", ["/Caf%C3%A9/{id}", "/café/{id}"])
def test_roots_and_templates_may_be_escaped(root: str, path: str) -> None:
    operation = make_operation(path)

    route = match(make_table(operation, roots=(root,)), "/My%20Api/CAF%C3%89/%7B1%7D")

    assert route == Match({"GET": operation}, {"id": "{1}"})


@pytest.mark.parametrize(
    ("templates", "path", "values"),
    [
        (("/{name}", "/{kind}/{name}"), "/{name}", {"name": "x"}),
        (("/{kind}/{name}",), "/{kind}/{name}", {"kind": "API", "name": "x"}),
    ],
)
def test_longer_root_is_tried_first(templates: tuple[str, ...], path: str, values: dict[str, str]) -> None:
    table = make_table(*map(make_operation, templates), roots=("", "/API"))

    assert match(table, "/API/x") == Match({"GET": make_operation(path)}, values)


# Anything at all


@given(path=st.text() | st.text(alphabet="/%2Fcustomers.{}"))
def test_any_path_leads_to_one_value_or_nowhere(path: str) -> None:
    route = make_table(CUSTOMER, roots=("", "/c")).match(path)

    assert route is None or "/" not in route.values["id"]


@given(value=st.text(alphabet=st.characters(exclude_categories=["Cs"], exclude_characters="/"), min_size=1))
def test_any_text_without_a_slash_is_a_value(value: str) -> None:
    escaped = "".join(f"%{byte:02X}" for byte in value.encode())

    assert CUSTOMERS.match(f"/Customers/{escaped}") == found(id=value)
