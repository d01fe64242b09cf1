"""Blueprints: schemas made ready to generate many values, with what each schema alone decides found out once."""

from __future__ import annotations

import sys
from functools import cached_property
from typing import Final

from mockserver.checks.fitting import Fitting
from mockserver.checks.keywords import find_branches, to_schema


class Blueprint:
    """A schema and what follows from it alone. Threads may share it."""

    def __init__(self, rule: object) -> None:
        self.schema: Final = to_schema(rule)
        self.fits: Final = Fitting(self.schema).fits
        self.limit: Final = int(self.schema.get("maxLength", sys.maxsize))
        """The most UTF-16 code units that a text may have."""

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The members that every record may have or has to have."""
        return tuple(dict.fromkeys((*self.schema.get("properties", ()), *self.schema.get("required", ()))))

    @cached_property
    def has_joint_rules(self) -> bool:
        """Whether members that all fit may not fit together."""
        return not _ON_WHOLE_OBJECTS.isdisjoint(self.schema)

    @cached_property
    def branches(self) -> tuple[Blueprint, ...]:
        """Each branch, joined with the rest of the schema."""
        return tuple(Blueprint(branch) for branch in find_branches(self.schema))

    @cached_property
    def required_alone(self) -> Blueprint:
        """The schema without its optional members."""
        required = self.schema.get("required", ())
        members = {name: rule for name, rule in self.schema.get("properties", {}).items() if name in required}
        return Blueprint({**self.schema, "properties": members})

    def member(self, name: str) -> Blueprint:
        """Return the blueprint of a member, also of one that the schema does not name."""
        return self._members.get(name, self.others)

    @cached_property
    def _members(self) -> dict[str, Blueprint]:
        return {name: Blueprint(rule) for name, rule in self.schema.get("properties", {}).items()}

    @cached_property
    def others(self) -> Blueprint:
        """The blueprint of a member that the schema does not name."""
        return Blueprint(self.schema.get("additionalProperties"))

    def item(self, number: int) -> Blueprint:
        """Return the blueprint of the item of a list with that number, counted from 0."""
        return self._first_items[number] if number < len(self._first_items) else self._items

    @cached_property
    def _first_items(self) -> tuple[Blueprint, ...]:
        return tuple(map(Blueprint, self.schema.get("prefixItems", ())))

    @cached_property
    def _items(self) -> Blueprint:
        return Blueprint(self.schema.get("items"))


_ON_WHOLE_OBJECTS: Final = frozenset(
    (
        *("oneOf", "anyOf", "allOf", "not", "if", "minProperties", "maxProperties", "propertyNames"),
        *("patternProperties", "dependentRequired", "dependentSchemas"),
    )
)
"""Keywords by which members that all fit may not fit together."""
