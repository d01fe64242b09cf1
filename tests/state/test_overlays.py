"""Overlays: which of their answers match, in which order, what they hide, and which of their records are found."""

from functools import partial

import pytest

from mockserver.documents.nodes import Json
from mockserver.fixtures.conditions import Condition
from mockserver.fixtures.records import Record
from mockserver.http.messages import Request
from mockserver.http.preferences import NO_PREFERENCES, Preferences
from mockserver.state.overlays import NO_OVERLAY, NO_RECORDS, AddedRecords, Overlay
from tests.support.answers import list_names, make_answer
from tests.support.calls import count_calls
from tests.support.shipped import CUSTOMER


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


def make_record(key: str, name: str = "", component: str = "Customer", **members: Json) -> Record:
    """Return a record that is called by its `PersonalId` and the rest of its key."""
    own: dict[str, Json] = {"PersonalId": key.partition(",")[0], "FirstName": name}
    return Record(component, {**own, **members}, "run-time", 0, {}, key)


def find_name(records: AddedRecords, id_: str = "a", id_type: int = 0) -> Json:
    """Return the first name in the record that a request selects; None without one."""
    found = records.find(CUSTOMER, "Customer", {"id": id_, "idType": id_type, "idTypeExtRef": ""})
    return None if found is None else found.members["FirstName"]


def test_newest_record_is_found_first() -> None:
    first = NO_RECORDS.with_added([make_record("a", "Ada"), make_record("b", "Bea")])
    found = [find_name(first), find_name(first, "b"), find_name(first, "c")]

    second = first.with_added([make_record("a", "Zed")])

    assert (found, find_name(second), find_name(second, "b")) == (["Ada", "Bea", None], "Zed", "Bea")
    assert ([each.key for each in second], len(first), len(second), find_name(first)) == (["a", "b"], 2, 2, "Ada")


def test_record_with_more_filters_is_found_first() -> None:
    typed = make_record("a,PersonalIdTypeId:1", "Typed", PersonalIdTypeId=1)
    records = NO_RECORDS.with_added([typed]).with_added([make_record("a", "Any")])

    assert [find_name(records, "a", number) for number in (0, 1, 2)] == ["Typed", "Typed", "Any"]


def test_records_of_another_component_are_not_found() -> None:
    records = NO_RECORDS.with_added([make_record("a", "Ada", "Order")])

    assert (find_name(records), find_name(NO_RECORDS)) == (None, None)


def test_record_is_named_by_its_key_or_the_newest_that_adds_to_it() -> None:
    records = NO_RECORDS.with_added([make_record(each) for each in ("a,x:1", "a,x:2", "b", "b,x:1", "bc")])

    found = [records.find_key(key) for key in ("a", "a,x:2", "b", "c", "", "a,x")]

    assert [each and each.key for each in found] == ["a,x:1", "a,x:2", "b", None, None, None]


def test_removed_record_uncovers_the_one_before() -> None:
    typed = make_record("a,PersonalIdTypeId:1", "Typed", PersonalIdTypeId=1)
    records = NO_RECORDS.with_added([typed, make_record("a", "Any")])
    before = find_name(records)

    records = records.without(typed)

    assert (before, find_name(records), [each.key for each in records]) == ("Typed", "Any", ["a"])


def test_size_is_that_of_the_members() -> None:
    long, short = make_record("a", "x" * 1000), make_record("a", "x")
    one = NO_RECORDS.with_added([short])

    both = NO_RECORDS.with_added([long, make_record("b")]).with_added([short])

    assert one.size == len('{"PersonalId":"a","FirstName":"x"}')
    assert (both.size - one.size, both.without(short).size) == (one.size - 1,) * 2


def test_index_follows_the_records() -> None:
    records = NO_RECORDS.with_added([make_record(str(each)) for each in range(10_000)])
    records.prepare(CUSTOMER, "Customer")
    more = records.with_added([make_record("new", "New")])

    calls = [count_calls(partial(find_name, each, "9999")) for each in (records, more, more)]

    assert (calls, find_name(more, "new"), find_name(records, "new")) == ([calls[0]] * 3, "New", None)


def test_records_are_added_beside_answers_and_defaults() -> None:
    answers, defaults = [make_answer("a")], Preferences(code=404)
    records = NO_RECORDS.with_added([make_record("a")])

    overlay = Overlay.of(answers, defaults).with_records(records)

    assert ((*overlay.answers,), overlay.defaults, overlay.records) == ((*answers,), defaults, records)
    assert Overlay.of([], NO_PREFERENCES, records).with_records(NO_RECORDS) is NO_OVERLAY
    assert Overlay.of(answers, defaults, records).records is records


def test_overlay_of_nothing_is_the_shared_one() -> None:
    one, code = make_answer("a"), Preferences(code=404)

    made = [Overlay.of(iter(added), defaults) for added in ([], [one]) for defaults in (NO_PREFERENCES, code)]

    assert [each is NO_OVERLAY for each in made] == [True, False, False, False]
    assert [(each.answers, each.defaults) for each in made[1:]] == [
        ((), code),
        ((one,), NO_PREFERENCES),
        ((one,), code),
    ]


def test_each_overlay_has_its_own_version() -> None:
    first = Overlay([make_answer("a")])
    second = first.with_records(NO_RECORDS.with_added([make_record("a")]))

    overlays = (NO_OVERLAY, first, second, Overlay([make_answer("a")]))
    assert len({each.version for each in overlays}) == 4
    assert second.with_records(NO_RECORDS).version not in {each.version for each in overlays}
