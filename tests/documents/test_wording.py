"""Words for people, each rule by rows."""

import pytest

from mockserver.documents.numbers import WrittenNumber
from mockserver.documents.wording import count, end_sentence, show, show_name, show_node, suggest_nearest, to_phrase
from mockserver.documents.yaml_text import parse_document


@pytest.mark.parametrize(
    ("word", "suggestion"),
    [
        ("sex", "; did you mean 'Sex'?"),
        ("FirstNme", "; did you mean 'FirstName'?"),
        ("firstname", "; did you mean 'FirstName'?"),
        ("zzz", ""),
        ("", ""),
    ],
)
def test_nearest_name_is_suggested_in_any_case(word: str, suggestion: str) -> None:
    assert suggest_nearest(word, ["Sex", "FirstName", "LastName"]) == suggestion
    assert suggest_nearest(word, ()) == ""


@pytest.mark.parametrize(("text", "sentence"), [("It is 3", "It is 3."), ("Is it 3?", "Is it 3?")])
def test_sentence_ends_in_stop_or_question_mark(text: str, sentence: str) -> None:
    assert end_sentence(text) == sentence


@pytest.mark.parametrize(
    ("sentence", "phrase"),
    [("Not a valid integer.", "not a valid integer"), ("URL is bad.", "URL is bad"), ("A. b.", "A. b"), ("", "")],
)
def test_sentence_becomes_a_phrase(sentence: str, phrase: str) -> None:
    assert to_phrase(sentence) == phrase


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, "null"),
        (True, "true"),
        (1.5, "1.5"),
        (float("nan"), "NaN"),
        (WrittenNumber("1.10"), "1.10"),
        (WrittenNumber(f"0.{'1' * 58}"), f"0.{'1' * 58}"),
        (WrittenNumber(f"0.{'1' * 59}"), f"0.{'1' * 57}…"),
        ([WrittenNumber("1.10"), WrittenNumber("1E2")], "[1.1, 100.0]"),
        pytest.param(10**5000, "a number of thousands of digits", id="digits"),
        ("Sex", "'Sex'"),
        ("it's", '"it\'s"'),
        ("\ud800\n", "'\\ud800\\n'"),
        ("x" * 60, f"'{'x' * 60}'"),
        ("x" * 61, f"'{'x' * 59}…'"),
        ([{"Sex": None}], '[{"Sex": null}]'),
        (["é\ud800"], '["é\\ud800"]'),
        (b"1", "\"b'1'\""),
        ([11] * 15, f"[{'11, ' * 14}11]"),
        ([11] * 16, f"[{'11, ' * 14}11…"),
    ],
)
def test_value_is_shown_cut_short(value: object, shown: str) -> None:
    assert show(value) == shown


@pytest.mark.parametrize(
    ("name", "shown"), [("Sex", "Sex"), (0, "0"), ("", "''"), ("\ud800\x1b", "\\ud800\\x1b"), ("x" * 61, "x" * 60)]
)
def test_name_is_shown_as_a_step(name: str | int, shown: str) -> None:
    assert show_name(name) == shown


@pytest.mark.parametrize(("text", "shown"), [("1.50", "1.50"), ("'1.50'", "'1.50'"), ("[1.50]", "[1.5]")])
def test_node_is_shown_as_written(text: str, shown: str) -> None:
    assert show_node(parse_document(text, "f.yaml")) == shown


@pytest.mark.parametrize(("number", "shown"), [(0, "0 records"), (1, "1 record"), (2, "2 records")])
def test_count_has_its_noun(number: int, shown: str) -> None:
    assert count(number, "record") == shown
