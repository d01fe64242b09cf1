"""Problems: one line each, sorted by place."""

import pytest

from mockserver.documents.nodes import Place
from mockserver.documents.problems import DocumentError, Problem, StartError, list_problems


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\nb\r\tc", "a\\nb\\r\\tc"),
        ("\x1b[31m", "\\x1b[31m"),
        ("\u2028\u202e", "\\u2028\\u202e"),
        ("\ud800", "\\ud800"),
        ("דנה 欧阳 é 😀", "דנה 欧阳 é 😀"),
        ('"\\n"', '"\\n"'),
    ],
)
def test_problem_stands_on_one_line(text: str, shown: str) -> None:
    assert str(Problem(Place("f.yaml", 3, 4), f"{text} is odd.")) == f"f.yaml:3:4: {shown} is odd."


def test_long_problem_keeps_place_and_remedy() -> None:
    line = str(Problem(Place("f.yaml", 3, 4), f"{'a' * 900_000} is odd. Change it."))

    assert (line[:12], line.count("…"), line[-19:], len(line)) == ("f.yaml:3:4: ", 1, " is odd. Change it.", 4001)


def test_error_lists_every_problem_once_by_place() -> None:
    third = Problem(Place("b.yaml", 1, 1), "Third.")
    second = Problem(Place("a.yaml", 10, 1), "Second.")
    first = Problem(Place("a.yaml", 9, 12), "First.")

    error = DocumentError([third, second, first, third])

    assert str(error) == "a.yaml:9:12: First.\na.yaml:10:1: Second.\nb.yaml:1:1: Third."
    assert error.problems == (first, second, third)
    assert isinstance(error, StartError)


@pytest.mark.parametrize(("number", "last"), [(100, "f.yaml:100:1: x."), (101, "and 1 more"), (5100, "and 5,000 more")])
def test_list_ends_after_100_problems(number: int, last: str) -> None:
    problems = [Problem(Place("f.yaml", line), "x.") for line in range(1, number + 1)]

    lines = list_problems(problems)

    assert (lines[0], lines[-1], len(lines)) == ("f.yaml:1:1: x.", last, min(number, 101))
    assert str(DocumentError(reversed(problems))) == "\n".join(lines)
    assert len(DocumentError(problems).problems) == number
