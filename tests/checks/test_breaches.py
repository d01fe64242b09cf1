"""Breaches as sentences, and rules with the size that was found."""

import pytest

from mockserver.checks.breaches import Breach, Measured


@pytest.mark.parametrize(
    ("breach", "sentence"),
    [
        (Breach("Sex", "the contract allows 0 to 2", "3"), "Sex is 3, the contract allows 0 to 2"),
        (Breach("A.0", "the contract requires it", None), "A.0 is missing, the contract requires it"),
        (Breach("", "the contract wants an object", "[]"), "the body is [], the contract wants an object"),
    ],
)
def test_breach_is_a_sentence(breach: Breach, sentence: str) -> None:
    assert str(breach) == sentence


def test_measured_rule_is_text_with_a_size() -> None:
    rule = Measured("at most 2 units", "3 units")

    assert (rule, rule.size) == ("at most 2 units", "3 units")
