"""The command as a user types it: most of it in a process of its own, where its signals and streams are real."""

from __future__ import annotations

import json
import os
import re
import runpy
import shutil
import signal
import socket
import sys
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from time import monotonic
from typing import Self

import click
import pytest

from mockserver import create_app
from mockserver.commands.main import main
from mockserver.documents.problems import StartError
from mockserver.server.serving import FINISH_SECONDS, Server
from mockserver.version import __version__
from tests.support.process import COMMAND, SECONDS, Serve, Serving, connect, invoke, is_refused, run

pytestmark = pytest.mark.usefixtures("handlers_of_before")

Write = Callable[[str, str], Path]

CONTRACT = Path(__file__).parents[2] / "openapi.yaml"
OPTIONS = {option.opts[0]: option for option in main.commands["serve"].params if isinstance(option, click.Option)}

has_signals = pytest.mark.skipif(os.name == "nt", reason="Windows ends other processes without a signal")

TELL_FILES = """\
import os, sys
def tell(event, args):
    if event in ("open", "os.rename") and isinstance(args[0], str) and args[0].removeprefix(".").startswith("ready"):
        os.write(2, f"{event} {args[0]} {args[1]}\\n".encode())
sys.addaudithook(tell)
from mockserver.commands.main import main
main()
"""
"""The command, telling on standard error how it writes its ready file."""

RED = r'answers: [{name: "\e[31mred", operation: getCustomer, when: {id: red}, reply: {status: 404}}]'
HEBREW = "answers: [{name: דנה, operation: getCustomer, when: {id: dana}, reply: {status: 404}}]"
BAD_SEX = "schema: Customer\nrecords: [{PersonalId: a, Sex: 3}]"
BIG = "x" * 8_000_000


def hide_times(output: str) -> list[str]:
    """The lines of requests with their time and milliseconds, if well-formed, replaced."""
    return [re.sub(r"^\d\d:\d\d:\d\d (.*) \d+\.\d ms$", r"TIME \1 MS", line) for line in output.splitlines()]


# Starting and serving


def test_serve_shows_url_then_table_then_a_line_for_each_request(serve: Serve) -> None:
    serving = serve()
    targets = ("/Customers/100200300", "/API/Customers/1?idType=abc", "/Customers/not-found", "/Customers/7", "/x")
    answers = [(target, *serving.get(target)) for target in targets]

    code, output, errors = serving.end()

    table, lines = output.split("Stop with Ctrl-C.\n")
    assert (code, errors) == (0, "")
    assert re.fullmatch(
        rf"mockserver {__version__} serves Q-Flow Customers at http://127\.0\.0\.1:[1-9]\d*\n", serving.start
    )
    assert table.splitlines()[0] == "  GET /API/Customers/{id} and /Customers/{id}"
    assert [(status, source.split(":")[0]) for _, status, source in answers] == [
        (200, "record fixtures/customers.yaml"),
        (400, "framework"),
        (404, "answer not-found fixtures/answers.yaml"),
        (200, "generated"),
        (404, "framework"),
    ]
    assert hide_times(lines) == [f"TIME GET {target} {status} {source} MS" for target, status, source in answers]


def test_links_of_the_start_table_work(serve: Serve) -> None:
    serving = serve()
    assert serving.process.stdout is not None
    table = iter(serving.process.stdout.readline, "Stop with Ctrl-C.\n")
    links = [line.split()[-1].removeprefix(serving.url) for line in table if "http://" in line]

    assert [serving.get(link)[0] for link in links] == [200, 200, 404, 404, 500, 200]


@pytest.mark.parametrize("command", [COMMAND, ("mockserver",)], ids=["module", "script"])
def test_quiet_shows_the_url_alone(command: tuple[str, ...], serve: Serve) -> None:
    script = shutil.which(command[0], path=str(Path(sys.executable).parent))
    serving = serve("--quiet", command=(script or command[0], *command[1:]))
    answer = serving.get("/Customers/100200300")

    ended = serving.end()

    assert (answer[0], ended) == (200, (0, "", ""))


def test_ready_file_stands_while_requests_are_answered(serve: Serve, tmp_path: Path) -> None:
    ready_file = tmp_path / "ready"
    ready_file.write_text("http://127.0.0.1:1\n")

    serving = serve("--ready-file", "ready")

    assert ready_file.read_text() == f"{serving.url}\n"
    assert serving.get("/Customers/7")[0] == 200
    assert [path.name for path in tmp_path.iterdir()] == ["ready"]
    assert serving.end()[0] == 0
    assert list(tmp_path.iterdir()) == []


def test_ready_file_is_written_in_one_step(serve: Serve) -> None:
    serving = serve("--ready-file", "ready", command=(sys.executable, "-c", TELL_FILES))

    _, _, told = serving.end()

    draft = f".ready.{serving.process.pid}"
    assert told.splitlines() == [f"open {draft} w", f"os.rename {draft} ready"]


@pytest.mark.skipif(os.name != "posix", reason="only POSIX limits what a process writes")
def test_ready_file_that_cannot_be_written_leaves_nothing(tmp_path: Path) -> None:
    limited = ("sh", "-c", 'ulimit -f 0; exec "$0" "$@"', *COMMAND)

    ended = run("serve", "--port", "0", "--ready-file", "ready", folder=tmp_path, command=limited)

    assert ended == (2, "", "ready: the ready file cannot be written: File too large. Choose another.\n")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(os.name != "posix", reason="only POSIX has a mode for others")
def test_ready_file_can_be_read_by_whom_the_umask_lets(serve: Serve, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.touch()

    serve("--ready-file", "ready")

    assert (tmp_path / "ready").stat().st_mode == other.stat().st_mode


def test_stale_ready_file_is_gone_when_the_start_fails(tmp_path: Path) -> None:
    (tmp_path / "ready").write_text("http://127.0.0.1:1\n")

    code, output, _ = run("serve", "--ready-file", "ready", "--locale", "xx", folder=tmp_path)

    assert (code, output, list(tmp_path.iterdir())) == (2, "", [])


def test_every_option_is_a_variable(serve: Serve, tmp_path: Path, write: Write) -> None:
    fixtures = write("customers.yaml", BAD_SEX)
    settings = {"source": "fixtures", "seed": "7", "on_breach": "warn", "model_state": "checked", "missing": "null"}
    variables = {
        "HOST": "localhost",
        "PORT": "0",
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
        "RELOAD": "0",
        "ADMIN_TOKEN": "secret",
        **{name.upper(): value for name, value in settings.items()},
    }
    serving = serve(**{f"MOCKSERVER_{name}": value for name, value in variables.items()})

    with closing(HTTPConnection(serving.url.removeprefix("http://"), timeout=SECONDS)) as client:
        client.request("GET", "/stub/health")
        health = json.load(client.getresponse())
        client.request("GET", "/two/Customers/a")
        customer = client.getresponse().read()
        client.request("GET", "/two/Customers/a?idType=0x1", headers={"Origin": "http://page.example"})
        refused = client.getresponse()
        refused.read()
        client.request("GET", "/two/Customers/a", body=b"four")
        limited = client.getresponse()
    app = create_app(fixtures=fixtures, locale="de_DE", utc_offset="-03:30", **settings)  # type: ignore[arg-type]  # they are texts

    assert {option.envvar for option in OPTIONS.values()} == {f"MOCKSERVER_{name}" for name in variables}
    assert health.items() >= {**settings, "records": 1}.items()
    assert customer == app.test_client().get("/Customers/a").data
    assert (refused.status, refused.getheader("Pragma"), refused.getheader("Vary")) == (400, None, None)
    assert limited.status == 413
    assert serving.url.startswith("http://localhost:")
    assert (tmp_path / "ready").read_text() == f"{serving.url}\n"
    assert serving.end()[:2] == (0, "")


def test_variable_has_the_name_of_its_option() -> None:
    names = {name: option.envvar for name, option in OPTIONS.items()}

    assert names == {name: f"MOCKSERVER_{name[2:].upper().replace('-', '_')}" for name in names}


def test_option_comes_before_its_variable(serve: Serve) -> None:
    serving = serve("--source", "fixtures", MOCKSERVER_SOURCE="generated")

    assert serving.get("/Customers/7") == (404, "no record")


def test_base_path_is_repeatable_and_replaces_both_roots(serve: Serve) -> None:
    serving = serve("--base-path", "/one", "--base-path", "/two/three")

    paths = ("/one", "/two/three", "/API", "")
    assert [serving.get(f"{path}/Customers/7")[0] for path in paths] == [200, 200, 404, 404]


@pytest.mark.parametrize(
    ("host", "shown"),
    [
        ("0.0.0.0", "127.0.0.1"),
        pytest.param("::1", "[::1]", marks=pytest.mark.skipif(not socket.has_ipv6, reason="there is no IPv6 here")),
    ],
)
def test_url_of_any_host_can_be_asked(host: str, shown: str, serve: Serve) -> None:
    serving = serve("--host", host)

    assert serving.url.startswith(f"http://{shown}:")
    assert serving.get("/Customers/7")[0] == 200


def test_breaches_are_warned_of_at_the_start(serve: Serve, write: Write) -> None:
    fixtures = write("customers.yaml", BAD_SEX)
    serving = serve("--quiet", "--on-breach", "warn", "--fixtures", str(fixtures))
    status, _ = serving.get("/Customers/a")

    code, _, errors = serving.end()

    place = f"{fixtures / 'customers.yaml'}:2:32"
    assert (code, status) == (0, 200)
    assert errors == f"WARNING: {place}: Sex is 3, the contract allows 0 to 2. Change the record or the contract.\n"


def test_burst_of_requests_leaves_the_terminal_in_peace(serve: Serve) -> None:
    serving = serve()

    with ThreadPoolExecutor(40) as pool:
        statuses = set(pool.map(lambda number: serving.get(f"/Customers/{number}")[0], range(200)))
    code, output, errors = serving.end()

    lines = hide_times(output.split("Stop with Ctrl-C.\n")[1])
    assert (code, statuses, errors) == (0, {200}, "")
    assert sorted(lines) == sorted(f"TIME GET /Customers/{number} 200 generated MS" for number in range(200))


def test_breach_at_run_time_is_one_line_on_standard_error(serve: Serve, write: Write) -> None:
    answer = "{name: bad, operation: getCustomer, when: {id: b}, reply: {headers: {Content-Type: text/html}}}"
    serving = serve("--quiet", "--fixtures", str(write("answers.yaml", f"answers: [{answer}]")))
    status, _ = serving.get("/Customers/b")

    _, output, errors = serving.end()

    assert (status, output) == (500, "")
    assert re.fullmatch(r"ERROR: getCustomer 200: .*\n", errors)


def test_escapes_never_reach_the_terminal(serve: Serve, write: Write) -> None:
    serving = serve("--fixtures", str(write("answers.yaml", RED)))
    serving.get("/Customers/red")
    texts = (
        b"\x1b[31m",
        b"%1b[31m",
        b"a\rb",
        b"a\nb",
        b"a\r\nb",
        b"%0d%0a",
        b"\xc2\x9b1m",
        b"\x9b",
        b"\x7f\b",
        b"\xd7\x90",
    )
    starts = (b"G%sT / HTTP/1.1", b"GET /%s HTTP/1.1", b"GET / HTTP/1.1\r\nX: %s", b"GET / %s")
    for sent in (start % text for start in starts for text in texts):
        with serving.connect() as connection:
            connection.sendall(sent + b"\r\nHost: x\r\nConnection: close\r\n\r\n")
            assert connection.makefile("rb").read().startswith(b"HTTP/1.")

    _, output, errors = serving.end()

    assert (errors, re.sub("[ -~\n]", "", output)) == ("", "")
    assert all(line.endswith(" MS") for line in hide_times(output.partition("Stop with Ctrl-C.\n")[2]))
    assert f"    \\x1b[31mred  {serving.url}/API/Customers/red" in output.splitlines()
    assert "TIME GET /Customers/red 404 answer \\x1b[31mred files/answers.yaml:1 MS" in hide_times(output)
    assert {"TIME GET /%1b[31m 404 framework MS", "TIME GET /\\x1b[31m 404 framework MS"} <= {*hide_times(output)}


def test_closed_output_does_not_break_answers(serve: Serve) -> None:
    serving = serve()
    assert serving.process.stdout is not None
    serving.process.stdout.close()

    statuses = [serving.get("/Customers/7")[0] for _ in range(3)]
    serving.process.send_signal(signal.SIGTERM)

    assert statuses == [200, 200, 200]
    assert serving.process.wait(SECONDS) == 0
    assert serving.process.stderr is not None
    assert serving.process.stderr.read() == ""


@pytest.mark.parametrize(
    ("encoding", "shown"), [("latin-1", r"\u05d3\u05e0\u05d4"), ("cp1255", "דנה"), ("utf-8", "דנה")]
)
def test_output_of_any_encoding_shows_every_name(encoding: str, shown: str, serve: Serve, write: Write) -> None:
    serving = serve("--fixtures", str(write("answers.yaml", HEBREW)), PYTHONIOENCODING=encoding)
    status, _ = serving.get("/Customers/dana")

    code, output, _ = serving.end()

    assert (code, status) == (0, 404)
    assert f"TIME GET /Customers/dana 404 answer {shown} files/answers.yaml:1 MS" in hide_times(output)


# Ending


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_signal_finishes_an_answer_that_is_half_read(number: int, serve: Serve, write: Write, tmp_path: Path) -> None:
    reply = f"{{status: 418, headers: {{Content-Type: text/plain}}, text: {BIG}}}"
    answer = f"{{name: big, operation: getCustomer, when: {{id: big}}, unchecked: true, reply: {reply}}}"
    fixtures = write("answers.yaml", f"answers: [{answer}]")
    serving = serve("--quiet", "--ready-file", "ready", "--fixtures", str(fixtures))

    with serving.connect() as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65536)
        connection.sendall(b"GET /Customers/big HTTP/1.1\r\nHost: x\r\n\r\n")
        response = HTTPResponse(connection)
        response.begin()
        serving.process.send_signal(number)
        assert serving.is_refused()
        body = response.read()

    assert body == BIG.encode()
    assert serving.wait() == (0, "", "")
    assert not (tmp_path / "ready").exists()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_signal_ends_at_once_beside_idle_connections(number: int, serve: Serve) -> None:
    serving = serve("--quiet")

    with serving.connect(), closing(HTTPConnection(serving.url.removeprefix("http://"), timeout=SECONDS)) as kept:
        kept.request("GET", "/Customers/7")
        kept.getresponse().read()
        signalled = monotonic()
        ended = serving.end(number)
        seconds = monotonic() - signalled

    assert ended == (0, "", "")
    assert seconds < FINISH_SECONDS


def test_signal_right_after_the_url_is_obeyed(serve: Serve, tmp_path: Path) -> None:
    serving = serve("--ready-file", "ready")

    code, _, errors = serving.end()

    assert (code, errors) == (0, "")
    assert list(tmp_path.iterdir()) == []


def test_signal_cuts_a_request_that_never_ends(serve: Serve) -> None:
    serving = serve("--quiet")

    with serving.connect() as connection:
        connection.sendall(b"GET /Customers/7 HTTP/1.1\r\n")
        serving.get("/Customers/7")
        signalled = monotonic()
        ended = serving.end()
        seconds = monotonic() - signalled

    assert ended == (0, "", "")
    assert FINISH_SECONDS <= seconds < FINISH_SECONDS + 2


def test_second_signal_ends_at_once(serve: Serve, tmp_path: Path) -> None:
    serving = serve("--quiet", "--ready-file", "ready")

    with serving.connect() as connection:
        connection.sendall(b"GET /Customers/7 HTTP/1.1\r\n")
        serving.get("/Customers/7")
        signalled = monotonic()
        serving.process.send_signal(signal.SIGTERM)
        assert serving.is_refused()
        ended = serving.end()
        seconds = monotonic() - signalled

    assert ended == (0, "", "")
    assert seconds < FINISH_SECONDS
    assert list(tmp_path.iterdir()) == []


# The same in this process, where coverage is measured


class Caller:
    """A user of a server that runs in this process: reads the URL from its output, then acts in a thread."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, act: Callable[[str], None]) -> None:
        reading, writing = os.pipe()
        self.read = os.fdopen(reading, encoding="utf-8")
        self.written = os.fdopen(writing, "w", encoding="utf-8")
        self.act = act
        self.thread = threading.Thread(target=self.run)
        monkeypatch.setattr(sys, "stdout", self.written)

    def run(self) -> None:
        self.act(self.read.readline().split()[-1])

    def __enter__(self) -> Self:
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.thread.join(SECONDS)
        self.written.close()
        self.read.close()
        assert not self.thread.is_alive()


@has_signals
def test_serve_answers_until_a_signal(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, write: Write) -> None:
    ready_file = tmp_path / "ready"
    seen = []

    def act(url: str) -> None:
        with closing(HTTPConnection(url.removeprefix("http://"), timeout=SECONDS)) as client:
            client.request("GET", "/Customers/a")
            seen.append((client.getresponse().status, ready_file.read_text() == f"{url}\n"))
        os.kill(os.getpid(), signal.SIGTERM)

    options = ["--port", "0", "--ready-file", str(ready_file), "--on-breach", "warn", "--quiet"]
    with Caller(monkeypatch, act):
        main(["serve", *options, "--fixtures", str(write("customers.yaml", BAD_SEX))], standalone_mode=False)

    assert seen == [(200, True)]
    assert not ready_file.exists()


@has_signals
def test_serve_ends_at_the_second_signal(monkeypatch: pytest.MonkeyPatch) -> None:
    def act(url: str) -> None:
        with connect(url) as connection, connect(url) as other:
            connection.sendall(b"GET / HTTP/1.1\r\n")
            other.sendall(b"GET / HTTP/1.1\r\n\r\n")
            other.recv(1)
            os.kill(os.getpid(), signal.SIGINT)
            assert is_refused(url)
            os.kill(os.getpid(), signal.SIGINT)

    with Caller(monkeypatch, act), pytest.raises(SystemExit) as ended:
        main(["serve", "--port", "0", "--quiet"], standalone_mode=False)

    assert ended.value.code == 0


# Failing to start


@dataclass(frozen=True)
class Failure:
    """Options that cannot be served, and the lines that say why, or the settings of which they are told."""

    options: tuple[str, ...]
    lines: str = ""
    settings: Mapping[str, str] | None = None

    def describe(self) -> str:
        if self.settings is None:
            return f"{self.lines}\n"
        with pytest.raises(StartError) as caught:
            create_app(**self.settings)  # type: ignore[arg-type]  # they are texts
        return f"{caught.value}\n"


FAILURES = {
    "host": Failure(
        ("--host", "two words"), "The host 'two words' is not known. Use an address of this machine: 127.0.0.1."
    ),
    "missing contract": Failure(
        ("--contract", "none.yaml"),
        "none.yaml: the contract cannot be read: No such file or directory. Name an OpenAPI document.",
    ),
    "contract is a folder": Failure(
        ("--contract", "files"), "files: the contract is a folder. Name the OpenAPI document itself."
    ),
    "ready file in no folder": Failure(
        ("--ready-file", "none/ready"),
        "none/ready: the ready file cannot be written: No such file or directory. Choose another.",
    ),
    "ready file is a folder": Failure(
        ("--ready-file", "files"), "files: the ready file cannot be removed: Is a directory. Choose another."
    ),
    "broken contract": Failure(("--contract", "files/broken.txt"), settings={"contract": "files/broken.txt"}),
    "missing fixtures": Failure(("--fixtures", "none"), settings={"fixtures": "none"}),
    "bad fixtures": Failure(("--fixtures", "files"), settings={"fixtures": "files"}),
    "locale": Failure(("--locale", "xx_YY"), settings={"locale": "xx_YY"}),
    "offset": Failure(("--utc-offset", "+25:00"), settings={"utc_offset": "+25:00"}),
    "prefix": Failure(("--prefix", "mock"), settings={"prefix": "mock"}),
    "base path": Failure(("--base-path", "API"), settings={"base_path": "API"}),
    "blank token": Failure(("--admin-token", ""), settings={"admin_token": ""}),
    "token of two words": Failure(("--admin-token", "two words"), settings={"admin_token": "two words"}),
    "token beyond ASCII": Failure(
        ("--admin-token", "ä"),
        "admin_token is blank, or has other characters than printable ASCII. Write another.",
    ),
}


@pytest.fixture
def bad_inputs(write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder with a broken contract and two fixture files that have three faults."""
    write("broken.txt", "openapi: 2.0")
    write("a.yaml", BAD_SEX)
    write("b.yaml", "schema: Customer\nrecords: [{PersonalId: 7}, {Personalid: b}]")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("name", FAILURES)
def test_what_cannot_be_served_is_told(name: str, bad_inputs: Path) -> None:
    failure = FAILURES[name]

    assert invoke("serve", "--port", "0", *failure.options) == (2, "", failure.describe())


def test_what_cannot_be_served_ends_the_real_command(bad_inputs: Path) -> None:
    failures = list(FAILURES.values())

    with ThreadPoolExecutor(2) as pool:
        ended = list(pool.map(lambda each: run("serve", "--port", "0", *each.options, folder=bad_inputs), failures))

    assert ended == [(2, "", failure.describe()) for failure in failures]
    assert [path.name for path in bad_inputs.iterdir()] == ["files"]


def test_taken_port_is_told(tmp_path: Path) -> None:
    with closing(Server(create_app())) as server:
        port = server.url.rpartition(":")[2]

        ended = run("serve", "--port", port, "--ready-file", "ready", folder=tmp_path)

    told = f"Port {port} of 127.0.0.1 is taken. Stop what uses it, or choose another (0 finds a free one).\n"
    assert ended == (2, "", told)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("command", ["serve", "check", "edges"])
@pytest.mark.parametrize("options", [["--nope"], ["more"], ["--source", "fixture"], ["--seed"]], ids=" ".join)
def test_wrong_usage_is_told(command: str, options: list[str]) -> None:
    code, output, errors = invoke(command, *options)

    assert (code, output) == (2, "")
    assert errors.splitlines()[-1].startswith("Error: ")


@pytest.mark.parametrize("options", [["--port", "x"], ["--port", "65536"], ["--on-breach", "stop"]], ids=" ".join)
def test_wrong_setting_of_the_server_is_told(options: list[str]) -> None:
    code, output, errors = invoke("serve", *options)

    assert (code, output) == (2, "")
    assert errors.splitlines()[-1].startswith(f"Error: Invalid value for '{options[0]}'")


# Changing what is served


def drop_defaults(serving: Serving, **headers: str) -> int:
    """The status of a change that changes nothing, asked for by another name than this machine's own."""
    with closing(HTTPConnection(serving.url.removeprefix("http://"), timeout=SECONDS)) as client:
        client.request("PUT", "/__mock/defaults", b"{}", {"Host": "mock.example", **headers})
        return client.getresponse().status


@pytest.mark.parametrize(
    ("options", "variables"),
    [
        (("--admin-token", "secret"), {}),
        ((), {"MOCKSERVER_ADMIN_TOKEN": "secret"}),
        (("--admin-token", "secret"), {"MOCKSERVER_ADMIN_TOKEN": "other"}),
    ],
)
def test_token_lets_callers_from_anywhere_change_what_is_served(
    options: tuple[str, ...], variables: dict[str, str], serve: Serve
) -> None:
    serving = serve("--quiet", *options, **variables)

    tokens = ("Bearer secret", "bearer secret", "Bearer other", "Basic secret", "secret", "")
    statuses = [drop_defaults(serving, Authorization=token) for token in tokens]

    assert [*statuses, drop_defaults(serving)] == [200, 200, 403, 403, 403, 403, 403]


def test_blank_variable_is_no_token(serve: Serve) -> None:
    serving = serve("--quiet", MOCKSERVER_ADMIN_TOKEN="")

    statuses = [drop_defaults(serving, Authorization=token) for token in ("Bearer ", "Bearer", "")]

    assert [*statuses, drop_defaults(serving, Host="localhost")] == [403, 403, 403, 200]


# Check and the rest


def test_check_of_clean_inputs_is_one_line(write: Write) -> None:
    fixtures = write("customers.yaml", "schema: Customer\nrecords: [{PersonalId: a}, {PersonalId: b}]")

    ended = invoke("check", "--fixtures", str(fixtures))

    assert ended == (0, "No problems: 1 operation, 2 records and 0 answers in 1 file.\n", "")


def test_check_takes_the_shipped_inputs_from_any_folder(tmp_path: Path) -> None:
    code, output, errors = run("check", folder=tmp_path)

    assert (code, errors) == (0, "")
    assert re.fullmatch(r"No problems: 1 operation, \d+ records and \d+ answers in 2 files\.\n", output)


def test_check_prints_every_fault(bad_inputs: Path) -> None:
    with pytest.raises(StartError) as caught:
        create_app(fixtures="files")

    ended = run("check", "--fixtures", "files", folder=bad_inputs)

    assert [line.split(":")[0] for line in str(caught.value).splitlines()] == ["files/a.yaml"] + ["files/b.yaml"] * 3
    assert ended == (1, f"{caught.value}\n4 problems.\n", "")


def test_check_prints_what_is_wrong_with_the_contract(bad_inputs: Path) -> None:
    with pytest.raises(StartError) as caught:
        create_app(contract="files/broken.txt")

    code, output, errors = invoke("check", "--contract", "files/broken.txt")

    assert (code, errors) == (1, "")
    assert output.startswith(f"{caught.value}\n")


def test_check_asks_for_every_record(write: Write) -> None:
    answer = "{name: odd, operation: getCustomer, when: {id: a}, reply: {headers: {Content-Type: text/html}}}"
    fixtures = write("all.yaml", f"schema: Customer\nrecords: [{{PersonalId: a}}]\nanswers: [{answer}]")

    code, output, errors = invoke("check", "--fixtures", str(fixtures))

    assert (code, errors) == (1, "")
    assert re.fullmatch(r".*files/all\.yaml:2:1: getCustomer 200: Content-Type is 'text/html'.*\n1 problem\.\n", output)


def test_fault_with_escapes_is_one_harmless_line(write: Write) -> None:
    fixtures = write("customers.yaml", r'{schema: Customer, records: [{PersonalId: a, "\e[31mred\nb": 1}]}')

    code, output, _ = invoke("check", "--fixtures", str(fixtures))
    _, _, errors = invoke("serve", "--fixtures", str(fixtures))

    fault, number = output.splitlines()
    assert (code, number) == (1, "1 problem.")
    assert "\x1b" not in fault
    assert errors == f"{fault}\n"


@pytest.mark.parametrize("name", ["missing contract", "contract is a folder", "missing fixtures", "locale", "offset"])
def test_check_of_what_is_not_there_is_wrong_usage(name: str, bad_inputs: Path) -> None:
    failure = FAILURES[name]

    assert invoke("check", *failure.options) == (2, "", failure.describe())


def test_check_of_a_missing_contract_ends_the_real_command(tmp_path: Path) -> None:
    ended = run("check", "--contract", "none.yaml", folder=tmp_path)

    assert ended == (2, "", f"{FAILURES['missing contract'].lines}\n")


def test_check_takes_the_variables_of_its_options(bad_inputs: Path) -> None:
    code, output, _ = invoke("check", MOCKSERVER_FIXTURES="files/a.yaml", MOCKSERVER_PORT="8080")

    assert (code, output.splitlines()[-1]) == (1, "1 problem.")


def test_command_without_a_terminal_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", None)
    monkeypatch.setattr(sys, "stderr", None)

    with pytest.raises(SystemExit) as ended:
        main(["check", "--locale", "xx"], standalone_mode=False)

    assert ended.value.code == 2


def test_version_is_told(tmp_path: Path) -> None:
    assert run("--version", folder=tmp_path) == (0, f"mockserver {__version__}\n", "")


def test_module_is_the_command(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys, "argv", ["anything", "--version"])

    with pytest.raises(SystemExit) as ended:
        runpy.run_module("mockserver", run_name="__main__")

    assert (ended.value.code, capsys.readouterr().out) == (0, f"mockserver {__version__}\n")


@pytest.mark.parametrize("option", ["-h", "--help"])
def test_help_names_every_option_and_variable(option: str) -> None:
    code, output, errors = invoke("serve", option)

    words = set(re.findall(r"--[a-z-]+|MOCKSERVER_[A-Z_]+", output))
    assert (code, errors) == (0, "")
    off = {name for option in OPTIONS.values() for name in option.secondary_opts}
    assert words == {*OPTIONS, *off, *(str(each.envvar) for each in OPTIONS.values()), "--help"}


def test_check_holds_fixtures_against_the_host_that_is_meant(write: Write) -> None:
    body = "{status: 404, body: {Message: gone}}"
    folder = write("a.yaml", f"answers: [{{name: gone, operation: getCustomer, when: {{id: gone}}, reply: {body}}}]")

    codes = [invoke("check", "--fixtures", str(folder), "--missing", missing)[0] for missing in ("empty", "message")]

    assert codes == [1, 0]
