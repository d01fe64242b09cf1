"""What differs between two replays, told so that a person can go through it: equal differences stand once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import takewhile
from typing import Final

SHOWN: Final = 400
"""Characters of a text that are shown."""

LENGTH: Final = re.compile(r"Content-Length: \d+\r?")


@dataclass(frozen=True, slots=True)
class Difference:
    """What was, and is now, in one place of an answer; `kind` names the part of it."""

    kind: str
    before: str
    after: str

    def __str__(self) -> str:
        return f"    - {self.before[:SHOWN]!r}\n    + {self.after[:SHOWN]!r}"


Answers = Mapping[str, Mapping[str, str]]


def find_differences(before: Answers, after: Answers) -> Iterator[tuple[str, Difference]]:
    """Yield the key of each request whose answer differs, with the difference."""
    for key in dict.fromkeys((*before, *after)):
        if key not in before or key not in after:
            yield key, Difference("requests", *("there" if key in each else "not there" for each in (before, after)))
            continue
        old, new = before[key], after[key]
        found = [
            each
            for part in dict.fromkeys((*old, *new))
            for each in _compare(part, old.get(part, ""), new.get(part, ""))
        ]
        # A length that follows from another body is no difference of its own.
        others = [each for each in found if not LENGTH.fullmatch(each.before) or not LENGTH.fullmatch(each.after)]
        yield from ((key, each) for each in others or found)


def _compare(kind: str, before: str, after: str) -> Iterator[Difference]:
    """Yield the lines that differ, each cut down to the words that do."""
    if before == after:
        return
    old, new = before.split("\n"), after.split("\n")
    for tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "replace" and b - a == d - c:
            yield from (Difference(kind, *_trim(x, y)) for x, y in zip(old[a:b], new[c:d], strict=True) if x != y)
        elif tag != "equal":
            yield Difference(kind, "\n".join(old[a:b]), "\n".join(new[c:d]))


def _trim(before: str, after: str) -> tuple[str, str]:
    """Return what differs, with the sentence or quoted text that it stands in."""
    old, new = (re.findall(r'[^".]+|[".]', text) for text in (before, after))
    start = _count_equal(old, new)
    end = _count_equal(old[start:][::-1], new[start:][::-1])
    return "".join(old[start : len(old) - end]), "".join(new[start : len(new) - end])


def _count_equal(old: Sequence[str], new: Sequence[str]) -> int:
    """Return how many parts are equal from the beginning on."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(old, new, strict=False)))


def print_differences(found: Iterable[tuple[str, Difference]], known: Sequence[re.Pattern[str]]) -> int:
    """Print each difference that is not known, by kind and with its number; return 1 where there are any, else 0."""
    keys: dict[Difference, list[str]] = {}
    counts = {"known": 0, "other": 0}
    for key, difference in found:
        is_known = any(each.search(key) or each.search(f"{difference.kind}\n{difference}") for each in known)
        counts["known" if is_known else "other"] += 1
        if not is_known:
            keys.setdefault(difference, []).append(key)
    for kind in dict.fromkeys(each.kind for each in keys):
        of_kind = {each: asked for each, asked in keys.items() if each.kind == kind}
        print(f"\n{kind}: {sum(map(len, of_kind.values())):,} differences, {len(of_kind):,} different ones")
        for each, asked in sorted(of_kind.items(), key=lambda pair: -len(pair[1])):
            print(f"  {len(asked):,} times, first at {asked[0][:SHOWN]!r}\n{each}")
    print(f"\n{counts['other']:,} differences, and {counts['known']:,} that are known.")
    return 1 if counts["other"] else 0
