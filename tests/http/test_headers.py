"""Headers: what is written into their values, and what is read of them."""

import pytest

from mockserver.http.headers import add_vary, keep_printable, read_content_type, split_list, to_header


@pytest.mark.parametrize(
    ("text", "plain", "printable"),
    [
        *((text, text, text) for text in ("record files/a.yaml:3", "a + b, (c@d.e)", "~-_")),
        *(("100%", "100%25", "100%"), ('"a"; b=c', "%22a%22%3B b%3Dc", '"a"; b=c')),
        *(("é\r\n", "%C3%A9%0D%0A", "%C3%A9%0D%0A"), ("\x7f", "%7F", "%7F"), ("\ud800", "%3F", "?")),
    ],
)
def test_text_becomes_the_value_of_a_header(text: str, plain: str, printable: str) -> None:
    assert (to_header(text), keep_printable(text)) == (plain, printable)


@pytest.mark.parametrize(
    ("given", "sent"),
    [
        *(([], "Origin"), (["Accept"], "Accept, Origin"), (["Accept,", " Cookie"], "Accept, Cookie, Origin")),
        *((["Accept, Accept-Charset"], "Accept, Accept-Charset, Origin"), ([""], "Origin")),
        *((["accept, origin"], "accept, origin"), (["*"], "*"), (["Accept, *"], "Accept, *")),
    ],
)
def test_vary_joins_the_names_that_are_there(given: list[str], sent: str) -> None:
    headers = (*(("vary", value) for value in given), ("X-A", "1"))

    assert add_vary(headers, "Origin") == (("X-A", "1"), ("Vary", sent))


def test_list_is_split_at_commas() -> None:
    assert split_list(" a,\tb c\t,, ,d") == ["a", "b c", "d"]


@pytest.mark.parametrize(
    ("value", "media_type", "charset"),
    [
        *(("application/json", "application/json", "utf-8"), ("text/html; charset=ü", "text/html", "utf-8")),
        *(
            ("Text/JSON; Charset=UTF-16", "text/json", "utf-16"),
            ('text/json;charset="utf-8"; q=1', "text/json", "utf-8"),
        ),
        *(("text/json; charset=", "text/json", ""), ("", "text/plain", "utf-8"), ("nonsense", "text/plain", "utf-8")),
    ],
)
def test_content_type_splits_into_type_and_charset(value: str, media_type: str, charset: str) -> None:
    assert read_content_type(value) == (media_type, charset)
