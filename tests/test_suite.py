"""The tests themselves: each of them asserts something."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

FILES = sorted(Path(__file__).parent.rglob("test_*.py"))


def find_idle_tests(source: str) -> list[str]:
    """Return the tests that assert nothing, neither themselves nor by a function of their file."""
    functions = [node for node in ast.parse(source).body if isinstance(node, ast.FunctionDef)]
    asserting = {each.name for each in functions if _asserts(each)}
    return [
        each.name
        for each in functions
        if each.name.startswith("test_") and each.name not in asserting and asserting.isdisjoint(_list_calls(each))
    ]


def _asserts(function: ast.FunctionDef) -> bool:
    nodes = list(ast.walk(function))
    called = (node.attr for node in nodes if isinstance(node, ast.Attribute))
    return any(map(_is_assertion, called)) or any(isinstance(node, ast.Assert) for node in nodes)


def _is_assertion(name: str) -> bool:
    """Return whether a method asserts: `pytest.raises`, and those of pytester and of Playwright."""
    return name in ("raises", "fnmatch_lines", "wait_for") or name.startswith("assert_")


def _list_calls(function: ast.FunctionDef) -> set[str]:
    calls = [node.func for node in ast.walk(function) if isinstance(node, ast.Call)]
    return {called.id for called in calls if isinstance(called, ast.Name)}


def test_every_test_asserts_something() -> None:
    idle = {file.name: find_idle_tests(file.read_text(encoding="utf-8")) for file in FILES}

    assert {name: tests for name, tests in idle.items() if tests} == {}


@pytest.mark.parametrize(
    ("body", "is_idle"),
    [
        ("show('nothing')", True),
        ("check(1)", False),
        ("assert show('nothing') is None", False),
        ("with pytest.raises(ValueError): show('nothing')", False),
        ("for _ in range(3):\n        assert show('nothing')", False),
        ("show('nothing').assert_outcomes(passed=1)", False),
        ("show('nothing').shows(1)", True),
    ],
)
def test_idle_test_is_found(body: str, is_idle: bool) -> None:
    source = f"def check(each):\n    assert each\ndef show(text): ...\ndef test_it():\n    {body}\n"

    assert find_idle_tests(source) == ["test_it"] * is_idle
