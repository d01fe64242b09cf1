"""Own failures: what a fuzzer takes for one, and the user has asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Final

from mockserver.fixtures.answers import Answer
from mockserver.http.headers import to_header
from mockserver.stub.loading import Stub

_ON_ARGUMENTS: Final = ("negative_data_rejection", "positive_data_acceptance")
"""The checks of schemathesis that arguments are refused as the contract says."""


class OwnFailures:
    """Tells why a check of schemathesis fails on purpose, as `conformance.fuzzing.Excuse` has it."""

    def __init__(self, stub: Stub) -> None:
        self._model_state = stub.settings.model_state
        self._answers = {to_header(str(answer.source)): answer for answer in stub.fixtures.answers}

    def excuse(self, check: str, status: int, headers: Mapping[str, Sequence[str]]) -> str:
        """Return the reason as a sentence; empty if it is a failure."""
        if check in _ON_ARGUMENTS and self._model_state != "contract":
            return f"On purpose: --model-state is {self._model_state}."
        source = next(iter(headers.get("x-mock-source", ())), "")
        for written, answer in self._answers.items():
            if source == written or source.startswith(f"{written} + ") or f" + {written}" in source:
                return _excuse_answer(answer, check, status)
        return ""


def _excuse_answer(answer: Answer, check: str, status: int) -> str:
    if answer.unchecked:
        return f"On purpose: the answer {answer.name} is unchecked."
    has_fault = any(each.fault is not None for each in (answer.reply, *answer.reply.sequence))
    if has_fault or status >= HTTPStatus.INTERNAL_SERVER_ERROR or check == "status_code_conformance":
        return f"On purpose: the answer {answer.name} is written so."
    return ""
