"""Who may change the stub, by the caller's address, Host, Origin and token."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from mockserver import create_app
from mockserver.web.admin.guard import find_objection
from tests.support.serving import ask, running
from tests.support.wsgi import make_environ

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

OTHERWISE = "Send Authorization: Bearer with the token of --admin-token."
FAR = f"Only callers on the same machine, by 127.0.0.1 or localhost, may use this address. {OTHERWISE}"
WITHOUT_TOKEN = (
    "Only callers with the token of --admin-token may use this address. Send it as Authorization: Bearer, "
    "or start the stub with --admin-local to trust this machine."
)
LOCAL = "127.0.0.1"
TOKEN = "s3cret"
EVIL = "http://evil.example"


def environ(
    address: str | None = LOCAL,
    host: str | None = "localhost:8080",
    origin: str | None = None,
    authorization: str | None = None,
    scheme: str = "http",
) -> WSGIEnvironment:
    headers = {"HTTP_HOST": host, "HTTP_ORIGIN": origin, "HTTP_AUTHORIZATION": authorization}
    return make_environ(REMOTE_ADDR=address, url_scheme=scheme, **headers)


def foreign_host(host: str) -> str:
    return f"The Host {host!r} is not a name of this machine, such as 127.0.0.1 or localhost. {OTHERWISE}"


def foreign_origin(origin: str) -> str:
    return f"A page of {origin!r} may not use this address. {OTHERWISE}"


@pytest.mark.parametrize("address", [LOCAL, "127.0.0.2", "127.255.255.254", "::1", "::ffff:127.0.0.1", "::1%lo"])
def test_caller_on_this_machine_may(address: str) -> None:
    assert find_objection(environ(address), None) is None


@pytest.mark.parametrize(
    "address",
    [
        *("192.168.0.7", "10.0.0.1", "172.17.0.1", "169.254.1.1", "203.0.113.9", "0.0.0.0"),
        *("::", "fe80::1", "fe80::1%eth0", "fd00::1", "2001:db8::1", "::ffff:192.168.0.7", "::ffff:0:0"),
        *("", "localhost", "unknown", "127.0.0.1, 10.0.0.1", "127.0.0.1%eth0", None),
    ],
)
def test_caller_elsewhere_may_not(address: str | None) -> None:
    assert find_objection(environ(address), None) == FAR


FORWARDING = {
    "HTTP_FORWARDED": "Forwarded",
    "HTTP_X_FORWARDED": "X-Forwarded",
    "HTTP_X_FORWARDED_FOR": "X-Forwarded-For",
    "HTTP_X_FORWARDED_HOST": "X-Forwarded-Host",
    "HTTP_X_FORWARDED_PROTO": "X-Forwarded-Proto",
    "HTTP_X_FORWARDED_SERVER": "X-Forwarded-Server",
    "HTTP_FORWARDED_FOR": "Forwarded-For",
    "HTTP_X_REAL_IP": "X-Real-Ip",
    "HTTP_VIA": "Via",
}
"""Headers that a proxy adds, by their keys of WSGI."""


@pytest.mark.parametrize("value", [LOCAL, "203.0.113.9", ""])
@pytest.mark.parametrize("key", FORWARDING)
def test_proxy_makes_no_caller_local(key: str, value: str) -> None:
    told = f"The header {FORWARDING[key]} shows that a proxy sent this for a caller elsewhere. {OTHERWISE}"

    assert find_objection({**environ(), key: value}, None) == told
    assert find_objection({**environ(), key: value}, TOKEN, trusts_local=True) == told
    assert find_objection({**environ("192.168.0.7"), key: value}, None) == FAR


@pytest.mark.parametrize(("header", "status"), [("X-Own", 204), *((header, 403) for header in FORWARDING.values())])
def test_server_shows_what_a_proxy_adds(header: str, status: int) -> None:
    with running(create_app()) as server:
        assert ask(server, "/__mock/reset", {header: "203.0.113.9"}, "POST").status == status


@pytest.mark.parametrize("key", ["HTTP_X_FORWARD", "HTTP_FORWARDS", "HTTP_X_REAL_IPS", "HTTP_X_VIA", "HTTP_VIABLE"])
def test_other_headers_leave_a_caller_local(key: str) -> None:
    assert find_objection({**environ(), key: "203.0.113.9"}, None) is None


@pytest.mark.parametrize(
    "host",
    [
        *("localhost", "localhost:8080", "localhost:", "LOCALHOST:80", "localhost.", "localhost.:8080"),
        *("a.localhost", "a.b.localhost:8080", "Stub.LocalHost.", "127.0.0.1", "127.0.0.1:8080", "127.0.0.1."),
        *("127.1.2.3:80", "[::1]", "[::1]:8080", "[::ffff:127.0.0.1]:1"),
    ],
)
def test_host_may_be_any_name_of_this_machine(host: str) -> None:
    assert find_objection(environ(host=host), None) is None


@pytest.mark.parametrize(
    "host",
    [
        *("evil.example", "evil.example:8080", "127.0.0.1.evil.example", "localhost.evil.example:80", "notlocalhost"),
        *("localhost..", "127.0.0.1.nip.io", "192.168.0.7:8080", "0.0.0.0:8080", "[::]:8080", "[fe80::1]"),
        *("127.0.0.1@evil.example", "evil.example:127.0.0.1", "127.0.0.1%evil.example", "localhost, evil.example"),
        *("localhost:80:evil", "localhost:8080x", "127.1", "2130706433", "0x7f000001", "http://localhost", " ", "[]"),
        *("", None, "x" * 200),
    ],
)
def test_host_of_any_other_name_may_not(host: str | None) -> None:
    assert find_objection(environ(host=host), None) == foreign_host((host or "")[:80])


@pytest.mark.parametrize(
    ("scheme", "host", "origin"),
    [
        ("http", "localhost:8080", "http://localhost:8080"),
        ("http", "LOCALHOST:8080", "HTTP://localhost:8080"),
        ("http", "127.0.0.1", "http://127.0.0.1"),
        ("http", "[::1]:8080", "http://[::1]:8080"),
        ("https", "localhost", "https://localhost"),
    ],
)
def test_page_of_the_same_origin_may(scheme: str, host: str, origin: str) -> None:
    assert find_objection(environ(host=host, origin=origin, scheme=scheme), None) is None


@pytest.mark.parametrize(
    "origin",
    [
        *("http://localhost:3000", "http://localhost", "https://localhost:8080", "http://127.0.0.1:8080", EVIL),
        *("http://localhost:8080.evil.example", f"{EVIL}/http://localhost:8080", "http://a.localhost:8080"),
        *("http://localhost:8080/", "localhost:8080", "null", "file://", "", f"http://{'x' * 200}"),
    ],
)
def test_page_of_another_origin_may_not(origin: str) -> None:
    assert find_objection(environ(origin=origin), None) == foreign_origin(origin[:80])


@pytest.mark.parametrize("authorization", [f"Bearer {TOKEN}", f"bearer {TOKEN}", f"BEARER  {TOKEN} "])
@pytest.mark.parametrize("address", [LOCAL, "203.0.113.9", None])
@pytest.mark.parametrize("host", ["localhost:8080", "stub.example", None])
@pytest.mark.parametrize("origin", [None, EVIL, "null"])
@pytest.mark.parametrize("trusts_local", [False, True])
def test_caller_with_the_token_may_from_anywhere(
    trusts_local: bool, address: str | None, host: str | None, origin: str | None, authorization: str
) -> None:
    forwarded = {**environ(address, host, origin, authorization), "HTTP_VIA": "1.1 x"}

    assert find_objection(forwarded, TOKEN, trusts_local=trusts_local) is None


@pytest.mark.parametrize(
    "authorization",
    [
        *(None, "", "Bearer", "Bearer ", "Bearer wrong", f"Bearer {TOKEN}x", f"Bearer {TOKEN[:-1]}"),
        *(f"Bearer {TOKEN.upper()}", TOKEN, f"Basic {TOKEN}", f"Bearer:{TOKEN}", f"Bearer {TOKEN} {TOKEN}"),
        *("Bearer s3cr\xe9t", "Bearer \u05d3\u05e0\u05d4"),
    ],
    ids=ascii,
)
@pytest.mark.parametrize(
    ("address", "host", "origin", "objection"),
    [
        ("203.0.113.9", "localhost:8080", None, FAR),
        (LOCAL, "evil.example", None, foreign_host("evil.example")),
        (LOCAL, "localhost:8080", EVIL, foreign_origin(EVIL)),
        (LOCAL, "localhost:8080", None, None),
    ],
)
def test_wrong_token_changes_nothing(
    address: str, host: str, origin: str | None, objection: str | None, authorization: str | None
) -> None:
    asked = environ(address, host, origin, authorization)

    assert find_objection(asked, TOKEN) == WITHOUT_TOKEN
    assert find_objection(asked, TOKEN, trusts_local=True) == objection


@pytest.mark.parametrize("authorization", ["Bearer", "Bearer ", "Bearer None", f"Bearer {TOKEN}"])
def test_without_a_token_no_header_helps(authorization: str) -> None:
    assert find_objection(environ("203.0.113.9", authorization=authorization), None) == FAR
