"""YAML text to documents, and documents to YAML text.

Only the events of the YAML parser are used: the usual loaders resolve values by other rules, and keep the last of two
equal keys.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

import yaml

from mockserver.documents.nodes import Json, Node, Place
from mockserver.documents.numbers import WrittenNumber
from mockserver.documents.problems import DocumentError, Problem
from mockserver.documents.text_files import place_behind
from mockserver.documents.yaml_nodes import Composer
from mockserver.documents.yaml_scalars import resolve_plain


def write_document(document: Mapping[str, Json]) -> str:
    """Return the YAML text of a document, its keys in their order."""
    return yaml.dump(dict(document), Dumper=_BlockDumper, sort_keys=False, allow_unicode=True, width=120)


class _BlockDumper(yaml.SafeDumper):
    """A writer of YAML that writes text of several lines as a block, as people do, and numbers as they were written."""

    def represent_str(self, data: str) -> yaml.ScalarNode:
        """Return the node of a text, in quotes if it would be read as something else without."""
        style = '"' if _CONTROL.search(data) else "|" if "\n" in data else None if _is_plain_text(data) else "'"
        return self.represent_scalar("tag:yaml.org,2002:str", data, style=style)

    def represent_number(self, data: WrittenNumber) -> yaml.ScalarNode:
        """Return the node of a number as it was written: without quotes or a tag, even if it is text in YAML 1.1."""
        tag = self.resolve(yaml.ScalarNode, data.text, (True, False))  # type: ignore[no-untyped-call]  # has no stub
        return self.represent_scalar(tag, data.text)

    def represent_float(self, data: float) -> yaml.ScalarNode:
        """Return the node of a number with the digits that JSON has."""
        return self.represent_number(WrittenNumber(repr(data)))


_BlockDumper.add_representer(str, _BlockDumper.represent_str)
_BlockDumper.add_representer(float, _BlockDumper.represent_float)
_BlockDumper.add_representer(WrittenNumber, _BlockDumper.represent_number)


def _is_plain_text(text: str) -> bool:
    """Return whether a YAML scalar without quotes stands for this text."""
    try:
        return resolve_plain(text) == text
    except ValueError:
        return False


def parse_document(text: str, name: str) -> Node:
    """Read the one YAML document in `text`; places call it `name`. Raises DocumentError."""
    _refuse_control_characters(text, name)
    loader = _EventLoader(text)
    composer = Composer(loader.get_event, name)
    try:
        root = composer.read_stream()
    except yaml.MarkedYAMLError as error:
        raise DocumentError([*composer.problems, _syntax_problem(error, name, text)]) from None
    finally:
        loader.dispose()
    if composer.problems:
        raise DocumentError(composer.problems, root)
    if root is None or (root.value is None and not root.text):
        raise DocumentError([Problem(Place(name), "The file holds nothing. Fill it or remove it.")])
    return root


_EventLoader: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


_CONTROL: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]")
"""Characters that YAML forbids, and the three that end a line in YAML 1.1 but in no editor: NEL, LS and PS."""


def _refuse_control_characters(text: str, name: str) -> None:
    found = _CONTROL.search(text)
    if found:
        code = ord(found[0])
        escape = f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"
        finding = f'The character U+{code:04X} cannot stand here. Write it as "{escape}" in double quotes.'
        raise DocumentError([Problem(place_behind(text[: found.start()], name), finding)])


_REMEDIES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "block sequence entries are not allowed in this context": "Begin the list on a line of its own.",
        "could not find expected ':'": "Write a colon and a space behind the key.",
        "did not find expected alphabetic or numeric character": "Quote text that begins with & or *.",
        "found character that cannot start any token": "Quote text that begins with @, ` or %.",
        "found invalid Unicode character escape code": "Write the character itself.",
        "found unexpected end of stream": "Close the quotes.",
        "found unknown escape character": "Write each backslash twice, or use single quotes.",
        "mapping values are not allowed in this context": "Quote text that holds a colon, or check the indentation.",
    }
)
"""Remedies, by the words in which libyaml states a problem."""


def _syntax_problem(error: yaml.MarkedYAMLError, name: str, text: str) -> Problem:
    mark, start = error.problem_mark, error.context_mark
    assert mark is not None, "the parser knows where every problem is"
    place = place_behind(text[: mark.index], name)
    context = error.context or ""
    if start is not None and start.line + 1 != place.line:
        context += f" that begins in line {start.line + 1}"
    problem = ", ".join(filter(None, (context, error.problem)))
    remedy = _REMEDIES.get(error.problem or "", "Check indentation, quotes and colons.")
    if text.startswith("\t", mark.index):
        remedy = "Indent with spaces, not tabs."
    return Problem(place, f"This is not YAML: {problem}. {remedy}")
