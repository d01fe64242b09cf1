"""Answers as fixture files write them: conditions and replies, held against the contract."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator
from typing import Final

from mockserver.answers import Answer, AnswerReply, Condition
from mockserver.aspnet.faults import STACK_TRACE, ExceptionDetail
from mockserver.aspnet.formatting import format_json
from mockserver.aspnet.hosting import Host
from mockserver.breaches import show
from mockserver.contract import Contract, Operation, Parameter
from mockserver.documents import DocumentReader, Fault, Node, Scalar, end_sentence, find_nearest, suggest_nearest
from mockserver.exchange import Headers
from mockserver.openapi import PARAMETER_TYPES
from mockserver.replies import (
    BODILESS_STATUSES,
    PLAIN,
    Format,
    describe_status,
    find_reply_breaches,
    make_answer_reply,
    read_content_type,
)
from mockserver.schemas import Schemas

STATUSES: Final = range(200, 600)
HOP_BY_HOP: Final = frozenset(
    (
        "connection",
        "keep-alive",
        "proxy-authenticate",
        "proxy-authorization",
        "proxy-connection",
        "te",
        "trailer",
        "trailers",
        "transfer-encoding",
        "upgrade",
    )
)
"""Headers that belong to a connection and not to an answer (RFC 9110, section 7.6.1; RFC 2616, section 13.5.1)."""

OWN_HEADERS: Final = frozenset(("content-length", "x-mock-breach", "x-mock-source"))
"""Headers that the stub writes itself."""


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

    def read(self, node: Node, label: str) -> None:
        """Read one answer of the document that answers name by *label*."""
        if not isinstance(node.value, dict):
            self.add(node.place, "This is no answer. Write name, operation, when and reply, each with a colon.")
            return
        faults_before = len(self.faults)
        self.check_keys(node, ("name", "operation", "when", "reply", "unchecked"))
        name = self._read_name(node)
        operation = self._read_operation(node, node.value.get("operation"))
        faults_before_reply = len(self.faults)
        reply = self._read_reply(node)
        is_reply_faulty = len(self.faults) > faults_before_reply
        unchecked = self._read_flag(node.value.get("unchecked"))
        when = tuple(self._read_conditions(node.value.get("when"), operation)) if operation else ()
        is_faulty = len(self.faults) > faults_before
        self._claim_name(name, node)
        if operation is None or is_reply_faulty:
            # What is left of a reply with faults would break rules that the reply itself does not.
            return
        answer = Answer(name, operation.id, when, reply, f"{label}:{node.line}", unchecked)
        if reply.is_decoration:
            self._check_decoration(answer, node)
        elif not unchecked:
            self._check_reply(answer, operation, node)
        if not is_faulty:
            self.claim(answer.identity, node.place, "An answer to the same request")
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

    def _read_flag(self, node: Node | None) -> bool:
        if node is not None and not isinstance(node.value, bool):
            self.add(node.place, f"unchecked is {_show(node)}. Write true or false.")
        return node is not None and node.value is True

    def _read_conditions(self, node: Node | None, operation: Operation) -> Iterator[Condition]:
        parameters = {parameter.name: parameter for parameter in operation.parameters}
        if node is not None and not isinstance(node.value, dict):
            known = ", ".join(parameters)
            self.add(node.place, f"when is {_show(node)}. Write parameters under it ({known}), each with its value.")
            return
        for name, child in self.members(node).items():
            if name in parameters:
                yield self._read_condition(child, parameters[name])
            else:
                nearest = suggest_nearest(name, parameters) or f". Write one of {', '.join(parameters)}."
                self.add(child.key_place, f"{operation.id} has no parameter {name!r}{nearest}")

    def _read_condition(self, node: Node, parameter: Parameter) -> Condition:
        if isinstance(node.value, dict):
            self.check_keys(node, ("matches",))
            return Condition(parameter.name, pattern=self._read_pattern(node))
        nodes = self.items(node) if isinstance(node.value, list) else [node]
        if not nodes:
            self.add(node.place, "An empty list is never met. Give the values to compare with.")
        return Condition(parameter.name, tuple(self._read_value(each, parameter) for each in nodes))

    def _read_pattern(self, node: Node) -> re.Pattern[str] | None:
        pattern = self.text(node, "matches", node)
        try:
            with warnings.catch_warnings():
                # `[[:digit:]]` is a class in other dialects; Python reads it as something else, and only warns.
                warnings.simplefilter("error", FutureWarning)
                return re.compile(pattern)
        except (re.error, OverflowError, RecursionError, FutureWarning) as error:
            finding = f"This is no regular expression of Python: {error}"
            self.add(node.find(["matches"]).place, f"{finding}. Write it as Python's re module has it.")
            return None

    def _read_value(self, node: Node, parameter: Parameter) -> Scalar:
        value = self.scalar(node)
        if value is node.value and not _is_argument(value, parameter):
            finding = f"{parameter.name} is {_show(node)}, which is no {parameter.format or parameter.type}"
            remedies = {"string": f'Quote it: "{node.text}".', "boolean": "Write true or false, without quotes."}
            remedy = remedies.get(parameter.type, "Write a whole number of its range, without quotes.")
            self.add(node.place, f"{finding}. {remedy}")
        return value

    def _read_reply(self, node: Node) -> AnswerReply:
        reply = self.members(node).get("reply")
        if reply is None:
            self.add(node.place, "reply is missing. Add it, with status, headers, body or text.")
            return AnswerReply()
        if not isinstance(reply.value, dict) or not reply.value:
            self.add(reply.place, "This is no reply. Write status, headers, body or text, each with a colon.")
            return AnswerReply()
        self.check_keys(reply, ("status", "headers", "body", "text", "exception"))
        members = reply.value
        status = self._read_status(members.get("status"))
        for key in ("body", "text"):
            if key in members and status in BODILESS_STATUSES and (key == "body" or members[key].value != ""):
                self.add(members[key].key_place, f"{status} never has a body. Leave {key} out.")
        if "body" in members and "text" in members:
            self.add(members["text"].key_place, "body and text are both given. Keep one of the two.")
        headers = tuple(self._read_headers(members.get("headers")))
        text = self._read_text(members["text"], headers) if "text" in members else None
        if text and not any(name.lower() == "content-type" for name, _ in headers):
            headers += (("Content-Type", "text/plain; charset=utf-8"),)
        json = format_json(members["body"].to_json()) if "body" in members else None
        exception = self._read_exception(members["exception"]) if "exception" in members else None
        if exception and (status != 500 or json is not None or text is not None):
            finding = "exception tells of a 500 without a body of its own."
            self.add(members["exception"].key_place, f"{finding} Write status: 500, and leave body and text out.")
        return AnswerReply(status, headers, json, text, exception)

    def _read_exception(self, node: Node) -> ExceptionDetail | None:
        members = self.members(node)
        if not isinstance(node.value, dict):
            return None
        self.check_keys(node, ("type", "message", "stack-trace", "inner"))
        stack_trace = self.text(node, "stack-trace", node) if "stack-trace" in members else STACK_TRACE
        inner = self._read_exception(members["inner"]) if "inner" in members else None
        return ExceptionDetail(self.text(node, "type", node), self.text(node, "message", node), stack_trace, inner)

    def _read_status(self, node: Node | None) -> int | None:
        if node is None:
            return None
        if type(node.value) is not int or node.value not in STATUSES:
            first, last = STATUSES[0], STATUSES[-1]
            finding = f"status is {_show(node)}. Write a whole number from {first} to {last}, without quotes."
            self.add(node.place, finding)
            return None
        return node.value

    def _read_text(self, node: Node, headers: Headers) -> bytes | None:
        if not isinstance(node.value, str):
            self.add(node.place, f"text is {_show(node)}, which is no text. Quote it, or use body.")
            return None
        content_type = next((value for name, value in headers if name.lower() == "content-type"), "")
        _, charset = read_content_type(content_type)
        try:
            return node.value.encode(charset)
        except (LookupError, UnicodeError):
            self.add(node.place, f"text cannot be written as {content_type}. Write charset=utf-8.")
            return None

    def _read_headers(self, node: Node | None) -> Iterator[tuple[str, str]]:
        if node is not None and not isinstance(node.value, dict):
            self.add(node.place, f"headers is {_show(node)}. Write names and values under it, each with a colon.")
            return
        seen: set[str] = set()
        for name, child in self.members(node).items():
            fault = _find_name_fault(name) or ("is given twice" if name.lower() in seen else None)
            if fault:
                self.add(child.key_place, f"The header {name!r} {fault}. Change or remove it.")
                continue
            seen.add(name.lower())
            values = child.value if isinstance(child.value, list) and child.value else [child]
            if len(values) > 1 and name.lower() == "content-type":
                self.add(child.place, f"The header {name} can be sent only once. Keep one of its values.")
            for each in values:
                yield from self._read_header(name, each)

    def _read_header(self, name: str, node: Node) -> Iterator[tuple[str, str]]:
        value = node.text if node.is_number else node.value
        if not isinstance(value, str):
            remedy = f'Quote it: "{node.text}".' if isinstance(value, bool) else "Write text, or a list of texts."
            self.add(node.place, f"The header {name} is {_show(node)}, which is no text. {remedy}")
        elif not re.fullmatch(r"[\t\x20-\x7e\xa0-\xff]*", value):
            finding = f"The header {name} has a line break, a control character or one that is not Latin-1."
            self.add(node.place, f"{finding} Percent-encode it.")
        else:
            yield name, value

    def _check_decoration(self, answer: Answer, node: Node) -> None:
        if not answer.reply.headers:
            self.add(node.find(["reply"]).place, "The reply says nothing. Give it status, headers, body or text.")
        if answer.unchecked:
            finding = "unchecked is for a reply with status, body or text. Leave it out."
            self.add(node.find(["unchecked"]).key_place, finding)

    def _check_reply(self, answer: Answer, operation: Operation, node: Node) -> None:
        spec = operation.responses.get(answer.reply.status or 200)
        own_body = describe_status(answer, operation, {}, operation.method, self._host)
        written = Format(spec.media_types[0]) if spec and spec.media_types else PLAIN
        reply = make_answer_reply(answer, own_body, operation.method, written)
        for breach in find_reply_breaches(spec, reply, self._schemas):
            change = "Add it" if breach.value is None else "Change it"
            remedy = f"{change}, or write unchecked: true beside reply if that is on purpose."
            place = self._find_breached(node, breach.member).place
            self.breaches.append(Fault(place, f"{end_sentence(str(breach))} {remedy}"))

    def _find_breached(self, node: Node, member: str) -> Node:
        """The header or the member of the body that is meant, or the last on the way that exists."""
        reply = node.find(["reply"])
        members = self.members(reply)
        headers = {name.lower(): child for name, child in self.members(members.get("headers")).items()}
        if member == "Content-Type" and member.lower() in headers:
            return headers[member.lower()]
        return members.get("text") or reply.find(["body", *member.split(".")])


def _is_argument(value: Scalar, parameter: Parameter) -> bool:
    """Whether the parameter can ever have the value; null is what a blank text binds to."""
    if value is None:
        return parameter.type == "string"
    if type(value) is not PARAMETER_TYPES[parameter.kind]:
        return False
    bits = int(parameter.format.removeprefix("int") or 0)
    return not isinstance(value, int) or not bits or -(1 << bits - 1) <= value < 1 << bits - 1


def _show(node: Node) -> str:
    """A value as the file has it, cut short."""
    return node.text if node.is_number else show(node.to_json())


_TOKEN: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")


def _find_name_fault(name: str) -> str | None:
    if not _TOKEN.fullmatch(name):
        return "is no header name"
    if name.lower() in HOP_BY_HOP:
        return "belongs to the connection, not to the answer"
    return "is written by the stub itself" if name.lower() in OWN_HEADERS else None
