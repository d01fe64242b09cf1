"""`mockserver check`: what is wrong, line by line, and the exit code that says so."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from mockserver import StartError, create_app
from tests.support.files import Write
from tests.support.process import invoke, run

pytestmark = pytest.mark.usefixtures("handlers_of_before")

ANSWER = "answers: [{name: one, operation: getCustomer, when: {id: a}, reply: {%s}}]"
HTML = ANSWER % "headers: {Content-Type: text/html}"


@pytest.fixture
def folder(write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder with a broken contract and two files of fixtures that have four problems."""
    write("broken.txt", "openapi: 2.0")
    write("a.yaml", "schema: Customer\nrecords: [{PersonalId: a, Sex: 3}]")
    write("b.yaml", "schema: Customer\nrecords: [{PersonalId: 7}, {Personalid: b}]")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_clean_files_are_counted(write: Write) -> None:
    fixtures = write("customers.yaml", "schema: Customer\nrecords: [{PersonalId: a}, {PersonalId: b}]")

    ended = invoke("check", "--fixtures", str(fixtures))

    assert ended == (0, "No problems: 1 operation, 2 records and 0 answers in 1 file.\n", "")


def test_shipped_files_are_checked_from_any_folder(tmp_path: Path) -> None:
    code, output, errors = run("check", folder=tmp_path)

    assert (code, errors) == (0, "")
    assert re.fullmatch(r"No problems: 1 operation, \d+ records and \d+ answers in 2 files\.\n", output)


def test_every_problem_is_a_line(folder: Path) -> None:
    with pytest.raises(StartError) as caught:
        create_app(fixtures="files")

    ended = run("check", "--fixtures", "files", folder=folder)

    assert [line.split(":")[0] for line in str(caught.value).splitlines()] == ["files/a.yaml"] + ["files/b.yaml"] * 3
    assert ended == (1, f"{caught.value}\n4 problems.\n", "")


def test_contract_and_variables_are_checked(folder: Path) -> None:
    contract = invoke("check", "--contract", "files/broken.txt")
    fixtures = invoke("check", MOCKSERVER_FIXTURES="files/a.yaml", MOCKSERVER_PORT="x")

    assert (contract[0], contract[1].partition(":")[0], contract[2]) == (1, "files/broken.txt", "")
    assert (fixtures[0], fixtures[1].splitlines()[-1], fixtures[2]) == (1, "1 problem.", "")


@pytest.mark.parametrize(
    ("text", "place"),
    [
        (f"schema: Customer\nrecords: [{{PersonalId: a}}]\n{HTML}", "all.yaml:2:1"),
        (HTML.replace("when: {id: a}", "when: {}"), "openapi.yaml:1:1"),
    ],
    ids=["record", "example"],
)
def test_records_and_examples_are_asked_for(text: str, place: str, write: Write) -> None:
    code, output, errors = invoke("check", "--fixtures", str(write("all.yaml", text)))

    assert (code, errors) == (1, "")
    assert re.match(rf".*{place}: getCustomer 200: Content-Type is 'text/html'", output)


@pytest.mark.parametrize(("missing", "expected"), [("empty", 1), ("message", 0)])
def test_fixtures_are_checked_against_the_chosen_host(missing: str, expected: int, write: Write) -> None:
    fixtures = write("a.yaml", ANSWER % "status: 404, body: {Message: gone}")

    assert invoke("check", "--fixtures", str(fixtures), "--missing", missing)[0] == expected


def test_escapes_in_a_problem_are_harmless(write: Write) -> None:
    fixtures = write("customers.yaml", r'{schema: Customer, records: [{PersonalId: a, "\e[31mred\nb": 1}]}')

    code, output, _ = invoke("check", "--fixtures", str(fixtures))

    problem, number = output.splitlines()
    assert (code, number, "\x1b" in problem) == (1, "1 problem.", False)
    assert invoke("serve", "--fixtures", str(fixtures)) == (2, "", f"{problem}\n")


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--contract", "none.yaml"), "--contract: 'none.yaml' cannot be read: No such file or directory."),
        (("--contract", "files"), "--contract: 'files' is a folder."),
        (("--fixtures", "none"), "--fixtures: none: there is no such folder or file."),
        (("--locale", "xx_YY"), "--locale: Faker has no locale 'xx_YY'."),
        (("--utc-offset", "+25:00"), "--utc-offset: '+25:00' is not an offset from UTC."),
    ],
)
def test_input_that_cannot_be_checked_is_wrong_usage(options: tuple[str, ...], told: str, folder: Path) -> None:
    code, output, errors = invoke("check", *options)

    assert (code, output, errors.startswith(told), errors.count("\n")) == (2, "", True, 1)


def test_real_command_ends_with_2(tmp_path: Path) -> None:
    code, output, errors = run("check", "--contract", "none.yaml", folder=tmp_path)

    assert (code, output, errors.partition(":")[0]) == (2, "", "--contract")


def test_warning_of_the_contract_is_shown(write: Write) -> None:
    shipped = (Path(__file__).parents[2] / "openapi.yaml").read_text(encoding="utf-8")
    written = shipped.replace("  schemas:\n", "  schemas:\n    Unused: {pattern: '(.)\\1'}\n")
    contract = write("openapi.yaml", written) / "openapi.yaml"

    code, output, errors = invoke("check", "--contract", str(contract))

    assert (code, output[:12]) == (0, "No problems:")
    assert errors.startswith(f"WARNING: {contract}:")
    assert "This pattern cannot be read: ECMAScript has no \\1" in errors


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        (
            "        Sex: 2\n",
            "        Sex: 64\n",
            "Sex is 64, the contract allows 0 to 2. Change the example or the contract.",
        ),
        (
            "            default: 0\n",
            "            default: none\n",
            "The default of idType is 'none', which is not of type integer int32. Change one of the two.",
        ),
        (
            "value: 1\n",
            "value: one\n",
            "The example found of idType is 'one', which is not of type integer int32. Change one of the two.",
        ),
    ],
)
def test_example_or_default_that_does_not_fit_is_named(old: str, new: str, problem: str, write: Write) -> None:
    shipped = (Path(__file__).parents[2] / "openapi.yaml").read_text(encoding="utf-8")
    before, found, after = shipped.partition(old)
    contract = write("openapi.yaml", before + new + after) / "openapi.yaml"

    code, output, _ = invoke("check", "--contract", str(contract))

    line = before.count("\n") + 1
    assert (code, bool(found), output.splitlines()[0].startswith(f"{contract}:{line}:")) == (1, True, True)
    assert output.splitlines()[0].endswith(problem)
