"""The client of a provider: what it sends, and where it stops."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import pytest

from mockserver.documents.problems import SettingError
from mockserver.http.messages import Reply
from mockserver.http.secret_names import SecretNames
from mockserver.provider.addresses import read_address
from mockserver.provider.client import LIMITS, Client, Limits, NoAnswerError, UnreachableError
from mockserver.provider.given_headers import read_given_headers
from tests.support.certificates import make_context, write_certificate
from tests.support.providers import Answer, make_json, providing, write_reply
from tests.support.waiting import SECONDS

PATIENT: Final = replace(LIMITS, read_seconds=SECONDS, total_seconds=SECONDS, bytes=2**20, late=2)
IMPATIENT: Final = replace(PATIENT, read_seconds=0.05)
SHORT: Final = replace(PATIENT, total_seconds=0.2)
"""Limits that a test can wait for."""

HEAD: Final = b"HTTP/1.1 200 OK\r\n"


def make_client(url: str, **arguments: Any) -> Client:
    return Client(read_address(url), **{"sleep": lambda _: None, **arguments})


def echo(target: str, head: bytes) -> Iterable[bytes]:
    """Answer with the request."""
    return [write_reply(make_json(200, json.dumps([target, head.decode().split("\r\n")[:-1]])))]


def test_request_is_sent_as_it_is() -> None:
    with providing(echo) as url:
        given = read_given_headers(["X-A: 1", "X-B: 2"], {}, SecretNames())
        answered = make_client(f"{url}/API/", given=given).ask("GET", "/a%2Fb%c3?q='é", (("x-b", "3"),))

    target, lines = json.loads(answered.reply.body)
    assert target == "/API/a%2Fb%c3?q='%C3%A9"
    assert lines == [
        f"GET {target} HTTP/1.1",
        f"Host: {url.removeprefix('http://')}",
        "x-b: 3",
        "X-A: 1",
        "Accept-Encoding: identity",
        "Connection: close",
    ]


def test_given_host_and_a_body_are_sent() -> None:
    with providing(echo) as url:
        given = read_given_headers(["Host: example.com"], {}, SecretNames())
        answered = make_client(url, given=given).ask("POST", "/a", body=b"abc")

    _, lines = json.loads(answered.reply.body)
    found = [line for line in lines if line.startswith(("Host", "Content-Length"))]
    assert found == ["Host: example.com", "Content-Length: 3"]


def test_answer_to_head_has_no_body() -> None:
    with providing(lambda _target, _head: [HEAD + b"Content-Length: 5\r\n\r\n"]) as url:
        assert make_client(url).ask("HEAD", "/").reply == Reply(200, (("Content-Length", "5"),))


def test_secret_that_comes_back_is_hidden() -> None:
    reply = Reply(200, (("Content-Type", "text/plain"), ("X-Echo", "for s3cret")), b"you are s3cret")
    with providing(lambda _target, _head: [write_reply(reply)]) as url:
        given = read_given_headers(["Authorization: Bearer ${TOKEN}"], {"TOKEN": "s3cret"}, SecretNames())
        found = make_client(url, given=given).ask("GET", "/").reply

    assert found.header("X-Echo") == "for ${TOKEN}"
    assert found.body == b"you are ${TOKEN}"


# What is no answer


def drip(_target: str, _head: bytes) -> Iterator[bytes]:
    """Send a body that never ends, a byte at a time, each before the client loses patience."""
    yield HEAD + b"\r\n"
    while True:
        time.sleep(0.01)
        yield b"x"


def flood(_target: str, _head: bytes) -> Iterator[bytes]:
    yield HEAD + b"\r\n"
    while True:
        yield bytes(2**16)


def continue_for_ever(_target: str, _head: bytes) -> Iterator[bytes]:
    while True:
        yield b"HTTP/1.1 100 Continue\r\n\r\n"


def stay_silent(_target: str, _head: bytes) -> Iterator[bytes]:
    yield HEAD
    time.sleep(0.5)


def send(*pieces: bytes) -> Answer:
    return lambda _target, _head: pieces


BROKEN: Final[dict[str, tuple[Answer, Limits, str]]] = {
    "silent": (stay_silent, IMPATIENT, "does not go on for 0.05 s"),
    "dripping": (drip, SHORT, "is not whole after 0.2 s"),
    "never beginning": (continue_for_ever, SHORT, "is not whole after 0.2 s"),
    "endless": (flood, PATIENT, "is larger than 1,048,576 bytes"),
    "truncated": (send(HEAD, b"Content-Length: 9\r\n\r\nabc"), PATIENT, "ends too early, after 3 of 9 bytes"),
    "truncated in a chunk": (
        send(HEAD, b"Transfer-Encoding: chunked\r\n\r\n5\r\nab"),
        PATIENT,
        "ends too early, in the middle of a chunk",
    ),
    "empty": (send(), PATIENT, "cannot be read: Remote end closed connection without response"),
    "no HTTP": (send(b"SSH-2.0-OpenSSH\r\n"), PATIENT, "cannot be read: SSH-2.0-OpenSSH"),
    "too many headers": (
        send(HEAD, b"a: b\r\n" * 200, b"\r\n"),
        PATIENT,
        "cannot be read: got more than 100 headers",
    ),
}
"""Answers, the limits of the client, and what is said of each."""


@pytest.mark.parametrize("name", BROKEN)
def test_answer_that_is_none_is_told(name: str) -> None:
    answer, limits, reason = BROKEN[name]
    with providing(answer) as url, pytest.raises(NoAnswerError) as caught:
        make_client(url, limits=limits).ask("GET", "/")

    assert str(caught.value) == reason
    assert caught.value.is_late is (limits is not PATIENT)


def test_client_gives_up_after_late_answers() -> None:
    with providing(stay_silent) as url:
        client = make_client(url, limits=IMPATIENT)
        with pytest.raises(NoAnswerError):
            client.ask("GET", "/")
        with pytest.raises(UnreachableError) as caught:
            client.ask("GET", "/")

    finding = f"{url} has let 2 requests in a row wait for too long."
    assert str(caught.value) == f"{finding} Mend the provider, or check the URL."


def test_answer_in_time_ends_a_row_of_late_ones() -> None:
    def answer(target: str, head: bytes) -> Iterable[bytes]:
        return stay_silent(target, head) if target == "/late" else echo(target, head)

    with providing(answer) as url:
        client = make_client(url, limits=IMPATIENT)
        for _ in range(3):
            client.limits = IMPATIENT
            with pytest.raises(NoAnswerError):
                client.ask("GET", "/late")
            client.limits = PATIENT
            assert client.ask("GET", "/").reply.status == 200


# Connections


def test_refused_connection_is_tried_again() -> None:
    with providing(echo) as url:
        pass
    slept: list[float] = []

    with pytest.raises(UnreachableError) as caught:
        make_client(url, sleep=slept.append).ask("GET", "/")

    assert str(caught.value).startswith(f"{url} cannot be reached: ")
    assert str(caught.value).endswith(". Start the provider, or write another URL.")
    assert len(slept) == 2


def test_provider_that_starts_late_is_reached() -> None:
    with providing(echo) as url:
        client = make_client(url)
        real, client.address = client.address, replace(client.address, port=1)

        def start(_seconds: float) -> None:
            client.address = real

        client.sleep = start

        assert client.ask("GET", "/").reply.status == 200


def test_requests_keep_their_rate() -> None:
    slept: list[float] = []
    with providing(echo) as url:
        limits = replace(LIMITS, rate=4)
        client = make_client(url, limits=limits, timer=lambda: 0.0, sleep=slept.append)
        for _ in range(3):
            client.ask("GET", "/")

    assert slept == [0.0, 0.25, 0.5]
    assert client.sent == 3


def test_trusted_certificate_is_enough(tmp_path: Path) -> None:
    with providing(echo, make_context(tmp_path)) as url:
        client = make_client(url, authorities=write_certificate(tmp_path))

        assert client.ask("GET", "/").reply.status == 200


@pytest.mark.parametrize(
    ("host", "reason"),
    [
        ("127.0.0.1", "self-signed certificate"),
        ("localhost", "Hostname mismatch, certificate is not valid for 'localhost'"),
    ],
)
def test_wrong_certificate_is_refused(tmp_path: Path, host: str, reason: str) -> None:
    trusted = write_certificate(tmp_path) if host == "localhost" else None
    with providing(echo, make_context(tmp_path)) as url:
        named = url.replace("127.0.0.1", host)
        with pytest.raises(UnreachableError) as caught:
            make_client(named, authorities=trusted).ask("GET", "/")

    told = str(caught.value).replace("self signed", "self-signed")
    remedy = "Name the certificates to trust with --cacert."
    assert told == f"{named}: its certificate is not trusted: {reason}. {remedy}"


def test_missing_certificates_are_told(tmp_path: Path) -> None:
    file = tmp_path / "none.pem"

    with pytest.raises(SettingError) as caught:
        make_client("https://example.com", authorities=file)

    finding = f"'{file}' cannot be used: No such file or directory."
    assert (caught.value.name, caught.value.text) == ("cacert", f"{finding} Name a file of certificates in PEM form.")


# Redirects


def redirect(*places: str) -> Answer:
    """Answer that sends a client from each place to the next one; the last one is answered."""

    def answer(target: str, head: bytes) -> Iterable[bytes]:
        if target not in places[:-1]:
            return echo(target, head)
        return [write_reply(Reply(302, (("Location", places[places.index(target) + 1]),)))]

    return answer


def test_redirect_on_the_same_host_is_followed() -> None:
    with providing(redirect("/a", "/b?c=d", "/e")) as url:
        answered = make_client(url).ask("GET", "/a")

    assert json.loads(answered.reply.body)[0] == "/e"
    assert (answered.redirects, answered.refusal) == ((f"{url}/b?c=d", f"{url}/e"), "")


def host(head: bytes) -> str:
    return head.decode().partition("Host: ")[2].partition("\r\n")[0]


REFUSED: Final = {
    "to another host": (("/a", "http://example.com/b"), "that is another host"),
    "to another port": (("/a", "http://127.0.0.1:1/b"), "that is another host"),
    "to another scheme": (("/a", "https://127.0.0.1/b"), "that is another host"),
    "with a name": (("/a", "http://me@{}/b"), "that is another host"),
    "to no URL": (("/a", "http://127.0.0.1:port/b"), "that is no URL"),
    "to a broken URL": (("/a", "http://[/b"), "that is no URL"),
    "to itself": (("/a", "/a"), "it was there before"),
    "in a circle": (("/a", "/b", "/c", "/b"), "it was there before"),
    "on and on": (("/a", "/b", "/c", "/d", "/e", "/f", "/g", "/h"), "these are 6 in a row"),
}
"""Redirects, and why the last one is not followed."""


@pytest.mark.parametrize("name", REFUSED)
def test_other_redirects_are_not_followed(name: str) -> None:
    places, reason = REFUSED[name]
    with providing(lambda target, head: redirect(*(each.format(host(head)) for each in places))(target, head)) as url:
        answered = make_client(url).ask("GET", "/a")

    assert (answered.reply.status, answered.refusal) == (302, reason)


def test_redirect_of_another_method_is_not_followed() -> None:
    with providing(redirect("/a", "/b")) as url:
        client = make_client(url)
        answered = client.ask("POST", "/a")

    assert (answered.redirects, answered.refusal, client.sent) == ((f"{url}/b",), "POST is sent once", 1)


def test_declared_redirect_is_an_answer() -> None:
    with providing(redirect("/a", "/b")) as url:
        answered = make_client(url).ask("GET", "/a", declared=(302,))

    assert answered.reply == Reply(302, (("Location", "/b"), ("Content-Length", "0")))
    assert answered.redirects == ()
