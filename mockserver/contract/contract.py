"""A contract as values: its operations, their parameters and responses, the schemas of its components."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final
from urllib.parse import quote

from mockserver.contract.samples import Sample
from mockserver.documents.nodes import Json, Place, Scalar, write_scalar
from mockserver.documents.problems import Problem

Arguments = Mapping[str, Scalar]
"""The bound parameters of a request, by name."""

PARAMETER_TYPES: Final[Mapping[str, type]] = MappingProxyType(
    {"string": str, "integer int32": int, "integer int64": int, "boolean": bool}
)
"""The types and formats of parameters, each with the Python type of its arguments."""


@dataclass(frozen=True, slots=True)
class Selector:
    """How the argument of `parameter` selects records: by their `member`, unless it is one of `unless`."""

    parameter: str
    member: str
    unless: tuple[Scalar, ...] = ()

    @property
    def is_key(self) -> bool:
        """Whether every argument restricts, so that every record has to give the member."""
        return not self.unless

    def restricts(self, argument: Json) -> bool:
        """Return whether only records whose member equals the `argument` are selected."""
        return argument not in self.unless and (argument is not None or self.is_key)


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of a request; `location` is `path` or `query`, `description` is CommonMark.

    `format` is empty for strings and booleans.
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
        """Type and format in one, such as `integer int32`; a key of PARAMETER_TYPES."""
        return f"{self.type} {self.format}".rstrip()

    @property
    def has_to_be_given(self) -> bool:
        """Whether each request has to give it: it is in the path, or required and without a default."""
        return self.location == "path" or (self.is_required and self.default is None)


@dataclass(frozen=True, slots=True)
class ResponseSpec:
    """The response of an operation with one status.

    Attributes:
        status: The status.
        media_types: The media types of its content; without any it has no content.
        component: The component that describes its body.
        required_headers: The names of the headers that it always has, without those that no contract decides.
        is_nullable: Whether the body may be null too.
        examples: Bodies by name.
        headers: The schemas of the headers that are required or have a known value, by name.
        place: Where it stands; without a line for a response that the contract does not have.
    """

    status: int
    media_types: tuple[str, ...]
    component: str | None
    required_headers: tuple[str, ...]
    is_nullable: bool = False
    examples: Mapping[str, Json] = field(default_factory=dict)
    headers: Mapping[str, Json] = field(default_factory=dict)
    place: Place = field(default=Place("the contract", 0), compare=False)


@dataclass(frozen=True, slots=True)
class Operation:
    """One method on one path; `segments` are the parts of the path, of which `{id}` stands for an argument."""

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
        """The response that records are sent with."""
        return self.responses[min(status for status in self.responses if 200 <= status < 300)]

    @property
    def component(self) -> str | None:
        """The component that describes the records."""
        return self.lowest_success_response.component

    @property
    def named_parameters(self) -> dict[str, Parameter]:
        """The parameters under each name that a condition may give them: `id`, and `path.id` with the location."""
        located = {f"{each.location}.{each.name}": each for each in self.parameters}
        return located | {each.name: each for each in self.parameters}

    @property
    def selectors(self) -> tuple[Selector, ...]:
        """The selectors of the parameters, in their order."""
        return tuple(p.selects for p in self.parameters if p.selects is not None)

    @property
    def keys(self) -> tuple[Selector, ...]:
        """The selectors that every argument restricts by."""
        return tuple(selector for selector in self.selectors if selector.is_key)

    @property
    def filters(self) -> tuple[Selector, ...]:
        """The selectors that some argument leaves open."""
        return tuple(selector for selector in self.selectors if not selector.is_key)


@dataclass(frozen=True, slots=True)
class Contract:
    """An API as the stub knows it; `roots` are the paths that it is served under, "" is the root of the server."""

    title: str
    roots: tuple[str, ...]
    operations: tuple[Operation, ...]
    components: Mapping[str, Mapping[str, Json]]
    """The schemas of components by name, every `$ref` in them replaced by its target."""
    document: Mapping[str, Json]
    """The document that it was read from, to be served."""
    warnings: tuple[Problem, ...] = ()
    """What is wrong with the document, in spite of which it can be used."""
    places: Mapping[str, Mapping[str, Place]] = field(default_factory=dict)
    """Where the members of each component stand; that of the component itself has the empty name."""
    samples: tuple[Sample, ...] = ()
    """All examples and defaults in the document."""

    def place_of(self, component: str, member: str) -> Place:
        """Return where a member of a component stands, or the component if it is not written there by name."""
        places = self.places[component]
        return places.get(member, places[""])

    @property
    def required_components(self) -> tuple[str, ...]:
        """The components that describe a body, in the order of the document."""
        named = (spec.component for op in self.operations for spec in op.responses.values())
        return tuple(dict.fromkeys(name for name in named if name is not None))

    def find_operation(self, operation_id: str) -> Operation | None:
        """Return the operation of that operationId, or None."""
        return next((operation for operation in self.operations if operation.id == operation_id), None)


def write_target(operation: Operation, arguments: Arguments) -> str:
    """Return the path and query that ask for the `arguments`, without nulls and without defaults in the query."""
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
    """Return the arguments with each null replaced by the default of its parameter."""
    defaults = {parameter.name: parameter.default for parameter in operation.parameters}
    return {name: defaults[name] if value is None else value for name, value in arguments.items()}
