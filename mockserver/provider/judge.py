"""The judge of a provider's answers: what breaks the contract, and what differs from a fixture."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import islice
from typing import Final

from mockserver.checks.breaches import Breach
from mockserver.checks.judging import Schemas
from mockserver.checks.replies import find_reply_breaches
from mockserver.conformance.editions import Edition
from mockserver.conformance.reports import Finding, Kind
from mockserver.contract.contract import Operation, ResponseSpec
from mockserver.documents.json_text import read_json
from mockserver.documents.nodes import Node
from mockserver.documents.wording import end_sentence, show
from mockserver.http.headers import read_content_type
from mockserver.http.messages import Reply
from mockserver.provider.client import Answered
from mockserver.provider.comparison import Comparison
from mockserver.provider.questions import Question

_MOST: Final = 40
"""How many findings of one kind an answer gets at the most."""

_FAILURE: Final = 500

_WHOLE: Final = ""
"""What stands for a reply as a whole in place of a member."""


@dataclass(frozen=True, slots=True)
class Judge:
    """Holds answers against the contract and the fixtures.

    Attributes:
        edition: The contract with its document.
        schemas: The classes that check bodies.
        ignored: The members that are not compared.
        is_secret: Whether the value of a header or member of this name must not be shown.
        blamed: What has to be changed, unless the contract is.
    """

    edition: Edition
    schemas: Schemas
    ignored: frozenset[str]
    is_secret: Callable[[str], bool]
    blamed: str = "the provider"

    def judge(self, question: Question, answered: Answered) -> Iterator[Finding]:
        """Yield what is wrong with the answer to a question, at the place of its fixture."""
        reply, operation = answered.reply, question.operation
        yield from (replace(each, place=question.place) for each in self._judge_redirects(answered, operation))
        if answered.refusal:
            return
        if reply.status >= _FAILURE > question.wanted.status:
            text = f"The status is {reply.status}, the fixture has {question.wanted.status}. Mend {self.blamed}."
            yield Finding(Kind.BREACH, text, question.place, self._point_at_response(operation, reply.status))
        broken = set()
        for member, finding in islice(self.find_breaches(operation, reply), _MOST):
            broken.add(member)
            yield replace(finding, place=question.place)
        if reply.status < _FAILURE and _WHOLE not in broken:
            yield from islice(self._compare(question, reply, self.ignored | broken), _MOST)

    def find_breaches(self, operation: Operation, reply: Reply) -> Iterator[tuple[str, Finding]]:
        """Yield how a reply breaks the contract, each with its member of the first level; empty for the whole reply."""
        pointer = self._point_at_response(operation, reply.status)
        spec = operation.responses.get(reply.status)
        if spec is None:
            finding = f"The status is {reply.status}, which the contract does not declare for {operation.id}."
            yield _WHOLE, Finding(Kind.BREACH, f"{finding} Declare it, or change {self.blamed}.", pointer=pointer)
            return
        coding = reply.header("Content-Encoding")
        if coding is not None and coding.strip().lower() != "identity":
            text = f"Content-Encoding is {show(coding)}, though the request asks for identity. Change {self.blamed}."
            yield _WHOLE, Finding(Kind.BREACH, text, pointer=pointer)
            return
        if operation.method == "HEAD":
            spec = replace(spec, media_types=())
        for breach in find_reply_breaches(spec, reply, self.schemas):
            text = f"{end_sentence(str(self._hide(breach)))} Change {self.blamed} or the contract."
            member = _WHOLE if breach.member == "Content-Type" else breach.member.partition(".")[0]
            yield member, Finding(Kind.BREACH, text, pointer=self._point_at(operation, spec, breach))

    def _judge_redirects(self, answered: Answered, operation: Operation) -> Iterator[Finding]:
        pointer = self._point_at_response(operation, answered.reply.status)
        if answered.refusal:
            finding = f"The provider redirects to {show(answered.redirects[-1])}, and {answered.refusal}."
            yield Finding(Kind.BREACH, f"{finding} Check the URL, or mend the provider.", pointer=pointer)
        elif answered.redirects:
            finding = f"The provider redirects to {show(answered.redirects[-1])}."
            yield Finding(Kind.NOTE, f"{finding} Clients that do not follow it get no answer.", pointer=pointer)

    def _compare(self, question: Question, reply: Reply, ignored: frozenset[str]) -> Iterator[Finding]:
        """Yield how a reply differs from that of a fixture; bodies are compared if the statuses are equal."""
        if reply.status != question.wanted.status:
            text = f"The status is {reply.status}, the fixture has {question.wanted.status}."
            pointer = self._point_at_response(question.operation, reply.status)
            yield Finding(Kind.DIFFERENCE, f"{text} Change the fixture or the provider.", question.place, pointer)
            return
        comparison = Comparison(question.volatile | ignored, self.is_secret)
        given = _read_body(reply)
        if question.members is None:
            differences = comparison.compare(_read_body(question.wanted), given)
        else:
            differences = comparison.compare_members(question.members, given)
        for each in differences:
            member = each.names[0] if each.names else ""
            remedy = (
                f"Change the fixture, or write volatile: [{member}] in its file." if member else "Change one of them."
            )
            pointer = self._point_at_member(question.operation, reply.status, each.names)
            yield Finding(Kind.DIFFERENCE, f"{end_sentence(str(each))} {remedy}", question.place_of(member), pointer)

    def _hide(self, breach: Breach) -> Breach:
        """Return the breach without the value of a secret."""
        is_hidden = breach.value is not None and any(map(self.is_secret, breach.member.split(".")))
        return replace(breach, value="a secret") if is_hidden else breach

    # Where the contract says so

    def _point_at(self, operation: Operation, spec: ResponseSpec, breach: Breach) -> str:
        if breach.member == "Content-Type":
            return self._point_at_response(operation, spec.status, "content")
        if breach.member in spec.required_headers:
            return self._point_at_response(operation, spec.status, "headers", breach.member)
        return self._point_at_member(operation, spec.status, tuple(breach.member.split(".")))

    def _point_at_member(self, operation: Operation, status: int, names: tuple[str, ...]) -> str:
        spec = operation.responses.get(status)
        if spec is None or spec.component is None:
            return self._point_at_response(operation, status, "content")
        node = self.edition.find("components", "schemas", spec.component)
        for name in names:
            found = self.edition.members(node, "properties").get(name)
            if found is None:
                node = self.edition.locate(node, ("additionalProperties",)) if name else node
                break
            node = found
        return self._pointer_of(node)

    def _point_at_response(self, operation: Operation, status: int, *steps: str) -> str:
        node = self.edition.find_operation(operation)
        return self._pointer_of(self.edition.locate(node, ("responses", str(status), *steps)))

    def _pointer_of(self, node: Node) -> str:
        return self.edition.pointers[id(node)]


def _read_body(reply: Reply) -> object:
    """Return the value of a JSON body that keeps the contract; null for an empty one."""
    charset = read_content_type(reply.header("Content-Type") or "")[1]
    return read_json(reply.body.decode(charset))[0] if reply.body else None
