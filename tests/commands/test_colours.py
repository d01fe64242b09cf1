"""Colours: where there are any, and which status has which."""

from __future__ import annotations

import io

import pytest

from mockserver.commands.colours import colour_status, has_colours


class Screen(io.StringIO):
    """A stream that is a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("stream", "variables", "system", "expected"),
    [
        (Screen(), {}, "posix", True),
        (Screen(), {"TERM": "xterm", "NO_COLOR": ""}, "posix", True),
        (Screen(), {"NO_COLOR": "1"}, "posix", False),
        (Screen(), {"TERM": "dumb"}, "posix", False),
        (Screen(), {}, "nt", False),
        (io.StringIO(), {}, "posix", False),
        (None, {}, "posix", False),
        (io.StringIO(), {"FORCE_COLOR": "1"}, "posix", True),
        (io.StringIO(), {"FORCE_COLOR": ""}, "posix", False),
        (Screen(), {"FORCE_COLOR": "1", "TERM": "dumb"}, "nt", True),
        (Screen(), {"FORCE_COLOR": "1", "NO_COLOR": "1"}, "posix", False),
    ],
)
def test_variables_decide_before_the_stream(
    stream: io.StringIO | None, variables: dict[str, str], system: str, expected: bool
) -> None:
    assert has_colours(stream, variables, system) is expected


@pytest.mark.parametrize(
    ("status", "shown"),
    [
        (101, "101"),
        (200, "\x1b[32m200\x1b[0m"),
        (304, "\x1b[36m304\x1b[0m"),
        (404, "\x1b[33m404\x1b[0m"),
        (503, "\x1b[31m503\x1b[0m"),
        (600, "600"),
    ],
)
def test_status_has_the_colour_of_its_class(status: int, shown: str) -> None:
    assert colour_status(status) == shown
