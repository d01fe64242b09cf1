"""Near misses: answers and records that would have answered a request if it differed a little."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from mockserver.contract.contract import Arguments, Operation, Selector
from mockserver.documents.nodes import is_blank
from mockserver.documents.numbers import Number
from mockserver.documents.wording import show
from mockserver.fixtures.answers import Answer, NearAnswer
from mockserver.fixtures.conditions import Condition, Difference
from mockserver.fixtures.records import Record
from mockserver.http.hints import MOST_NEAR, NearMiss
from mockserver.planning.catalogue import Catalogue
from mockserver.planning.drafts import Asked

_IsSecret = Callable[[str], bool]


def find_near_misses(catalogue: Catalogue, asked: Asked, sources: Sequence[str] = ()) -> tuple[NearMiss, ...]:
    """Return the near misses of a request, those with the fewest differences first, and answers before records.

    Args:
        catalogue: What the operation has.
        asked: What it is asked.
        sources: Where records are looked for, as `Supply.find` takes them.
    """
    supply = catalogue.find_supply(catalogue.vendor.choose_response(catalogue.operation, asked.request))
    answers = catalogue.find_near_answers(asked)
    records = () if supply is None else supply.find_near(asked.arguments, asked.visit.overlay.records, sources)
    return _tell_all(catalogue, asked, answers, records) if answers or records else ()


def _tell_all(
    catalogue: Catalogue, asked: Asked, answers: Sequence[NearAnswer], records: Sequence[Record]
) -> tuple[NearMiss, ...]:
    is_secret = catalogue.is_secret
    misses = [_miss_answer(*pair, is_secret) for pair in answers]
    for record in records:
        differences = _compare(record, catalogue.operation, asked.arguments)
        if differences:
            misses.append(_miss_record(record, catalogue.operation, differences, is_secret))
    misses.sort(key=lambda each: len(each.differences))
    return tuple(misses[:MOST_NEAR])


def tell_difference(difference: Difference, is_secret: _IsSecret) -> str:
    """Return a difference in words, without the values of a secret."""
    condition = difference.condition
    return f"{condition.label} differs" if is_secret(condition.parameter) else str(difference)


# Answers


def _miss_answer(answer: Answer, differences: Sequence[Difference], is_secret: _IsSecret) -> NearMiss:
    wanted = ", and ".join(_tell_wanted(each, is_secret) for each in differences)
    hint = f"Answer {answer.name} ({answer.place}) wants {wanted}."
    told = tuple(tell_difference(each, is_secret) for each in differences)
    return NearMiss("answer", answer.name, answer.place, told, hint)


def _tell_wanted(difference: Difference, is_secret: _IsSecret) -> str:
    """Return what an answer wants: `header X-Tenant 'acme', there was none`."""
    condition, given = difference.condition, difference.given
    if is_secret(condition.parameter):
        return f"{condition.label}, there was none" if is_blank(given) else f"another {condition.label}"
    joint = " with" if condition.wanted.startswith("no value") else "" if condition.pattern is None else " as"
    found = "there was none" if is_blank(given) else f"it was {show(given)}"
    return f"{condition.label}{joint} {condition.wanted}, {found}"


# Records


def _compare(record: Record, operation: Operation, arguments: Arguments) -> list[tuple[Selector, Difference]]:
    """Return how the arguments differ from the members that select the record."""
    found = []
    for selector in operation.selectors:
        argument, member = arguments[selector.parameter], record.members.get(selector.member)
        is_compared = selector.is_key or (selector.member in record.members and selector.restricts(argument))
        if is_compared and (type(member) is not type(argument) or member != argument):
            wanted = member if isinstance(member, str | Number) else None
            found.append((selector, Difference(Condition(selector.parameter, (wanted,)), argument)))
    return found


def _miss_record(
    record: Record, operation: Operation, found: Sequence[tuple[Selector, Difference]], is_secret: _IsSecret
) -> NearMiss:
    def hides(selector: Selector) -> bool:
        return is_secret(selector.parameter) or is_secret(selector.member)

    def tell(selector: Selector, difference: Difference) -> str:
        return f"{selector.parameter} differs" if hides(selector) else str(difference)

    keys = [
        f"nearly this {each.member}" if hides(each) else f"the {each.member} {difference.condition.wanted}"
        for each, difference in found
        if each.is_key
    ]
    same = " and ".join(each.member for each in operation.keys)
    filters = [tell(*pair) for pair in found if not pair[0].is_key]
    told = f"has {' and '.join(keys) or f'this {same}'}"
    also = f", {'and' if keys else 'but'} {' and '.join(filters)}" if filters else ""
    named = not record.line and not any(map(hides, operation.selectors))
    where = f"{record.key} ({record.place})" if named else record.place
    hint = f"Record {where} {told}{also}."
    return NearMiss("record", record.key if named else None, record.place, tuple(tell(*each) for each in found), hint)
