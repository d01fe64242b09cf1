"""How generated records look: Faker's words, made repeatable, coherent and true to a schema.

Imports point one way: `fitting` <- `draws` <- `members` <- `values` <- here, with `keywords` <- `values`, and beside
them `fitting`, `keywords` <- `edges` <- here.
"""

from __future__ import annotations

import re
from copy import copy
from difflib import get_close_matches
from typing import TYPE_CHECKING, Final

from mockserver.checks.fitting import UTC_OFFSET
from mockserver.generation.draws import Draw, Fakers, Style, find_locales
from mockserver.generation.values import NewRecord

if TYPE_CHECKING:
    from collections.abc import Mapping


class Generator:
    """Makes records that satisfy a schema; threads may share one.

    A record is a pure function of these settings and of what `generate` is given: the same in any process, on
    any day. Raises `ValueError` for a locale that Faker does not have and for a malformed offset.
    """

    def __init__(self, *, seed: str, locale: str = "en_US", utc_offset: str = "+10:00") -> None:
        self.seed = seed
        self._style = Style(Fakers(check_locale(locale)), check_utc_offset(utc_offset))

    def with_seed(self, seed: str) -> Generator:
        """The same generator with another seed."""
        other = copy(self)
        other.seed = seed
        return other

    def generate(
        self,
        component: str,
        schema: Mapping[str, object],
        identity: Mapping[str, object],
        given: Mapping[str, object],
    ) -> dict[str, object]:
        """Make the record that `identity` names: `given` members stay as they are, others fit `schema`.

        Members come in the schema's order, then the given ones that it does not have. Each is made from the
        seed, `component`, `identity` and its own name. So giving one changes no other, save those that have
        to fit it: names fit `Sex`, `Email` fits the names. No given value, however odd, raises. A member
        that `find_gaps` names is null where the schema allows that, and is left out where it does not.
        """
        draw = Draw.first([self.seed, component, identity], schema, self._style)
        return NewRecord(draw, given).to_dict()


def find_gaps(schema: Mapping[str, object], *, locale: str = "en_US") -> tuple[str, ...]:
    """Name the members of an object schema for which no value, save null, can be made.

    These are strings with a `pattern` that nothing here fits (`examples` help), contradictory bounds, and
    schemas with a keyword that is not read here (`$ref`, `allOf`, `not`, ...).
    """
    style = Style(Fakers(check_locale(locale)), "+00:00")
    records = [NewRecord(Draw.first([number], schema, style), {}) for number in range(_PROBES)]
    return tuple(name for name in records[0].properties if not all(record.can_make(name) for record in records))


def check_locale(name: str) -> str:
    """Give `name` back if Faker has that locale; `ValueError` with the nearest one if not."""
    names = find_locales()
    if name not in names:
        nearest = next(iter(get_close_matches(name, names, n=1)), "en_US")
        raise ValueError(f"locale: Faker has no locale {name!r}. Use one that it has, such as {nearest!r}.")
    return name


def check_utc_offset(text: str) -> str:
    """Give `text` back if it is `+hh:mm` or `-hh:mm` within -14:00 to +14:00; `ValueError` if not."""
    if not re.fullmatch(UTC_OFFSET, text, re.ASCII):
        raise ValueError(
            f"utc_offset: {text!r} is no offset from UTC. "
            "Write +hh:mm or -hh:mm within -14:00 to +14:00, such as '+10:00'."
        )
    return text


# So many records have to succeed: what fits in one by luck need not fit in the next.
_PROBES: Final = 8
