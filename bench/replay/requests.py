"""What is asked: rows that stand for many requests, the tables that fill them in, and set-ups."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, product
from typing import Final
from urllib.parse import quote

import yaml

from bench.replay.inputs import TEXTS, cells, vary_answers
from bench.replay.tables import DEFAULTS, TABLES


@dataclass(frozen=True, slots=True)
class Ask:
    """A `METHOD target` line, `Name: value` lines (or keys of WSGI in the place of names), and a body."""

    line: str
    headers: tuple[str, ...] = ()
    body: bytes = b""


def expand(rows: str) -> Iterator[Ask]:
    """Yield the requests that rows stand for: `GET /x?{TABLE} | Name: value || body`, `{TABLE:3}` being every third."""
    for row in filter(None, rows.split("\n")):
        parts = re.split(r"\{([A-Z]+(?::[0-9]+)?)\}", row)
        tables = (TABLES[name][:: int(step or 1)] for name, _, step in (each.partition(":") for each in parts[1::2]))
        for values in product(*tables):
            text = "".join(chain(*zip(parts[::2], (*values, ""), strict=True)))
            head, _, body = text.partition(" || ")
            line, *headers = head.split(" | ")
            yield Ask(line, tuple(filter(None, headers)), body.encode())


CORE: Final = """
GET {ROUTES}
GET {API}{RECORDS:4}
GET {API}{IDS:3}
GET {API}42?idType={TYPES}
GET {API}100200300?idType={TYPES}
GET {API}42{QUERIES}
GET {API}100200300{QUERIES}
GET {API}%20{QUERIES}
{METHODS} {TARGETS}
{METHODS} {API}42?a[b=1&idType=x
{METHODS:2} {API}42?__code=503
GET {TARGETS} | Accept: {ACCEPTS}
GET {API}100200303 | Accept-Charset: {CHARSETS}
GET {API}100200303 | Accept-Charset: {CHARSETS:3} | Content-Type: {KINDS}
GET {API}42?idType=x&__code={CODES:51} | Accept: image/png
GET {API}42?idType=x&idTypeExtRef= | Prefer: {PREFER:7}
GET {API}nobody?{TWINS:7}
GET {API}not-found?{TWINSETS:7}
GET /__mock{PAGES:2}
"""
ONLY_DEFAULT: Final = """
GET {API}{RECORDS}
GET {API}{RECORDS}?idType=2&idTypeExtRef=X
GET {API}{RECORDS}?__dynamic=false
GET {API}{IDS}
GET {API}{IDS}?idType=1
GET {API}{IDS}?__code=200&__seed=7
GET {API}7 | Accept: {ACCEPTS:4} | Accept-Charset: {CHARSETS:3} | Content-Type: {KINDS:3}
POST {API}7 | Accept: {ACCEPTS:4} | Content-Type: {KINDS} || {}
GET {API}42?{TWINS}
GET {API}not-found?{TWINS}
GET {API}100200300?idType=abc&{TWINS}
GET {API}42 | Prefer: {PREFER}
GET {API}100200300?idType=abc | Prefer: {PREFER}
GET {API}42?{TWINS:6} | Prefer: {PREFER:7}
GET {API}42?{TWINSETS}
GET {API}100200300?{TWINSETS}
GET {API}x?idType=x | Prefer: {PREFERSETS}
GET {API}42?{TWINSETS:9} | Prefer: {PREFERSETS:7}
GET {API}42 | Prefer: {PREFERRED}
GET {API}42?__delay=3&__CODE=500 | Prefer: {PREFERRED}
GET {API}42?__code= | Prefer: {PREFERRED}
GET {API}42?__code={CODES}
GET {API}42?idType=x | Prefer: code={CODES} | Accept: text/json
GET {API}1?__seed=s&__edge={EDGES}
GET {API}100200300?idType=9&idTypeExtRef=E&__edge={EDGES}
GET {API}1234567890123456789012345678901?__edge={EDGES}
GET /x/{BYTES}?y={BYTES:64} | Host: Stub.Example:80
"""
CROSS_ORIGIN: Final = """
GET {TARGETS} | Origin: {ORIGINS}
GET {TARGETS} | Sec-Fetch-Site: {ORIGINS:3}
OPTIONS {TARGETS} | Origin: {ORIGINS}
OPTIONS {TARGETS} | Origin: {ORIGINS} | Access-Control-Request-Method: GET
OPTIONS {TARGETS} | Sec-Fetch-Site: cross-site | Access-Control-Request-Method: GET
OPTIONS {API}1 | Origin: null | Access-Control-Request-Method: {LISTED} | Access-Control-Request-Headers: {LISTED}
OPTIONS {API}1 | Origin: null | Access-Control-Request-Method: PUT | Access-Control-Request-Private-Network: true
OPTIONS {API}1 | Origin: null | Access-Control-Request-Method: PUT | Access-Control-Request-Private-Network: false
GET {API}cors | Origin: {ORIGINS}
"""
OF_PAGES: Final = """
{METHODS} /__mock{PAGES}
GET /__mock{PAGES:2} | Host: {HOSTS} | wsgi.url_scheme: https
GET /m/__mock{PAGES} | SCRIPT_NAME: /m
GET /m%20n{ROUTES:3} | SCRIPT_NAME: /m n
GET /m{TARGETS} | SCRIPT_NAME: /m
GET /__mock/?list=getCustomer-records&page={TYPES:3}
GET /__mock/?list=getCustomer-edge-cases&page=1
GET / | Accept: {ACCEPTS}
GET {ROUTES:4} | Accept: a/b, TEXT/HTML;q=0.1
{METHODS} / | Accept: text/html
"""
OF_OWN: Final = """
GET {API}{OWN}
GET {API}{OWN}?idType=2&idTypeExtRef=%D7%93%0A
GET {API}{OWN}
GET {API}{OWN}?idType=1&idTypeExtRef=E
GET {API}{OWN} | Accept: text/json | X-Tenant: acme | Accept-Charset: utf-16
GET {API}{OWN}?idType=10 | Accept: image/png | X-Tenant: b
GET {API}{OWN}?__dynamic=true | X-Mock-Session: s
GET {API}{OWN}?__seed=4&__delay=0.3&__fault=dribble | Origin: http://a.example
GET {API}42?idTypeExtRef=z&__example={OWN}
GET {API}42?idTypeExtRef=z&__example={OWN} | Prefer: code=503
GET {API}{OWN:5}?idType=7{NUMBERS:2} | X-Tenant: acme
GET {API}{OWN:5}?idType=7{NUMBERS:3}
GET {API}m{NUMBERS:3}?idType={TYPES:3}
GET {API}chance?n={NUMBERS} | X-Mock-Session: s{NUMBERS:7}
GET {API}drawn?idTypeExtRef=deco{NUMBERS}&__seed={NUMBERS:7}
GET /__mock{PAGES} | X-Mock-Session: s0
"""
OF_SESSIONS: Final = """
GET {API}42 | X-Mock-Session: {SESSIONS}
GET {API}42 | Cookie: x=1; mock-session="{SESSIONS}"; y=2
GET {API}42 | Cookie: mock-session={SESSIONS} ;a
GET {API}42 | Cookie: MOCK-SESSION=c; xmock-session=d
POST /__mock/reset | X-Mock-Session: {SESSIONS}
GET /__mock/s/a{ROUTES} | X-Mock-Session: b | Cookie: mock-session=c
GET /__mock/s/{IDS:2}/API/Customers/42?idType=1
GET /__mock/s{ROUTES:3}
"""
END_OF_SESSIONS: Final = """
DELETE /__mock/sessions/{SESSIONS:2}
DELETE /__mock/sessions/d
DELETE /__mock/sessions/d
GET /__mock/sessions
GET {API}not-found | X-Mock-Session: held{MANY}
{LOOK} | X-T: a | X-Mock-Session: p
"""
OF_STRANGERS: Final = """
POST /__mock/reset | REMOTE_ADDR: {CALLERS} | Host: {HOSTS} | {SIGNED}
GET /__mock/answers | REMOTE_ADDR: {CALLERS}
{METHODS} /__mock/defaults | REMOTE_ADDR: 10.0.0.1
DELETE /__mock/{ADDED} | REMOTE_ADDR: 10.0.0.1
"""
OF_NUMBERS: Final = """
{METHODS} /v1/Customers/ann
{METHODS} /v1/numbers/7?on=true
POST /v1/numbers/{TYPES}?on=true
POST /v2/numbers/9?on={TYPES:4}
POST /V1/Numbers/9/?ON=%20TRUE%00
GET /v2/Customers/bob?idType={NUMBERS:2}
GET /v1/Customers/zoe?{TWINSETS:5}
POST /v1/numbers/7?on=true&{TWINS:4}
DELETE /v2/numbers/8 | Prefer: {PREFER:4}
GET /v1/Customers/zoe?__example={ADDED}
POST /v1/numbers/7?__code={CODES:19}
GET /__mock{PAGES}
"""
OF_THINGS: Final = """
GET /things/k{NUMBERS}
GET /things/k{NUMBERS:5}?big=9007199254740993
GET /things/k{NUMBERS}?big=14
GET /things/k5?__edge={EDGES}
GET /things/k1?big=21&__edge={EDGES}
GET /things/%D7%93?__seed={NUMBERS}
GET /__mock{PAGES}
"""
OF_PLACES: Final = """
GET /one{TARGETS}
GET /two/three/Customers/42
GET /st-ub{PAGES}
GET /st-ub/s/a/one/Customers/42
GET /API/Customers/42
"""


def _ask_characters() -> Iterator[Ask]:
    """Yield every character of the basic plane, and those at the ends of all others, for the text of a 404."""
    ends = (0, 1, 0xFF, 0xFFF, 0x1000, 0x8000, 0xFFFC, 0xFFFD, 0xFFFE, 0xFFFF)
    runs: list[Sequence[int]] = [range(start, start + 128) for start in range(0, 0x10000, 128)]
    for run in (*runs, *([0x10000 * plane + end] for plane in range(1, 17) for end in ends)):
        escaped = "".join(quote(chr(each).encode("utf-8", "surrogatepass"), safe="") for each in run)
        yield Ask(f"GET /x/{escaped}?y={escaped}")


ANSWERS: Final = """
{name: down, operation: getCustomer, reply: {status: 503}}
{name: not-found, operation: getCustomer, when: {id: not-found}, reply: {text: mine, status: 502}}
{name: n 2/x%, operation: getCustomer, when: {id: "7"}, times: 2, reply: {sequence: [{status: 500}, {delay: 1}]}}
{name: seen, operation: getCustomer, when: {headers: {X-T: a}}, reply: {headers: {X-S: "{id}"}, chance: 0.5}}"""
LOOK_AND_REMOVE: Final = """
GET {API}42?__example={ADDED} | Cookie: mock-session=p
DELETE /__mock/answers/{ADDED} | X-Mock-Session: p
{LOOK} | X-T: a | X-Mock-Session: p
"""
UNDER_DEFAULTS: Final = """
GET {API}100200300?{TWINSETS:11} | X-Mock-Session: d
GET {API}8?{TWINS:9} | X-Mock-Session: d
GET {API}8?idType=x | Prefer: {PREFERSETS:17} | X-Mock-Session: d
"""


def ask_changed() -> Iterator[Ask]:
    """Yield what adds answers in every form, and sets defaults; and requests that are answered by them."""
    answers = [yaml.safe_load(row) for row in cells(ANSWERS)]
    many = [{**answers[0], "name": f"m{number}", "when": {"id": f"m{number}"}} for number in range(1001)]
    bodies: list[object] = [*answers, answers, {"answers": answers[1:]}]
    for body in bodies:
        forms = (("application/json", json.dumps(body)), ("a/b", json.dumps(body)), ("text/yaml", yaml.safe_dump(body)))
        for kind, text in forms:
            yield Ask("POST /__mock/answers", (f"Content-Type: {kind}", "X-Mock-Session: p"), text.encode())
            yield from expand("{LOOK} | X-T: a | X-Mock-Session: p")
        yield from expand(LOOK_AND_REMOVE)
    for sent in (many, many[1:], many[:1], many[:0]):
        yield Ask("POST /__mock/answers", ("X-Mock-Session: many",), json.dumps(sent).encode())
    for defaults in DEFAULTS:
        yield from expand(f"PUT /__mock/defaults | X-Mock-Session: d || {defaults}\n{UNDER_DEFAULTS}")
    yield from expand("PUT /__mock/defaults | X-Mock-Session: e || {DEFAULTS}")


def ask_wrong() -> Iterator[Ask]:
    """Yield what is sent and wrong: no document, and answers of our own with something changed in them."""
    for text, kind in product(TEXTS, ("application/json", "text/yaml")):
        yield Ask("POST /__mock/answers", (f"Content-Type: {kind}",), text)
        yield Ask("PUT /__mock/defaults", (f"Content-Type: {kind}",), text)
    for varied in vary_answers():
        for sent in (json.dumps([varied]), yaml.safe_dump(varied, allow_unicode=True)):
            yield Ask("POST /__mock/answers", ("X-Mock-Session: v",), sent.encode())
    yield from expand("GET /__mock/answers | X-Mock-Session: v")


STARTS: Final = """
source: files | source: "" | on_breach: warm | model_state: "" | missing: nul | locale: xx | locale: ""
utc_offset: "10" | utc_offset: "+25:00" | utc_offset: "" | utc_offset: Z | base_path: API | base_path: /a b
base_path: /a//b | base_path: /a/../b | base_path: "/{a}" | base_path: "" | base_path: / | base_path: [/a, b]
prefix: / | prefix: x | prefix: /API/Customers | prefix: /customers/x | prefix: /API | prefix: "" | prefix: /a?b
fixtures: nowhere | fixtures: own/people.yaml | fixtures: texts | fixtures: hollow | fixtures: records
fixtures: breaches | contract: nowhere | contract: own | contract: own/people.yaml | contract: contract.yaml
admin_token: "" | admin_token: a b | admin_token: é | schemas: {Customer: 5}"""
SWITCHES: Final = """
model_state: checked | model_state: ignored | missing: message, source: fixtures | missing: "null", source: fixtures
error_detail: true | refuse_unacceptable: true | strict: true | host_headers: false | source: generated, seed: 7
source: fixtures, cors: false
model_state: checked, missing: message, error_detail: true, refuse_unacceptable: true, strict: true"""
SEEDED: Final = """
seed: "7" | seed: 7 | seed: ש | utc_offset: "-03:30" | utc_offset: "+00:00" | locale: de_DE, source: generated
locale: he_IL | locale: ja_JP, source: generated | locale: en_AU, source: generated"""
BREACHED: Final = "fixtures: breaches, on_breach: warn"
SET_UPS: Final = {
    CORE: SWITCHES,
    "GET {API}{RECORDS:3}\nGET {API}{IDS:2}?__seed=0\nGET {API}5?__edge={EDGES}": SEEDED,
    OF_OWN + CROSS_ORIGIN: """
fixtures: own | fixtures: own, error_detail: true, missing: message, seed: 1, on_breach: warn
fixtures: own, refuse_unacceptable: true, host_headers: false | fixtures: own, cors: false""",
    "GET {API}b{NUMBERS}{QUERIES:9}\nGET {API}b{NUMBERS}?idType=80\nGET /__mock{PAGES}": BREACHED,
    OF_PLACES + OF_PAGES: "base_path: [/one, /two/three/], prefix: /st-ub/",
    OF_STRANGERS: "seed: 3 | admin_token: s3cret",
    OF_NUMBERS: """
contract: contract.yaml, fixtures: numbers
contract: contract.yaml, fixtures: numbers, error_detail: true, model_state: checked, missing: message""",
    OF_THINGS: """
contract: things.yaml, fixtures: nothing, on_breach: warn | contract: things.yaml, fixtures: things, on_breach: warn
contract: things.yaml, fixtures: things | contract: things.yaml, fixtures: nothing, locale: ja_JP""",
    "": STARTS,
}
"""Rows of requests, and the settings, in YAML, of the applications that they are sent to."""


def list_groups() -> Iterator[tuple[str, Iterable[Ask]]]:
    """Yield settings, and the requests that are sent one after the other to an application with them."""
    yield "", chain(expand(CORE + ONLY_DEFAULT + CROSS_ORIGIN + OF_PAGES), _ask_characters(), expand(CORE))
    yield from ((settings, expand(rows)) for rows, table in SET_UPS.items() for settings in cells(table))
    yield "seed: sessions", chain(expand(OF_SESSIONS), ask_changed(), ask_wrong(), expand(END_OF_SESSIONS))
    yield "fixtures: own, on_breach: warn", ask_wrong()


def list_sample() -> Iterator[Ask]:
    """Yield some of the requests, for a socket: they have no keys of WSGI, and none takes long."""
    rows = CORE + CROSS_ORIGIN + OF_PAGES + OF_OWN + OF_SESSIONS
    unfit = re.compile(r"delay|dribble|wsgi\.|SCRIPT_NAME|^\S+ \S*[^\S\n]|^.{2000}")
    for each in (*[*expand(rows)][::7], *[*ask_changed()][::7], *[*ask_wrong()][::40]):
        if not unfit.search("\n".join((each.line, *each.headers))):
            yield each
