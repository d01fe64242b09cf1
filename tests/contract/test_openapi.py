"""A contract as a whole: version, title, servers and extensions; any document is read or refused."""

import copy
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from mockserver.contract.contract import Parameter, ResponseSpec, Selector
from mockserver.contract.openapi import load_contract
from mockserver.documents.problems import DocumentError
from tests.support.contracts import THINGS, find_problems, read, read_things


def test_contract_is_read_whole() -> None:
    contract = read(THINGS)

    operation = contract.operations[0]
    key, kind = Selector("id", "Key"), Selector("kind", "Kind", (0,))
    assert (contract.title, contract.roots, len(contract.operations)) == ("Things", ("/API",), 1)
    assert (operation.id, operation.method, operation.path) == ("getThing", "GET", "/things/{id}")
    assert operation.segments == ("things", "{id}")
    assert operation.parameters == (
        Parameter("id", "path", "string", "", is_required=True, default=None, selects=key),
        Parameter("kind", "query", "integer", "int32", is_required=False, default=0, selects=kind),
    )
    assert operation.responses == {200: ResponseSpec(200, ("application/json",), "Thing", ())}
    assert operation.examples == {}
    assert contract.components == {"Thing": {"properties": {"Key": {"type": "string"}, "Kind": {"type": "integer"}}}}
    assert contract.document == yaml.safe_load(THINGS)


@pytest.mark.parametrize("name", [(), (None,), ("openapi.yaml",)])
def test_places_have_the_given_name(tmp_path: Path, name: tuple[str | None, ...]) -> None:
    path = tmp_path / "f.yaml"
    path.write_text(THINGS.replace("3.1.0", "3.0.3"))

    shown = next(iter(name), None) or path
    with pytest.raises(DocumentError, match=re.escape(f"{shown}:1:10: openapi is '3.0.3', but")):
        load_contract(path, *name)


@pytest.mark.parametrize(
    ("servers", "roots"),
    [
        ("servers: [{url: /API/}]", ("/API",)),
        ("servers: [{url: /}]", ("",)),
        ("servers: [{url: 'https://host.example'}]", ("",)),
        ("servers: [{url: 'https://host.example:8443/Q/API/'}]", ("/Q/API",)),
        ("servers: [{url: //host.example/API}]", ("/API",)),
        ("servers: [{url: /API}, {url: /}, {url: 'http://host/API'}]", ("/API", "")),
        ("servers: []", ("",)),
        ("", ("",)),
    ],
)
def test_roots_are_the_paths_of_the_servers(servers: str, roots: tuple[str, ...]) -> None:
    assert read_things("servers: [{url: /API}]", servers).roots == roots


NO_OPENAPI = "This is not an OpenAPI document. Begin it with openapi: 3.1.0."
NO_ADDRESS = "is not a plain address. Write one such as /API."
VARIABLES = "has variables. Write each of its addresses out."
NO_OPERATION = "The contract has no operation. Add one under paths."
PROBLEMS = [
    ("openapi: 3.1.0\n", "", f"1:1: {NO_OPENAPI}"),
    ("openapi: 3.1.0", "swagger: '2.0'", f"1:1: {NO_OPENAPI}"),
    ("3.1.0", "3.1", "1:10: openapi is '3.1', but only 3.1.x is supported. Write openapi: 3.1.0."),
    ("3.1.0", "[]", "1:10: openapi is '', but only 3.1.x is supported. Write openapi: 3.1.0."),
    ("info: {title: Things}\n", "", "1:1: info is missing. Add it, with a title."),
    ("title: Things", "version: 1.0.0", "2:7: title is missing. Add it."),
    ("paths:", "webhooks:", f"1:1: {NO_OPERATION}"),
    ("/API", "'https://{host}/API'", f"3:17: The server https://{{host}}/API {VARIABLES}"),
    ("/API", "'/{tenant}/API'", f"3:17: The server /{{tenant}}/API {VARIABLES}"),
    ("/API", "API", f"3:17: The server 'API' {NO_ADDRESS}"),
    ("/API", "/API?x=1", f"3:17: The server '/API?x=1' {NO_ADDRESS}"),
    ("/API", "/a b", f"3:17: The server '/a b' {NO_ADDRESS}"),
    ("/API", "/a//b", f"3:17: The server '/a//b' {NO_ADDRESS}"),
    ("/API", "'http://[::1/ '", f"3:17: The server 'http://[::1/ ' {NO_ADDRESS}"),
    ("url: /API", "uri: /API", "3:11: url is missing. Add it."),
    ("url: /API", "url: ''", "3:17: url is empty. Write text."),
    ("{url: /API}", "/API", "3:11: A mapping is wanted here. Write keys and values."),
    ("[{url: /API}]", "/API", "3:10: A list is wanted here. Begin each entry with a dash."),
    ("-selects:", "-select:", "9:72: x-mock-select is not an extension of the stub; did you mean 'x-mock-selects'?"),
    (
        "paths:",
        "x-mock-zzzzzzzzz: 1\npaths:",
        "4:1: x-mock-zzzzzzzzz is not an extension of the stub. Write x-mock-selects or x-mock-format.",
    ),
    (
        "servers:",
        "tags: [{x-mock-selects: {member: Key}}]\nservers:",
        "3:9: x-mock-selects belongs to a parameter. Move it there.",
    ),
    ("{type: integer}}", "{x-mock-format: date}}", "18:69: x-mock-format is 'date'. Write dotnet-date-time."),
    ("{type: integer}}", "{x-mock-format: []}}", "18:69: x-mock-format is ''. Write dotnet-date-time."),
]


@pytest.mark.parametrize(("old", "new", "problem"), PROBLEMS)
def test_problem_has_place_finding_and_remedy(old: str, new: str, problem: str) -> None:
    assert find_problems(old, new) == [problem]


NO_MAPPING = "A mapping is wanted here. Write keys and values."


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        ("5", [NO_MAPPING, NO_OPENAPI]),
        ("[]", [NO_MAPPING, NO_OPENAPI]),
        ("{openapi: 3.1.0}", [NO_OPERATION, "info is missing. Add it, with a title."]),
        ("{openapi: 3.1.0, info: {title: A}, paths: {}}", [NO_OPERATION]),
    ],
)
def test_document_that_is_not_a_contract_is_refused(text: str, problems: list[str]) -> None:
    assert find_problems(THINGS, text) == [f"1:1: {each}" for each in problems]


def test_all_problems_are_told_at_once() -> None:
    text = THINGS.replace("3.1.0", "3.0.0").replace("in: query", "in: cookie").replace("member: Key", "member: Ky")

    assert find_problems(THINGS, text) == [
        "1:10: openapi is '3.0.0', but only 3.1.x is supported. Write openapi: 3.1.0.",
        "9:97: The records have no member 'Ky'; did you mean 'Key'?",
        "11:15: kind is in cookie. Write path or query.",
    ]


# Any document at all

SHIPPED: dict[str, Any] = yaml.safe_load((Path(__file__).parents[2] / "openapi.yaml").read_text("utf-8"))


def list_paths(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, child in pairs:
        yield (*path, key)
        yield from list_paths(child, (*path, key))


POINTERS = [
    *("#", "#/paths", "#/components/schemas/Customer", "#/components/responses/NotFound", "#/components/parameters/x"),
    *("#/servers/0", "other.yaml", "", "#/components/schemas/HttpError/properties"),
]
KEYS = [*("$ref", "x-mock-a", "x-mock-selects", "x-mock-format", "in", "get", "{a}", "default", "4XX", "", "a/b~c")]
VALUES = st.one_of(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    st.sampled_from(["http://[::1", "{x}/", "٣", "//", "/", "integer", "path", "3.1.1"]),
    st.sampled_from(POINTERS).map(lambda pointer: {"$ref": pointer}),
    st.sampled_from(["[]", "{}", "[[]]", "{'a': 1}", "[{}]"]).map(yaml.safe_load),
)
WAYS = st.sampled_from(["replace", "remove", "rename", "add"])
CHANGES = st.tuples(st.sampled_from(tuple(list_paths(SHIPPED))), WAYS, st.sampled_from(KEYS), VALUES)


def change(document: Any, path: tuple[str | int, ...], way: str, key: str, value: Any) -> None:
    """Change one place of a document, if an earlier change has left it there."""
    owner = document
    try:
        for step in path[:-1]:
            owner = owner[step]
        old = owner.pop(path[-1]) if way in ("remove", "rename") else owner[path[-1]]
    except (LookupError, TypeError, AttributeError):
        return
    if way == "replace":
        owner[path[-1]] = value
    elif way == "rename" and isinstance(owner, dict):
        owner[key] = old
    elif way == "add" and isinstance(old, dict):
        old[key] = value


@settings(derandomize=True, database=None, deadline=None, max_examples=200)
@given(changes=st.lists(CHANGES, min_size=1, max_size=4))
def test_any_document_is_read_or_refused_with_problems(changes: list[tuple[Any, ...]]) -> None:
    document = copy.deepcopy(SHIPPED)
    for each in changes:
        change(document, *copy.deepcopy(each))
    problems = []

    try:
        read(json.dumps(document))
    except DocumentError as error:
        problems = str(error).split("\n")

    assert [each for each in problems if not re.fullmatch(r"f\.yaml:[0-9]+:[0-9]+: .+[.?]", each)] == []
