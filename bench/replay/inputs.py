"""The files that a replay works on: fixtures with every key, a contract, and both with one thing wrong each."""

from __future__ import annotations

import copy
import re
from codecs import BOM_UTF16_LE
from collections.abc import Iterable, Iterator, Mapping
from importlib.util import find_spec
from itertools import count, islice
from pathlib import Path
from typing import Any, Final

import yaml
from marshmallow import Schema, fields, validate

SPEC = find_spec("mockserver")
assert SPEC is not None
assert SPEC.origin is not None
ROOT: Final = Path(SPEC.origin).parents[1]
"""Where the package stands that is asked, its contract beside it."""

Row = tuple[str, dict[str, str]]
"""The key of a request, and the parts of its answer."""


def cells(table: str) -> list[str]:
    """Return what stands between the bars and ends of lines of a table."""
    return [cell for row in table.strip("\n").split("\n") for cell in row.split(" | ")]


def words(table: str, *more: str) -> list[str]:
    """Return what stands between the blanks of a table, and `more` behind that."""
    return [*table.split(), *more]


def unescape(text: str) -> bytes:
    """Return the bytes that a text in ASCII stands for: escapes are Python's, and a pilcrow ends a line of HTTP."""
    return text.replace("¶", r"\r\n").encode("ascii").decode("unicode_escape").encode("latin-1")


def sort_allowed(headers: str) -> str:
    """Return lines of headers with the methods of `Allow` sorted, which have no order: Flask takes them from a set."""
    return re.sub(r"(?m)^Allow: ([A-Z, ]+)", lambda found: f"Allow: {', '.join(sorted(found[1].split(', ')))}", headers)


def to_text(data: bytes) -> str:
    """Return bytes as a text that can be read: what is neither UTF-8 nor marked as UTF-16 as Python writes it."""
    try:
        return f"UTF-16 {data[2:].decode('utf-16-le')}" if data[:2] == BOM_UTF16_LE else data.decode()
    except UnicodeDecodeError:
        return repr(data)


CUSTOMER: Final = """
{"CustomerId": 1, "PersonalId": "{id}", "PersonalIdTypeId": "{idType}", "PersonalIdTypeExtRef": "{idTypeExtRef}",
"FirstName": "{{id}} is {id}", "LastName": null, "Email": null, "TelNumber1": null, "TelNumber2": null, "Notes": "ד",
"DOB": null, "Sex": 2, "ExtRef": "", "NotificationConsent": true, "IsActive": false, "CustomProperties": {"a": ""}}"""
OWN: Final = cells("""
s503 = reply: {status: 503, headers: {Retry-After: 30, X-Asked: "{id} {idType} {idTypeExtRef}"}}
s599 = reply: {status: 599, body: [1, 2.50, "{idType}", {a: null}]}
own400 = reply: {status: 400, body: {Message: "No {{id}} but {id}", ModelState: {idType: ["{idTypeExtRef}"]}}}
text = reply: {status: 502, text: "plain {id} {{id}} דנה"}
html = reply: {status: 502, headers: {Content-Type: text/html; charset=utf-16}, text: "<h1>שלום {idTypeExtRef}</h1>"}
latin = reply: {status: 502, headers: {content-type: text/plain; charset=latin-1}, text: "é {idTypeExtRef}"}
blank = reply: {status: 404, text: ''}
lists = reply: {status: 404, headers: {Set-Cookie: [a=1, "b={id}"], Vary: Accept, Cache-Control: max-age=5}}
json16 = reply: {status: 500, headers: {Content-Type: text/json; charset=utf-16}, body: {Message: שלום}}
null-body = unchecked: true, reply: {body: null}
odd-body = unchecked: true, reply: {body: {Sex: 64, FirstNam: x, CustomerId: "1"}}
file-json = reply: {status: 500, body_file: bodies/error.json}
file-text = reply: {status: 502, body_file: bodies/page.txt}
file-html = reply: {status: 502, body_file: bodies/page.html}
file-bytes = reply: {status: 502, body_file: bodies/some.bin} | file-own = reply: {body_file: bodies/customer.json}
file-type = reply: {status: 502, headers: {Content-Type: image/x-own}, body_file: bodies/some.bin}
thrown = reply: {status: 500, exception: {type: A, message: "To {id}", stack-trace: at C, inner: {type: D, message: e}}}
slow = reply: {delay: 0.25} | drawn = reply: {status: 503, delay: {uniform: [0.01, 0.05]}}
reset = reply: {fault: reset} | empty = reply: {status: 500, fault: empty} | close = reply: {fault: close-mid-body}
dribble = reply: {fault: {dribble: 0.2}}
dribble503 = reply: {status: 503, text: short, fault: dribble, delay: 0.01}
sequence = reply: {sequence: [{status: 500}, {delay: 0}, {status: 404, headers: {X-A: "{id}"}}]}
cycle = reply: {cycle: true, sequence: [{delay: 0}, {status: 503, text: no}, {fault: reset}]}
chance = reply: {status: 500, chance: 0.5}
chance-more = when: {id: chance}, reply: {headers: {X-Seen: "{id}"}, chance: 0.3}
once = times: 1, reply: {status: 500} | twice = when: {id: once}, times: 2, reply: {status: 503}
rest = when: {id: once}, reply: {status: 404}
cors = reply: {status: 404, headers: {Access-Control-Allow-Origin: "https://elsewhere.example", X-Own: "1", Vary: "*"}}
w-one = when: {id: w1}, reply: {status: 409} | w-two = when: {id: w1, idType: 1}, reply: {status: 410}
w-list = when: {id: [w1, w2], idType: [2, 3]}, reply: {status: 411}
w-pattern = when: {id: {matches: "w[0-9]"}, idType: {matches: "[0-9]{2}"}}, reply: {status: 412}
w-ext = when: {parameters: {id: w3}, idTypeExtRef: E}, reply: {status: 413}
w-header = when: {id: w4, headers: {X-Tenant: acme}}, reply: {status: 414}
w-more = when: {id: w4, headers: {X-Tenant: [a, b], Accept: {matches: "text/.*"}}}, reply: {status: 415}
w-none = when: {id: w4, headers: {X-Tenant: null}}, reply: {status: 416}
w-first = when: {id: w5, call: 1}, reply: {status: 417} | w-third = when: {id: w5, call: 3}, reply: {status: 418}
d-type = when: {idType: 77}, reply: {headers: {X-Type: "{idType}"}}
d-tenant = when: {idType: [77, 78], headers: {X-Tenant: acme}}, reply: {headers: {X-Type: all, X-B: "1"}, delay: 0.02}
d-fault = when: {idType: 78}, reply: {fault: close-mid-body}
d-charset = when: {idType: 79}, reply: {headers: {Content-Type: text/json; charset=utf-16}}
d-breach = when: {idType: 80}, reply: {headers: {Content-Type: text/html}}
d-pattern = when: {idTypeExtRef: {matches: "deco.*"}}, reply: {headers: {X-Deco: "{idTypeExtRef}"}, chance: 0.9}
s204 = reply: {status: 204, headers: {X-A: é}}""")
OWN.extend(f"s{status} = reply: {{status: {status}}}" for status in (205, 304, 400, 404, 405, 500))
OWN_NAMES: Final = [row.partition(" = ")[0] for row in OWN]
OWN_RECORDS: Final = """\
schema: Customer
records:
  - {PersonalId: r1, FirstName: Ann, PersonalIdTypeId: 1, PersonalIdTypeExtRef: E, DOB: 1984-03-12}
  - {PersonalId: r1, FirstName: Bo, PersonalIdTypeId: 2, DOB: "2000-02-29T01:02:03.4567", Email: null, Sex: 2}
  - {PersonalId: r1, FirstName: Cy, PersonalIdTypeExtRef: null, CustomProperties: {b: "1", a: null}}
  - {PersonalId: "000012345", Notes: "\\u05d3\\U0001F600", CustomProperties: null, TelNumber1: "5"}
  - {PersonalId: r 2;x, Email: a@b, CustomerId: -5}
"""
MANY: Final = f"""
answers:
  - name: many
    operation: getCustomer
    when: {{id: {[f"m{number}" for number in range(120)]}, idType: {[*range(120)]}}}
    reply: {{status: 418}}
"""
BREACHES: Final = """\
schema: Customer
records:
  - {PersonalId: b1, Sex: 3, DOB: yesterday, FirstNam: x, "a\\"b": 1}
  - {PersonalId: b2, NotificationConsent: null, CustomProperties: {a: 1}, Notes: [1]}
answers:
  - {name: b3, operation: getCustomer, when: {id: b3}, reply: {status: 404, text: x}}
  - {name: b4, operation: getCustomer, when: {id: b4}, reply: {body: {Sex: 64}}}
  - {name: b5, operation: getCustomer, when: {id: b5}, reply: {status: 400, text: x}}
  - {name: b6, operation: getCustomer, when: {idType: 80}, reply: {headers: {Content-Type: text/html}}}
"""
NUMBERS: Final = """\
schema: Customer
records: [{PersonalId: ann, CustomerId: 7, FirstName: Ann}, {PersonalId: bob, CustomerId: 8, PersonalIdTypeId: 2}]
answers:
  - {name: gone, operation: dropNumber, when: {n: 8}, reply: {status: 404}}
  - name: waits
    operation: addNumber
    when: {n: 9, "on": true}
    reply: {status: 429, headers: {X-N: "{n} {on}"}, body: {Message: x}}
"""


def _write_answer(row: str) -> str:
    name, _, rest = row.partition(" = ")
    return f"{{name: {name}, operation: getCustomer, {rest if 'when: {' in rest else f'when: {{id: {name}}}, {rest}'}}}"


OWN_ANSWERS: Final = [_write_answer(row) for row in OWN]

EXTENSION: Final = """
servers: [{url: /v1}, {url: "https://host.example/v2/", x-a: 1}]
path:
  parameters:
    - {name: n, in: path, required: true, schema: {type: integer, format: int64}, x-mock-selects: {member: CustomerId}}
  post:
    operationId: addNumber
    parameters: [{name: "on", in: query, required: true, schema: {type: boolean}}]
    responses:
      "201":
        content: {text/json: {schema: {$ref: "#/components/schemas/Customer"}}}
        headers: {X-Rate: {required: true, schema: {type: integer}}}
      "429": &wait
        content: {application/json: {schema: {$ref: "#/components/schemas/HttpError"}}}
        headers: {Retry-After: {example: 5}}
  delete: {operationId: dropNumber, responses: {"204": {}, "503": *wait}}
"""
THINGS: Final = """
openapi: 3.1.0
info: {title: Things}
paths:
  /things/{key}:
    get:
      operationId: getThing
      parameters:
        - {name: key, in: path, required: true, schema: {type: string}, x-mock-selects: {member: Key}}
        - {name: big, in: query, schema: {type: integer, format: int64}, x-mock-selects: {member: Big, unless: 0}}
      responses: {"200": {content: {application/json: {schema: {$ref: "#/components/schemas/Thing"}}}}}
components:
  schemas:
    Sub: {type: object, required: [A, B], properties: {A: {type: string, minLength: 50}, B: {type: [number, "null"]}}}
    Thing:
      required: [Key, Loose]
      properties:
        Key: {type: string, examples: [k1, k2]}
        Big: {type: integer, exclusiveMinimum: 10, exclusiveMaximum: 1000, multipleOf: 7}
        Part: {type: number, minimum: 0.5, exclusiveMaximum: 2.5, multipleOf: 0.25}
        Low: {type: [number, "null"], maximum: -5}
        Day: {type: string, format: date}
        Moment: {type: string, format: date-time}
        Mail: {type: string, format: email, maxLength: 90}
        Id: {type: string, format: uuid}
        Link: {type: string, format: uri, maxLength: 60}
        Kind: {enum: [a, 1, true, null, [b], {c: 1}]}
        Fixed: {const: {a: [1]}}
        Tags: {type: array, items: {type: string, maxLength: 3}, minItems: 2, maxItems: 4, uniqueItems: true}
        Sub: {$ref: "#/components/schemas/Sub"}
        Subs: {type: array, items: {$ref: "#/components/schemas/Sub"}, default: []}
        Either: {anyOf: [{type: string, pattern: "^x"}, {type: integer}], examples: [xy]}
        Map: {type: object, additionalProperties: {type: integer, minimum: 3}}
        Any: {}
        Loose: {type: [string, "null"], maxLength: 5, default: z}
        City: {type: string, maxLength: 12}
"""
THING_RECORDS: Final = """
schema: Thing
records:
  - {Key: k1, Tags: [abcd, 5], Big: "1", Sub: {A: x, C: 1}, Low: 3.5, Day: 5}
  - {Key: k2, Subs: [{}, 5], Map: {a: b}}
answers: [{name: t, operation: getThing, when: {key: [k3], big: 9007199254740993}, reply: {body: {Key: {}, Low: "1"}}}]
"""
SUB: Final = Schema.from_dict({"A": fields.String(required=True), "B": fields.Float(allow_none=True)}, name="Sub")
THING: Final = Schema.from_dict(
    {
        **{name: fields.Raw(allow_none=True) for name in re.findall(r"(?m)^        (\w+):", THINGS)},
        "Big": fields.Integer(strict=True, validate=validate.Range(11, 999)),
        "Low": fields.Float(allow_none=True, validate=validate.Range(max=-5)),
        "Tags": fields.List(fields.String(validate=validate.Length(max=3)), validate=validate.Length(2, 4)),
        "Map": fields.Dict(keys=fields.String(), values=fields.Integer(strict=True)),
        "Sub": fields.Nested(SUB),
        "Subs": fields.List(fields.Nested(SUB)),
        "Day": fields.Date(),
    },
    name="Thing",
)

# What is wrong

WRONG_ANSWERS: Final = cells(r"""
x = reply: {status: 502, headers: {A B: x, A: a, a: b, B: "a\nb", Content-Type: [a/b, c/d]}}
x = reply: {status: 502, headers: {TE: x, X-Mock-Source: y, C: []}}
x = reply: {status: 502, text: א, headers: {Content-Type: text/plain; charset=latin-1}}
x = reply: {status: 204, body: ''}
x = reply: {status: 502, text: x, headers: {Content-Type: text/plain; charset=klingon}}
x = reply: {text: x, body: 1} | x = reply: {delay: {uniform: [2, 1]}} | x = reply: {delay: {uniform: [1]}}
x = reply: {fault: {}} | x = reply: {fault: reste} | x = reply: {body_file: ../contract.yaml}
x = reply: {body_file: bodies} | x = reply: {body_file: "a\0"} | x = reply: {}
x = reply: {status: 500, body_file: bodies/bad.json} | x = reply: {status: 500, body_file: bodies/latin.json}
x = reply: 5 | x = reply: {cycle: true, status: 404} | x = reply: {sequence: [], status: 5}
x = reply: {sequence: [{headers: {}}, 5]} | x = reply: {status: 404, exception: {type: A, message: b}}
x = reply: {status: 500, exception: {type: 5, mesage: b}}
x = when: {parameters: {id: a}, id: b}, reply: {status: 404}
x = when: {headers: {A B: x, C: y, c: z}}, reply: {status: 404}
x = when: {id: {matches: "["}, idType: {matches: "[[:digit:]]"}}, reply: {status: 404} | /x = reply: {status: 404}
x = when: {id: 5, idType: 2147483648, headers: {A: true}, call: 0, parameters: 5}, times: 0, reply: {status: 404}
x = unchecked: true, reply: {delay: 1} | x = reply: {headers: {}} | x = reply: {status: 400, text: x}
x = reply: {chance: 2}""")

TEXTS: Final = [
    *map(
        unescape,
        cells(r"""
 | \r\n | \xef\xbb\xbf | a: \xe9 | \xff\xfe{\0}\0 | {"name": NaN} | {"name": "n" | {"name": "\\ud800"}
{"a": 1e999} | x | # x | [{"a": 1, "a": 2}] | [] | answers: [] | name: [a | {} | 5 | \tname: a | a: !!str b
<<: {a: b} | --- a\n--- b | name: *b | name: &a [*a] | {"answers": 5} | a: \0 | a: 00 | name: a\nname: b | a: "b
? [a]\n: b | records: [{PersonalId: a}] | schema: Customer | schema: Custmer\nrecords: 5 | a: \x85"""),
    ),
    b"[" * 200,
]
CHANGES: Final[tuple[object, ...]] = (5, "x", "", [], {}, None, True, -1.5, [5], {"x": 1}, "{idd}", 600, "00")


def vary(whole: object, changes: int = 1) -> Iterator[Any]:
    """Yield a document with one part of it after the other left out, renamed or replaced, in so many ways each."""
    numbers = count()
    for *path, last in _list_paths(whole):
        for _ in range(changes):
            varied = owner = copy.deepcopy(whole)
            for key in path:
                owner = owner[key]  # type: ignore[index]  # the path leads through mappings and lists
            _change(owner, last, next(numbers) % (len(CHANGES) + 2))
            yield varied


def _list_paths(value: object) -> Iterator[tuple[str | int, ...]]:
    parts: Iterable[tuple[str | int, object]] = ()
    if isinstance(value, dict | list):
        parts = value.items() if isinstance(value, dict) else enumerate(value)
    for key, part in parts:
        yield (key,)
        yield from ((key, *rest) for rest in _list_paths(part))


def _change(owner: Any, key: str | int, number: int) -> None:  # noqa: ANN401 - a mapping or a list
    if number < len(CHANGES):
        owner[key] = copy.deepcopy(CHANGES[number])
    elif number == len(CHANGES) or isinstance(key, int):
        del owner[key]
    else:
        owner[f"{key[:-1]}x"] = owner.pop(key)


def vary_answers() -> Iterator[object]:
    """Yield our own answers, each with one thing wrong and under a name of its own, and others that are wrong."""
    yield from map(yaml.safe_load, map(_write_answer, WRONG_ANSWERS))
    for number, varied in enumerate(varied for row in OWN_ANSWERS for varied in vary(yaml.safe_load(row))):
        yield {**varied, "name": f"{varied['name']}-{number}"} if isinstance(varied.get("name"), str) else varied


def _vary_records() -> Iterator[object]:
    document = yaml.safe_load(OWN_RECORDS)
    for number, record in enumerate(document["records"]):
        one = {**document, "records": [{**record, "PersonalId": f"r{number}"}]}
        yield from vary(one, 5)


def _read_contract() -> Any:  # noqa: ANN401 - a document
    """Return the shipped contract without its prose, and with two operations more."""
    document, extension = (yaml.safe_load(text) for text in ((ROOT / "openapi.yaml").read_text("utf-8"), EXTENSION))
    document["paths"]["/Numbers/{n}"] = extension["path"]
    return _drop_prose({**document, "servers": extension["servers"]})


def _drop_prose(value: Any) -> Any:  # noqa: ANN401 - a part of a document
    if isinstance(value, list):
        return [_drop_prose(part) for part in value]
    prose = ("description", "summary")
    return {k: _drop_prose(v) for k, v in value.items() if k not in prose} if isinstance(value, dict) else value


def list_files() -> Mapping[str, bytes]:
    """Return what is written into the folder in which everything runs, by path."""
    contract = _read_contract()
    texts = {
        "own/answers.yaml": "answers:\n" + "".join(f"- {row}\n" for row in OWN_ANSWERS),
        "own/people.yaml": OWN_RECORDS,
        "own/many.yaml": MANY,
        "own/.hidden.yaml": "no: [",
        "own/bodies/error.json": '\ufeff{"Message": "From {id}", "ModelState": {"a": ["{{id}}"]}}',
        "own/bodies/page.txt": "text of {id} ד\n",
        "own/bodies/page.html": "<p>{id}</p>",
        "own/bodies/customer.json": CUSTOMER,
        "breaches/all.yaml": BREACHES,
        "hollow/empty.yaml": "# nothing\n",
        "nothing/readme.txt": "",
        "numbers/all.yaml": NUMBERS,
        "things.yaml": THINGS,
        "things/all.yaml": THING_RECORDS,
        "own/bodies/bad.json": '{"Message": }',
        "tiny/people.yaml": "schema: Customer\nrecords: [{PersonalId: t1, FirstName: Ann}]\n",
    }
    documents: dict[str, object] = {"contract.yaml": contract}
    documents |= {f"contracts/{n:03}.yaml": each for n, each in enumerate(islice(vary(contract), 0, None, 3))}
    documents |= {f"records/{n:03}.yaml": each for n, each in enumerate(_vary_records())}
    documents |= {f"answers/{n:03}.yml": {"answers": [each]} for n, each in enumerate(vary_answers())}
    written = {path: yaml.safe_dump(each, sort_keys=False, allow_unicode=True) for path, each in documents.items()}
    files = {path: text.encode() for path, text in (texts | written).items()}
    files |= {f"texts/{number:02}.yaml": text for number, text in enumerate(TEXTS)}
    return {**files, "own/bodies/some.bin": bytes(range(256)), "own/bodies/latin.json": b'"\xe9"'}
