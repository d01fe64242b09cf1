"""Values of members that are known by name: the one table of their names, and the words for it.

No other module of the generator knows a member by its name.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache, partial
from operator import methodcaller
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from mockserver.checks.fitting import cut
from mockserver.generation.draws import NOTHING
from mockserver.generation.fakes import spell_in_ascii

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from mockserver.generation.draws import Draw


def make_member(name: str, draw: Draw, find_member: Callable[[str], object]) -> object:
    """Return a value for the member `name`; `NOTHING` for an unknown name, or if several tries do not fit the schema.

    `find_member` returns the members of the same record that this one has to fit.
    """
    row = _MEMBERS.get(name)
    if row is None:
        return NOTHING
    blueprint = draw.blueprint
    if row.nulls and draw.random() < row.nulls and blueprint.fits(None):
        return None
    others = [*map(find_member, row.fits)] if row.fits else ()
    for _ in _TRIES:
        value = row.make(draw, *others)
        if row.can_be_cut and isinstance(value, str):
            value = cut(value, blueprint.limit).rstrip()
        if blueprint.fits(value):
            return value
    return NOTHING


def list_personal() -> frozenset[str]:
    """Return the names of the members that may tell who somebody is; of the rest none is free text."""
    return frozenset(name for name, row in _MEMBERS.items() if row.is_personal)


def _name(kind: str, draw: Draw, sex: object) -> str:
    gender = _GENDERS.get(sex, "") if type(sex) is int else ""
    return draw.pick_fake(kind + gender)


def _email(draw: Draw, *names: object) -> str | None:
    folded = [text for text in map(_fold, names) if text] or [_fold(draw.pick_fake("user_name"))]
    form, domain = draw.choice(_LOCAL_PARTS[len(folded)]), draw.choice(_DOMAINS)
    local = form.format(*folded, number=draw.randint(1, 99))
    local = local[: max(0, min(64, draw.limit - len(domain) - 1))].rstrip(".")
    return f"{local}@{domain}" if local else None


def _fold(name: object) -> str:
    """Return a name in the letters of an e-mail address: 'Müller' as 'muller', '王' as 'wang', None as ''."""
    return _fold_text(name[:30]) if isinstance(name, str) else ""


@lru_cache(maxsize=8192)
def _fold_text(text: str) -> str:
    return re.sub("[^a-z0-9]", "", spell_in_ascii(text).lower())[:30]


def _phone_number(draw: Draw) -> str:
    # Faker has no such method for the Philippine locales.
    return draw.pick_fake("phone_number", "### ### ####")


def _birthday(draw: Draw) -> str:
    return f"{draw.pick_day()}T00:00:00{draw.style.utc_offset}"


def _custom_properties(draw: Draw) -> dict[str, str | None]:
    keys = draw.sample(_CUSTOM_KEYS, draw.randint(0, 3))
    return {key: draw.choice(_CUSTOM_PROPERTIES[key]) for key in keys}


@dataclass(frozen=True, slots=True)
class _Member:
    """How a member of a known name is made: from a draw and the members that it `fits`.

    `nulls` is the share of records in which it is null, `can_be_cut` whether the start of a value is a value too,
    `is_personal` whether it may tell who somebody is. What selects a record is not: nothing else could ask for it.
    """

    make: Callable[..., object]
    fits: tuple[str, ...] = ()
    nulls: float = 0.0
    can_be_cut: bool = True
    is_personal: bool = False


# Half of Faker's phone numbers for en_US match a pattern without extensions.
_TRIES: Final = range(16)
_SEXES: Final = (0, *(1, 2) * 8)
_GENDERS: Final[Mapping[int, str]] = MappingProxyType({1: "_male", 2: "_female"})
_DOMAINS: Final = ("example.com", "example.org", "example.net")
_LOCAL_PARTS: Final[Mapping[int, tuple[str, ...]]] = MappingProxyType(
    {
        1: ("{0}", "{0}{number}"),
        2: ("{0}.{1}", "{0}.{1}{number}", "{0}{1}", "{0[0]}.{1}", "{0[0]}{1}{number}", "{1}.{0}"),
    }
)
_ID_TYPE_REFERENCES: Final = ("NATIONAL-ID", "PASSPORT", "DRIVER-LICENCE")
_NOTES: Final = (
    "Prefers morning appointments.",
    "Prefers to be called after 4 pm.",
    "Speaks slowly; allow a few extra minutes.",
    "Needs wheelchair access.",
    "Hard of hearing, please face the customer when calling the number.",
    "Brings a support person.",
    "Missed the last appointment, confirm by phone the day before.",
    "Asked for an interpreter at the next visit.",
    "New address, proof still to be shown.",
    "Original documents were returned by post.",
    "Waiting for a form from the employer.",
    "Always early; can take a cancelled slot at short notice.",
    "Send letters to the daughter.",
    "Do not leave messages on the second number.",
    "Paid at the counter, receipt handed over.",
    "Comes with a guide dog.",
)
_CUSTOM_PROPERTIES: Final[Mapping[str, tuple[str | None, ...]]] = MappingProxyType(
    {
        "PreferredLanguage": ("en", "es", "fr", "he", "vi", "zh"),
        "PreferredBranch": ("Central", "Harbour Street", "Northside", "University"),
        "MemberSince": ("2009", "2014", "2017", "2019", "2021"),
        "InterpreterNeeded": ("yes", "no"),
        "AccessNeeds": ("wheelchair", "hearing loop", "large print", "", None),
        "ReferredBy": ("website", "call centre", "family doctor", None),
    }
)
_CUSTOM_KEYS: Final = tuple(_CUSTOM_PROPERTIES)


# In any order: each member is drawn by its name.
_MEMBERS: Final[Mapping[str, _Member]] = MappingProxyType(
    {
        "CustomerId": _Member(methodcaller("randint", 1, 9_999_999)),
        "PersonalId": _Member(lambda draw: str(draw.randint(10**8, 10**9 - 1))),
        "PersonalIdTypeId": _Member(methodcaller("randint", 1, 3)),
        "PersonalIdTypeExtRef": _Member(methodcaller("choice", _ID_TYPE_REFERENCES), nulls=0.5),
        "FirstName": _Member(partial(_name, "first_name"), fits=("Sex",), is_personal=True),
        "LastName": _Member(partial(_name, "last_name"), fits=("Sex",), is_personal=True),
        "Email": _Member(_email, fits=("FirstName", "LastName"), can_be_cut=False, is_personal=True),
        "TelNumber1": _Member(_phone_number, is_personal=True),
        "TelNumber2": _Member(_phone_number, nulls=0.4, is_personal=True),
        "DOB": _Member(_birthday, can_be_cut=False, is_personal=True),
        "Sex": _Member(methodcaller("choice", _SEXES)),
        "Notes": _Member(methodcaller("choice", _NOTES), nulls=0.4, is_personal=True),
        "ExtRef": _Member(lambda draw: f"CRM-{draw.randint(100_000, 999_999)}", nulls=0.3, is_personal=True),
        "NotificationConsent": _Member(lambda draw: draw.random() < 0.7),
        "IsActive": _Member(lambda draw: draw.random() < 0.9),
        "CustomProperties": _Member(_custom_properties, is_personal=True),
    }
)
