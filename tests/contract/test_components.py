"""The schemas of components, by name."""

from mockserver.documents.nodes import Place
from tests.support.contracts import find_problems, read_things

THING = "    Thing: {properties"


def test_component_is_a_schema() -> None:
    found = find_problems(THING, f"    Other: object\n{THING}")

    assert found == ["18:12: The component Other is not a schema. Write a schema."]


def test_members_have_places() -> None:
    others = """\
    Base: {properties: {A: {}, B: {}}}
    Other:
      allOf: [{$ref: '#/components/schemas/Base'}, true]
      properties: {B: {}}
      oneOf: [{properties: {C: {}}}]
"""
    contract = read_things(THING, others + THING)

    found = {name: str(contract.place_of("Other", name)) for name in ("A", "B", "C", "")}
    assert found == {"A": "f.yaml:18:25", "B": "f.yaml:21:20", "C": "f.yaml:19:5", "": "f.yaml:19:5"}


def test_response_has_a_place() -> None:
    [response] = read_things().operations[0].responses.values()

    assert response.place == Place("f.yaml", 15, 9)


def test_components_are_read_by_name() -> None:
    contract = read_things(THING, f"    Any: true\n    Other: {{$ref: '#/components/schemas/Thing'}}\n{THING}")

    assert list(contract.components) == ["Other", "Thing"]
    assert contract.components["Other"] == contract.components["Thing"]
