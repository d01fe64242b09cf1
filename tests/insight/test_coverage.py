"""Coverage: what of the contract and of the fixtures requests exercised, and the forms it is written in."""

from __future__ import annotations

import json

import pytest

from mockserver.http.sources import Source
from mockserver.insight.coverage import Coverage, Row, measure_coverage
from mockserver.insight.coverage_texts import write_as_json, write_as_markdown, write_as_table
from mockserver.state.tallies import Trait
from tests.support.files import Write
from tests.support.stubs import load_stub

FILE = """
schema: Customer
records:
  - PersonalId: a
  - PersonalId: b
answers:
  - {name: one, operation: getCustomer, when: {id: x}, reply: {status: 409}}
  - {name: two, operation: getCustomer, when: {id: y}, reply: {status: 409}}
"""


GENERATED = Source("generated")
NONE: frozenset[str] = frozenset()


def trait(status: int, media_type: str | None = None, source: Source = GENERATED, *parameters: str) -> Trait:
    return Trait("getCustomer", status, media_type, source, frozenset(parameters))


def count(coverage: Coverage, part: str) -> dict[str, int]:
    return {row.name: row.count for row in coverage.rows if row.part == part and row.count}


def test_nothing_is_covered_at_first() -> None:
    coverage = measure_coverage(load_stub(), [])

    assert (coverage.covered, coverage.percent, coverage.used) == (0, 0, 0)
    assert coverage.total == len(coverage.rows) > 20


def test_replies_parameters_and_members_are_counted() -> None:
    read = [
        (trait(200, "application/json", GENERATED, "id"), 3, frozenset({"Sex", "DOB"})),
        (trait(200, "text/json", GENERATED, "id", "idType"), 2, frozenset({"Sex", "Other"})),
        (trait(404), 1, frozenset()),
        (trait(418, "text/plain"), 1, frozenset({"Sex"})),
        (Trait("other", 200, None, Source("generated"), frozenset()), 9, frozenset({"Sex"})),
    ]

    coverage = measure_coverage(load_stub(), read)

    assert count(coverage, "reply") == {"200 application/json": 3, "200 text/json": 2, "404": 1, "418 text/plain": 1}
    assert count(coverage, "parameter") == {"path.id": 5, "query.idType": 2}
    assert count(coverage, "member") == {"Sex": 5, "DOB": 3}
    assert [row.name for row in coverage.rows if not row.is_declared] == ["418 text/plain"]
    assert (coverage.covered, coverage.total) == (7, len(coverage.rows) - 1)


def test_unused_fixtures_are_listed(write: Write) -> None:
    stub = load_stub(fixtures=write("f.yaml", FILE))
    record, answer = stub.fixtures.records[0].source, stub.fixtures.answers[0].source
    added = [Source("answer", "new", "run-time"), Source("record", "9", "run-time")]
    slowed = Source("generated", added=(answer,))
    read = [(trait(200, source=each), 1, NONE) for each in (record, slowed)]

    coverage = measure_coverage(stub, read, added)

    assert (coverage.used, coverage.fixtures) == (2, 4)
    assert [(each.kind, each.name) for each in coverage.unused] == [("record", None), ("answer", "two")]
    assert coverage.added_unused == tuple(added)


def test_long_list_of_unused_fixtures_is_cut() -> None:
    unused = tuple(Source("record", place=f"f.yaml:{line}") for line in range(1, 103))
    text = write_as_table(Coverage((), 102, unused))

    assert text.endswith("  record f.yaml:100\n  and 2 more\n")


def test_records_that_are_not_served_are_not_missed(write: Write) -> None:
    stub = load_stub(fixtures=write("f.yaml", FILE), source="generated")

    assert measure_coverage(stub, []).fixtures == 2


ROWS = (
    Row("getThing", "reply", "200 application/json", 1200),
    Row("getThing", "reply", "404", 0),
    Row("getThing", "reply", "418", 1, is_declared=False),
    Row("get|Thing", "parameter", "path.a_b", 0),
)
UNUSED = (Source("record", place="f.yaml:1"), Source("answer", "a*", "f.yaml:2"))
SOME = Coverage(ROWS, 3, UNUSED, (Source("answer", "new", "run-time"),))


def test_coverage_is_written_as_json() -> None:
    assert json.loads(write_as_json(SOME)) == {
        "percent": 33,
        "covered": 1,
        "total": 3,
        "rows": [
            {"operation": "getThing", "part": "reply", "name": "200 application/json", "count": 1200, "declared": True},
            {"operation": "getThing", "part": "reply", "name": "404", "count": 0, "declared": True},
            {"operation": "getThing", "part": "reply", "name": "418", "count": 1, "declared": False},
            {"operation": "get|Thing", "part": "parameter", "name": "path.a_b", "count": 0, "declared": True},
        ],
        "fixtures": {
            "used": 1,
            "total": 3,
            "unused": [
                {"kind": "record", "name": None, "place": "f.yaml:1"},
                {"kind": "answer", "name": "a*", "place": "f.yaml:2"},
            ],
        },
        "added": {"unused": [{"kind": "answer", "name": "new", "place": "run-time"}]},
    }


TABLE = """\
Coverage 33 %: 1 of 3 in the contract, 1 of 3 records and answers used

getThing
  reply      200 application/json   1,200
  reply      404                        -
  reply      418                   1 undeclared

get|Thing
  parameter  path.a_b                   -

Unused fixtures
  record f.yaml:1
  answer a* f.yaml:2
  answer new run-time
"""

MARKDOWN = r"""**Coverage 33 %: 1 of 3 in the contract, 1 of 3 records and answers used**

### getThing

| part | name | requests |
|---|---|--:|
| reply | 200 application/json | 1,200 |
| reply | 404 | - |
| reply | 418 | 1 undeclared |

### get\|Thing

| part | name | requests |
|---|---|--:|
| parameter | path.a\_b | - |

### Unused fixtures

- record f.yaml:1
- answer a\* f.yaml:2
- answer new run-time
"""


def test_coverage_is_written_for_people() -> None:
    assert (write_as_table(SOME), write_as_markdown(SOME)) == (TABLE, MARKDOWN)


@pytest.mark.parametrize(("rows", "percent"), [((), 100), (ROWS[:1], 100), (ROWS[1:2], 0)])
def test_text_is_short_where_nothing_is_missing(rows: tuple[Row, ...], percent: int) -> None:
    coverage = Coverage(rows, 0, ())

    assert coverage.percent == percent
    assert "nused" not in write_as_table(coverage) + write_as_markdown(coverage)
