"""Near routes: which routes the path of a request nearly has, and what to send instead."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from http import HTTPStatus
from typing import Final

from mockserver.contract.contract import Contract
from mockserver.http.hints import MOST_NEAR, Hints, NearMiss, is_plain
from mockserver.http.messages import Request
from mockserver.planning.alignment import Alignment, Template, align, fold, is_parameter, split_path
from mockserver.vendors.vendor import Refusal, Router

_LISTED: Final = 8
"""How many routes a hint lists at most."""

_CASE, _ENCODED = "differs in case", "has an encoded slash (%2F)"
_SLASH, _NO_SLASH, _EMPTY = "ends in a slash", "lacks the slash at its end", "has an empty segment"

_ORIGIN: Final = re.compile(r"(?i)https?://[^/]*")
_SLASH_ESCAPE: Final = re.compile("(?i)%2f")


class NearRoutes:
    """The routes of a contract, to be compared with paths that have none. The router knows what a vendor minds."""

    def __init__(
        self, contract: Contract, roots: Sequence[str], router: Router, is_secret: Callable[[str], bool]
    ) -> None:
        self._router = router
        self._is_secret = is_secret
        self._listed = _list_routes(contract, roots)
        methods: dict[str, list[str]] = {}
        for operation in contract.operations:
            methods.setdefault(operation.path, []).append(operation.method)
        self._templates = [Template.of(root, path, tuple(each)) for path, each in methods.items() for root in roots]

    def find(self, request: Request, refusal: Refusal) -> tuple[NearMiss, ...]:
        """Return the routes that a refused request nearly has, the nearest first."""
        path = request.target.partition("?")[0]
        path = path if path.startswith("/") else _ORIGIN.sub("", path, count=1)
        match refusal.status:
            case HTTPStatus.METHOD_NOT_ALLOWED:
                return tuple(self._find_methods(path, request.method, refusal))
            case HTTPStatus.NOT_FOUND:
                near = [*self._find_near(path)]
                near.sort(key=lambda each: len(each.differences))
                return tuple(near[:MOST_NEAR])
            case _:
                return ()

    def list_routes(self, refusal: Refusal) -> Hints:
        """Return the hint that lists the routes, if the refusal is a 404."""
        return (self._listed,) if refusal.status == HTTPStatus.NOT_FOUND else ()

    def _find_methods(self, path: str, method: str, refusal: Refusal) -> Iterator[NearMiss]:
        """Yield the route of the path, which is served with other methods."""
        allowed = [value for name, value in refusal.headers if name == "Allow"]
        segments = split_path(path)
        for template, alignment in self._align(segments) if allowed else ():
            if not alignment.differences:
                sent = method if is_plain(method) else "This method"
                where = self._show(template, alignment, segments)
                served = f"{' and '.join(allowed)} {'is' if len(allowed) == 1 else 'are'}"
                hint = f"{sent} is not served at {where}; {served}."
                yield NearMiss("route", _name(template), None, (f"the method is not {' or '.join(allowed)}",), hint)
                return

    def _find_near(self, path: str) -> Iterator[NearMiss]:
        texts = [path]
        if "%" in path and _SLASH_ESCAPE.search(path):
            texts.append(_SLASH_ESCAPE.sub("/", path))
        for text in texts:
            segments = split_path(text)
            for template, alignment in self._align(segments):
                differences = self._judge(template, alignment, text, is_decoded=text is not path)
                if differences:
                    told = " and ".join(sorted(differences)).replace(" and differs in ", " and ")
                    meant = self._show(template, alignment, segments)
                    yield NearMiss("route", _name(template), None, differences, f"Path {told}: did you mean {meant}?")

    def _align(self, segments: tuple[str, ...]) -> Iterator[tuple[Template, Alignment]]:
        folded = tuple(map(fold, segments))
        for template in self._templates:
            alignment = align(template, folded)
            if alignment is not None:
                yield template, alignment

    def _judge(self, template: Template, alignment: Alignment, path: str, *, is_decoded: bool) -> tuple[str, ...]:
        """Return how the path differs in what the router minds; empty if no other path would be served either."""
        has_path, segments = self._router.has_path, split_path(path)
        meant = _fill(template, alignment, segments)
        served = _SLASH_ESCAPE.sub("-", meant)
        if not has_path(served):
            return ()
        differences = [*alignment.differences]
        own = _fill(template, alignment, segments, keeps_case=True)
        if own != meant and not has_path(_SLASH_ESCAPE.sub("-", own)):
            differences.append(_CASE)
        if is_decoded or (served != meant and not has_path(meant)):
            differences.append(_ENCODED)
        if "//" in path and not has_path(served.replace("/", "//")):
            differences.append(_EMPTY)
        ends = path.endswith("/")
        if ends != served.endswith("/") and not has_path(f"{served}/" if ends else served[:-1]):
            differences.append(_SLASH if ends else _NO_SLASH)
        return tuple(differences)

    def _show(self, template: Template, alignment: Alignment, segments: tuple[str, ...]) -> str:
        """Return the path that was meant, with the values of the request that are plain and no secrets."""
        shown = tuple(each if is_plain(each) else "" for each in segments)
        return _fill(template, alignment, shown, self._is_secret)


def _fill(
    template: Template,
    alignment: Alignment,
    segments: tuple[str, ...],
    is_left_out: Callable[[str], bool] = lambda _: False,
    *,
    keeps_case: bool = False,
) -> str:
    """Return the path of a template with the values of a path; a parameter without a value keeps its braces."""
    filled = []
    for text, at in zip(template.segments, alignment.places, strict=True):
        given = "" if at is None else segments[at]
        is_taken = not is_left_out(text[1:-1]) if is_parameter(text) else keeps_case and fold(given) == fold(text)
        filled.append(given if given and is_taken else text)
    return "/" + "/".join(filled) + ("/" if filled and template.path.endswith("/") else "")


def _name(template: Template) -> str:
    return f"{', '.join(template.methods)} {template.path}"


def _list_routes(contract: Contract, roots: Sequence[str]) -> str:
    """Return the hint that names the routes."""
    routes = [f"{each.method} {root}{each.path}" for each in contract.operations for root in roots]
    more = [f"{len(routes) - _LISTED:,} more"] if len(routes) > _LISTED else []
    return f"No route matches; the stub serves {', '.join((*routes[:_LISTED], *more))}."
