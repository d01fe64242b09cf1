"""`mockserver init`: the starter that it writes, and the files that it leaves alone."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from mockserver.commands.serve_settings import describe_settings
from mockserver.commands.settings_file import read_settings_file
from mockserver.commands.starter import make_starter
from tests.support.files import save
from tests.support.process import Serve, invoke

pytestmark = pytest.mark.usefixtures("handlers_of_before")

SHIPPED = Path(__file__).parents[2] / "fixtures"
FILES = ["mockserver.toml", "fixtures/answers.yaml", "fixtures/customers.yaml"]


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def list_files() -> list[str]:
    return sorted(path.as_posix() for path in Path().rglob("*") if not path.is_dir())


@pytest.mark.parametrize(("folder", "shown"), [("mine", "mine"), ("new/my mock", "'new/my mock'")])
def test_starter_is_written_and_the_next_command_told(folder: str, shown: str) -> None:
    code, output, errors = invoke("init", folder)

    assert (code, errors) == (0, "")
    assert output.splitlines() == [
        *(f"Wrote {folder}/{name}" for name in FILES),
        "Next:",
        f"  cd {shown}",
        "  mockserver serve",
    ]
    assert list_files() == sorted(f"{folder}/{name}" for name in FILES)
    assert (Path(folder) / "fixtures/customers.yaml").read_bytes() == (SHIPPED / "customers.yaml").read_bytes()


def test_starter_in_the_current_folder_needs_no_other() -> None:
    save(Path("README.md"), "mine")

    assert invoke("init", ".")[1].endswith("\nNext:\n  mockserver serve\n")
    assert Path("README.md").read_text() == "mine"


def test_starter_is_served_by_the_next_command(serve: Serve) -> None:
    invoke("init", ".")
    customers = Path("fixtures/customers.yaml")
    customers.write_text(customers.read_text(encoding="utf-8").replace("Dana", "Eva"), encoding="utf-8")

    checked = invoke("check")
    serving = serve()
    source = serving.get("/Customers/100200300")[1]
    _, output, _ = serving.end()

    assert (checked[0], checked[2], source) == (0, "", "record fixtures/customers.yaml:7")
    assert "\n  settings are read from mockserver.toml\n" in output


@pytest.mark.parametrize("name", FILES)
def test_file_is_never_overwritten(name: str) -> None:
    path = Path("mine", name)
    save(path, "kept")

    code, output, errors = invoke("init", "mine")

    finding = "This is there already, and nothing was written. Name another folder, or move it away."
    assert (code, output, errors) == (2, "", f"{path}: {finding}\n")
    assert (path.read_text(), list_files()) == ("kept", [str(path)])


def test_every_file_that_is_there_is_named() -> None:
    invoke("init", "mine")
    Path("mine/mockserver.toml").unlink()
    Path("mine/mockserver.toml").symlink_to("nowhere")

    errors = invoke("init", "mine")[2]

    assert [line.partition(":")[0] for line in errors.splitlines()] == sorted(f"mine/{name}" for name in FILES)


@pytest.mark.parametrize(
    ("taken", "told"),
    [
        ("mine", "mine: this cannot be written: File exists. Name another folder."),
        ("mine/fixtures", "mine/fixtures: this cannot be written: File exists. Name another folder."),
    ],
)
def test_file_in_place_of_a_folder_is_told(taken: str, told: str) -> None:
    save(Path(taken), "kept")

    assert invoke("init", "mine") == (2, "", f"{told}\n")
    assert list_files() == [taken]


def test_settings_file_sets_the_fixtures_alone() -> None:
    assert tomllib.loads(make_starter()["mockserver.toml"].decode()) == {"fixtures": "fixtures"}


def test_settings_file_shows_every_default() -> None:
    text = make_starter()["mockserver.toml"].decode()
    save(Path("mockserver.toml"), re.sub("^#(?=[a-z])", "", text, flags=re.MULTILINE))

    written = read_settings_file(Path()).values

    described = describe_settings()
    defaults = {name: each.default for name, each in described.items() if each.default is not None}
    shown = {name: tuple(value) if isinstance(value, list) else value for name, value in written.items()}
    assert written.keys() == described.keys() - {"admin_token"}
    assert shown.items() >= defaults.items()
    assert "set the variable MOCKSERVER_ADMIN_TOKEN." in text
