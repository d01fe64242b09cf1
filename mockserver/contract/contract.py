"""The contract as values: operations, their parameters and responses, the schemas of components."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final
from urllib.parse import quote

from mockserver.documents.nodes import Json, Scalar, write_scalar

Arguments = Mapping[str, Scalar]
"""The bound parameters of a request by name."""

PARAMETER_TYPES: Final[Mapping[str, type]] = MappingProxyType(
    {"string": str, "integer int32": int, "integer int64": int, "boolean": bool}
)
"""The types and formats that a parameter may have, and the Python type of its arguments."""


@dataclass(frozen=True, slots=True)
class Selector:
    """How the argument of *parameter* selects a record: by *member*, unless it is one of *unless*."""

    parameter: str
    member: str
    unless: tuple[Scalar, ...] = ()

    @property
    def is_key(self) -> bool:
        """Whether every record has to give the member, as there is no argument that leaves it open."""
        return not self.unless

    def restricts(self, argument: Scalar) -> bool:
        """Whether a record has to have the *argument* as its member."""
        return argument not in self.unless and (argument is not None or self.is_key)


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter in the path or the query. `format` is empty for strings and booleans.

    `description` is CommonMark, as the document has it.
    """

    name: str
    location: str
    type: str
    format: str
    is_required: bool
    default: Scalar
    selects: Selector | None
    description: str = ""

    @property
    def kind(self) -> str:
        """Type and format in one, such as `integer int32`."""
        return f"{self.type} {self.format}".rstrip()


@dataclass(frozen=True, slots=True)
class ResponseSpec:
    """What the contract says of one status; without media types it has no content. `is_nullable`: or null.

    `examples` are bodies by name. `headers` are the schemas of those headers of which a value is known or needed.
    """

    status: int
    media_types: tuple[str, ...]
    component: str | None
    required_headers: tuple[str, ...]
    is_nullable: bool = False
    examples: Mapping[str, Json] = field(default_factory=dict)
    headers: Mapping[str, Json] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Operation:
    """One method on one path. `segments` are those of the path: `{id}` stands for an argument."""

    id: str
    method: str
    path: str
    segments: tuple[str, ...]
    parameters: tuple[Parameter, ...]
    responses: Mapping[int, ResponseSpec]
    examples: Mapping[str, Mapping[str, Scalar]]
    """Named examples of the parameters: name of the example -> parameter -> value."""
    summary: str = ""
    description: str = ""

    @property
    def lowest_success_response(self) -> ResponseSpec:
        """The response that a record is sent with."""
        return self.responses[min(status for status in self.responses if 200 <= status < 300)]

    @property
    def component(self) -> str | None:
        """The component that describes its records."""
        return self.lowest_success_response.component

    @property
    def selectors(self) -> tuple[Selector, ...]:
        """How the parameters select records, in their order."""
        return tuple(p.selects for p in self.parameters if p.selects is not None)

    @property
    def keys(self) -> tuple[Selector, ...]:
        """The selectors by which every record is found."""
        return tuple(selector for selector in self.selectors if selector.is_key)

    @property
    def filters(self) -> tuple[Selector, ...]:
        """The selectors that restrict the records further, unless they are left open."""
        return tuple(selector for selector in self.selectors if not selector.is_key)


@dataclass(frozen=True, slots=True)
class Contract:
    """Everything the stub knows of the API. `roots` are the paths it is served under, "" being the root."""

    title: str
    roots: tuple[str, ...]
    operations: tuple[Operation, ...]
    components: Mapping[str, Mapping[str, Json]]
    """The schemas of components by name, every `$ref` in them replaced by what it points at."""
    document: Mapping[str, Json]

    @property
    def required_components(self) -> tuple[str, ...]:
        """The components that a response needs, in the order of the document."""
        named = (spec.component for op in self.operations for spec in op.responses.values())
        return tuple(dict.fromkeys(name for name in named if name is not None))

    def find_operation(self, operation_id: str) -> Operation | None:
        """The operation of that operationId, or None."""
        return next((operation for operation in self.operations if operation.id == operation_id), None)


def write_target(operation: Operation, arguments: Arguments) -> str:
    """The path and query that ask for *arguments*; those left out, and defaults in the query, are not written."""
    path = operation.path
    query = []
    for parameter in operation.parameters:
        value = arguments.get(parameter.name)
        text = quote(write_scalar(value), safe="")
        if value is not None and parameter.location == "path":
            path = path.replace(f"{{{parameter.name}}}", text)
        elif value is not None and value != parameter.default:
            query.append(f"{quote(parameter.name, safe='')}={text}")
    return f"{path}?{'&'.join(query)}" if query else path


def fill_defaults(operation: Operation, arguments: Arguments) -> Arguments:
    """Return the arguments with the default of its parameter in the place of each null."""
    defaults = {parameter.name: parameter.default for parameter in operation.parameters}
    return {name: defaults[name] if value is None else value for name, value in arguments.items()}
