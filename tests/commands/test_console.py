"""What stands on the terminal, line by line, and what can never get there."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from textwrap import dedent
from urllib.parse import urlsplit

import pytest

from mockserver import create_app
from mockserver.commands.console import Console, describe_stub
from mockserver.commands.terminal import Writer
from mockserver.http.messages import Reply
from mockserver.version import __version__
from tests.support.exchanges import make_exchange
from tests.support.files import Write
from tests.support.locks import watch
from tests.support.stubs import load_stub

URL = "http://127.0.0.1:8080"
CUSTOMERS = f"{URL}/API/Customers"

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


def answer(name: str, when: str = "{id: x}", operation: str = "getCustomer") -> str:
    return f"{{name: {name}, operation: {operation}, when: {when}, reply: {{status: 404}}}}"


@contextmanager
def console(*, quiet: bool = False, coloured: bool = False) -> Iterator[Console]:
    def clock() -> datetime:
        return datetime.fromisoformat("2026-11-23T17:00:05")

    timer = iter((10.0, 3675.9))
    with Writer() as writer:
        yield Console(writer, clock, lambda: next(timer), quiet=quiet, coloured=coloured)


# The start table


@pytest.mark.parametrize("quiet", [False, True])
def test_start_shows_url_then_links_then_counts(quiet: bool, write: Write, capsys: pytest.CaptureFixture[str]) -> None:
    stub = load_stub(fixtures=write("answers.yaml", f"answers: [{answer('one', '{id: a b}')}]"), seed="7")

    with console(quiet=quiet) as shown:
        shown.show_start(stub, URL, "mockserver.toml")

    first = f"mockserver {__version__} serves Q-Flow Customers at {URL}\n"
    table = dedent(f"""\
          GET /API/Customers/{{id}} and /Customers/{{id}}
            found    200 generated  {CUSTOMERS}/100200300?idType=1&idTypeExtRef=NATIONAL-ID
            sparse   200 generated  {CUSTOMERS}/200000000
            missing  200 generated  {CUSTOMERS}/not-found
            one      404 answer     {CUSTOMERS}/a%20b
          0 records and 1 answer, others are generated (seed 7); {URL}/__mock/
          settings are read from mockserver.toml
        Stop with Ctrl-C.
        """)
    assert capsys.readouterr().out == (first if quiet else first + table)


@pytest.mark.parametrize(("base_path", "prefix"), [("/API", "/__mock/"), ("/", "/a/b"), ("/grüße", "/grüße/b")])
def test_links_lead_to_what_they_are_called(base_path: str, prefix: str) -> None:
    client = create_app(base_path=base_path, prefix=prefix).test_client()
    *lines, last = describe_stub(load_stub(base_path=base_path, prefix=prefix), URL)
    rows = [line.split() for line in lines if line.startswith("    ")]

    answers = {name: client.get(url.removeprefix(URL)) for name, _, _, url in rows}
    page = client.get(urlsplit(last.split()[-1]).path)

    assert "\n".join([*lines[1:], last]).isascii()
    assert [(status, kind) for _, status, kind, _ in rows] == [
        (str(each.status_code), each.headers["X-Mock-Source"].split()[0]) for each in answers.values()
    ]
    assert (page.status_code, page.mimetype) == (200, "text/html")
    assert {
        name: (each.status_code, each.headers["X-Mock-Source"].split(":")[0]) for name, each in answers.items()
    } == {
        "found": (200, "record fixtures/customers.yaml"),
        "sparse": (200, "record fixtures/customers.yaml"),
        "missing": (404, "answer not-found fixtures/answers.yaml"),
        "not-found": (404, "answer not-found fixtures/answers.yaml"),
        "server-error": (500, "answer server-error fixtures/answers.yaml"),
    }


@pytest.mark.parametrize(
    ("source", "told"),
    [("auto", "others are generated"), ("fixtures", "others are not found"), ("generated", "all are generated")],
)
def test_table_tells_where_records_come_from(source: str, told: str, write: Write) -> None:
    fixtures = write("customers.yaml", "schema: Customer\nrecords: [{PersonalId: a}]")

    *_, last = describe_stub(load_stub(fixtures=fixtures, source=source), URL)

    assert last == f"  1 record and 0 answers, {told} (seed 0); {URL}/__mock/"


def test_reachable_answer_has_a_link(write: Write) -> None:
    answers = [answer("found"), answer("mine", "{id: [y, z], idType: [3, 4]}"), answer("any", "{id: {matches: x+}}")]
    stub = load_stub(fixtures=write("answers.yaml", f"answers: [{', '.join(answers)}]"))

    rows = [tuple(line.split()) for line in describe_stub(stub, URL) if line.startswith("    ")]

    found = f"{CUSTOMERS}/100200300?idType=1&idTypeExtRef=NATIONAL-ID"
    assert rows == [
        ("found", "200", "generated", found),
        *rows[1:3],
        ("found", "404", "answer", f"{CUSTOMERS}/x"),
        ("mine", "404", "answer", f"{CUSTOMERS}/y?idType=3"),
        ("any", "404", "answer", f"{found}&__example=any"),
    ]


def test_table_shows_what_each_link_gives_now(write: Write) -> None:
    answers = [answer("all", "{}"), answer("hidden")]
    stub = load_stub(fixtures=write("answers.yaml", f"answers: [{', '.join(answers)}]"))

    rows = [tuple(line.split()[:2]) for line in describe_stub(stub, URL) if line.startswith("    ")]

    assert rows == [("found", "404"), ("sparse", "404"), ("missing", "404"), ("all", "404"), ("hidden", "404")]


def test_table_of_many_answers_stays_short(write: Write) -> None:
    answers = ", ".join(answer(f"n{number}", f"{{id: x{number}}}") for number in range(1000))

    lines = list(describe_stub(load_stub(fixtures=write("answers.yaml", f"answers: [{answers}]")), URL))

    counts = f"  0 records and 1000 answers, others are generated (seed 0); {URL}/__mock/"
    assert (len(lines), lines[-2:]) == (23, ["    and 983 more", counts])


def test_table_of_another_contract(write: Write) -> None:
    contract = write("plain.yaml", PLAIN_CONTRACT) / "plain.yaml"
    answers = f"answers: [{answer('one', '{key: b}', 'removeThing')}, {answer('all', '{}', 'removeAll')}]"
    stub = load_stub(contract=contract, fixtures=write("mine/answers.yaml", answers) / "mine")

    assert list(describe_stub(stub, URL)) == [
        "  DELETE /things/{key}",
        f"    last  404 framework  {URL}/things/a%2Fb?hard=true",
        f"    one   404 answer     {URL}/things/b",
        "  DELETE /things",
        f"    all  404 answer  {URL}/things",
        f"  0 records and 2 answers, others are generated (seed 0); {URL}/__mock/",
    ]


# One line at a time


def line(method: str, target: str, source: str) -> str:
    return f"17:00:05 200     1.2 ms  {method:7} {target:36}  {source}\n"


@pytest.mark.parametrize(
    ("method", "target", "source", "shown"),
    [
        ("GET", "/Customers/1?idType=1", "generated", line("GET", "/Customers/1?idType=1", "generated")),
        ("OPTIONS", "/a", "preflight", line("OPTIONS", "/a", "preflight")),
        ("GET", "/a b\tc", "generated", line("GET", "/a%20b\\tc", "generated")),
        ("GET", "/\x1b[2J\r\n\x07\x7f", "generated", line("GET", "/\\x1b[2J\\r\\n\\x07\\x7f", "generated")),
        ("GET", "/é\u202eא\x9b1m", "generated", line("GET", "/\\xe9\\u202e\\u05d0\\x9b1m", "generated")),
        ("G\x1bT", "/a", "generated", line("G\\x1bT", "/a", "generated")),
        (
            "GET",
            "/a",
            "answer \x1b[31mדנה\n\u202e f.yaml:1",
            line("GET", "/a", "answer \\x1b[31mדנה\\n\\u202e f.yaml:1"),
        ),
        ("GET", "a" * 200, "generated", line("GET", "a" * 200, "generated")),
        ("GET", "a" * 9999, "generated", line("GET", f"{'a' * 200}...", "generated")),
    ],
    ids=str,
)
def test_exchange_is_one_line_of_columns(
    method: str, target: str, source: str, shown: str, capsys: pytest.CaptureFixture[str]
) -> None:
    exchange = make_exchange(method, target, source=source)

    with console() as loud, console(quiet=True) as silent:
        loud.show_exchange(exchange)
        silent.show_exchange(exchange)

    assert capsys.readouterr() == (shown, "")


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
    exchange = make_exchange("GET", "/a", session=session, fault=fault)

    with console() as loud:
        loud.show_exchange(exchange)

    assert capsys.readouterr().out == line("GET", "/a", shown)


def test_hints_stand_below_the_line(capsys: pytest.CaptureFixture[str]) -> None:
    exchange = make_exchange("GET", "/a", hints=("Write \x1b[31m", "/שם."))

    with console(coloured=True) as loud, console(quiet=True) as silent:
        for shown in (loud, silent):
            shown.show_exchange(exchange)

    shown_line = line("GET", "/a", "generated").replace("200", "\x1b[32m200\x1b[0m")
    assert capsys.readouterr() == (f"{shown_line}         Write %1B[31m /%D7%A9%D7%9D.\n", "")


def test_status_alone_is_coloured(capsys: pytest.CaptureFixture[str]) -> None:
    with console(coloured=True) as shown:
        shown.show_exchange(make_exchange("GET", "/\x1b[31m", Reply(404), "\x1b[31m"))

    shown_line = line("GET", "/\\x1b[31m", "\\x1b[31m")
    assert capsys.readouterr().out == shown_line.replace("200", "\x1b[33m404\x1b[0m")


@pytest.mark.parametrize(
    ("statuses", "told"),
    [
        ([], "0 requests answered."),
        ([404], "1 request answered: 1 with 4xx."),
        ([500, 200, 404, 299, 201], "5 requests answered: 3 with 2xx, 1 with 4xx, 1 with 5xx."),
    ],
)
def test_end_counts_requests_by_class(statuses: list[int], told: str, capsys: pytest.CaptureFixture[str]) -> None:
    with console() as loud, console(quiet=True) as silent:
        for shown in (loud, silent):
            for status in statuses:
                shown.show_exchange(make_exchange(reply=Reply(status)))
            shown.show_end()

    assert capsys.readouterr().out.splitlines()[len(statuses) :] == [f"Stopped after 1:01:05. {told}"]


def test_requests_are_counted_under_the_lock() -> None:
    with console() as shown:
        shown._answered, seen = watch(shown._answered, shown._lock.locked)

        shown.show_exchange(make_exchange())
        shown.show_end()

    assert set(seen) == {True}


@pytest.mark.parametrize("quiet", [False, True])
def test_warnings_of_fixtures_are_told_on_standard_error(
    quiet: bool, write: Write, capsys: pytest.CaptureFixture[str]
) -> None:
    records = "schema: Customer\nrecords: [{PersonalId: a, Sex: 3}]"
    stub = load_stub(fixtures=write("customers.yaml", records), on_breach="warn")

    with console(quiet=quiet) as shown:
        shown.show_warnings(stub)

    finding = "Sex is 3, the contract allows 0 to 2. Change the record or the contract."
    assert capsys.readouterr().err.endswith(f"customers.yaml:2:32: {finding}\n")
