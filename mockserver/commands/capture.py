"""`mockserver capture`: writes records of a real provider as fixtures."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import click

from mockserver.commands.collection import without_collection
from mockserver.commands.options import Command, add_options, select
from mockserver.commands.out_file import add_out_option, put_out, require_free
from mockserver.commands.provider_options import add_provider_options, make_client
from mockserver.commands.record_ids import find_returning, read_keys
from mockserver.commands.terminal import show_line, show_problem
from mockserver.conformance.editions import read_edition
from mockserver.contract.contract import Contract, Operation
from mockserver.documents.nodes import Json
from mockserver.documents.problems import SettingError, StartError
from mockserver.documents.wording import count, suggest_nearest
from mockserver.fixtures.readers.loading import load_fixtures
from mockserver.fixtures.writing import WrittenRecord, write_fixture_file
from mockserver.generation.members import list_personal
from mockserver.http.secret_names import SecretNames
from mockserver.provider.capture import Capture, Captured
from mockserver.provider.client import SAFE_METHODS
from mockserver.provider.judge import Judge
from mockserver.stub.inputs import locate_contract, require_contract
from mockserver.stub.loading import Stub, load_stub
from mockserver.stub.settings import Settings
from mockserver.version import __version__

_BROKEN: Final = 1
"""The exit code if an answer breaks the contract."""

_SETTINGS: Final = tuple(
    each for each in fields(Settings) if not each.metadata["is_for_serving"] and each.name not in ("fixtures", "source")
)


@click.command(cls=Command)
@add_provider_options
@click.option("--id", "ids", multiple=True, metavar="ID", help="Id of a record; repeatable.")
@click.option("--ids", "id_file", type=click.Path(path_type=Path), metavar="FILE", help="File with an id on each line.")
@click.option("--keep", multiple=True, metavar="MEMBER", help="Member of people's data to write as it is; repeatable.")
@click.option("--operation", metavar="ID", help="Operation that returns the records, if there are several.")
@click.option("--note", default="", metavar="TEXT", help="Text for the comment at the top, such as a date.")
@add_out_option
@add_options(_SETTINGS)
def capture(
    ids: tuple[str, ...],
    id_file: Path | None,
    keep: tuple[str, ...],
    operation: str | None,
    note: str,
    out: Path | None,
    **given: object,
) -> None:
    """Write records of a real provider as fixtures.

    People's data get generated values. A file that is there is never overwritten.

    URL has the root of the API, such as https://example.com/API.

    Exit with 0 if the records are written, with 1 if an answer breaks the contract, with 2 if nothing can be written.
    """
    require_free(out)
    settings = select(_SETTINGS, given)
    require_contract(settings["contract"])
    with TemporaryDirectory() as folder, without_collection():
        stub = load_stub(Settings(**settings, fixtures=folder))
    subject = _choose_operation(stub.contract, operation)
    wanted = {text: read_keys(subject, text) for text in [*ids, *_read_ids(id_file)]}
    if not wanted:
        raise SettingError("id", "There is no id. Give one with --id, or a file with --ids.")
    capture = _make_capture(stub, subject, given, keep)
    found = {text: capture.capture(keys) for text, keys in wanted.items()}
    if any(each.findings for each in found.values()):
        _show_breaches(found)
        sys.exit(_BROKEN)
    records = _select_records(found)
    text = _write(capture, found, records, note)
    _check(text, stub, str(out or "the records"))
    put_out(text, out)
    if out is not None:
        show_line(f"{count(len(records), 'record')} written to {out}.")


def _choose_operation(contract: Contract, name: str | None) -> Operation:
    """Return the operation that finds records by their ids."""
    returning = [each for each in contract.operations if each.keys and each.method in SAFE_METHODS]
    if name is not None:
        return find_returning(contract, returning, name)
    if len(returning) == 1:
        return returning[0]
    known = ", ".join(each.id for each in returning)
    finding = (
        f"Several operations return records. Name one of {known}."
        if known
        else "No operation finds records by an id. Write fixtures by hand."
    )
    raise SettingError("operation", finding)


def _read_ids(path: Path | None) -> list[str]:
    if path is None:
        return []
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "it is not UTF-8"
        raise SettingError("ids", f"'{path}' cannot be read: {reason}. Name a file with an id on each line.") from None
    return [line.strip() for line in lines if line.strip()]


def _make_capture(stub: Stub, operation: Operation, given: Mapping[str, object], keep: Sequence[str]) -> Capture:
    personal = list_personal()
    for each in keep:
        if each not in personal:
            nearest = suggest_nearest(each, personal) or f". Name one of {', '.join(sorted(personal))}."
            raise SettingError("keep", f"{each} is written as it is anyway{nearest}")
    names = SecretNames(stub.settings.redacted)
    source = locate_contract(stub.settings.contract)
    edition = read_edition(source.path, source.name)
    judge = Judge(edition, stub.schemas, frozenset(), names.is_secret)
    schema = stub.contract.components[str(operation.component)]
    return Capture(make_client(given, names), judge, operation, schema, stub.generator, personal - set(keep))


def _show_breaches(found: Mapping[str, Captured]) -> None:
    for text, captured in found.items():
        for each in captured.findings:
            show_problem(f"id {text!r}: {each.text} ({each.pointer})")
    show_problem("Nothing is written.")


def _select_records(found: Mapping[str, Captured]) -> list[Mapping[str, Json]]:
    """Return the records that were found, each once; tell of ids without one.

    Raises:
        StartError: None was found.
    """
    records: list[Mapping[str, Json]] = []
    for text, each in found.items():
        if each.members is None:
            show_problem(f"NOTE: id {text!r} is left out: the provider answers {each.status}.")
        elif each.members in records:
            show_problem(f"NOTE: id {text!r} is left out: its record is that of an id before it.")
        else:
            records.append(each.members)
    if not records:
        raise StartError("No record is found, so nothing is written. Write other ids.")
    return records


def _write(capture: Capture, found: Mapping[str, Captured], records: Iterable[Mapping[str, Json]], note: str) -> str:
    replaced = frozenset[str]().union(*(each.replaced for each in found.values()))
    # In the order of the contract.
    volatile = [name for name in capture.members if name in replaced]
    origin = f"Captured from {capture.client.address.url} by mockserver {__version__}"
    told = f"; generated: {', '.join(volatile)}" if volatile else ""
    comment = f"{origin}{f', {note}' if note else ''}{told}."
    return write_fixture_file(str(capture.operation.component), map(WrittenRecord, records), comment, volatile)


def _check(text: str, stub: Stub, name: str) -> None:
    """Refuse text that could not be read as fixtures.

    Raises:
        DocumentError: It has problems, with their lines in the file of this name.
    """
    with TemporaryDirectory() as folder:
        file = Path(folder, "records.yaml")
        file.write_text(text, encoding="utf-8")
        load_fixtures(file, stub.contract, stub.schemas, vendor=stub.vendor, name=name)
