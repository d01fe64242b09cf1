"""What stands on the terminal, line by line, and what can never get there."""

from __future__ import annotations

import io
import logging
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from textwrap import dedent
from urllib.parse import urlsplit

import pytest

from mockserver import create_app
from mockserver.commands.console import (
    LONGEST_TARGET,
    SHOWN_LINKS,
    Console,
    describe_stub,
    escape,
    set_up_logging,
    show_line,
    show_problem,
)
from mockserver.documents.wording import count
from mockserver.http.messages import Exchange, Reply, Request
from mockserver.http.sources import Source
from mockserver.stub.loading import load_stub
from mockserver.version import __version__

Write = Callable[[str, str], Path]

URL = "http://127.0.0.1:8080"
LOGGERS = ("mockserver", "waitress")

ONE_ANSWER = "answers: [{name: one, operation: getCustomer, when: {id: a b}, reply: {status: 404}}]"

PLAIN_CONTRACT = """\
    openapi: 3.1.0
    info: {title: Plain, version: "1"}
    paths:
      /things/{key}:
        delete:
          operationId: removeThing
          parameters:
            - {name: key, in: path, required: true, schema: {type: string}, examples: {last: {value: a/b}}}
            - {name: hard, in: query, schema: {type: boolean}, examples: {last: {value: true}}}
          responses: {"204": {description: Gone.}}
      /things:
        delete: {operationId: removeAll, responses: {"204": {description: Gone.}}}
    """


def show_at_five(line: Callable[[Console], None], *, quiet: bool = False) -> None:
    line(Console(lambda: datetime.fromisoformat("2026-11-23T17:00:05"), quiet=quiet))


@pytest.fixture
def unread(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], io.TextIOWrapper]]:
    """Makes `sys.stdout` or `sys.stderr` a pipe that nobody reads."""
    with ExitStack() as streams:

        def replace(name: str) -> io.TextIOWrapper:
            reading, writing = os.pipe()
            os.close(reading)
            raw = io.BufferedWriter(io.FileIO(writing, "w"))
            stream = streams.enter_context(io.TextIOWrapper(raw, encoding="utf-8"))
            monkeypatch.setattr(sys, name, stream)
            return stream

        yield replace


@pytest.fixture
def logging_set_up() -> Iterator[None]:
    before = {name: list(logging.getLogger(name).handlers) for name in LOGGERS}
    set_up_logging()
    yield
    for name in LOGGERS:
        logging.getLogger(name).handlers[:] = before[name]


def test_start_shows_url_then_links_then_counts(write: Write, capsys: pytest.CaptureFixture[str]) -> None:
    stub = load_stub(fixtures=write("answers.yaml", ONE_ANSWER), seed="7")

    show_at_five(lambda console: console.show_start(stub, URL))

    assert capsys.readouterr().out == dedent(f"""\
        mockserver {__version__} serves Q-Flow Customers at {URL}
          GET /API/Customers/{{id}} and /Customers/{{id}}
            found    {URL}/API/Customers/100200300?idType=1&idTypeExtRef=NATIONAL-ID
            sparse   {URL}/API/Customers/200000000
            missing  {URL}/API/Customers/not-found
            one      {URL}/API/Customers/a%20b
          0 records and 1 answer, others are generated (seed 7); {URL}/__mock/
        Stop with Ctrl-C.
        """)


def test_quiet_start_shows_the_url_alone(capsys: pytest.CaptureFixture[str]) -> None:
    stub = load_stub()

    show_at_five(lambda console: console.show_start(stub, URL), quiet=True)

    assert capsys.readouterr().out == f"mockserver {__version__} serves Q-Flow Customers at {URL}\n"


@pytest.mark.parametrize("base_path", ["/API", "/", "/grüße"])
def test_every_link_of_the_shipped_stub_leads_to_what_it_is_called(base_path: str) -> None:
    stub = load_stub(base_path=base_path)
    client = create_app(base_path=base_path).test_client()
    rows = [line.split() for line in describe_stub(stub, URL) if line.startswith("    ")]

    answers = {name: client.get(url.removeprefix(URL)) for name, url in rows}

    assert all(url.isascii() for _, url in rows)
    assert {
        name: (answer.status_code, answer.headers["X-Mock-Source"].split(":")[0]) for name, answer in answers.items()
    } == {
        "found": (200, "record fixtures/customers.yaml"),
        "sparse": (200, "record fixtures/customers.yaml"),
        "missing": (404, "answer not-found fixtures/answers.yaml"),
        "not-found": (404, "answer not-found fixtures/answers.yaml"),
        "server-error": (500, "answer server-error fixtures/answers.yaml"),
    }


@pytest.mark.parametrize("prefix", ["/__mock", "/__mock/", "/a/b", "/grüße"])
def test_link_to_the_page_leads_there(prefix: str) -> None:
    *_, last = describe_stub(load_stub(prefix=prefix), URL)

    answer = create_app(prefix=prefix).test_client().get(urlsplit(last.split()[-1]).path)

    assert last.isascii()
    assert (answer.status_code, answer.mimetype) == (200, "text/html")


@pytest.mark.parametrize(
    ("source", "told"),
    [("auto", "others are generated"), ("fixtures", "others are not found"), ("generated", "all are generated")],
)
def test_table_tells_where_records_come_from(source: str, told: str, write: Write) -> None:
    fixtures = write("customers.yaml", "schema: Customer\nrecords: [{PersonalId: a}]")

    *_, last = describe_stub(load_stub(fixtures=fixtures, source=source), URL)

    assert last == f"  1 record and 0 answers, {told} (seed 0); {URL}/__mock/"


@pytest.mark.parametrize(
    ("when", "link"),
    [
        ("{id: x}", "/x"),
        ("{id: [x, y]}", "/x"),
        ("{id: x, idType: [3, 4]}", "/x?idType=3"),
        ("{id: x/y%}", "/x%2Fy%25"),
        ("{id: {matches: x+}}", None),
        ("{id: x, idTypeExtRef: {matches: x+}}", None),
        ("{idType: 3}", None),
        ("{}", None),
        ("{id: ''}", None),
        ("{id: null}", None),
    ],
)
def test_answer_has_a_link_where_one_can_ask_for_it(when: str, link: str | None, write: Write) -> None:
    answers = f"answers: [{{name: mine, operation: getCustomer, when: {when}, reply: {{status: 404}}}}]"
    stub = load_stub(fixtures=write("answers.yaml", answers))

    rows = [line.split() for line in describe_stub(stub, URL) if line.startswith("    mine ")]

    assert rows == ([["mine", f"{URL}/API/Customers{link}"]] if link else [])


def test_name_of_example_and_answer_shows_both_links(write: Write) -> None:
    answers = "answers: [{name: found, operation: getCustomer, when: {id: x}, reply: {status: 404}}]"
    stub = load_stub(fixtures=write("answers.yaml", answers))

    rows = [line.split()[1] for line in describe_stub(stub, URL) if line.startswith("    found ")]

    customers = f"{URL}/API/Customers"
    assert rows == [f"{customers}/100200300?idType=1&idTypeExtRef=NATIONAL-ID", f"{customers}/x"]


def test_table_stays_short(write: Write) -> None:
    row = "{{name: n{0}, operation: getCustomer, when: {{id: x{0}}}, reply: {{status: 404}}}}"
    answers = ", ".join(row.format(number) for number in range(1000))
    stub = load_stub(fixtures=write("answers.yaml", f"answers: [{answers}]"))

    lines = list(describe_stub(stub, URL))

    assert len(lines) == SHOWN_LINKS + 3
    assert lines[-2:] == [
        f"    and {1003 - SHOWN_LINKS} more",
        f"  0 records and 1000 answers, others are generated (seed 0); {URL}/__mock/",
    ]


def test_table_of_another_contract(write: Write) -> None:
    contract = write("plain.yaml", PLAIN_CONTRACT) / "plain.yaml"
    answers = """\
        answers:
          - {name: one, operation: removeThing, when: {key: b}, reply: {status: 403}}
          - {name: all, operation: removeAll, when: {}, reply: {status: 403}}
        """
    stub = load_stub(contract=contract, fixtures=write("mine/answers.yaml", answers) / "mine")

    assert list(describe_stub(stub, URL)) == [
        "  DELETE /things/{key}",
        f"    last  {URL}/things/a%2Fb?hard=true",
        f"    one   {URL}/things/b",
        "  DELETE /things",
        f"    all  {URL}/things",
        f"  0 records and 2 answers, others are generated (seed 0); {URL}/__mock/",
    ]


@pytest.mark.parametrize(
    ("method", "target", "source", "shown"),
    [
        ("GET", "/Customers/1?idType=1", "generated", "GET /Customers/1?idType=1 200 generated"),
        ("GET", "/a", "record fixtures/customers.yaml:12", "GET /a 200 record fixtures/customers.yaml:12"),
        ("GET", "/a b\tc", "generated", "GET /a%20b\\tc 200 generated"),
        ("GET", "/\x1b[2J\r\n\x07\x7f", "generated", "GET /\\x1b[2J\\r\\n\\x07\\x7f 200 generated"),
        ("GET", "/é\u202eא\x9b1m", "generated", "GET /\\xe9\\u202e\\u05d0\\x9b1m 200 generated"),
        ("G\x1bT", "/a", "generated", "G\\x1bT /a 200 generated"),
        ("GET", "/a", "answer \x1b[31mדנה\n\u202e f.yaml:1", "GET /a 200 answer \\x1b[31mדנה\\n\\u202e f.yaml:1"),
    ],
)
def test_exchange_is_one_line(
    method: str, target: str, source: str, shown: str, capsys: pytest.CaptureFixture[str]
) -> None:
    exchange = Exchange(Request(method, target), Reply(200), Source(source))

    show_at_five(lambda console: console.show_exchange(exchange, 0.00125))

    assert capsys.readouterr().out == f"17:00:05 {shown} 1.2 ms\n"


@pytest.mark.parametrize(
    ("session", "fault", "shown"),
    [
        ("A", None, "generated in session A"),
        ("x" * 81, "reset", f"generated in session {'x' * 80} with reset"),
        (None, "dribble", "generated with dribble"),
    ],
)
def test_exchange_is_shown_with_session_and_fault(
    session: str | None, fault: str | None, shown: str, capsys: pytest.CaptureFixture[str]
) -> None:
    exchange = Exchange(Request("GET", "/a"), Reply(200), Source("generated"), session, fault)

    show_at_five(lambda console: console.show_exchange(exchange, 0.001))

    assert capsys.readouterr().out == f"17:00:05 GET /a 200 {shown} 1.0 ms\n"


def test_quiet_console_shows_no_exchange(capsys: pytest.CaptureFixture[str]) -> None:
    exchange = Exchange(Request("GET", "/a"), Reply(200), Source("generated"))

    show_at_five(lambda console: console.show_exchange(exchange, 0.001), quiet=True)

    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize("quiet", [False, True])
def test_reload_is_told_on_standard_error(quiet: bool, capsys: pytest.CaptureFixture[str]) -> None:
    show_at_five(lambda console: console.show_reload("דנה.yaml:1:2: \x1b[31m odd\nline"), quiet=quiet)

    assert capsys.readouterr() == ("", "דנה.yaml:1:2: \\x1b[31m odd\\nline\n")


@pytest.mark.parametrize(
    ("text", "shown"),
    [("/" + "a" * (LONGEST_TARGET - 1), "/" + "a" * (LONGEST_TARGET - 1)), ("a" * 9999, "a" * LONGEST_TARGET + "...")],
)
def test_long_target_is_cut(text: str, shown: str) -> None:
    assert escape(text) == shown


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("plain \\ text: דנה 😀 é", "plain \\ text: דנה 😀 é"),
        ("a\x1b[31m\nb\r\x85\u2028c\t\x00", "a\\x1b[31m\\nb\\r\\x85\\u2028c\\t\\x00"),
        ("\u202eevil\u2066\udcff\U000e0001", "\\u202eevil\\u2066\\udcff\\U000e0001"),
    ],
)
def test_line_cannot_move_the_cursor(line: str, shown: str, capsys: pytest.CaptureFixture[str]) -> None:
    show_line(line)
    show_problem(line)

    assert capsys.readouterr() == (f"{shown}\n", f"{shown}\n")


@pytest.mark.parametrize(("number", "shown"), [(0, "0 records"), (1, "1 record"), (2, "2 records")])
def test_count_is_written_as_one_says_it(number: int, shown: str) -> None:
    assert count(number, "record") == shown


@pytest.mark.parametrize(("name", "show"), [("stdout", show_line), ("stderr", show_problem)])
def test_stream_that_nobody_reads_is_no_failure(
    name: str, show: Callable[[str], None], unread: Callable[[str], io.TextIOWrapper]
) -> None:
    stream = unread(name)

    show("first")
    show("second")
    stream.flush()

    assert os.fstat(stream.fileno()).st_rdev == Path(os.devnull).stat().st_rdev


def test_program_without_a_terminal_is_no_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", None)
    monkeypatch.setattr(sys, "stderr", None)

    show_line("nobody")
    show_problem("reads this")


@pytest.mark.usefixtures("logging_set_up")
@pytest.mark.parametrize("name", ["mockserver", "waitress", "waitress.queue"])
def test_logged_warning_is_one_line(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    logging.getLogger(name).error("broken: %s", "a\n\x1b[31mb")

    assert capsys.readouterr() == ("", "ERROR: broken: a\\n\\x1b[31mb\n")


@pytest.mark.usefixtures("logging_set_up")
def test_logged_exception_is_one_line_with_the_place_that_raised_it(capsys: pytest.CaptureFixture[str]) -> None:
    def fail() -> None:
        raise ValueError("odd\nvalue")

    try:
        fail()
    except ValueError as error:
        logging.getLogger("mockserver").warning("GET '/' could not be answered.", exc_info=error)

    line = fail.__code__.co_firstlineno + 1
    assert capsys.readouterr().err == (
        f"WARNING: GET '/' could not be answered. ValueError('odd\\nvalue') at {__file__}:{line}\n"
    )


@pytest.mark.usefixtures("logging_set_up")
@pytest.mark.parametrize(
    ("exc_info", "told"), [(ValueError("never raised"), " ValueError('never raised')"), (True, "")]
)
def test_logged_exception_may_have_no_place(
    exc_info: Exception | bool, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    logging.getLogger("mockserver").error("Failed.", exc_info=exc_info)

    assert capsys.readouterr().err == f"ERROR: Failed.{told}\n"


@pytest.mark.usefixtures("logging_set_up")
def test_logged_exception_stays_whole_for_other_handlers(caplog: pytest.LogCaptureFixture) -> None:
    error = ValueError("odd")

    logging.getLogger("mockserver").error("Failed.", exc_info=error)

    assert [record.exc_info for record in caplog.records] == [(ValueError, error, None)]
