"""`mockserver generate`: generated records as a fixture file, as JSON, or as a JSON text on each line."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import fields
from itertools import count as count_up
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from types import MappingProxyType
from typing import Final

import click

from mockserver.commands.collection import without_collection
from mockserver.commands.numbers import WholeNumber
from mockserver.commands.options import Command, add_options, select
from mockserver.commands.out_file import add_out_option, put_out, require_free
from mockserver.commands.record_ids import find_returning, read_keys
from mockserver.conformance.checked_stub import load_checked_stub
from mockserver.contract.contract import Arguments, Contract, Operation
from mockserver.documents.json_text import write_json
from mockserver.documents.problems import SettingError, StartError
from mockserver.documents.wording import count, suggest_nearest
from mockserver.fixtures.writing import WrittenRecord, write_fixture_file
from mockserver.generation.edges import EDGES, list_edges
from mockserver.stub.generated_records import GeneratedRecord, OperationRecords, draw_record
from mockserver.stub.inputs import require_contract
from mockserver.stub.loading import Stub
from mockserver.stub.settings import Settings
from mockserver.version import __version__

_MOST: Final = 100_000
"""Records at the most."""

_TRIES: Final = 200
"""How many drawn keys in a row may be none of a new record."""

_ALL: Final = "all"

_SETTINGS: Final = tuple(
    each for each in fields(Settings) if each.name in ("contract", "seed", "locale", "utc_offset", "model_state")
)
"""The settings that generated records depend on."""


@click.command(cls=Command)
@click.option(
    "--count",
    "number",
    type=WholeNumber(1, _MOST),
    metavar="NUMBER",
    help="Records, of each edge case; by default as many as --id, or 1.",
)
@click.option(
    "--id", "ids", multiple=True, metavar="ID", help="Id of a record; the others have generated ids; repeatable."
)
@click.option("--edge", metavar="NAME|all", help="Edge case of the records; all for one after the other.")
@click.option("--operation", metavar="ID", help="Operation that returns the records, if there are several.")
@click.option("--schema", metavar="NAME", help="Component that the records have, in place of an operation.")
@click.option(
    "--format",
    "form",
    type=click.Choice(("yaml", "json", "ndjson")),
    default="yaml",
    show_default=True,
    help="A fixture file, a JSON array, or a JSON object on each line.",
)
@add_out_option
@add_options(_SETTINGS)
def generate(
    number: int | None,
    ids: tuple[str, ...],
    edge: str | None,
    operation: str | None,
    schema: str | None,
    form: str,
    out: Path | None,
    **given: object,
) -> None:
    """Print generated records as fixtures or as JSON.

    The record of an id is the one that the stub gives for it.
    """
    require_free(out)
    settings = select(_SETTINGS, given)
    require_contract(settings["contract"])
    # Fixtures have no part in it, and those of another contract would not fit.
    with TemporaryDirectory() as folder, without_collection():
        stub = load_checked_stub(Settings(**settings, source="generated", fixtures=folder))
    subject = _choose_subject(stub.contract, operation, schema)
    component = subject if isinstance(subject, str) else str(subject.component)
    edges = _choose_edges(list_edges(stub.contract.components[component]), edge, component)
    wishes = [each for each in edges for _ in range(number or max(1, len(ids)))]
    if isinstance(subject, str):
        records = _draw_records(stub, subject, wishes, ids)
    else:
        records = _ask_for_records(stub, subject, wishes, ids)
    put_out(_WRITERS[form](stub, subject, records), out)


# What is asked for


def _choose_subject(contract: Contract, operation: str | None, schema: str | None) -> Operation | str:
    """Return the operation that returns the records, or the component that none returns."""
    if operation is not None and schema is not None:
        raise SettingError("schema", "--operation names the component already. Leave one of the two out.")
    returning = [each for each in contract.operations if each.component is not None]
    if operation is not None:
        return find_returning(contract, returning, operation)
    if schema is not None and schema not in contract.components:
        nearest = suggest_nearest(schema, contract.components) or ". Name one of its components."
        raise SettingError("schema", f"The contract has no component {schema!r}{nearest}")
    found = [each for each in returning if schema in (None, each.component)]
    if schema is not None:
        return max(found, key=lambda each: len(each.keys), default=schema)
    if len({each.component for each in found}) == 1:
        return max(found, key=lambda each: len(each.keys))
    known = ", ".join(each.id for each in found)
    if not known:
        raise SettingError("schema", "No operation returns records. Name the component with --schema.")
    raise SettingError("operation", f"Several operations return records. Name one of {known}.")


def _choose_edges(known: Sequence[str], wanted: str | None, component: str) -> Sequence[str]:
    """Return the names of the edge cases; one empty name for ordinary records."""
    if wanted is None:
        return ("",)
    if not known:
        raise SettingError("edge", f"{component} has no edge cases. Leave --edge out.")
    if wanted == _ALL:
        return known
    if wanted not in known:
        nearest = suggest_nearest(wanted, (*known, _ALL)) or f". Name one of {', '.join(known)}, or all."
        raise SettingError("edge", f"{component} has no edge case {wanted!r}{nearest}")
    return (wanted,)


# Records


def _ask_for_records(
    stub: Stub, operation: Operation, wishes: Sequence[str], ids: Sequence[str]
) -> list[GeneratedRecord]:
    """Return a record for each wish; the first ones have the ids, the others have drawn keys."""
    if len(ids) > len(wishes):
        raise SettingError("count", f"{len(wishes)} is less than {count(len(ids), 'id')}. Leave --count out.")
    if not operation.keys and (ids or len(wishes) > 1):
        raise SettingError("count", f"{operation.id} has no id, and so one record. Leave --count and --id out.")
    asked = OperationRecords(stub, operation)
    keys = [read_keys(operation, each) for each in ids]
    found: list[GeneratedRecord] = []
    for text, each, edge in zip(ids, keys, wishes, strict=False):
        record = asked.find(each, edge)
        if record is None or keys.index(each) < len(found):
            finding = "is given twice" if record else f"is an id that no request for {operation.id} finds a record by"
            raise SettingError("id", f"{text!r} {finding}. Write another id.")
        found.append(record)
    return [*found, *_draw_keys(asked, keys, wishes[len(ids) :])]


def _draw_keys(asked: OperationRecords, keys: Sequence[Arguments], wishes: Sequence[str]) -> Iterator[GeneratedRecord]:
    """Yield a record for each wish, whose keys are none of those of another."""
    used = {tuple(map(str, each.values())) for each in keys}
    numbers = count_up(1)
    for found, edge in enumerate(wishes):
        for number in islice(numbers, _TRIES):
            each = asked.draw_keys(number)
            key = tuple(map(str, each.values()))
            record = None if key in used else asked.find(each, edge)
            used.add(key)
            if record is not None:
                yield record
                break
        else:
            finding = f"Only {count(found, 'other id')} can be generated that a request can have."
            raise StartError(f"{finding} Give ids with --id, or lower --count.")


def _draw_records(stub: Stub, component: str, wishes: Sequence[str], ids: Sequence[str]) -> list[GeneratedRecord]:
    if ids:
        raise SettingError("id", f"No operation finds a {component} by an id. Leave --id out.")
    return [draw_record(stub, component, *each) for each in enumerate(wishes, 1)]


# Texts


def _write_yaml(stub: Stub, subject: Operation | str, records: Sequence[GeneratedRecord]) -> str:
    if isinstance(subject, str):
        finding = f"Fixtures have no {subject}, as no operation returns one."
        raise SettingError("format", f"{finding} Write --format json or ndjson.")
    settings = stub.settings
    origin = f"seed {settings.seed}, locale {settings.locale}, UTC offset {settings.utc_offset}"
    written = (WrittenRecord(each.frozen, _describe_edge(each.edge)) for each in records)
    return write_fixture_file(str(subject.component), written, f"Generated by mockserver {__version__}: {origin}.")


def _describe_edge(name: str) -> str:
    return f"{name}: {EDGES[name].about}" if name else ""


def _write_json(_stub: Stub, _subject: object, records: Sequence[GeneratedRecord]) -> str:
    lines = ",\n".join(f"  {_write_line(each)}" for each in records)
    return f"[\n{lines}\n]\n"


def _write_lines(_stub: Stub, _subject: object, records: Sequence[GeneratedRecord]) -> str:
    return "".join(f"{_write_line(each)}\n" for each in records)


def _write_line(record: GeneratedRecord) -> str:
    """Return a record as JSON, without the control characters that JSON allows and a terminal acts on."""
    return write_json(record.members).translate(_ESCAPES)


_ESCAPES: Final = MappingProxyType({code: f"\\u{code:04x}" for code in range(0x7F, 0xA0)})

_WRITERS: Final[Mapping[str, Callable[[Stub, Operation | str, Sequence[GeneratedRecord]], str]]] = MappingProxyType(
    {"yaml": _write_yaml, "json": _write_json, "ndjson": _write_lines}
)
