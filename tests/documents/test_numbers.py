"""Numbers keep the text they were written with, and compare by their exact value."""

from decimal import Decimal

import pytest

from mockserver.documents.numbers import NUMBER, Number, WrittenNumber, read_number, to_plain


def read(text: str) -> Number:
    match = NUMBER.fullmatch(text)
    assert match is not None
    return read_number(match)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        *(("0", 0), ("-1", -1), ("2147483648", 2147483648), ("1" * 500, int("1" * 500))),
        *(("1.5", 1.5), ("-0.25", -0.25), ("1.0", 1.0), ("1e+16", 1e16), ("1e-05", 1e-05)),
    ],
)
def test_number_that_python_writes_alike_is_python_s(text: str, value: Number) -> None:
    number = read(text)

    assert (type(number), number, str(number)) == (type(value), value, text)


@pytest.mark.parametrize(
    "text",
    [
        *("1.10", "-1.10", "0.00", "1E2", "1e2", "1e+2", "1E-0002", "-0", "-0.00", "1e400", "-1e-400", "1e500"),
        *("0.12345678901234567890", "79228162514264337593543950335.0", "0.1" + "0" * 497),
    ],
)
def test_other_number_keeps_its_text(text: str) -> None:
    number = read(text)

    assert (type(number), str(number), number == Decimal(text)) == (WrittenNumber, text, True)


@pytest.mark.parametrize("text", ["1" * 501, "-" + "1" * 500, "0." + "1" * 499, "1e501", "1E-501", f"1e{'9' * 50}"])
def test_number_beyond_the_limit_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="too long"):
        read(text)


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        *(("1.10", 1.1), ("1E2", 100.0), ("-0", 0), ("-0.0", -0.0), ("1e-2", 0.01)),
        *(("9007199254740993.0", None), ("0.12345678901234567890", None), ("1e400", None), ("1e-400", None)),
    ],
)
def test_value_is_plain_unless_digits_are_lost(text: str, plain: float | None) -> None:
    number = WrittenNumber(text)
    wanted = number if plain is None else plain

    assert (type(number.plain), number.plain) == (type(wanted), wanted)


@pytest.mark.parametrize(
    ("text", "other", "order"),
    [
        *(("0.10", 0.1, 0), ("1.10", 1.1, 0), ("1E2", 100, 0), ("-0", 0, 0), ("1.10", Decimal("1.1"), 0)),
        *(("0.10000000000000000001", 0.1, 1), ("0.09999999999999999999", 0.1, -1)),
        *(("1e400", 1e308, 1), ("-1e400", -1e308, -1), ("1e400", float("inf"), -1), ("1e400", 10**401, -1)),
    ],
)
def test_number_is_compared_by_its_digits(text: str, other: float, order: int) -> None:
    number = WrittenNumber(text)

    assert (number < other, number <= other, number > other, number >= other) == (
        *(order < 0, order <= 0, order > 0, order >= 0),
    )
    assert (number == other, number != other, other == number) == (order == 0, order != 0, order == 0)
    assert (other > number, other >= number, other < number, other <= number) == (
        *(order < 0, order <= 0, order > 0, order >= 0),
    )


def test_equal_numbers_have_one_hash() -> None:
    assert {WrittenNumber("1.10"), WrittenNumber("1.1000"), 1.1} == {1.1}
    assert {WrittenNumber("-0"), 0, WrittenNumber("1E2"), 100} == {0, 100}
    assert len({WrittenNumber("1e400"), WrittenNumber("10e399")}) == 1


def test_written_numbers_become_plain_inside_values() -> None:
    exact = WrittenNumber("1e400")
    value = {"a": [WrittenNumber("1.10"), "1.10", None, True, 1, 1.5], "b": exact}

    assert to_plain(value) == {"a": [1.1, "1.10", None, True, 1, 1.5], "b": exact}
