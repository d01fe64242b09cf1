"""The contract as callers get it: with servers at their address, a section more, as YAML."""

from collections.abc import Mapping
from typing import Final

import pytest

from mockserver.documents.nodes import Json
from mockserver.documents.yaml_text import parse_document
from mockserver.web.admin.servers import add_description, place_servers, write_yaml

DOCUMENT: Final[Mapping[str, Json]] = {
    "openapi": "3.1.0",
    "servers": [{"url": "https://vendor.example/API/", "description": "Theirs."}, {"description": "No", "url": "/"}],
    "paths": {},
}


def test_each_root_is_a_server_with_its_description() -> None:
    placed = place_servers(DOCUMENT, ["/API", "", "/more"], "http://h:1/stub")

    servers = [
        {"url": "http://h:1/stub/API", "description": "Theirs."},
        {"url": "http://h:1/stub", "description": "No"},
        {"url": "http://h:1/stub/more"},
    ]
    assert list(placed.items()) == [("openapi", "3.1.0"), ("servers", servers), ("paths", {})]


@pytest.mark.parametrize("servers", [{}, {"servers": None}, {"servers": []}])
def test_document_without_servers_gets_them(servers: dict[str, Json]) -> None:
    placed = place_servers({"openapi": "3.1.0", **servers}, [""], "")

    assert placed == {"openapi": "3.1.0", "servers": [{"url": "/"}]}


@pytest.mark.parametrize(
    ("info", "description"),
    [
        ({}, "## Title\nText.\n"),
        ({"info": {"description": None}}, "## Title\nText.\n"),
        ({"info": {"title": "t", "description": "One.\n\nTwo.\n"}}, "One.\n\nTwo.\n\n## Title\nText.\n"),
    ],
)
def test_description_gets_a_section_more(info: dict[str, Json], description: str) -> None:
    document = add_description({"openapi": "3.1.0", **info}, "Title", "Text.\n")

    described = document["info"]
    assert isinstance(described, dict)
    assert described["description"] == description
    assert {**document, "info": None} == {"openapi": "3.1.0", "info": None}


def test_document_is_written_as_yaml_in_its_order() -> None:
    document: dict[str, Json] = {"b": "007", "a": ["no", None, 1.5], "text": "One.\n\n# Two: ☂ 😀\n"}

    text = write_yaml(document)

    assert text == "b: '007'\na:\n- 'no'\n- null\n- 1.5\ntext: |\n  One.\n\n  # Two: ☂ 😀\n"
    assert parse_document(text, "").to_json() == document
