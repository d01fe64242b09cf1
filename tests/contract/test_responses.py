"""Responses: media types and components, examples of bodies, headers."""

import pytest

from mockserver.contract.contract import ResponseSpec
from mockserver.documents.nodes import Json
from tests.support.contracts import THINGS, find_problems, read, read_things

THING = "{$ref: '#/components/schemas/Thing'}"
CONTENT = f"{{application/json: {{schema: {THING}}}}}"


def read_response(new: str, status: int = 200, old: str = f"content: {CONTENT}") -> ResponseSpec:
    return read_things(old, new).operations[0].responses[status]


def test_records_are_those_of_the_lowest_success() -> None:
    other = "'201': {content: {text/json: {schema: {$ref: '#/components/schemas/Other'}}}}"
    text = THINGS.replace('        "200":', f'        {other}\n        "200":')

    contract = read(text.replace("    Thing:", "    Other: {properties: {Name: {}}}\n    Thing:"))

    assert contract.operations[0].component == "Thing"


def test_response_without_a_body_has_no_content() -> None:
    spec = read_response("'204': {content: {text/plain: {}}}\n        \"200\":", 204, '"200":')

    assert spec == ResponseSpec(204, (), None, ())


@pytest.mark.parametrize(
    ("header", "required", "schema"),
    [
        ("{required: true}", ("X-A",), {"type": "string"}),
        ("{required: true, schema: {type: integer}}", ("X-A",), {"type": "integer"}),
        ("{required: false, schema: {type: string}}", (), None),
        ("{required: 'true', schema: {type: string}}", (), None),
        ("{schema: {enum: [a, b]}}", (), {"enum": ["a", "b"]}),
        ("{schema: {const: a}}", (), {"const": "a"}),
        ("{schema: {type: integer, default: 3}}", (), {"const": 3}),
        ("{schema: {examples: [1, 2], default: 3}}", (), {"const": 1}),
        ("{examples: {a: {value: x}}, schema: {examples: [y]}}", (), {"const": "x"}),
        ("{example: w, examples: {a: {value: x}}}", (), {"const": "w"}),
        ("{schema: {type: string, example: lester}}", (), {"const": "lester"}),
        ("{content: {text/plain: {example: w, schema: {example: x}}}}", (), {"const": "w"}),
        ("{content: {text/plain: {schema: {default: x}}}}", (), {"const": "x"}),
        ("{required: true, content: {text/plain: {schema: {type: integer}}}}", ("X-A",), {"type": "integer"}),
        ("{schema: {allOf: [{type: string, default: x}]}}", (), {"const": "x"}),
        ("{required: true, schema: true}", ("X-A",), True),
        ("{required: true, schema: {allOf: [{maxLength: 3}], maxLength: 9}}", ("X-A",), {"maxLength": 3}),
    ],
)
def test_headers_are_kept_where_required_or_known(header: str, required: tuple[str, ...], schema: Json) -> None:
    spec = read_response(f"headers: {{X-A: {header}}}, content: {CONTENT}")

    assert spec.required_headers == required
    assert spec.headers == ({} if schema is None else {"X-A": schema})


@pytest.mark.parametrize(
    "name",
    [
        *("Content-Encoding", "content-length", "Content-Type", "Transfer-Encoding", "Connection", "Trailer", "Date"),
        *("X-Mock-Source", "Preference-Applied", "Access-Control-Allow-Origin"),
    ],
)
def test_header_that_no_contract_decides_is_left_out(name: str) -> None:
    spec = read_response(f"headers: {{{name}: {{required: true, schema: {{const: a}}}}}}, content: {CONTENT}")

    assert (spec.required_headers, spec.headers) == ((), {})


@pytest.mark.parametrize(
    ("name", "required", "is_told"),
    [
        *(("Content-Encoding", "true", True), ("Upgrade", "true", True), ("Content-Encoding", "false", False)),
        ("Content-Length", "true", False),
    ],
)
def test_required_header_that_is_never_sent_is_told(name: str, required: str, *, is_told: bool) -> None:
    header = f"{{required: {required}, schema: {{const: a}}}}"
    contract = read_things(f"content: {CONTENT}", f"headers: {{{name}: {header}}}, content: {CONTENT}")

    finding = f"{name} is required, but the stub never sends it: bodies are sent as they are."
    told = [str(each).partition(": ")[2] for each in contract.warnings]
    assert told == [f"{finding} Leave it out of the contract."] * is_told


def test_schema_of_a_header_is_checked() -> None:
    found = find_problems(f"content: {CONTENT}", f"headers: {{X-A: {{schema: {{type: strin}}}}}}, content: {CONTENT}")

    types = "a type or a list of types"
    assert found == [f"15:48: type is not {types}. Write {types}."]


@pytest.mark.parametrize(
    ("schema", "keywords"),
    [
        (THING, []),
        (f"{{allOf: [{THING}], description: A thing.}}", []),
        (f"{{allOf: [{{allOf: [{THING}]}}]}}", []),
        ("{$ref: '#/components/schemas/Thing', description: A thing., examples: [{}]}", []),
        ("{$ref: '#/components/schemas/Thing', required: [Key], maxProperties: 3}", ["required", "maxProperties"]),
    ],
)
def test_reference_to_a_component_may_be_described(schema: str, keywords: list[str]) -> None:
    contract = read_things(THING, schema)

    beside = "beside this $ref is not read: the class for Thing checks the body. Write it in the component."
    assert contract.operations[0].component == "Thing"
    assert [str(each).partition(": ")[2] for each in contract.warnings] == [f"{each} {beside}" for each in keywords]


def test_examples_are_those_of_the_first_media_type() -> None:
    first = f"application/json: {{schema: {THING}, example: 1, examples: {{a: {{value: 2}}, b: {{summary: B}}}}}}"
    second = f"text/json: {{schema: {THING}, example: 3, examples: {{a: {{value: 4}}, c: {{value: 5}}}}}}"

    spec = read_response(f"content: {{{first}, {second}}}")

    assert spec.media_types == ("application/json", "text/json")
    assert spec.examples == {"a": 2, "example": 1, "c": 5}


NO_SUCCESS = "7:7: The operation has no response from 200 to 299. Add the one that its records get."
NO_STATUS = "is not a number from 100 to 599. Write each status out."
NO_COMPONENT = (
    "is not a component. Refer to one under components/schemas, so that the marshmallow class of that name checks it."
)


@pytest.mark.parametrize(
    ("old", "new", "problems"),
    [
        *(
            (
                f"content: {CONTENT}",
                f"headers: {{{name}: {{schema: {{type: string}}}}}}, content: {CONTENT}",
                [f"15:27: The header {name!r} is not a header name. Change or remove it."],
            )
            for name in ("X Bad Name", "Ä", "X/A")
        ),
        ('"200":', "default:", [NO_SUCCESS, f"15:9: The status default {NO_STATUS}"]),
        ('"200":', "2XX:", [NO_SUCCESS, f"15:9: The status 2XX {NO_STATUS}"]),
        ('"200":', '"2٢٢":', [NO_SUCCESS, f"15:9: The status 2٢٢ {NO_STATUS}"]),
        ('"200":', '"600": {}\n        "200":', [f"15:9: The status 600 {NO_STATUS}"]),
        ('"200":', '"404": 5\n        "200":', ["15:16: A mapping is wanted here. Write keys and values."]),
        (
            "application/json",
            "application/xml",
            ["15:27: application/xml is not supported. Write application/json or text/json."],
        ),
        (THING, "{type: object}", [f"15:54: The schema of application/json {NO_COMPONENT}"]),
        ("/Thing'", "/Thin'", ["15:54: The schema of application/json is not a component; did you mean 'Thing'?"]),
        ("/Thing'", "/Zzz'", [f"15:54: The schema of application/json {NO_COMPONENT}"]),
        ("'#/comp", "'other.yaml#/comp", [f"15:54: The schema of application/json {NO_COMPONENT}"]),
        ("{application", "{text/json: {}, application", [f"15:38: The schema of text/json {NO_COMPONENT}"]),
    ],
)
def test_problem_of_a_response(old: str, new: str, problems: list[str]) -> None:
    assert find_problems(old, new) == problems


def test_media_types_share_one_schema() -> None:
    text = THINGS.replace("    Thing:", "    Other: {}\n    Thing:")
    other = "text/json: {schema: {$ref: '#/components/schemas/Other'}}, application/json"

    found = find_problems(THINGS, text.replace("application/json", other))

    assert found == ["15:16: The media types have different schemas. Give them the same one."]
