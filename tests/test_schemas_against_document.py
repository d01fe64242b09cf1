"""The contract is written twice, as marshmallow classes and in `openapi.yaml`: both must say the same.

First as text: apispec turns each class into the component. Then as judges: both validate thousands of records, and
wherever they differ, the reason must be listed here.
"""

import datetime
import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import yaml
from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin
from jsonschema_rs import Draft202012Validator

from mockserver.checks.breaches import Breach
from mockserver.checks.judging import Schemas
from mockserver.schemas import SHIPPED

DOCUMENT: Mapping[str, Any] = yaml.safe_load((Path(__file__).parents[1] / "openapi.yaml").read_text(encoding="utf-8"))
COMPONENTS: Mapping[str, Mapping[str, Any]] = DOCUMENT["components"]["schemas"]
EXAMPLES: Mapping[str, Mapping[str, Any]] = DOCUMENT["components"]["examples"]

BASES = {
    "Customer": [EXAMPLES["found"]["value"], EXAMPLES["sparse"]["value"]],
    "HttpError": [
        {"Message": "m", "MessageDetail": "d", "ModelState": {"id": ["a", "b"]}},
        EXAMPLES["serverError"]["value"],
    ],
}

LIMITS = (25, 30, 50, 100, 200, 250)

SCALARS = (
    *(None, True, False, 0, 1, 2, 3, -1, 64, 255, 0.0, 1.0, 2.0, 3.0, -1.0, 1.5, 2147483648.0, 1e30),
    *(2**31 - 1, 2**31, -(2**31), -(2**31) - 1, 2**63, 10**30),
    *("", " ", "0", "1", "1.0", "true", "yes", "null", "א", "\x00", "\u2028", "a\nb"),
)

LONG_TEXTS = tuple(
    letter * count
    for letter, units in (("x", 1), ("é", 1), ("😀", 2))
    for limit in LIMITS
    for count in {limit // units, limit // units + 1, limit, limit + 1}
)

DATES = (
    *("0000-12-31", "0001-01-01", "9999-12-31", "10000-01-01", "984-03-12", "+1984-03-12", "1984-W11-1"),
    *("1984-02-29", "1983-02-29", "1900-02-29", "2000-02-29", "1984-02-30", "1984-04-31", "1984-11-31"),
    *("1984-00-12", "1984-13-12", "1984-03-00", "1984-03-32", "1984-3-12", "19840312", "1984-03-\u0661\u0662"),
)

TIMES = (
    *("", "T00:00", "T00:00:00", "T23:59:59", "T24:00:00", "T00:60:00", "T00:00:60", " 00:00:00", "t00:00:00"),
    *("T00:00:00.", "T00:00:00,1", "T00:00:00.0", "T00:00:00.1", "T00:00:00.10", "T00:00:00.0000001"),
    *("T00:00:00.1234567", "T00:00:00.1234560", "T00:00:00.12345678"),
)

ZONES = (
    *("", "Z", "z", " ", "\n", "+10:00", "-10:00", "+14:00", "-14:00", "+14:01", "-14:59", "+15:00", "+99:00"),
    *("+13:59", "+00:00", "-00:00", "+10:60", "+1000", "+10", "+1:00", "\u221210:00"),
)

DATE_TIMES = (
    *(date + "T00:00:00" for date in DATES),
    *("1984-03-12" + time for time in TIMES),
    *("1984-03-12T00:00:00" + zone for zone in ZONES),
    *("1984-02-30T00:00:00.5" + zone for zone in ZONES),
)

PARTS: tuple[object, ...] = (
    *(None, "", "x", "x" * 300, "😀" * 300, 0, 1.0, True),
    *([], ["a"], ["a", None], ["a", 1], [["a"]], {}, {"a": "b"}),
)

CONTAINERS = (
    *([part] for part in PARTS),
    *({"key": part} for part in PARTS),
    *({"": part, "_schema": "x", "a.b": "y"} for part in PARTS),
    *([], {}),
)

VALUES: tuple[object, ...] = (*SCALARS, *LONG_TEXTS, *DATE_TIMES, *CONTAINERS)

STRANGE_NAMES = ("", "Colour", "sex", "SEX", "Sex ", "DOB\n", "customerId", "message", "_schema", "a.b", "😀")


@dataclass(frozen=True)
class Difference:
    """A reason why the document accepts a member that the stub refuses."""

    name: str
    covers: Callable[[object, Mapping[str, Any]], bool]
    """Whether it explains this value under the component's rule for the member."""
    reason: str


# Days that only some months or years have. The pattern itself excludes others, such as a day 32.
RARE_DAYS = {"02-29", "02-30", "02-31", "04-31", "06-31", "09-31", "11-31"}


def is_day_the_calendar_lacks(value: object, _rule: Mapping[str, Any]) -> bool:
    return isinstance(value, str) and value[5:10] in RARE_DAYS and not is_day(value[:10])


def is_day(text: str) -> bool:
    try:
        datetime.date.fromisoformat(text)
    except ValueError:
        return False
    return True


def is_long_in_units_alone(value: object, rule: Mapping[str, Any]) -> bool:
    most = rule.get("maxLength")
    return isinstance(value, str) and most is not None and len(value) <= most < count_units(value)


def count_units(text: str) -> int:
    return sum(2 if ord(letter) > 0xFFFF else 1 for letter in text)


def is_whole_number_with_a_point(value: object, rule: Mapping[str, Any]) -> bool:
    return isinstance(value, float) and value.is_integer() and "integer" in rule.get("type", ())


DIFFERENCES = (
    Difference(
        "a day that the calendar lacks",
        is_day_the_calendar_lacks,
        "A pattern cannot hold the lengths of months: 30 February is left to marshmallow.",
    ),
    Difference(
        "too long in UTF-16 units alone",
        is_long_in_units_alone,
        "JSON Schema counts code points; .NET, whose limits these are, counts UTF-16 code units.",
    ),
    Difference(
        "a whole number written with a point",
        is_whole_number_with_a_point,
        "To JSON Schema 1.0 is an integer; Json.NET never writes an Int32 so, and many clients refuse it.",
    ),
)

EXPECTED = {"Customer": {difference.name for difference in DIFFERENCES}, "HttpError": set()}


def dictionary_null_as_one_of(component: Mapping[str, Any]) -> dict[str, Any]:
    """Write a dictionary that may be null as the document does: some tools ignore what its keys may hold in
    apispec's form, `type: [object, "null"]`."""
    return {
        **component,
        "properties": {name: split_null(member) for name, member in component["properties"].items()},
    }


def split_null(member: Mapping[str, Any]) -> Mapping[str, Any]:
    if member.get("type") != ["object", "null"]:
        return member
    rest = {key: member[key] for key in member if key not in {"type", "additionalProperties"}}
    dictionary = {"type": "object", "additionalProperties": member["additionalProperties"]}
    return {**rest, "oneOf": [dictionary, {"type": "null"}]}


def component_from_class(component: str) -> dict[str, Any]:
    spec = APISpec(title="t", version="1", openapi_version="3.1.0", plugins=[MarshmallowPlugin()])
    spec.components.schema(component, schema=SHIPPED[component])
    found: dict[str, Any] = spec.to_dict()["components"]["schemas"][component]
    return found


@pytest.mark.parametrize("component", SHIPPED)
def test_class_says_what_the_document_says(component: str) -> None:
    # Without the component's description: apispec reads one from `Meta`, but then leaves `additionalProperties` out,
    # which matters more. `required` has no order in JSON Schema; apispec sorts it by name.
    document = {key: rule for key, rule in COMPONENTS[component].items() if key != "description"}

    found = dictionary_null_as_one_of(component_from_class(component))

    assert found == {**document, "required": sorted(document["required"])}
    assert list(found["properties"]) == list(document["properties"])


def test_every_component_has_a_class() -> None:
    assert set(COMPONENTS) == set(SHIPPED)


def mutate_once(base: Mapping[str, object], names: list[str]) -> Iterator[dict[str, object]]:
    """Yield records with every value at every member, every member left out, every strange name added."""
    yield from ({**base, name: value} for name in names for value in VALUES)
    yield from ({kept: base[kept] for kept in base if kept != name} for name in names)
    yield from ({**base, name: "x"} for name in STRANGE_NAMES)


def mutate_often(
    base: Mapping[str, object], names: list[str], chance: random.Random, count: int
) -> Iterator[dict[str, object]]:
    """Yield records with two or three changes at once."""
    for _ in range(count):
        record = dict(base)
        for name in chance.sample(names, chance.choice((2, 3))):
            record[name] = chance.choice(VALUES)
        if chance.random() < 0.1:
            record.pop(chance.choice(list(record)))
        yield record


def make_records(component: str) -> Iterator[dict[str, object]]:
    chance = random.Random(20260405)
    names = list(COMPONENTS[component]["properties"])
    for base in BASES[component]:
        yield from mutate_once(base, names)
        yield from mutate_often(base, names, chance, 2000)


@dataclass
class Tally:
    """The result of a run: records that both accept, records that both refuse, and the reasons of the others."""

    accepted: int = 0
    refused: int = 0
    explained: set[str] = field(default_factory=set)
    unexplained: list[dict[str, object]] = field(default_factory=list)


def judge_by_both(component: str) -> Tally:
    schemas, document, tally = Schemas(SHIPPED), make_validator(component), Tally()
    for record in make_records(component):
        breaches, is_valid = schemas.find_breaches(component, record), document.is_valid(record)
        if is_valid and breaches:
            note_difference(tally, record, [explain(component, record, breach) for breach in breaches])
        elif breaches:
            tally.refused += 1
        elif is_valid:
            tally.accepted += 1
        else:
            # The stub must never send a record that the document refuses.
            tally.unexplained.append(record)
    return tally


def make_validator(component: str) -> Draft202012Validator:
    return Draft202012Validator({"$ref": f"#/components/schemas/{component}", "components": DOCUMENT["components"]})


def explain(component: str, record: Mapping[str, object], breach: Breach) -> str | None:
    value, rule = record.get(breach.member), COMPONENTS[component]["properties"].get(breach.member, {})
    return next((difference.name for difference in DIFFERENCES if difference.covers(value, rule)), None)


def note_difference(tally: Tally, record: dict[str, object], reasons: list[str | None]) -> None:
    """Note the reasons. Each breach needs its own, so that an explained one does not hide another."""
    if None in reasons:
        tally.unexplained.append(record)
    tally.explained.update(reason for reason in reasons if reason is not None)


@pytest.mark.parametrize("component", SHIPPED)
def test_class_and_document_differ_as_listed(component: str) -> None:
    tally = judge_by_both(component)

    assert tally.unexplained == []
    assert tally.explained == EXPECTED[component]
    assert tally.accepted > 500
    assert tally.refused > 1500
