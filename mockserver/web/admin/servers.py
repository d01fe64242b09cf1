"""The contract as callers get it: with the addresses at which they reach the stub, and a section of its own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import cast
from urllib.parse import urlsplit

from mockserver.documents.json_nodes import parse_json
from mockserver.documents.json_text import write_json
from mockserver.documents.nodes import Json
from mockserver.documents.yaml_text import write_document


def place_servers(document: Mapping[str, Json], roots: Iterable[str], url: str) -> dict[str, Json]:
    """Return the `document` with one server for each of the `roots` below `url`; "" is the root itself.

    A server keeps what the document says of it besides its address.
    """
    described = dict(_read_servers(document.get("servers")))
    servers: list[Json] = [{**described.get(root, {}), "url": f"{url}{root}" or "/"} for root in roots]
    return {**document, "servers": servers}


def add_description(document: Mapping[str, Json], title: str, text: str) -> dict[str, Json]:
    """Return the `document` with a section of `text` at the end of its description."""
    info = document.get("info")
    known = info if isinstance(info, dict) else {}
    before = str(known.get("description") or "").rstrip()
    return {**document, "info": {**known, "description": f"{before}\n\n## {title}\n{text}".lstrip("\n")}}


def write_yaml(document: Mapping[str, Json]) -> str:
    """Return the `document` as YAML; the last few texts are kept, because writing takes some ten milliseconds."""
    return _write_yaml(write_json(document))


@lru_cache(maxsize=8)
def _write_yaml(text: str) -> str:
    return write_document(cast("dict[str, Json]", parse_json(text).to_json()))


def _read_servers(servers: Json) -> Iterable[tuple[str, dict[str, Json]]]:
    """Iterate over the path of each server and what is said of it; its address stands first."""
    for server in [each for each in servers if isinstance(each, dict)] if isinstance(servers, list) else ():
        yield urlsplit(str(server.get("url"))).path.rstrip("/"), {"url": "", **server}
