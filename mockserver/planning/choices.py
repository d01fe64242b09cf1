"""What a request can choose to be answered: a status, an example or answer by name, or an edge case."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from mockserver.contract.contract import Arguments, Operation, ResponseSpec, fill_defaults
from mockserver.documents.wording import suggest_nearest
from mockserver.http.preferences import PreferenceError
from mockserver.http.sources import Source
from mockserver.planning.actions import DYNAMIC, draft_supplied, draft_value, give_answers
from mockserver.planning.catalogue import Catalogue
from mockserver.planning.drafts import Asked, Draft
from mockserver.planning.supply import Supply
from mockserver.vendors.vendor import Situation

_LISTED: Final = 20
"""How many names an error lists at most."""

_COMPARED: Final = 500
"""How many names an unknown one is compared with, to suggest the nearest."""


def choose(catalogue: Catalogue, asked: Asked) -> Draft | None:
    """Return what the preferences choose; None if they leave the answer to the action.

    Raises:
        PreferenceError: The choice does not exist, or two choices contradict each other.
    """
    wanted = asked.preferences
    if not wanted.chooses:
        return None
    # A choice is answered before the arguments are refused, so that it needs a value for each.
    asked = asked._replace(arguments=fill_defaults(catalogue.operation, asked.arguments))
    if wanted.edge is not None:
        return _draft_edge(catalogue, asked, wanted.edge)
    if wanted.example is not None:
        return _draft_example(catalogue, asked, wanted.example)
    if wanted.code is not None:
        return _draft_code(catalogue, asked, wanted.code)
    return None


def refuse_unknown(key: str, name: str, known: Iterable[str]) -> PreferenceError:
    """Return the error over a name that does not exist, which lists those that do."""
    names = list(dict.fromkeys(known))
    shown = ", ".join(names[:_LISTED]) + (f" and {len(names) - _LISTED:,} more" if len(names) > _LISTED else "")
    listed = f"There are {shown}." if names else "There are none."
    nearest = suggest_nearest(name, names[:_COMPARED]) or "."
    return PreferenceError(f"{key} is {name[:80]!r}, which does not exist{nearest} {listed}")


# Edge cases


def _draft_edge(catalogue: Catalogue, asked: Asked, name: str) -> Draft:
    wanted = asked.preferences
    success = catalogue.vendor.choose_response(catalogue.operation, asked.request)
    if wanted.example is not None:
        raise PreferenceError(f"edge is {name!r} and example {wanted.example!r}. Ask for one of the two.")
    if wanted.code not in (None, success.status):
        finding = f"edge is a record, which comes with {success.status}, and code is {wanted.code}"
        raise PreferenceError(f"{finding}. Leave one out.")
    supply = catalogue.find_supply(success)
    if supply is None or name not in supply.edges:
        raise refuse_unknown("edge", name, () if supply is None else supply.edges)
    found = supply.make_edge(name, asked.arguments, wanted.seed)
    return draft_supplied(catalogue, found, success)._replace(honoured=("edge", "code", "seed"))


# Examples and answers, by name


def _draft_example(catalogue: Catalogue, asked: Asked, name: str) -> Draft:
    code = asked.preferences.code
    success = catalogue.vendor.choose_response(catalogue.operation, asked.request)
    specs = [spec for spec in catalogue.list_responses(success) if code in (None, spec.status)]
    for spec in specs:
        if name in spec.examples:
            draft = draft_value(catalogue, spec, spec.examples[name], Source("example", name))
            return draft._replace(honoured=("example", "code"))
    named = _draft_named(catalogue, asked, name)
    if named is None:
        raise refuse_unknown("example", name, catalogue.list_examples(asked.visit.overlay, specs))
    return named._replace(honoured=("example", "code", *named.honoured))


def _draft_named(catalogue: Catalogue, asked: Asked, name: str) -> Draft | None:
    """Return the answer of that `name`, or the answer to the example of parameters of that name."""
    answer = catalogue.find_named(name, asked.visit.overlay)
    if answer is not None:
        _check_code(asked, name, {each.sure_status for each in answer.reply.sequence or (answer.reply,)})
        always = replace(answer, call=None, times=None, reply=replace(answer.reply, chance=None))
        return give_answers(catalogue, asked, [always])
    example = catalogue.operation.examples.get(name)
    if example is None:
        return None
    by_example = asked._replace(arguments=_fill(catalogue.operation, example))
    # Answers come first here even if `dynamic` asks for a generated record: the example is chosen by its name.
    matched = catalogue.find_answers(by_example)
    if asked.preferences.code is not None:
        tried = give_answers(catalogue, by_example._replace(visit=asked.visit.look()), matched)
        _check_code(asked, name, {None if tried.is_counted else tried.status})
    return give_answers(catalogue, by_example, matched)


def _fill(operation: Operation, example: Arguments) -> Arguments:
    """Return the arguments of an example, with defaults for the rest."""
    return {each.name: example.get(each.name, each.default) for each in operation.parameters}


def _check_code(asked: Asked, name: str, statuses: set[int | None]) -> None:
    """Refuse a status that the example may not have, before its call is counted."""
    code = asked.preferences.code
    if code is not None and statuses != {code}:
        shown = "in several ways" if None in statuses else " or ".join(map(str, sorted(filter(None, statuses))))
        raise PreferenceError(f"example is {name!r}, which is answered {shown}, and code is {code}. Leave one out.")


# Statuses


def _draft_code(catalogue: Catalogue, asked: Asked, code: int) -> Draft:
    operation, source = catalogue.operation, Source("code", str(code))
    spec = operation.responses.get(code)
    if spec is None:
        allow = (("Allow", operation.method),) if code == 405 else ()
        return Draft(operation, code, source, None, headers=allow, honoured=("code",))
    if not spec.media_types:
        return Draft(operation, code, source, spec, honoured=("code",))
    success = catalogue.vendor.choose_response(operation, asked.request)
    supply = catalogue.find_supply(spec)
    if supply is not None and spec.component == success.component:
        return _draft_any_record(catalogue, asked, spec, supply)
    return draft_value(catalogue, spec, _make_body(catalogue, asked, spec), source)._replace(honoured=("code",))


def _draft_any_record(catalogue: Catalogue, asked: Asked, spec: ResponseSpec, supply: Supply) -> Draft:
    """Return a record that exists, or else a generated one, even if `dynamic` asks for the other kind."""
    wanted = asked.preferences
    found = supply.find(asked.arguments, asked.visit.overlay.records, wanted.seed, DYNAMIC[wanted.dynamic])
    found = found or supply.make(asked.arguments, wanted.seed)
    is_as_wanted = wanted.dynamic is (found.record is None)
    honoured = ("code", "seed", *(("dynamic",) if is_as_wanted else ()))
    return draft_supplied(catalogue, found, spec)._replace(honoured=honoured)


def _make_body(catalogue: Catalogue, asked: Asked, spec: ResponseSpec) -> object:
    """Return the first example of a response, or what the stack sends with the status, or a generated body."""
    if spec.examples:
        return next(iter(spec.examples.values()))
    about = Situation(catalogue.operation, asked.arguments, asked.request.method, exception=f"code {spec.status}")
    own = catalogue.vendor.phrase(spec.status, about)
    if spec.component is None or (own is not None and spec.component == catalogue.vendor.error_component):
        return own
    return catalogue.make_body(spec.component, spec.status)
