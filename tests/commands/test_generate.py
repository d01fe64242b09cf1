"""`mockserver generate`: records that the stub gives, in each format, and what is refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from mockserver import create_app
from mockserver.documents.loading import load_document
from mockserver.generation.edges import EDGES
from mockserver.stub.inputs import locate_contract
from tests.support.process import invoke, run

pytestmark = pytest.mark.usefixtures("handlers_of_before", "folder")


def select(member: str, **rules: Any) -> dict[str, Any]:
    return {"schema": {"type": "string"}, "x-mock-selects": {"member": member, **rules}}


def returning(component: str, operation: str, *parameters: dict[str, Any]) -> dict[str, Any]:
    content = {"application/json": {"schema": {"$ref": f"#/components/schemas/{component}"}}}
    responses = {"200": {"description": "Found.", "content": content}}
    return {"get": {"operationId": operation, "parameters": parameters, "responses": responses}}


BOX = {"name": "box", "in": "path", "required": True, **select("Message")}
KEY = {"name": "key", "in": "path", "required": True, **select("MessageDetail")}
SIZE = {"name": "size", "in": "query", "required": True, **select("ExceptionType", unless="")}
THING = {
    "type": "object",
    "required": ["Message", "MessageDetail"],
    "properties": {
        "Message": {"type": "string", "enum": ["1", "2"]},
        "MessageDetail": {"type": "string", "enum": ["a", "b", "c/d"]},
        "ExceptionType": {"type": "string", "enum": ["S", "M"]},
        "StackTrace": {"type": "string", "maxLength": 9},
    },
}
PART = {"type": "object", "required": ["Weight"], "properties": {"Weight": {"type": "number", "enum": [0.5]}}}


def make_contract() -> dict[str, Any]:
    """The shipped contract, with things that have two keys, a single thing, and components that nothing returns."""
    document: dict[str, Any] = load_document(locate_contract(None).path).to_json()  # type: ignore[assignment]
    document["paths"] |= {
        "/boxes/{box}/things/{key}": returning("HttpError", "getThing", BOX, KEY, SIZE),
        "/thing": returning("HttpError", "getOnlyThing"),
        "/box": {"delete": {"operationId": "dropBox", "responses": {"204": {"description": "Gone."}}}},
    }
    bare = {"type": "object", "properties": {"Is": {"type": "boolean"}}}
    document["components"]["schemas"] |= {"HttpError": THING, "Part": PART, "Bare": bare, "Word": {"type": "string"}}
    return document


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "things.yaml").write_text(json.dumps(make_contract()), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def generate(*options: str) -> str:
    code, output, errors = invoke("generate", *options)
    assert (code, errors) == (0, "")
    return output


def ask(target: str, **settings: Any) -> str:
    return create_app(**settings).test_client().get(target).get_data(as_text=True)


@pytest.mark.parametrize("settings", [{}, {"seed": "7", "locale": "he_IL", "utc_offset": "-03:30"}])
@pytest.mark.parametrize("number", ["42", "100200300", " é"])
def test_record_is_that_of_the_stub(settings: dict[str, str], number: str) -> None:
    options = [text for name, value in settings.items() for text in (f"--{name.replace('_', '-')}", value)]

    printed = generate("--id", number, "--format", "ndjson", *options)

    assert printed == f"{ask(f'/API/Customers/{number}', source='generated', **settings)}\n"


def test_record_depends_on_the_model_state() -> None:
    printed = generate("--id", "42", "--format", "ndjson", "--model-state", "ignored")

    assert printed == f"{ask('/API/Customers/42', source='generated', model_state='ignored')}\n"


@pytest.mark.parametrize(
    "options", [["--count", "5", "--id", "42"], ["--edge", "all"], ["--edge", "huge-map", "--count", "2"]]
)
def test_printed_fixtures_give_the_same_answers(folder: Path, options: list[str]) -> None:
    records = json.loads(generate(*options, "--format", "json"))
    (folder / "fixtures.yaml").write_text(generate(*options), encoding="utf-8")

    client = create_app(fixtures="fixtures.yaml", source="fixtures", seed="another").test_client()
    answers = [client.get(f"/API/Customers/{each['PersonalId']}") for each in records]

    assert [each.json for each in answers] == records
    assert {each.headers["X-Mock-Source"].partition(":")[0] for each in answers} == {"record fixtures.yaml"}


def test_frozen_person_answers_for_each_id_type(folder: Path) -> None:
    (folder / "fixtures.yaml").write_text(generate("--id", "42"), encoding="utf-8")

    target = "/API/Customers/42?idType=2&idTypeExtRef=PASSPORT"
    assert ask(target, fixtures="fixtures.yaml", source="fixtures") == ask(target, source="generated")


def test_all_formats_have_the_same_records() -> None:
    lines = generate("--count", "3", "--format", "ndjson").splitlines()

    assert json.loads(generate("--count", "3", "--format", "json")) == [json.loads(each) for each in lines]


def test_fixture_file_says_where_it_is_from() -> None:
    lines = generate("--edge", "emoji", "--seed", "7").splitlines()

    assert lines[0].endswith(": seed 7, locale en_US, UTC offset +10:00.")
    assert lines[1:4] == ["schema: Customer", "records:", f"# emoji: {EDGES['emoji'].about}"]


def test_edge_cases_come_one_after_the_other() -> None:
    records = json.loads(generate("--edge", "all", "--count", "2", "--id", "42", "--format", "json"))

    assert len(records) == 2 * len(EDGES)
    assert len({each["PersonalId"] for each in records}) == len(records)
    assert [(each["PersonalId"] == "42", each["FirstName"]) for each in records[:4]] == [
        (True, None),
        (False, None),
        (False, ""),
        (False, ""),
    ]


def test_control_characters_are_escaped() -> None:
    for form in ("yaml", "json", "ndjson"):
        text = generate("--edge", "control-characters", "--format", form)

        assert not {each for each in text if each != "\n" and (each < " " or "\x7f" <= each <= "\x9f")}


def test_keys_of_a_record_are_separated_by_slashes(folder: Path) -> None:
    options = ("--contract", "things.yaml", "--operation", "getThing")
    printed = generate(*options, "--id", "2/b", "--count", "4", "--format", "json")
    (folder / "fixtures.yaml").write_text(generate(*options, "--id", "2/b", "--count", "4"), encoding="utf-8")

    records = json.loads(printed)
    keys = [(each["Message"], each["MessageDetail"]) for each in records]
    assert (keys[0], len(set(keys))) == (("2", "b"), 4)
    assert {key for _, key in keys} == {"a", "b"}
    client = create_app(contract="things.yaml", fixtures="fixtures.yaml", source="fixtures").test_client()
    assert [client.get(f"/API/boxes/{box}/things/{key}?size=").json for box, key in keys] == records


def test_operation_with_most_keys_returns_a_component() -> None:
    options = ("--contract", "things.yaml", "--format", "ndjson")

    assert generate(*options, "--schema", "HttpError") == generate(*options, "--operation", "getThing")


def test_only_record_of_an_operation_is_printed(folder: Path) -> None:
    options = ("--contract", "things.yaml", "--operation", "getOnlyThing", "--format", "ndjson")

    printed = generate(*options)

    (folder / "empty").mkdir()
    assert printed == f"{ask('/API/thing', contract='things.yaml', fixtures='empty')}\n"


def test_component_that_nothing_returns_is_drawn() -> None:
    options = ("--contract", "things.yaml", "--schema", "Part", "--format", "ndjson")

    assert generate(*options, "--count", "2") == '{"Weight":0.5}\n' * 2


def test_edge_case_of_a_component_is_drawn(folder: Path) -> None:
    part = {**PART, "properties": {"Weight": {"type": "number", "minimum": -0.5, "maximum": 0.5}}}
    document = make_contract()
    document["components"]["schemas"]["Part"] = part
    (folder / "things.yaml").write_text(json.dumps(document), encoding="utf-8")

    printed = generate("--contract", "things.yaml", "--schema", "Part", "--edge", "min-numbers", "--format", "json")

    assert printed == '[\n  {"Weight":-0.5}\n]\n'


THING_OPTIONS = ("--contract", "things.yaml", "--operation")
PART_OPTIONS = ("--contract", "things.yaml", "--schema")
NO_ID = "is an id that no request for getCustomer finds a record by. Write another id."


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--id", ""], f"--id: '' {NO_ID}"),
        (["--id", "a/b"], f"--id: 'a/b' {NO_ID}"),
        (["--id", ".."], f"--id: '..' {NO_ID}"),
        (["--id", "a\udcff"], r"--id: 'a\udcff' is not UTF-8. Write another id."),
        (["--id", "x" * 31], f"--id: '{'x' * 31}' {NO_ID}"),
        (["--id", "x", "--id", "x"], "--id: 'x' is given twice. Write another id."),
        (["--id", "x", "--id", "y", "--count", "1"], "--count: 1 is less than 2 ids. Leave --count out."),
        (["--edge", "emojy"], "--edge: Customer has no edge case 'emojy'; did you mean 'emoji'?"),
        ([*PART_OPTIONS, "Bare", "--edge", "all"], "--edge: Bare has no edge cases. Leave --edge out."),
        (
            ["--operation", "getCustomers"],
            "--operation: The contract has no operation 'getCustomers'; did you mean 'getCustomer'?",
        ),
        (["--operation", "x"], "--operation: The contract has no operation 'x'. Name an operationId."),
        ([*THING_OPTIONS, "dropBox"], "--operation: dropBox returns no records. Name another operation."),
        (["--schema", "Custom"], "--schema: The contract has no component 'Custom'; did you mean 'Customer'?"),
        (["--schema", "x"], "--schema: The contract has no component 'x'. Name one of its components."),
        (
            ["--schema", "Customer", "--operation", "getCustomer"],
            "--schema: --operation names the component already. Leave one of the two out.",
        ),
        (
            ["--contract", "things.yaml"],
            "--operation: Several operations return records. Name one of getCustomer, getThing, getOnlyThing.",
        ),
        (["--contract", "none.yaml"], "--schema: No operation returns records. Name the component with --schema."),
        (
            [*THING_OPTIONS, "getThing", "--id", "1"],
            "--id: '1' is not box/key. Write the values with slashes between them.",
        ),
        (
            [*THING_OPTIONS, "getOnlyThing", "--count", "2"],
            "--count: getOnlyThing has no id, and so one record. Leave --count and --id out.",
        ),
        (
            [*THING_OPTIONS, "getThing", "--count", "7"],
            "Only 4 other ids can be generated that a request can have. Give ids with --id, or lower --count.",
        ),
        ([*PART_OPTIONS, "Part", "--id", "1"], "--id: No operation finds a Part by an id. Leave --id out."),
        (
            [*PART_OPTIONS, "Part"],
            "--format: Fixtures have no Part, as no operation returns one. Write --format json or ndjson.",
        ),
        (
            [*PART_OPTIONS, "Word", "--format", "json"],
            "No Word can be generated that is valid. Give its members examples in the contract.",
        ),
        (["--locale", "xx"], "--locale: Faker has no locale 'xx'. Use one that it has, such as 'en_US'."),
        (["--out", "things.yaml"], "--out: 'things.yaml' is there already. Name another file, or move it away."),
        (["--out", "no/x"], "--out: 'no' is not a folder. Create it, or name another file."),
    ],
)
def test_what_cannot_be_printed_is_told(folder: Path, options: list[str], told: str) -> None:
    nothing = {**make_contract(), "paths": {"/box": {"delete": {"operationId": "drop", "responses": {"204": {}}}}}}
    (folder / "none.yaml").write_text(json.dumps(nothing), encoding="utf-8")

    assert invoke("generate", *options) == (2, "", f"{told}\n")


def test_edge_case_that_its_class_refuses_is_told(folder: Path) -> None:
    document = make_contract()
    document["components"]["schemas"]["Customer"]["properties"]["Sex"]["maximum"] = 3
    (folder / "things.yaml").write_text(json.dumps(document), encoding="utf-8")

    code, output, errors = invoke(
        "generate", "--contract", "things.yaml", "--schema", "Customer", "--id", "1", "--edge", "max-numbers"
    )

    told = "getCustomer 200: Sex is 3, the contract allows 0 to 2 (edge max-numbers). Change the contract."
    assert (code, output, errors) == (2, "", f"{told}\n")


def test_file_is_written(folder: Path) -> None:
    assert generate("--id", "42", "--out", "new.yaml") == ""
    assert (folder / "new.yaml").read_text(encoding="utf-8") == generate("--id", "42")


def test_text_is_utf_8_on_any_terminal(folder: Path) -> None:
    code, output, errors = run("generate", "--edge", "emoji", folder=folder)

    assert (code, errors) == (0, "")
    assert "👍🏽" in output
