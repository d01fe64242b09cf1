"""Problems of settings: each names what the user wrote: an option, a variable, a line or an argument."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import pytest

from mockserver import StartError, create_app
from tests.support.files import Write
from tests.support.process import invoke

pytestmark = pytest.mark.usefixtures("handlers_of_before")

NO_PATH: Final = "is not a plain path. Write one such as"
PORTS: Final = "is not a whole number from 0 to 65535."

ROWS: Final = (
    ("source", "fixture", "'fixture' is not one of auto, fixtures, generated; did you mean 'fixtures'?"),
    ("on_breach", "stop", "'stop' is not one of refuse, warn."),
    ("model_state", "x", "'x' is not one of contract, checked, ignored."),
    ("missing", "no", "'no' is not one of empty, message, null."),
    ("locale", "en_UX", "Faker has no locale 'en_UX'. Use one that it has, such as 'en_US'."),
    (
        "utc_offset",
        "+25:00",
        "'+25:00' is not an offset from UTC. Write +hh:mm or -hh:mm within -14:00 to +14:00, such as '+10:00'.",
    ),
    ("base_path", "API", f"'API' {NO_PATH} /API."),
    ("prefix", "mock", f"'mock' {NO_PATH} /__mock."),
    ("prefix", "/", "'/' is where the API is. Write a path of its own, such as /__mock."),
    ("prefix", "/API/Customers", "'/API/Customers' is where getCustomer is. Write a path of its own, such as /__mock."),
    ("admin_token", "ä", "This is blank or not printable ASCII. Choose another token."),
    ("fixtures", "none", "none: there is no such folder or file. Name the folder of the fixtures."),
)
"""Name, value, and finding with remedy of settings that `create_app` has too."""

PLAIN_CONTRACT: Final = """\
    openapi: 3.1.0
    info: {title: Plain, version: "1"}
    paths: {/all: {delete: {operationId: removeAll, responses: {"204": {description: Gone.}}}}}
    """

COMMANDS_ROWS: Final = (
    ("contract", "none", "'none' cannot be read: No such file or directory. Name an OpenAPI document."),
    ("contract", ".", "'.' is a folder. Name the OpenAPI document itself."),
    ("ready_file", "none/x", "'none/x' cannot be written: No such file or directory. Choose another file."),
    ("ready_file", ".", "'.' is there already, and is not a ready file, which holds a URL. Choose another file."),
    ("host", "two words", "'two words' is not known. Use localhost, or an address of this machine."),
    ("port", "x", f"'x' {PORTS}"),
    ("port", "65536", f"'65536' {PORTS}"),
    ("port", "-1", f"'-1' {PORTS}"),
    ("threads", "0", "'0' is not a whole number from 1 to 1000."),
    ("threads", "1.5", "'1.5' is not a whole number from 1 to 1000."),
    ("max_body", "-1", "'-1' is not a whole number of 0 or more."),
    ("max_target", "0", "'0' is not a whole number of 1 or more."),
)
"""The same of settings, or problems, that only commands have."""


IN_A_FILE: Final = {name for name, *_ in ROWS if name != "admin_token"} | {"contract", "ready_file", "host"}
"""The settings that are text in a settings file."""


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize(("name", "value", "told"), ROWS)
def test_argument_is_named(name: str, value: str, told: str) -> None:
    given: dict[str, Any] = {name: value}

    with pytest.raises(StartError) as caught:
        create_app(**given)

    assert str(caught.value) == f"{name}: {told}"


@pytest.mark.parametrize(("name", "value", "told"), [*ROWS, *COMMANDS_ROWS])
def test_option_is_named(name: str, value: str, told: str) -> None:
    option = f"--{name.replace('_', '-')}"

    assert invoke("serve", option, value) == (2, "", f"{option}: {told}\n")


@pytest.mark.parametrize(("name", "value", "told"), [*ROWS, *COMMANDS_ROWS])
def test_variable_is_named(name: str, value: str, told: str) -> None:
    variable = f"MOCKSERVER_{name.upper()}"

    assert invoke("serve", **{variable: value}) == (2, "", f"{variable}: {told}\n")


@pytest.mark.parametrize(("name", "value", "told"), [row for row in [*ROWS, *COMMANDS_ROWS] if row[0] in IN_A_FILE])
def test_line_of_the_settings_file_is_named(name: str, value: str, told: str, tmp_path: Path) -> None:
    (tmp_path / "mockserver.toml").write_text(f"# {value}\n{name} = '{value}'\n", encoding="utf-8")

    assert invoke("serve") == (2, "", f"mockserver.toml:2:1: {name}: {told}\n")


def test_switch_in_a_variable_is_named() -> None:
    told = "MOCKSERVER_STRICT: 'maybe' is not 1 or 0.\n"

    assert invoke("check", MOCKSERVER_STRICT="maybe") == (2, "", told)


def test_option_is_named_before_its_variable() -> None:
    ended = invoke("check", "--locale", "xx", MOCKSERVER_LOCALE="en_US")

    assert ended[2].startswith("--locale: ")


def test_several_base_paths_are_each_judged() -> None:
    assert invoke("serve", "--base-path", "/a", "--base-path", "b")[2] == f"--base-path: 'b' {NO_PATH} /API.\n"
    assert invoke("serve", MOCKSERVER_BASE_PATH="/a b")[2] == f"MOCKSERVER_BASE_PATH: 'b' {NO_PATH} /API.\n"


def test_missing_component_for_messages_is_told(write: Write) -> None:
    contract = write("plain.yaml", PLAIN_CONTRACT) / "plain.yaml"

    ended = invoke("check", "--contract", str(contract), "--missing", "message")

    finding = "'message' needs a component HttpError, which the contract lacks."
    assert ended == (2, "", f"--missing: {finding} Add that component, or choose empty or null.\n")
