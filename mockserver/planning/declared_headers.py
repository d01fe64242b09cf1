"""The headers that a contract declares for its responses, and the values that they are sent with."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import chain
from types import MappingProxyType

from mockserver.contract.contract import Operation, ResponseSpec
from mockserver.documents.nodes import write_scalar
from mockserver.documents.numbers import Number
from mockserver.generation.blueprints import Blueprint
from mockserver.http.headers import Headers, keep_printable
from mockserver.planning.stock import Stock
from mockserver.vendors.vendor import Vendor


class DeclaredHeaders:
    """The declared headers of every response whose value is known or which are required. It never changes."""

    def __init__(self, stock: Stock, vendor: Vendor) -> None:
        self._generator = stock.generator
        self._hosts = vendor.host_header_names
        self._made: Mapping[tuple[str, int], Headers] = MappingProxyType(
            {
                (operation.id, status): tuple(self._make(spec))
                for operation in stock.contract.operations
                for status, spec in operation.responses.items()
            }
        )

    def find(self, operation: Operation | None, status: int) -> Headers:
        """Return the headers for an answer of an operation with that status; none without an operation."""
        return () if operation is None else self._made.get((operation.id, status), ())

    def _make(self, spec: ResponseSpec) -> Iterator[tuple[str, str]]:
        for name, schema in spec.headers.items():
            # What the host writes is left to its set-up, unless the contract cannot do without.
            if name.lower() not in self._hosts or name in spec.required_headers:
                made = self._generator.generate(name, Blueprint({"properties": {name: schema}}), {}, {})
                yield from ((name, keep_printable(_write_value(value))) for value in made.values())


def _write_value(value: object) -> str:
    """Return a value as the text of a header, in OpenAPI's style `simple`: everything joined by commas."""
    if isinstance(value, list):
        return ", ".join(map(_write_value, value))
    if isinstance(value, dict):
        return ", ".join(map(_write_value, chain.from_iterable(value.items())))
    return write_scalar(value if isinstance(value, str | Number) else None)
