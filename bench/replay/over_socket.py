"""Asks running servers over sockets: rough clients, cut connections, small limits, and files saved meanwhile."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path
from time import monotonic, sleep
from typing import Final

from bench.replay.inputs import CUSTOMER, ROOT, Row, cells, sort_allowed, to_text, unescape, words
from bench.replay.requests import Ask, expand, list_sample

SECONDS: Final = 60.0
"""How long a server, or an answer, is waited for."""

GET: Final = b"GET /API/Customers/7 HTTP/1.1\r\nHost: x\r\n"
CLOSE: Final = b"Connection: close\r\n"
REFUSED: Final = [
    *map(
        unescape,
        cells(r"""
GET¶¶ | GET / HTTP/1.1 \xff¶¶ | GET / b HTTP/1.1¶¶ | G(T / HTTP/1.1¶¶ | <html>
\x16\x03\x01\x02\0\x01\0\x01\xfc\x03\x03 | GET / HTTP/1.1\nHost: x\n\n | GET / HTTP/1.1¶Host: x\ny¶¶
GET / HTTP/1.1¶Host: x\ry¶¶ | GET /\rx HTTP/1.1¶¶ | GET / HTTP/1.1¶ Host: x¶¶ | GET / HTTP/1.1¶Host x¶¶
GET http://[/ HTTP/1.1¶¶ | GET / HTTP/1.1¶A: \x1b[31m¶¶ | GET / HTTP/1.1¶A: \0¶¶
GET / HTTP/1.1¶Content-Length: -1¶¶ | GET / HTTP/1.1¶Content-Length: 1, 1¶¶ | GET / HTTP/1.1¶Content-Length: x¶¶
GET / HTTP/1.1¶Content-Length: 99999999¶¶ | POST / HTTP/1.1¶Transfer-Encoding: gzip¶¶
POST / HTTP/1.1¶Transfer-Encoding: chunked¶¶z¶ | POST / HTTP/1.1¶Transfer-Encoding: chunked¶¶1¶abc
GET / HTTP/1.0¶Connection: keep-alive¶A¶¶"""),
    ),
    *(b"GET /" + b"x" * 100_000, b"HEAD /" + b"x" * 9000 + b" HTTP/1.1\r\n\r\n", b"x" * 80_000),
    *(b"GET / HTTP/1.1\r\nA: " + b"x" * 70_000, b"GET / HTTP/1.1\r\n" + b"A: b\r\n" * 20_000),
    b"GET / HTTP/1.1\r\nContent-Length: " + b"9" * 5000 + b"\r\n\r\n",
]
"""What the server refuses by itself, and so ends the connection."""

UNUSUAL: Final = cells(r"""
@¶@$¶ | ¶@¶¶¶@$¶ | @¶@¶@¶@¶@¶@¶@¶@¶@¶@$¶ | @Content-Length: 4¶¶body@$¶ | @Transfer-Encoding: chunked¶¶4¶body¶0¶¶@$¶
@Transfer-Encoding: chunked¶¶1;a=b¶b¶3¶ody¶0¶Trailer: x¶¶@$¶ | @Expect: 100-continue¶$¶ | GET /x¶¶
GET / HTTP/9.9¶$¶ | @Expect: 100-continue¶Content-Length: 4¶$¶body | GET /API/Customers/7 HTTP/1.0¶¶
GET /API/Customers/7 HTTP/1.1¶$¶ | GET /API/Customers/7 HTTP/1.0¶Connection: keep-alive¶¶@$¶
@Accept: text/json¶Accept: garbage garbage¶$¶ | @Accept: x¶accept: text/json;q=0.5¶$¶ | @Accept: x x¶Accept:¶$¶
@Prefer: code=404¶Prefer: delay=0¶$¶ | @X_Mock_Session: a b¶$¶ | GET /API/Customers/\xd7\x93\xff HTTP/1.1¶$¶
GET http://h.example/API/Customers/7 HTTP/1.1¶$¶ | @¶GET /API/Customers/reset HTTP/1.1¶¶@$¶
@¶GET /API/Customers/empty HTTP/1.1¶¶@$¶ | @¶GET /API/Customers/close HTTP/1.1¶¶@$¶
@¶GET /API/Customers/cycle HTTP/1.1¶¶@¶GET /API/Customers/cycle HTTP/1.1¶¶@$¶""")
"""What is unusual and right; `@` is a request without its end, `$` asks to close the connection."""

CUT: Final = words("""
reset empty close dribble dribble503 7?__fault=dribble 7?__delay=0.1 7?__fault=reset 7?__fault=close-mid-body
s404?__fault=close-mid-body text?__fault=close-mid-body file-bytes?__fault=close-mid-body s503?__fault=empty""")
RELOADS: Final[Sequence[tuple[str, str, str | None]]] = (
    ("a broken record", "tiny/people.yaml", "schema: Customer\nrecords: [{PersonalId: t1, FirstName: Ann, Sex: 3}]\n"),
    ("no YAML", "tiny/people.yaml", "schema: Customer\nrecords: [\n"),
    ("a good record", "tiny/people.yaml", "schema: Customer\nrecords: [{PersonalId: t1, FirstName: Bo}]\n"),
    ("another", "tiny/people.yaml", "schema: Customer\nrecords: [{PersonalId: t1, FirstName: Cy}]\n"),
    (
        "no body",
        "tiny/b.yml",
        "answers: [{name: a, operation: getCustomer, when: {id: t2}, reply: {body_file: b.json}}]\n",
    ),
    ("the body", "tiny/b.json", CUSTOMER.replace('"{idType}"', "1")),
    ("a file less", "tiny/b.yml", None),
    ("a broken contract", "served.yaml", "openapi: 3.1.0\n"),
    ("no contract", "served.yaml", None),
)
AFTER: Final = """
GET {API}t1 | Origin: http://a.example
GET {API}t2
GET {API}7?idType=x
OPTIONS {API}7 | Origin: null | Access-Control-Request-Method: GET
POST /__mock/answers || {}
GET /__mock{PAGES:2}
"""
SMALL: Final = (
    "--max-target=60 --max-headers=100 --max-body=40 --prefix=/st --base-path=/a --no-cors --strict --missing=message"
)


def ask_servers(kind: str = "waitress") -> Iterator[Row]:
    """Yield what comes back over each connection to servers of a kind, and what they write to the terminal."""
    serve = partial(_serve, f"--server={kind}")
    with serve("plain", "--fixtures=own") as server:
        yield from map(server.send, REFUSED)
        for data in (unescape(text).replace(b"@", GET).replace(b"$", CLOSE) for text in UNUSUAL):
            yield server.send(data)
            if data.count(b"HTTP") == 1:
                yield server.send(data.replace(CLOSE, b""), is_half_closed=True)
        for data in (b"", b"\r\n\r\n", b"GET /", GET, GET + b"Content-Length: 5\r\n\r\nab"):
            yield server.send(data, is_half_closed=True)
        cut = [Ask(f"{method} /API/Customers/{target}") for method in ("GET", "HEAD") for target in CUT]
        yield from map(server.ask, (*cut, *list_sample()))
    yield server.told()
    with serve("small", *SMALL.split()) as server:
        for size in (1, 40, 41, 60, 61, 100, 101, 5000):
            yield server.ask(Ask(f"GET /{'x' * (size - 1)}"))
            yield server.ask(Ask("GET /a/Customers/7", (f"A: {'x' * (size - 40)}",)))
            yield server.ask(Ask("POST /a/Customers/7", (), b"x" * size))
            chunk = f"{size:x}\r\n{'x' * size}\r\n0\r\n\r\n".encode()
            yield server.send(b"POST / HTTP/1.1\r\n" + CLOSE + b"Transfer-Encoding: chunked\r\n\r\n" + chunk)
        yield server.send(b"POST / HTTP/1.1\r\nContent-Length: 41\r\nExpect: 100-continue\r\n\r\n")
        yield from map(
            server.ask, expand("GET /a/Customers/7{QUERIES:5}\nGET /st{PAGES:2} | Origin: null\nGET {ROUTES:5}")
        )
    yield server.told()
    shutil.copy(ROOT / "openapi.yaml", "served.yaml")
    with serve("reloading", "--fixtures=tiny", "--contract=served.yaml", "--quiet") as server:
        for name, path, text in (*RELOADS, ("the contract", "served.yaml", (ROOT / "openapi.yaml").read_text("utf-8"))):
            server.save(path, text)
            yield from ((f"reloading with {name} | {key}", row) for key, row in map(server.ask, expand(AFTER)))
    yield server.told()


class _Server:
    """A `mockserver serve` that runs, or has run, in a process of its own."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.port = 0
        self.code: int | None = None
        self.files = Path(f"{name}.out"), Path(f"{name}.err")

    def ask(self, each: Ask) -> Row:
        """Send a request as a client sends it, on a connection of its own."""
        own = () if any(name.startswith("Host:") for name in each.headers) else ("Host: 127.0.0.1",)
        length = (f"Content-Length: {len(each.body)}",) if each.body else ()
        head = "\r\n".join((f"{each.line} HTTP/1.1", *own, *each.headers, *length, "Connection: close", "", ""))
        return self.send(head.encode("latin-1") + each.body)

    def send(self, data: bytes, *, is_half_closed: bool = False) -> Row:
        """Send bytes, and take what comes until the server ends the connection, without its dates and its port."""
        received, end = b"", "closed"
        with closing(socket.create_connection(("127.0.0.1", self.port), SECONDS)) as connection:
            try:
                connection.sendall(data)
                if is_half_closed:
                    connection.shutdown(socket.SHUT_WR)
                while some := connection.recv(65536):
                    received += some
            except OSError as error:
                end = type(error).__name__
        key = f"{self.name}{' half-closed' * is_half_closed} | {data[:300]!r} of {len(data)} bytes"
        dated, port = re.compile(rb"(?i)date: [^\r]*\r\n"), f":{self.port}".encode()
        text = to_text(dated.sub(b"", received).replace(port, b":PORT"))
        return key, {"received": sort_allowed(text), "end": end}

    def save(self, path: str, text: str | None) -> None:
        """Write a file in one step, or remove it, and wait until the server has told what becomes of that."""
        told = self._count_told()
        if text is None:
            Path(path).unlink()
        else:
            Path(".draft").write_text(text, encoding="utf-8")
            Path(".draft").replace(path)
        _wait_until(lambda: self._count_told() > told)

    def _count_told(self) -> int:
        last = re.compile(r"^(Reloaded|All is well again|The last good files).*\n", re.MULTILINE)
        return len(last.findall(self.files[1].read_text(encoding="utf-8")))

    def told(self) -> Row:
        """Return what it has written and how it has ended; times, and its port, have no part in it."""
        out, err = (file.read_text(encoding="utf-8").replace(f":{self.port}", ":PORT") for file in self.files)
        out = re.sub(r"(?m)^\d\d:\d\d:\d\d (\d+) +\d+\.\d ms", r"TIME \1 MS", out)
        out = re.sub(r"(?m)^Stopped after \S+", "Stopped after TIME.", out)
        return f"{self.name} server", {"exit code": str(self.code), "output": out, "errors": err}


@contextmanager
def _serve(kind: str, name: str, *options: str) -> Iterator[_Server]:
    """Serve until the end of the block."""
    server, ready = _Server(name), Path(f"{name}.url")
    variables = {key: value for key, value in os.environ.items() if not key.startswith("MOCKSERVER_")}
    command = [sys.executable, "-m", "mockserver", "serve", "--port=0", f"--ready-file={ready}", kind, *options]
    with server.files[0].open("wb") as out, server.files[1].open("wb") as err:
        process = subprocess.Popen(command, env={**variables, "PYTHONPATH": str(ROOT)}, stdout=out, stderr=err)
        try:
            _wait_until(lambda: ready.exists() or process.poll() is not None)
            server.port = int(ready.read_text(encoding="utf-8").rpartition(":")[2])
            yield server
        finally:
            process.send_signal(signal.SIGTERM)
            server.code = process.wait(SECONDS)


def _wait_until(is_so: Callable[[], bool]) -> None:
    deadline = monotonic() + SECONDS
    while not is_so():
        if monotonic() > deadline:
            raise SystemExit("A server that was started does not answer in time. Run `mockserver serve` to see why.")
        sleep(0.05)
