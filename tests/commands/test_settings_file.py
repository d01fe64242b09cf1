"""The settings file: what it gives, what comes before it, and the place of everything wrong in it."""

from __future__ import annotations

from pathlib import Path

import pytest

from mockserver import create_app
from mockserver.commands.serve import serve
from mockserver.commands.settings_file import SettingsFile, read_settings_file
from mockserver.documents.problems import DocumentError
from tests.support.files import save
from tests.support.process import Serve, invoke

pytestmark = pytest.mark.usefixtures("handlers_of_before")

OWN = Path("mockserver.toml")
SHARED = Path("pyproject.toml")


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def find_problems() -> list[str]:
    with pytest.raises(DocumentError) as caught:
        read_settings_file(Path())
    return caught.value.lines


# What it gives


@pytest.mark.parametrize(
    ("file", "text"),
    [
        (OWN, 'base_path = ["/a", "/b"]\r\nseed = 7\r\nstrict = true\r\n'),
        (OWN, '\ufeffbase_path = ["/a", "/b"]\nseed = 7\nstrict = true'),
        (SHARED, '[project]\nname = "a"\n[tool.mockserver]\nbase_path = ["/a", "/b"]\nseed = 7\nstrict = true\n'),
        (SHARED, 'tool.mockserver = {base_path = ["/a", "/b"], seed = 7, strict = true}'),
    ],
)
def test_settings_are_read_from_either_file(file: Path, text: str) -> None:
    save(file, text)

    read = read_settings_file(Path())

    assert (read.name, dict(read.values)) == (file.name, {"base_path": ["/a", "/b"], "seed": 7, "strict": True})


@pytest.mark.parametrize("text", [None, "", "[project]\n", "tool = 3", "[tool.ruff]\nline-length = 120\n"])
def test_folder_without_settings_has_none(text: str | None) -> None:
    if text is not None:
        save(SHARED, text)

    assert read_settings_file(Path()) == SettingsFile()


def test_command_line_comes_first_then_variable_then_file() -> None:
    for number, name in enumerate("abc", 1):
        records = ", ".join(f"{{PersonalId: {name}{each}}}" for each in range(number))
        save(Path(f"{name}.yaml"), f"schema: Customer\nrecords: [{records}]")
    save(OWN, 'fixtures = "a.yaml"')

    told = [
        invoke("check")[1],
        invoke("check", MOCKSERVER_FIXTURES="b.yaml")[1],
        invoke("check", "--fixtures", "c.yaml", MOCKSERVER_FIXTURES="b.yaml")[1],
    ]

    counts = ("1 record", "2 records", "3 records")
    assert told == [f"No problems: 1 operation, {each} and 0 answers in 1 file.\n" for each in counts]


def test_file_is_named_in_the_start_table(serve: Serve) -> None:
    save(SHARED, '[tool.mockserver]\nbase_path = "/one"\nhost_headers = false\n')
    serving = serve()

    statuses = [serving.get(f"{path}/Customers/7")[0] for path in ("/one", "/API")]
    _, output, _ = serving.end()

    assert statuses == [200, 404]
    assert "\n  settings are read from pyproject.toml\nStop with Ctrl-C.\n" in output


def test_edges_are_those_of_the_contract_in_the_file() -> None:
    save(OWN, 'contract = "none.yaml"')

    told = "'none.yaml' cannot be read: No such file or directory. Name an OpenAPI document."
    assert invoke("edges") == (2, "", f"mockserver.toml:1:1: contract: {told}\n")


def test_application_reads_no_file() -> None:
    save(OWN, "strict = true\n[")

    health = create_app().test_client().get("/__mock/health").json

    assert health is not None
    assert health["strict"] is False


def test_help_and_completion_read_no_file() -> None:
    save(OWN, "[")

    assert invoke("serve", "--help")[0] == 0
    assert serve.make_context("serve", [], resilient_parsing=True).obj == SettingsFile()


# What is wrong


def test_every_problem_of_a_file_is_told() -> None:
    save(
        OWN,
        """\
# comment
prot = 3
admin_token = "secret"
  strict = "no"
base_path = [
  "/a",
  3,
]
"se\\u0065d" = 1.5
fixtures = '''
port = 3
'''
port = "x"
threads = 0
reload = 1
base-path = "/a"
zzz = 1
[serve]
port = 3
""",
    )

    assert invoke("check") == (
        2,
        "",
        """\
mockserver.toml:2:1: There is no setting 'prot'; did you mean 'port'?
mockserver.toml:3:1: admin_token: A secret has no place in this file. Set the variable MOCKSERVER_ADMIN_TOKEN instead.
mockserver.toml:4:3: strict: 'no' has the wrong type. Write true or false.
mockserver.toml:5:1: base_path: ["/a", 3] has the wrong type. Write text in quotes or a list of texts.
mockserver.toml:9:1: seed: 1.5 has the wrong type. Write text in quotes or a whole number.
mockserver.toml:13:1: port: 'x' has the wrong type. Write a whole number.
mockserver.toml:14:1: threads: 0 is not a whole number from 1 to 1000.
mockserver.toml:15:1: reload: 1 has the wrong type. Write true or false.
mockserver.toml:16:1: There is no setting 'base-path'; did you mean 'base_path'?
mockserver.toml:17:1: There is no setting 'zzz'. Remove it; `mockserver serve --help` lists the settings.
mockserver.toml:18:1: There is no setting 'serve'; did you mean 'server'?
""",
    )


def test_two_files_with_settings_are_refused() -> None:
    save(OWN, "")
    save(SHARED, "[project]\nname = 'a'\n\n[tool.mockserver]\nport = 1\n")

    assert find_problems() == [
        "pyproject.toml:4:1: Settings stand here and in mockserver.toml. Keep them in one of the two."
    ]


def test_settings_that_are_no_table_are_refused() -> None:
    save(SHARED, "[[tool.mockserver]]\nport = 1\n")

    assert find_problems() == ["pyproject.toml:1:1: This is not a table. Write settings below [tool.mockserver]."]


SYNTAX = "Check quotes, brackets and equals signs."


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"port = 1\nseed =", f"2:7: This is not TOML: invalid value. {SYNTAX}"),
        (b"port = 1\nport = 2", f"2:9: This is not TOML: cannot overwrite a value. {SYNTAX}"),
        (b"base_path = ['/a',\n", f"2:1: This is not TOML: invalid value. {SYNTAX}"),
        (b"seed = '\xff'", "1:9: Byte 0xFF is not UTF-8. Save the file as UTF-8."),
        (b"#" * 1_048_577, "1:1: The file has 1,048,577 bytes, the limit is 1,048,576. Split it."),
    ],
    ids=["value", "twice", "end", "encoding", "size"],
)
def test_text_that_is_not_toml_is_refused(content: bytes, told: str) -> None:
    save(OWN, content)

    assert find_problems() == [f"mockserver.toml:{told}"]


@pytest.mark.parametrize("content", ["seed = " + "[" * 100_000, "seed = " + "1" * 10_000], ids=["depth", "digits"])
def test_text_beyond_the_parser_is_refused(content: str) -> None:
    save(OWN, content)

    assert [line.partition(": ")[0] for line in find_problems()] == ["mockserver.toml:1:1"]


def test_folder_in_place_of_the_file_is_refused() -> None:
    OWN.mkdir()

    assert find_problems() == ["mockserver.toml:1:1: This is a folder. Put a file in its place."]


# Places


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("port = 1", "1:1"),
        ("# port = 2\n\n  port = 1\n", "3:3"),
        ("seed = '''\nport = 2\n'''\n'port' = 1", "4:1"),
        ('seed = """\\\nport = 2\n"""\n"p\\u006frt" = 1', "4:1"),
        ("base_path = [\n  # port = 2\n]\nport = 1\nseed = 1", "4:1"),
        ("port = 1 # a\nseed = '''\n\n'''", "1:1"),
        ("base_path = ['/a',\n'/b',\n'/c']\nport = 1", "4:1"),
        ("seed = 1\nport\t=\t1", "2:1"),
    ],
)
def test_place_is_where_a_setting_begins(text: str, place: str) -> None:
    assert str(SettingsFile("f", text).find_place("port")) == f"f:{place}"


@pytest.mark.parametrize(
    ("text", "table", "setting"),
    [
        ("[tool.mockserver]\nport = 1", "1:1", "2:1"),
        ("[project]\nport = 2\n[tool . 'mockserver']\n# port\nport = 1", "3:1", "5:1"),
        ("[tool]\n[tool.a]\nport = 2\n[tool.mockserver]\nseed = 1\nport = 1\n[tool.z]\nport = 3", "4:1", "6:1"),
        ("[tool]\nmockserver.seed = 1\nmockserver.port = 1", "2:1", "3:1"),
        ("tool.mockserver.port = 1\n", "1:1", "1:1"),
        ("[tool]\n mockserver = {seed = 1, port = 1}", "2:2", "2:2"),
    ],
)
def test_place_is_found_in_any_form_of_table(text: str, table: str, setting: str) -> None:
    file = SettingsFile("f", text, ("tool", "mockserver"))

    assert (str(file.find_place()), str(file.find_place("port"))) == (f"f:{table}", f"f:{setting}")
