"""Sources: their text, as X-Mock-Source shows it."""

import pytest

from mockserver.http.sources import KINDS, Source

DECORATED = Source(
    "answer", "late", "a.yaml:12", (Source("answer", "b", "a.yaml:8"), Source("answer", "c", "run-time"))
)


@pytest.mark.parametrize(
    ("source", "text"),
    [
        *((Source(kind), kind) for kind in KINDS),
        (Source("record", place="a.yaml:3"), "record a.yaml:3"),
        (Source("edge", "emoji"), "edge emoji"),
        (DECORATED, "answer late a.yaml:12 + answer b a.yaml:8 + answer c run-time"),
    ],
)
def test_source_is_shown_by_its_parts(source: Source, text: str) -> None:
    assert str(source) == text
