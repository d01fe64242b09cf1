"""Whether an object has no errors: marshmallow's own loop over the fields, without the errors and the copy it makes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from marshmallow import RAISE, Schema, ValidationError, missing

from mockserver.checks.shortcuts import MemberCheck

_STEPS: Final = ("validate", "_do_load", "_deserialize", "_call_and_store", "_invoke_field_validators")
"""The methods of marshmallow that check an object. A class that has one of its own decides by itself."""


class Acceptance:
    """The fields that decide whether an object is accepted, if they alone decide. Threads may share it."""

    __slots__ = ("_checks", "_names", "_refuses_unknown")

    def __init__(self, schema: Schema, checks: Mapping[str, MemberCheck]) -> None:
        self._checks = tuple((name, *check) for name, check in checks.items())
        self._names = checks.keys()
        self._refuses_unknown = schema.unknown == RAISE

    @classmethod
    def of(cls, schema: Schema, checks: Mapping[str, MemberCheck]) -> Acceptance | None:
        """Return the acceptance of a schema; None if more than its fields decides, such as a hook."""
        is_own = has_hooks(schema) or any(_is_overridden(schema, step) for step in _STEPS)
        return None if is_own or schema.many or schema.partial else cls(schema, checks)

    def accepts(self, value: object) -> bool:
        """Return whether the object has no errors. If not, marshmallow tells them, or that it is no object."""
        if type(value) is not dict or (self._refuses_unknown and not value.keys() <= self._names):
            return False
        try:
            for name, passes, deserialize in self._checks:
                member = value.get(name, missing)
                if not passes(member):
                    deserialize(member, name, value)
        except ValidationError:
            return False
        return True


def has_hooks(schema: Schema) -> bool:
    """Return whether the class has methods that marshmallow calls: `validates`, `validates_schema`, `pre_load`, ..."""
    return any(type(schema).resolve_hooks().values())


def _is_overridden(schema: Schema, method: str) -> bool:
    return getattr(type(schema), method, None) is not getattr(Schema, method, None)
