"""Answers as fixture files write them, held against the contract."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Final

from mockserver.answers import Answer, AnswerReply
from mockserver.aspnet.hosting import Host
from mockserver.condition_reader import ConditionReader, When
from mockserver.contract import Arguments, Contract, Operation
from mockserver.documents import DocumentReader, Fault, Node, Scalar, end_sentence, find_nearest, suggest_nearest
from mockserver.replies import PLAIN, Format, describe_status, find_reply_breaches, make_answer_reply
from mockserver.reply_reader import Folders, ReplyReader
from mockserver.schemas import Schemas

NOWHERE = Folders(Path(), Path())


class AnswerReader(DocumentReader):
    """Reads entries of `answers` into `answers`.

    `breaches` are the faults that are breaches of the contract; all others are in `faults`.
    """

    def __init__(self, contract: Contract, schemas: Schemas, host: Host) -> None:
        super().__init__()
        self._host = host
        self.answers: list[Answer] = []
        self.breaches: list[Fault] = []
        self._contract = contract
        self._schemas = schemas
        self._conditions = ConditionReader(self.faults)
        self._replies = ReplyReader(self.faults)

    @property
    def files(self) -> tuple[Path, ...]:
        """The files that bodies are in, there or not."""
        return tuple(self._replies.files)

    def read(self, node: Node, label: str, folders: Folders = NOWHERE) -> None:
        """Read one answer of the document that answers name by *label* and that lies in these *folders*."""
        if not isinstance(node.value, dict):
            self.add(node.place, "This is no answer. Write name, operation, when and reply, each with a colon.")
            return
        faults_before = len(self.faults)
        self.check_keys(node, ("name", "operation", "when", "times", "reply", "unchecked"))
        name = self._read_name(node)
        operation = self._read_operation(node, node.value.get("operation"))
        faults_before_reply = len(self.faults)
        reply = self._replies.read(node, operation, folders)
        is_reply_faulty = len(self.faults) > faults_before_reply
        unchecked = self._replies.read_flag(node.value.get("unchecked"), "unchecked")
        when = self._conditions.read(node.value.get("when"), operation) if operation else When()
        times = self._conditions.read_count(node.value.get("times"), "times")
        is_faulty = len(self.faults) > faults_before
        self._claim_name(name, node)
        if operation is None or is_reply_faulty:
            # What is left of a reply with faults would break rules that the reply itself does not.
            return
        source = f"{label}:{node.line}" if node.line else label
        answer = Answer(name, operation.id, when.parameters, reply, source, unchecked, when.headers, when.call, times)
        self._check_replies(answer, operation, node)
        if not is_faulty:
            self._claim_identity(answer, node)
            self.answers.append(answer)

    def _read_name(self, node: Node) -> str:
        name = self.text(node, "name", node)
        found = node.find(["name"])
        if found.value == name and not name.strip():
            self.add(found.place, f"name is {name!r}. Write a few words that say what the answer is for.")
        return name

    def _claim_name(self, name: str, node: Node) -> None:
        if name.strip():
            self.claim(("name", name), node.place, f"An answer {name!r}")

    def _claim_identity(self, answer: Answer, node: Node) -> None:
        """Refuse an answer that is never given, as another is always there that compares the same."""
        if answer.times is None and answer.reply.chance is None:
            self.claim(answer.identity, node.place, "An answer to the same request")
        else:
            self.claim_for_some(answer.identity, node.place, "An answer to the same request")

    def _read_operation(self, owner: Node, node: Node | None) -> Operation | None:
        known = [each.id for each in self._contract.operations]
        if node is None:
            self.add(owner.place, f"operation is missing. Write operation: {' or '.join(known)}.")
            return None
        operation = self._contract.find_operation(self.text(owner, "operation", owner))
        if operation is None and isinstance(node.value, str):
            nearest = suggest_nearest(node.value, known) or f". Write {' or '.join(known)}."
            self.add(node.place, f"The contract has no operation {node.value!r}{nearest}")
            # What is wrong with the rest is told at once, by the operation that was meant.
            return self._contract.find_operation(find_nearest(node.value, known) or "")
        return operation

    # The check

    def _check_replies(self, answer: Answer, operation: Operation, node: Node) -> None:
        pairs = tuple(_pair_replies(answer.reply, node.find(["reply"])))
        if answer.unchecked and all(reply.is_decoration for reply, _ in pairs):
            finding = "unchecked is for a reply with status, body or text. Leave it out."
            self.add(node.find(["unchecked"]).key_place, finding)
        for reply, place in pairs:
            if not reply.is_decoration and not answer.unchecked:
                self._check_reply(replace(answer, reply=reply), operation, place)
            elif reply.is_decoration and not reply.headers and reply.delay is None and reply.fault is None:
                self.add(place.place, "The reply says nothing. Give it status, headers, body or text.")

    def _check_reply(self, answer: Answer, operation: Operation, node: Node) -> None:
        """Hold the reply at *node* against the contract, its placeholders filled in by a sample."""
        filled = replace(answer, reply=answer.reply.fill(_sample_arguments(answer, operation)))
        spec = operation.responses.get(filled.reply.status or 200)
        own_body = describe_status(filled, operation, {}, operation.method, self._host)
        written = Format(spec.media_types[0]) if spec and spec.media_types else PLAIN
        reply = make_answer_reply(filled, own_body, operation.method, written)
        for breach in find_reply_breaches(spec, reply, self._schemas):
            change = "Add it" if breach.value is None else "Change it"
            remedy = f"{change}, or write unchecked: true beside reply if that is on purpose."
            place = self._find_breached(node, breach.member).place
            self.breaches.append(Fault(place, f"{end_sentence(str(breach))} {remedy}"))

    def _find_breached(self, reply: Node, member: str) -> Node:
        """The header or the member of the body that is meant, or the last on the way that exists."""
        members = self.members(reply)
        headers = {name.lower(): child for name, child in self.members(members.get("headers")).items()}
        if member == "Content-Type" and member.lower() in headers:
            return headers[member.lower()]
        whole = members.get("text") or members.get("body_file")
        return whole or reply.find(["body", *member.split(".")])


def _pair_replies(reply: AnswerReply, node: Node) -> Iterator[tuple[AnswerReply, Node]]:
    """Each reply that can be given, and where it stands."""
    if not reply.sequence:
        yield reply, node
    for number, each in enumerate(reply.sequence):
        yield each, node.find(["sequence", str(number)])


_SAMPLES: Final[Mapping[str, Scalar]] = MappingProxyType({"string": "a", "integer": 1, "boolean": True})
"""What a parameter may be that every request has, by its type."""


def _sample_arguments(answer: Answer, operation: Operation) -> Arguments:
    """Arguments that the answer is given for, as far as they are known; else those of the first example."""
    examples = iter(operation.examples.values())
    defaults = {each.name: _SAMPLES[each.type] if each.is_required else each.default for each in operation.parameters}
    own = {each.parameter: each.values[0] for each in answer.when if each.values}
    return {**defaults, **next(examples, {}), **own}
