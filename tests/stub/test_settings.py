"""The settings of a stub: what they say, what they refuse, and who else names them."""

from __future__ import annotations

import inspect
import re
from dataclasses import fields
from typing import Any, get_type_hints

import pytest

from mockserver import StartError, create_app
from mockserver.stub.settings import Settings

ARGUMENTS = inspect.signature(create_app, eval_str=True).parameters


def test_create_app_takes_every_setting_with_its_default() -> None:
    hints = get_type_hints(Settings)

    taken = {name: (each.annotation, each.default) for name, each in ARGUMENTS.items()}

    expected = {each.name: (hints[each.name], each.default) for each in fields(Settings)}
    assert {name: each for name, each in taken.items() if name not in ("schemas", "observe")} == expected


def test_create_app_documents_every_argument() -> None:
    documented = dict(re.findall(r"^ {4}(\w+): (.+)$", inspect.getdoc(create_app) or "", re.MULTILINE))

    assert documented.keys() >= ARGUMENTS.keys()
    assert documented.items() >= {each.name: each.metadata["help"] for each in fields(Settings)}.items()


@pytest.mark.parametrize(("source", "expected"), [("auto", (1, 1)), ("fixtures", (1, 0)), ("generated", (0, 1))])
def test_source_says_what_is_served(source: str, expected: tuple[bool, bool]) -> None:
    settings = Settings(source=source)

    assert (settings.serves_fixtures, settings.generates) == expected


@pytest.mark.parametrize(
    ("base_path", "roots"),
    [
        ((), ()),
        ("/", ("",)),
        ("/q/flow/API/", ("/q/flow/API",)),
        (["/v1", "/", "/v1/"], ("/v1", "")),
    ],
)
def test_base_paths_lose_their_last_slash(base_path: str | list[str], roots: tuple[str, ...]) -> None:
    assert Settings(base_path=base_path).roots == roots


@pytest.mark.parametrize(("prefix", "pages"), [("/__mock", "/__mock"), ("/stub/", "/stub"), ("/a/b", "/a/b")])
def test_prefix_loses_its_last_slash(prefix: str, pages: str) -> None:
    assert Settings(prefix=prefix).pages == pages


@pytest.mark.parametrize(("redact", "redacted"), [((), ()), ("pin", ("pin",)), (["a", "b"], ("a", "b"))])
def test_one_or_several_names_are_redacted(redact: str | list[str], redacted: tuple[str, ...]) -> None:
    assert Settings(redact=redact).redacted == redacted


def test_settings_that_are_shown_have_no_secret() -> None:
    settings = Settings(seed=7, admin_token="secret", on_breach="warn")

    assert "secret" not in repr(settings)
    assert list(settings.shown.items()) == [
        ("source", "auto"),
        ("seed", "7"),
        ("locale", "en_US"),
        ("utc_offset", "+10:00"),
        ("on_breach", "warn"),
        ("model_state", "contract"),
        ("missing", "empty"),
        ("error_detail", False),
        ("refuse_unacceptable", False),
        ("strict", False),
        ("host_headers", True),
    ]


NOT_PLAIN = "is not a plain path. Write one such as"
SOURCES = "auto, fixtures, generated"


@pytest.mark.parametrize(
    ("name", "value", "finding"),
    [
        ("source", "fixture", f"'fixture' is not one of {SOURCES}; did you mean 'fixtures'?"),
        ("source", "x", f"'x' is not one of {SOURCES}."),
        ("on_breach", "warning", "'warning' is not one of refuse, warn; did you mean 'warn'?"),
        ("on_breach", "no", "'no' is not one of refuse, warn."),
        ("model_state", "Checked", "'Checked' is not one of contract, checked, ignored; did you mean 'checked'?"),
        ("missing", "nul", "'nul' is not one of empty, message, null; did you mean 'null'?"),
        ("base_path", "", f"'' {NOT_PLAIN} /API."),
        ("base_path", "API", f"'API' {NOT_PLAIN} /API."),
        ("base_path", ["/a", "/b c"], f"'/b c' {NOT_PLAIN} /API."),
        ("base_path", "//a", f"'//a' {NOT_PLAIN} /API."),
        ("base_path", "/a/../b", f"'/a/../b' {NOT_PLAIN} /API."),
        ("base_path", "/{id}", f"'/{{id}}' {NOT_PLAIN} /API."),
        ("base_path", "http://a/b", f"'http://a/b' {NOT_PLAIN} /API."),
        ("prefix", "mock", f"'mock' {NOT_PLAIN} /__mock."),
        ("prefix", "/", "'/' is where the API is. Write a path of its own, such as /__mock."),
        ("journal_entries", -1, "-1 is no whole number of 0 or more. Write one."),
        ("journal_bytes", "many", "'many' is no whole number of 0 or more. Write one."),
        ("admin_token", "", "This is blank or not printable ASCII. Choose another token."),
        ("admin_token", "two words", "This is blank or not printable ASCII. Choose another token."),
        ("admin_token", "ä", "This is blank or not printable ASCII. Choose another token."),
    ],
)
def test_wrong_value_is_refused_with_a_remedy(name: str, value: object, finding: str) -> None:
    given: dict[str, Any] = {name: value}

    with pytest.raises(StartError) as caught:
        Settings(**given)

    assert str(caught.value) == f"{name}: {finding}"
