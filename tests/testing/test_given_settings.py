"""Settings as lines of text: each kind of value, and what is wrong with a line."""

from __future__ import annotations

from dataclasses import asdict, fields
from pathlib import Path

import pytest

from mockserver.documents.problems import StartError
from mockserver.stub.settings import Settings
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


def test_every_setting_can_be_given() -> None:
    rows: list[tuple[str, str, object]] = [
        ("contract", "c.yaml", str(FOLDER / "c.yaml")),
        ("fixtures", "f", str(FOLDER / "f")),
        ("source", "generated", "generated"),
        ("seed", "7", "7"),
        ("locale", "he_IL", "he_IL"),
        ("utc_offset", "+02:00", "+02:00"),
        ("on_breach", "warn", "warn"),
        ("base_path", "/a,/b", ("/a", "/b")),
        ("prefix", "/own", "/own"),
        ("model_state", "ignored", "ignored"),
        ("missing", "null", "null"),
        ("error_detail", "true", True),
        ("refuse_unacceptable", "true", True),
        ("strict", "true", True),
        ("host_headers", "false", False),
        ("cors", "false", False),
        ("cache", "false", False),
        ("admin_token", "t0ken", "t0ken"),
        ("admin_local", "true", True),
        ("redact", "pin", ("pin",)),
        ("journal_entries", "0", 0),
        ("journal_bytes", "10", 10),
    ]

    given = read_settings([f"{name}={text}" for name, text, _ in rows], FOLDER)

    assert [name for name, _, _ in rows] == [each.name for each in fields(Settings)]
    assert asdict(Settings(**given)) == {name: value for name, _, value in rows}


@pytest.mark.parametrize(
    ("line", "finding"),
    [
        ("sourc=auto", "'sourc=auto' is no setting; did you mean 'source'?"),
        ("source", "source has no value. Write source=VALUE."),
        ("sourc", "'sourc' is no setting; did you mean 'source'?"),
        ("x=1", "'x=1' is no setting. Write NAME=VALUE with one of these names: contract, fixtures,"),
        ("strict=yes", "strict is 'yes'. Write true or false."),
        ("journal_entries=-1", "journal_entries is '-1'. Write a whole number."),
    ],
)
def test_wrong_line_is_told(line: str, finding: str) -> None:
    with pytest.raises(StartError) as caught:
        read_settings([line], FOLDER)

    assert str(caught.value).startswith(finding)
