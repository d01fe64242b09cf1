"""The tables that fill in the rows of requests: ids, parameters, routes, headers, preferences."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from itertools import product
from typing import Final
from urllib.parse import quote

from bench.replay.inputs import OWN_NAMES, cells, words

TABLES: Final[dict[str, Sequence[str]]] = {
    "API": ["/API/Customers/"],
    "RECORDS": [*map(str, range(100200300, 100200318)), "200000000", "not-found", "server-error", "42"],
    "IDS": words(
        r"""
        a%20b %20 %20a%20 a%2Fb a%2F a%5Cb a\b %00 a%00b . .. ... %2e %2E%2e a. a.. ~ - _ a+b a%2Bb a;b a=b a@b a:b
        a,b a!b a'b a(b) a*b a$b a&b %26 %E2%80%8F %E2%80%AEab %D7%93%D7%A0%D7%94 %F0%9F%98%80 %EE%80%80 %zz % %2
        a%2 %u0041 %0A ^ ` %F0%9F%91%A9%E2%80%8D%F0%9F%91%A7 %F3%B0%80%80 %F3%A0%80%81 %ED%A0%80 %C0%AF %FF %E2%82
        %C2%85 %E3%80%80 %EF%BB%BF %0d%0A %09 %7F 0 007 -1 1e3 0x10 1.0 NULL null true 9999999999 ABC abc é <b> "x"
        [x] {x} %7Bid%7D""",
        "x" * 30,
        "x" * 31,
        "%F0%9F%98%80" * 15,
        "%F0%9F%98%80" * 16,
        "x" * 5000,
    ),
    "TYPES": words(r"""
        1 0 -1 +1 -0 007 %201%20 %091 %C2%A01 %E2%80%8B1 0x10 0X10 %2310 %26h10 %26H10 0x 0x-1 0x+1 0x0x1 0xg
        0xFFFFFFFF 1.0 0x80000000 0x100000000 2147483647 2147483648 -2147483648 -2147483649 99999999999999999999999
        abc 1e3 1,000 %D9%A1 %00 1%00 1%001 %20 - + -- 1- 1_0 null true %F0%9F%98%80 %22 ' < %5C%0A ÿ 0b1"""),
    "QUERIES": words("""
        ? ?& ?idType ?idType= ?idType=&idType=1 ?idType=1&idType=2 ?idType=1&idType=abc ?IDTYPE=1 ?idType[]=1
        ?idType[0]=1 ?a]b=1 ?idType[a]=1 ?idType[=1 ?a[b=1 ?id=42 ?id= ?id=&idType=1 ?ID=100200300
        ?idTypeExtRef=&x=1 ?=1 ?= ?idTypeExtRef ?=abc ?x=1& ?idTypeExtRef=NATIONAL-ID ?idTypeExtRef=national-id
        ?idType=1& ?idTypeExtRef=x&idTypeExtRef=y ?idType=%zz ?idType=abc&idTypeExtRef= ?idType=abc&=2 ?idType=abc&=
        ?idType=1%2 ?idType=+1 ?idType=1;x=2 ?idType=1#x ??idType=1 ?idType==1 ?x=%E2%80%8F
        ?idType=1&idTypeExtRef=NATIONAL-ID ?idTypeExtRef=%F0%9F%98%80 ?idTypeExtRef=%FF ?__nope=1
        ?idTypeExtRef=a+b%2Bc ?idTypeExtRef=%20 ?%69dType=3 ?idType=7&a[b ?a[b&idType=x ?__=1 ?idType=2&&&"""),
    "ROUTES": words(
        r"""
        / /API /API/ /API/Customers /API/Customers/ /API/Customers/1/2 /api/CUSTOMERS/42 /Customers/42
        /customers/42/ /x /x?y=1 /x? /? /API//Customers/42 //Customers/42 /Customers/42// /API/../Customers/42
        /API/./Customers/42 /x/%2e%2e/Customers/42 /API%2FCustomers%2F42 /API%5CCustomers/42 /API\Customers\42
        /Customers/42/. /Customers/a/.. /x%20y?z=%E2%80%8E /%2e%2e/x * x /__mock2 /__mock/nope /__mock/health/
        /__MOCK/health /__mock//health http://other.example/API/Customers/42 HTTP://h:80/nothing https://h:443/x
        http://h:8080 http://h?x /é /x?é=ÿ /x?y=[a]&z={b}|^`<>\"' /favicon.ico""",
        "",
        "/x" * 3000,
    ),
    "METHODS": words("GET POST PUT DELETE PATCH HEAD OPTIONS TRACE get Get hEAD CONNECT X-Y post *"),
    "PAGES": words("/ /health /openapi.yaml /openapi.json /answers /defaults /sessions /reset /s /s/", ""),
    "TARGETS": words("/API/Customers/42 /API/Customers/1?idType=x /API/Customers/server-error /x /__mock/health"),
    "ACCEPTS": cells("""
application/json | text/json | text/* | */* | application/* | application/xml | text/html | text/html, */*;q=0.1
TEXT/JSON | application/json;q=0.1, text/json;q=0.9 | application/json;q=0, text/json | text/json;q=0
text/json;q=abc | text/json;q=.5 | text/json;q=1.5, application/json | text/json; q = 0.5, application/json ;q=0.4
text/json;charset=utf-16 | garbage | text | text/json;x="a,b", application/json;q=0.5 | ,text/json | , ,
text/json,,application/json | /json | text/ | text/json;; | text/json application/json | text/json;q | "text/json"
image/png, text/json;q=0.2, application/*;q=0.1 | */json | image/png"""),
    "CHARSETS": cells("""
utf-16 | utf-8 | UTF-16 | utf-16;q=0.5, utf-8;q=0.4 | utf-8;q=0.4, utf-16;q=0.5 | * | *;q=0 | utf-16;q=0
iso-8859-1 | iso-8859-1, utf-16;q=0.1 | utf-16, | "utf-16" | garbage;; | utf-16le"""),
    "KINDS": cells("""
text/json | text/json; charset=utf-16 | application/json;charset="utf-16" | application/xml; charset=utf-16
garbage | text/* | text/json;charset=UTF-16;charset=utf-8 | application/x-www-form-urlencoded"""),
    "EDGES": words("""
        all-null empty-strings max-lengths min-numbers max-numbers empty-map huge-map non-latin right-to-left emoji
        html leap-day control-characters dob-utc dob-offset dob-unspecified year-1 year-9999"""),
    "PREFERRED": cells("""
code=404, delay=2 | code=404; delay=2 | code = 404 | CODE=404 | code="404" | code="4\\04" | code=404, code=500
code="404 | code | code= | =404 | code=404, | ,,code=404 | code==404 | code=404 500
respond-async, wait=10, code=404 | return=minimal; code=404 | code=404;x;y="a,b", seed=1
example="idTypeBlank", delay="0.5" | seed="a, code=500" | coed=404 | dynamic, edge=emoji"""),
    "ORIGINS": ["null", *words("http://a.example http://[::1]:3000 http://é *"), "a b", ""],
    "LISTED": cells("x-a | X-A, x-b |  | , | a b | x-a,,y\tz | prefer, x-mock-session"),
    "CODES": [*map(str, range(200, 600))],
    "NUMBERS": [*map(str, range(20))],
    "MANY": [*map(str, range(1002))],
    "BYTES": [f"%{byte:02x}" for byte in range(256)],
    "OWN": [*OWN_NAMES, *words("w1 w2 w3 w4 w5 r1 000012345 12345 r%202;x")],
    "SESSIONS": ["a", "x" * 64, "x" * 65, "", " ", "a b", *words("A.b_c~d-e a/b é %61 a,b")],
    "CALLERS": [*words("10.0.0.1 127.0.0.1 ::ffff:127.0.0.1 ::1%lo"), ""],
    "HOSTS": [*words("localhost 127.0.0.1:80 [::1]:8 a.example:81 a.localhost. localhost.evil.example é"), "", "a b"],
    "SIGNED": [
        "",
        *cells("""
Authorization: Bearer s3cret | authorization: bearer  s3cret  | Authorization: Bearer no
Authorization: Basic s3cret | Origin: http://localhost | Origin: null | Origin: https://localhost"""),
    ],
    "ADDED": words("down not-found n%202%2Fx%25 seen nobody server-error a/b gone waits"),
    "LOOK": cells("GET /API/Customers/7 | GET /API/Customers/not-found | GET /__mock/answers | GET /__mock/defaults"),
}
PREFERENCES: Final[Mapping[str, Sequence[object]]] = {
    "code": (404, *words("404 200 201 204 304 400 405 406 500 503 599 199 600 99 abc 404.0 +404 ٤٠٤"), " 404", True),
    "example": (
        5,
        *words("found sparse missing idTypeBlank methodNotAllowed not-found server-error fuond FOUND"),
        "x" * 100,
    ),
    "dynamic": (True, *words("true false TRUE False yes 1"), False),
    "seed": (7, "0", "שלום", "a b", 'a"\\b', "x" * 300, 1.50),
    "edge": (*TABLES["EDGES"], "dob-utk", "Emoji"),
    "delay": (1, *words("0 0.01 1.5 60 60.1 1e1 1e-3 5. .5 -1 +1 abc inf nan 1e999"), 0.5),
    "fault": words("reset empty close-mid-body dribble dribbel RESET"),
}
CHOSEN: Final[Mapping[str, Sequence[object]]] = {
    "code": (None, 200, 404, 500),
    "example": (None, "found", "not-found"),
    "edge": (None, "emoji"),
    "dynamic": (None, True, False),
    "seed": (None, 7),
}
CHOICES: Final = [
    {key: value for key, value in zip(CHOSEN, values, strict=True) if value is not None}
    for values in product(*CHOSEN.values())
]
DEFAULTS: Final = cells("""
{"code": 503} | {"code": 200, "dynamic": true} | {"example": "found", "delay": 0.5} | {"edge": "emoji", "seed": 3}
{"seed": 1} | {"dynamic": false, "fault": "dribble"} | {"dynamic": true, "seed": "a"}
{"code": "404", "example": "not-found"} | {}""")


def _word(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _write_twins(wanted: Mapping[str, object]) -> str:
    return "&".join(f"__{key}={quote(_word(value), safe='')}" for key, value in wanted.items())


def _write_prefer(wanted: Mapping[str, object]) -> str:
    """Return the value of Prefer; what is no Latin-1 as the bytes of its UTF-8, as WSGI has it."""
    quoted = {key: _word(value).replace("\\", "\\\\").replace('"', '\\"') for key, value in wanted.items()}
    return ", ".join(f'{key}="{value}"' for key, value in quoted.items()).encode().decode("latin-1")


SINGLE: Final = [{key: value} for key, values in PREFERENCES.items() for value in (*values, "")]
WRONG: Final = [{key: value} for key in (*PREFERENCES, "coed") for value in (None, [1], {"a": 1})]
TABLES["TWINS"], TABLES["PREFER"] = ([write(each) for each in SINGLE] for write in (_write_twins, _write_prefer))
TABLES["TWINSETS"], TABLES["PREFERSETS"] = (list(map(write, CHOICES)) for write in (_write_twins, _write_prefer))
TABLES["DEFAULTS"] = [json.dumps(each) for each in (*SINGLE, *CHOICES, *WRONG)]
