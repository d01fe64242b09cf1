"""What is read of a WSGI environment: target, host, headers and session."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from mockserver.http.headers import Headers
from mockserver.http.messages import HEADER_LINES, Request
from mockserver.web.environ import pair_with_keys, read_request, read_session, read_target, split_session
from tests.support.wsgi import make_environ

RAW = {"PATH_INFO": "/a/b", "QUERY_STRING": "c=%64"}
STUB = {"SCRIPT_NAME": "/stub", "PATH_INFO": "/a"}


@pytest.mark.parametrize(
    ("environ", "target"),
    [
        # The raw target, under the two names that servers have for it.
        ({**RAW, "REQUEST_URI": "/a%2Fb?c=%64"}, "/a%2Fb?c=%64"),
        ({**RAW, "RAW_URI": "/a%2Fb?c=%64"}, "/a%2Fb?c=%64"),
        ({"REQUEST_URI": "//a", "PATH_INFO": "/a"}, "//a"),
        ({"REQUEST_URI": "http://h/a?b", "PATH_INFO": "/a", "QUERY_STRING": "b"}, "http://h/a?b"),
        ({"REQUEST_URI": "*", "PATH_INFO": ""}, "*"),
        ({"REQUEST_URI": "/a?", "PATH_INFO": "/a", "QUERY_STRING": ""}, "/a?"),
        # Werkzeug's test client gives a query apart from the raw target.
        ({"REQUEST_URI": "/a", "RAW_URI": "/a", "PATH_INFO": "/a", "QUERY_STRING": "b=c"}, "/a?b=c"),
        # Bytes beyond ASCII, which WSGI gives as Latin-1.
        ({"REQUEST_URI": "/\xc3\xa9?\xff", "PATH_INFO": "/\xc3\xa9", "QUERY_STRING": "\xff"}, "/%C3%A9?%FF"),
        # Only the decoded path.
        ({"PATH_INFO": "/Customers/a b", "QUERY_STRING": "idType=%31"}, "/Customers/a%20b?idType=%31"),
        ({"PATH_INFO": "/Customers/%?#\xd7\xa9"}, "/Customers/%25%3F%23%D7%A9"),
        ({"PATH_INFO": "/Customers/+&=@:;,~!$'()*"}, "/Customers/+&=@:;,~!$'()*"),
        ({"REQUEST_URI": "", "PATH_INFO": ""}, ""),
        # Mounted below a path, which does not belong to the API.
        ({**STUB, "REQUEST_URI": "/stub/a%2Fb?c"}, "/a%2Fb?c"),
        ({**STUB, "REQUEST_URI": "/stub", "PATH_INFO": ""}, ""),
        ({**STUB, "REQUEST_URI": "/stub?c", "PATH_INFO": "", "QUERY_STRING": "c"}, "?c"),
        ({**STUB, "REQUEST_URI": "/my%20stub/a", "SCRIPT_NAME": "/my stub"}, "/a"),
        ({**STUB, "QUERY_STRING": "b"}, "/a?b"),
        ({**STUB, "REQUEST_URI": "/%73tub/a%2Fb?c=/d"}, "/a%2Fb?c=/d"),
        ({**STUB, "REQUEST_URI": "http://h:1/stub/a?c"}, "http://h:1/a?c"),
        ({**STUB, "REQUEST_URI": "http://h/stub", "PATH_INFO": ""}, "http://h"),
        ({**STUB, "REQUEST_URI": "/stub/", "PATH_INFO": "/"}, "/"),
        ({**STUB, "REQUEST_URI": "/stub//a", "PATH_INFO": "//a"}, "//a"),
        ({**STUB, "REQUEST_URI": "/st%C3%BCb/a", "SCRIPT_NAME": "/st\xc3\xbcb"}, "/a"),
        ({**STUB, "REQUEST_URI": "/a/b/c", "SCRIPT_NAME": "/a/b"}, "/c"),
        # A proxy that cuts the path off, and tells by SCRIPT_NAME what it was.
        ({**STUB, "REQUEST_URI": "/a"}, "/a"),
        ({**STUB, "REQUEST_URI": "/stubborn", "PATH_INFO": "/stubborn"}, "/stubborn"),
    ],
)
def test_target_is_read_raw(environ: dict[str, str], target: str) -> None:
    assert read_target(make_environ(**environ)) == target


@pytest.mark.parametrize("host", [None, ""])
def test_missing_host_is_that_of_the_server(host: str | None) -> None:
    assert read_request(make_environ(HTTP_HOST=host), (), "/").host == "127.0.0.1:8080"


def test_only_named_headers_are_read() -> None:
    headers = {"HTTP_ACCEPT": "text/json", "CONTENT_TYPE": "text/plain", "HTTP_AUTHORIZATION": "x", "HTTP_COOKIE": "y"}
    environ = make_environ(**headers, REQUEST_METHOD="pUT", url_scheme="https")

    request = read_request(environ, pair_with_keys(frozenset({"content-type", "x-none", "accept"})), "/")

    expected = (("accept", "text/json"), ("content-type", "text/plain"))
    assert request == Request("pUT", "/", "https", "localhost:8080", expected)


@pytest.mark.parametrize(
    ("environ", "headers"),
    [
        ({"HTTP_X_MOCK_SESION": "a"}, (("x-mock-sesion", "a"),)),
        ({"HTTP_X_MOCK_B": "1", "HTTP_X_MOCK_A": "2"}, (("x-mock-a", "2"), ("x-mock-b", "1"))),
        *(({key: "a"}, ()) for key in ("HTTP_X_MOCK_SESSION", "HTTP_X_MOCK", "X_MOCK_A", "HTTP_XX_MOCK_A")),
        ({"HTTP_X_MOCK_KNOWN": "a", HEADER_LINES: {}}, (("x-mock-known", "a"),)),
        ({"HTTP_X_MOCK_A": "1, 2", HEADER_LINES: {"x-mock-a": ("1", "2")}}, (("x-mock-a", "1, 2"),)),
        # The server leaves names with an underscore out of the environment.
        ({HEADER_LINES: {"x_mock_session": ("a",), "x_b": ("c",)}}, (("x_mock_session", "a"),)),
    ],
)
def test_headers_like_the_stubs_own_are_read(environ: Mapping[str, object], headers: Headers) -> None:
    request = read_request({**make_environ(), **environ}, pair_with_keys(("x-mock-known",)), "/")

    assert request.headers == headers


def test_repeated_header_is_read_line_by_line() -> None:
    joined = {"HTTP_ACCEPT": "a/b, c/d", "HTTP_X_A": "1, 2", "HTTP_X_B": "3"}
    lines = {"accept": ("a/b", "c/d"), "x-c": ("4", "5")}

    environ = {**make_environ(**joined), HEADER_LINES: lines}

    request = read_request(environ, pair_with_keys(("accept", "x-a", "x-b")), "/")

    assert request.headers == (("accept", "a/b"), ("accept", "c/d"), ("x-a", "1, 2"), ("x-b", "3"))


@pytest.mark.parametrize(
    ("environ", "headers"),
    [
        ({"HTTP_API_KEY": "a", HEADER_LINES: {}}, (("api-key", "a"),)),
        ({HEADER_LINES: {"api_key": ("b",)}}, (("api_key", "b"),)),
        (
            {"HTTP_API_KEY": "a", HEADER_LINES: {"api_key": ("b", "c")}},
            (("api-key", "a"), ("api_key", "b"), ("api_key", "c")),
        ),
        # A server that does not tell them apart.
        ({"HTTP_API_KEY": "a"}, (("api-key", "a"), ("api_key", "a"))),
    ],
)
def test_underscore_and_hyphen_differ_if_the_server_distinguishes(
    environ: Mapping[str, object], headers: Headers
) -> None:
    pairs = pair_with_keys(("api-key", "api_key"))

    assert read_request({**make_environ(), **environ}, pairs, "/").headers == headers


@pytest.mark.parametrize(
    ("target", "session", "rest"),
    [
        ("/API/Customers/1?a=b", None, "/API/Customers/1?a=b"),
        ("/__mock/s", None, "/__mock/s"),
        ("/__mock/S/a/API", None, "/__mock/S/a/API"),
        ("/__mock/s/", "", "/"),
        ("/__mock/s/a", "a", "/"),
        ("/__mock/s/a?b", "a", "/?b"),
        ("/__mock/s/a/", "a", "/"),
        ("/__mock/s/a%20b/API/Customers/1?c=/d", "a b", "/API/Customers/1?c=/d"),
        ("/__mock/s/a//API", "a", "//API"),
    ],
)
def test_session_is_split_off_the_path(target: str, session: str | None, rest: str) -> None:
    assert split_session(target, "/__mock/s/") == (session, rest)


@pytest.mark.parametrize(
    ("target", "path", "session", "rest"),
    [
        ("/%5F_mock/%73/a/API?b=%2F", "/__mock/s/", "a", "/API?b=%2F"),
        ("/%7Emock/s/a%2Fb/API", "/~mock/s/", "a/b", "/API"),
        ("/~mock/s/%61/API", "/~mock/s/", "a", "/API"),
        ("/st%C3%BCb/s/a/API", "/stüb/s/", "a", "/API"),
        ("/st%c3%bcb/s/a", "/stüb/s/", "a", "/"),
        ("/a/%62/s/c/d", "/a/b/s/", "c", "/d"),
        ("http://h:8080/__mock/s/a/API?b", "/__mock/s/", "a", "http://h:8080/API?b"),
        ("HTTPS://h/__mock/%73/a?b", "/__mock/s/", "a", "HTTPS://h/?b"),
        ("http://h/__mock/s/", "/__mock/s/", "", "http://h/"),
        ("/__mock%2Fs/a/API", "/__mock/s/", None, "/__mock%2Fs/a/API"),
        ("/%5F_mock?/s/a", "/__mock/s/", None, "/%5F_mock?/s/a"),
        ("/%5F_mock/s", "/__mock/s/", None, "/%5F_mock/s"),
        ("http://h/API/__mock/s/a", "/__mock/s/", None, "http://h/API/__mock/s/a"),
        ("http://h?/__mock/s/a", "/__mock/s/", None, "http://h?/__mock/s/a"),
        ("http://__mock/s/a", "/__mock/s/", None, "http://__mock/s/a"),
        ("*", "/__mock/s/", None, "*"),
        ("", "/__mock/s/", None, ""),
    ],
)
def test_session_is_found_however_the_path_is_written(target: str, path: str, session: str | None, rest: str) -> None:
    assert split_session(target, path) == (session, rest)


@pytest.mark.parametrize(
    ("environ", "session"),
    [
        ({}, None),
        ({"HTTP_COOKIE": ""}, None),
        ({"HTTP_COOKIE": "a=b; other-mock-session=c"}, None),
        ({"HTTP_COOKIE": "mock-session=a"}, "a"),
        ({"HTTP_COOKIE": 'x=y;mock-session="a b"; z'}, "a b"),
        ({"HTTP_COOKIE": "mock-session="}, ""),
        ({"HTTP_COOKIE": "mock-session=a; mock-session=b"}, "a"),
        ({"HTTP_COOKIE": "mock-session=a", "HTTP_X_MOCK_SESSION": "b"}, "b"),
        ({"HTTP_X_MOCK_SESSION": ""}, ""),
    ],
)
def test_session_is_read_of_header_or_cookie(environ: dict[str, str], session: str | None) -> None:
    assert read_session(make_environ(**environ)) == session
