"""Answers written by hand: what their conditions compare, which one comes first, and how they are looked up."""

from __future__ import annotations

import gc
import re
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from types import FrameType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mockserver.answers import INDEX_LIMIT, Answer, AnswerIndex, AnswerReply, Condition
from mockserver.contract import Arguments
from mockserver.documents import Scalar
from mockserver.exchange import Request
from mockserver.openapi import load_contract

REQUEST = Request("GET", "/")
OPERATION = load_contract(Path(__file__).parents[1] / "openapi.yaml").operations[0]
NOT_FOUND = AnswerReply(404)
repeatable = settings(derandomize=True, database=None, deadline=None, max_examples=300)


def equal(parameter: str, *values: Scalar) -> Condition:
    return Condition(parameter, values)


def like(parameter: str, pattern: str) -> Condition:
    return Condition(parameter, pattern=re.compile(pattern))


def answer(name: str, *when: Condition, operation: str = "getCustomer") -> Answer:
    return Answer(name, operation, when, NOT_FOUND, "fixtures/answers.yaml:1")


def arguments(id: str | None = "1", idType: int = 0, idTypeExtRef: str = "") -> Arguments:  # noqa: A002, N803  # the contract's names
    return {"id": id, "idType": idType, "idTypeExtRef": idTypeExtRef}


def find_names(answers: Sequence[Answer], asked: Arguments) -> list[str]:
    return [each.name for each in AnswerIndex(OPERATION.id, answers).find(asked, REQUEST)]


CONDITIONS: list[tuple[Condition, Scalar, bool]] = [
    (equal("id", "1"), "1", True),
    (equal("id", "1"), "01", False),
    (equal("id", "a"), "A", False),
    (equal("id", "a", "b"), "b", True),
    (equal("id", "a", "b"), "c", False),
    (equal("id"), "a", False),
    (equal("id", None), None, True),
    (equal("id", ""), None, True),
    (equal("id", " \u3000"), None, True),
    (equal("id", None), "", True),
    (equal("id", None), "a", False),
    (equal("id", "a"), None, False),
    # The framework takes this for text, Python's `strip` for white space.
    (equal("id", "\x1c"), None, False),
    (equal("id", "\x1c"), "\x1c", True),
    (equal("idType", 1), 1, True),
    (equal("idType", -1), -1, True),
    (equal("idType", 1), 11, False),
    (Condition("isNew", (True,)), True, True),
    (Condition("isNew", (True,)), False, False),
    (like("id", "a.*"), "abc", True),
    (like("id", "a"), "ab", False),
    (like("id", "b"), "ab", False),
    (like("id", "a|ab"), "ab", True),
    (like("id", "a$"), "a\n", False),
    (like("id", ""), None, True),
    (like("id", "null|None"), None, False),
    (like("idType", "[12]"), 2, True),
    (like("idType", "-?1"), -1, True),
    (like("isNew", "true"), True, True),
    (like("isNew", "False"), False, False),
]


@pytest.mark.parametrize(("condition", "argument", "expected"), CONDITIONS)
def test_condition_compares_the_whole_value(condition: Condition, argument: Scalar, expected: bool) -> None:
    assert condition.is_met(argument) is expected


@pytest.mark.parametrize(("condition", "argument", "expected"), [row for row in CONDITIONS if row[0].parameter == "id"])
def test_index_finds_by_the_same_comparison(condition: Condition, argument: Scalar, expected: bool) -> None:
    found = AnswerIndex(OPERATION.id, [answer("one", condition)]).find({**arguments(), "id": argument}, REQUEST)

    assert len(found) == expected


ALL = answer("all")
SCALAR = answer("scalar", equal("id", "1"))
LIST = answer("list", equal("id", "1", "2"))
REGEX = answer("regex", like("id", "."))
TYPE = answer("type", equal("idType", 1))
SCALAR_AND_REGEX = answer("scalar and regex", equal("id", "1"), like("idType", "."))
TWO_LISTS = answer("two lists", equal("id", "1", "2"), equal("idType", 1, 2))
LIST_AND_SCALAR = answer("list and scalar", equal("id", "1", "2"), equal("idType", 1))
ALL_THREE = answer("three regexes", like("id", ".*"), like("idType", ".*"), like("idTypeExtRef", ".*"))

RANKS: list[tuple[str, list[Answer], list[str]]] = [
    ("more parameters first", [SCALAR, ALL_THREE], ["three regexes", "scalar"]),
    ("a parameter before none", [ALL, REGEX], ["regex", "all"]),
    ("scalar before list", [LIST, SCALAR], ["scalar", "list"]),
    ("list before regex", [REGEX, LIST], ["list", "regex"]),
    ("scalar before regex", [REGEX, SCALAR], ["scalar", "regex"]),
    ("file order", [SCALAR, TYPE], ["scalar", "type"]),
    ("file order the other way", [TYPE, SCALAR], ["type", "scalar"]),
    ("fewer lists first", [TWO_LISTS, LIST_AND_SCALAR], ["list and scalar", "two lists"]),
    ("lists before a regex", [SCALAR_AND_REGEX, TWO_LISTS], ["two lists", "scalar and regex"]),
    (
        "all kinds",
        [ALL, REGEX, LIST, SCALAR, SCALAR_AND_REGEX, ALL_THREE],
        ["three regexes", "scalar and regex", "scalar", "list", "regex", "all"],
    ),
]


@pytest.mark.parametrize(("answers", "expected"), [row[1:] for row in RANKS], ids=[row[0] for row in RANKS])
def test_more_precise_answer_comes_first(answers: list[Answer], expected: list[str]) -> None:
    assert find_names(answers, arguments("1", 1)) == expected


def test_answer_compares_only_the_parameters_it_names() -> None:
    assert find_names([SCALAR], arguments("1", 7, "anything")) == ["scalar"]


def test_every_condition_has_to_be_met() -> None:
    assert find_names([LIST_AND_SCALAR], arguments("1", 2)) == []


def test_answers_of_other_operations_are_left_out() -> None:
    assert find_names([answer("theirs", equal("id", "1"), operation="getOrder")], arguments()) == []


def test_answer_that_lists_a_value_twice_is_found_once() -> None:
    assert find_names([answer("twice", equal("id", "1", "1", "2")), ALL], arguments()) == ["twice", "all"]


@pytest.mark.parametrize("count", [INDEX_LIMIT // 100, INDEX_LIMIT // 100 + 1])
def test_many_combinations_are_found_on_both_sides_of_the_limit(count: int) -> None:
    large = answer("large", equal("id", *map(str, range(count))), equal("idType", *range(100)))

    found = [find_names([ALL, large], arguments(str(count - 1), type_id)) for type_id in (99, 100)]

    assert found == [["large", "all"], ["all"]]


IDENTITIES: list[tuple[Answer, Answer, bool]] = [
    (ALL, answer("other name"), True),
    (SCALAR, answer("as a list", equal("id", "1")), True),
    (LIST, answer("other order", equal("id", "2", "1", "2")), True),
    (answer("null", equal("id", None)), answer("blank", equal("id", "")), True),
    (TWO_LISTS, answer("turned", equal("idType", 2, 1), equal("id", "1", "2")), True),
    (REGEX, answer("same", like("id", ".")), True),
    (ALL, SCALAR, False),
    (SCALAR, answer("as regex", like("id", "1")), False),
    (SCALAR, LIST, False),
    (REGEX, answer("other", like("id", "..")), False),
    (SCALAR, answer("other parameter", equal("idTypeExtRef", "1")), False),
    (SCALAR, replace(SCALAR, operation="getOrder"), False),
]


@pytest.mark.parametrize(("one", "other", "expected"), IDENTITIES)
def test_identity_is_what_an_answer_compares(one: Answer, other: Answer, expected: bool) -> None:
    assert (one.identity == other.identity) is expected


DECORATIONS: list[tuple[AnswerReply, bool]] = [
    (AnswerReply(headers=(("X-A", "1"),)), True),
    (AnswerReply(status=200), False),
    (AnswerReply(json="null"), False),
    (AnswerReply(text=b""), False),
]


@pytest.mark.parametrize(("reply", "expected"), DECORATIONS)
def test_reply_without_status_and_body_is_a_decoration(reply: AnswerReply, expected: bool) -> None:
    assert reply.is_decoration is expected


def find_naively(answers: Sequence[Answer], asked: Arguments) -> list[Answer]:
    """The rules of the work item, one answer after the other."""
    met = [each for each in answers if all(is_met_naively(c, asked[c.parameter]) for c in each.when)]
    return sorted(met, key=lambda each: (-len(each.when), sorted(map(rank_kind, each.when), reverse=True)))


def rank_kind(condition: Condition) -> int:
    return 2 if condition.pattern else len(condition.values) > 1


def is_met_naively(condition: Condition, argument: Scalar) -> bool:
    if condition.pattern:
        return bool(condition.pattern.fullmatch("" if argument is None else str(argument)))
    return any(blank_to_null(value) == blank_to_null(argument) for value in condition.values)


def blank_to_null(value: Scalar) -> Scalar:
    return None if value in ("", " ") else value


def conditions(parameter: str, values: st.SearchStrategy[Scalar]) -> st.SearchStrategy[Condition]:
    lists = st.lists(values, min_size=1, max_size=4, unique_by=blank_to_null)
    patterns = st.sampled_from(["", "a", "a|b", ".", ".*", "[12]", "-?[0-9]+"])
    return st.one_of(
        lists.map(lambda listed: equal(parameter, *listed)), patterns.map(lambda text: like(parameter, text))
    )


TEXTS: st.SearchStrategy[Scalar] = st.sampled_from(["a", "b", "1", "", " ", None])
NUMBERS: st.SearchStrategy[Scalar] = st.integers(-1, 2)
WHEN = st.fixed_dictionaries(
    {},
    optional={
        "id": conditions("id", TEXTS),
        "idType": conditions("idType", NUMBERS),
        "idTypeExtRef": conditions("idTypeExtRef", TEXTS),
    },
).flatmap(lambda found: st.permutations(list(found.values())))
ASKED = st.builds(
    arguments,
    id=st.sampled_from(["a", "b", "1", "c", None]),
    idType=st.integers(-1, 3),
    idTypeExtRef=st.sampled_from(["", "a", "1"]),
)


@repeatable
@given(st.lists(WHEN, max_size=10), ASKED)
def test_index_finds_what_a_plain_search_finds(whens: list[list[Condition]], asked: Arguments) -> None:
    answers = [answer(str(order), *when) for order, when in enumerate(whens)]

    found = AnswerIndex(OPERATION.id, answers).find(asked, REQUEST)

    assert found == find_naively(answers, asked)


def count_calls(work: Callable[[], object]) -> int:
    """The functions, of Python and of C, that the *work* calls."""
    calls = 0

    def count(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal calls
        calls += event in ("call", "c_call")

    # The collector calls back whoever has asked it to, at times that have nothing to do with the look-up.
    gc.disable()
    sys.setprofile(count)
    try:
        work()
    finally:
        sys.setprofile(None)
        gc.enable()
    return calls


def an_answer_for_each(count: int) -> list[Answer]:
    return [answer(str(number), equal("id", str(number))) for number in range(count)]


def one_long_list(count: int) -> list[Answer]:
    return [answer("long", equal("id", *map(str, range(2 * count))))]


@pytest.mark.parametrize("make", [an_answer_for_each, one_long_list])
@pytest.mark.parametrize("asked", [arguments("1"), arguments("none")])
def test_ten_thousand_values_cost_no_more_than_ten(make: Callable[[int], list[Answer]], asked: Arguments) -> None:
    few, many = AnswerIndex(OPERATION.id, make(10)), AnswerIndex(OPERATION.id, make(10_000))

    calls = count_calls(lambda: many.find(asked, REQUEST))

    assert calls == count_calls(lambda: few.find(asked, REQUEST))
    assert calls < 50


def test_more_combinations_than_the_limit_are_not_written_out() -> None:
    side = 2 * int(INDEX_LIMIT**0.5)
    large = answer("large", equal("id", *map(str, range(side))), equal("idType", *range(side)))

    calls = count_calls(lambda: AnswerIndex(OPERATION.id, [large]))

    assert calls < INDEX_LIMIT
