"""Problems: one line each, sorted by place."""

import pytest

from mockserver.documents.nodes import Place
from mockserver.documents.problems import DocumentError, Problem, StartError


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


def test_error_lists_every_problem_once_by_place() -> None:
    third = Problem(Place("b.yaml", 1, 1), "Third.")
    second = Problem(Place("a.yaml", 10, 1), "Second.")
    first = Problem(Place("a.yaml", 9, 12), "First.")

    error = DocumentError([third, second, first, third])

    assert str(error) == "a.yaml:9:12: First.\na.yaml:10:1: Second.\nb.yaml:1:1: Third."
    assert error.problems == (first, second, third)
    assert isinstance(error, StartError)
