"""Records of a provider as fixtures: what is asked, what is replaced, what is refused."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import pytest

from mockserver.conformance.editions import read_edition
from mockserver.documents.problems import StartError
from mockserver.generation.members import list_personal
from mockserver.http.messages import Reply
from mockserver.provider.addresses import read_address
from mockserver.provider.capture import Capture, Captured
from mockserver.provider.client import Client
from mockserver.provider.judge import Judge
from tests.support.providers import ask_stub, make_json, providing, write_reply
from tests.support.stubs import load_stub

PERSONAL = {"FirstName", "LastName", "Email", "TelNumber1", "TelNumber2", "DOB", "Notes", "ExtRef", "CustomProperties"}
DANA = ask_stub()("/API/Customers/100200300")


def capture(
    answer: Callable[[str, bytes], Iterable[bytes]], personal: frozenset[str] = list_personal(), missing: str = "empty"
) -> Captured:
    stub = load_stub(missing=missing)
    [operation] = stub.contract.operations
    judge = Judge(read_edition(stub.contract_path), stub.schemas, frozenset(), lambda _: False)
    with providing(answer) as url:
        client = Client(read_address(url), sleep=lambda _: None)
        schema = stub.contract.components["Customer"]
        return Capture(client, judge, operation, schema, stub.generator, personal).capture({"id": "a b"})


def send(reply: Reply) -> Callable[[str, bytes], Iterable[bytes]]:
    return lambda _target, _head: [write_reply(reply)]


def change(**members: Any) -> Reply:
    return make_json(200, json.dumps({**json.loads(DANA.body), **members}))


def test_people_data_is_replaced() -> None:
    targets = []

    def answer(target: str, _head: bytes) -> Iterator[bytes]:
        targets.append(target)
        yield write_reply(DANA)

    found = capture(answer)

    assert targets == ["/Customers/a%20b"]
    assert (found.status, found.findings) == (200, ())
    assert found.replaced == PERSONAL
    members, given = found.members or {}, json.loads(DANA.body)
    assert list(members) == list(given)
    assert {name for name, value in members.items() if value != given[name]} == PERSONAL
    assert None not in members.values()


def test_replaced_values_can_be_repeated() -> None:
    assert capture(send(DANA)) == capture(send(DANA))


def test_blank_members_stay_blank() -> None:
    found = capture(send(change(FirstName=None, LastName="", Notes=" ", CustomProperties={})))

    assert found.replaced == PERSONAL - {"FirstName", "LastName", "Notes", "CustomProperties"}
    assert found.members is not None
    assert [found.members[name] for name in ("FirstName", "LastName", "Notes", "CustomProperties")] == [
        None,
        "",
        " ",
        {},
    ]


def test_member_that_is_not_personal_stays() -> None:
    found = capture(send(DANA), frozenset({"Notes"}))

    assert found.replaced == {"Notes"}
    assert found.members is not None
    assert found.members["FirstName"] == "Dana"


def test_member_that_selects_stays() -> None:
    found = capture(send(DANA), frozenset({"PersonalId"}))

    assert found.replaced == frozenset()


@pytest.mark.parametrize(
    ("reply", "status"),
    [(Reply(404), 404), (make_json(400, '{"Message":"No."}'), 400), (make_json(500, '{"Message":"No."}'), 500)],
)
def test_other_answer_is_no_record(reply: Reply, status: int) -> None:
    assert capture(send(reply)) == Captured(status)


def test_null_is_no_record() -> None:
    assert capture(send(make_json(200, "null")), missing="null") == Captured(404)


def test_breach_is_named() -> None:
    found = capture(send(change(Sex=64)))

    [finding] = found.findings
    assert found.members is None
    assert finding.text.startswith("Sex is 64, the contract allows 0 to 2.")


def test_broken_answer_ends_it() -> None:
    with pytest.raises(StartError) as caught:
        capture(lambda _target, _head: [write_reply(DANA, 5000)])

    told = str(caught.value)
    assert told.startswith("The answer to GET /Customers/a%20b ends too early, after ")
    assert told.endswith(" of 5000 bytes. Mend the provider.")


def test_redirect_to_another_host_ends_it() -> None:
    with pytest.raises(StartError) as caught:
        capture(send(Reply(302, (("Location", "http://example.com/"),))))

    finding = "The provider redirects GET /Customers/a%20b, and that is another host."
    assert str(caught.value) == f"{finding} Check the URL, or mend the provider."
