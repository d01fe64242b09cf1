"""Addresses of providers: how their URLs are read, and what is refused."""

from __future__ import annotations

from typing import Final

import pytest

from mockserver.documents.problems import StartError
from mockserver.provider.addresses import Address, read_address


def test_address_is_read() -> None:
    expected = Address("https://Example.com/API", "https", "example.com", 443, "/API")

    assert read_address("https://Example.com/API/") == expected
    assert read_address("http://[::1]:81") == Address("http://[::1]:81", "http", "::1", 81, "")


NONE: Final = ("example.com", "ftp://example.com", "http://", "http://a:b", "http://a b", "http://é", "http://[")


@pytest.mark.parametrize(
    ("url", "finding"),
    [
        *((url, f"{url!r} is not the URL of a provider.") for url in NONE),
        ("http://a@b:c", "'b:c' is not the URL of a provider."),
        ("http://b/?a=b", "The URL has a query or a fragment."),
        ("http://b/#a", "The URL has a query or a fragment."),
    ],
)
def test_wrong_address_is_told(url: str, finding: str) -> None:
    with pytest.raises(StartError) as caught:
        read_address(url)

    assert str(caught.value) == f"{finding} Write one such as https://example.com/API."


def test_password_in_an_address_is_told() -> None:
    with pytest.raises(StartError) as caught:
        read_address("http://u:p@b/")

    assert str(caught.value) == "The URL has a name or a password in it. Give them with --header instead."
