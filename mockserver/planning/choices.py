"""What a request can choose to be answered: a status, an example or answer by name, or an edge case."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from mockserver.checks.judging import Schemas
from mockserver.contract.contract import Arguments, Contract, Operation, ResponseSpec
from mockserver.documents.nodes import Json, write_scalar
from mockserver.documents.wording import suggest_nearest
from mockserver.fixtures.answers import Answer
from mockserver.fixtures.readers.loading import Fixtures
from mockserver.generation.generator import Generator
from mockserver.http.headers import HOP_BY_HOP, OWN_HEADERS, keep_printable
from mockserver.http.messages import Reply
from mockserver.http.preferences import PreferenceError
from mockserver.planning.actions import DYNAMIC, Action
from mockserver.planning.drafts import Asked, Draft
from mockserver.planning.supply import Supply
from mockserver.state.overlays import Overlay
from mockserver.vendors.aspnet.errors import COMPONENT as ERROR_COMPONENT
from mockserver.vendors.aspnet.hosting import HOST_HEADERS, Host
from mockserver.vendors.aspnet.phrasing import describe_status

LISTED: Final = 20
"""Names that an error lists at the most."""


COMPARED: Final = 500
"""Names that one that is not there is compared with, to find the one that was meant."""


UNSENT: Final = HOP_BY_HOP | OWN_HEADERS | {"content-type"} | {name.lower() for name, _ in HOST_HEADERS}
"""Headers that a response may declare, and that are written elsewhere."""


def make_choices(
    operation: Operation,
    *,
    contract: Contract,
    schemas: Schemas,
    fixtures: Fixtures,
    generator: Generator,
    source: str,
    host: Host,
) -> Choices:
    """What can be chosen of an *operation*, and its action, over one set of fixtures."""
    supply = None
    if operation.component is not None:
        supply = Supply(
            operation,
            operation.component,
            contract=contract,
            schemas=schemas,
            fixtures=fixtures,
            generator=generator,
            source=source,
        )
    action = Action(operation, supply, fixtures.answers, host, generator.seed)
    return Choices(
        operation, action, supply, contract=contract, answers=fixtures.answers, generator=generator, host=host
    )


class Choices:
    """What the requests of one operation can choose, and what they get where they leave it to the action."""

    def __init__(
        self,
        operation: Operation,
        action: Action,
        supply: Supply | None,
        *,
        contract: Contract,
        answers: Sequence[Answer],
        generator: Generator,
        host: Host,
    ) -> None:
        self._operation = operation
        self._success = operation.lowest_success_response
        self._action = action
        self._supply = supply
        self._contract = contract
        self._answers = {each.name: each for each in answers if each.operation == operation.id}
        self._generator = generator
        self._host = host

    @property
    def edges(self) -> tuple[str, ...]:
        """The names of the edge cases that there are."""
        return () if self._supply is None else self._supply.edges

    def act(self, asked: Asked) -> Draft:
        """What the action answers; answers are passed over where a generated record is wanted."""
        return self._action.draft_answers(asked, ()) if asked.preferences.dynamic else self._action.draft(asked)

    def choose(self, asked: Asked) -> Draft | None:
        """What was chosen; None where the answer is left to the action.

        Raises:
            PreferenceError: What is asked for is not there, or does not go together.
        """
        wanted = asked.preferences
        if wanted.edge is not None:
            return self._draft_edge(asked, wanted.edge)
        if wanted.example is not None:
            return self._draft_example(asked, wanted.example)
        if wanted.code is not None:
            return self._draft_code(asked, wanted.code)
        return None

    # Edge cases

    def _draft_edge(self, asked: Asked, name: str) -> Draft:
        wanted, status = asked.preferences, self._success.status
        if wanted.example is not None:
            raise PreferenceError(f"edge is {name!r} and example {wanted.example!r}. Ask for one of the two.")
        if wanted.code not in (None, status):
            raise PreferenceError(
                f"edge is a record, which comes with {status}, and code is {wanted.code}. Leave one out."
            )
        if self._supply is None or name not in self.edges:
            raise not_there("edge", name, self.edges)
        found = self._supply.make_edge(name, asked.arguments, wanted.seed)
        draft = self._add_headers(self._action.draft_supplied(asked, found, self._success))
        return _mark_honoured(draft, "edge", "code", "seed")

    # Examples and answers, by name

    def _draft_example(self, asked: Asked, name: str) -> Draft:
        code = asked.preferences.code
        specs = [spec for spec in self._list_responses() if code in (None, spec.status) and name in spec.examples]
        if specs:
            draft = self._draft_body(asked, specs[0], specs[0].examples[name], f"example {name}")
            return _mark_honoured(draft, "example", "code")
        named = self._draft_named(asked, name)
        if named is None:
            raise not_there("example", name, self.list_examples(asked.visit.overlay, code))
        return _mark_honoured(named, "example", "code", *named.honoured)

    def _draft_named(self, asked: Asked, name: str) -> Draft | None:
        """An answer of that *name*, or what is answered to the example of the parameters."""
        added = {answer.name: answer for answer in reversed(asked.visit.overlay.answers)}
        answer = {**self._answers, **added}.get(name)
        if answer is not None and answer.operation == self._operation.id:
            _check_code(asked, name, {each.sure_status for each in answer.reply.sequence or (answer.reply,)})
            always = replace(answer, call=None, times=None, reply=replace(answer.reply, chance=None))
            return self._action.draft_answers(asked, [always])
        example = self._operation.examples.get(name)
        if example is None:
            return None
        by_example = replace(asked, arguments=self._fill(example))
        if asked.preferences.code is not None:
            tried = self._action.draft(replace(by_example, visit=asked.visit.uncounted()))
            _check_code(asked, name, {None if tried.is_counted else tried.reply.status})
        return self._action.draft(by_example)

    def _fill(self, example: Arguments) -> Arguments:
        """All arguments: those of an *example*, and the defaults."""
        return {each.name: example.get(each.name, each.default) for each in self._operation.parameters}

    def list_examples(self, overlay: Overlay, code: int | None = None) -> Iterator[str]:
        """The names of examples and answers, those of the contract for one status *code* only where it is given."""
        for spec in self._list_responses():
            if code in (None, spec.status):
                yield from spec.examples
        yield from self._operation.examples
        yield from (each.name for each in overlay.answers if each.operation == self._operation.id)
        yield from (name for name, each in self._answers.items() if not overlay.hides(each))

    def _list_responses(self) -> list[ResponseSpec]:
        """What the contract declares, that of the records first."""
        return [self._success, *(spec for spec in self._operation.responses.values() if spec != self._success)]

    # Statuses

    def _draft_code(self, asked: Asked, code: int) -> Draft:
        spec = self._operation.responses.get(code)
        if spec is None:
            allow = (("Allow", self._operation.method),) if code == 405 else ()
            draft = Draft(self._operation, Reply(code, allow), f"code {code}", None)
        elif not spec.media_types:
            draft = self._add_headers(Draft(self._operation, Reply(code), f"code {code}", spec))
        elif self._supply is not None and spec.component == self._success.component:
            return self._draft_record(asked, spec, self._supply)
        else:
            draft = self._draft_body(asked, spec, self._make_body(asked, spec), f"code {code}")
        return _mark_honoured(draft, "code")

    def _draft_record(self, asked: Asked, spec: ResponseSpec, supply: Supply) -> Draft:
        """Whatever record there is, else a generated one, also where `dynamic` asks for the other."""
        wanted = asked.preferences
        found = supply.find(asked.arguments, wanted.seed, DYNAMIC[wanted.dynamic])
        found = found or supply.make(asked.arguments, wanted.seed)
        is_as_asked = wanted.dynamic is (found.record is None)
        draft = self._add_headers(self._action.draft_supplied(asked, found, spec))
        return _mark_honoured(draft, "code", "seed", *(("dynamic",) if is_as_asked else ()))

    def _make_body(self, asked: Asked, spec: ResponseSpec) -> object:
        """The contract's own body: its first example, what the framework says with the status, or a generated one."""
        if spec.examples:
            return next(iter(spec.examples.values()))
        own = describe_status(
            spec.status,
            f"code {spec.status}",
            self._operation,
            asked.arguments,
            asked.request.method,
            self._host,
        )
        component = str(spec.component)
        if own is not None and component == ERROR_COMPONENT:
            return own
        return self._generator.generate(component, self._contract.components[component], {"status": spec.status}, {})

    def _draft_body(self, asked: Asked, spec: ResponseSpec, body: object, source: str) -> Draft:
        return self._add_headers(self._action.draft_json(asked, spec, body, source))

    def _add_headers(self, draft: Draft) -> Draft:
        """The draft with the headers that its response declares, where a value of them is known or needed."""
        declared = draft.spec.headers if draft.spec is not None else {}
        made = tuple(self._make_headers(declared))
        return replace(draft, reply=draft.reply.with_headers(made)) if made else draft

    def _make_headers(self, schemas: Mapping[str, Json]) -> Iterator[tuple[str, str]]:
        for name, schema in schemas.items():
            if name.lower() not in UNSENT:
                made = self._generator.generate(name, {"properties": {name: schema}}, {}, {})
                yield name, keep_printable(_write_value(made.get(name)))


def _check_code(asked: Asked, name: str, statuses: set[int | None]) -> None:
    """Refuse a status that the example is not sure to be answered with; before a call is counted for it."""
    code = asked.preferences.code
    if code is not None and statuses != {code}:
        shown = "in several ways" if None in statuses else " or ".join(map(str, sorted(filter(None, statuses))))
        raise PreferenceError(f"example is {name!r}, which is answered {shown}, and code is {code}. Leave one out.")


def _write_value(value: object) -> str:
    """A value as a header has it: of several, one after the other; of a mapping nothing."""
    if isinstance(value, list):
        return ", ".join(map(_write_value, value))
    return write_scalar(value if isinstance(value, str | int | float) else None)


def _mark_honoured(draft: Draft, *keys: str) -> Draft:
    """The draft as what the preferences *keys* made it; not where it refuses to answer at all."""
    return draft if draft.is_refusal else replace(draft, honoured=keys)


def not_there(key: str, name: str, known: Iterable[str]) -> PreferenceError:
    """The error that lists what there is."""
    names = list(dict.fromkeys(known))
    shown = ", ".join(names[:LISTED]) + (f" and {len(names) - LISTED:,} more" if len(names) > LISTED else "")
    listed = f"There are {shown}." if names else "There are none."
    nearest = suggest_nearest(name, names[:COMPARED]) or "."
    return PreferenceError(f"{key} is {name[:80]!r}, which is not there{nearest} {listed}")
