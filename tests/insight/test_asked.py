"""The request that somebody asks about: what is read, and what cannot be one."""

from __future__ import annotations

import pytest

from mockserver.http.messages import Request
from mockserver.insight.asked import AskedAbout, read_asked
from mockserver.insight.filters import FilterError


def read(*pairs: tuple[str, str]) -> AskedAbout:
    return read_asked(pairs, "http", "h:1")


@pytest.mark.parametrize(
    ("pairs", "asked"),
    [
        ([("target", "/a?b=c")], AskedAbout(Request("GET", "/a?b=c", "http", "h:1"), None)),
        ([("target", "http://h/a"), ("method", "PUT")], AskedAbout(Request("PUT", "http://h/a", "http", "h:1"), None)),
        (
            [("target", "/"), ("header", "X-A: b"), ("header", "X-A:c "), ("session", "s")],
            AskedAbout(Request("GET", "/", "http", "h:1", (("x-a", "b"), ("x-a", "c"))), "s"),
        ),
        (
            [("target", "/"), ("header", "X-Mock-Session: s")],
            AskedAbout(Request("GET", "/", "http", "h:1", (("x-mock-session", "s"),)), "s"),
        ),
    ],
)
def test_request_is_read(pairs: list[tuple[str, str]], asked: AskedAbout) -> None:
    assert read(*pairs) == asked


@pytest.mark.parametrize(
    ("pairs", "finding"),
    [
        ([], "target is ''. Write a path with its query: /things/42?colour=blue."),
        ([("target", "a b")], "target is 'a b'. Write a path"),
        ([("target", "/a b")], "target is '/a b'. Write a path"),
        ([("target", "/"), ("method", "G T")], "method is 'G T'. Write one such as GET."),
        ([("target", "/"), ("header", "X-A")], "header is 'X-A'. Write its name and value: X-Tenant: acme."),
        ([("target", "/"), ("header", "X A: b")], "header is 'X A: b'. Write its name"),
        ([("target", "/"), ("header", "X-A: b\nc")], "header is 'X-A: b\\nc'. Write its name"),
        ([("target", "/"), ("path", "/")], "There is no filter 'path'. Use target, method, session, header."),
        ([("target", "/"), ("target", "/")], "target is given twice. Keep one of the two."),
    ],
)
def test_wrong_question_is_told(pairs: list[tuple[str, str]], finding: str) -> None:
    with pytest.raises(FilterError) as caught:
        read(*pairs)

    assert str(caught.value).startswith(finding)
