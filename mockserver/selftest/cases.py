"""The self-test: what a running stub sends, checked against its contract and its fixtures."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from mockserver.conformance.curl_lines import write_curl
from mockserver.conformance.editions import Edition
from mockserver.conformance.reports import Case, Finding, Kind
from mockserver.contract.contract import Operation
from mockserver.documents.problems import Problem, StartError
from mockserver.documents.wording import show
from mockserver.http.messages import Request
from mockserver.http.redaction import Redactor
from mockserver.provider.addresses import read_address
from mockserver.provider.client import Client, Limits
from mockserver.provider.judge import Judge
from mockserver.selftest.answers import OwnAnswers
from mockserver.selftest.questions import OwnQuestion, list_own_questions
from mockserver.selftest.sample_requests import list_requests
from mockserver.stub.loading import Stub

START: Final = "start"
PROCESSES: Final = "processes"

_MOST: Final = 10
"""How many answers of an operation are told that differ between processes."""

_BEFORE: Final = 15
"""How many characters are shown before the first one that differs."""

_LIMITS: Final = Limits(read_seconds=70.0, total_seconds=70.0, bytes=2**30)
"""Longer than a fixture can delay or dribble."""

Answers = Sequence[Sequence[Any]]
"""The status, the headers and the body, in hexadecimal digits, of each answer."""

AskProcess = Callable[[Sequence[Request], int], Answers]
"""Asks a stub of the same settings in a new process whose hash seed is the number."""


def report_start(problems: Iterable[Problem], kind: Kind = Kind.PROBLEM) -> Case:
    """Return the case of the start, with what is wrong with contract and fixtures."""
    findings = tuple(Finding(kind, each.text, each.place) for each in problems)
    return Case(START, "contract and fixtures", findings)


@dataclass(frozen=True, slots=True)
class SelfTest:
    """Yields the cases of a stub that runs.

    Attributes:
        stub: The stub.
        edition: Its contract.
        url: Its root URL.
        shown_url: The root URL in lines of curl.
        questions: The requests for its fixtures.
    """

    stub: Stub
    edition: Edition
    url: str
    shown_url: str
    questions: tuple[OwnQuestion, ...] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "questions", tuple(list_own_questions(self.stub)))

    @property
    def has_delays(self) -> bool:
        """Whether an answer is held back, which `Prefer: delay=0` ends."""
        replies = (reply for each in self.stub.fixtures.answers for reply in (each.reply, *each.reply.sequence))
        return any(each.delay is not None for each in replies)

    def count_cases(self, phases: int) -> int:
        """Return how many cases there are with so many phases of a fuzzer."""
        return 1 + len(self.questions) + len(self.stub.contract.operations) * (1 + phases)

    def check_start(self) -> Case:
        """Return the case of the start, with the warnings as notes."""
        return report_start(self.stub.warnings, Kind.NOTE)

    def check_fixtures(self) -> Iterator[Case]:
        """Yield a case for each fixture, which is asked for over the wire."""
        root = self.stub.root
        redactor = self._redactor
        judge = Judge(self.edition, self.stub.schemas, frozenset(), redactor.is_secret, blamed="the fixture")
        client = Client(read_address(self.url + root), limits=_LIMITS)
        yield from OwnAnswers(client, judge, self.shown_url + root, redactor).check(self.questions)

    def compare_processes(self, ask: AskProcess) -> Iterator[Case]:
        """Yield a case for each operation, whose answers two processes have to give alike."""
        requests = {each.id: self._list_requests(each) for each in self.stub.contract.operations}
        sent = [each for listed in requests.values() for each in listed]
        try:
            pairs = iter(list(zip(ask(sent, 1), ask(sent, 2), strict=True)))
        except StartError as error:
            yield Case(PROCESSES, "the start", (Finding(Kind.UNCHECKED, str(error)),))
            return
        for operation in self.stub.contract.operations:
            listed = requests[operation.id]
            findings = [
                self._describe(operation, request, *pair)
                for request, pair in zip(listed, pairs, strict=False)
                if pair[0] != pair[1]
            ]
            yield Case(PROCESSES, operation.id, tuple(findings[:_MOST]), requests=2 * len(listed))

    @property
    def _redactor(self) -> Redactor:
        return Redactor(None, self.stub.settings.redacted)

    def _list_requests(self, operation: Operation) -> list[Request]:
        root = self.stub.root
        own = [each for each in self.questions if each.question.operation is operation]
        asked = [each.question.request for each in own for _ in range(max(1, each.calls))]
        whole = [each._replace(target=root + each.target) for each in asked]
        return [*whole, *list_requests(self.stub, operation)]

    def _describe(self, operation: Operation, request: Request, first: Sequence[Any], second: Sequence[Any]) -> Finding:
        node = self.edition.find_operation(operation)
        parts = zip(("status is", "headers are", "body is"), _read(first), _read(second), strict=True)
        name, one, other = next(part for part in parts if part[1] != part[2])
        same = next((n for n, pair in enumerate(zip(one, other, strict=False)) if pair[0] != pair[1]), len(one))
        start = max(0, same - _BEFORE)
        told = f"The {name} {show(one[start:])} in one process, {show(other[start:])} in another."
        curl = write_curl(self.shown_url, request, self._redactor)
        text = f"{told} Look for what depends on time, chance or the order of a set."
        return Finding(Kind.UNSTABLE, text, node.key_place, self.edition.pointers[id(node)], curl)


def _read(answer: Sequence[Any]) -> tuple[str, str, str]:
    """Return status, headers and body as texts."""
    status, headers, body = answer
    lines = ", ".join(f"{name}: {value}" for name, value in headers)
    return str(status), lines, bytes.fromhex(body).decode(errors="backslashreplace")
