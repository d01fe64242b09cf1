"""The fuzzer: schemathesis with all its checks and phases, and what it finds as cases of a report.

The engine is the one behind its command line: pytest's `schema.parametrize()` has no stateful phase.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import schemathesis
from schemathesis.engine import Status, events, from_schema

from mockserver.conformance.editions import Edition
from mockserver.conformance.reports import Case, Finding, Kind
from mockserver.documents.json_text import write_json
from mockserver.documents.wording import end_sentence

if TYPE_CHECKING:
    from wsgiref.types import WSGIApplication

    from schemathesis.core.failures import Failure
    from schemathesis.engine.recorder import CheckNode, ScenarioRecorder

PHASES: Final = ("examples", "coverage", "fuzzing", "stateful")
"""The phases that send requests, in their order; each is a group of cases."""

_STATEFUL: Final = PHASES[-1]
_GROUP: Final = "schemathesis"
"""The group of cases that belong to no phase."""

_WHOLE: Final = "all operations"
"""The name of a case for a whole phase."""

Excuse = Callable[[str, int, Mapping[str, Sequence[str]]], str]
"""Returns why a failed check is on purpose, as a sentence, or empty text.

It is given the name of the check, and the status and the headers (names in lower case) of the answer.
"""


def run_engine(
    document: Mapping[str, Any],
    settings: Mapping[str, Any],
    app: WSGIApplication | None = None,
    seed: int | None = None,
) -> Iterator[events.EngineEvent]:
    """Run all phases, and yield what happens.

    Args:
        document: The contract.
        settings: Settings of schemathesis, such as `base-url` and `headers`.
        app: An application to ask, in place of the base URL.
        seed: What requests are drawn from; without one each run sends the same.
    """
    # Without examples of earlier runs, which would lie in the current folder.
    generation = {"deterministic": seed is None, "database": "none", **settings.get("generation", {})}
    drawn = {} if seed is None else {"seed": seed}
    config = schemathesis.Config.from_dict({**_make_common(), **drawn, **settings, "generation": generation})
    # Its own copy, with numbers as other readers have them.
    schema = schemathesis.openapi.from_dict(json.loads(write_json(document)), config=config)
    schema.app = app
    yield from from_schema(schema).execute()


def _make_common() -> dict[str, Any]:
    return {
        # How long Hypothesis takes to think of data is a property of the machine.
        "suppress-health-check": ["too_slow"],
        # Along one link there is little to find: 25 walks instead of 100, in a third of the time.
        "phases": {"stateful": {"generation": {"max-examples": 25}}},
        "continue-on-failure": True,
    }


@dataclass(frozen=True, slots=True)
class Fuzzer:
    """Fuzzes an API.

    Attributes:
        edition: The contract, in which findings have their places.
        settings: Settings of schemathesis, such as `base-url` and `headers`.
        app: An application to ask, in place of the base URL.
        seed: What requests are drawn from; without one each run sends the same.
        excuse: Tells which failures are on purpose.
    """

    edition: Edition
    settings: Mapping[str, Any]
    app: WSGIApplication | None = None
    seed: int | None = None
    excuse: Excuse = lambda *_: ""

    def fuzz(self, document: Mapping[str, Any]) -> Iterator[Case]:
        """Yield a case for each operation in each phase, or one for a phase that is skipped as a whole.

        Raises:
            KeyboardInterrupt: It was interrupted.
        """
        walks: list[Case] = []
        for event in run_engine(document, self.settings, self.app, self.seed):
            if isinstance(event, events.Interrupted):
                raise KeyboardInterrupt
            if isinstance(event, events.ScenarioFinished) and event.phase == _STATEFUL:
                walks.append(self._to_case(event))
            elif isinstance(event, events.ScenarioFinished) and event.phase in PHASES:
                yield self._to_case(event)
            elif isinstance(event, events.PhaseFinished) and event.phase.name in PHASES and event.phase.skip_reason:
                reason = f"Schemathesis skips it: {event.phase.skip_reason.display}."
                yield Case(str(event.phase.name), _WHOLE, skipped=reason)
            elif isinstance(event, events.NonFatalError):
                yield self._report_error(event)
            elif isinstance(event, events.FatalError):
                yield Case(_GROUP, _WHOLE, (Finding(Kind.UNCHECKED, f"Schemathesis fails: {event.exception!r}."),))
        if walks:
            yield _join(walks)

    def _to_case(self, event: events.ScenarioFinished) -> Case:
        recorder = event.recorder
        findings = tuple(self._list_findings(recorder))
        if event.status == Status.ERROR and not findings:
            findings = (self._find(recorder.label, Kind.UNCHECKED, "An error ended it, which schemathesis tells."),)
        skipped = end_sentence(event.skip_reason) if event.skip_reason else ""
        requests = len(recorder.interactions)
        return Case(str(event.phase), recorder.label, findings, event.elapsed_time, requests, skipped)

    def _report_error(self, event: events.NonFatalError) -> Case:
        title = event.info.title
        text = end_sentence(f"{title}: {_flatten(event.info.message)}")
        return Case(_GROUP, f"{event.label}: {title}", (self._find(event.label, Kind.UNCHECKED, text),))

    def _list_findings(self, recorder: ScenarioRecorder) -> Iterator[Finding]:
        """Yield a finding for each way to fail: its last request, as the engine makes requests smaller."""
        last: dict[object, tuple[str, CheckNode]] = {}
        for case_id, nodes in recorder.checks.items():
            for node in nodes:
                if node.status != Status.SUCCESS:
                    # Failures are equal if they have the same cause.
                    last[node.failure_info.failure if node.failure_info else node.name] = case_id, node
        for case_id, node in last.values():
            yield self._to_finding(recorder, case_id, node)

    def _to_finding(self, recorder: ScenarioRecorder, case_id: str, node: CheckNode) -> Finding:
        info = node.failure_info
        if info is None:
            return self._find(recorder.label, Kind.UNCHECKED, f"The check {node.name} of schemathesis fails itself.")
        response = recorder.find_response(case_id=info.failure.case_id or case_id)
        excuse = "" if response is None else self.excuse(node.name, response.status_code, response.headers)
        text = f"{_describe(info.failure)} {excuse or 'Change the answer or the contract.'}"
        return self._find(recorder.label, Kind.NOTE if excuse else Kind.BREACH, text, _show_answer(info.code_sample))

    def _find(self, label: str, kind: Kind, text: str, curl: str = "") -> Finding:
        """Return a finding of an operation, at its place."""
        method, _, path = label.partition(" ")
        node = self.edition.find("paths", path, method.lower())
        return Finding(kind, text, node.key_place, self.edition.pointers[id(node)], curl)


def _join(walks: Sequence[Case]) -> Case:
    """Return one case for all walks along links."""
    findings = tuple(dict.fromkeys(each for walk in walks for each in walk.findings))
    seconds = sum(walk.seconds or 0 for walk in walks)
    return Case(_STATEFUL, _WHOLE, findings, seconds, sum(walk.requests for walk in walks))


def _show_answer(curl: str) -> str:
    """Return a line of curl that shows the head of the answer too, and verifies certificates."""
    return curl.replace(" --insecure", "", 1).replace("curl -X GET", "curl", 1).replace("curl", "curl -i", 1)


def _describe(failure: Failure) -> str:
    """Return what failed, without the schema and the value that stand behind the first sentences."""
    told, _, rest = failure.message.partition("\n\nSchema")
    where = rest.partition(":")[0]
    what = ": ".join(filter(None, (failure.title, _flatten(told))))
    return end_sentence(f"{what}{where and f', says the schema{where}'}")


def _flatten(text: str) -> str:
    """Return lines as one."""
    return ", ".join(line.strip().rstrip(".,") for line in text.splitlines() if line.strip())
