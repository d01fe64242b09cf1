"""Reads what somebody expects of the journal: queries and numbers, held against the contract."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from mockserver.contract.contract import Operation, Parameter
from mockserver.documents.nodes import Json, Node
from mockserver.documents.wording import show, show_node
from mockserver.fixtures.conditions import Condition
from mockserver.fixtures.reach import Reach
from mockserver.fixtures.readers.condition_reader import ConditionReader
from mockserver.http.redaction import Redactor
from mockserver.insight.queries import Query, hide_secrets
from mockserver.insight.verification import Expectation
from mockserver.stub.loading import Stub

_QUERY_KEYS: Final = ("operation", "method", "path", "arguments", "headers", "body")
_BOUND_KEYS: Final = ("exactly", "at_least", "at_most")

_LONGEST_NAME: Final = 80
"""Characters of a name that a problem repeats."""


class ExpectationReader(ConditionReader):
    """Reads expectations. Secrets in them become the digests that the journal has in their place."""

    def __init__(self, stub: Stub, redactor: Redactor) -> None:
        super().__init__(Reach(stub.contract, stub.vendor))
        self._stub = stub
        self._redactor = redactor

    def read_one(self, root: Node) -> Expectation:
        """Return an expectation of a number of equal requests."""
        self.check_keys(root, (*_QUERY_KEYS, *_BOUND_KEYS))
        return self._read_bounds(root, self._read_query(root))

    def read_order(self, root: Node) -> list[Expectation]:
        """Return the expectations of requests that come one after the other."""
        self.check_keys(root, ("in_order", "requests"))
        ordered = root.child("in_order")
        self.flag(ordered, "in_order")
        if ordered is not None and ordered.value is False:
            remedy = "Remove it, or verify each request on its own."
            self.add(ordered.place, f"in_order is false, but requests are expected in their order. {remedy}")
        nodes = self.items(root.child("requests"))
        if not nodes:
            self.add(root.place, "requests is missing or empty. List what is expected, in its order.")
        for node in nodes:
            self.check_keys(node, _QUERY_KEYS)
        return [self._read_query(node) for node in nodes]

    def _read_query(self, node: Node) -> Expectation:
        members = self.members(node)
        operation = self._read_operation(members)
        query = Query(
            operation=None if operation is None else operation.id,
            method=self._read_text(members, "method"),
            paths=self._read_paths(members),
            headers=self._hide(self.read_headers(members.get("headers")), members.get("headers"), {}),
            body=self._read_body(members.get("body")),
        )
        if operation is not None:
            under, named = members.get("arguments"), operation.named_parameters
            conditions = self.read_parameters(under, operation, "arguments")
            query = replace(query, arguments=self._hide(conditions, under, named))
        elif "arguments" in members and "operation" not in members:
            self.add(members["arguments"].key_place, "arguments are those of an operation. Name it by operation.")
        return Expectation(query, _describe(query))

    def _read_operation(self, members: Mapping[str, Node]) -> Operation | None:
        name = self._read_text(members, "operation")
        if name is None:
            return None
        found = self._stub.contract.find_operation(name)
        if found is None:
            known = [each.id for each in self._stub.contract.operations]
            nearest = self.suggest(name, known) or f". There are {', '.join(known)}."
            self.add(members["operation"].place, f"The contract has no operation {name[:_LONGEST_NAME]!r}{nearest}")
        return found

    def _read_text(self, members: Mapping[str, Node], key: str) -> str | None:
        node = members.get(key)
        if node is None:
            return None
        if isinstance(node.value, str):
            return node.value
        self.add(node.place, f"{key} is {show_node(node)}. Write text.")
        return None

    def _read_paths(self, members: Mapping[str, Node]) -> tuple[str, ...]:
        path = self._read_text(members, "path")
        if path is not None and ("?" in path or not path.startswith("/")):
            finding = f"path is {show_node(members['path'])}."
            self.add(members["path"].place, f"{finding} Begin it with a slash, and give the query as arguments.")
        return () if path is None else tuple(dict.fromkeys((path, *(root + path for root in self._stub.roots))))

    def _read_body(self, node: Node | None) -> tuple[Json] | None:
        return None if node is None else (self._redactor.redact_json(node.to_json()),)

    def _hide(
        self, conditions: tuple[Condition, ...], node: Node | None, parameters: Mapping[str, Parameter]
    ) -> tuple[Condition, ...]:
        """Return conditions with digests in place of secrets; `node` is where they were read."""
        written = node.value if node is not None and isinstance(node.value, dict) else {}
        for name, child in written.items():
            own = parameters[name].name if name in parameters else name
            if self._redactor.is_secret(own) and isinstance(child.value, dict):
                finding = f"{name} is a secret, of which the journal has a digest alone: no pattern can be compared."
                self.add(child.place, f"{finding} Give its value.")
        return tuple(hide_secrets(each, self._redactor) for each in conditions)

    def _read_bounds(self, root: Node, expected: Expectation) -> Expectation:
        """Return the expectation with its numbers; without any there is to be at least one."""
        exactly, least, most = (self.count(root.child(key), key, least=0) for key in _BOUND_KEYS)
        if exactly is not None and (least is not None or most is not None):
            self.add(root.place, "exactly stands beside at_least or at_most. Give one or the other.")
        elif least is not None and most is not None and least > most:
            self.add(root.place, f"at_least is {least} and at_most {most}, which no number is. Change one.")
        if exactly is not None:
            return replace(expected, least=exactly, most=exactly)
        return replace(expected, least=least if least is not None else int(most is None), most=most)


def _describe(query: Query) -> str:
    """Return what is looked for: `getCustomer with id 42 and header X-Tenant 'acme'`."""
    named = query.operation or " ".join(filter(None, (query.method, *query.paths[:1]))) or "any request"
    conditions = [f"{each.label} {each.wanted}" for each in (*query.arguments, *query.headers)]
    conditions += [] if query.body is None else [f"body {show(query.body[0])}"]
    return f"{named} with {' and '.join(conditions)}" if conditions else named
