"""How a request target is split, and the text of its URI. Most rows of the first table were recorded."""

from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockserver.vendors.aspnet.uris import Uri, read_uri, unescape_path

SHOWN_AS_SENT = (
    *("/", "//", "/Customers", "/Customers/", "/Customers//1", "/Customers./1", "/Customers.json", "/No+pe", "/Nope'x"),
    *("/Nope[x]", "/Nope*x", "/Customers?id[]=1", "/customers?ID=1", "/Customers/a%2Fb?idType=1", "/Nope?&", "/?a+b"),
    *("/Nope?a[=1", "/Nope?a=?", "/Nope?a='b'", "/?", "/?..\\.."),
    # Escapes of what would mean something else, or is not text.
    *("/Nope%FCx", "/Nope%EE%80%80", "/Nope%00x", "/Nope%0Ax", "/No%25pe", "/No%2Fpe", "/Nope%3Fx", "/Nope%2Bx"),
    *("/Nope%3Bx", "/Nope%2Cx", "/Nope%3Dx", "/Nope?a=%26", "/Nope?a=%3D", "/Nope?a=%2F", "/Nope?a=b%2Bc"),
    *("/Nope?a=%FC", "/Nope?a=%00", "/%23%24%40%5C", "/%2f%5c%3b%0a", "/%7F%1F", "/%C2%85", "/%E6%97", "/%ED%A0%80"),
    *("/%C0%AF", "/%EF%BF%BD", "/%EF%B7%90", "/%F3%B0%80%80", "/%F0%9F%BF%BE", "/%F3%A0%80%80"),
)


@pytest.mark.parametrize(
    ("target", "text"),
    [
        *((target, target) for target in SHOWN_AS_SENT),
        *(("/Customers/.", "/Customers/"), ("/Customers/..", "/"), ("/Customers/%2E%2E", "/")),
        *(("/a/../Nope", "/Nope"), ("/a/%2E%2E/Nope", "/Nope"), ("/No%20pe", "/No pe"), ("/Nope%20", "/Nope ")),
        *(("/N%C3%B6pe", "/Nöpe"), ("/Nope%c3%bc", "/Nopeü"), ("/Nope%C2%A0x", "/Nope\xa0x")),
        ("/%D0%A1ustomers/1", "/Сustomers/1"),  # noqa: RUF001  the first letter is Cyrillic
        *(("/Nope%x", "/Nope%25x"), ("/Nope%", "/Nope%25"), ("/Nope?a=%", "/Nope?a=%25"), ("/%2", "/%252")),
        *(("/%2g", "/%252g"), ("/%%41", "/%25A"), ("/%u0041", "/%25u0041"), ("/No%22pe", '/No"pe')),
        *(("/Nope%3Ax", "/Nope:x"), ("/Nope%7Ex", "/Nope~x"), ("/Nope%7Cx", "/Nope|x"), ("/Nope%5Ex", "/Nope^x")),
        *(("/Nope%5Bx%5D", "/Nope[x]"), ("/Nope%27x", "/Nope'x"), ("/Nope?a=%22", '/Nope?a="')),
        *(("/Nope?q=%E6%97%A5%E6%9C%AC", "/Nope?q=日本"), ("/%3C%3E%60%7B%7D%21%28%29%2A", "/<>`{}!()*")),
        *(("/%fc%fd", "/%FC%FD"), ("/a%FC%C3%BCb%FC", "/a%FCüb%FC"), ("/%F0%9F%98%80", "/😀")),
        *(("/%F0%90%80%80", "/\U00010000"), ("/%E2%80%8D", "/\u200d"), ("/%ee%80%80", "/%EE%80%80")),
        # Characters of private use are shown in a query only, marks of direction nowhere.
        *(("/?%EE%80%80", "/?\ue000"), ("/?%F3%B0%80%80", "/?\U000f0000"), ("/Nope%E2%80%8Ex", "/Nopex")),
        *(("/%E2%80%8E%E2%80%8F%E2%80%AA%E2%80%AB%E2%80%AC%E2%80%AD%E2%80%AE", "/"), ("/%D7%90%E2%80%8F", "/א")),
    ],
)
def test_text_shows_what_may_be_shown_unescaped(target: str, text: str) -> None:
    assert str(read_uri("http", "localhost", target)) == f"http://localhost{text}"


@pytest.mark.parametrize(
    ("scheme", "host", "shown"),
    [
        *(
            ("http", "localhost", "localhost"),
            ("http", "LocalHost", "localhost"),
            ("http", "localhost:80", "localhost"),
        ),
        *(("http", each, each) for each in ("127.0.0.1:5000", "localhost:8080", "localhost:180", "localhost:443")),
        *(("http", "[::1]:80", "[::1]"), ("https", "API.Example.com:443", "api.example.com")),
        ("https", "api.example.com:80", "api.example.com:80"),
    ],
)
def test_host_is_lower_case_without_default_port(scheme: str, host: str, shown: str) -> None:
    assert str(read_uri(scheme, host, "/Nope?x=1")) == f"{scheme}://{shown}/Nope?x=1"


@pytest.mark.parametrize(
    ("target", "uri"),
    [
        ("http://example.com/Customers/1?a=b", Uri("http", "example.com", "/Customers/1", "a=b")),
        ("HTTP://EXAMPLE.com:80/Customers/1", Uri("http", "example.com", "/Customers/1", None)),
        ("https://example.com:8443/x", Uri("https", "example.com:8443", "/x", None)),
        ("https://example.com:443/x", Uri("https", "example.com", "/x", None)),
        ("http://example.com", Uri("http", "example.com", "/", None)),
        ("http://example.com?a=b", Uri("http", "example.com", "/", "a=b")),
        ("http:///x", Uri("http", "", "/x", None)),
        ("ftp://example.com/x", Uri("http", "localhost", "/ftp://example.com/x", None)),
        ("/http://example.com/x", Uri("http", "localhost", "/http://example.com/x", None)),
    ],
)
def test_target_in_absolute_form_brings_its_own_host(target: str, uri: Uri) -> None:
    assert read_uri("http", "localhost", target) == uri


@pytest.mark.parametrize(
    ("target", "path", "query"),
    [
        *((path, path, None) for path in ("/Customers/1", "/Customers%5C1", "/a/...", "/a./.b", "/a%2F..", "/a%20b")),
        *(("/Customers/1?", "/Customers/1", ""), ("/Customers/1?a=b?c", "/Customers/1", "a=b?c")),
        *(("/a%20b?c%20d", "/a%20b", "c%20d"), ("", "/", None), ("*", "/*", None), ("Customers", "/Customers", None)),
        *(("?a", "/", "a"), ("\\Customers\\1?a\\b", "/Customers/1", "a\\b"), ("/a?b/../c", "/a", "b/../c")),
        # Dot segments are resolved.
        *(("/./Customers/./1", "/Customers/1", None), ("/x/../Customers/1", "/Customers/1", None)),
        *(("/x\\..\\Customers", "/Customers", None), ("/../../Customers", "/Customers", None)),
        *(("/a/b/..", "/a/", None), ("/a/b/.", "/a/b/", None), ("/..", "/", None), ("/a//../b", "/a/b", None)),
        *(("/a/%2e/b/%2E.", "/a/", None), ("/a/.%2e", "/", None)),
    ],
)
def test_path_ends_at_the_first_question_mark(target: str, path: str, query: str | None) -> None:
    assert read_uri("http", "localhost", target) == Uri("http", "localhost", path, query)


@pytest.mark.parametrize(
    ("escaped", "text"),
    [
        *((same, same) for same in ("/%FC", "/%ED%A0%80", "/%zz%u0041%", "/é")),
        *(("/Customers/a%20b", "/Customers/a b"), ("/a+b%2Bc", "/a+b+c"), ("/a%2Fb", "/a/b"), ("/a%2520b", "/a%20b")),
        *(("/%E6%97%A5%E6%9C%AC", "/日本"), ("/%e6%97%a5", "/日"), ("/%fc%C3%BC", "/%FCü"), ("/%00%7F", "/\0\x7f")),
    ],
)
def test_path_is_decoded_only_where_valid_utf8(escaped: str, text: str) -> None:
    assert unescape_path(escaped) == text


# Anything at all

TARGETS = st.text() | st.text(alphabet="/\\.%?&25eEFfC:ht pé\0\ud800")


@given(host=st.text(), target=TARGETS)
def test_any_target_has_a_path_and_a_text(host: str, target: str) -> None:
    uri = read_uri("http", host, target)

    assert uri.path.startswith("/")
    assert str(uri).startswith(f"{uri.scheme}://{uri.host}/")


@given(path=TARGETS)
def test_no_dot_segment_is_left_in_a_path(path: str) -> None:
    uri = read_uri("http", "localhost", "/" + path.replace("?", ""))

    segments = uri.path.lower().replace("%2e", ".").split("/")
    assert not {".", ".."}.intersection(segments)
    assert read_uri("http", "localhost", uri.path) == uri


@given(text=st.text(alphabet=st.characters(exclude_categories=["Cs"])))
def test_decoding_takes_back_escaping(text: str) -> None:
    assert unescape_path(quote(text, safe="")) == text


@pytest.mark.parametrize(
    "target",
    [
        *("/" + "%" * 100_000, "/" + "%41" * 33_000, "/" + "%FC" * 33_000, "/" + "%2" * 50_000, "/" * 100_000),
        *("\\" * 100_000, "/.." * 33_000, "/a" * 33_000 + "/.." * 33_000, "/%2e" * 25_000, "." * 100_000),
        *("/?" + "%E2%80%8E" * 11_000, "http://" + "a" * 100_000),
    ],
    ids=lambda target: f"{target[:8]}...{target[-3:]}",
)
def test_very_long_target_is_read(target: str) -> None:
    uri = read_uri("http", "localhost", target)

    assert len(str(uri)) <= 3 * len(target) + len("http://localhost")
    assert len(unescape_path(uri.path)) <= len(uri.path)
