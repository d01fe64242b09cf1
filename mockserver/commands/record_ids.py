"""Ids of records on the command line, and the operations that have them."""

from __future__ import annotations

from collections.abc import Sequence

from mockserver.contract.contract import Arguments, Contract, Operation
from mockserver.documents.problems import SettingError
from mockserver.documents.wording import suggest_nearest


def find_returning(contract: Contract, returning: Sequence[Operation], name: str) -> Operation:
    """Return the operation of that operationId, if it is one of those that are `returning` records.

    Raises:
        SettingError: It is not.
    """
    found = next((each for each in returning if each.id == name), None)
    if found is not None:
        return found
    operation = contract.find_operation(name)
    if operation is not None:
        lack = "returns no records" if operation.component is None else "finds no record by an id with a safe method"
        raise SettingError("operation", f"{name} {lack}. Name another operation.")
    nearest = suggest_nearest(name, [each.id for each in returning]) or ". Name an operationId."
    raise SettingError("operation", f"The contract has no operation {name!r}{nearest}")


def read_keys(operation: Operation, text: str) -> Arguments:
    """Return the keys in an id; several are separated by slashes.

    Raises:
        SettingError: There are more or fewer, or it is no text.
    """
    if any("\ud800" <= character <= "\udfff" for character in text):
        raise SettingError("id", f"{text!r} is not UTF-8. Write another id.")
    names = [key.parameter for key in operation.keys]
    texts = [text] if len(names) == 1 else text.split("/")
    if len(texts) != len(names):
        raise SettingError("id", f"{text!r} is not {'/'.join(names)}. Write the values with slashes between them.")
    return dict(zip(names, texts, strict=True))
