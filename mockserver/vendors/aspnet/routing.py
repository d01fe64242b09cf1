"""The operations of a path: System.Web.Http.Routing.HttpRoute over the path templates of the contract."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from mockserver.contract.contract import Contract, Operation
from mockserver.vendors.aspnet.uris import unescape_path


class Match(NamedTuple):
    """The operations on a matched path, by method, and the text of its path parameters."""

    operations: Mapping[str, Operation]
    values: Mapping[str, str]


class RouteTable:
    """The path templates of a contract under one or more roots, compiled once."""

    def __init__(self, contract: Contract, roots: tuple[str, ...]) -> None:
        self._roots = sorted((_split(unescape_path(root).lower()) for root in roots), key=len, reverse=True)
        by_template: dict[tuple[str, ...], dict[str, Operation]] = {}
        for operation in contract.operations:
            by_template.setdefault(_read_template(operation.segments), {})[operation.method] = operation
        # A literal segment is more precise than a parameter (HttpRoute's precedence digits).
        self._templates = sorted(by_template.items(), key=lambda row: [s.startswith("{") for s in row[0]])

    def match(self, path: str) -> Match | None:
        """Return the route of an escaped `path`; None if there is none.

        Literals ignore case, slashes at the end are ignored, and an empty segment matches nothing. An escaped slash
        divides segments like a plain one, as the path is decoded before it is split.
        """
        segments = _split(unescape_path(path))
        folded = [segment.lower() for segment in segments]
        for root in self._roots:
            if folded[: len(root)] == root:
                route = self._match_below(segments[len(root) :], folded[len(root) :])
                if route is not None:
                    return route
        return None

    def _match_below(self, segments: list[str], folded: list[str]) -> Match | None:
        for template, operations in self._templates:
            if len(template) == len(segments) and _fits(template, folded):
                pairs = zip(template, segments, strict=True)
                return Match(operations, {part[1:-1]: text for part, text in pairs if part.startswith("{")})
        return None


def _read_template(template: tuple[str, ...]) -> tuple[str, ...]:
    """Return the segments of a template, with its literals decoded and in lower case."""
    return tuple(part if part.startswith("{") else unescape_path(part).lower() for part in template)


def _split(path: str) -> list[str]:
    stripped = path.removeprefix("/").rstrip("/")
    return stripped.split("/") if stripped else []


def _fits(template: tuple[str, ...], folded: list[str]) -> bool:
    pairs = zip(template, folded, strict=True)
    return all(text if part.startswith("{") else part == text for part, text in pairs)
