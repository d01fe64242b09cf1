"""Logged warnings and errors as lines on the terminal."""

from __future__ import annotations

import logging
from collections.abc import Callable

import pytest

from mockserver.commands.log_lines import set_up_logging


@pytest.mark.usefixtures("handlers_of_before")
@pytest.mark.parametrize("name", ["mockserver", "waitress", "waitress.queue", "_granian.asgi.http"])
def test_logged_warning_is_one_line(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logging()

    logging.getLogger(name).error("broken: %s", "a\n\x1b[31mb")

    assert capsys.readouterr() == ("", "ERROR: broken: a\\n\\x1b[31mb\n")


def fail() -> None:
    raise ValueError("odd\nvalue")


def catch(deed: Callable[[], None]) -> ValueError:
    with pytest.raises(ValueError, match="odd") as caught:
        deed()
    return caught.value


@pytest.mark.usefixtures("handlers_of_before")
@pytest.mark.parametrize(
    ("exc_info", "told"),
    [
        (catch(fail), f" ValueError('odd\\nvalue') at {__file__}:{fail.__code__.co_firstlineno + 1}"),
        (ValueError("never raised"), " ValueError('never raised')"),
        (True, ""),
    ],
)
def test_logged_exception_is_one_line_with_its_place(
    exc_info: Exception | bool, told: str, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    set_up_logging()

    logging.getLogger("mockserver").error("Failed.", exc_info=exc_info)

    kept = [record.exc_info and record.exc_info[1] for record in caplog.records]
    assert capsys.readouterr().err == f"ERROR: Failed.{told}\n"
    assert kept == [exc_info if isinstance(exc_info, Exception) else None]
