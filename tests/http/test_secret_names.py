"""Secret names: which names hold secrets, and which text may have one."""

from __future__ import annotations

import pytest

from mockserver.http.secret_names import SecretNames

NAMES = SecretNames(("X-Tenant", "pin"))

SECRET_NAMES = (
    *("Authorization", "proxy-authorization", "X-Auth", "WWW-Authenticate", "Cookie", "Set-Cookie", "X-Api-Key"),
    *("api_key", "apikey", "access_token", "refreshToken", "X-CSRF-Token", "client_secret", "password", "passwd"),
    *(
        "user.pwd",
        "JWT",
        "X-Signature",
        "sessionId",
        "session_key",
        "bearer",
        "x-tenant",
        "PIN",
        "Ocp-Subscription-Key",
    ),
)

PLAIN_NAMES = (
    *("Accept", "author", "authority", "id", "idType", "key", "monkey", "X-Mock-Session", "Host", "compass", "spinner"),
)


@pytest.mark.parametrize("name", [*SECRET_NAMES, *PLAIN_NAMES])
def test_names_tell_what_is_secret(name: str) -> None:
    assert NAMES.is_secret(name) is (name in SECRET_NAMES)


@pytest.mark.parametrize(
    ("text", "may_be"), [("my Token", True), ("spin", True), ("X-TENANT", True), ("idType", False)]
)
def test_text_may_have_a_secret(text: str, may_be: bool) -> None:
    assert NAMES.may_be_in(text) is may_be
