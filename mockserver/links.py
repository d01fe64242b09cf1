"""Links: the paths and queries that ask for the examples, records and answers of an operation."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote

from mockserver.answers import Answer
from mockserver.contract import Arguments, Operation, write_target
from mockserver.documents import Scalar
from mockserver.records import Record


def select_record(operation: Operation, record: Record) -> dict[str, Scalar]:
    """Arguments that lead to the record."""
    given = {each.parameter: record.members.get(each.member) for each in operation.selectors}
    return {name: value for name, value in given.items() if isinstance(value, str | int)}


def link_record(operation: Operation, record: Record) -> str | None:
    """The target that asks for the record, or None where a key of it is blank."""
    arguments = select_record(operation, record)
    return write_target(operation, arguments) if _fills_path(operation, arguments) else None


def link_answer(operation: Operation, answer: Answer) -> str | None:
    """The target that asks for the answer, or None where no target alone does.

    So it is where it compares with a pattern, a header or a later call, or leaves the path open.
    """
    arguments = _select_answer(answer)
    is_enough = len(arguments) == len(answer.when) and not answer.headers and answer.call in (None, 1)
    return write_target(operation, arguments) if is_enough and _fills_path(operation, arguments) else None


def try_answer(operation: Operation, answer: Answer) -> Iterator[str]:
    """Targets that may lead to the answer: what it compares with by itself, then in each example's place."""
    own = _select_answer(answer)
    for arguments in (own, *({**example, **own} for example in operation.examples.values())):
        if _fills_path(operation, arguments):
            yield write_target(operation, arguments)


def _select_answer(answer: Answer) -> dict[str, Scalar]:
    """The first value of each condition that has one."""
    return {each.parameter: each.values[0] for each in answer.when if each.values}


def _fills_path(operation: Operation, arguments: Arguments) -> bool:
    """Whether no parameter in the path is left open or blank."""
    in_path = [each.name for each in operation.parameters if each.location == "path"]
    return all(arguments.get(name) not in (None, "") for name in in_path)


def escape_path(path: str) -> str:
    """A path of the settings as a link has it; what is escaped already stays."""
    return quote(path, safe="/%!$&'()*+,;=:@~")
