"""Providers that are broken on purpose: each fault is found and named, and a healthy provider gives no finding."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from typing import Any, Final

import pytest

from mockserver.conformance.reports import Case, Finding, Kind
from mockserver.http.messages import Reply
from mockserver.stub.loading import Stub
from tests.provider.conftest import Check
from tests.support.files import Write
from tests.support.providers import ask_stub, make_json, providing, write_reply
from tests.support.stubs import load_stub

RECORDS: Final = """\
schema: Customer
records:
  - PersonalId: dana
    FirstName: Dana
    DOB: "1984-03-12T00:00:00+10:00"
    Sex: 2
    CustomProperties: {Branch: Collins Street}
answers:
  - {name: nobody, operation: getCustomer, when: {id: nobody}, reply: {status: 404}}
  - {name: wrong, operation: getCustomer, when: {id: dana, idType: 5}, reply: {status: 400, body: {Message: None.}}}
  - {name: barred, operation: getCustomer, when: {id: barred}, reply: {status: 405}}
"""

CUSTOMER: Final = "#/components/schemas/Customer"
RESPONSES: Final = "#/paths/~1Customers~1{id}/get/responses"
CHANGE: Final = "Change the provider or the contract."

Mend = Callable[[Reply], Reply | bytes]
"""Changes a good answer into a bad one, or into the bytes that are sent."""


def change(**members: Any) -> Mend:
    """Change members of the body; an ellipsis removes one."""

    def mend(reply: Reply) -> Reply:
        body = {**json.loads(reply.body), **members}
        return reply._replace(body=json.dumps({k: v for k, v in body.items() if v is not ...}).encode())

    return mend


def send_as(content_type: str, body: bytes | None = None, status: int = 200) -> Mend:
    def mend(reply: Reply) -> Reply:
        headers = (("Content-Type", content_type),) if content_type else ()
        return Reply(status, headers, reply.body if body is None else body)

    return mend


def lower_names(reply: Reply) -> Reply:
    return reply._replace(body=json.dumps({k.lower(): v for k, v in json.loads(reply.body).items()}).encode())


def compress(reply: Reply) -> Reply:
    return reply.with_headers((("Content-Encoding", "gzip"),))


HTML: Final = b"<!doctype html><title>Sorry</title>"
TYPES: Final = "the contract allows application/json and text/json"

BREACHES: Final[dict[str, tuple[str, Mend, str, str]]] = {
    "missing member": (
        "dana",
        change(Notes=...),
        f"Notes is missing, the contract requires it. {CHANGE}",
        f"{CUSTOMER}/properties/Notes",
    ),
    "null in a non-null one": (
        "dana",
        change(CustomerId=None),
        f"CustomerId is null, the contract does not allow null. {CHANGE}",
        f"{CUSTOMER}/properties/CustomerId",
    ),
    "Sex out of its range": (
        "dana",
        change(Sex=64),
        f"Sex is 64, the contract allows 0 to 2. {CHANGE}",
        f"{CUSTOMER}/properties/Sex",
    ),
    "over-long string": (
        "dana",
        change(FirstName="D" * 51),
        f"FirstName is '{'D' * 51}' (51 units), the contract allows at most 50 UTF-16 units. {CHANGE}",
        f"{CUSTOMER}/properties/FirstName",
    ),
    "number as text": (
        "dana",
        change(CustomerId="1001"),
        f"CustomerId is '1001', the contract wants an integer. {CHANGE}",
        f"{CUSTOMER}/properties/CustomerId",
    ),
    "undeclared member": (
        "dana",
        change(Nickname="Dee"),
        f"Nickname is 'Dee', the contract has no such member. {CHANGE}",
        f"{CUSTOMER}/additionalProperties",
    ),
    "a member twice": (
        "dana",
        lambda reply: reply._replace(body=reply.body.replace(b"{", b'{"Sex":1,', 1)),
        f"Sex is given twice, the contract allows it once. {CHANGE}",
        f"{CUSTOMER}/properties/Sex",
    ),
    "wrong inside": (
        "dana",
        change(CustomProperties={"Branch": 1}),
        f"CustomProperties.Branch is 1, the contract wants a string. {CHANGE}",
        f"{CUSTOMER}/properties/CustomProperties",
    ),
    "a day that there is not": (
        "dana",
        change(DOB="1984-02-30T00:00:00"),
        f"DOB is '1984-02-30T00:00:00', the contract wants a day that the calendar has. {CHANGE}",
        f"{CUSTOMER}/properties/DOB",
    ),
    "wrong media type": (
        "dana",
        send_as("application/xml"),
        f"Content-Type is 'application/xml', {TYPES}. {CHANGE}",
        f"{RESPONSES}/200/content",
    ),
    "no media type": (
        "dana",
        send_as(""),
        f"Content-Type is missing, {TYPES}. {CHANGE}",
        f"{RESPONSES}/200/content",
    ),
    "wrong charset": (
        "dana",
        send_as("application/json; charset=iso-8859-1"),
        "Content-Type is 'application/json; charset=iso-8859-1', the contract wants charset=utf-8 or charset=utf-16. "
        + CHANGE,
        f"{RESPONSES}/200/content",
    ),
    "HTML with 200": (
        "dana",
        send_as("text/html", HTML),
        f"Content-Type is 'text/html', {TYPES}. {CHANGE}",
        f"{RESPONSES}/200/content",
    ),
    "HTML that says it is JSON": (
        "dana",
        send_as("application/json", HTML),
        f"the body is '{HTML.decode()}', the contract wants JSON: expecting value: line 1 column 1 (char 0). {CHANGE}",
        CUSTOMER,
    ),
    "compressed": (
        "dana",
        compress,
        "Content-Encoding is 'gzip', though the request asks for identity. Change the provider.",
        f"{RESPONSES}/200",
    ),
    "truncated body": (
        "dana",
        lambda reply: write_reply(reply._replace(body=reply.body[:20]), 500),
        "The answer ends too early, after 20 of 500 bytes. Mend the provider.",
        "",
    ),
    "no body": (
        "dana",
        send_as("application/json", b""),
        f"the body is missing, the contract has content for 200. {CHANGE}",
        CUSTOMER,
    ),
    "wrong 404": (
        "nobody",
        lambda _: make_json(404, '{"error":"no"}'),
        f'the body is \'{{"error":"no"}}\', the contract has no content for 404. {CHANGE}',
        f"{RESPONSES}/404",
    ),
    "wrong error body": (
        "dana?idType=5",
        lambda _: make_json(400, "{}"),
        f"Message is missing, the contract requires it. {CHANGE}",
        "#/components/schemas/HttpError/properties/Message",
    ),
    "missing header": (
        "barred",
        lambda _: make_json(405, '{"Message":"No."}'),
        f"Allow is missing, the contract requires this header. {CHANGE}",
        "#/components/responses/MethodNotAllowed/headers/Allow",
    ),
    "undeclared status": (
        "dana",
        send_as("application/json", status=418),
        "The status is 418, which the contract does not declare for getCustomer. Declare it, or change the provider.",
        RESPONSES,
    ),
    "500 for a record": (
        "dana",
        lambda _: make_json(500, '{"Message":"An error has occurred."}'),
        "The status is 500, the fixture has 200. Mend the provider.",
        f"{RESPONSES}/500",
    ),
    "redirect to another host": (
        "dana",
        lambda _: Reply(302, (("Location", "http://example.com/login"),)),
        (
            "The provider redirects to 'http://example.com/login', and that is another host. "
            "Check the URL, or mend the provider."
        ),
        RESPONSES,
    ),
    "redirect in a circle": (
        "dana",
        lambda _: Reply(302, (("Location", "?"),)),
        (
            "The provider redirects to '{url}/API/Customers/dana', and it was there before. "
            "Check the URL, or mend the provider."
        ),
        RESPONSES,
    ),
}
"""The id that is answered wrongly, how, and what is said of it with the pointer into the contract."""

DIFFERENCES: Final[dict[str, tuple[str, Mend, str, str, int]]] = {
    "other value": (
        "dana",
        change(FirstName="Diana"),
        "FirstName is 'Diana', the fixture has 'Dana'. Change the fixture, or write volatile: [FirstName] in its file.",
        f"{CUSTOMER}/properties/FirstName",
        4,
    ),
    "date without zone against one with": (
        "dana",
        change(DOB="1984-03-12T00:00:00"),
        (
            "DOB is '1984-03-12T00:00:00', the fixture has '1984-03-12T00:00:00+10:00'. "
            "Change the fixture, or write volatile: [DOB] in its file."
        ),
        f"{CUSTOMER}/properties/DOB",
        5,
    ),
    "null": (
        "dana",
        change(Sex=None),
        "Sex is null, the fixture has 2. Change the fixture, or write volatile: [Sex] in its file.",
        f"{CUSTOMER}/properties/Sex",
        6,
    ),
    "property missing": (
        "dana",
        change(CustomProperties={}),
        (
            "CustomProperties.Branch is missing, the fixture has 'Collins Street'. "
            "Change the fixture, or write volatile: [CustomProperties] in its file."
        ),
        f"{CUSTOMER}/properties/CustomProperties",
        7,
    ),
    "other status for a record": (
        "dana",
        send_as("", b"", 404),
        "The status is 404, the fixture has 200. Change the fixture or the provider.",
        f"{RESPONSES}/404",
        3,
    ),
    "other status for an answer": (
        "nobody",
        lambda _: make_json(400, '{"Message":"No."}'),
        "The status is 400, the fixture has 404. Change the fixture or the provider.",
        f"{RESPONSES}/400",
        9,
    ),
    "other body for an answer": (
        "dana?idType=5",
        lambda _: make_json(400, '{"Message":"No."}'),
        "Message is 'No.', the fixture has 'None.'. Change the fixture, or write volatile: [Message] in its file.",
        "#/components/schemas/HttpError/properties/Message",
        10,
    ),
}
"""The same for answers that keep the contract and differ from a fixture, with the line of the fixture."""


@pytest.fixture
def stub(write: Write) -> Stub:
    return load_stub(fixtures=write("f/records.yaml", RECORDS) / "f")


ask = cache(ask_stub)


def break_provider(stub: Stub, key: str, mend: Mend) -> Callable[[str, bytes], Iterable[bytes]]:
    """Return the answers of a provider that is like the stub but for one id."""

    def answer(target: str, _head: bytes) -> Iterator[bytes]:
        reply: Reply | bytes = ask(fixtures=stub.fixtures.path)(target)
        assert isinstance(reply, Reply)
        if target == f"/API/Customers/{key}":
            reply = mend(reply)
        yield reply if isinstance(reply, bytes) else write_reply(reply)

    return answer


def list_findings(cases: Iterable[Case]) -> list[Finding]:
    return [finding for case in cases for finding in case.findings]


@pytest.mark.parametrize("name", BREACHES)
def test_breach_is_found_and_named(check: Check, stub: Stub, name: str) -> None:
    key, mend, text, pointer = BREACHES[name]
    with providing(break_provider(stub, key, mend)) as url:
        [found] = list_findings(check(stub, url))

    place = {"dana": 3, "nobody": 9, "dana?idType=5": 10, "barred": 11}[key]
    assert (found.kind, found.text, found.pointer) == (Kind.BREACH, text.replace("{url}", url), pointer)
    assert str(found.place) == f"{stub.fixtures.path}/records.yaml:{place}:1"
    target = f"'{url}/API/Customers/{key}'" if "?" in key else f"{url}/API/Customers/{key}"
    assert found.curl == f"curl -i {target} -H 'Accept: application/json, text/json'"


@pytest.mark.parametrize("name", DIFFERENCES)
def test_difference_is_found_and_named(check: Check, stub: Stub, name: str) -> None:
    key, mend, text, pointer, line = DIFFERENCES[name]
    with providing(break_provider(stub, key, mend)) as url:
        cases = check(stub, url)

    [found] = list_findings(cases)
    assert (found.kind, found.text, found.pointer) == (Kind.DIFFERENCE, text, pointer)
    assert found.place is not None
    assert found.place.line == line
    assert {case.verdict for case in cases} == {"passed"}


def test_lower_case_names_are_found(check: Check, stub: Stub) -> None:
    with providing(break_provider(stub, "dana", lower_names)) as url:
        found = list_findings(check(stub, url))

    assert {each.kind for each in found} == {Kind.BREACH}
    assert f"FirstName is missing, the contract requires it. {CHANGE}" in [each.text for each in found]
    unknown = "firstname is 'Dana', the contract has no such member; did you mean 'FirstName'?"
    assert f"{unknown} {CHANGE}" in [each.text for each in found]


def test_breach_and_difference_are_told_apart(check: Check, stub: Stub) -> None:
    with providing(break_provider(stub, "dana", change(Sex=64, FirstName="Diana"))) as url:
        found = list_findings(check(stub, url))

    assert [(each.kind, each.text.partition(" ")[0]) for each in found] == [
        (Kind.BREACH, "Sex"),
        (Kind.DIFFERENCE, "FirstName"),
    ]


def test_redirect_that_is_followed_is_a_note(check: Check, stub: Stub) -> None:
    good = ask(fixtures=stub.fixtures.path)

    def answer(target: str, _head: bytes) -> Iterable[bytes]:
        is_old = not target.startswith("/API/v2/")
        location = (("Location", target.replace("/API/", "/API/v2/")),)
        return [write_reply(Reply(301, location) if is_old else good(target.replace("/v2", "")))]

    with providing(answer) as url:
        found = list_findings(check(stub, url))

    texts = [each.text for each in found]
    remedy = "Clients that do not follow it get no answer."
    assert texts[0] == f"The provider redirects to '{url}/API/v2/Customers/dana'. {remedy}"
    assert {each.kind for each in found} == {Kind.NOTE}


def test_late_answer_could_not_be_checked(check: Check, stub: Stub) -> None:
    def answer(_target: str, _head: bytes) -> Iterator[bytes]:
        yield b"HTTP/1.1 200 OK\r\n"
        time.sleep(1)

    with providing(answer) as url:
        cases = check(stub, url, seconds=0.1)

    finding = f"{url}/API has let 3 requests in a row wait for too long."
    assert [each.text for each in list_findings(cases)] == [
        "The answer does not go on for 0.1 s. Mend the provider.",
        "The answer does not go on for 0.1 s. Mend the provider.",
        f"{finding} Mend the provider, or check the URL.",
    ]
    assert [case.verdict for case in cases] == ["unchecked"] * 3 + ["skipped"]


def test_unreachable_provider_is_asked_once(check: Check, stub: Stub) -> None:
    with providing(lambda _target, _head: []) as url:
        pass

    cases = check(stub, url)

    assert [case.verdict for case in cases] == ["unchecked", "skipped", "skipped", "skipped"]
    assert {case.skipped for case in cases[1:]} == {"The provider could not be reached."}


ALWAYS: Final[dict[str, Callable[[str], Reply]]] = {
    "HTML": lambda _: Reply(200, (("Content-Type", "text/html"),), HTML),
    "redirected to itself": lambda target: Reply(302, (("Location", target),)),
}


@pytest.mark.parametrize("name", ALWAYS)
def test_provider_that_is_always_wrong_is_asked_five_times(check: Check, name: str) -> None:
    with providing(lambda target, _head: [write_reply(ALWAYS[name](target))]) as url:
        cases = check(load_stub(), url)

    assert [case.verdict for case in cases] == ["failed"] * 5 + ["skipped"] * 14
    assert {case.skipped for case in cases[5:]} == {"The 5 answers before it are wrong in the same way. Check the URL."}


def test_provider_that_always_lacks_a_member_is_asked_for_all(check: Check) -> None:
    good = ask_stub()
    with providing(lambda target, _head: [write_reply(good(target)).replace(b'"Sex":', b'"Sax":')]) as url:
        cases = check(load_stub(), url)

    assert [case.verdict for case in cases] == ["failed"] * 17 + ["passed", "skipped"]


def test_secret_member_is_not_shown(check: Check, stub: Stub) -> None:
    with providing(break_provider(stub, "dana", change(ApiToken="abc"))) as url:
        [found] = list_findings(check(stub, url))

    assert found.text == f"ApiToken is a secret, the contract has no such member. {CHANGE}"


@pytest.mark.parametrize("ignored", ["DOB", "CustomProperties.Branch"])
def test_ignored_member_may_differ(check: Check, stub: Stub, ignored: str) -> None:
    changed = change(DOB="1999-01-01T00:00:00", CustomProperties={"Branch": "Harbour Street"})
    with providing(break_provider(stub, "dana", changed)) as url:
        [found] = list_findings(check(stub, url, [ignored]))

    assert not found.text.startswith(f"{ignored} ")


def test_volatile_member_may_differ(check: Check, write: Write) -> None:
    stub = load_stub(fixtures=write("f/records.yaml", f"{RECORDS}volatile: [DOB, Sex]\n") / "f")
    with providing(break_provider(stub, "dana", change(DOB=None, Sex=0))) as url:
        assert list_findings(check(stub, url)) == []


@pytest.mark.parametrize("seed", range(20))
def test_healthy_provider_gives_no_finding(check: Check, stub: Stub, seed: int) -> None:
    healthy = ask_stub(fixtures=stub.fixtures.path, seed=seed)
    with providing(lambda target, _head: [write_reply(healthy(target))]) as url:
        cases = check(stub, url)

    assert [(case.verdict, case.findings) for case in cases] == [("passed", ())] * 4
