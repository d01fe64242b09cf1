"""The schemas of components, by name."""

from tests.support.contracts import find_problems, read_things

THING = "    Thing: {properties"


def test_component_is_a_schema() -> None:
    found = find_problems(THING, f"    Other: object\n{THING}")

    assert found == ["18:12: The component Other is not a schema. Write a schema."]


def test_components_are_read_by_name() -> None:
    contract = read_things(THING, f"    Any: true\n    Other: {{$ref: '#/components/schemas/Thing'}}\n{THING}")

    assert list(contract.components) == ["Other", "Thing"]
    assert contract.components["Other"] == contract.components["Thing"]
