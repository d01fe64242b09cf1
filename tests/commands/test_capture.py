"""`mockserver capture`: the file that it writes, what it tells, and what it refuses."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

import pytest

from mockserver.documents.loading import load_document
from mockserver.generation.members import list_personal
from mockserver.web.app import create_app
from tests.support.files import Write
from tests.support.process import invoke
from tests.support.providers import ask_stub, make_json, providing, write_reply
from tests.support.serving import running
from tests.support.stubs import load_stub

HEAD = "# Captured from {url}/API by mockserver 0.1.0{note}; generated: "
NONE = "No record is found, so nothing is written. Write other ids.\n"


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def capture(url: str, *options: str) -> tuple[int, str, str]:
    return invoke("capture", f"{url}/API", *options)


def test_records_are_written_and_load() -> None:
    Path("ids.txt").write_text("\ufeff200000000\n\n 100200303 \n", encoding="utf-8")
    with running(create_app()) as server:
        found = capture(
            server.url, "--id", "100200300", "--ids", "ids.txt", "--out", "new.yaml", "--note", "2026-11-28"
        )

        assert found == (0, "3 records written to new.yaml.\n", "")
        code, output, _ = invoke("check-provider", f"{server.url}/API", "--fixtures", "new.yaml", "--max-requests", "0")

    text = Path("new.yaml").read_text(encoding="utf-8")
    assert text.startswith(HEAD.format(url=server.url, note=", 2026-11-28"))
    records = load_stub(fixtures="new.yaml").fixtures.records
    assert [each.members["PersonalId"] for each in records] == ["100200300", "200000000", "100200303"]
    assert (code, output.splitlines()[-1]) == (0, "3 cases: 3 passed.")


def test_people_data_stays_out_unless_kept() -> None:
    with running(create_app()) as server:
        code, output, _ = capture(server.url, "--id", "100200300", "--keep", "LastName", "--keep", "DOB")

    assert code == 0
    assert all(text not in output for text in ("Dana", "dana", "491 570", "morning", "CRM-1001", "Collins"))
    assert "LastName: Levi" in output
    assert "DOB: '1984-03-12T00:00:00+10:00'" in output
    volatile = "FirstName, Email, TelNumber1, TelNumber2, Notes, ExtRef, CustomProperties"
    assert output.startswith(
        f"{HEAD.format(url=server.url, note='')}{volatile}.\nschema: Customer\nvolatile:\n- FirstName\n"
    )


def test_record_without_people_data_has_nothing_volatile() -> None:
    with running(create_app()) as server:
        _, output, _ = capture(server.url, "--id", "200000000")

    comment, schema, records, *_ = output.splitlines()
    assert comment == f"# Captured from {server.url}/API by mockserver 0.1.0."
    assert (schema, records) == ("schema: Customer", "records:")


def test_id_without_a_record_is_told() -> None:
    with running(create_app(source="fixtures")) as server:
        code, output, errors = capture(server.url, "--id", "none", "--id", "000012345")
        nothing = capture(server.url, "--id", "none")

    note = "NOTE: id 'none' is left out: the provider answers 404.\n"
    assert (code, errors) == (0, note)
    assert "PersonalId: '000012345'" in output
    assert nothing == (2, "", note + NONE)


def test_record_of_two_ids_is_written_once() -> None:
    answer = write_reply(ask_stub()("/API/Customers/200000000"))
    with providing(lambda _target, _head: [answer]) as url:
        code, output, errors = capture(url, "--id", "200000000", "--id", "b")

    assert (code, errors) == (0, "NOTE: id 'b' is left out: its record is that of an id before it.\n")
    assert output.count("PersonalId:") == 1


def test_breach_is_refused_with_its_member() -> None:
    good = ask_stub()

    def answer(target: str, _head: bytes) -> Iterable[bytes]:
        members = json.loads(good(target).body)
        return [write_reply(make_json(200, json.dumps({**members, "Sex": 64 if "300" in target else 1})))]

    with providing(answer) as url:
        found = capture(url, "--id", "200000000", "--id", "100200300", "--out", "new.yaml")

    text = "Sex is 64, the contract allows 0 to 2. Change the provider or the contract."
    line = f"id '100200300': {text} (#/components/schemas/Customer/properties/Sex)"
    assert found == (1, "", f"{line}\nNothing is written.\n")
    assert not Path("new.yaml").exists()


def test_record_that_no_fixture_can_have_is_refused() -> None:
    body = {**json.loads(ask_stub()("/API/Customers/200000000").body), "PersonalId": None}
    with providing(lambda _target, _head: [write_reply(make_json(200, json.dumps(body)))]) as url:
        code, output, errors = capture(url, "--id", "a", "--out", "new.yaml")

    assert (code, output) == (2, "")
    assert errors.startswith("new.yaml:5:")
    assert "PersonalId is null, and the parameter id selects by it." in errors


def test_file_is_never_overwritten() -> None:
    Path("new.yaml").write_text("mine", encoding="utf-8")

    code, output, errors = capture("http://127.0.0.1:1", "--id", "a", "--out", "new.yaml")

    assert (code, output) == (2, "")
    assert errors == "--out: 'new.yaml' is there already. Name another file, or move it away.\n"
    assert Path("new.yaml").read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize(
    ("options", "text"),
    [
        ((), "--id: There is no id. Give one with --id, or a file with --ids."),
        (
            ("--ids", "none"),
            "--ids: 'none' cannot be read: No such file or directory. Name a file with an id on each line.",
        ),
        (("--ids", "odd"), "--ids: 'odd' cannot be read: it is not UTF-8. Name a file with an id on each line."),
        (("--id", "a", "--keep", "Note"), "--keep: Note is written as it is anyway; did you mean 'Notes'?"),
        (
            ("--id", "a", "--keep", "Sex"),
            f"--keep: Sex is written as it is anyway. Name one of {', '.join(sorted(list_personal()))}.",
        ),
        (("--id", "a", "--operation", "x"), "--operation: The contract has no operation 'x'. Name an operationId."),
    ],
)
def test_wrong_input_is_told(options: tuple[str, ...], text: str) -> None:
    Path("odd").write_bytes(b"\xff")

    assert capture("http://127.0.0.1:1", *options) == (2, "", f"{text}\n")


PATH = """\
  {path}:
    get:
      operationId: {name}
      parameters:
        - {{name: key, in: path, required: true, schema: {{type: string}}, x-mock-selects: {{member: Message}}}}
      responses:
        "200": {{description: d, content: {{application/json: {{schema: {{$ref: "#/components/schemas/HttpError"}}}}}}}}
"""
LIST = """\
  /things:
    get:
      operationId: list
      responses: {"204": {description: d}}
"""


def write_contract(write: Write, *paths: str) -> str:
    head = 'openapi: 3.1.0\ninfo: {title: t, version: "1"}\npaths:\n'
    rest = "components:\n  schemas:\n    HttpError: {type: object, properties: {Message: {type: string}}}\n"
    return str(write("openapi.yaml", head + "".join(paths) + rest) / "openapi.yaml")


def test_operation_is_chosen_among_several(write: Write) -> None:
    contract = write_contract(
        write, PATH.format(path="/a/{key}", name="getA"), PATH.format(path="/b/{key}", name="getB")
    )
    options = ("--contract", contract, "--id", "x")
    with providing(lambda _target, _head: [write_reply(make_json(200, '{"Message":"x"}'))]) as url:
        several = capture(url, *options)
        code, output, errors = capture(url, *options, "--operation", "getB", "--out", "new.yaml")

    assert several == (2, "", "--operation: Several operations return records. Name one of getA, getB.\n")
    assert (code, output, errors) == (0, "1 record written to new.yaml.\n", "")
    assert load_document(Path("new.yaml")).to_json() == {"schema": "HttpError", "records": [{"Message": "x"}]}


@pytest.mark.parametrize(
    ("operation", "lack"),
    [
        ("list", "returns no records"),
        ("only", "finds no record by an id with a safe method"),
        ("drop", "finds no record by an id with a safe method"),
    ],
)
def test_operation_that_finds_no_record_is_told(operation: str, lack: str, write: Write) -> None:
    only = PATH.format(path="/b/{key}", name="only").replace(", x-mock-selects: {member: Message}", "")
    dropped = PATH.format(path="/c/{key}", name="drop").replace("get:", "delete:")
    paths = (PATH.format(path="/a/{key}", name="getA"), LIST, only, dropped)
    options = ("--contract", write_contract(write, *paths), "--id", "x")

    found = capture("http://127.0.0.1:1", *options, "--operation", operation)

    assert found == (2, "", f"--operation: {operation} {lack}. Name another operation.\n")


def test_contract_without_records_is_told(write: Write) -> None:
    found = capture("http://127.0.0.1:1", "--contract", write_contract(write, LIST), "--id", "x")

    assert found == (2, "", "--operation: No operation finds records by an id. Write fixtures by hand.\n")
