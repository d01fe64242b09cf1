"""Coverage as programs and people read it: JSON, Markdown, and a table of plain text."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict
from types import MappingProxyType
from typing import Final

from mockserver.documents.json_text import write_json
from mockserver.http.sources import Source
from mockserver.insight.coverage import Coverage, Row

_LISTED: Final = 100
"""How many unused fixtures are listed for people."""


def write_as_json(coverage: Coverage) -> str:
    """Return all of it as a JSON object."""
    rows = [{**asdict(row), "declared": row.is_declared} for row in coverage.rows]
    for row in rows:
        del row["is_declared"]
    shown = {"percent": coverage.percent, "covered": coverage.covered, "total": coverage.total, "rows": rows}
    fixtures = {"used": coverage.used, "total": coverage.fixtures, "unused": list(map(_show_source, coverage.unused))}
    return write_json(
        {**shown, "fixtures": fixtures, "added": {"unused": list(map(_show_source, coverage.added_unused))}}
    )


def _show_source(source: Source) -> dict[str, object]:
    return {"kind": source.kind, "name": source.name, "place": source.place}


def write_as_markdown(coverage: Coverage) -> str:
    """Return a table for each operation, and the list of unused fixtures."""
    lines = [f"**{_summarize(coverage)}**"]
    for operation, rows in _group(coverage):
        lines += ["", f"### {_escape(operation)}", "", "| part | name | requests |", "|---|---|--:|"]
        lines += [f"| {row.part} | {_escape(row.name)} | {_show_count(row)} |" for row in rows]
    unused = list(_list_unused(coverage))
    lines += ["", "### Unused fixtures", "", *(f"- {_escape(each)}" for each in unused)] if unused else []
    return "\n".join((*lines, ""))


def write_as_table(coverage: Coverage) -> str:
    """Return a table of plain text."""
    lines = [_summarize(coverage)]
    width = max((len(row.name) for row in coverage.rows), default=0)
    for operation, rows in _group(coverage):
        lines += ["", operation]
        lines += [f"  {row.part:9}  {row.name:{width}}  {_show_count(row):>6}" for row in rows]
    unused = list(_list_unused(coverage))
    lines += ["", "Unused fixtures", *(f"  {each}" for each in unused)] if unused else []
    return "\n".join((*lines, ""))


FORMATS: Final[Mapping[str, tuple[str, Callable[[Coverage], str]]]] = MappingProxyType(
    {
        "json": ("application/json", write_as_json),
        "markdown": ("text/markdown; charset=utf-8", write_as_markdown),
        "table": ("text/plain; charset=utf-8", write_as_table),
    }
)
"""The formats by name, each with its media type and its writer."""


def _summarize(coverage: Coverage) -> str:
    fixtures = f"{coverage.used:,} of {coverage.fixtures:,} records and answers used"
    return f"Coverage {coverage.percent} %: {coverage.covered:,} of {coverage.total:,} in the contract, {fixtures}"


def _group(coverage: Coverage) -> Iterator[tuple[str, list[Row]]]:
    for operation in dict.fromkeys(row.operation for row in coverage.rows):
        yield operation, [row for row in coverage.rows if row.operation == operation]


def _show_count(row: Row) -> str:
    count = f"{row.count:,}" if row.count else "-"
    return count if row.is_declared else f"{count} undeclared"


def _list_unused(coverage: Coverage) -> Iterator[str]:
    unused = (*coverage.unused, *coverage.added_unused)
    yield from map(str, unused[:_LISTED])
    if len(unused) > _LISTED:
        yield f"and {len(unused) - _LISTED:,} more"


def _escape(text: str) -> str:
    """Return text as Markdown shows it."""
    return "".join(f"\\{each}" if each in "\\`*_{}[]<>|#" else each for each in text)
