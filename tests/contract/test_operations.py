"""Paths and operations: what is read of them, and what is refused."""

import pytest

from tests.support.contracts import find_problems, read_things

METHODS = ("trace", "patch", "head", "options", "delete", "post", "put", "get")


@pytest.mark.parametrize(
    ("path", "segments"),
    [
        ("/", ()),
        ("/a", ("a",)),
        ("/a/b-c_d.e~f/", ("a", "b-c_d.e~f")),
        ("/a(b)/c@d", ("a(b)", "c@d")),
    ],
)
def test_segments_stand_between_slashes(path: str, segments: tuple[str, ...]) -> None:
    operation = f"  {path}: {{get: {{operationId: a, responses: {{'204': {{}}}}}}}}\n"

    contract = read_things("components:", f"{operation}components:")

    assert contract.operations[1].segments == segments


def test_operations_keep_the_order_of_the_document() -> None:
    entries = ", ".join(f"{method}: {{operationId: {method}_a, responses: {{'204': {{}}}}}}" for method in METHODS)

    contract = read_things("components:", f"  /a: {{{entries}}}\ncomponents:")

    found = [(each.method, each.id) for each in contract.operations[1:]]
    assert found == [(method.upper(), f"{method}_a") for method in METHODS]


@pytest.mark.parametrize(("schema", "is_kept"), [("{type: boolean}", False), ("{type: boolean, default: true}", True)])
def test_example_needs_required_parameters_of_the_query(schema: str, is_kept: bool) -> None:
    key = "x-mock-selects: {member: Key}"
    required = f"        - {{name: k, in: query, required: true, schema: {schema}}}\n        - name: kind"

    contract = read_things(f"{key}}}\n        - name: kind", f"examples: {{a: {{value: x}}}}}}\n{required}")

    assert contract.operations[0].examples == ({"a": {"id": "x"}} if is_kept else {})


def test_examples_pair_by_name_and_need_path_parameters() -> None:
    key = "x-mock-selects: {member: Key}"
    examples = "{b: {value: true}, c: {value: false}, a: {externalValue: 'http://host/'}}"
    kind = f"        - {{name: k, in: query, schema: {{type: boolean}}, examples: {examples}}}\n        - name: kind"

    contract = read_things(
        f"{key}}}\n        - name: kind", f"examples: {{a: {{value: x}}, b: {{value: y}}}}}}\n{kind}"
    )

    assert contract.operations[0].examples == {"a": {"id": "x"}, "b": {"id": "y", "k": True}}


def test_words_for_people_are_kept() -> None:
    operation = read_things("operationId:", "summary: A\n      description: B\n      operationId:").operations[0]

    assert (operation.summary, operation.description) == ("A", "B")


def test_words_for_people_may_be_missing_or_wrong() -> None:
    operation = read_things("operationId:", "summary: [A]\n      operationId:").operations[0]

    assert (operation.summary, operation.description) == ("", "")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("    get:", "    x-own: 1\n    summary: A\n    description: B\n    get:"),
        ("paths:\n", "paths:\n  x-own: 1\n"),
        ('"200":', "x-own: 1\n        '200':"),
    ],
)
def test_extensions_and_words_are_no_operations(old: str, new: str) -> None:
    assert [operation.id for operation in read_things(old, new).operations] == ["getThing"]


PLAIN = "is not a plain path. Write one such as /things/{id}, each parameter between slashes."
METHOD = "Write one of get, put, post, delete, options, head, patch, trace."
BOTH = "Write it in both places."
TOP = "Servers are read at the top of the document only. Move them there."
NO_SUCCESS = "7:7: The operation has no response from 200 to 299. Add the one that its records get."
EITHER = "Change one of the two, or remove it."
SECOND = "  /Things/{x}/:\n    get: {operationId: b, responses: {'204': {}}}\ncomponents:"
TWIN = "  /a:\n    put: {operationId: getThing, responses: {'204': {}}}\ncomponents:"


@pytest.mark.parametrize(
    ("old", "new", "problems"),
    [
        ("/things/{id}:", "things/{id}:", [f"5:3: The path 'things/{{id}}' {PLAIN}"]),
        ("/things/{id}:", "'/things//{id}':", [f"5:3: The path '/things//{{id}}' {PLAIN}"]),
        ("/things/{id}:", "/things/{id}.json:", [f"5:3: The path '/things/{{id}}.json' {PLAIN}"]),
        ("/things/{id}:", "/things/{id}?a:", [f"5:3: The path '/things/{{id}}?a' {PLAIN}"]),
        (
            "/things/{id}:",
            "/things/{}:",
            [f"5:3: The path '/things/{{}}' {PLAIN}", f"7:7: The path parameter id is not in the path. {BOTH}"],
        ),
        (
            "/things/{id}:",
            "/things/{key}:",
            [
                f"7:7: The path parameter id is not in the path. {BOTH}",
                f"7:7: The path parameter key is not declared. {BOTH}",
            ],
        ),
        (
            "components:",
            SECOND,
            [
                f"16:3: A path like /Things/{{x}}/ stands already at f.yaml:5:3. {EITHER}",
                f"17:10: The path parameter x is not declared. {BOTH}",
            ],
        ),
        ("components:", TWIN, [f"17:24: The operationId getThing stands already at f.yaml:7:20. {EITHER}"]),
        ("  /things", "  /a: []\n  /things", ["5:7: A mapping is wanted here. Write keys and values."]),
        ("get:", "gte:", ["6:5: gte is not a method; did you mean 'get'?"]),
        ("get:", "query: {}\n    get:", [f"6:5: query is not a method. {METHOD}"]),
        ("get:", "put:\n    get:", ["6:9: A mapping is wanted here. Write keys and values."]),
        ("      operationId: getThing\n", "", ["7:7: operationId is missing. Add it."]),
        ("operationId: getThing", "operationId: ''", ["7:20: operationId is empty. Write text."]),
        (
            "operationId:",
            "requestBody: {}\n      operationId:",
            ["7:7: Request bodies are not supported yet. Remove it."],
        ),
        ("operationId:", "servers: []\n      operationId:", [f"7:7: {TOP}"]),
        ("get:", "servers: []\n    get:", [f"6:5: {TOP}"]),
        ('"200":', '"300":', [NO_SUCCESS]),
        ('"200":', '"199":', [NO_SUCCESS]),
        ("responses:", "response:", [NO_SUCCESS]),
    ],
)
def test_problem_of_a_path_or_operation(old: str, new: str, problems: list[str]) -> None:
    assert find_problems(old, new) == problems
