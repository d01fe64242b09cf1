"""Sample requests: one for each thing that the stub offers, by which two processes are compared."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from mockserver.contract.contract import Arguments, Operation, write_target
from mockserver.fixtures.reach import list_samples
from mockserver.http.messages import Request
from mockserver.stub.generated_records import OperationRecords
from mockserver.stub.loading import Stub

_RECORDS: Final = 20
"""How many generated records of an operation are asked for."""


def list_requests(stub: Stub, operation: Operation) -> Iterator[Request]:
    """Yield requests for examples, statuses, edge cases and generated records of an operation."""
    samples = list(list_samples(operation))
    yield from (_write(stub, operation, each) for each in samples)
    for status in operation.responses:
        yield _write(stub, operation, samples[-1], f"code={status}")
    for edge in stub.planner.list_edges(operation):
        yield _write(stub, operation, samples[-1], f'edge="{edge}"')
    if operation.component is not None:
        records = OperationRecords(stub, operation)
        for number in range(_RECORDS):
            yield _write(stub, operation, {**samples[-1], **records.draw_keys(number)}, "dynamic=true")


def _write(stub: Stub, operation: Operation, arguments: Arguments, wish: str = "") -> Request:
    prefer = ", ".join(filter(None, (wish, "delay=0")))
    target = stub.root + write_target(operation, arguments)
    return Request(operation.method, target, headers=(("prefer", prefer),))
