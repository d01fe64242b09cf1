"""`python -m bench.journal [REQUESTS]`: what the journal costs, and whether it stays small and exact under load."""

from __future__ import annotations

import random
import resource
import sys
import threading
from collections.abc import Mapping
from io import BytesIO
from statistics import median
from time import process_time, time
from typing import Any, Final

from mockserver.http.messages import HEADER_FIELDS, Request
from mockserver.http.redaction import Redactor
from mockserver.insight.queries import Query
from mockserver.insight.verification import Expectation, verify
from mockserver.planning.checking import Plan
from mockserver.state.journal import Journal, Log
from mockserver.state.sessions import Session
from mockserver.stub.loading import load_stub
from mockserver.stub.settings import Settings
from mockserver.web.heads import Heads
from mockserver.web.recording import Arrival, Recorder

REQUESTS: Final = 200_000
THREADS: Final = 16
ROUNDS: Final = 15
CALLS: Final = 5000
TARGET: Final = "/API/Customers/100200300?idType=1"
FIELDS: Final = (
    b"Host: 127.0.0.1:8080\r\nUser-Agent: bench/1.0\r\nAccept: application/json\r\nAccept-Encoding: gzip, deflate\r\n"
    b"Accept-Language: en\r\nX-Request-Kind: bench\r\nConnection: keep-alive"
)
GROWTH: Final = 10
"""The most megabytes that the process may grow after its warm-up."""


def main() -> None:
    """Measure the cost of an entry, then record many from many threads."""
    requests = int(sys.argv[1]) if len(sys.argv) > 1 else REQUESTS
    plan = load_stub(Settings()).planner.plan(Request("GET", TARGET), Session().visit())
    print(f"one entry: {_measure_cost(plan):.2f} us of CPU, the median of {ROUNDS} rounds")
    _soak(plan, requests)


def _measure_cost(plan: Plan) -> float:
    """Return the microseconds that recording a GET with a known answer takes, beside those of an empty call."""
    settings = Settings()
    journal, log = Journal(settings.journal_entries, settings.journal_bytes), Log()
    redactor = Redactor(b"key")
    heads = Heads(redactor)
    recorder = Recorder(journal, redactor, None, time, heads)
    environ: dict[str, Any] = {HEADER_FIELDS: FIELDS, "CONTENT_LENGTH": ""}
    outcome = recorder.record(Arrival(environ, Request("GET", TARGET), None, log, 0.0), plan)
    costs = []
    for _ in range(ROUNDS):
        began = process_time()
        for _ in range(CALLS):
            recorder.record_again(outcome, heads.read(environ), None, log, 0.0)
        between = process_time()
        for _ in range(CALLS):
            _do_nothing(environ, plan)
        costs.append((2 * between - began - process_time()) / CALLS * 1e6)
    return median(costs)


def _do_nothing(_environ: object, _plan: Plan) -> None:
    """Stand for the call itself."""


def _soak(plan: Plan, requests: int) -> None:
    """Record requests with headers and bodies of random size from many threads; count and verify all along."""
    settings = Settings()
    journal = Journal(settings.journal_entries, settings.journal_bytes)
    redactor = Redactor(b"key")
    recorder = Recorder(journal, redactor, None, time, Heads(redactor))
    logs = [Log() for _ in range(THREADS)]
    each = requests // THREADS
    warm, grown = 0, 0
    for part in range(10):
        threads = [
            threading.Thread(target=_record, args=(recorder, plan, log, each // 10, part * THREADS + number))
            for number, log in enumerate(logs)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        _check(journal, logs, (part + 1) * (each // 10))
        held = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        warm, grown = (held, 0) if part == 1 else (warm, held - warm)
    print(
        f"{requests:,} requests from {THREADS} threads: every count exact, {grown} MB more than after the first fifth"
    )
    if grown > GROWTH:
        sys.exit(f"The process grew by {grown} MB; {GROWTH} are allowed.")


def _record(recorder: Recorder, plan: Plan, log: Log, count: int, seed: int) -> None:
    chance = random.Random(seed)
    for _ in range(count):
        recorder.record(_arrive(chance, log), plan)


def _arrive(chance: random.Random, log: Log) -> Arrival:
    body = b"x" * chance.choice((0, 0, 0, 100, 5000, chance.randrange(100_000)))
    fields = FIELDS + b"\r\nX-Size: " + b"y" * chance.randrange(2000)
    environ: Mapping[str, Any] = {
        HEADER_FIELDS: fields,
        "CONTENT_LENGTH": str(len(body)),
        "CONTENT_TYPE": "text/plain",
        "wsgi.input": BytesIO(body),
    }
    return Arrival(dict(environ), Request("POST", TARGET), None, log, 0.0)


def _check(journal: Journal, logs: list[Log], expected: int) -> None:
    """Require that each session has counted every request, and that what is dropped is told."""
    for log in logs:
        view = journal.read([log])
        if (view.total, view.evicted + len(view.entries)) != (expected, expected):
            sys.exit(f"{expected:,} requests were sent; {view.total:,} are counted, {view.evicted:,} as evicted.")
        at_least = verify(Expectation(Query(method="POST"), "POST", len(view.entries)), view)
        exactly = verify(Expectation(Query(method="POST"), "POST", expected, expected), view)
        if not at_least.is_met or exactly.is_met is not (view.evicted == 0):
            sys.exit(f"Verification is wrong: {at_least.finding} {exactly.finding}")


if __name__ == "__main__":
    main()
