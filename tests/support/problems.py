"""The problems of an input that is refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import ParamSpec

import pytest

from mockserver.documents.problems import DocumentError

P = ParamSpec("P")


def list_problems(read: Callable[P, object], *given: P.args, **named: P.kwargs) -> list[str]:
    """Return the text of each problem for which `read` refuses its arguments."""
    with pytest.raises(DocumentError) as caught:
        read(*given, **named)
    return [str(problem) for problem in caught.value.problems]
