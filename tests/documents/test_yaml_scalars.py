"""Each form of a scalar without quotes, and what it stands for."""

import pytest

from mockserver.documents.nodes import Scalar
from mockserver.documents.numbers import WrittenNumber
from mockserver.documents.yaml_scalars import resolve_plain

MINUS = "\N{MINUS SIGN}"
PADDED = "has leading zeros, and readers differ on what that is. Quote it to keep it as text"
QUOTE = "Quote it to keep it as text"
LARGE = f"This number is too long or too large. {QUOTE}"


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
        ("42", 42),
        ("-42", -42),
        ("2147483648", 2147483648),
        ("0.0", 0.0),
        ("-1.5", -1.5),
        ("1.50", WrittenNumber("1.50")),
        ("-0", WrittenNumber("-0")),
        ("1E3", WrittenNumber("1E3")),
        ("1e400", WrittenNumber("1e400")),
        ("0.12345678901234567890", WrittenNumber("0.12345678901234567890")),
        ("1.2.3", "1.2.3"),
        ("127.0.0.1", "127.0.0.1"),
        ("1-2", "1-2"),
        ("1/2", "1/2"),
        ("50%", "50%"),
        ("1e", "1e"),
        ("1,", "1,"),
        ("1,,0", "1,,0"),
        ("_1", "_1"),
        ("0x", "0x"),
        ("0xyz", "0xyz"),
        ("0b12", "0b12"),
        ("NaN", "NaN"),
        ("-Infinity", "-Infinity"),
        (".", "."),
        ("..5", "..5"),
        ("+61 491 570 006", "+61 491 570 006"),
        ("-", "-"),
        ("٤٢", "٤٢"),
    ],
)
def test_plain_scalar_has_one_meaning(text: str, value: Scalar) -> None:
    resolved = resolve_plain(text)

    assert (type(resolved), resolved, str(resolved)) == (type(value), value, str(value))


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("00012", f'00012 {PADDED}: "00012".'),
        ("-007", f'-007 {PADDED}: "-007".'),
        ("0" * 40, f'{"0" * 40} {PADDED}: "{"0" * 40}".'),
        ("0" * 41, f'{"0" * 40}… {PADDED}: "{"0" * 40}…".'),
        ("1e999", f'{LARGE}: "1e999".'),
        ("-1e999", f'{LARGE}: "-1e999".'),
        ("9" * 501, f'{LARGE}: "{"9" * 40}…".'),
        ("0." + "1" * 499, f'{LARGE}: "0.{"1" * 38}…".'),
        ("+" + "1" * 500, f'{LARGE}: "+{"1" * 39}…".'),
        ("0x" + "f" * 1_000_000, f'{LARGE}: "0x{"f" * 38}…".'),
        ("00.5", f'00.5 {PADDED}: "00.5".'),
        ("01e5", f'01e5 {PADDED}: "01e5".'),
        ("+007.", f'+007. {PADDED}: "+007.".'),
        (".inf", f'JSON has no number .inf. {QUOTE}: ".inf".'),
        ("-.Inf", f'JSON has no number -.Inf. {QUOTE}: "-.Inf".'),
        ("+.INF", f'JSON has no number +.INF. {QUOTE}: "+.INF".'),
        (".nan", f'JSON has no number .nan. {QUOTE}: ".nan".'),
        (".NaN", f'JSON has no number .NaN. {QUOTE}: ".NaN".'),
        (".NAN", f'JSON has no number .NAN. {QUOTE}: ".NAN".'),
    ],
)
def test_number_that_readers_differ_on_is_refused(text: str, problem: str) -> None:
    with pytest.raises(ValueError, match="Quote it") as caught:
        resolve_plain(text)

    assert str(caught.value) == problem


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        *((".5", "0.5"), ("-.5", "-0.5"), ("+.5", "0.5"), ("5.", "5"), ("-5.", "-5"), ("0.", "0")),
        *(
            ("+1", "1"),
            ("+1.50", "1.50"),
            ("+1e5", "1e5"),
            (".5e3", "0.5e3"),
            ("1.e-5", "1e-5"),
            ("+61491570006", "61491570006"),
        ),
        *(("0x1F", "31"), ("0X1f", "31"), ("-0x1F", "-31"), ("+0o17", "15"), ("0b101", "5"), ("0x_FF", "255")),
        *(("1_000", "1000"), ("1_000.5_0", "1000.50"), ("0_7", "7"), ("1__0", "10"), ("1.5_", "1.5")),
        *(("1,000", "1000"), ("-1,234,567.89", "-1234567.89"), ("12,500", "12500"), ("1'000'000", "1000000")),
        *(("1,5", None), ("1,50", None), ("1,0000", None), ("1,000'000", None), ("1234,567", None)),
        *((f"{MINUS}5", "-5"), (f"{MINUS}.5", "-0.5"), (f"{MINUS}0x1F", "-31")),
    ],
)
def test_text_that_looks_like_a_number_is_refused(text: str, meant: str | None) -> None:
    with pytest.raises(ValueError, match="is not how JSON writes a number") as caught:
        resolve_plain(text)

    wanted = meant or "it with digits and a point only"
    finding = f"{text} is not how JSON writes a number"
    assert str(caught.value) == f'{finding}. Write {wanted}, or quote it to keep it as text: "{text}".'
    assert meant is None or str(resolve_plain(meant)) == meant
