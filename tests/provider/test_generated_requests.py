"""Generated requests to a provider: a healthy one gives no finding, faults on odd requests are found."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Final

import pytest

from mockserver.conformance.editions import read_edition
from mockserver.conformance.reports import Case, Kind
from mockserver.http.messages import Reply
from mockserver.http.secret_names import SecretNames
from mockserver.provider.addresses import read_address
from mockserver.provider.client import SAFE_METHODS, Client
from mockserver.provider.generated_requests import GeneratedRequests
from mockserver.provider.given_headers import read_given_headers
from tests.support.contracts import THINGS
from tests.support.files import Write
from tests.support.providers import ask_stub, make_json, providing, write_reply
from tests.support.stubs import load_stub

SEEDS: Final = int(os.environ.get("SCHEMATHESIS_SEEDS", "20"))
"""How many seeds are tried; more is better and slower."""


def make_requests(url: str, budget: int, seed: str = "0", **settings: object) -> GeneratedRequests:
    stub = load_stub(**settings)  # type: ignore[arg-type]  # They come by name.
    given = read_given_headers(["Authorization: ${TOKEN}"], {"TOKEN": "s3cret"}, SecretNames())
    client = Client(read_address(f"{url}/API"), given, sleep=lambda _: None)
    return GeneratedRequests(client, stub.contract, read_edition(stub.contract_path), SAFE_METHODS, budget, seed)


def send(answer: Callable[[str, bytes], Iterable[bytes]], budget: int = 60) -> list[Case]:
    with providing(answer) as url:
        return list(make_requests(url, budget).send())


good = ask_stub()


@pytest.mark.parametrize("seed", range(SEEDS))
def test_healthy_provider_gives_no_finding(seed: int) -> None:
    with providing(lambda target, _head: [write_reply(good(target))]) as url:
        requests = make_requests(url, 60, str(seed))
        cases = list(requests.send())

    assert [each.kind for case in cases for each in case.findings] == [Kind.NOTE]
    note = cases[-1].findings[0].text
    assert note == "All 60 generated requests are sent. --max-requests allows more."
    assert requests.client.sent == 60


def test_failure_on_an_odd_id_is_found() -> None:
    def answer(target: str, _head: bytes) -> Iterator[bytes]:
        is_odd = not re.match("/API/Customers/[0-9a-z-]+(?![^?])", target)
        yield write_reply(make_json(500, '{"Message":"An error has occurred."}') if is_odd else good(target))

    found = [each for case in send(answer, 140) for each in case.findings if each.kind is Kind.BREACH]

    assert found
    assert {each.text.partition(".")[0] for each in found} == {"Server error"}
    assert {each.pointer for each in found} == {"#/paths/~1Customers~1{id}/get"}
    for each in found:
        assert re.fullmatch(r'curl -i \S*http://127\.0\.0\.1:\d+/API/.+ -H "Authorization: \$\{TOKEN\}"', each.curl)


def test_accepted_nonsense_is_found() -> None:
    cases = send(lambda target, _head: [write_reply(good(target.partition("?")[0]))])

    found = [each.text.partition(":")[0] for case in cases for each in case.findings if each.kind is Kind.BREACH]
    assert set(found) == {"Schema-violating request accepted"}


def test_answer_that_is_none_could_not_be_checked() -> None:
    def answer(target: str, _head: bytes) -> Iterator[bytes]:
        reply = good(target)
        yield write_reply(reply, len(reply.body) + 1)

    found = [each for case in send(answer, 5) for each in case.findings]

    assert Kind.UNCHECKED in {each.kind for each in found}
    assert any("The answer to GET /Customers/" in each.text for each in found)


def test_provider_that_goes_away_is_told() -> None:
    with providing(lambda _target, _head: []) as url:
        pass

    [*_, last] = make_requests(url, 5).send()

    [finding] = last.findings
    assert (last.group, finding.kind) == ("generated requests", Kind.UNCHECKED)
    assert finding.text.startswith(f"{url}/API cannot be reached: ")


def test_interruption_is_passed_on(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object) -> Reply:
        raise KeyboardInterrupt

    monkeypatch.setattr(Client, "ask", interrupt)

    with pytest.raises(KeyboardInterrupt):
        list(make_requests("http://127.0.0.1:1", 5).send())


def test_other_methods_are_left_out(write: Write) -> None:
    text = THINGS.replace("    get:", "    summary: s\n    delete:").replace("Thing", "Customer")
    folder = write("none/a.yaml", "answers: []") / "none"
    contract = write("openapi.yaml", text) / "openapi.yaml"

    cases = make_requests("http://127.0.0.1:1", 5, contract=contract, fixtures=folder, source="fixtures").send()

    assert {case.verdict for case in cases} == {"skipped"}
