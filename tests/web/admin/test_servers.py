"""The contract as it is given out, with the servers that are right for whoever asks."""

from collections.abc import Mapping
from textwrap import dedent
from typing import Final

import pytest

from mockserver.documents.nodes import Json
from mockserver.documents.yaml_text import parse_document
from mockserver.web.admin.servers import add_description, place_servers, write_placed

DOCUMENT: Final[Mapping[str, Json]] = {
    "openapi": "3.1.0",
    "servers": [{"url": "https://vendor.example/API/", "description": "Theirs."}, {"description": "No", "url": "/"}],
    "paths": {},
}


def place(text: str) -> str:
    document = parse_document(dedent(text), "").to_json()
    assert isinstance(document, dict)
    return write_placed(dedent(text), place_servers(document, ["/API"], "http://h"))


def test_every_root_is_a_server_and_keeps_what_is_said_of_it() -> None:
    placed = place_servers(DOCUMENT, ["/API", "", "/more"], "http://h:1/stub")

    assert list(placed.items()) == [
        ("openapi", "3.1.0"),
        (
            "servers",
            [
                {"url": "http://h:1/stub/API", "description": "Theirs."},
                {"url": "http://h:1/stub", "description": "No"},
                {"url": "http://h:1/stub/more"},
            ],
        ),
        ("paths", {}),
    ]


@pytest.mark.parametrize("servers", [{}, {"servers": None}, {"servers": []}])
def test_document_without_servers_gets_them(servers: dict[str, Json]) -> None:
    placed = place_servers({"openapi": "3.1.0", **servers}, [""], "")

    assert placed == {"openapi": "3.1.0", "servers": [{"url": "/"}]}


@pytest.mark.parametrize(
    ("text", "placed"),
    [
        # Comments and order stay, those behind the servers too.
        (
            """\
            # Ours.
            openapi: 3.1.0
            servers:  # here
              # The first.
              - url: /API  # there

            # What there is.
            paths: {}  # nothing
            """,
            """\
            # Ours.
            openapi: 3.1.0
            servers:
            - url: http://h/API

            # What there is.
            paths: {}  # nothing
            """,
        ),
        # The last key, the first one, on one line, and none.
        ("a: 1\nservers:\n- url: /API\n  x-more: {b: 2}", "a: 1\nservers:\n- url: http://h/API\n  x-more:\n    b: 2\n"),
        ("servers:\n- url: /API\na: 1", "servers:\n- url: http://h/API\na: 1"),
        ("a: 1\nservers: [{url: /b}]\nc: 2\n", "a: 1\nservers:\n- url: http://h/API\nc: 2\n"),
        ("a: 1  # one", "a: 1  # one\nservers:\n- url: http://h/API\n"),
        # What cannot be cut is written anew.
        ("{a: 1, servers: []}", "a: 1\nservers:\n- url: http://h/API\n"),
        ('{\n"a": 1,\n"servers": [],\n"b": 2\n}', "a: 1\nservers:\n- url: http://h/API\nb: 2\n"),
        ("  a: 1\n  servers: []\n", "a: 1\nservers:\n- url: http://h/API\n"),
        ("servers: &s []\na: *s\n", "servers:\n- url: http://h/API\na: []\n"),
        ("a: 1\n...\n", "a: 1\nservers:\n- url: http://h/API\n"),
    ],
)
def test_servers_are_replaced_in_the_text(text: str, placed: str) -> None:
    assert place(text) == dedent(placed)


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


@pytest.mark.parametrize(
    ("text", "written"),
    [
        # Comments and order stay, within info too.
        (
            """            info:
                title: a  # one
                # What it is.
                description: |
                    Some.

                    # Heading
                version: "1"  # two
            servers: [{url: /API}]
            # End.
            """,
            """            info:
                title: a  # one
                # What it is.
                description: |
                  Some.

                  # Heading

                  ## T
                  x
                version: "1"  # two
            servers:
            - url: http://h/API
            # End.
            """,
        ),
        # None yet, on one line, and no info.
        (
            """            info:
              title: a

            # What there is.
            paths: {}
            """,
            """            info:
              title: a
              description: |
                ## T
                x

            # What there is.
            paths: {}
            servers:
            - url: http://h/API
            """,
        ),
        (
            "info: {title: a}\nservers: []\n",
            "info:\n  title: a\n  description: |\n    ## T\n    x\nservers:\n- url: http://h/API\n",
        ),
    ],
)
def test_description_is_replaced_in_the_text(text: str, written: str) -> None:
    document = parse_document(dedent(text), "").to_json()
    assert isinstance(document, dict)

    placed = add_description(place_servers(document, ["/API"], "http://h"), "T", "x\n")

    assert write_placed(dedent(text), placed) == dedent(written)
