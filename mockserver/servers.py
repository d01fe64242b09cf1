"""The contract as it is given out: with the servers at which whoever asks reaches this stub."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from urllib.parse import urlsplit

from mockserver.documents import DocumentError, Json
from mockserver.parsing import parse_document, write_document


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


def write_placed(text: str, document: Mapping[str, Json]) -> str:
    """YAML of the *document*: the *text* that it was read from, with its servers replaced.

    So comments and order stay as they are written. Where the text cannot be cut that way (it is JSON, say, or an alias
    leads into the servers) the document is written anew.
    """
    placed = _replace_servers(text, write_document({"servers": document["servers"]}))
    return placed if _reads_as(placed, document) else write_document(document)


def _reads_as(text: str, document: Mapping[str, Json]) -> bool:
    try:
        return parse_document(text, "").to_json() == document
    except DocumentError:
        return False


def _replace_servers(text: str, servers: str) -> str:
    """The *text* with the block *servers* in the place of its own, or else at its end."""
    members = parse_document(text, "").value
    keys = {name: node.key_line - 1 for name, node in members.items()} if isinstance(members, dict) else {}
    lines = text.splitlines(keepends=True)
    first = keys.get("servers", len(lines))
    behind = min((line for line in keys.values() if line > first), default=len(lines))
    while behind > first and lines[behind - 1].startswith(("#", "\n")):
        behind -= 1
    head = "".join(lines[:first])
    return "".join((head, "" if not head or head.endswith("\n") else "\n", servers, *lines[behind:]))
