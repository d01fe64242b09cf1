"""Settings as lines of text: each kind of value, and what is wrong with a line."""

from __future__ import annotations

from pathlib import Path

import pytest

from mockserver.documents.problems import StartError
from mockserver.testing.given_settings import read_settings

FOLDER = Path("/tests")


@pytest.mark.parametrize(
    ("lines", "given"),
    [
        ([], {}),
        (["source = fixtures", "source=generated"], {"source": "generated"}),
        (["strict=true", "cors = false"], {"strict": True, "cors": False}),
        (["journal_entries=10"], {"journal_entries": 10}),
        (["base_path=/a, /b", "redact=pin"], {"base_path": ("/a", "/b"), "redact": ("pin",)}),
        (
            ["fixtures=own", "contract=/abs/c.yaml"],
            {"fixtures": str(FOLDER / "own"), "contract": str(Path("/abs/c.yaml"))},
        ),
        (["admin_token=a=b"], {"admin_token": "a=b"}),
    ],
)
def test_line_gives_a_setting(lines: list[str], given: dict[str, object]) -> None:
    assert read_settings(lines, FOLDER) == given


@pytest.mark.parametrize(
    ("line", "finding"),
    [
        ("sourc=auto", "'sourc=auto' is no setting; did you mean 'source'?"),
        ("source", "'source' is no setting; did you mean 'source'?"),
        ("x=1", "'x=1' is no setting. Write one of contract, fixtures,"),
        ("strict=yes", "strict is 'yes'. Write true or false."),
        ("journal_entries=-1", "journal_entries is '-1'. Write a whole number."),
    ],
)
def test_wrong_line_is_told(line: str, finding: str) -> None:
    with pytest.raises(StartError) as caught:
        read_settings([line], FOLDER)

    assert str(caught.value).startswith(finding)
