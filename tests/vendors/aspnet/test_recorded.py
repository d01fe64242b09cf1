"""Every recorded exchange of the real framework, replayed against the stub."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from types import MappingProxyType

import pytest

from mockserver.server.serving import Server
from tests.vendors.aspnet.replaying import Answer, Exchange, ask_in_process, load_exchanges, score, serve_profiles

FAST = "mockserver.server.fast_serving"
HEAD = "an answer to HEAD has no body in HTTP, and the recordings were made in memory"

DIFFERENCES = MappingProxyType({"method/attr/HEAD-collection": HEAD})
"""Exchanges that cannot be equal, with the cause."""


@pytest.mark.parametrize("exchange", load_exchanges(), ids=[exchange.name for exchange in load_exchanges()])
def test_answer_is_the_frameworks(exchange: Exchange) -> None:
    is_equal = ask_in_process(exchange) == exchange.answer

    assert is_equal is (exchange.name not in DIFFERENCES)


@pytest.fixture(scope="module", params=["waitress", "granian"])
def ask_over_socket(request: pytest.FixtureRequest) -> Iterator[Callable[[Exchange], Answer]]:
    kind = Server if request.param == "waitress" else pytest.importorskip(FAST).FastServer
    with serve_profiles(kind) as ask:
        yield ask


@pytest.mark.parametrize("exchange", load_exchanges(), ids=[exchange.name for exchange in load_exchanges()])
def test_answer_over_a_socket_is_the_frameworks(
    exchange: Exchange, ask_over_socket: Callable[[Exchange], Answer]
) -> None:
    is_equal = ask_over_socket(exchange) == exchange.answer

    assert is_equal is (exchange.name not in DIFFERENCES)


def test_at_most_five_causes_explain_what_differs() -> None:
    assert len(set(DIFFERENCES.values())) <= 5


def test_runtime_dependent_recordings_are_equal_too() -> None:
    advisory = [exchange for exchange in load_exchanges() if exchange.advisory]

    different = [exchange.name for exchange in advisory if ask_in_process(exchange) != exchange.answer]
    assert (len(advisory), different) == (57, [])


def test_score_counts_equal_answers_by_area_and_profile() -> None:
    lines = list(score(ask_in_process))

    total = len(load_exchanges())
    assert lines[0].split() == ["all", "all", str(total - len(DIFFERENCES)), "of", str(total)]
    assert "strict406" in "".join(lines)
