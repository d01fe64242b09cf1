"""What the host adds to every answer."""

from mockserver.aspnet.hosting import HOST_HEADERS


def test_the_headers_are_those_that_the_adapter_was_recorded_to_add() -> None:
    assert HOST_HEADERS == (("Cache-Control", "no-cache"), ("Pragma", "no-cache"), ("Expires", "-1"))
