"""The check of a body, by the marshmallow schema of its component."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final, cast

from marshmallow import RAISE, Schema, ValidationError

from mockserver.checks.acceptance import Acceptance, has_hooks
from mockserver.checks.breaches import Breach
from mockserver.checks.messages import JudgedValue, errors_to_breaches, name_to_field
from mockserver.checks.shortcuts import MemberCheck, make_checks
from mockserver.documents.json_text import JsonError, read_json
from mockserver.documents.numbers import to_plain
from mockserver.documents.wording import show

if TYPE_CHECKING:
    from collections.abc import Iterator


SchemaClass = type[Schema]
"""What `create_app` takes as the check of a component."""

_TOO_DEEP: Final = "the contract wants nothing nested as deep as this"


class Schemas:
    """The check of every body: one schema for each component, safe to share between threads.

    Every method raises KeyError for a component without a schema.
    """

    __slots__ = ("_acceptances", "_members", "_ready")

    def __init__(self, classes: Mapping[str, SchemaClass]) -> None:
        self._ready = {component: _make_ready(schema_class) for component, schema_class in classes.items()}
        self._members = {component: make_checks(name_to_field(schema)) for component, schema in self._ready.items()}
        self._acceptances = {
            component: Acceptance.of(schema, self._members[component]) for component, schema in self._ready.items()
        }

    def __contains__(self, component: object) -> bool:
        return component in self._ready

    def find_breaches(self, component: str, value: object) -> tuple[Breach, ...]:
        """Return the breaches of a value, in the schema's order; how its numbers are written makes no difference."""
        return self._check(component, _to_judged(value))

    def find_member_breaches(self, component: str, members: Mapping[str, object]) -> tuple[Breach, ...]:
        """Return the breaches of the given members, each checked by itself, as `find_breaches` does.

        Missing members are allowed, so rules between members (marshmallow's `validates_schema`) are not checked.
        """
        schema = self._ready[component]
        judged = cast("Mapping[str, object]", _to_judged(members))
        errors = dict(_iter_member_errors(schema, self._members[component], judged))
        return tuple(errors_to_breaches(errors, JudgedValue((), judged, schema))) if errors else ()

    def has_rules_between(self, component: str) -> bool:
        """Return whether the class may refuse members that `find_member_breaches` allows.

        It has methods that marshmallow calls (`validates_schema`, `pre_load`, ...), or checks in its own way.
        """
        schema = self._ready[component]
        return has_hooks(schema) or type(schema).validate is not Schema.validate

    def find_body_breaches(self, component: str, text: str) -> tuple[Breach, ...]:
        """Return the breaches of JSON text, read strictly: no name twice, no NaN, nothing behind the value."""
        try:
            value, repeats = read_json(text)
        except JsonError as error:
            rule = _TOO_DEEP if error.reason is None else f"the contract wants JSON: {error.reason}"
            return (Breach("", rule, show(text)),)
        given_twice = (Breach(path, "the contract allows it once", "given twice") for path in repeats)
        return (*given_twice, *self._check(component, value))

    def _check(self, component: str, value: object) -> tuple[Breach, ...]:
        """Return the breaches of any value. By `validate`, since marshmallow's `dump` checks nothing."""
        schema, acceptance = self._ready[component], self._acceptances[component]
        try:
            if acceptance is not None and acceptance.accepts(value):
                return ()
            errors = schema.validate(cast("Mapping[str, object]", value))
        except RecursionError:
            # A schema that contains itself is followed as deep as the value goes.
            return (Breach("", _TOO_DEEP, show(value)),)
        return tuple(errors_to_breaches(errors, JudgedValue((), value, schema))) if errors else ()


def is_schema_class(given: object) -> bool:
    """Return whether it is a marshmallow class; an instance of one is not."""
    return isinstance(given, type) and issubclass(given, Schema)


def _make_ready(schema_class: SchemaClass) -> Schema:
    """Return the one instance of a class: making it takes a tenth of a millisecond."""
    schema = schema_class()
    # The body of a reply has the members that marshmallow writes: with `dump_only` ones, without `load_only` ones.
    schema.load_fields = schema.dump_fields
    return schema


def _to_judged(value: object) -> object:
    """Return the value with plain numbers; one that is deeper than any document stays as it is."""
    try:
        return to_plain(value)
    except RecursionError:
        return value


def _iter_member_errors(
    schema: Schema, checks: Mapping[str, MemberCheck], members: Mapping[str, object]
) -> Iterator[tuple[str, object]]:
    """Yield the names of the members that have errors, with marshmallow's messages about each."""
    for name, value in members.items():
        check = checks.get(name)
        try:
            if check is None:
                if schema.unknown == RAISE:
                    yield name, [schema.error_messages["unknown"]]
            elif not check.passes(value):
                check.deserialize(value, name, members)
        except ValidationError as error:
            yield name, error.messages
        except RecursionError:
            yield name, [_TOO_DEEP]
