"""Wrong numbers on the command line are told with what may be written."""

from __future__ import annotations

import pytest

from tests.support.process import invoke

URL = "http://127.0.0.1:9"


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("generate", "--count", "x"), "'--count': 'x' is not a whole number from 1 to 100000."),
        (("generate", "--count", "0"), "'--count': '0' is not a whole number from 1 to 100000."),
        (("generate", "--count", "1.5"), "'--count': '1.5' is not a whole number from 1 to 100000."),
        (("coverage", URL, "--min", "101"), "'--min': '101' is not a whole number from 0 to 100."),
        (("selftest", "--fuzz-seed", "x"), "'--fuzz-seed': 'x' is not a whole number."),
        (("selftest", "--fuzz-examples", "0"), "'--fuzz-examples': '0' is not a whole number of 1 or more."),
        (("check-provider", URL, "--max-requests", "-1"), "'--max-requests': '-1' is not a whole number of 0 or more."),
        (("check-provider", URL, "--max-time", "x"), "'--max-time': 'x' is not a number above 0, up to 86400."),
        (("check-provider", URL, "--max-time", "0"), "'--max-time': '0' is not a number above 0, up to 86400."),
        (("capture", URL, "--read-timeout", "nan"), "'--read-timeout': 'nan' is not a number above 0, up to 86400."),
        (("capture", URL, "--rate", "-1"), "'--rate': '-1' is not a number from 0 to 86400."),
    ],
)
def test_wrong_number_is_told(arguments: tuple[str, ...], told: str) -> None:
    code, output, errors = invoke(*arguments)

    assert (code, output) == (2, "")
    assert errors.splitlines()[-1] == f"Error: Invalid value for {told}"
