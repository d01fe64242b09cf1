"""Parameters: those of paths and operations, their types, defaults and selectors."""

import pytest

from tests.support.contracts import THINGS, find_problems, read, read_things


def test_operation_parameter_replaces_that_of_its_path() -> None:
    shared = "[{name: KIND, in: query, schema: {type: string}}, {name: s, in: query, schema: {type: boolean}}]"

    parameters = read_things("    get:", f"    parameters: {shared}\n    get:").operations[0].parameters

    found = [(each.name, each.kind) for each in parameters]
    assert found == [("kind", "integer int32"), ("s", "boolean"), ("id", "string")]


def test_description_is_kept() -> None:
    parameter = read_things("in: query", "description: A kind.\n          in: query").operations[0].parameters[1]

    assert parameter.description == "A kind."


@pytest.mark.parametrize(
    ("old", "new", "kind"),
    [
        ("default: 0", "default: null", "integer int32"),
        ("format: int32", "format: int64", "integer int64"),
    ],
)
def test_types_of_parameters(old: str, new: str, kind: str) -> None:
    assert read_things(old, new).operations[0].parameters[1].kind == kind


@pytest.mark.parametrize(
    ("schema", "kind", "default"),
    [
        ("{$ref: '#/components/schemas/Small'}", "integer int32", 7),
        ("{$ref: '#/components/schemas/Small', default: 8}", "integer int32", 8),
        ("{allOf: [{$ref: '#/components/schemas/Small'}], default: 8}", "integer int32", 8),
        ("{allOf: [{description: A}, {$ref: '#/components/schemas/Small'}]}", "integer int32", 7),
        ("{$ref: '#/components/schemas/Whole', format: int64}", "integer int64", None),
    ],
)
def test_schema_of_a_parameter_is_read_as_a_whole(schema: str, kind: str, default: object) -> None:
    small = "    Small: {type: integer, format: int32, default: 7}\n    Whole: {type: integer}\n    Thing: {properties"
    text = THINGS.replace("{type: integer, format: int32, default: 0}", schema).replace("    Thing: {properties", small)

    parameter = read(text).operations[0].parameters[1]

    assert (parameter.kind, parameter.default) == (kind, default)


SUPPORTED = "which is not supported. Write one of string, integer int32, integer int64, boolean."
NO_TEXT = "which is not of type string. Change one of the two."
CHANGE = "which is not of type integer int32. Change one of the two."
SINGLE = "A single value is wanted here. Write text, a number, true, false or null."


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("name: kind", "name: ''", "10:17: name is empty. Write text."),
        ("- name: kind", "- title: kind", "10:11: name is missing. Add it."),
        ("name: kind", "name: ID", "10:11: The parameter ID is given twice. Keep one of the two."),
        ("parameters:\n", "parameters:\n        - id\n", "9:11: A mapping is wanted here. Write keys and values."),
        # Where it stands
        ("in: query", "in: ''", "11:15: in is empty. Write text."),
        ("          in: query\n", "", "10:11: in is missing. Add it."),
        ("in: query", "in: header", "11:15: kind is in header. Write path or query."),
        ("in: query", "in: cookie", "11:15: kind is in cookie. Write path or query."),
        ("required: true, ", "", "9:11: id is in the path, so it is always given. Write required: true."),
        ("required: true", "required: false", "9:11: id is in the path, so it is always given. Write required: true."),
        # Its type
        ("schema: {type: string}", "type: string", "9:11: id has no schema. Add one with a type."),
        ("type: string", "type: ''", "9:63: type is empty. Write text."),
        ("format: int32", "format: ''", "12:43: format is empty. Write text."),
        ("{type: string}", "{format: uuid}", "9:56: type is missing. Add it."),
        ("{type: string}", "{allOf: [{format: uuid}]}", "9:56: type is missing. Add it."),
        ("type: string", "type: array", f"9:56: id is of type array, {SUPPORTED}"),
        ("type: string", "type: integer", f"9:56: id is of type integer, {SUPPORTED}"),
        ("{type: string}", "{type: string, format: uuid}", f"9:56: id is of type string uuid, {SUPPORTED}"),
        # Its default
        ("default: 0", "default: '0'", f"12:59: The default of kind is '0', {CHANGE}"),
        ("default: 0", "default: true", f"12:59: The default of kind is true, {CHANGE}"),
        ("default: 0", "default: 0.0", f"12:59: The default of kind is 0.0, {CHANGE}"),
        ("default: 0", "default: [0]", f"12:59: {SINGLE}"),
        # Its examples
        ("type: string}", "type: string}, examples: {a: {value: 5}}", f"9:94: The example a of id is 5, {NO_TEXT}"),
        # Its selector
        ("member: Kind", "member: Kinds", "13:36: The records have no member 'Kinds'; did you mean 'Kind'?"),
        ("member: Kind", "member: Zzz", "13:36: The records have no member 'Zzz'. Name a member of the records."),
        ("member: Kind", "member: ''", "13:36: member is empty. Write text."),
        ("member: Kind, ", "", "13:27: member is missing. Add it."),
        ("unless: 0", "unles: 0", "13:42: unles is not known here; did you mean 'unless'?"),
        ("unless: 0", "unless: '0'", f"13:50: unless of kind is '0', {CHANGE}"),
        ("unless: 0", "unless: {}", f"13:50: {SINGLE}"),
    ],
)
def test_problem_of_a_parameter(old: str, new: str, problem: str) -> None:
    assert find_problems(old, new) == [problem]
