"""Lines of curl: a shell reads them as the request that they stand for."""

from __future__ import annotations

import shutil
import subprocess

import pytest

from mockserver.conformance.curl_lines import write_curl
from mockserver.http.headers import Headers
from mockserver.http.messages import Request
from mockserver.http.redaction import Redactor

URL = "http://127.0.0.1:8080/things/1"


def write(method: str, target: str = "", headers: Headers = (), body: bytes = b"") -> str:
    return write_curl(URL, Request(method, target, headers=headers, body=body), Redactor(None))


ROWS = [
    (write("GET"), ["curl", "-i", URL]),
    (write("HEAD"), ["curl", "-i", "--head", URL]),
    (write("DELETE", "?a=b&c=it's"), ["curl", "-i", "-X", "DELETE", f"{URL}?a=b&c=it's"]),
    (write("GET", "?a[]=1"), ["curl", "-i", "-g", f"{URL}?a[]=1"]),
    (write("GET", "/../2"), ["curl", "-i", "--path-as-is", f"{URL}/../2"]),
    (write("GET", headers=(("accept", "text/json"),)), ["curl", "-i", URL, "-H", "Accept: text/json"]),
    (write("GET", headers=(("Accept", ""),)), ["curl", "-i", URL, "-H", "Accept;"]),
    (
        write("GET", "?a=b&api_key=s3cret", (("Authorization", "s3cret"),)),
        ["curl", "-i", f"{URL}?a=b&api_key=redacted", "-H", "Authorization: redacted"],
    ),
    (write("POST", body="é $x".encode()), ["curl", "-i", "-X", "POST", URL, "--data-raw", "é $x"]),
    (write("GET", headers=(("X", "\x1b'\\\n"),)), ["curl", "-i", URL, "-H", "X: \x1b'\\\n"]),
    (write("PUT", body=b"\xff\x07"), ["curl", "-i", "-X", "PUT", URL, "--data-raw", "\udcff\x07"]),
]


@pytest.mark.skipif(shutil.which("bash") is None, reason="there is no bash")
@pytest.mark.parametrize(("line", "words"), ROWS)
def test_shell_reads_the_words(line: str, words: list[str]) -> None:
    script = f"set -- {line}; printf '%s\\0' \"$@\""

    done = subprocess.run(["bash", "-c", script], capture_output=True, check=True)

    assert done.stdout.decode(errors="surrogateescape").split("\0")[:-1] == words


@pytest.mark.parametrize("line", [line for line, _ in ROWS])
def test_line_can_be_shown(line: str) -> None:
    assert line.isprintable()
