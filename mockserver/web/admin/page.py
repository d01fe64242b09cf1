"""What the page for people shows: operations with their lists, settings and warnings, as plain values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import PurePath
from typing import Final
from urllib.parse import unquote

from mockserver.contract.contract import Operation, Parameter
from mockserver.documents.json_text import write_json
from mockserver.documents.problems import Problem
from mockserver.generation.fakes import find_faker_version
from mockserver.http.effects import FAULTS
from mockserver.stub.links import Links
from mockserver.stub.loading import Stub
from mockserver.version import __version__
from mockserver.web.admin.guide import describe_steering
from mockserver.web.admin.lists import NO_TURN, Listing, Pairs, Turned, list_things
from mockserver.web.admin.prose import Block, read_prose
from mockserver.web.admin.shown_values import show_text

_SHOWN_WARNINGS: Final = 100
"""The most warnings that are shown."""


@dataclass(frozen=True, slots=True)
class ShownParameter:
    """A parameter; its default is JSON, or empty if it has none."""

    name: str
    location: str
    kind: str
    default: str
    is_required: bool
    description: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class ShownOperation:
    """An operation with its lists; the links of a GET can be followed."""

    id: str
    method: str
    paths: tuple[str, ...]
    summary: str
    description: tuple[Block, ...]
    parameters: tuple[ShownParameter, ...]
    lists: tuple[Listing, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """The whole page.

    `stale` names the place of the first problem in what was saved last; it is empty if all files are good.
    `more_warnings` counts the warnings that are left out.
    """

    title: str
    version: str
    faker: str
    stale: str
    counts: tuple[str, ...]
    settings: Pairs
    steering: tuple[Block, ...]
    operations: tuple[ShownOperation, ...]
    warnings: tuple[str, ...]
    more_warnings: int
    faults: tuple[str, ...] = FAULTS


def make_page(stub: Stub, links: Links, turned: Turned = NO_TURN, stale: str | None = None) -> Page:
    """Return the page of a stub, with its `links` as the caller would follow them.

    `stale` is the place as X-Mock-Stale has it, None if all files are good.
    """
    warnings = [str(_relabel(warning, stub.fixtures.labels)) for warning in stub.warnings]
    return Page(
        title=stub.contract.title,
        version=__version__,
        faker=find_faker_version(),
        stale="" if stale is None else show_text(unquote(stale)),
        counts=tuple(_count(number, nouns) for nouns, number in stub.counts.items()),
        settings=_show_settings(stub),
        steering=read_prose(describe_steering(stub.prefix)),
        operations=tuple(_show_operation(stub, each, links, turned) for each in stub.contract.operations),
        warnings=tuple(warnings[:_SHOWN_WARNINGS]),
        more_warnings=max(0, len(warnings) - _SHOWN_WARNINGS),
    )


def _relabel(problem: Problem, labels: Mapping[str, str]) -> Problem:
    """Return the problem with the label of its file, which is the same wherever the files lie."""
    path = labels.get(problem.place.path, PurePath(problem.place.path).name)
    return replace(problem, place=replace(problem.place, path=path))


def _count(number: int, nouns: str) -> str:
    return f"{number:,} {nouns.removesuffix('s') if number == 1 else nouns}"


def _show_settings(stub: Stub) -> Pairs:
    words = {
        name: ("off", "on")[value] if isinstance(value, bool) else value for name, value in stub.settings.shown.items()
    }
    words |= {"base_path": " and ".join(root or "/" for root in stub.roots), "prefix": stub.prefix}
    return tuple((f"--{name.replace('_', '-')}", show_text(value)) for name, value in words.items())


def _show_operation(stub: Stub, operation: Operation, links: Links, turned: Turned) -> ShownOperation:
    return ShownOperation(
        id=operation.id,
        method=operation.method,
        paths=tuple(root + operation.path for root in stub.roots),
        summary=operation.summary,
        description=read_prose(operation.description),
        parameters=tuple(map(_show_parameter, operation.parameters)),
        lists=list_things(stub, operation, links, turned),
    )


def _show_parameter(parameter: Parameter) -> ShownParameter:
    return ShownParameter(
        name=parameter.name,
        location=parameter.location,
        kind=parameter.kind,
        default="" if parameter.default is None else show_text(write_json(parameter.default)),
        is_required=parameter.is_required,
        description=read_prose(parameter.description),
    )
