"""What grows with an input grows no faster than the input: twice as much of it takes at most about twice the steps."""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from pathlib import Path

import pytest

from mockserver.documents.problems import DocumentError
from mockserver.generation.edges import list_edges
from mockserver.generation.generator import find_gaps
from mockserver.state.overlays import Overlay
from mockserver.stub.loading import Stub, load_stub
from mockserver.stub.settings import Settings
from mockserver.web.admin.posted import read_answers, read_records, read_sent_defaults
from mockserver.web.app import create_app
from tests.support.calls import count_calls

RECORD = "schema: Customer\nrecords:\n- PersonalId: a\n"
ANSWER = "answers:\n- name: a\n  operation: getCustomer\n  reply: {status: 200}\n"

FILES = [
    # What comes once, and what is repeated with its number.
    ("unknown members", RECORD, "  Unheard{}: 5\n"),
    ("members like known ones", RECORD, "  FirstName{}: x\n"),
    ("wrong entries", f"{RECORD}  CustomProperties:\n", "    K{}: 5\n"),
    ("wrong items", f"{RECORD}  CustomProperties:\n    a:\n", "    - {}\n"),
    ("wrong records", "schema: Customer\nrecords:\n", "- {{PersonalId: a{}, Sex: 9, Unheard: 1}}\n"),
    ("equal records", "schema: Customer\nrecords:\n", "- {{PersonalId: a}} # {}\n"),
    ("unknown keys", ANSWER, "  k{}: 5\n"),
    ("unknown parameters", f"{ANSWER}  when:\n", "    k{}: 5\n"),
    ("unknown headers", f"{ANSWER}  when:\n    headers:\n", "      k {}: 5\n"),
    ("values", f"{ANSWER}  when:\n    id:\n", "    - a{}\n"),
    ("unknown operations", "answers:\n", "- {{name: a{}, operation: getCustomers, reply: {{status: 500}}}}\n"),
    ("equal answers", "answers:\n", "- {{name: a, operation: getCustomer, reply: {{status: 500}}}} # {}\n"),
    ("placeholders", "answers:\n- name: a\n  operation: getCustomer\n  reply:\n    text: x\n", "      {{k{}}}\n"),
    ("unknown body members", f"{ANSWER[:-16]}{{body: {{PersonalId: a,\n", "    k{}: 5,\n"),
]


@pytest.mark.parametrize(("start", "entry"), [row[1:] for row in FILES], ids=[row[0] for row in FILES])
def test_cost_of_problems_grows_linearly_with_file(start: str, entry: str, tmp_path: Path) -> None:
    def load(number: int) -> None:
        closing = "}}" if start.endswith(",\n") else ""
        text = f"{start}{''.join(map(entry.format, range(number)))}{closing}"
        (tmp_path / "a.yaml").write_text(text, encoding="utf-8")
        with suppress(DocumentError):
            load_stub(Settings(fixtures=tmp_path, source="fixtures"))

    load(1)
    first, second, third = (count_calls(partial(load, n)) for n in (200, 600, 1000))

    assert third - second <= 1.2 * (second - first) + 1000


def test_cost_of_a_reset_does_not_grow_with_requests() -> None:
    client = create_app().test_client()

    def ask(number: int) -> int:
        for _ in range(number):
            client.get("/API/Customers/1")
        return count_calls(lambda: client.post("/__mock/reset"))

    ask(1)
    assert ask(300) <= ask(2) + 100


BODIES = [
    ("an answer", "{{{}}}", '"k{}": 1'),
    ("answers", "[{}]", '{{"k{}": 1}}'),
    ("no answers", "[{}]", "{}"),
    (
        "a condition",
        '{{"name": "a", "operation": "getCustomer", "when": {{{}}}, "reply": {{"status": 500}}}}',
        '"k{}": 1',
    ),
]


@pytest.fixture(scope="module")
def stub() -> Stub:
    return load_stub(Settings())


@pytest.mark.parametrize(("whole", "entry"), [row[1:] for row in BODIES], ids=[row[0] for row in BODIES])
def test_sent_document_costs_what_it_is_long(whole: str, entry: str, stub: Stub) -> None:
    def read(number: int) -> DocumentError:
        with pytest.raises(DocumentError) as caught:
            read_answers(stub, whole.format(",".join(map(entry.format, range(number)))).encode(), "application/json")
        return caught.value

    first, second, third = (count_calls(partial(read, n)) for n in (200, 600, 1000))

    assert third - second <= 1.2 * (second - first) + 1000
    assert (len(read(1000).lines), len(str(read(1000))) < 40_000) == (101, True)


@pytest.mark.parametrize(
    "entry",
    ['{{"k{}": 1}}', '{{"PersonalId": "a", "k{}": 1}}', '{{"PersonalId": "a"}}', '{{"PersonalId": "a{}", "Sex": 9}}'],
)
def test_sent_records_cost_what_they_are_long(entry: str, stub: Stub) -> None:
    def read(number: int) -> DocumentError:
        body = '{{"schema": "Customer", "records": [{}]}}'.format(",".join(map(entry.format, range(number))))
        with pytest.raises(DocumentError) as caught:
            read_records(stub, body.encode(), "application/json")
        return caught.value

    first, second, third = (count_calls(partial(read, n)) for n in (200, 600, 1000))

    assert third - second <= 1.2 * (second - first) + 1000
    assert len(read(1000).lines) == 101


def test_sent_defaults_cost_what_they_are_long(stub: Stub) -> None:
    def read(number: int) -> DocumentError:
        body = "{{{}}}".format(",".join(f'"k{each}": 1' for each in range(number)))
        with pytest.raises(DocumentError) as caught:
            read_sent_defaults(stub, body.encode(), Overlay())
        return caught.value

    first, second, third = (count_calls(partial(read, n)) for n in (200, 600, 1000))

    assert third - second <= 1.2 * (second - first) + 1000
    assert read(1000).lines[-1] == "and 900 more"


def list_schema(least: int, items: str, **more: object) -> dict[str, object]:
    rule = {"type": "array", "minItems": least, "items": {"type": items}, **more}
    return {"type": "object", "properties": {"List": rule}}


@pytest.mark.parametrize("items", ["integer", "string"])
@pytest.mark.parametrize("is_unique", [True, False])
def test_long_list_costs_what_it_is_long(items: str, is_unique: bool) -> None:
    find_gaps(list_schema(1, items))
    first, second, third = (
        count_calls(partial(find_gaps, list_schema(n, items, uniqueItems=is_unique))) for n in (1100, 1600, 2100)
    )

    assert third - second <= 1.3 * (second - first) + 1000


def nest_lists(levels: int, least: int) -> dict[str, object]:
    inner = nest_lists(levels - 1, least) if levels > 1 else {"type": "integer"}
    return {"type": "array", "minItems": least, "items": inner}


def nest_in_object(rule: dict[str, object]) -> dict[str, object]:
    return {"type": "object", "properties": {"a": rule}, "required": ["a"]}


@pytest.mark.parametrize(
    "rule",
    [
        nest_lists(1, 10**12),
        nest_lists(3, 1000),
        nest_lists(12, 10),
        {"type": "array", "minItems": 1000, "items": nest_in_object(nest_lists(2, 1000))},
        {"type": "array", "minItems": 1000, "items": {"oneOf": [nest_lists(2, 1000)]}},
        {"type": "string", "minLength": 10**12},
    ],
)
def test_value_that_no_machine_holds_is_a_gap(rule: dict[str, object]) -> None:
    schema = nest_in_object(rule)

    assert find_gaps(schema) == ("a",)
    assert list_edges(schema) == ()
