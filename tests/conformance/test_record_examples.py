"""The keys of records become examples of parameters, where these may have some."""

from __future__ import annotations

from typing import Any

from mockserver.conformance.record_examples import add_record_examples
from mockserver.contract.openapi import read_contract
from mockserver.documents.json_text import write_json
from mockserver.documents.yaml_text import parse_document
from mockserver.fixtures.records import Record
from tests.support.contracts import THINGS

ID = "{name: id, in: path, required: true, schema: {type: string}, x-mock-selects: {member: Key}}"


def add(contract: str, *records: Record) -> Any:
    document = add_record_examples(read_contract(parse_document(contract, "f.yaml")), records)
    item = document["paths"]["/things/{id}"]
    return (item.get("parameters") or item["get"]["parameters"])[0]


def record(key: str | None, component: str = "Thing") -> Record:
    return Record(component, {} if key is None else {"Key": key}, "f.yaml", 1 if key is None else int(key), {})


def test_keys_of_records_are_examples() -> None:
    parameter = add(THINGS, record("1"), record("2"), record("3", "Other"), record(None))

    assert parameter["examples"] == {"f.yaml:1": {"value": "1"}, "f.yaml:2": {"value": "2"}}


def test_own_examples_stay() -> None:
    parameter = add(THINGS.replace("in: path,", "in: path, examples: {mine: {value: x}},"), record("1"))

    assert parameter["examples"] == {"mine": {"value": "x"}, "f.yaml:1": {"value": "1"}}


def test_single_example_stays() -> None:
    parameter = add(THINGS.replace("in: path,", "in: path, example: x,"), record("1"))

    assert (parameter["example"], "examples" in parameter) == ("x", False)


def test_parameter_of_the_path_gets_them() -> None:
    shared = THINGS.replace(f"        - {ID}\n", "").replace("    get:", f"    parameters: [{ID}]\n    get:")

    assert add(shared, record("1"))["examples"] == {"f.yaml:1": {"value": "1"}}


def test_few_of_many_records_are_examples() -> None:
    assert len(add(THINGS, *(record(str(number)) for number in range(1, 99)))["examples"]) == 50


def test_contract_itself_stays() -> None:
    contract = read_contract(parse_document(THINGS, "f.yaml"))
    before = write_json(contract.document)

    add_record_examples(contract, (record("1"),))

    assert write_json(contract.document) == before
