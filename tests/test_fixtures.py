"""Fixture files: which are read and in which order, the faults of all of them at once, and what is served of them."""

from __future__ import annotations

import gc
import json
import os
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from marshmallow import Schema, fields

from mockserver.checking import Plan
from mockserver.documents import DocumentError, Fault, StartError
from mockserver.exchange import Request
from mockserver.openapi import load_contract
from mockserver.readers import Fixtures, find_files, load_fixtures
from mockserver.schemas import Schemas
from mockserver.sessions import Session
from mockserver.stub import load_stub

CONTRACT = load_contract(Path(__file__).parents[1] / "openapi.yaml")
SCHEMAS = Schemas()
CHANGE = "Change the record or the contract."
ON_PURPOSE = "Change it, or write unchecked: true beside reply if that is on purpose."
FIVE = 'is 5, the contract wants a string. Quote it, or leading zeros and digits are lost: "5".'


def write(folder: Path, files: Mapping[str, str | bytes]) -> Path:
    """Make a folder of files, by their paths in it."""
    for name, content in files.items():
        file = folder / "mine" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder / "mine"


def records(*members: str) -> str:
    return "schema: Customer\nrecords:\n" + "".join(f"- {{{each}}}\n" for each in members)


def answers(*members: str) -> str:
    return "answers:\n" + "".join(f"- {{operation: getCustomer, {each}}}\n" for each in members)


def load(folder: Path, files: Mapping[str, str | bytes], *, refuse_breaches: bool = True) -> Fixtures:
    return load_fixtures(write(folder, files), CONTRACT, SCHEMAS, name="mine", refuse_breaches=refuse_breaches)


def find_faults(folder: Path, files: Mapping[str, str | bytes], *, refuse_breaches: bool = True) -> list[str]:
    with pytest.raises(DocumentError) as caught:
        load(folder, files, refuse_breaches=refuse_breaches)
    return str(caught.value).split("\n")


@pytest.fixture
def collection() -> Iterator[None]:
    """Leaves the search for garbage on, as it is everywhere else."""
    yield
    gc.enable()


# Files


def test_files_are_read_in_the_order_of_their_relative_paths(tmp_path: Path) -> None:
    names = ["b.yaml", "a/z.yaml", "a.yaml", "a/b/c.yml", "B.yaml", "a-b.yaml", "a.yml"]

    read = load(tmp_path, {name: records(f"PersonalId: {name}") for name in names})

    expected = ["B.yaml", "a-b.yaml", "a.yaml", "a.yml", "a/b/c.yml", "a/z.yaml", "b.yaml"]
    assert [record.members["PersonalId"] for record in read.records] == expected
    assert read.files == tuple(f"mine/{name}" for name in expected)


@pytest.mark.parametrize("name", ["a.yaml", "a.yml", "A.YAML", "a.b.Yml", "sub/a.yaml", "sub/deeper/a.yml"])
def test_yaml_file_is_read(name: str, tmp_path: Path) -> None:
    folder = write(tmp_path, {name: ""})

    assert find_files(folder) == [folder / name]


@pytest.mark.parametrize("name", [".a.yaml", ".git/a.yaml", "sub/.x/y/a.yml", "a.json", "a.yaml~", "README.md", "yaml"])
def test_any_other_file_is_skipped(name: str, tmp_path: Path) -> None:
    folder = write(tmp_path, {name: "", "read.yaml": ""})

    assert find_files(folder) == [folder / "read.yaml"]


def test_folder_below_a_dot_folder_is_read(tmp_path: Path) -> None:
    folder = write(tmp_path / ".cache", {"a.yaml": records("PersonalId: a")})

    assert find_files(folder) == [folder / "a.yaml"]


def test_empty_folder_has_no_fixtures(tmp_path: Path) -> None:
    assert load_fixtures(tmp_path, CONTRACT, SCHEMAS) == Fixtures(path=tmp_path)


def test_label_of_a_file_leads_to_its_path(tmp_path: Path) -> None:
    read = load_fixtures(write(tmp_path, {"sub/a.yaml": records("PersonalId: a")}), CONTRACT, SCHEMAS, name="here/")

    assert (read.files, read.path_of("mine/sub/a.yaml")) == (("mine/sub/a.yaml",), "here/sub/a.yaml")


@pytest.mark.parametrize("name", ["one.yaml", "one.txt", ".one"])
def test_one_file_is_read_whatever_its_name(name: str, tmp_path: Path) -> None:
    file = write(tmp_path, {name: records("PersonalId: a"), "other.yaml": "no: fixture"}) / name

    read = load_fixtures(file, CONTRACT, SCHEMAS)

    assert read.files == (name,)
    assert [record.source for record in read.records] == [f"{name}:3"]


@pytest.mark.parametrize("name", ["missing", "missing.yaml", "read.yaml/missing"])
def test_missing_folder_or_file_is_told(name: str, tmp_path: Path) -> None:
    path = write(tmp_path, {"read.yaml": ""}) / name

    with pytest.raises(StartError) as caught:
        load_fixtures(path, CONTRACT, SCHEMAS)

    assert str(caught.value) == f"{path}: there is no such folder or file. Name the folder of the fixtures."


def test_folder_that_cannot_be_read_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = write(tmp_path, {"a.yaml": "", "sub/b.yaml": ""})
    scan = os.scandir

    def refuse_sub(path: Path | str) -> Iterator[os.DirEntry[str]]:
        if Path(path).name == "sub":
            raise PermissionError(13, "Permission denied", str(path))
        return scan(path)

    monkeypatch.setattr(os, "scandir", refuse_sub)

    with pytest.raises(StartError) as caught:
        find_files(folder)

    told = "this cannot be read: Permission denied. Name a folder or file that can be."
    assert str(caught.value) == f"{folder / 'sub'}: {told}"


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the system says it in other words")
def test_path_that_cannot_be_looked_up_is_told() -> None:
    name = "x" * 300

    with pytest.raises(StartError) as caught:
        find_files(Path(name))

    assert str(caught.value) == f"{name}: this cannot be read: File name too long. Name a folder or file that can be."


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere there is no such file")
def test_device_is_read_like_a_file() -> None:
    with pytest.raises(DocumentError) as caught:
        load_fixtures(Path("/dev/null"), CONTRACT, SCHEMAS)

    assert str(caught.value) == "/dev/null:1:1: The file holds nothing. Fill it or remove it."


def test_places_begin_with_the_path_as_it_was_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, {"sub/a.yaml": records("PersonalId: a, Sex: 3")})
    monkeypatch.chdir(tmp_path)

    with pytest.raises(DocumentError) as caught:
        load_fixtures(Path("mine/"), CONTRACT, SCHEMAS)

    assert str(caught.value) == f"mine/sub/a.yaml:3:24: Sex is 3, the contract allows 0 to 2. {CHANGE}"


def test_sources_begin_with_the_folder_wherever_it_lies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = write(tmp_path, {"a.yaml": answers("name: n, reply: {status: 404}") + records("PersonalId: a")})
    monkeypatch.chdir(folder)

    read = load_fixtures(Path(), CONTRACT, SCHEMAS)

    assert read.answers[0].source == "mine/a.yaml:2"
    assert read.records[0].source == "mine/a.yaml:5"


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere file names are text")
def test_file_name_that_is_no_utf8_can_be_told(tmp_path: Path) -> None:
    folder = write(tmp_path, {os.fsdecode(b"caf\xe9.yaml"): records("PersonalId: a")})

    assert load_fixtures(folder, CONTRACT, SCHEMAS).files == ("mine/caf?.yaml",)


# Faults


def test_size_limit_of_a_file_is_held(tmp_path: Path) -> None:
    folder = write(tmp_path, {"a.yaml": records("PersonalId: a")})

    with pytest.raises(DocumentError) as caught:
        load_fixtures(folder, CONTRACT, SCHEMAS, name="mine", size_limit=40)

    assert str(caught.value) == "mine/a.yaml:1:1: The file has 44 bytes, the limit is 40. Split it."


BOMB = "".join(f"- &{name} [{', '.join([f'*{below}'] * 9)}]\n" for below, name in zip("abcdef", "bcdefg", strict=True))

YAML: list[tuple[str, str | bytes, str]] = [
    ("bad YAML", "records: [a", "1:12"),
    ("tab", "records:\n\t- a", "2:1"),
    ("key twice", "schema: Customer\nrecords: []\nrecords: []", "3:1"),
    ("member twice", records("PersonalId: a, Sex: 1, Sex: 2"), "3:27"),
    ("tag", records("PersonalId: !!str 5"), "3:16"),
    ("merge key", records("PersonalId: a, <<: {Sex: 1}"), "3:19"),
    ("alias bomb", f"- &a [1, 1, 1, 1, 1, 1, 1, 1, 1]\n{BOMB}", "6:7"),
    ("leading zeros", records("PersonalId: 000012345"), "3:16"),
    ("no UTF-8", b"schema: Customer\n# caf\xe9", "2:6"),
    ("two documents", "schema: Customer\n---\nrecords: []", "2:1"),
]
"""Their texts are those of `parsing`."""


@pytest.mark.parametrize(("content", "place"), [row[1:] for row in YAML], ids=[row[0] for row in YAML])
def test_file_that_is_no_plain_yaml_is_a_fault(content: str | bytes, place: str, tmp_path: Path) -> None:
    with pytest.raises(DocumentError) as caught:
        load(tmp_path, {"a.yaml": content})

    assert [str(fault.place) for fault in caught.value.faults] == [f"mine/a.yaml:{place}"]


FILES: list[tuple[str, str | bytes, list[str]]] = [
    ("nothing", "", ["1:1: The file holds nothing. Fill it or remove it."]),
    ("comments only", "# later\n", ["1:1: The file holds nothing. Fill it or remove it."]),
    ("empty mapping", "{}", ["1:1: The file holds nothing. Fill it or remove it."]),
    (
        "bare list",
        "- PersonalId: a",
        ["1:1: A fixture file has keys. Write schema and records, or answers, each with a colon."],
    ),
    (
        "bare text",
        "PersonalId",
        ["1:1: A fixture file has keys. Write schema and records, or answers, each with a colon."],
    ),
    (
        "bare record",
        "PersonalId: a",
        ["1:1: PersonalId is not known here. Write one of schema, records, answers."],
    ),
    ("misspelt key", "answer: []", ["1:1: answer is not known here; did you mean 'answers'?"]),
    ("no list of answers", "answers:", ["1:9: A list is wanted here. Begin each entry with a dash."]),
    ("answers as a mapping", "answers: {a: b}", ["1:10: A list is wanted here. Begin each entry with a dash."]),
    ("records without schema", "records: []", ["1:1: It is not said what these records are. Write schema: Customer."]),
    ("schema without records", "schema: Customer", ["1:1: records is missing. Add the list of records."]),
    (
        "schema with answers only",
        "schema: Customer\nanswers: []",
        ["1:1: records is missing. Add the list of records."],
    ),
]


@pytest.mark.parametrize(("content", "expected"), [row[1:] for row in FILES], ids=[row[0] for row in FILES])
def test_fault_of_a_file_names_place_finding_and_remedy(
    content: str | bytes, expected: list[str], tmp_path: Path
) -> None:
    assert find_faults(tmp_path, {"a.yaml": content}) == [f"mine/a.yaml:{line}" for line in expected]


def test_file_that_is_not_there_any_more_is_a_fault(tmp_path: Path) -> None:
    folder = write(tmp_path, {"b.yaml": records("PersonalId: a")})
    (folder / "a.yaml").symlink_to("gone.yaml")

    with pytest.raises(DocumentError) as caught:
        load_fixtures(folder, CONTRACT, SCHEMAS, name="mine")

    told = "The file cannot be read: No such file or directory. Check that it exists and may be read."
    assert str(caught.value) == f"mine/a.yaml:1:1: {told}"


def test_all_faults_of_all_files_are_told_at_once_by_place(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "z.yaml": "- a",
        "d.yaml": records("PersonalId: a"),
        "c.yaml": b"\xff",
        "b.yaml": answers("name: n, when: {ID: a}, reply: {status: 404}", "name: n, reply: {status: 500, body: 5}"),
        "a.yaml": records("PersonalId: a, Sex: 3, Colour: red", "FirstName: x", "PersonalId: a"),
    }

    faults = find_faults(tmp_path, files)

    twin = "A record with this PersonalId and PersonalIdTypeId and PersonalIdTypeExtRef stands already at"
    either = "Change one of the two, or remove it."
    assert faults == [
        f"mine/a.yaml:3:24: Sex is 3, the contract allows 0 to 2. {CHANGE}",
        f"mine/a.yaml:3:27: Colour is 'red', the contract has no such member. {CHANGE}",
        "mine/a.yaml:4:3: PersonalId is missing, and the parameter id selects by it. Add it.",
        f"mine/a.yaml:5:3: {twin} mine/a.yaml:3:3. {either}",
        "mine/b.yaml:2:44: getCustomer has no parameter 'ID'; did you mean 'id'?",
        f"mine/b.yaml:3:3: An answer 'n' stands already at mine/b.yaml:2:3. {either}",
        f"mine/b.yaml:3:64: the body is 5, the contract wants an object. {ON_PURPOSE}",
        "mine/c.yaml:1:1: Byte 0xFF is no UTF-8. Save the file as UTF-8.",
        f"mine/d.yaml:3:3: {twin} mine/a.yaml:3:3. {either}",
        "mine/z.yaml:1:1: A fixture file has keys. Write schema and records, or answers, each with a colon.",
    ]


KEYS = st.sampled_from(
    [
        *("schema", "records", "answers", "name", "operation", "when", "reply", "unchecked", "status", "headers"),
        *("times", "delay", "fault", "sequence", "cycle", "chance", "body_file", "uniform", "dribble", "call"),
        *(
            "parameters",
            "body",
            "text",
            "matches",
            "id",
            "idType",
            "idTypeExtRef",
            "PersonalId",
            "Sex",
            "DOB",
            "CustomProperties",
        ),
        *("Content-Type", "a.b", "a\nb", "<<", ""),
    ]
)
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-1, 600),
    st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from(
        [
            *("Customer", "getCustomer", "", " ", "(", "404", "1984-03-12", "null", "application/json", "x" * 99),
            *("{id}", "{{id}}", "{x}", "{", "reset", "dribble", "a.json", "..", "/", "a\0b", "\ud800"),
        ]
    ),
)
VALUES = st.recursive(
    SCALARS,
    lambda below: st.lists(below, max_size=3) | st.dictionaries(KEYS, below, max_size=4),
    max_leaves=12,
)
STATUSES = st.sampled_from([200, 204, 404, 405, 500, 503, "404"])
HEADERS = st.dictionaries(KEYS, VALUES, max_size=3)
PARTS: dict[str, st.SearchStrategy[object]] = {
    "status": STATUSES,
    "headers": HEADERS,
    "body": VALUES,
    "text": SCALARS,
    "body_file": SCALARS,
    "delay": VALUES,
    "fault": VALUES,
    "chance": SCALARS,
    "cycle": SCALARS,
}
REPLIES = st.fixed_dictionaries({}, optional=PARTS)
SEQUENCES = st.fixed_dictionaries({"sequence": st.lists(REPLIES | VALUES, max_size=3)}, optional=PARTS)
ANSWERS = st.fixed_dictionaries(
    {"name": SCALARS, "operation": st.just("getCustomer"), "reply": REPLIES | SEQUENCES},
    optional={"when": st.dictionaries(KEYS, VALUES, max_size=2), "times": SCALARS, "unchecked": SCALARS},
)
CONTENTS = VALUES | st.fixed_dictionaries(
    {"schema": st.just("Customer"), "records": st.lists(st.dictionaries(KEYS, VALUES, max_size=5), max_size=3)},
    optional={"answers": st.lists(VALUES | ANSWERS, max_size=3)},
)


@settings(derandomize=True, database=None, deadline=None, max_examples=150)
@given(CONTENTS)
def test_whatever_a_file_holds_is_read_or_told_in_sentences(
    tmp_path_factory: pytest.TempPathFactory, content: object
) -> None:
    file = tmp_path_factory.getbasetemp() / "any.yaml"
    file.write_text(json.dumps(content), encoding="utf-8")

    try:
        faults: tuple[Fault, ...] = load_fixtures(file, CONTRACT, SCHEMAS, refuse_breaches=False).warnings
    except DocumentError as error:
        faults = error.faults

    assert [str(fault) for fault in faults if not re.fullmatch(r"[^\n]+[.?]", str(fault))] == []


# Breaches that are served


def test_warning_is_what_would_be_a_breach(tmp_path: Path) -> None:
    files = {
        "b.yaml": records("PersonalId: a, Sex: 3"),
        "a.yaml": answers("name: n, reply: {status: 500, body: 5}"),
    }

    read = load(tmp_path, files, refuse_breaches=False)

    assert [str(warning) for warning in read.warnings] == [
        f"mine/a.yaml:2:64: the body is 5, the contract wants an object. {ON_PURPOSE}",
        f"mine/b.yaml:3:24: Sex is 3, the contract allows 0 to 2. {CHANGE}",
    ]
    assert [record.members for record in read.records] == [{"PersonalId": "a", "Sex": 3}]


def test_faults_stop_the_start_where_breaches_are_served(tmp_path: Path) -> None:
    files = {"a.yaml": records("PersonalId: a, Sex: 3", "Sex: 4", "PersonalId: 5")}

    assert find_faults(tmp_path, files, refuse_breaches=False) == [
        "mine/a.yaml:4:3: PersonalId is missing, and the parameter id selects by it. Add it.",
        f"mine/a.yaml:5:16: PersonalId {FIVE}",
    ]


def test_breach_that_an_alias_repeats_is_one_warning(tmp_path: Path) -> None:
    files = {
        "a.yaml": records("PersonalId: a, CustomProperties: &c {a: 5}", "PersonalId: b, CustomProperties: *c"),
    }

    read = load(tmp_path, files, refuse_breaches=False)

    assert [str(warning) for warning in read.warnings] == [f"mine/a.yaml:3:44: CustomProperties.a {FIVE}"]


def test_sound_fixtures_have_no_warnings(tmp_path: Path) -> None:
    assert load(tmp_path, {"a.yaml": records("PersonalId: a")}, refuse_breaches=False).warnings == ()


# What is served


def serve(folder: Path, text: str, target: str, **stub_settings: Any) -> Plan:
    stub = load_stub(fixtures=write(folder, {"a.yaml": text}), **stub_settings)
    return stub.planner.plan(Request("GET", target))


def read_body(plan: Plan) -> dict[str, Any]:
    body: dict[str, Any] = json.loads(plan.reply.body)
    return body


def test_own_fixtures_replace_the_shipped_ones(tmp_path: Path) -> None:
    plan = serve(tmp_path, records("PersonalId: a"), "/Customers/100200300", source="fixtures")

    assert (plan.reply.status, plan.source) == (404, "no record")


def test_members_left_out_are_generated_the_same_each_time(tmp_path: Path) -> None:
    plans = [serve(tmp_path, records("PersonalId: a, FirstName: Zed"), "/Customers/a") for _ in range(2)]

    assert plans[0] == plans[1]
    assert list(read_body(plans[0])) == list(CONTRACT.components["Customer"]["required"])  # type: ignore[arg-type]  # a list
    assert (read_body(plans[0])["PersonalId"], read_body(plans[0])["FirstName"]) == ("a", "Zed")


ECHOES: list[tuple[str, str, tuple[int | None, str | None]]] = [
    ("", "", (0, "")),
    ("", "?idType=7", (7, "")),
    ("", "?idType=7&idTypeExtRef=X", (7, "X")),
    (", PersonalIdTypeId: 3", "?idTypeExtRef=X", (3, "X")),
    (", PersonalIdTypeId: null, PersonalIdTypeExtRef: null", "", (None, None)),
]


@pytest.mark.parametrize(("members", "query", "expected"), ECHOES)
def test_id_type_left_out_comes_back_as_asked(
    members: str, query: str, expected: tuple[int | None, str | None], tmp_path: Path
) -> None:
    body = read_body(serve(tmp_path, records(f"PersonalId: a{members}"), f"/Customers/a{query}"))

    assert (body["PersonalIdTypeId"], body["PersonalIdTypeExtRef"]) == expected


def test_friendly_date_is_sent_as_the_framework_writes_it(tmp_path: Path) -> None:
    plan = serve(tmp_path, records("PersonalId: a, DOB: 1984-03-12"), "/Customers/a")

    assert b'"DOB":"1984-03-12T00:00:00",' in plan.reply.body


BOTH = records("PersonalId: a") + answers("name: n, when: {id: [a, b]}, reply: {status: 404}")

TURNS = answers(
    "name: once, times: 1, reply: {status: 500}",
    "name: acme, when: {headers: {X-Tenant: acme}}, reply: {status: 503}",
    "name: always, reply: {status: 404}",
)


def test_answer_that_is_not_always_there_leaves_its_place_to_the_next(tmp_path: Path) -> None:
    stub = load_stub(fixtures=write(tmp_path, {"a.yaml": TURNS}))
    session, request = Session(), Request("GET", "/Customers/a")
    acme = replace(request, headers=(("x-tenant", "acme"),))

    statuses = [stub.planner.plan(each, session.visit()).reply.status for each in (request, request, acme, request)]

    assert statuses == [500, 404, 503, 404]


ORDER: list[tuple[str, str]] = [
    ("a", "answer n mine/a.yaml:5"),
    ("b", "answer n mine/a.yaml:5"),
    ("c", "generated"),
]


@pytest.mark.parametrize(("id", "expected"), ORDER)
def test_answer_wins_over_records_and_records_over_generated_ones(id: str, expected: str, tmp_path: Path) -> None:  # noqa: A002  # the contract's name
    assert serve(tmp_path, BOTH, f"/Customers/{id}").source == expected
    assert serve(tmp_path, records("PersonalId: a"), "/Customers/a").source == "record mine/a.yaml:3"


def test_body_of_an_answer_stands_as_written(tmp_path: Path) -> None:
    text = answers('name: n, unchecked: true, reply: {body: {Sex: 64, Name: "é"}}')

    plan = serve(tmp_path, text, "/Customers/a")

    assert (plan.reply.status, plan.reply.body) == (200, '{"Sex":64,"Name":"é"}'.encode())
    assert plan.reply.header("X-Mock-Breach") is not None
    assert plan.alarm is None


def test_text_of_an_answer_is_sent_as_it_stands(tmp_path: Path) -> None:
    text = answers("name: n, reply: {status: 503, text: <p>é</p>, headers: {Content-Type: text/html; charset=latin-1}}")

    plan = serve(tmp_path, text, "/Customers/a")

    assert (plan.reply.body, plan.reply.header("Content-Type")) == (b"<p>\xe9</p>", "text/html; charset=latin-1")


def test_decorations_add_their_headers_to_what_would_be_answered(tmp_path: Path) -> None:
    text = records("PersonalId: a") + answers(
        "name: any, reply: {headers: {X-A: any, X-B: any}}",
        "name: one, when: {id: a}, reply: {headers: {X-A: one, Set-Cookie: [c=1, d=2]}}",
    )

    plan = serve(tmp_path, text, "/Customers/a")

    added = sorted(pair for pair in plan.reply.headers if pair[0] in ("X-A", "X-B", "Set-Cookie"))
    assert added == [("Set-Cookie", "c=1"), ("Set-Cookie", "d=2"), ("X-A", "one"), ("X-B", "any")]
    assert plan.source == "record mine/a.yaml:3 + answer one mine/a.yaml:6 + answer any mine/a.yaml:5"
    assert plan.reply.status == 200


def test_name_of_an_answer_is_percent_encoded_where_it_must_be(tmp_path: Path) -> None:
    plan = serve(tmp_path, answers('name: "é\\t100%", reply: {status: 404}'), "/Customers/a")

    assert plan.reply.header("X-Mock-Source") == "answer %C3%A9%09100%25 mine/a.yaml:2"


def test_breach_that_is_served_is_named_in_a_header(tmp_path: Path) -> None:
    plan = serve(tmp_path, records("PersonalId: a, Sex: 64"), "/Customers/a", on_breach="warn")

    assert (plan.reply.status, read_body(plan)["Sex"]) == (200, 64)
    assert plan.reply.header("X-Mock-Breach") == "Sex"


# Bodies in files

OK = '{"Message": "a"}'


def test_body_lies_beside_its_fixture_file_or_anywhere_in_the_fixtures(tmp_path: Path) -> None:
    files = {
        "a.yaml": answers("name: a, reply: {status: 500, body_file: bodies/x.json}"),
        "sub/b.yaml": answers("name: b, when: {id: b}, reply: {status: 500, body_file: ../bodies/x.json}"),
        "sub/c.yaml": answers("name: c, when: {id: c}, reply: {status: 500, body_file: y.json}"),
        "bodies/x.json": OK,
        "sub/y.json": OK,
    }

    read = load(tmp_path, files)

    root = tmp_path / "mine"
    assert [each.reply.json for each in read.answers] == ['{"Message":"a"}'] * 3
    assert read.bodies == (root / "bodies/x.json", root / "bodies/x.json", root / "sub/y.json")
    assert read.files == ("mine/a.yaml", "mine/sub/b.yaml", "mine/sub/c.yaml")


def test_body_beside_the_fixtures_is_a_fault(tmp_path: Path) -> None:
    (tmp_path / "x.json").write_text(OK)
    files = {"sub/a.yaml": answers("name: a, reply: {status: 500, body_file: ../../x.json}")}

    told = "body_file ../../x.json lies outside of the fixtures. Name a file beside or below them."
    assert find_faults(tmp_path, files) == [f"mine/sub/a.yaml:2:69: {told}"]


def test_bodies_of_a_single_fixture_file_lie_in_its_folder(tmp_path: Path) -> None:
    folder = write(
        tmp_path,
        {
            "sub/a.yaml": answers("name: a, reply: {status: 500, body_file: b/x.json}"),
            "sub/b/x.json": OK,
            "sub/z.yaml": answers("name: a, reply: {status: 500, body_file: ../x.json}"),
            "x.json": OK,
        },
    )

    assert load_fixtures(folder / "sub" / "a.yaml", CONTRACT, SCHEMAS).bodies == (
        (folder / "sub" / "b" / "x.json").resolve(),
    )
    with pytest.raises(DocumentError) as caught:
        load_fixtures(folder / "sub" / "z.yaml", CONTRACT, SCHEMAS, name="z.yaml")
    told = "body_file ../x.json lies outside of the fixtures. Name a file beside or below them."
    assert str(caught.value) == f"z.yaml:2:69: {told}"


def test_body_in_a_file_is_served(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "page.html").write_bytes(b"<p>\xff{id}</p>")
    text = answers("name: n, reply: {status: 503, body_file: page.html}")

    plan = serve(tmp_path, text, "/Customers/a")

    assert (plan.reply.status, plan.reply.body) == (503, b"<p>\xff{id}</p>")
    assert plan.reply.header("Content-Type") == "text/html; charset=utf-8"


def test_placeholders_are_filled_in_for_each_request(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "x.json").write_text('{"Message": "no {id} of {idType}"}')
    text = answers("name: n, reply: {status: 500, body_file: x.json, headers: {X-Id: '{id}'}}")

    plan = serve(tmp_path, text, "/Customers/a%0D%0Ab?idType=7")

    assert plan.reply.body == b'{"Message":"no a\\r\\nb of 7"}'
    assert plan.reply.header("X-Id") == "a%0D%0Ab"
    assert plan.alarm is None


# Several schemas

PETS = """
openapi: 3.1.0
info: {title: Pets, version: "1"}
paths:
  /Pets/{name}:
    get:
      operationId: getPet
      parameters:
      - {name: name, in: path, required: true, schema: {type: string}, x-mock-selects: {member: Name}}
      responses:
        "200": {description: d, content: {application/json: {schema: {$ref: "#/components/schemas/Pet"}}}}
  /Toys/{name}:
    get:
      operationId: getToy
      parameters:
      - {name: name, in: path, required: true, schema: {type: string}, x-mock-selects: {member: Name}}
      responses:
        "200": {description: d, content: {application/json: {schema: {$ref: "#/components/schemas/Toy"}}}}
components:
  schemas:
    Pet: &named {type: object, properties: {Name: {type: string}}}
    Toy: *named
"""


class NamedSchema(Schema):
    Name = fields.String(required=True)


def test_files_of_one_folder_may_differ_in_schema(tmp_path: Path) -> None:
    contract = tmp_path / "openapi.yaml"
    contract.write_text(PETS, encoding="utf-8")
    files = {
        "pets.yaml": "schema: Pet\nrecords: [{Name: Rex}]",
        "toys.yaml": "schema: Toy\nrecords: [{Name: Rex}]",
        "answers.yaml": "answers: [{name: lost, operation: getToy, when: {name: ball}, reply: {status: 404}}]",
    }

    stub = load_stub(
        contract=contract, fixtures=write(tmp_path, files), schemas={"Pet": NamedSchema, "Toy": NamedSchema}
    )

    sources = [stub.planner.plan(Request("GET", f"/{path}")).source for path in ("Pets/Rex", "Toys/Rex", "Toys/ball")]
    assert sources == ["record mine/pets.yaml:2", "record mine/toys.yaml:2", "answer lost mine/answers.yaml:1"]


def test_schema_that_is_far_from_all_names_is_told_which_there_are(tmp_path: Path) -> None:
    contract = tmp_path / "openapi.yaml"
    contract.write_text(PETS, encoding="utf-8")

    with pytest.raises(DocumentError) as caught:
        load_stub(
            contract=contract,
            fixtures=write(tmp_path, {"a.yaml": records("PersonalId: a")}) / "a.yaml",
            schemas={"Pet": NamedSchema, "Toy": NamedSchema},
        )

    place = tmp_path / "mine" / "a.yaml"
    assert str(caught.value) == f"{place}:1:9: No operation returns a 'Customer'. Write schema: Pet or schema: Toy."


def test_fault_that_leaves_the_rest_readable_does_not_hide_the_others(tmp_path: Path) -> None:
    records = "schema: Customer\nrecords:\n- PersonalId: 00123\n  Sex: 3\n- {PersonalId: b, <<: {Sex: 1}, Sex: 4}\n"

    with pytest.raises(DocumentError) as caught:
        load(tmp_path, {"a.yaml": records})

    assert [str(fault.place) for fault in caught.value.faults] == [
        "mine/a.yaml:3:15",
        "mine/a.yaml:4:8",
        "mine/a.yaml:5:19",
        "mine/a.yaml:5:38",
    ]


# Garbage


@pytest.mark.parametrize("switch", [gc.enable, gc.disable])
@pytest.mark.parametrize("member", ["PersonalId: '1'", "PersonalId: 1"], ids=["well", "faulty"])
@pytest.mark.usefixtures("collection")
def test_search_for_garbage_is_after_the_load_as_it_was_before(
    tmp_path: Path, switch: Callable[[], None], member: str
) -> None:
    switch()
    before = gc.isenabled()

    with suppress(DocumentError):
        load(tmp_path, {"a.yaml": records(member)})

    assert gc.isenabled() is before


def test_misspelt_name_does_not_hide_the_faults_below_it(tmp_path: Path) -> None:
    content = """\
schema: Custmer
records: [{PersonalId: a, Sex: 9}]
answers: [{name: x, operation: getCustomr, when: {idd: 1}, reply: {status: 500, body: {Mesage: y}}}]
"""

    with pytest.raises(DocumentError) as caught:
        load(tmp_path, {"a.yaml": content})

    assert [str(fault.place) for fault in caught.value.faults] == [
        "mine/a.yaml:1:9",
        "mine/a.yaml:2:32",
        "mine/a.yaml:3:32",
        "mine/a.yaml:3:51",
        "mine/a.yaml:3:87",
        "mine/a.yaml:3:96",
    ]
