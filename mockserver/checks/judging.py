"""The check of a body: ready marshmallow schemas by the name of their component."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, cast

from marshmallow import RAISE, Schema, ValidationError, fields

from mockserver.checks.breaches import Breach
from mockserver.checks.messages import JudgedValue, errors_to_breaches, name_to_field
from mockserver.documents.json_text import TOO_DEEP, read_json
from mockserver.documents.wording import show

if TYPE_CHECKING:
    from collections.abc import Iterator


SchemaClass = type[Schema]
"""What `create_app` takes as the check of a component."""


class Schemas:
    """The check on every body: a ready schema for each component, safe to share between threads.

    A component that has no schema is a KeyError in every method that takes one.
    """

    __slots__ = ("_members", "_ready")

    def __init__(self, classes: Mapping[str, SchemaClass]) -> None:
        self._ready = {component: make_ready(schema_class) for component, schema_class in classes.items()}
        self._members = {component: name_to_field(schema) for component, schema in self._ready.items()}

    def __contains__(self, component: object) -> bool:
        return component in self._ready

    def find_breaches(self, component: str, value: object) -> tuple[Breach, ...]:
        """Find the breaches of a decoded JSON value, in the schema's order."""
        return check(self._ready[component], value)

    def find_member_breaches(self, component: str, members: Mapping[str, object]) -> tuple[Breach, ...]:
        """Find the breaches of the members given, each by itself; one that is not given is none.

        Rules between members (marshmallow's `validates_schema`) wait until all of them are there.
        """
        schema = self._ready[component]
        errors = dict(iter_member_errors(schema, self._members[component], members))
        return tuple(errors_to_breaches(errors, JudgedValue((), members, schema))) if errors else ()

    def find_body_breaches(self, component: str, text: str) -> tuple[Breach, ...]:
        """Find the breaches of JSON text, read strictly: no name twice, no NaN, nothing behind the value."""
        try:
            value, repeats = read_json(text)
        except ValueError as error:
            return (Breach("", str(error), show(text)),)
        given_twice = (Breach(path, "the contract allows it once", "given twice") for path in repeats)
        return (*given_twice, *self.find_breaches(component, value))


def is_schema_class(given: object) -> bool:
    """Whether it is a marshmallow class, and no instance of one."""
    return isinstance(given, type) and issubclass(given, Schema)


def make_ready(schema_class: SchemaClass) -> Schema:
    """Make the one instance, which takes a tenth of a millisecond."""
    schema = schema_class()
    # A body that goes out has the members that are written: with `dump_only` ones, without `load_only` ones.
    schema.load_fields = schema.dump_fields
    return schema


def iter_member_errors(
    schema: Schema, fields_by_name: Mapping[str, fields.Field[Any]], members: Mapping[str, object]
) -> Iterator[tuple[str, object]]:
    """Give marshmallow's messages about each of the members by itself."""
    for name, value in members.items():
        field = fields_by_name.get(name)
        try:
            if field is not None:
                field.deserialize(value, name, members)
            elif schema.unknown == RAISE:
                yield name, [schema.error_messages["unknown"]]
        except ValidationError as error:
            yield name, error.messages
        except RecursionError:
            yield name, [TOO_DEEP]


def check(schema: Schema, value: object) -> tuple[Breach, ...]:
    """Find the breaches of any value. With `validate`: marshmallow's `dump` checks nothing."""
    try:
        errors = schema.validate(cast("Mapping[str, object]", value))
    except RecursionError:
        # A schema that contains itself goes as deep as the value does.
        return (Breach("", TOO_DEEP, show(value)),)
    return tuple(errors_to_breaches(errors, JudgedValue((), value, schema))) if errors else ()
