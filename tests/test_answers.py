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

from mockserver.answers import INDEX_LIMIT, Answer, AnswerIndex, AnswerReply, Condition, Delay, Template
from mockserver.contract import Arguments
from mockserver.documents import Scalar
from mockserver.effects import Effect
from mockserver.exchange import Headers, Request
from mockserver.openapi import load_contract

REQUEST = Request("GET", "/")
OPERATION = load_contract(Path(__file__).parents[1] / "openapi.yaml").operations[0]
NOT_FOUND = AnswerReply(404)
repeatable = settings(derandomize=True, database=None, deadline=None, max_examples=300)


def equal(parameter: str, *values: Scalar) -> Condition:
    return Condition(parameter, values)


def like(parameter: str, pattern: str) -> Condition:
    return Condition(parameter, pattern=re.compile(pattern))


def answer(
    name: str,
    *when: Condition,
    operation: str = "getCustomer",
    headers: Sequence[Condition] = (),
    call: int | None = None,
) -> Answer:
    return Answer(name, operation, when, NOT_FOUND, "fixtures/answers.yaml:1", headers=tuple(headers), call=call)


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

NO_HEADER = equal("x-a", None)

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
        "a header counts like a parameter",
        [SCALAR, answer("header", equal("id", "1"), headers=[NO_HEADER])],
        ["header", "scalar"],
    ),
    ("a regex on a header too", [answer("regex", headers=[like("x-a", "")]), SCALAR], ["scalar", "regex"]),
    ("a list for a header too", [answer("list", headers=[equal("x-a", "", "1")]), SCALAR], ["scalar", "list"]),
    ("the number of the call too", [SCALAR, answer("call", call=1), ALL], ["scalar", "call", "all"]),
    ("the call beside others", [SCALAR, answer("call", equal("id", "1"), call=2)], ["call", "scalar"]),
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
    (answer("by header", headers=[equal("x-a", "1")]), answer("same", headers=[equal("x-a", "1", "1")]), True),
    (answer("by header", headers=[equal("x-a", None)]), answer("blank", headers=[equal("x-a", " ")]), True),
    (ALL, answer("by header", headers=[equal("x-a", "1")]), False),
    (answer("by header", headers=[equal("id", "1")]), SCALAR, False),
    (replace(ALL, call=2), replace(ALL, call=2), True),
    (replace(ALL, call=2), replace(ALL, call=3), False),
    (replace(ALL, call=1), ALL, False),
    (replace(ALL, times=1), ALL, True),
    (replace(ALL, reply=AnswerReply(200)), ALL, True),
]


@pytest.mark.parametrize(("one", "other", "expected"), IDENTITIES)
def test_identity_is_what_an_answer_compares(one: Answer, other: Answer, expected: bool) -> None:
    assert (one.identity == other.identity) is expected


DECORATIONS: list[tuple[AnswerReply, bool]] = [
    (AnswerReply(headers=(("X-A", "1"),)), True),
    (AnswerReply(delay=Delay(1, 1)), True),
    (AnswerReply(fault="reset"), True),
    (AnswerReply(chance=0.5, headers=(("X-A", "1"),)), True),
    (AnswerReply(sequence=(AnswerReply(delay=Delay(1, 1)),)), False),
    (AnswerReply(status=200), False),
    (AnswerReply(json="null"), False),
    (AnswerReply(text=b""), False),
]


# What is counted and drawn

DRAWN = Delay(1, 3)


@pytest.mark.parametrize(
    ("reply", "is_drawn"),
    [
        (NOT_FOUND, False),
        (AnswerReply(delay=Delay(1, 1)), False),
        (AnswerReply(delay=DRAWN), True),
        (AnswerReply(chance=0.5), True),
        (AnswerReply(sequence=(NOT_FOUND, AnswerReply(delay=Delay(1, 1)))), False),
        (AnswerReply(sequence=(NOT_FOUND, AnswerReply(delay=DRAWN))), True),
    ],
)
def test_reply_is_drawn_where_calls_may_differ_by_chance(reply: AnswerReply, is_drawn: bool) -> None:
    assert reply.is_drawn is is_drawn


@pytest.mark.parametrize(
    ("given", "is_counted"),
    [
        (ALL, False),
        (replace(ALL, call=1), True),
        (replace(ALL, times=1), True),
        (replace(ALL, reply=AnswerReply(sequence=(NOT_FOUND,))), True),
        (replace(ALL, reply=AnswerReply(delay=DRAWN)), True),
        (replace(ALL, reply=AnswerReply(404, chance=1)), True),
        (replace(ALL, reply=AnswerReply(404, delay=Delay(1, 1), fault="reset")), False),
    ],
)
def test_answer_is_counted_where_calls_differ(given: Answer, is_counted: bool) -> None:
    assert given.is_counted is is_counted


@pytest.mark.parametrize(
    ("delay", "is_drawn", "picked"),
    [
        (Delay(1, 3), True, [1, 1.5, 2, 3]),
        (Delay(0, 60), True, [0, 15, 30, 60]),
        (Delay(2, 2), False, [2, 2, 2, 2]),
        (Delay(0, 0), False, [0, 0, 0, 0]),
    ],
)
def test_delay_lies_in_its_range(delay: Delay, is_drawn: bool, picked: list[float]) -> None:
    assert (delay.is_drawn, [delay.pick(fraction) for fraction in (0, 0.25, 0.5, 1)]) == (is_drawn, picked)


@pytest.mark.parametrize(
    ("reply", "effect"),
    [
        (NOT_FOUND, Effect()),
        (AnswerReply(delay=Delay(1, 3)), Effect(2)),
        (AnswerReply(delay=Delay(0, 0)), Effect(0)),
        (AnswerReply(fault="dribble", dribble=7), Effect(None, "dribble", 7)),
        (AnswerReply(404, delay=Delay(1, 1), fault="reset"), Effect(1, "reset")),
    ],
)
def test_effect_is_the_delay_and_the_fault(reply: AnswerReply, effect: Effect) -> None:
    assert reply.effect(0.5) == effect


FIRST, SECOND, THIRD = AnswerReply(500), AnswerReply(429), AnswerReply(200)


@pytest.mark.parametrize(
    ("reply", "statuses"),
    [
        (FIRST, [500] * 7),
        (AnswerReply(sequence=(FIRST,)), [500] * 7),
        (AnswerReply(sequence=(FIRST, SECOND, THIRD)), [500, 429, 200, 200, 200, 200, 200]),
        (AnswerReply(sequence=(FIRST, SECOND, THIRD), is_cycle=True), [500, 429, 200, 500, 429, 200, 500]),
        (AnswerReply(sequence=(FIRST,), is_cycle=True), [500] * 7),
    ],
)
def test_sequence_ends_with_its_last_or_begins_again(reply: AnswerReply, statuses: list[int]) -> None:
    assert [reply.at(number).status for number in range(1, 8)] == statuses


# Placeholders

ASKED_FOR: Arguments = {"id": "a b", "idType": 7, "blank": None}


@pytest.mark.parametrize(
    ("template", "headers", "json", "text"),
    [
        (Template((("X-Id", "<{id}>"), ("X-Id", "{{id}}"))), (("X-Id", "<a b>"), ("X-Id", "{id}")), "null", b"old"),
        (Template((("X-Type", "{idType}{blank}{other}"),)), (("X-Type", "7"),), "null", b"old"),
        (Template(body={"{id}": ["{idType}", "{id}!", "{blank}"]}), (), '{"{id}":[7,"a b!",null]}', b"old"),
        (Template(body="{{id}}"), (), '"{id}"', b"old"),
        (Template(text="{id} {idType} {{id}}"), (), "null", b"a b 7 {id}"),
        (Template(text=""), (), "null", b""),
    ],
)
def test_reply_is_filled_in_by_its_template(template: Template, headers: Headers, json: str, text: bytes) -> None:
    reply = AnswerReply(200, json="null", text=b"old", delay=DRAWN, template=template)

    assert reply.fill(ASKED_FOR) == replace(reply, headers=headers, json=json, text=text)


def test_reply_without_a_template_stays_as_it_is() -> None:
    reply = AnswerReply(200, (("X-Id", "{id}"),), json='"{id}"', text=b"{id}")

    assert reply.fill(ASKED_FOR) is reply


@pytest.mark.parametrize(
    ("argument", "value"),
    [
        ("a b/c:d,e.f+g-h_i~j@(k)", "a b/c:d,e.f+g-h_i~j@(k)"),
        ("a\r\nSet-Cookie: b", "a%0D%0ASet-Cookie: b"),
        ("\x00\t\x7f\x85\u2028", "%00%09%7F%C2%85%E2%80%A8"),
        ("ü", "%C3%BC"),
        ("ש", "%D7%A9"),
        ("100%", "100%"),
        ("\ud800", "?"),
    ],
)
def test_argument_in_a_header_is_percent_encoded(argument: str, value: str) -> None:
    reply = AnswerReply(template=Template((("X-Ü", "ü {id}"),))).fill({"id": argument})

    assert reply.headers == (("X-Ü", f"ü {value}"),)


@pytest.mark.parametrize(
    ("charset", "text"),
    [("utf-8", "ü ש".encode()), ("latin-1", b"\xfc ?"), ("ascii", b"? ?"), ("utf-16-le", "ü ש".encode("utf-16-le"))],
)
def test_text_is_filled_in_by_its_charset(charset: str, text: bytes) -> None:
    reply = AnswerReply(template=Template(text="ü {id}", charset=charset)).fill({"id": "ש"})

    assert reply.text == text


# Headers of the request


@pytest.mark.parametrize(
    ("condition", "sent", "expected"),
    [
        (equal("x-a", "1"), (("x-a", "1"),), True),
        (equal("x-a", "1"), (("x-b", "1"),), False),
        (equal("x-a", "1"), (), False),
        (equal("x-a", "a"), (("x-a", "A"),), False),
        (equal("x-a", "a", "b"), (("x-a", "b"),), True),
        (equal("x-a", None), (), True),
        (equal("x-a", None), (("x-a", " "),), True),
        (equal("x-a", None), (("x-a", "1"),), False),
        (equal("x-a", ""), (), True),
        (like("x-a", "a.*"), (("x-a", "abc"),), True),
        (like("x-a", "a"), (("x-a", "ab"),), False),
        (like("x-a", ".+"), (), False),
        (like("x-a", ""), (), True),
    ],
)
@pytest.mark.parametrize("ordered", [False, True])
def test_header_is_compared_like_a_parameter(
    condition: Condition, sent: Headers, expected: bool, ordered: bool
) -> None:
    index = AnswerIndex(OPERATION.id, [answer("one", equal("id", "1"), headers=[condition])], ordered=ordered)

    found = index.find(arguments("1"), Request("GET", "/", headers=sent))

    assert len(found) == expected


def test_every_header_has_to_be_met() -> None:
    both = answer("both", headers=[equal("x-a", "1"), equal("x-b", "2")])
    sent = [(("x-a", "1"),), (("x-b", "2"),), (("x-a", "1"), ("x-b", "2"))]

    assert [both.has_headers(Request("GET", "/", headers=each)) for each in sent] == [False, False, True]


@pytest.mark.parametrize("answers", [[ALL, REGEX, SCALAR, ALL_THREE], [ALL_THREE, SCALAR, ALL, REGEX]])
def test_ordered_index_finds_in_the_order_given(answers: list[Answer]) -> None:
    other = answer("other", operation="getOrder")

    found = AnswerIndex(OPERATION.id, [other, *answers], ordered=True).find(arguments("1"), REQUEST)

    assert found == answers


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


@pytest.mark.parametrize("sent", ["Zürich", "Zürich".encode().decode("latin-1")])
def test_header_beyond_ascii_is_met_in_latin_1_and_in_utf_8(sent: str) -> None:
    named = replace(answer("named"), headers=(Condition("x-city", ("Zürich",)),))

    assert named.has_headers(Request("GET", "/", headers=(("x-city", sent),)))
    assert not named.has_headers(Request("GET", "/", headers=(("x-city", f"{sent}é"),)))
