"""The contract as it is given out: with the servers that reach this stub, and with what more is to be said of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from textwrap import indent
from urllib.parse import urlsplit

from mockserver.documents.nodes import Json, Node
from mockserver.documents.problems import DocumentError
from mockserver.documents.yaml_text import parse_document, write_document


def place_servers(document: Mapping[str, Json], roots: Iterable[str], url: str) -> dict[str, Json]:
    """The *document* with one server for each of the *roots* below *url*; "" being the root itself.

    What the document says of a server beside its address is kept.
    """
    described = dict(_read_servers(document.get("servers")))
    servers: list[Json] = [{**described.get(root, {}), "url": f"{url}{root}" or "/"} for root in roots]
    return {**document, "servers": servers}


def _read_servers(servers: Json) -> Iterable[tuple[str, dict[str, Json]]]:
    """The path of each server, and all that is said of it; the address first."""
    for server in [each for each in servers if isinstance(each, dict)] if isinstance(servers, list) else ():
        yield urlsplit(str(server.get("url"))).path.rstrip("/"), {"url": "", **server}


def add_description(document: Mapping[str, Json], title: str, text: str) -> dict[str, Json]:
    """The *document* with a section of *text* at the end of its description."""
    info = document.get("info")
    known = info if isinstance(info, dict) else {}
    before = str(known.get("description") or "").rstrip()
    return {**document, "info": {**known, "description": f"{before}\n\n## {title}\n{text}".lstrip("\n")}}


def write_placed(text: str, document: Mapping[str, Json]) -> str:
    """YAML of the *document*: the *text* that it was read from, with its servers and its description replaced.

    So comments and order stay as they are written. Where the text cannot be cut that way (it is JSON, say, or an alias
    leads into the servers) the document is written anew.
    """
    placed = text
    for path in (("servers",), ("info", "description")):
        value = _find_value(document, path)
        placed = placed if value is None else _replace_member(placed, path, value)
    return placed if _reads_as(placed, document) else write_document(document)


def _find_value(document: Mapping[str, Json], path: tuple[str, ...]) -> Json:
    value: Json = dict(document)
    for step in path:
        value = value.get(step) if isinstance(value, dict) else None
    return value


def _reads_as(text: str, document: Mapping[str, Json]) -> bool:
    try:
        return parse_document(text, "").to_json() == document
    except DocumentError:
        return False


def _replace_member(text: str, path: tuple[str, ...], value: Json) -> str:
    """The *text* with what stands at a *path* replaced by a block with the *value*; put last where there is none."""
    owners = [parse_document(text, "")]
    for step in path[:-1]:
        owners.append(owners[-1].find([step]))
    lines = text.splitlines(keepends=True)
    starts = sorted({child.key_line - 1 for owner in owners for child in _list_members(owner).values()})
    owned = _list_members(owners[-1])
    known = owned.get(path[-1])
    last = known.key_line - 1 if known is not None else _last_line(owned)
    behind = _find_next(starts, last, len(lines))
    while behind > last and lines[behind - 1].startswith(("#", "\n")):
        behind -= 1
    first = last if known is not None else behind
    margin = " " * (min((child.key_column for child in owned.values()), default=1) - 1)
    block = indent(write_document({path[-1]: value}), margin)
    head = "".join(lines[:first])
    return "".join((head, "" if not head or head.endswith("\n") else "\n", block, *lines[behind:]))


def _list_members(node: Node) -> dict[str, Node]:
    return node.value if isinstance(node.value, dict) else {}


def _last_line(members: Mapping[str, Node]) -> int:
    return max((child.key_line - 1 for child in members.values()), default=0)


def _find_next(starts: Iterable[int], line: int, end: int) -> int:
    """The first of the lines that *starts* lists behind a *line*, or else the *end*."""
    return next((start for start in starts if start > line), end)
