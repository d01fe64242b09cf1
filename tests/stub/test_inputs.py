"""The files that a stub is made of: in a checkout, in a wheel, and those that the settings name."""

from __future__ import annotations

from pathlib import Path

import pytest

from mockserver import StartError
from mockserver.stub import inputs
from mockserver.stub.inputs import Input, locate_contract, locate_inputs, require_contract
from mockserver.stub.settings import Settings

ROOT = Path(__file__).parents[2]


def test_shipped_files_are_found_from_any_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)

    assert locate_contract(None) == Input(ROOT / "openapi.yaml", "openapi.yaml")
    assert locate_inputs(Settings()) == (ROOT / "openapi.yaml", ROOT / "fixtures")


def test_files_shipped_inside_the_package_come_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shipped = tmp_path / "mockserver" / "shipped" / "openapi.yaml"
    shipped.parent.mkdir(parents=True)
    shipped.touch()
    monkeypatch.setattr(inputs, "__file__", str(tmp_path / "mockserver" / "stub" / "inputs.py"))

    assert locate_inputs(Settings()) == (shipped, tmp_path / "fixtures")


def test_given_files_are_called_as_they_were_named() -> None:
    assert locate_inputs(Settings(contract="a.yaml", fixtures=Path("b"))) == (Path("a.yaml"), Path("b"))
    assert locate_contract("./a.yaml") == Input(Path("a.yaml"), "a.yaml")


@pytest.mark.parametrize(
    ("name", "finding"),
    [
        ("none.yaml", "'none.yaml' cannot be read: No such file or directory. Name an OpenAPI document."),
        (".", "'.' is a folder. Name the OpenAPI document itself."),
    ],
)
def test_contract_that_is_not_a_file_is_refused(
    name: str, finding: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    with pytest.raises(StartError) as caught:
        require_contract(name)

    assert str(caught.value) == f"contract: {finding}"


def test_file_is_left_to_the_reader_of_contracts(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    file.touch()

    assert [require_contract(each) for each in (file, None)] == [None, None]  # type: ignore[func-returns-value]  # it raises nothing
