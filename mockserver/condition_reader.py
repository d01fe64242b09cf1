"""When answers are given, as fixture files write it: parameters, headers and calls, held against the contract."""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Final

from mockserver.answers import Condition
from mockserver.breaches import show
from mockserver.contract import Operation, Parameter
from mockserver.documents import DocumentReader, Fault, Node, Scalar, suggest_nearest
from mockserver.exchange import TOKEN
from mockserver.openapi import PARAMETER_TYPES

RESERVED: Final = ("headers", "call", "parameters")
"""Keys of `when` that are no parameters; one that is called so is written under `parameters`."""


@dataclass(frozen=True, slots=True)
class When:
    """What an answer compares; see `Answer`."""

    parameters: tuple[Condition, ...] = ()
    headers: tuple[Condition, ...] = ()
    call: int | None = None


class ConditionReader(DocumentReader):
    """Reads `when`; faults are added to those of the reader that the rest of the document belongs to."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__(faults)

    def read(self, node: Node | None, operation: Operation) -> When:
        """What stands under `when`, of an answer of the *operation*."""
        if node is not None and not isinstance(node.value, dict):
            known = ", ".join(parameter.name for parameter in operation.parameters)
            names = f"parameters under it ({known})" if known else "headers, call under it"
            remedy = f"Write {names}, each with its value."
            self.add(node.place, f"when is {show_node(node)}. {remedy}")
            return When()
        members = self.members(node)
        named = {name: child for name, child in members.items() if name not in RESERVED}
        under = self._read_parameters(members.get("parameters"), named)
        return When(
            (*self._read_conditions(named, operation, RESERVED), *self._read_conditions(under, operation)),
            tuple(self._read_headers(members.get("headers"))),
            self.read_count(members.get("call"), "call"),
        )

    def read_count(self, node: Node | None, key: str) -> int | None:
        """A whole number from 1 on."""
        if node is None:
            return None
        if type(node.value) is not int or node.value < 1:
            self.add(node.place, f"{key} is {show_node(node)}. Write a whole number from 1 on, without quotes.")
            return None
        return node.value

    def _read_parameters(self, node: Node | None, named: Mapping[str, Node]) -> Mapping[str, Node]:
        if node is not None and not isinstance(node.value, dict):
            self.add(node.place, f"parameters is {show_node(node)}. Write their names and values under it.")
            return {}
        for name, child in self.members(node).items():
            if name in named:
                self.add(child.key_place, f"{name} is compared twice. Keep one of the two.")
        return self.members(node)

    def _read_conditions(
        self, nodes: Mapping[str, Node], operation: Operation, keys: Iterable[str] = ()
    ) -> Iterator[Condition]:
        """What is compared with parameters, where *keys* could have been meant too."""
        known = {parameter.name: parameter for parameter in operation.parameters}
        names = (*known, *keys)
        for name, child in nodes.items():
            if name in known:
                parameter = known[name]
                yield self._read_condition(child, name, partial(self._read_argument, parameter=parameter))
            else:
                nearest = suggest_nearest(name, names) or (
                    f". Write one of {', '.join(names)}." if names else ". It has none."
                )
                self.add(child.key_place, f"{operation.id} has no parameter {name!r}{nearest}")

    def _read_headers(self, node: Node | None) -> Iterator[Condition]:
        if node is not None and not isinstance(node.value, dict):
            self.add(node.place, f"headers is {show_node(node)}. Write names and values under it, each with a colon.")
            return
        seen: set[str] = set()
        for name, child in self.members(node).items():
            fault = "is compared twice" if name.lower() in seen else "is no header name"
            if name.lower() in seen or not TOKEN.fullmatch(name):
                self.add(child.key_place, f"The header {name!r} {fault}. Change or remove it.")
                continue
            seen.add(name.lower())
            yield self._read_condition(child, name.lower(), partial(self._read_header, name=name))

    def _read_condition(self, node: Node, name: str, read: Callable[[Node], Scalar]) -> Condition:
        if isinstance(node.value, dict):
            self.check_keys(node, ("matches",))
            return Condition(name, pattern=self._read_pattern(node))
        nodes = self.items(node) if isinstance(node.value, list) else [node]
        if not nodes:
            self.add(node.place, "An empty list is never met. Give the values to compare with.")
        return Condition(name, tuple(map(read, nodes)))

    def _read_pattern(self, node: Node) -> re.Pattern[str] | None:
        pattern = self.text(node, "matches", node)
        try:
            with warnings.catch_warnings():
                # `[[:digit:]]` is a class in other dialects; Python reads it as something else, and only warns.
                warnings.simplefilter("error", FutureWarning)
                return re.compile(pattern)
        except (re.error, OverflowError, RecursionError, FutureWarning) as error:
            finding = f"This is no regular expression of Python: {error}"
            self.add(node.find(["matches"]).place, f"{finding}. Write it as Python's re module has it.")
            return None

    def _read_argument(self, node: Node, parameter: Parameter) -> Scalar:
        value = self.scalar(node)
        if value is node.value and not _is_argument(value, parameter):
            finding = f"{parameter.name} is {show_node(node)}, which is no {parameter.format or parameter.type}"
            remedies = {"string": f'Quote it: "{node.text}".', "boolean": "Write true or false, without quotes."}
            remedy = remedies.get(parameter.type, "Write a whole number of its range, without quotes.")
            self.add(node.place, f"{finding}. {remedy}")
        return value

    def _read_header(self, node: Node, name: str) -> Scalar:
        value = node.text if node.is_number else self.scalar(node)
        if isinstance(value, bool):
            self.add(node.place, f'The header {name} is {show_node(node)}, which is no text. Quote it: "{node.text}".')
        return value


def _is_argument(value: Scalar, parameter: Parameter) -> bool:
    """Whether the parameter can ever have the value; null is what a blank text binds to."""
    if value is None:
        return parameter.type == "string"
    if type(value) is not PARAMETER_TYPES[parameter.kind]:
        return False
    bits = int(parameter.format.removeprefix("int") or 0)
    return not isinstance(value, int) or not bits or -(1 << bits - 1) <= value < 1 << bits - 1


def show_node(node: Node) -> str:
    """A value as the file has it, cut short."""
    return node.text if node.is_number else show(node.to_json())
