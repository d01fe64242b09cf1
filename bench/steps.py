"""What single steps of a request cost, in process."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from timeit import repeat
from typing import Final

from mockserver.actions import choose_format
from mockserver.aspnet.binding import bind_arguments, read_query
from mockserver.aspnet.formatting import format_json
from mockserver.aspnet.hosting import Host
from mockserver.exchange import Request
from mockserver.replies import make_json_reply
from mockserver.stub import load_stub

CALLS: Final = 2000
ACCEPT: Final = "text/html,application/xhtml+xml;q=0.9,application/json;q=0.8,*/*;q=0.5"


def time_steps(rounds: int) -> dict[str, list[float]]:
    """Microseconds of each step in each round, for a request with both query parameters and a browser's Accept."""
    return {name: _time(step, rounds) for name, step in _make_steps().items()}


def _time(step: Callable[[], object], rounds: int) -> list[float]:
    return [seconds / CALLS * 1e6 for seconds in repeat(step, number=CALLS, repeat=rounds)]


def _make_steps() -> Mapping[str, Callable[[], object]]:
    operation = load_stub().contract.operations[0]
    spec = operation.lowest_success_response
    request = Request("GET", "/", headers=(("accept", ACCEPT),))
    record = {selector.member: "100200300" for selector in operation.selectors} | {str(n): "text" for n in range(13)}

    def bind() -> object:
        query = read_query("idType=1&idTypeExtRef=NATIONAL-ID", ignore_unclosed=True)
        return bind_arguments(operation.parameters, {"id": "100200300"}, query)

    return {
        "binding": bind,
        "negotiation": lambda: choose_format(request, spec.media_types, Host()),
        "formatting": lambda: make_json_reply(200, format_json(record)),
    }
