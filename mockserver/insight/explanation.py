"""Explanations: why a request gets the answer that it gets, step by step."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from mockserver.contract.contract import Arguments, Operation
from mockserver.documents.wording import count, show
from mockserver.fixtures.answers import Answer
from mockserver.fixtures.conditions import Difference
from mockserver.http.messages import Request
from mockserver.http.redaction import Redactor
from mockserver.planning.near_misses import tell_difference
from mockserver.planning.planner import Journey
from mockserver.state.visits import Visit
from mockserver.stub.loading import Stub
from mockserver.vendors.vendor import Refusal

_SHOWN: Final = 20
"""How many answers that were considered are shown."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the journey: its name, what it came to, and details, a line each."""

    name: str
    text: str
    details: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a request gets its answer."""

    steps: tuple[Step, ...]
    journey: Journey


def explain(stub: Stub, request: Request, visit: Visit, redactor: Redactor) -> Explanation:
    """Follow a request as it is answered now, on a visit to a session, and change nothing."""
    unseen = visit.look()
    journey = stub.planner.travel(request, unseen)
    return Explanation(tuple(_Explainer(stub, request, unseen, redactor).list_steps(journey)), journey)


class _Explainer:
    """Puts the steps of one journey into words."""

    def __init__(self, stub: Stub, request: Request, visit: Visit, redactor: Redactor) -> None:
        self._stub = stub
        self._request = request
        self._visit = visit
        self._redactor = redactor

    def list_steps(self, journey: Journey) -> Iterator[Step]:
        request, route, plan = self._request, journey.route, journey.plan
        session = f"session {self._visit.session}" if self._visit.session else "the default session"
        target = self._redactor.redact_target(request.target)
        yield Step("request", f"{request.method} {target} in {session}")
        if isinstance(route, Refusal):
            found = "no operation" if route.operation is None else route.operation.id
            near = tuple(map(str, plan.near_misses))
            yield Step("route", f"{found}: the server stack answers {route.status}", near)
        else:
            yield Step("route", f"{route.operation.id}: {route.operation.method} {route.operation.path}")
            yield Step("preferences", self._tell_preferences(journey))
            yield from self._tell_binding(journey)
            records = tuple(str(each) for each in plan.near_misses if each.kind == "record")
            if records:
                yield Step("records", f"{count(len(records), 'record')} nearly selected", records)
        yield Step("answer", f"{plan.source}: {journey.draft.status}")
        if plan.reply.body:
            yield Step("format", plan.reply.header("Content-Type") or "no Content-Type")
        yield Step("check", plan.alarm or self._tell_check(journey))
        effect = plan.effect
        told = [f"after {effect.delay:g} s"] if effect.delay else []
        told += [f"with {effect.fault}"] if effect.fault else []
        yield Step("reply", " ".join((str(plan.reply.status), *told)), plan.hints)

    def _tell_preferences(self, journey: Journey) -> str:
        if journey.bound is None:
            return "a preference is not valid"
        given = {key: value for key, value in journey.wanted._asdict().items() if value is not None}
        return ", ".join(f"{key}={value}" for key, value in given.items()) or "none"

    def _tell_binding(self, journey: Journey) -> Iterator[Step]:
        """Tell the arguments and, unless something else decides the answer, the answers that were considered."""
        bound = journey.bound
        if bound is None or isinstance(journey.route, Refusal):
            return
        arguments = ((name, self._redactor.redact_value(name, value)) for name, value in bound.arguments.items())
        told = ", ".join(f"{name} {show(value)}" for name, value in arguments) or "none"
        yield Step("arguments", told if bound.refusal is None else f"{told}; the stack answers {bound.refusal.status}")
        considered = tuple(self._consider(journey.route.operation, bound.arguments))
        if journey.wanted.chooses:
            yield Step("answers", "passed over, as a preference chooses")
        elif considered and bound.refusal is None:
            yield Step("answers", f"{count(len(considered), 'answer')} considered", considered[:_SHOWN])

    def _consider(self, operation: Operation, arguments: Arguments) -> Sequence[str]:
        """Return how each answer of the operation differs, those with the fewest differences first."""
        overlay = self._visit.overlay
        of_files = (each for each in self._stub.fixtures.answers if not overlay.hides(each))
        own = [each for each in (*overlay.answers, *of_files) if each.operation == operation.id]
        compared = [(each, each.differences(arguments, self._request)) for each in own]
        compared.sort(key=lambda pair: len(pair[1]))
        return [self._tell_answer(*pair) for pair in compared]

    def _tell_answer(self, answer: Answer, differences: tuple[Difference, ...]) -> str:
        told = "; ".join(tell_difference(each, self._redactor.is_secret) for each in differences)
        return f"{answer.source}: {told or 'its conditions are met'}"

    def _tell_check(self, journey: Journey) -> str:
        breach = journey.plan.reply.header("X-Mock-Breach")
        if breach is not None:
            return f"the reply breaks the contract on purpose: {breach}"
        return "as the contract asks" if journey.draft.spec is not None else "the contract does not declare this status"


def show_explanation(explanation: Explanation) -> dict[str, object]:
    """Return it as JSON."""
    plan = explanation.journey.plan
    return {
        "status": plan.reply.status,
        "operation": plan.operation,
        "source": str(plan.source),
        "hints": plan.hints,
        "near_misses": [each.show() for each in plan.near_misses],
        "steps": [{"step": each.name, "text": each.text, "details": each.details} for each in explanation.steps],
    }


def write_explanation(shown: Mapping[str, Any]) -> Iterator[str]:
    """Yield the lines of a tree for people, of an explanation as JSON."""
    width = max(len(each["step"]) for each in shown["steps"])
    for each in shown["steps"]:
        yield f"{each['step']:{width}}  {each['text']}"
        yield from (f"{'':{width}}  - {detail}" for detail in each["details"])
