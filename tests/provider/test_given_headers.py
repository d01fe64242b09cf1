"""Headers for a provider: what is sent, what a curl line shows, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from mockserver.documents.problems import SettingError
from mockserver.http.secret_names import SecretNames
from mockserver.provider.given_headers import GivenHeaders, read_given_headers

VARIABLES = {"TOKEN": "s3cret", "NAME": "s3cret-name", "SHORT": "abc", "LINES": "a\nb"}


def read(*given: str) -> GivenHeaders:
    return read_given_headers(given, VARIABLES, SecretNames(["tenant"]))


@pytest.mark.parametrize(
    ("given", "header", "option"),
    [
        ("Accept: text/json", ("Accept", "text/json"), '-H "Accept: text/json"'),
        ("X-A:", ("X-A", ""), '-H "X-A:"'),
        ("X-A: ${SHORT}, ${SHORT}", ("X-A", "abc, abc"), '-H "X-A: ${SHORT}, ${SHORT}"'),
        ('X-A: $a `b` "c" \\', ("X-A", 'X-A: $a `b` "c" \\'[5:]), '-H "X-A: \\$a \\`b\\` \\"c\\" \\\\"'),
        ("Authorization: Bearer ${TOKEN}", ("Authorization", "Bearer s3cret"), '-H "Authorization: Bearer ${TOKEN}"'),
    ],
)
def test_header_is_read(given: str, header: tuple[str, str], option: str) -> None:
    found = read(given)

    assert (found.headers, found.options) == ((header,), (option,))


def test_secrets_are_hidden_longest_first() -> None:
    found = read("Authorization: ${TOKEN}", "tenant: ${NAME} ${SHORT}", "X-A: ${SHORT}")

    assert found.secrets == (("s3cret-name", "${NAME}"), ("s3cret", "${TOKEN}"))
    assert found.hide("s3cret-name, s3cret, abc") == "${NAME}, ${TOKEN}, abc"


def test_headers_are_read_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "headers.txt"
    file.write_text("X-A: 1\n\nAuthorization: Bearer abcdef\n", encoding="utf-8")

    found = read(f"@{file}")

    assert found.headers == (("X-A", "1"), ("Authorization", "Bearer abcdef"))
    assert found.options == (f'-H "@{file}"',)
    assert found.hide("Bearer abcdef") == f"(Authorization of {file})"


@pytest.mark.parametrize(
    ("given", "text"),
    [
        ("no colon", "'no colon' is not a header. Write one such as 'Accept: application/json'."),
        ("a b: c", "'a b' is not a header. Write one such as 'Accept: application/json'."),
        ("Content-Length: 5", "Content-Length is written for each request. Leave it out."),
        ("Transfer-Encoding: chunked", "Transfer-Encoding is written for each request. Leave it out."),
        ("X-A: ${NONE}", "The variable NONE is not set. Set it, or write another name."),
        ("X-A: ${LINES}", "The value of X-A is not printable ASCII. Change it."),
        ("X-A: é", "The value of X-A is not printable ASCII. Change it."),
        (
            "Tenant: acme",
            "Tenant holds a secret. Write 'Tenant: ${VARIABLE}' or @FILE, as others can read a command line.",
        ),
    ],
)
def test_wrong_header_is_told(given: str, text: str) -> None:
    with pytest.raises(SettingError) as caught:
        read(given)

    assert (caught.value.name, caught.value.text) == ("header", text)


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (b"secret text", "a line of @headers is not a header. Write one such as 'Accept: application/json'."),
        (b"X-A: \xff", "'headers' cannot be read: it is not UTF-8. Name a file of headers."),
        (b"X-A: \x07", "The value of X-A of headers is not printable ASCII. Change it."),
        (None, "'headers' cannot be read: No such file or directory. Name a file of headers."),
    ],
)
def test_wrong_file_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: bytes | None, text: str) -> None:
    monkeypatch.chdir(tmp_path)
    if content is not None:
        Path("headers").write_bytes(content)

    with pytest.raises(SettingError) as caught:
        read("@headers")

    assert caught.value.text == text
