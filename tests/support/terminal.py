"""A terminal that types the commands of a page, in an empty folder and with a stub of its own."""

from __future__ import annotations

import os
import queue
import re
import shlex
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path
from types import MappingProxyType
from typing import Final

from tests.support.doc_blocks import Block

SECONDS: Final = 120.0
"""What a command, or a line of the stub, is waited for at the most."""

SHOWN_PORTS: Final = ("8080", "5173")
"""The ports that pages write. Each is another one here, so that pages can be run side by side."""

UNSHOWN: Final = re.compile(r"^(?:Date|Content-Length|Connection): .*\n", re.MULTILINE)
"""Headers that pages leave out."""

CHANGING: Final = (
    (re.compile(r"^\d\d:\d\d:\d\d (\d{3}) +\d+\.\d ms", re.MULTILINE), r"12:00:00 \1     1.0 ms"),
    (re.compile(r"\b\d+(?:\.\d+)? ms\b"), "1.0 ms"),
    (re.compile(r"\bin \d+\.\d+s\b"), "in 1.00s"),
    (re.compile(r"\(\d+(?:\.\d+)?m?s\)"), "(1.0s)"),
    (re.compile(r'"faker":"[\d.]+"'), '"faker":"40.63.0"'),
)
"""What differs from run to run, and what stands for it."""

OWN_VARIABLES: Final = ("MOCKSERVER_", "PYTHON", "PYTEST_")
"""How variables begin that a reader's terminal would not have."""

_COMMAND: Final = re.compile(r"^\$ (.+(?<!\\)(?:\\\n.+(?<!\\))*)(?:\n|\Z)", re.MULTILINE)
_LOGGED: Final = re.compile(r"\d\d:\d\d:\d\d \d{3} +[\d.]+ ms +([A-Z]+) +(\S+) ")
_LAST_LINE: Final = "Stop with Ctrl-C."


class Terminal:
    """The folder, the ports and the stub of one page.

    Args:
        folder: Where commands are typed and files are saved.
        programs: A folder with programs that commands may call.
        variables: Variables of the environment beside those of this process.
    """

    def __init__(
        self, folder: Path, programs: Path | None = None, variables: Mapping[str, str] = MappingProxyType({})
    ) -> None:
        self._folder = folder
        self._ports = {shown: _find_port() for shown in SHOWN_PORTS}
        kept = {name: value for name, value in os.environ.items() if not name.startswith(OWN_VARIABLES)}
        folders = (*([str(programs)] if programs else []), str(Path(sys.executable).parent), kept["PATH"])
        path = os.pathsep.join(folders)
        self._environment = {**kept, "PATH": path, "NO_COLOR": "1", **variables}
        self._stub: _Stub | None = None
        self._saved = ""

    def close(self) -> None:
        """End the stub.

        Raises:
            AssertionError: It ended with another code than 0.
        """
        if self._stub is not None:
            stub, self._stub = self._stub, None
            assert stub.end() == 0

    def type(self, block: Block) -> str:
        """Do what a block says and return it as it ought to be: with the outputs that were seen.

        A block with a title is saved; any other one is run, and has to succeed unless it shows what is printed.
        """
        if block.title is not None:
            self._save(block.title, block.text)
            return block.text
        if block.language == "console":
            return "".join(self._type_commands(block.text))
        interpreter = (sys.executable, "-") if block.language == "python" else ("bash", "-eu")
        self._start_if_asked(block.text)
        done = self._run(interpreter, self._hide_ports(block.text))
        assert done.returncode == 0, f"{block.place}: {done.stdout}"
        return block.text

    def _save(self, title: str, text: str) -> None:
        self._saved += text
        file = self._folder / title
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(self._hide_ports(text), encoding="utf-8")

    def _type_commands(self, text: str) -> Iterator[str]:
        parts = _COMMAND.split(text)
        assert not parts[0].strip(), f"A console block begins with a command, not with {parts[0]!r}."
        for command, shown in zip(parts[1::2], parts[2::2], strict=True):
            printed = self._show_ports(self._type_command(command, shown))
            output = shown.rstrip("\n") if is_same(shown, printed) else make_steady(printed)
            blanks = shown[len(shown.rstrip("\n")) :]
            is_new = bool(output) and not shown.strip()
            yield f"$ {command}\n{output}{chr(10) if is_new else ''}{blanks}"

    def _type_command(self, command: str, shown: str) -> str:
        words = shlex.split(self._hide_ports(command))
        if words[:2] == ["mockserver", "serve"] and "|" not in words:
            return "\n".join(self._serve(words[2:], shown))
        self._start_if_asked(command)
        done = self._run(("bash", "-c", self._hide_ports(command)), "")
        return UNSHOWN.sub("", done.stdout.replace("\r\n", "\n")).strip("\n")

    def _serve(self, options: list[str], shown: str) -> Iterator[str]:
        """Start the stub, and ask it for what its log shows."""
        self.close()
        command = [sys.executable, "-m", "mockserver", "serve", "--port", self._ports["8080"], *options]
        self._stub = _Stub(command, self._folder, self._environment)
        yield from self._stub.read_start()
        for method, target in _LOGGED.findall(shown):
            with closing(HTTPConnection("127.0.0.1", int(self._ports["8080"]), timeout=SECONDS)) as client:
                client.request(method, target)
                client.getresponse().read()
            yield self._stub.read_line()

    def start_stub(self) -> None:
        """Start the stub with all its defaults."""
        list(self._serve([], ""))

    def start(self, *command: str) -> subprocess.Popen[str]:
        """Start a program that goes on running, and whose output is left to read."""
        return subprocess.Popen(
            [self._hide_ports(word) for word in command],
            cwd=self._folder,
            env=self._environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
        )

    def _start_if_asked(self, text: str) -> None:
        """Start the stub for a command that, or a saved file that, asks it; but where one starts it itself."""
        read = self._saved + text
        if self._stub is None and "127.0.0.1:8080" in read and "mockserver serve" not in read:
            self.start_stub()

    def _run(self, command: tuple[str, ...], text: str) -> subprocess.CompletedProcess[str]:
        errors = subprocess.DEVNULL if "curl" in command[-1] else subprocess.STDOUT  # curl shows its progress there.
        return subprocess.run(
            command,
            input=text,
            cwd=self._folder,
            env=self._environment,
            stdout=subprocess.PIPE,
            stderr=errors,
            encoding="utf-8",
            timeout=SECONDS,
            check=False,
        )

    def _hide_ports(self, text: str) -> str:
        for shown, port in self._ports.items():
            text = re.sub(rf"\b{shown}\b", port, text)
        return text

    def _show_ports(self, text: str) -> str:
        for shown, port in self._ports.items():
            text = re.sub(rf"\b{port}\b", shown, text)
        return text


class _Stub:
    """A running `mockserver serve`, whose output is read line by line."""

    def __init__(self, command: list[str], folder: Path, environment: Mapping[str, str]) -> None:
        self._process = subprocess.Popen(
            command, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8"
        )
        self._lines: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            if not line.startswith("NOTE: ::1 "):  # Of a machine without IPv6.
                self._lines.put(line.rstrip("\n"))
        self._lines.put(None)

    def read_line(self) -> str:
        line = self._lines.get(timeout=SECONDS)
        assert line is not None, f"The stub ended with {self._process.wait(SECONDS)}."
        return line

    def read_start(self) -> Iterator[str]:
        line = ""
        while line != _LAST_LINE:
            line = self.read_line()
            yield line

    def end(self) -> int:
        self._process.terminate()
        code = self._process.wait(SECONDS)
        self._reader.join()
        assert self._process.stdout is not None
        self._process.stdout.close()
        return code


def is_same(shown: str, printed: str) -> bool:
    """Whether an output is the one that a page shows, in which a line `...` stands for any lines."""
    parts = re.split(r"^\.\.\.\n", f"{make_steady(shown).strip()}\n", flags=re.MULTILINE)
    pattern = r"(?:.*\n)*".join(map(re.escape, parts))
    return re.fullmatch(pattern, f"{make_steady(printed).strip()}\n") is not None


def make_steady(text: str) -> str:
    """Return the text without what differs from run to run."""
    for pattern, steady in CHANGING:
        text = pattern.sub(steady, text)
    return text


def _find_port() -> str:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return str(found.getsockname()[1])
