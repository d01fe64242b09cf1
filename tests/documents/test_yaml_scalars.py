"""Each form of a scalar without quotes, and what it stands for."""

import pytest

from mockserver.documents.nodes import Scalar
from mockserver.documents.yaml_scalars import resolve_plain

PADDED = "has leading zeros, and readers differ on what that is. Quote it to keep it as text"
LARGE = "This number is too long or too large. Quote it to keep it as text"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("", None),
        ("~", None),
        ("null", None),
        ("Null", None),
        ("NULL", None),
        ("nULL", "nULL"),
        ("true", True),
        ("True", True),
        ("TRUE", True),
        ("false", False),
        ("False", False),
        ("FALSE", False),
        ("tRUE", "tRUE"),
        ("NO", "NO"),
        ("yes", "yes"),
        ("on", "on"),
        ("12:30:45", "12:30:45"),
        ("1984-03-12", "1984-03-12"),
        ("1984-03-12T00:00:00", "1984-03-12T00:00:00"),
        ("0", 0),
        ("-0", 0),
        ("42", 42),
        ("+42", 42),
        ("-42", -42),
        ("2147483648", 2147483648),
        ("1.50", 1.5),
        ("1.", 1.0),
        ("-1.5e-3", -0.0015),
        ("1e3", 1000.0),
        ("0.0", 0.0),
        (".5", ".5"),
        (".inf", ".inf"),
        ("-.inf", "-.inf"),
        (".NaN", ".NaN"),
        ("0x1F", "0x1F"),
        ("0o17", "0o17"),
        ("1_000", "1_000"),
        ("1,5", "1,5"),
        ("1.2.3", "1.2.3"),
        ("+61 491 570 006", "+61 491 570 006"),
        ("-", "-"),
        ("٤٢", "٤٢"),
    ],
)
def test_plain_scalar_has_one_meaning(text: str, value: Scalar) -> None:
    resolved = resolve_plain(text)

    assert (type(resolved), resolved) == (type(value), value)


@pytest.mark.parametrize(
    ("number", "value"), [("9" * 308, 10**308 - 1), ("1.7e308", 1.7e308), (f"0.{'0' * 397}1", 0.0)]
)
def test_number_may_be_as_large_as_a_float(number: str, value: Scalar) -> None:
    assert resolve_plain(number) == value


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("00012", f'00012 {PADDED}: "00012".'),
        ("-007", f'-007 {PADDED}: "-007".'),
        ("0" * 40, f'{"0" * 40} {PADDED}: "{"0" * 40}".'),
        ("0" * 41, f'{"0" * 40}… {PADDED}: "{"0" * 40}…".'),
        ("1e999", f'{LARGE}: "1e999".'),
        ("-1e999", f'{LARGE}: "-1e999".'),
        ("9" * 310, f'{LARGE}: "{"9" * 40}…".'),
        ("0." + "1" * 399, f'{LARGE}: "0.{"1" * 38}…".'),
    ],
)
def test_number_that_readers_differ_on_is_refused(text: str, problem: str) -> None:
    with pytest.raises(ValueError, match="Quote it") as caught:
        resolve_plain(text)

    assert str(caught.value) == problem
