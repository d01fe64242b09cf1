"""`mockserver coverage`: what it prints of a running stub, its exit code, and what it says if there is none."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from flask import Flask, Response

from mockserver.web.app import create_app
from tests.support.process import invoke
from tests.support.serving import ask, running


def run(*arguments: str) -> tuple[int, str, str]:
    return invoke("coverage", *arguments)


def test_coverage_is_printed() -> None:
    with running(create_app()) as server:
        ask(server, "/Customers/1")

        plain, as_json, of_session = (
            run(server.url, *each) for each in ((), ("--format", "json"), ("--session", "A", "--format", "markdown"))
        )

    assert (plain[0], plain[1].splitlines()[2], plain[2]) == (0, "getCustomer", "")
    assert json.loads(as_json[1])["covered"] > 0
    assert of_session[1].startswith("**Coverage 0 %")


@pytest.mark.parametrize(("least", "code"), [("0", 0), ("1", 0), ("100", 1)])
def test_exit_code_tells_of_too_little(least: str, code: int) -> None:
    with running(create_app()) as server:
        ask(server, "/Customers/1")

        assert run(server.url, "--min", least)[0] == code


def test_token_and_prefix_are_given() -> None:
    with running(create_app(admin_token="t0ken", prefix="/stub")) as server:
        refused, allowed = (run(server.url, "--prefix", "/stub", *each) for each in ((), ("--admin-token", "t0ken")))

    assert (refused[0], refused[1], allowed[0]) == (2, "", 0)
    assert refused[2].startswith(f"{server.url}/stub/coverage answers 403: Only callers with the token")


def test_prefix_and_token_are_settings_like_others(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    Path("mockserver.toml").write_text('prefix = "/stub"\n', encoding="utf-8")
    monkeypatch.setenv("MOCKSERVER_ADMIN_TOKEN", "t0ken")
    with running(create_app(admin_token="t0ken", prefix="/stub")) as server:
        assert run(server.url)[0] == 0


@pytest.mark.parametrize("url", ["", "localhost:8080", "ftp://h", "http://", "file:///etc/passwd"])
def test_wrong_url_is_told(url: str) -> None:
    assert run(url) == (
        2,
        "",
        f"{url!r} is no URL of a stub. Write one such as http://localhost:8080.\n",
    )


def test_stub_that_is_not_there_is_told() -> None:
    code, output, errors = run("http://127.0.0.1:1")

    assert (code, output) == (2, "")
    assert errors.startswith("No stub answers at http://127.0.0.1:1: ")
    assert errors.endswith(". Start one with mockserver serve.\n")


@pytest.mark.parametrize(("status", "body"), [(404, b"<html>"), (500, b"{}"), (404, b"[]"), (404, b"\xff")])
def test_server_that_is_no_stub_is_told(status: int, body: bytes) -> None:
    app = Flask(__name__)
    app.register_error_handler(404, lambda _: Response(body, status))

    with running(app) as server:
        code, _, errors = run(server.url)

    finding = f"{server.url}/__mock/coverage answers {status}: this is no stub."
    assert (code, errors) == (2, f"{finding} Write the URL that the stub has printed, and its --prefix.\n")
