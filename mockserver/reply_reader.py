"""Replies as fixture files write them: status, headers, body, delay, fault and sequence."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from os.path import normpath
from pathlib import Path
from typing import Final

from mockserver.answers import AnswerReply, Delay, Template
from mockserver.aspnet.faults import STACK_TRACE, ExceptionDetail
from mockserver.aspnet.formatting import format_json
from mockserver.body_files import BodyFile, BodyFileError, read_body_file
from mockserver.condition_reader import show_node
from mockserver.contract import Operation
from mockserver.documents import DocumentError, DocumentReader, Fault, Json, Node, Place, suggest_nearest
from mockserver.effects import DRIBBLE_SECONDS, FAULTS, LONGEST_DELAY
from mockserver.exchange import BODILESS_STATUSES, HOP_BY_HOP, OWN_HEADERS, TOKEN, Headers
from mockserver.parsing import parse_json
from mockserver.placeholders import find_placeholders, has_braces, iter_texts
from mockserver.preferences import STATUSES
from mockserver.replies import read_content_type

BODIES: Final = ("body", "text", "body_file")
"""The keys that give a body, of which a reply has one at the most."""

KEYS: Final = ("status", "headers", *BODIES, "exception", "delay", "fault")
OUTER_KEYS: Final = (*KEYS, "sequence", "cycle", "chance")


@dataclass(frozen=True, slots=True)
class Folders:
    """Where a fixture file lies, and the folder of all fixtures."""

    file: Path
    root: Path


class ReplyReader(DocumentReader):
    """Reads `reply`; faults are added to those of the reader that the rest of the document belongs to.

    `files` are those that bodies are in, there or not.
    """

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__(faults)
        self.files: list[Path] = []
        self._operation: Operation | None = None
        self._folders = Folders(Path(), Path())

    def read(self, node: Node, operation: Operation | None, folders: Folders) -> AnswerReply:
        """The reply of the answer *node*, of the *operation* where it is known, in a file of these *folders*."""
        self._operation = operation
        self._folders = folders
        reply = self.members(node).get("reply")
        if reply is None:
            self.add(node.place, "reply is missing. Add it, with status, headers, body or text.")
            return AnswerReply()
        if not self._is_reply(reply):
            return AnswerReply()
        self.check_keys(reply, OUTER_KEYS)
        members = self.members(reply)
        chance = self._read_number(members.get("chance"), "chance", 1)
        if "sequence" in members:
            return self._read_sequence(members, chance)
        if "cycle" in members:
            self.add(members["cycle"].key_place, "cycle is for a sequence. Add the sequence, or leave cycle out.")
        return replace(self._read_single(members), chance=chance)

    def _is_reply(self, node: Node) -> bool:
        if not isinstance(node.value, dict) or not node.value:
            self.add(node.place, "This is no reply. Write status, headers, body or text, each with a colon.")
            return False
        return True

    def _read_sequence(self, members: Mapping[str, Node], chance: float | None) -> AnswerReply:
        for key, child in members.items():
            if key in KEYS:
                self.add(child.key_place, f"{key} stands beside a sequence. Write it in the replies of the sequence.")
        node = members["sequence"]
        replies = [each for each in self.items(node) if self._is_reply(each)]
        if isinstance(node.value, list) and not node.value:
            self.add(node.place, "The sequence is empty. Give its replies, each with a dash.")
        for each in replies:
            self.check_keys(each, KEYS)
        sequence = tuple(self._read_single(self.members(each)) for each in replies)
        return AnswerReply(sequence=sequence, is_cycle=self.read_flag(members.get("cycle"), "cycle"), chance=chance)

    def _read_single(self, members: Mapping[str, Node]) -> AnswerReply:
        status = self._read_status(members.get("status"))
        self._check_bodies(members, status)
        headers = tuple(self._read_headers(members.get("headers")))
        exception = self._read_exception(members["exception"]) if "exception" in members else None
        if exception and (status != 500 or any(key in members for key in BODIES)):
            finding = "exception tells of a 500 without a body of its own."
            self.add(members["exception"].key_place, f"{finding} Write status: 500, and leave body and text out.")
        fault, dribble = self._read_fault(members.get("fault"))
        reply = AnswerReply(
            status,
            headers,
            exception=exception,
            delay=self._read_delay(members.get("delay")),
            fault=fault,
            dribble=dribble,
        )
        return self._add_template(self._add_body(reply, members), members)

    def _check_bodies(self, members: Mapping[str, Node], status: int | None) -> None:
        given = [key for key in BODIES if key in members]
        for key in given:
            if status in BODILESS_STATUSES and (key != "text" or members[key].value != ""):
                self.add(members[key].key_place, f"{status} never has a body. Leave {key} out.")
        for key in given[1:]:
            self.add(members[key].key_place, f"{given[0]} and {key} are both given. Keep one of the two.")

    def _read_status(self, node: Node | None) -> int | None:
        if node is None:
            return None
        if type(node.value) is not int or node.value not in STATUSES:
            first, last = STATUSES[0], STATUSES[-1]
            finding = f"status is {show_node(node)}. Write a whole number from {first} to {last}, without quotes."
            self.add(node.place, finding)
            return None
        return node.value

    def read_flag(self, node: Node | None, key: str) -> bool:
        """True or false; false where there is none."""
        if node is not None and not isinstance(node.value, bool):
            self.add(node.place, f"{key} is {show_node(node)}. Write true or false.")
        return node is not None and node.value is True

    def _read_exception(self, node: Node) -> ExceptionDetail | None:
        members = self.members(node)
        if not isinstance(node.value, dict):
            return None
        self.check_keys(node, ("type", "message", "stack-trace", "inner"))
        stack_trace = self.text(node, "stack-trace", node) if "stack-trace" in members else STACK_TRACE
        inner = self._read_exception(members["inner"]) if "inner" in members else None
        return ExceptionDetail(self.text(node, "type", node), self.text(node, "message", node), stack_trace, inner)

    # Delay and fault

    def _read_delay(self, node: Node | None) -> Delay | None:
        if node is None or not isinstance(node.value, dict):
            seconds = self._read_number(node, "delay", LONGEST_DELAY)
            return None if seconds is None else Delay(seconds, seconds)
        self.check_keys(node, ("uniform",))
        found = node.value.get("uniform")
        bounds = found.value if found is not None else None
        if not isinstance(bounds, list) or len(bounds) != 2:
            self.add(node.place, "A drawn delay has two bounds. Write {uniform: [0.5, 2]}, or just the seconds.")
            return None
        least, most = (self._read_number(each, "A bound of the delay", LONGEST_DELAY) for each in bounds)
        if least is None or most is None:
            return None
        if least > most:
            self.add(bounds[0].place, f"The delay is from {least:g} to {most:g}. Write the lower bound first.")
        return Delay(least, most)

    def _read_fault(self, node: Node | None) -> tuple[str | None, float]:
        if node is None:
            return None, DRIBBLE_SECONDS
        if isinstance(node.value, dict):
            self.check_keys(node, ("dribble",))
            if not node.value:
                self.add(node.place, "The fault says nothing. Write {dribble: 3}, with its seconds, or just the name.")
            seconds = self._read_number(node.value.get("dribble"), "dribble", LONGEST_DELAY)
            return "dribble", DRIBBLE_SECONDS if seconds is None else seconds
        if node.value not in FAULTS:
            nearest = suggest_nearest(str(node.value), FAULTS) or "."
            self.add(node.place, f"fault is {show_node(node)}{nearest} Write one of {', '.join(FAULTS)}.")
            return None, DRIBBLE_SECONDS
        return str(node.value), DRIBBLE_SECONDS

    def _read_number(self, node: Node | None, key: str, most: float) -> float | None:
        if node is None:
            return None
        if not isinstance(node.value, int | float) or not node.is_number or not 0 <= node.value <= most:
            self.add(node.place, f"{key} is {show_node(node)}. Write a number from 0 to {most:g}, without quotes.")
            return None
        return float(node.value)

    # Bodies

    def _add_body(self, reply: AnswerReply, members: Mapping[str, Node]) -> AnswerReply:
        """The reply with its body. Text without a media type of its own is plain; so is a file of no known kind not."""
        if "body" in members:
            self._check_body_placeholders(members["body"])
            return _with_json(reply, members["body"].to_json())
        if "body_file" in members:
            return self._add_file(reply, members["body_file"])
        if "text" not in members:
            return reply
        text = self._read_text(members["text"], reply.headers)
        return _with_type(replace(reply, text=text), "text/plain; charset=utf-8") if text else replace(reply, text=text)

    def _read_text(self, node: Node, headers: Headers) -> bytes | None:
        if not isinstance(node.value, str):
            self.add(node.place, f"text is {show_node(node)}, which is no text. Quote it, or use body.")
            return None
        content_type = _find_type(headers) or ""
        _, charset = read_content_type(content_type)
        try:
            if has_braces(node.value):
                # What is filled in may have any character, and some codecs cannot write `?` in the place of one.
                "".encode(charset, "replace")
            return node.value.encode(charset)
        except (LookupError, UnicodeError):
            self.add(node.place, f"text cannot be written as {content_type}. Write charset=utf-8.")
            return None

    def _add_file(self, reply: AnswerReply, node: Node) -> AnswerReply:
        file = self._read_file(node)
        if file is None:
            return reply
        if not file.is_json:
            return _with_type(replace(reply, text=file.content), _describe_type(file))
        try:
            body = parse_json(file.content.decode("utf-8-sig"))
        except UnicodeDecodeError:
            self.add(node.place, f"body_file {node.text} is no UTF-8. Save the file as UTF-8.")
            return reply
        except DocumentError as error:
            for fault in error.faults:
                self.add(node.place, f"body_file {node.text}, {fault}")
            return reply
        self._check_body_placeholders(body, node.place)
        return _with_json(reply, body.to_json())

    def _read_file(self, node: Node) -> BodyFile | None:
        if not isinstance(node.value, str) or not node.value:
            self.add(node.place, f"body_file is {show_node(node)}. Name a file, relative to the fixture file.")
            return None
        self.files.append(Path(normpath(self._folders.file / node.value)))
        try:
            return read_body_file(node.value, self._folders.file, self._folders.root)
        except BodyFileError as error:
            self.add(node.place, f"body_file {node.value} {error}")
            return None

    # Headers

    def _read_headers(self, node: Node | None) -> Iterator[tuple[str, str]]:
        if node is not None and not isinstance(node.value, dict):
            self.add(node.place, f"headers is {show_node(node)}. Write names and values under it, each with a colon.")
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
            self.add(node.place, f"The header {name} is {show_node(node)}, which is no text. {remedy}")
        elif not re.fullmatch(r"[\t\x20-\x7e\xa0-\xff]*", value):
            finding = f"The header {name} has a line break, a control character or one that is not Latin-1."
            self.add(node.place, f"{finding} Percent-encode it.")
        else:
            self._check_placeholders(node)
            yield name, value

    # Placeholders

    def _add_template(self, reply: AnswerReply, members: Mapping[str, Node]) -> AnswerReply:
        """The reply with what is to be filled in of it; itself where there is nothing."""
        body = None if reply.template is None else reply.template.body
        text = members.get("text")
        written = text.value if text is not None and isinstance(text.value, str) and has_braces(text.value) else None
        if text is not None and written is not None:
            self._check_placeholders(text)
        if body is None and written is None and not any(has_braces(value) for _, value in reply.headers):
            return reply
        charset = read_content_type(_find_type(reply.headers) or "")[1]
        return replace(reply, template=Template(reply.headers, body, written, charset))

    def _check_body_placeholders(self, node: Node, place: Place | None = None) -> None:
        for child in node.children:
            self._check_body_placeholders(child, place)
        self._check_placeholders(node, place)

    def _check_placeholders(self, node: Node, place: Place | None = None) -> None:
        """Note every name that is no parameter, at the *place* of the file that the *node* is in."""
        if self._operation is None or not isinstance(node.value, str):
            return
        known = [each.name for each in self._operation.parameters]
        for name in find_placeholders(node.value):
            if name not in known:
                listed = f". Write one of {', '.join(known)}." if known else ", which has none."
                remedy = f"{suggest_nearest(name, known) or listed} {{{{{name}}}}} stands for the text {{{name}}}."
                self.add(place or node.place, f"{{{name}}} is no parameter of {self._operation.id}{remedy}")


def _with_json(reply: AnswerReply, body: Json) -> AnswerReply:
    """The reply with a *body*, which is to be filled in where it has placeholders."""
    template = Template(body=body) if any(map(has_braces, iter_texts(body))) else None
    return replace(reply, json=format_json(body), template=template)


def _with_type(reply: AnswerReply, content_type: str) -> AnswerReply:
    """The reply with a Content-Type, unless it has one."""
    has_one = _find_type(reply.headers) is not None
    return reply if has_one else replace(reply, headers=(*reply.headers, ("Content-Type", content_type)))


def _find_type(headers: Headers) -> str | None:
    return next((value for name, value in headers if name.lower() == "content-type"), None)


def _describe_type(file: BodyFile) -> str:
    return f"{file.media_type}; charset=utf-8" if file.media_type.startswith("text/") else file.media_type


def _find_name_fault(name: str) -> str | None:
    if not TOKEN.fullmatch(name):
        return "is no header name"
    if name.lower() in HOP_BY_HOP:
        return "belongs to the connection, not to the answer"
    return "is written by the stub itself" if name.lower() in OWN_HEADERS else None
