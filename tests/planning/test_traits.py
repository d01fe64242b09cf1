"""Traits of plans: equal ones are one object, and members are those with a value."""

from __future__ import annotations

from pathlib import Path

import pytest

from mockserver.http.messages import Reply
from mockserver.http.sources import Source
from mockserver.planning.drafts import Draft, JsonValue
from mockserver.planning.planner import Planner
from mockserver.planning.traits import Traits
from mockserver.vendors.vendor import Route
from tests.support.plans import ask, load_boxes, load_planner
from tests.support.shipped import CUSTOMER


@pytest.fixture
def planner(tmp_path: Path) -> Planner:
    return load_planner(tmp_path)


@pytest.mark.parametrize(
    ("target", "status", "media_type", "kind", "parameters"),
    [
        ("/Customers/known", 200, "application/json", "record", {"id"}),
        (
            "/Customers/x?idType=1&IDTYPEEXTREF=b&other=1",
            200,
            "application/json",
            "generated",
            {"id", "idType", "idTypeExtRef"},
        ),
        ("/Customers/known?idType=x", 400, "application/json", "framework", {"id", "idType"}),
        ("/Customers/known?__code=404", 404, None, "code", {"id"}),
        ("/Customers/known?__code=x", 400, "application/json", "preferences", {"id"}),
    ],
)
def test_trait_says_what_was_exercised(
    planner: Planner, target: str, status: int, media_type: str | None, kind: str, parameters: set[str]
) -> None:
    trait = ask(planner, target).trait

    assert trait is not None
    assert (trait.operation, trait.status, trait.media_type) == ("getCustomer", status, media_type)
    assert (trait.source.kind, set(trait.parameters)) == (kind, parameters)


def test_route_that_is_not_there_has_no_trait(planner: Planner) -> None:
    assert ask(planner, "/nowhere").trait is None


def test_equal_traits_are_one_object(planner: Planner) -> None:
    traits = [ask(planner, f"/Customers/{name}?idType=1").trait for name in ("a", "b")]

    assert traits[0] is traits[1]
    assert traits[0] is not ask(planner, "/Customers/a").trait


def test_number_of_shared_traits_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mockserver.planning.traits._KNOWN", 1)
    traits, route = Traits(), Route(CUSTOMER, {}, {})
    drafts = [Draft(CUSTOMER, 200, Source(kind), None) for kind in ("record", "generated")]

    found = [traits.find(route, draft, Reply(200)) for draft in (*drafts, *drafts)]

    assert found[0] is found[2]
    assert found[1] is not found[3]


@pytest.mark.parametrize(
    ("value", "members"),
    [
        ({"a": 1, "b": None, "c": ""}, {"a", "c"}),
        ({"a": {"b": {"c": 1}, "d": None}}, {"a", "a.b", "a.b.c"}),
        ([{"a": 1}, {"b": [{"c": 1}]}], {"a", "b", "b.c"}),
        ("text", set()),
    ],
)
def test_members_are_those_with_a_value(value: object, members: set[str]) -> None:
    assert Traits().find_members(Draft(None, 200, Source("generated"), None, JsonValue(value))) == members


def test_equal_members_are_one_object(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mockserver.planning.traits._KNOWN", 1)
    traits = Traits()
    drafts = [Draft(None, 200, Source("generated"), None, JsonValue({name: 1})) for name in ("a", "b")]

    found = [traits.find_members(each) for each in (*drafts, *drafts)]

    assert found[0] is found[2]
    assert found[1] is not found[3]


def test_body_of_an_operation_is_walked(tmp_path: Path) -> None:
    assert ask(load_boxes(tmp_path), "/boxes/7").members == {"Number", "Label"}
