"""What tests of providers share: a replay of fixtures against a URL."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

import pytest

from mockserver.conformance.editions import read_edition
from mockserver.conformance.reports import Case
from mockserver.http.redaction import Redactor
from mockserver.http.secret_names import SecretNames
from mockserver.provider.addresses import read_address
from mockserver.provider.client import LIMITS, SAFE_METHODS, Client
from mockserver.provider.judge import Judge
from mockserver.provider.questions import list_questions
from mockserver.provider.replay import Replay, replay_all
from mockserver.stub.loading import Stub
from tests.support.waiting import SECONDS

Check = Callable[..., list[Case]]
"""Replays the fixtures of a stub against a URL."""


@pytest.fixture
def check() -> Check:
    def run(
        stub: Stub,
        url: str,
        ignored: Iterable[str] = (),
        *,
        methods: Iterable[str] = SAFE_METHODS,
        seconds: float = SECONDS,
    ) -> list[Case]:
        limits = replace(LIMITS, read_seconds=seconds, total_seconds=SECONDS)
        client = Client(read_address(f"{url}/API"), limits=limits, sleep=lambda _: None)
        is_secret = SecretNames().is_secret
        judge = Judge(read_edition(stub.contract_path), stub.schemas, frozenset(ignored), is_secret)
        return list(replay_all(Replay(client, judge, tuple(methods), Redactor(None)), list_questions(stub)))

    return run
