"""Capture: records of a provider as fixtures, with generated values in the place of people's data."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final, cast

from mockserver.conformance.reports import Finding
from mockserver.contract.contract import Arguments, Operation, write_target
from mockserver.documents.json_text import read_json
from mockserver.documents.nodes import Json, is_blank
from mockserver.documents.problems import StartError
from mockserver.fixtures.reach import list_samples
from mockserver.generation.blueprints import Blueprint
from mockserver.generation.generator import Generator
from mockserver.http.headers import read_content_type
from mockserver.http.messages import Reply
from mockserver.provider.client import Client, NoAnswerError
from mockserver.provider.judge import Judge
from mockserver.provider.questions import choose_accept

_TRIES: Final = 20
"""How many records are generated to replace a member: in some of them it is null."""


@dataclass(frozen=True, slots=True)
class Captured:
    """What a provider has for an id.

    Attributes:
        status: The status of the answer.
        members: The members of the record; None if there is no record to write.
        replaced: The names of those whose values are generated.
        findings: How the answer breaks the contract.
    """

    status: int
    members: Mapping[str, Json] | None = None
    replaced: frozenset[str] = frozenset()
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Capture:
    """Asks a provider for records of one operation.

    Attributes:
        client: What asks.
        judge: What holds answers against the contract.
        operation: The operation; it returns records and has keys.
        schema: The schema of these records.
        generator: What makes values for people's data.
        personal: The members that are people's data.
    """

    client: Client
    judge: Judge
    operation: Operation
    schema: Mapping[str, object]
    generator: Generator
    personal: Collection[str]

    @property
    def members(self) -> tuple[str, ...]:
        """The names of the members that the contract has, in its order."""
        properties = self.schema.get("properties")
        return tuple(properties) if isinstance(properties, Mapping) else ()

    def capture(self, keys: Arguments) -> Captured:
        """Return what the provider has for these keys.

        Raises:
            StartError: The provider cannot be reached, or there is no whole answer.
        """
        reply = self._ask(write_target(self.operation, {**list(list_samples(self.operation))[-1], **keys}))
        findings = tuple(finding for _, finding in self.judge.find_breaches(self.operation, reply))
        if findings or reply.status != self.operation.lowest_success_response.status or not reply.body:
            return Captured(reply.status, findings=findings)
        charset = read_content_type(reply.header("Content-Type") or "")[1]
        members = read_json(reply.body.decode(charset))[0]
        if not isinstance(members, dict):
            return Captured(HTTPStatus.NOT_FOUND)
        return self._replace(reply.status, members, keys)

    def _ask(self, target: str) -> Reply:
        operation = self.operation
        try:
            answered = self.client.ask(operation.method, target, choose_accept(operation), declared=operation.responses)
        except NoAnswerError as error:
            raise StartError(f"The answer to {operation.method} {target} {error}. Mend the provider.") from None
        if answered.refusal:
            finding = f"The provider redirects {operation.method} {target}, and {answered.refusal}."
            raise StartError(f"{finding} Check the URL, or mend the provider.")
        return answered.reply

    def _replace(self, status: int, members: Mapping[str, Json], keys: Arguments) -> Captured:
        """Return the record with generated values in the place of people's data; what is blank says nothing."""
        replaced = [name for name, value in members.items() if self._has_to_go(name, value)]
        kept = {name: value for name, value in members.items() if name not in replaced}
        made: dict[str, Json] = {}
        for number in range(_TRIES):
            new = self._generate(number, keys, kept)
            made |= {name: new[name] for name in replaced if made.get(name) is None and name in new}
        written = {name: made.get(name) if name in replaced else value for name, value in members.items()}
        return Captured(status, written, frozenset(replaced))

    def _has_to_go(self, name: str, value: Json) -> bool:
        """Return whether a member has people's data; the members that select records are needed to ask for them."""
        selecting = {each.member for each in self.operation.selectors}
        return name in self.personal and name not in selecting and not is_blank(value) and value not in ({}, [])

    def _generate(self, number: int, keys: Arguments, kept: Mapping[str, Json]) -> Mapping[str, Json]:
        assert self.operation.component is not None, "it returns records"
        identity = {"captured": dict(keys), "number": number}
        return cast(
            "Mapping[str, Json]",
            self.generator.generate(self.operation.component, Blueprint(self.schema), identity, kept),
        )
