"""Options, and the variables of the environment that stand in for them."""

from __future__ import annotations

import json
import re
import shutil
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import click
import pytest

from mockserver import create_app
from mockserver.commands.main import import_command, main
from mockserver.server.limits import Limits
from tests.support.files import Write
from tests.support.process import SECONDS, Serve, invoke

pytestmark = pytest.mark.usefixtures("handlers_of_before")

CONTRACT = Path(__file__).parents[2] / "openapi.yaml"
OPTIONS = {option.opts[0]: option for option in import_command("serve").params if isinstance(option, click.Option)}
HOST = ("--model-state", "--missing", "--error-detail", "--refuse-unacceptable", "--strict", "--host-headers")
INPUTS = ("--contract", "--fixtures", "--source", "--seed", "--locale", "--utc-offset")


def test_variable_is_named_after_its_option() -> None:
    names = {name: option.envvar for name, option in OPTIONS.items()}

    assert names == {name: f"MOCKSERVER_{name[2:].upper().replace('-', '_')}" for name in names}


def test_each_command_takes_the_options_that_it_needs() -> None:
    taken = {name: [option.opts[0] for option in import_command(name).params] for name in main.commands}

    assert taken["edges"] == ["--contract"]
    assert taken["generate"][-5:] == ["--contract", "--seed", "--locale", "--utc-offset", "--model-state"]
    assert taken["check"] == [*INPUTS, *HOST]
    assert set(taken["serve"]) > {*INPUTS, *HOST}


@pytest.mark.parametrize("command", ["serve", "check", "edges"])
def test_help_names_every_option_and_variable(command: str) -> None:
    code, output, errors = invoke(command, "--help")

    options = [each for each in import_command(command).params if isinstance(each, click.Option)]
    names = {name for each in options for name in (*each.opts, *each.secondary_opts, str(each.envvar))}
    told = re.findall(r"--[a-z-]+|MOCKSERVER_[A-Z_]+", output.partition("What is served:")[2])
    assert (code, errors) == (0, "")
    assert set(told) == {
        *names,
        "--help",
    }


def test_help_has_a_heading_for_each_group() -> None:
    _, output, _ = invoke("serve", "--help")

    _, *parts = re.split(r"^(\S.+):$", output, flags=re.MULTILINE)
    listed = [re.findall(r"^  (?:-h, )?--([a-z-]+)", text, re.MULTILINE) for text in parts[1::2]]
    assert list(zip(parts[::2], listed, strict=True)) == [
        ("What is served", ["contract", "fixtures", "source", "seed", "locale", "utc-offset", "reload"]),
        ("How it answers", ["on-breach", *(name[2:] for name in HOST), "cors", "cache"]),
        ("Where it listens", ["base-path", "prefix", "host", "port", "server", "end-with-input"]),
        ("Who may change it", ["admin-token", "admin-local"]),
        ("What it remembers", ["redact", "journal-entries", "journal-bytes"]),
        ("What it shows", ["ready-file", "quiet"]),
        ("Limits", ["threads", "connections", "max-target", "max-headers", "max-body"]),
        ("Options", ["help"]),
    ]


@pytest.mark.parametrize(
    "shown",
    [
        "[env var: MOCKSERVER_CONTRACT; default: (the shipped one)]",
        "--source [auto|fixtures|generated]",
        "--port NUMBER",
        "[env var: MOCKSERVER_BASE_PATH; default: (the contract's servers)]",
        "Accept integers in plain decimal only. [env var: MOCKSERVER_STRICT]",
        "[env var: MOCKSERVER_CORS; default: cors]",
        f"[env var: MOCKSERVER_THREADS; default: {Limits().threads}; 1<=x<=1000]",
        "--ready-file FILE",
    ],
)
def test_help_shows_choices_ranges_and_defaults(shown: str) -> None:
    _, output, _ = invoke("serve", "--help")

    assert shown in " ".join(output.split())


@pytest.mark.parametrize("server", ["waitress", "granian"])
def test_every_option_is_a_variable(server: str, serve: Serve, tmp_path: Path, write: Write) -> None:
    if server == "granian":
        pytest.importorskip("granian")
    fixtures = write("customers.yaml", "schema: Customer\nrecords: [{PersonalId: a, Sex: 3}]")
    settings = {"source": "fixtures", "seed": "7", "on_breach": "warn", "model_state": "checked", "missing": "null"}
    variables = {
        "HOST": "localhost",
        "PORT": "0",
        "SERVER": server,
        "THREADS": "2",
        "CONNECTIONS": "9",
        "MAX_TARGET": "80",
        "MAX_HEADERS": "300",
        "MAX_BODY": "3",
        "CONTRACT": str(shutil.copy(CONTRACT, tmp_path / "contract.yaml")),
        "FIXTURES": str(fixtures),
        "LOCALE": "de_DE",
        "UTC_OFFSET": "-03:30",
        "BASE_PATH": "/one /two",
        "PREFIX": "/stub",
        "READY_FILE": "ready",
        "QUIET": "1",
        "ERROR_DETAIL": "1",
        "REFUSE_UNACCEPTABLE": "1",
        "STRICT": "1",
        "HOST_HEADERS": "0",
        "CORS": "0",
        "CACHE": "0",
        "RELOAD": "0",
        "END_WITH_INPUT": "0",
        "ADMIN_TOKEN": "secret",
        "ADMIN_LOCAL": "1",
        "REDACT": "one two",
        "JOURNAL_ENTRIES": "10",
        "JOURNAL_BYTES": "10000",
        **{name.upper(): value for name, value in settings.items()},
    }
    serving = serve(**{f"MOCKSERVER_{name}": value for name, value in variables.items()})

    def ask(target: str, method: str = "GET", body: bytes = b"", **headers: str) -> tuple[int, bytes, Any]:
        with closing(HTTPConnection(serving.url.removeprefix("http://"), timeout=SECONDS)) as client:
            client.request(method, target, body, headers)
            response = client.getresponse()
            return response.status, response.read(), response.headers

    health = json.loads(ask("/stub/health")[1])
    customer = ask("/two/Customers/a")[1]
    refused, _, headers = ask("/two/Customers/a?idType=0x1", Origin="http://page.example")
    limited = ask("/two/Customers/a", body=b"four")[0]
    tokens = ("Bearer other", "Bearer secret")
    changed = [ask("/stub/defaults", "PUT", b"{}", Host="mock.example", Authorization=each)[0] for each in tokens]
    changed.append(ask("/stub/defaults", "PUT", b"{}")[0])
    given: dict[str, Any] = {"fixtures": fixtures, "locale": "de_DE", "utc_offset": "-03:30", **settings}

    assert {option.envvar for option in OPTIONS.values()} == {f"MOCKSERVER_{name}" for name in variables}
    assert health.items() >= {**settings, "records": 1}.items()
    assert customer == create_app(**given).test_client().get("/Customers/a").data
    assert (refused, headers["Pragma"], headers["Vary"]) == (400, None, "Prefer")
    assert (limited, changed) == (413, [403, 200, 200])
    assert serving.url.startswith("http://localhost:")
    assert (tmp_path / "ready").read_text() == f"{serving.url}\n"
    assert serving.end()[:2] == (0, "")


def test_option_comes_before_its_variable(serve: Serve) -> None:
    serving = serve("--source", "fixtures", MOCKSERVER_SOURCE="generated", MOCKSERVER_ADMIN_TOKEN="")

    # A blank variable is not set: a blank token would have stopped the start.
    assert serving.get("/Customers/7") == (404, "no record")


def test_base_path_is_repeatable(serve: Serve) -> None:
    serving = serve("--base-path", "/one", "--base-path", "/two/three")

    paths = ("/one", "/two/three", "/API", "")
    assert [serving.get(f"{path}/Customers/7")[0] for path in paths] == [200, 200, 404, 404]


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (("serve", "files"), "'files' belongs to no option. For fixtures, write --fixtures files."),
        (("check", "--seed", "3", "a", "b"), "'a' belongs to no option. For fixtures, write --fixtures a."),
    ],
)
def test_wrong_usage_is_told(given: tuple[str, ...], told: str) -> None:
    code, output, errors = invoke(*given)

    assert (code, output, errors.splitlines()[-1]) == (2, "", f"Error: {told}")
