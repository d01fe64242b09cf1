"""Overlays: which of their answers match, in which order, and what they hide."""

import pytest

from mockserver.fixtures.conditions import Condition
from mockserver.http.messages import Request
from mockserver.http.preferences import NO_PREFERENCES, Preferences
from mockserver.state.overlays import NO_OVERLAY, Overlay
from tests.support.answers import list_names, make_answer


def test_answers_match_in_their_order_whatever_their_precision() -> None:
    overlay = Overlay(
        [
            make_answer("all"),
            make_answer("precise", when=[Condition("id", ("1",))]),
            make_answer("other id", when=[Condition("id", ("2",))]),
            make_answer("other operation", operation="getOrder"),
            make_answer("header", headers=[Condition("x-a", (None,))]),
            make_answer("other header", headers=[Condition("x-b", ("1",))]),
        ]
    )

    found = [overlay.find(each, {"id": "1"}, Request("GET", "/")) for each in ("getCustomer", "getOrder", "none")]

    assert list(map(list_names, found)) == [["all", "precise", "header"], ["other operation"], []]


def test_overlay_knows_the_headers_that_are_compared() -> None:
    both = [make_answer(each, headers=[Condition(each, ("1",)), Condition("x-z", ())]) for each in ("x-a", "x-b")]

    assert (Overlay(both).headers, NO_OVERLAY.headers) == (frozenset({"x-a", "x-b", "x-z"}), frozenset())


@pytest.mark.parametrize(("name", "hidden"), [("a", True), ("b", True), ("c", False), ("A", False)])
def test_overlay_hides_answers_of_the_same_name(name: str, hidden: bool) -> None:
    overlay = Overlay([make_answer("a"), make_answer("b", operation="getOrder")])

    assert (overlay.hides(make_answer(name, 200)), NO_OVERLAY.hides(make_answer(name))) == (hidden, False)


def test_overlay_of_nothing_is_the_shared_one() -> None:
    one, code = make_answer("a"), Preferences(code=404)

    made = [Overlay.of(iter(added), defaults) for added in ([], [one]) for defaults in (NO_PREFERENCES, code)]

    assert [each is NO_OVERLAY for each in made] == [True, False, False, False]
    assert [(each.answers, each.defaults) for each in made[1:]] == [
        ((), code),
        ((one,), NO_PREFERENCES),
        ((one,), code),
    ]
