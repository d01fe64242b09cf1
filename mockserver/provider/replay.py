"""The replay: each fixture is asked of a provider, and its answer judged."""

from __future__ import annotations

import re
from collections.abc import Collection, Generator, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final

from mockserver.conformance.curl_lines import write_curl
from mockserver.conformance.reports import Case, Finding, Kind
from mockserver.http.messages import Request
from mockserver.http.redaction import Redactor
from mockserver.provider.client import Client, NoAnswerError, UnreachableError
from mockserver.provider.judge import Judge
from mockserver.provider.questions import Question

_GROUP: Final = "fixtures"
"""The group of the cases."""


@dataclass(frozen=True, slots=True)
class Replay:
    """Asks questions of a provider.

    Attributes:
        client: What asks.
        judge: What judges.
        methods: The methods that may be sent.
        redactor: Replaces secrets of fixtures in lines of curl.
    """

    client: Client
    judge: Judge
    methods: Collection[str]
    redactor: Redactor

    def replay(self, question: Question) -> Case:
        """Return what came of a question.

        Raises:
            UnreachableError: No connection can be made.
        """
        case = Case(_GROUP, question.name, skipped=question.skipped or self._find_ban(question))
        if case.skipped:
            return case
        started, sent = self.client.timer(), self.client.sent
        curl = self._write_curl(question.request)
        findings = tuple(replace(each, curl=curl) for each in self._find(question))
        seconds, requests = self.client.timer() - started, self.client.sent - sent
        return replace(case, findings=findings, seconds=seconds, requests=requests)

    def _write_curl(self, request: Request) -> str:
        """Return the line that shows an answer; the user's own secrets are the names of variables and files there."""
        return " ".join((write_curl(self.client.address.url, request, self.redactor), *self.client.given.options))

    def _find_ban(self, question: Question) -> str:
        method = question.request.method
        return "" if method in self.methods else f"It needs {method}. Allow that with --method {method}."

    def _find(self, question: Question) -> Iterator[Finding]:
        request = question.request
        try:
            answered = self.client.ask(
                request.method, request.target, request.headers, request.body, question.operation.responses
            )
        except NoAnswerError as error:
            kind = Kind.UNCHECKED if error.is_late else Kind.BREACH
            yield Finding(kind, f"The answer {error}. Mend the provider.", question.place)
            return
        yield from self.judge.judge(question, answered)


def replay_all(replay: Replay, questions: Iterable[Question]) -> Generator[Case, None, str]:
    """Yield what came of each question; return why there is no use in asking more, or empty text.

    None is asked after the provider could not be reached, or after five answers in a row that were wrong in one way.
    """
    reason, alike = "", _Alike()
    for question in questions:
        try:
            case = Case(_GROUP, question.name, skipped=reason) if reason else replay.replay(question)
        except UnreachableError as error:
            case, reason = Case(_GROUP, question.name, (Finding(Kind.UNCHECKED, str(error)),)), _UNREACHED
        yield case
        if not reason and alike.count(case) >= _HOPELESS:
            reason = f"The {_HOPELESS} answers before it are wrong in the same way. Check the URL."
    return reason


_HOPELESS: Final = 5
_UNREACHED: Final = "The provider could not be reached."


_MEMBER: Final = re.compile("#/components/schemas/[^/]+/.")
"""How pointers to members of a body begin."""


@dataclass
class _Alike:
    """Counts the cases in a row whose answers are as a whole wrong in the same way."""

    reasons: tuple[tuple[Kind, str], ...] = ()
    number: int = 0

    def count(self, case: Case) -> int:
        """Return how many were wrong as this case is; 0 if it passed, or if only members are wrong."""
        reasons = tuple((each.kind, each.pointer) for each in case.failures if not _MEMBER.match(each.pointer))
        if not case.skipped:
            self.number = self.number + 1 if reasons and reasons == self.reasons else int(bool(reasons))
            self.reasons = reasons
        return self.number
