"""Reads the answers, records and defaults that are sent to a running stub; they are checked like fixtures."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from mockserver.documents.json_nodes import parse_json
from mockserver.documents.nodes import Node, Place
from mockserver.documents.problems import SHOWN_PROBLEMS, DocumentError, Problem
from mockserver.documents.reader import DocumentReader
from mockserver.documents.yaml_text import parse_document
from mockserver.fixtures.answers import Answer
from mockserver.fixtures.readers.answer_reader import AnswerReader
from mockserver.fixtures.readers.body_files import Folders
from mockserver.fixtures.readers.files import find_root
from mockserver.fixtures.readers.record_reader import RecordReader
from mockserver.fixtures.records import Record
from mockserver.http.preferences import KEYS, NO_PREFERENCES, PreferenceError, Preferences, read_defaults
from mockserver.planning.choices import refuse_unknown
from mockserver.state.overlays import Overlay
from mockserver.stub.loading import Stub

LABEL: Final = "run-time"
"""The name that stands for a file in the place of an added answer or record."""

_YAML_TYPES: Final = ("application/yaml", "application/x-yaml", "text/yaml", "text/x-yaml")

_BODY: Final = "body"
"""The name of the sent body in the place of a problem."""


def read_answers(stub: Stub, body: bytes, media_type: str) -> Sequence[Answer]:
    """Return the answers in a body: one, a list, or a mapping with `answers` as in a fixture file.

    A body that begins like JSON is read as JSON, unless its media type is one of YAML.

    Raises:
        DocumentError: The body has problems; all are listed, with line and column (YAML) or a JSON pointer.
    """
    root = read_document(body, media_type)
    reader = AnswerReader(stub.contract, stub.schemas, stub.vendor)
    folder = find_root(stub.fixtures.path)
    for node in _list_entries(root, reader):
        reader.read(node, LABEL, Folders(folder, folder))
    reader.refuse_hidden(ordered=True)
    _refuse_problems(stub, reader)
    return reader.answers


def read_records(stub: Stub, body: bytes, media_type: str) -> Sequence[Record]:
    """Return the records in a body: a mapping with `schema` and `records` as in a fixture file, in JSON or YAML.

    Raises:
        DocumentError: The body has problems; all are listed, with line and column (YAML) or a JSON pointer.
    """
    root = read_document(body, media_type)
    reader = RecordReader(stub.contract, stub.schemas, stub.vendor)
    reader.check_keys(root, ("schema", "records"))
    if isinstance(root.value, dict):
        reader.read(root, LABEL)
        if root.find(["records"]).value == []:
            reader.add(root.find(["records"]).place, "The list is empty. Send at least one record.")
    _refuse_problems(stub, reader)
    return reader.records


def _refuse_problems(stub: Stub, reader: AnswerReader | RecordReader) -> None:
    breaches = reader.breaches if stub.settings.refuses_breaches else []
    if reader.problems or breaches:
        raise DocumentError([*reader.problems, *breaches])


def _list_entries(root: Node, reader: AnswerReader) -> list[Node]:
    if isinstance(root.value, dict) and "answers" in root.value:
        reader.check_keys(root, ("answers",))
        root = root.value["answers"]
    elif not isinstance(root.value, list):
        return [root]
    if root.value == []:
        reader.add(root.place, "The list is empty. Send one answer, or a list of answers.")
    return reader.items(root)


def _read_text(body: bytes, forms: str) -> str:
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise DocumentError([Problem(Place(_BODY, 0), f"The body is not UTF-8. Send {forms} in UTF-8.")]) from None
    if not text.strip():
        raise DocumentError([Problem(Place(_BODY, 0), f"The body is empty. Send {forms}.")])
    return text


def read_document(body: bytes, media_type: str) -> Node:
    """Return the JSON or YAML document in a body.

    Raises:
        DocumentError: It is neither.
    """
    text = _read_text(body, "JSON or YAML")
    if media_type in _YAML_TYPES or not text.lstrip().startswith(("{", "[")):
        return parse_document(text, _BODY)
    return parse_json(text)


def read_sent_defaults(stub: Stub, body: bytes, overlay: Overlay) -> Preferences:
    """Return the defaults in a body, a JSON object of preferences, for a session with this overlay.

    Raises:
        DocumentError: The body has problems; all are listed, with a JSON pointer.
    """
    reader = DocumentReader()
    defaults = NO_PREFERENCES
    for name, node in reader.members(parse_json(_read_text(body, "JSON"))).items():
        if len(reader.problems) >= SHOWN_PROBLEMS and name.lower() not in KEYS:
            reader.add(node.place, "This is no preference.")
            continue
        value, is_single = reader.scalar(node), not isinstance(node.value, dict | list)
        try:
            said = read_defaults({name: value}) if is_single else NO_PREFERENCES
            _check_names(stub, said, overlay)
            defaults = defaults.fill(said)
        except PreferenceError as error:
            reader.add(node.place, str(error))
    if reader.problems:
        raise DocumentError(reader.problems)
    return defaults


def _check_names(stub: Stub, said: Preferences, overlay: Overlay) -> None:
    """Raise PreferenceError for an example or edge case that no operation has."""
    for key in ("example", "edge"):
        wanted = getattr(said, key)
        if wanted is not None and wanted not in (known := stub.planner.list_names(key, overlay)):
            raise refuse_unknown(key, wanted, known)
