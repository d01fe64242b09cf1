"""What has changed in the responses of an operation beside their bodies: statuses, media types and headers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from mockserver.conformance.changes import Change, Editions, Subject
from mockserver.conformance.editions import Described, Edition
from mockserver.contract.contract import Operation, ResponseSpec
from mockserver.documents.nodes import Node
from mockserver.http.headers import is_declarable


def compare_responses(both: Editions, before: Operation, after: Operation) -> Iterator[Change]:
    """Yield the changes of the responses of an operation, without those of their bodies."""
    for status, spec in before.responses.items():
        if status not in after.responses:
            rule = "success-status-removed" if 200 <= status < 300 else "status-removed"
            found = _find_response(both.old, before, status)
            yield both.make_removed(rule, found, _name_response(before, status))
        else:
            yield from _Responses(both, before, after).compare(spec, after.responses[status])
    for status in after.responses:
        if status not in before.responses:
            found = _find_response(both.new, after, status)
            yield both.make("status-added", found, _name_response(after, status))


def _name_response(operation: Operation, status: int) -> Subject:
    return Subject(f"{operation.method} {operation.path}, status {status}")


def _find_response(edition: Edition, operation: Operation, status: int) -> Node:
    return edition.locate(edition.find_operation(operation), ("responses", str(status)))


@dataclass(frozen=True, slots=True)
class _Responses:
    """The responses of an operation that both editions have."""

    both: Editions
    before: Operation
    after: Operation

    def compare(self, old: ResponseSpec, new: ResponseSpec) -> Iterator[Change]:
        """Yield the changes of a response: its media types and headers."""
        subject = _name_response(self.after, new.status)
        nodes = (
            _find_response(self.both.old, self.before, old.status),
            _find_response(self.both.new, self.after, new.status),
        )
        yield from self._compare_media_types(subject, old, new, nodes)
        yield from self._compare_headers(subject, nodes)

    def _compare_media_types(
        self, subject: Subject, old: ResponseSpec, new: ResponseSpec, nodes: tuple[Node, Node]
    ) -> Iterator[Change]:
        for name in old.media_types:
            if name not in new.media_types:
                node = self.both.old.locate(nodes[0], ("content", name))
                yield self.both.make_removed("media-type-removed", node, replace(subject, part=name))
        for name in new.media_types:
            if name not in old.media_types:
                node = self.both.new.locate(nodes[1], ("content", name))
                yield self.both.make("media-type-added", node, replace(subject, part=name))

    def _compare_headers(self, subject: Subject, nodes: tuple[Node, Node]) -> Iterator[Change]:
        old, new = _read_headers(self.both.old, nodes[0]), _read_headers(self.both.new, nodes[1])
        for key, header in old.items():
            if key in new:
                yield from self._compare_header(new[key].name_in(subject), header, new[key])
            else:
                rule = "required-header-removed" if header.is_required else "header-removed"
                yield self.both.make_removed(rule, header.node, header.name_in(subject))
        for key, header in new.items():
            if key not in old:
                yield self.both.make("header-added", header.node, header.name_in(subject))

    def _compare_header(self, subject: Subject, old: _Header, new: _Header) -> Iterator[Change]:
        if old.is_required != new.is_required:
            rule = "header-became-required" if new.is_required else "header-became-optional"
            yield self.both.make(rule, new.node, subject)
        yield from self.both.compare("response", subject, old.described, new.described)


@dataclass(frozen=True, slots=True)
class _Header:
    """A header of a response."""

    name: str
    node: Node
    is_required: bool
    described: Described

    def name_in(self, response: Subject) -> Subject:
        """Return the header of a response as what changes."""
        return replace(response, part=f"header {self.name}")


def _read_headers(edition: Edition, response: Node) -> dict[str, _Header]:
    """Return the headers that a contract decides, by their names in lower case."""
    found = {}
    for name, node in edition.members(response, "headers").items():
        if is_declarable(name):
            is_required = edition.reader.is_required(edition.reader.resolve(node))
            found[name.lower()] = _Header(name, node, is_required, edition.describe(node))
    return found
