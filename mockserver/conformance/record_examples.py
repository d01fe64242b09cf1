"""A contract whose parameters have the keys of records as examples, as a fuzzer would hardly ever guess them."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any, Final

from mockserver.contract.contract import Contract, Operation
from mockserver.fixtures.records import Record

_MOST: Final = 50
"""How many records of an operation are added."""


def add_record_examples(contract: Contract, records: tuple[Record, ...]) -> Mapping[str, Any]:
    """Return the document of a contract with the keys of the first records as examples of parameters."""
    document: dict[str, Any] = copy.deepcopy(dict(contract.document))
    for operation in contract.operations:
        own = list(islice((each for each in records if each.component == operation.component), _MOST))
        for key in operation.keys:
            for parameter in _find_parameters(document, operation, key.parameter):
                found = {each.place: {"value": each.members[key.member]} for each in own if key.member in each.members}
                parameter["examples"] = {**parameter.get("examples", {}), **found}
    return document


def _find_parameters(document: Mapping[str, Any], operation: Operation, name: str) -> Iterator[dict[str, Any]]:
    """Yield the parameter of that name where it can have examples: not one that is shared or has a single one."""
    path = document["paths"][operation.path]
    for each in (*path.get("parameters", ()), *path[operation.method.lower()].get("parameters", ())):
        if each.get("name") == name and "example" not in each:
            yield each
