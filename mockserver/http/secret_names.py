"""Secret names: which headers, parameters and members hold secrets."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

_SECRET: Final = re.compile(
    r"(?ix) authori[sz]ation | authenticat | (?:^|[-_.]) auth (?:$|[-_.]) | bearer | cookie | credential | jwt | passw"
    r"| passphrase | (?:^|[-_.]) pwd | secret | signature | token"
    r"| (?:access|api|private|signing|subscription) [-_.]? key | session [-_.]? (?:id|key)"
)
"""Names whose values are secrets: `Authorization`, `X-Api-Key`, `access_token` and the like."""


class SecretNames:
    """The names of secrets.

    Args:
        names: Names, in any case, beside those such as `Authorization`.
    """

    def __init__(self, names: Iterable[str] = ()) -> None:
        self._names = frozenset(name.lower() for name in names)
        self.is_secret = lru_cache(maxsize=1024)(self._is_secret)
        """Whether the values of a header, parameter or member of this name are secrets."""

    def _is_secret(self, name: str) -> bool:
        return _SECRET.search(name) is not None or name.lower() in self._names

    def may_be_in(self, text: str) -> bool:
        """Return whether any of the names may occur in the text."""
        lower = text.lower()
        return _SECRET.search(lower) is not None or any(name in lower for name in self._names)
