"""Known answers by each server: as without the cache, in the answers and in the journal."""

from __future__ import annotations

import re

import pytest

from mockserver import create_app
from mockserver.commands.serve import _find_server
from tests.support.serving import ask, running, send, write_request

CLOSE = "Connection: close"

CHANGING = re.compile(rb"redacted-\w+|[-0-9T:.]+Z|\"seconds\":[-0-9.e]+")
"""What differs in the journals of two servers that are asked the same."""


@pytest.mark.parametrize("name", ["waitress", "granian"])
def test_known_answers_are_as_without_the_cache(name: str) -> None:
    pytest.importorskip(name)
    fields = ((), ("Authorization: Bearer s3cret",), ("Accept: text/json",), ("X_Odd: 1",), ("X-Mock-Session: a",))
    requests = [write_request("/API/Customers/a?token=s3cret", CLOSE, *each) for each in fields]
    told: list[tuple[list[bytes], bytes]] = []

    for is_on in (False, True):
        app = create_app(cache=is_on)
        with running(app, kind=_find_server(name), recall=app.extensions.get("mockserver.recall")) as server:
            answers = [hide_date(send(server, each)) for each in requests for _ in range(3)]
            told.append((answers, CHANGING.sub(b"", ask(server, "/__mock/requests").body)))

    assert told[0] == told[1]
    assert told[0][1].count(b'"number"') == 15


def hide_date(sent: bytes) -> bytes:
    return re.sub(rb"(?i)\r\ndate: [^\r]+", b"", sent)
