"""Redaction: secrets are gone from headers, targets and bodies."""

from __future__ import annotations

import json

import pytest

from mockserver.http.redaction import Redactor

REDACTOR = Redactor(b"key", ("X-Tenant", "pin"))
SECRET = "s3cr3t"
DIGEST = REDACTOR.digest(SECRET)
FORM = "application/x-www-form-urlencoded"


def test_equal_secrets_have_equal_digests() -> None:
    assert REDACTOR.digest(SECRET) == DIGEST != REDACTOR.digest(SECRET + "x")
    assert Redactor(b"other").digest(SECRET) != DIGEST
    assert REDACTOR.digest("\ud800") != REDACTOR.digest("?")


def test_headers_without_secrets_stay_the_same_object() -> None:
    plain, secret = (("Accept", "*/*"),), (("Accept", "*/*"), ("Cookie", SECRET), ("cookie", "b"))

    assert REDACTOR.redact_headers(plain) is plain
    assert REDACTOR.redact_headers(secret) == (plain[0], ("Cookie", DIGEST), ("cookie", REDACTOR.digest("b")))


@pytest.mark.parametrize(
    ("name", "value", "shown"),
    [
        ("id", SECRET, SECRET),
        ("token", SECRET, DIGEST),
        ("token", None, None),
        ("token", "", ""),
        ("pin", 42, REDACTOR.digest("42")),
        ("pin", True, REDACTOR.digest("true")),
    ],
)
def test_values_are_replaced_by_name(name: str, value: object, shown: object) -> None:
    assert REDACTOR.redact_value(name, value) == shown


@pytest.mark.parametrize(
    ("target", "shown"),
    [
        ("/a", "/a"),
        ("/a?", "/a?"),
        ("/a?id=1&b", "/a?id=1&b"),
        (f"/a?id=1&token={SECRET}&x=2", f"/a?id=1&token={DIGEST}&x=2"),
        (f"/a?to%6Ben={SECRET}", f"/a?to%6Ben={DIGEST}"),
        (f"/a?access+token={SECRET}", f"/a?access+token={DIGEST}"),
        ("/a?token=s3c%723t", f"/a?token={DIGEST}"),
        ("/a?token", "/a?token"),
        (f"/a?token={SECRET}&token=b", f"/a?token={DIGEST}&token={REDACTOR.digest('b')}"),
    ],
)
def test_targets_lose_the_secrets_of_their_query(target: str, shown: str) -> None:
    assert REDACTOR.redact_target(target) == shown


def test_targets_lose_known_secrets_of_their_path() -> None:
    target = f"/a/{SECRET}/s3c%723t/b{SECRET}?x=1"

    assert REDACTOR.redact_target(target, [SECRET]) == f"/a/{DIGEST}/{DIGEST}/b{SECRET}?x=1"


@pytest.mark.parametrize(
    ("body", "content_type", "shown"),
    [
        (b"", "application/json", b""),
        (b'{"id": 1.10}', "application/json", b'{"id": 1.10}'),
        (b'{"token": null}', "application/json", b'{"token":null}'),
        (b'{"token": null, "a": [1.10, -0]}', "application/json", b'{"token":null,"a":[1.10,-0]}'),
        (f"id=1&password={SECRET}".encode(), FORM, f"id=1&password={DIGEST}".encode()),
        (b"token: abc", "text/plain", b"token: abc"),
        (b'{"id": 1,}', "application/json", b'{"id": 1,}'),
        (b"\xff\xfe{", "application/json", b"\xff\xfe{"),
        (b"{}", "application/json; charset=nowhere", b"{}"),
    ],
    ids=str,
)
def test_bodies_lose_their_secrets(body: bytes, content_type: str, shown: bytes) -> None:
    assert REDACTOR.redact_body(body, content_type) == shown


@pytest.mark.parametrize("media_type", ["application/json", "text/json; charset=utf-16", "application/a+json"])
def test_json_loses_secrets_at_any_depth(media_type: str) -> None:
    charset = "utf-16" if "utf-16" in media_type else "utf-8"
    body = json.dumps({"a": [{"Token": SECRET, "é": 1}], "pin": 42, "secrets": [SECRET]}).encode(charset)

    shown = json.loads(REDACTOR.redact_body(body, media_type).decode(charset))

    expected = {"a": [{"Token": DIGEST, "é": 1}], "pin": REDACTOR.digest("42")}
    assert shown == {**expected, "secrets": REDACTOR.digest(f'["{SECRET}"]')}


@pytest.mark.parametrize(
    "body", [f'{{"token": "{SECRET}",}}', '{"Pin": 1', "[" * 100_000 + f'"secret {SECRET}"', "[" * 9 + "'jwt'"]
)
def test_unreadable_json_that_may_have_a_secret_is_hidden(body: str) -> None:
    assert REDACTOR.redact_body(body.encode(), "application/json") == REDACTOR.digest(body).encode()
