"""`mockserver serve` as a user meets it: most of it in a process of its own, with real signals and streams."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from time import monotonic
from typing import Any, Self
from urllib.parse import urlsplit

import pytest

from mockserver import StartError, create_app
from mockserver.commands.main import main
from mockserver.commands.ready_file import ReadyFile
from mockserver.commands.serve import _ending
from mockserver.server.endpoint import FINISH_SECONDS
from mockserver.version import __version__
from tests.support.files import Write
from tests.support.process import COMMAND, ENVIRONMENT, SECONDS, Serve, connect, invoke, is_refused, run, with_hangup
from tests.support.serving import ipv6
from tests.support.waiting import has_come

pytestmark = pytest.mark.usefixtures("handlers_of_before")

has_signals = pytest.mark.skipif(os.name == "nt", reason="Windows ends other processes without a signal")

TELL_FILES = """\
import os, sys
def tell(event, args):
    if event in ("open", "os.rename") and isinstance(args[0], str) and args[0].removeprefix(".").startswith("ready"):
        os.write(2, f"{event} {args[0]} {args[1]}\\n".encode())
sys.addaudithook(tell)
from mockserver.commands.main import main
from mockserver.commands.serve import _ending
main()
"""
"""The command, telling on standard error how it writes its ready file."""

BAD_SEX = "schema: Customer\nrecords: [{PersonalId: a, Sex: 3}]"
BIG = "x" * 8_000_000


def answer(name: str, reply: str, more: str = "") -> str:
    return f"answers: [{{name: {name}, operation: getCustomer, when: {{id: a}}, reply: {{{reply}}}{more}}}]"


def read_requests(output: str) -> list[str]:
    """Status, method, target and source of the requests behind the start table, without hints."""
    lines = [line for line in output.partition("Stop with Ctrl-C.\n")[2].splitlines() if not line.startswith(" ")]
    assert re.fullmatch(rf"Stopped after 0:\d\d:\d\d\. {len(lines) - 1} requests? answered: .*", lines.pop())
    return [" ".join(re.sub(r"^\d\d:\d\d:\d\d (\d+) +\d+\.\d ms ", r"\1 ", line).split()) for line in lines]


# Starting and serving


def test_serve_prints_url_then_table_then_each_request(serve: Serve) -> None:
    serving = serve()
    targets = ("/Customers/100200300", "/API/Customers/1?idType=abc", "/Customers/not-found", "/Customers/7", "/x")
    answers = [(target, *serving.get(target)) for target in targets]

    code, output, errors = serving.end()

    assert (code, errors) == (0, "")
    assert re.fullmatch(
        rf"mockserver {__version__} serves Q-Flow Customers at http://127\.0\.0\.1:[1-9]\d*\n", serving.start
    )
    assert output.splitlines()[0] == "  GET /API/Customers/{id} and /Customers/{id}"
    assert [(status, source.split(":")[0]) for _, status, source in answers] == [
        (200, "record fixtures/customers.yaml"),
        (400, "framework"),
        (404, "answer not-found fixtures/answers.yaml"),
        (200, "generated"),
        (404, "framework"),
    ]
    assert read_requests(output) == [f"{status} GET {target} {source}" for target, status, source in answers]


@pytest.mark.parametrize("command", [COMMAND, ("mockserver",)], ids=["module", "script"])
def test_quiet_shows_the_url_alone(command: tuple[str, ...], serve: Serve) -> None:
    script = shutil.which(command[0], path=str(Path(sys.executable).parent))
    serving = serve("--quiet", command=(script or command[0], *command[1:]))

    assert serving.get("/Customers/100200300")[0] == 200
    assert serving.end() == (0, "", "")


def test_burst_of_requests_keeps_lines_whole(serve: Serve) -> None:
    serving = serve()

    with ThreadPoolExecutor(40) as pool:
        statuses = set(pool.map(lambda number: serving.get(f"/Customers/{number}")[0], range(200)))
    code, output, errors = serving.end()

    assert (code, statuses, errors) == (0, {200}, "")
    assert sorted(read_requests(output)) == sorted(f"200 GET /Customers/{number} generated" for number in range(200))


def test_breach_is_one_line_on_standard_error(serve: Serve, write: Write) -> None:
    fixtures = write("answers.yaml", answer("bad", "headers: {Content-Type: text/html}"))
    serving = serve("--quiet", "--fixtures", str(fixtures))
    status, _ = serving.get("/Customers/a")

    _, output, errors = serving.end()

    assert (status, output) == (500, "")
    assert re.fullmatch(r"ERROR: getCustomer 200: .*\n", errors)


def test_escapes_never_reach_the_terminal(serve: Serve, write: Write) -> None:
    serving = serve("--fixtures", str(write("answers.yaml", answer(r'"\e[31mred"', "status: 404"))))
    serving.get("/Customers/a")
    texts = (b"\x1b[31m", b"%1b[31m", b"a\rb", b"a\nb", b"a\r\nb", b"%0d%0a", b"\xc2\x9b1m", b"\x9b", b"\x7f\b")
    starts = (b"G%sT / HTTP/1.1", b"GET /%s HTTP/1.1", b"GET / HTTP/1.1\r\nX: %s", b"GET / %s")
    for sent in (start % text for start in starts for text in (*texts, "א".encode())):
        with serving.connect() as connection:
            connection.sendall(sent + b"\r\nHost: x\r\nConnection: close\r\n\r\n")
            assert connection.makefile("rb").read().startswith(b"HTTP/1.")

    _, output, errors = serving.end()

    lines = read_requests(output)
    assert re.sub("[ -~\n]", "", output + errors) == ""
    assert len(lines) + errors.count("\n") == 1 + len(starts) * (len(texts) + 1)
    assert all(line.startswith("WARNING: 127.0.0.1 sent 'G") for line in errors.splitlines())
    assert all(line[:3].isdigit() for line in lines)
    assert f"    \\x1b[31mred  404 answer     {serving.url}/API/Customers/a" in output.splitlines()
    assert "404 GET /Customers/a answer \\x1b[31mred files/answers.yaml:1" in lines
    assert {"404 GET /%1b[31m framework", "404 GET /\\x1b[31m framework"} <= {*lines}


def test_closed_output_does_not_break_answers(serve: Serve) -> None:
    serving = serve()
    assert serving.process.stdout is not None
    serving.process.stdout.close()

    statuses = [serving.get("/Customers/7")[0] for _ in range(3)]
    serving.process.send_signal(signal.SIGTERM)

    assert (statuses, serving.process.wait(SECONDS)) == ([200, 200, 200], 0)
    assert serving.process.stderr is not None
    assert serving.process.stderr.read() == ""


@pytest.mark.parametrize(
    ("stream", "options", "line"),
    [("stdout", (), "GET     /Customers/a?x"), ("stderr", ("--quiet",), "ERROR: getCustomer 200: Content-Type")],
)
def test_output_that_nobody_reads_holds_up_nobody(
    stream: str, options: tuple[str, ...], line: str, serve: Serve, write: Write
) -> None:
    fixtures = write("answers.yaml", answer("bad", "headers: {Content-Type: text/html}"))
    serving = serve(*options, "--fixtures", str(fixtures))
    request = f"GET /Customers/a?{'x' * 200} HTTP/1.1\r\nHost: x\r\n\r\n".encode()
    with serving.connect() as connection:
        for _ in range(800):
            connection.sendall(request)
            response = HTTPResponse(connection)
            response.begin()
            response.read()

    serving.process.send_signal(signal.SIGTERM)

    assert serving.process.wait(SECONDS) == 0
    assert getattr(serving.process, stream).read().count(line) > 100


@pytest.mark.parametrize(
    ("encoding", "shown"), [("latin-1", r"\u05d3\u05e0\u05d4"), ("cp1255", "דנה"), ("utf-8", "דנה")]
)
def test_output_in_any_encoding_shows_every_name(encoding: str, shown: str, serve: Serve, write: Write) -> None:
    fixtures = write("answers.yaml", answer("דנה", "status: 404"))
    serving = serve("--fixtures", str(fixtures), PYTHONIOENCODING=encoding)
    serving.get("/Customers/a")

    code, output, _ = serving.end()

    assert (code, read_requests(output)) == (0, [f"404 GET /Customers/a answer {shown} files/answers.yaml:1"])


@pytest.mark.parametrize(("variables", "expected"), [({}, False), ({"FORCE_COLOR": "1"}, True)])
def test_piped_output_is_coloured_only_if_forced(variables: dict[str, str], expected: bool, serve: Serve) -> None:
    serving = serve(**variables)
    serving.get("/Customers/a")

    _, output, _ = serving.end()

    assert (" \x1b[32m200\x1b[0m " in output) is expected


@ipv6
def test_default_is_both_addresses_of_localhost(serve: Serve, tmp_path: Path) -> None:
    serving = serve("--ready-file", "ready", MOCKSERVER_HOST="")
    port = urlsplit(serving.url).port

    def reset(host: str) -> int:
        with closing(HTTPConnection(f"{host}:{port}", timeout=SECONDS)) as client:
            client.request("POST", "/__mock/reset", headers={"Origin": f"http://{host}:{port}"})
            return client.getresponse().status

    assert serving.url == f"http://localhost:{port}"
    assert [reset(host) for host in ("127.0.0.1", "[::1]", "localhost")] == [204] * 3
    assert (tmp_path / "ready").read_text() == f"http://localhost:{port}\n"
    assert serving.end()[::2] == (0, "")


@ipv6
def test_address_that_is_taken_is_told_on_standard_error(serve: Serve) -> None:
    with socket.create_server(("::1", 0), family=socket.AF_INET6) as other:
        port = other.getsockname()[1]
        serving = serve("--quiet", "--port", str(port), MOCKSERVER_HOST="localhost")

        remedy = f"Use http://127.0.0.1:{port}, or give another --port."
        assert serving.url == f"http://127.0.0.1:{port}"
        assert serving.get("/__mock/health")[0] == 200
        assert serving.end() == (0, "", f"NOTE: Port {port} of ::1 is taken by another program. {remedy}\n")


# The server


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_granian_serves_and_ends_as_waitress(number: int, serve: Serve, tmp_path: Path) -> None:
    pytest.importorskip("granian")
    serving = serve("--server", "granian", "--ready-file", "ready")

    assert (tmp_path / "ready").read_text() == f"{serving.url}\n"
    assert serving.get("/Customers/100200300")[0] == 200
    code, output, errors = serving.end(number)
    assert (code, errors, list(tmp_path.iterdir())) == (0, "", [])
    assert read_requests(output) == ["200 GET /Customers/100200300 record fixtures/customers.yaml:7"]


def test_granian_serves_saved_files(serve: Serve, write: Write) -> None:
    pytest.importorskip("granian")
    fixtures = write("answers.yaml", answer("one", "status: 503"))
    serving = serve("--server", "granian", "--fixtures", str(fixtures))

    write("answers.yaml", answer("one", "status: 502"))

    assert has_come(lambda: serving.get("/Customers/a")[0] == 502)
    assert serving.end()[0] == 0


def test_missing_server_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "mockserver.server.fast_serving", None)

    code, output, errors = invoke("serve", "--server", "granian", "--port", "0")

    assert (code, output) == (2, "")
    assert errors.startswith("--server: granian is missing: ")
    assert errors.endswith(". Install mockserver with its extra: mockserver[fast].\n")


def test_unknown_server_is_told() -> None:
    ended = invoke("serve", MOCKSERVER_SERVER="gunicorn")

    assert ended == (2, "", "MOCKSERVER_SERVER: 'gunicorn' is not one of waitress, granian.\n")


# The ready file


def test_ready_file_stands_while_requests_are_answered(serve: Serve, tmp_path: Path) -> None:
    ready_file, other = tmp_path / "ready", tmp_path / "other"
    ready_file.write_text("http://127.0.0.1:1\n")
    ready_file.chmod(0o600)
    other.touch()

    serving = serve("--ready-file", "ready")

    assert ready_file.read_text() == f"{serving.url}\n"
    assert ready_file.stat().st_mode == other.stat().st_mode
    # Whoever reads the URL may send a signal straight away.
    assert serving.end()[::2] == (0, "")
    assert list(tmp_path.iterdir()) == [other]


def test_ready_file_is_written_in_one_step(serve: Serve) -> None:
    serving = serve("--ready-file", "ready", command=(sys.executable, "-c", TELL_FILES))

    _, _, told = serving.end()

    draft = f".ready.{serving.process.pid}"
    assert [line for line in told.splitlines() if line != "open ready None"] == [
        f"open {draft} w",
        f"os.rename {draft} ready",
    ]


@pytest.mark.skipif(os.name != "posix", reason="only POSIX limits what a process writes")
def test_ready_file_that_cannot_be_written_leaves_nothing(tmp_path: Path) -> None:
    limited = ("sh", "-c", 'ulimit -f 0; exec "$0" "$@"', *COMMAND)

    ended = run("serve", "--port", "0", "--ready-file", "ready", folder=tmp_path, command=limited)

    assert ended == (2, "", "--ready-file: 'ready' cannot be written: File too large. Choose another file.\n")
    assert list(tmp_path.iterdir()) == []


STALE = (b"", b"\n", b"http://127.0.0.1:1\n", b"http://127.0.0.1", b"http://[", b"http://127.0.0.1:x", b"http://\xff")


@pytest.mark.parametrize("options", [("--locale", "xx"), ("--prefix", "/"), ("--contract", "none")], ids=" ".join)
@pytest.mark.parametrize("content", STALE)
def test_failing_start_removes_an_old_ready_file(content: bytes, options: tuple[str, ...], tmp_path: Path) -> None:
    ready_file = tmp_path / "ready"
    ready_file.write_bytes(content)

    code, output, _ = invoke("serve", "--ready-file", str(ready_file), *options)

    assert (code, output, ready_file.exists()) == (2, "", False)


@pytest.mark.parametrize(
    "content", [b"two words", b"\xff", b"records: []\n", b"http://a\nhttp://b", b"http://" + b"a" * 1000]
)
def test_file_that_is_no_ready_file_is_kept(content: bytes, tmp_path: Path) -> None:
    file = tmp_path / "customers.yaml"
    file.write_bytes(content)

    ended = invoke("serve", "--ready-file", str(file))

    finding = f"'{file}' is there already, and is not a ready file, which holds a URL. Choose another file."
    assert ended == (2, "", f"--ready-file: {finding}\n")
    assert file.read_bytes() == content


@pytest.mark.skipif(os.name != "posix", reason="only POSIX has named pipes")
def test_pipe_and_folder_are_no_ready_files(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)

    ended = [invoke("serve", "--ready-file", str(path))[0] for path in (pipe, tmp_path)]

    assert (ended, pipe.is_fifo(), tmp_path.is_dir()) == ([2, 2], True, True)


def test_failing_start_keeps_the_file_of_a_running_server(serve: Serve, tmp_path: Path) -> None:
    serving = serve("--ready-file", "ready")
    ready_file = tmp_path / "ready"

    code, _, _ = invoke("serve", "--ready-file", str(ready_file), "--port", serving.url.rpartition(":")[2])

    assert (code, ready_file.read_text()) == (2, f"{serving.url}\n")


def test_ready_file_of_a_later_server_stays(serve: Serve, tmp_path: Path) -> None:
    serving, later = serve("--ready-file", "ready"), serve("--ready-file", "ready")

    serving.end()

    assert (tmp_path / "ready").read_text() == f"{later.url}\n"


# Ending


@pytest.mark.skipif(os.name != "posix", reason="only POSIX has SIGHUP")
@pytest.mark.parametrize("handler", ["SIG_DFL", "SIG_IGN"])
def test_closed_terminal_ends_the_server_without_nohup(handler: str, serve: Serve, tmp_path: Path) -> None:
    serving = serve("--ready-file", "ready", command=with_hangup(handler))

    serving.process.send_signal(signal.SIGHUP)
    if handler == "SIG_IGN":
        assert serving.get("/Customers/1")[0] == 200
        serving.process.send_signal(signal.SIGTERM)

    assert serving.process.wait(SECONDS) == 0
    assert not (tmp_path / "ready").exists()


@pytest.mark.parametrize("kind", ["waitress", "granian"])
def test_end_of_the_input_ends_the_server(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip(kind)
    reading, writing = os.pipe()
    statuses = []
    codes: list[int] = []
    monkeypatch.setattr(os, "_exit", codes.append)

    def act(url: str) -> None:
        with closing(HTTPConnection(url.removeprefix("http://"), timeout=SECONDS)) as client:
            client.request("GET", "/Customers/a")
            statuses.append(client.getresponse().status)
        os.write(writing, b"read and not used")
        os.close(writing)

    with standard_input(reading), Caller(monkeypatch, act):
        main(["serve", "--port", "0", "--quiet", "--end-with-input", "--server", kind], standalone_mode=False)

    assert (statuses, codes) == ([200], [] if kind == "waitress" else [0])


def test_second_signal_ends_granian_too(monkeypatch: pytest.MonkeyPatch) -> None:
    codes: list[int] = []
    leave: Callable[[int], object] = sys.exit
    monkeypatch.setattr(os, "_exit", codes.append)

    with _ending("granian"):
        leave(0)

    assert codes == [0]
    with pytest.raises(SystemExit), _ending("waitress"):
        leave(0)


def test_input_that_has_ended_ends_the_server() -> None:
    with standard_input(os.open(os.devnull, os.O_RDONLY)):
        code, output, errors = invoke("serve", "--port", "0", "--quiet", "--end-with-input")

    assert (code, output.count("http://"), errors) == (0, 1, "")


def test_server_outlives_nobody_who_is_killed(tmp_path: Path) -> None:
    started = f"subprocess.Popen([*{COMMAND!r}, *sys.argv[1:]], stdin=subprocess.PIPE).wait()"
    options = ("serve", "--port", "0", "--quiet", "--end-with-input", "--ready-file", str(tmp_path / "ready"))
    parent = subprocess.Popen(
        [sys.executable, "-c", f"import subprocess, sys; {started}", *options],
        env=ENVIRONMENT,
        stdout=subprocess.PIPE,
        encoding="utf-8",
    )
    assert parent.stdout is not None
    url = parent.stdout.readline().split()[-1]

    parent.kill()

    assert (parent.wait(SECONDS) != 0, is_refused(url)) == (True, True)
    assert parent.stdout.read() == ""  # The server had it open too: this is its end.
    assert not (tmp_path / "ready").exists()
    parent.stdout.close()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_signal_finishes_an_answer_that_is_half_read(number: int, serve: Serve, write: Write) -> None:
    reply = f"status: 418, headers: {{Content-Type: text/plain}}, text: {BIG}"
    fixtures = write("answers.yaml", answer("big", reply, ", unchecked: true"))
    serving = serve("--quiet", "--fixtures", str(fixtures))

    with serving.connect() as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65536)
        connection.sendall(b"GET /Customers/a HTTP/1.1\r\nHost: x\r\n\r\n")
        response = HTTPResponse(connection)
        response.begin()
        serving.process.send_signal(number)
        assert serving.is_refused()
        body = response.read()

    assert body == BIG.encode()
    assert serving.wait() == (0, "", "")


class Caller:
    """A user of a server in this process: reads the URL from its output, then acts in a thread."""

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


@contextmanager
def standard_input(descriptor: int) -> Iterator[None]:
    """Let this process read from a file descriptor, which is closed at the end."""
    before = os.dup(0)
    os.dup2(descriptor, 0)
    try:
        yield
    finally:
        os.dup2(before, 0)
        os.close(before)
        os.close(descriptor)


@has_signals
@pytest.mark.parametrize("reload", ["--reload", "--no-reload"])
def test_server_in_this_process_ends_with_a_signal(
    reload: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path, write: Write
) -> None:
    ready_file, fixtures = tmp_path / "ready", write("customers.yaml", BAD_SEX)
    seen = []

    def act(url: str) -> None:
        with closing(HTTPConnection(url.removeprefix("http://"), timeout=SECONDS)) as client:
            client.request("GET", "/Customers/a")
            is_watching = any(each.name == "reload" for each in threading.enumerate())
            seen.append((client.getresponse().status, ready_file.read_text() == f"{url}\n", is_watching))
        os.kill(os.getpid(), signal.SIGTERM)

    options = [
        "--host",
        "127.0.0.1",
        "--port",
        "0",
        "--ready-file",
        str(ready_file),
        "--on-breach",
        "warn",
        "--quiet",
        reload,
    ]
    with Caller(monkeypatch, act):
        main(["serve", *options, "--fixtures", str(fixtures)], standalone_mode=False)

    warning = "Sex is 3, the contract allows 0 to 2. Change the record or the contract."
    assert (seen, ready_file.exists()) == ([(200, True, reload == "--reload")], False)
    assert capsys.readouterr().err == f"WARNING: {fixtures / 'customers.yaml'}:2:32: {warning}\n"


@has_signals
@pytest.mark.parametrize("has_ready_file", [False, True])
def test_second_signal_ends_at_once(has_ready_file: bool, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    signalled = []

    def act(url: str) -> None:
        with connect(url) as connection, connect(url) as other:
            connection.sendall(b"GET / HTTP/1.1\r\n")
            other.sendall(b"GET / HTTP/1.1\r\n\r\n")
            other.recv(1)
            signalled.append(monotonic())
            os.kill(os.getpid(), signal.SIGINT)
            assert is_refused(url)
            os.kill(os.getpid(), signal.SIGINT)

    ready_file = ["--ready-file", str(tmp_path / "ready")] if has_ready_file else []
    with Caller(monkeypatch, act), pytest.raises(SystemExit) as ended:
        main(["serve", "--port", "0", "--quiet", *ready_file], standalone_mode=False)

    assert (ended.value.code, list(tmp_path.iterdir())) == (0, [])
    assert monotonic() - signalled[0] < FINISH_SECONDS


@has_signals
def test_signal_while_the_ready_file_is_removed_leaves_none(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    remove = ReadyFile.remove

    def remove_late(file: ReadyFile, url: str) -> None:
        monkeypatch.setattr(ReadyFile, "remove", remove)
        os.kill(os.getpid(), signal.SIGINT)
        remove(file, url)

    monkeypatch.setattr(ReadyFile, "remove", remove_late)
    call = Caller(monkeypatch, lambda _: os.kill(os.getpid(), signal.SIGINT))
    with call, pytest.raises(SystemExit) as ended:
        main(["serve", "--port", "0", "--quiet", "--ready-file", str(tmp_path / "ready")], standalone_mode=False)

    assert (ended.value.code, list(tmp_path.iterdir())) == (0, [])


# Failing to start


FAILURES: dict[str, tuple[tuple[str, ...], dict[str, Any]]] = {
    "broken contract": (("--contract", "files/broken.txt"), {"contract": "files/broken.txt"}),
    "bad fixtures": (("--fixtures", "files"), {"fixtures": "files"}),
}
"""Options that cannot be served, and the arguments of which `create_app` says the same."""


@pytest.mark.parametrize("name", FAILURES)
def test_reason_of_a_failing_start_is_told(
    name: str, write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write("broken.txt", "openapi: 2.0")
    write("a.yaml", BAD_SEX)
    write("b.yaml", "schema: Customer\nrecords: [{PersonalId: 7}, {Personalid: b}]")
    monkeypatch.chdir(tmp_path)
    options, arguments = FAILURES[name]
    with pytest.raises(StartError) as caught:
        create_app(**arguments)

    assert invoke("serve", "--port", "0", *options) == (2, "", f"{caught.value}\n")
    assert [path.name for path in tmp_path.iterdir()] == ["files"]
