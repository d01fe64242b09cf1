"""An OpenAPI 3.1 document read into a contract: version, title, servers and extensions, then the parts below them.

Two extensions say what OpenAPI cannot:

- `x-mock-selects: {member: PersonalId}` on a parameter selects the records whose member equals the argument.
  With `unless: 0` the argument 0 restricts nothing, and a record without that member matches any argument and is
  sent with the member as asked.
- `x-mock-format: dotnet-date-time` on a schema: the text that .NET writes for a DateTime.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Final

from mockserver.contract.components import find_places, read_components
from mockserver.contract.contract import Contract
from mockserver.contract.operations import read_operations
from mockserver.contract.references import ReferenceReader
from mockserver.contract.samples import read_samples
from mockserver.documents.loading import load_document
from mockserver.documents.nodes import Node
from mockserver.documents.problems import DocumentError


def load_contract(path: Path, name: str | None = None) -> Contract:
    """Read the contract in the file at `path`, which places call `name`.

    Raises:
        DocumentError: The file cannot be read, or is not a contract; every problem is listed.
    """
    return read_contract(load_document(path, name))


def read_contract(root: Node) -> Contract:
    """Read a document into a contract.

    Raises:
        DocumentError: It is not a contract; every problem is listed.
    """
    reader = ReferenceReader(root)
    contract = _read_document(reader)
    if reader.problems:
        raise DocumentError(reader.problems)
    return contract


def _read_document(reader: ReferenceReader) -> Contract:
    members = reader.members(reader.root)
    _check_version(reader, members.get("openapi"))
    _check_extensions(reader, reader.root)
    components = read_components(reader, members.get("components"))
    operations = tuple(read_operations(reader, members.get("paths"), components))
    if not operations and not reader.problems:
        reader.add(reader.root.place, "The contract has no operation. Add one under paths.")
    return Contract(
        title=_read_title(reader, members.get("info")),
        roots=tuple(dict.fromkeys(_read_roots(reader, members.get("servers")))) or ("",),
        operations=operations,
        components=components,
        document=MappingProxyType({key: node.to_json() for key, node in members.items()}),
        warnings=tuple(sorted(set(reader.warnings))),
        places=find_places(reader, members.get("components")),
        samples=() if reader.problems else tuple(read_samples(reader, components)),
    )


def _check_version(reader: ReferenceReader, node: Node | None) -> None:
    if node is None:
        reader.add(reader.root.place, "This is not an OpenAPI document. Begin it with openapi: 3.1.0.")
        raise DocumentError(reader.problems)
    if not node.text.startswith("3.1."):
        reader.add(node.place, f"openapi is {node.text!r}, but only 3.1.x is supported. Write openapi: 3.1.0.")


def _read_title(reader: ReferenceReader, info: Node | None) -> str:
    if info is None:
        reader.add(reader.root.place, "info is missing. Add it, with a title.")
        return ""
    return reader.text(info, "title", info)


_URL: Final = re.compile(r"(?:(?:[A-Za-z][A-Za-z0-9+.-]*:)?//[^/?#{}\s]+)?((?:/[^/?#<>{}%\\\s]+)*)/?")
"""A URL or a path; the group is its path without the slash at its end."""


def _read_roots(reader: ReferenceReader, servers: Node | None) -> Iterator[str]:
    for server in reader.items(servers):
        url = reader.text(server, "url", server)
        place = server.find(["url"]).place
        plain = _URL.fullmatch(url)
        if plain is not None:
            yield plain[1]
        elif "{" in url:
            reader.add(place, f"The server {url} has variables. Write each of its addresses out.")
        else:
            reader.add(place, f"The server {url!r} is not a plain address. Write one such as /API.")


_EXTENSIONS: Final = ("x-mock-selects", "x-mock-format")
_FORMATS: Final = ("dotnet-date-time",)


def _check_extensions(reader: ReferenceReader, node: Node) -> None:
    """Check every `x-mock-...` of the document, wherever it stands."""
    if isinstance(node.value, dict):
        for key, child in node.value.items():
            if key.startswith("x-mock-"):
                _check_extension(reader, key, child, node.value)
    for child in node.children:
        _check_extensions(reader, child)


def _check_extension(reader: ReferenceReader, key: str, node: Node, siblings: Mapping[str, Node]) -> None:
    if key not in _EXTENSIONS:
        nearest = reader.suggest(key, _EXTENSIONS) or f". Write {' or '.join(_EXTENSIONS)}."
        reader.add(node.key_place, f"{key} is not an extension of the stub{nearest}")
    elif key == "x-mock-format" and node.value not in _FORMATS:
        reader.add(node.place, f"x-mock-format is {node.text!r}. Write {' or '.join(_FORMATS)}.")
    elif key == "x-mock-selects" and not siblings.keys() & {"in", "name"}:
        reader.add(node.key_place, "x-mock-selects belongs to a parameter. Move it there.")
