"""Near routes: what people are told of a path without a route, by two routers that mind different things."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pytest

from mockserver.http.messages import Request
from mockserver.http.secret_names import SecretNames
from mockserver.planning.near_routes import NearRoutes
from mockserver.vendors.aspnet.stack import AspNet
from mockserver.vendors.vendor import Refusal, Route
from tests.support.shipped import CONTRACT

NOWHERE = Refusal(404)


class PlainRouter:
    """Compares paths as they are: case, slashes and escapes differ."""

    def __init__(self, roots: Sequence[str]) -> None:
        literals = (re.escape(root) for root in roots)
        self._pattern = re.compile(f"({'|'.join(literals)})/Customers/[^/]+")

    def find(self, request: Request) -> Route | Refusal:
        raise NotImplementedError

    def has_path(self, path: str) -> bool:
        return self._pattern.fullmatch(path) is not None


def find(
    target: str, *roots: str, is_plain: bool = False, method: str = "GET", refusal: Refusal = NOWHERE
) -> list[str]:
    router = PlainRouter(roots) if is_plain else AspNet().make_router(CONTRACT, roots)
    routes = NearRoutes(CONTRACT, roots, router, SecretNames().is_secret)
    return [each.hint for each in routes.find(Request(method, target), refusal)]


@pytest.mark.parametrize(
    ("target", "hint"),
    [
        ("/API/Customer/42?idType=1", "Path differs in one segment: did you mean /API/Customers/42?"),
        ("http://host:80/API/Customer/42", "Path differs in one segment: did you mean /API/Customers/42?"),
        ("/api/customer/42", "Path differs in one segment: did you mean /API/Customers/42?"),
        ("/API/Customers./42", "Path differs in one segment: did you mean /API/Customers/42?"),
        ("/v1/Customers/42", "Path differs in one segment: did you mean /API/Customers/42?"),
        ("/Customers/42", "Path lacks the root: did you mean /API/Customers/42?"),
        ("/API/API/Customers/42", "Path has the root twice: did you mean /API/Customers/42?"),
        ("/API/Customers", "Path lacks one segment: did you mean /API/Customers/{id}?"),
        ("/API/Customers/42/orders", "Path has one segment too many: did you mean /API/Customers/42?"),
        ("/API//Customers/42", "Path has an empty segment: did you mean /API/Customers/42?"),
        ("/API/Customers/a%2fb", "Path has an encoded slash (%2F): did you mean /API/Customers/{id}?"),
        ("/Customer/42", "Path differs in one segment and lacks the root: did you mean /API/Customers/42?"),
        # Values that may be secrets, or need an escape, are left out.
        (f"/API/Customer/{'a' * 25}", "Path differs in one segment: did you mean /API/Customers/{id}?"),
        ("/API/Customer/%22", "Path differs in one segment: did you mean /API/Customers/{id}?"),
    ],
)
def test_nearest_route_is_told(target: str, hint: str) -> None:
    assert find(target, "/API")[0] == hint


@pytest.mark.parametrize(
    ("target", "hint"),
    [
        ("/api/Customers/42", "Path differs in case: did you mean /API/Customers/42?"),
        ("/api/Customer/42", "Path differs in case and one segment: did you mean /API/Customers/42?"),
        ("/API/Customers/42/", "Path ends in a slash: did you mean /API/Customers/42?"),
        ("/API%2FCustomers%2F42", "Path has an encoded slash (%2F): did you mean /API/Customers/42?"),
        ("/API//Customers/42", "Path has an empty segment: did you mean /API/Customers/42?"),
        ("/customers//42/", None),
    ],
)
def test_only_what_the_vendor_minds_is_told(target: str, hint: str | None) -> None:
    told = hint or (
        "Path differs in case and ends in a slash and has an empty segment and lacks the root: "
        "did you mean /API/Customers/42?"
    )

    assert find(target, "/API", is_plain=True) == [told]


@pytest.mark.parametrize("target", ["/", "/42", "/favicon.ico", "/API/Orders/7", "/other/api/v1/things/7"])
def test_far_path_has_no_near_route(target: str) -> None:
    assert find(target, "/API", "") == []


def test_near_routes_are_ranked() -> None:
    assert find("/Customer/42", "/API", "") == [
        "Path differs in one segment: did you mean /Customers/42?",
        "Path differs in one segment and lacks the root: did you mean /API/Customers/42?",
    ]


@pytest.mark.parametrize(
    ("method", "target", "allow", "hints"),
    [
        ("POST", "/customers/42", ("GET",), ["POST is not served at /Customers/42; GET is."]),
        ("POST", "/Customers/%22", ("GET", "PUT"), ["POST is not served at /Customers/{id}; GET and PUT are."]),
        ("A!", "/Customers/42", ("GET",), ["This method is not served at /Customers/42; GET is."]),
        ("POST", "/Customers/42", (), []),
        ("POST", "/elsewhere", ("GET",), []),
    ],
)
def test_methods_of_a_path_are_told(method: str, target: str, allow: tuple[str, ...], hints: list[str]) -> None:
    refusal = Refusal(405, headers=tuple(("Allow", each) for each in allow))

    assert find(target, "/API", "", method=method, refusal=refusal) == hints


def test_other_refusals_have_no_near_routes() -> None:
    assert find("/API/Customer/42", "/API", refusal=Refusal(500)) == []


def test_path_that_the_router_refuses_is_not_told() -> None:
    routes = NearRoutes(CONTRACT, ["/API"], PlainRouter(["/other"]), SecretNames().is_secret)

    assert routes.find(Request("GET", "/API/Customer/42"), NOWHERE) == ()


def test_secret_in_a_path_is_not_told() -> None:
    routes = NearRoutes(CONTRACT, [""], AspNet().make_router(CONTRACT, [""]), SecretNames(["ID"]).is_secret)

    (found,) = routes.find(Request("GET", "/Customer/42"), NOWHERE)

    assert (found.name, found.differences) == ("GET /Customers/{id}", ("differs in one segment",))
    assert found.hint == "Path differs in one segment: did you mean /Customers/{id}?"
