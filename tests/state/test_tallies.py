"""Tallies: counts by trait, and a bound on the number of traits."""

from __future__ import annotations

import pytest

from mockserver.http.sources import Source
from mockserver.state.tallies import Tallies, Trait


def make_trait(name: str = "a") -> Trait:
    return Trait("getThing", 200, None, Source("answer", name), frozenset())


def test_requests_are_counted_by_trait() -> None:
    tallies, first, second = Tallies(), make_trait(), make_trait()
    members = frozenset("ab")

    for trait, given in ((first, members), (first, members), (second, members), (first, frozenset("c"))):
        tallies.add(trait, given)

    assert [(trait, each.count, each.members) for trait, each in tallies] == [
        (first, 3, {"a", "b", "c"}),
        (second, 1, {"a", "b"}),
    ]


def test_further_traits_do_not_count(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mockserver.state.tallies.TRAITS", 2)
    tallies, traits = Tallies(), [make_trait(name) for name in "abc"]

    for trait in (*traits, traits[0]):
        tallies.add(trait, frozenset())

    assert [each.count for _, each in tallies] == [2, 1]
