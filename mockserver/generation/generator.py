"""The generator of records: Faker's words, made repeatable, coherent and valid against a schema."""

from __future__ import annotations

import re
from copy import copy
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, Final

from mockserver.checks.formats import UTC_OFFSET
from mockserver.checks.keywords import to_schema
from mockserver.documents.problems import SettingError
from mockserver.generation.blueprints import Blueprint
from mockserver.generation.draws import Draw, Style
from mockserver.generation.fakes import Fakes, find_locales
from mockserver.generation.values import NewRecord, make_record

if TYPE_CHECKING:
    from collections.abc import Mapping


class Generator:
    """A maker of records that satisfy a schema; threads may share one.

    A record depends only on these settings and on the arguments of `generate`: it is the same in any process, on any
    day. Raises SettingError for a locale that Faker does not have, and for a malformed offset.
    """

    def __init__(self, *, seed: str, locale: str = "en_US", utc_offset: str = "+10:00") -> None:
        self.seed = seed
        self._style = Style(Fakes(_check_locale(locale)), _check_utc_offset(utc_offset))

    def with_seed(self, seed: str) -> Generator:
        """Return the same generator with another seed."""
        other = copy(self)
        other.seed = seed
        return other

    def generate(
        self,
        component: str,
        blueprint: Blueprint,
        identity: Mapping[str, object],
        given: Mapping[str, object],
    ) -> dict[str, object]:
        """Return the record for `identity`: the `given` members stay as they are, the others fit the schema.

        Members stand in the schema's order, then the given ones that it does not have. Each is made from the seed,
        `component`, `identity` and its own name, so a given member changes only members that have to fit it: names
        fit `Sex`, and `Email` fits the names. Any given value is accepted. A member that `find_gaps` names is null if
        the schema allows null, and otherwise left out. The `blueprint` of a schema can be kept for many records.
        """
        return make_record(Draw.first([self.seed, component, identity], blueprint, self._style), given)


def find_gaps(schema: Mapping[str, object], *, locale: str = "en_US") -> tuple[str, ...]:
    """Return the names of the members of an object schema for which no value except null can be made.

    These are strings with a `pattern` that no generated text matches (`examples` help), contradictory bounds, and
    schemas with a keyword that is not implemented (`unevaluatedProperties` beside branches, ...). An empty name stands
    for the whole object, whose members fit, but not together.
    """
    style, blueprint = Style(Fakes(_check_locale(locale)), "+00:00"), Blueprint(schema)
    records = [NewRecord(Draw.first([number], blueprint, style), {}) for number in range(_PROBES)]
    gaps = tuple(
        name
        for name, rule in _list_members(schema).items()
        if not all(record.can_make(name) for record in records[: _count_probes(rule)])
    )
    if gaps or not blueprint.has_joint_rules:
        return gaps
    wholes = (make_record(Draw.first([number], blueprint, style), {}) for number in range(count_probes(schema)))
    return () if all(map(blueprint.fits, wholes)) else ("",)


def count_probes(schema: Mapping[str, Any]) -> int:
    """Return how many records show whether a schema can be met: one with a long list has many tries in itself."""
    return min(map(_count_probes, _list_members(schema).values()), default=_PROBES)


def _list_members(schema: Mapping[str, Any]) -> dict[str, object]:
    """Return the schemas of the members that every record may have or has to have, by name."""
    return {**dict.fromkeys(schema.get("required", ())), **schema.get("properties", {})}


def _count_probes(rule: object) -> int:
    """Return how many records have to succeed: one where it has a long list, whose many items try luck themselves."""
    return 1 if _count_items(rule) > _LONG_LIST else _PROBES


def _count_items(rule: object) -> int:
    """Return how many items the innermost of lists in lists have together, at least."""
    least: int = to_schema(rule).get("minItems", 0)
    return least and least * max(1, _count_items(to_schema(rule).get("items")))


def _check_locale(name: str) -> str:
    """Return the locale. Raises SettingError with the nearest one if Faker does not have it."""
    names = find_locales()
    if name not in names:
        nearest = next(iter(get_close_matches(name, names, n=1)), "en_US")
        raise SettingError("locale", f"Faker has no locale {name!r}. Use one that it has, such as {nearest!r}.")
    return name


def _check_utc_offset(text: str) -> str:
    """Return the offset. Raises SettingError unless it is `+hh:mm` or `-hh:mm` within -14:00 to +14:00."""
    if not re.fullmatch(UTC_OFFSET, text, re.ASCII):
        remedy = "Write +hh:mm or -hh:mm within -14:00 to +14:00, such as '+10:00'."
        raise SettingError("utc_offset", f"{text!r} is not an offset from UTC. {remedy}")
    return text


_LONG_LIST: Final = 1000


# That many records have to succeed, since a value may fit one of them by luck.
_PROBES: Final = 8
