"""Replies as people write them: delay, fault, sequence, files and placeholders, and every fault with its text.

Status, headers, body and text alone stand in `test_answer_reader`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from mockserver.answers import AnswerReply, Delay, Template
from mockserver.aspnet.faults import STACK_TRACE, ExceptionDetail
from mockserver.contract import Operation
from mockserver.documents import Fault, Scalar
from mockserver.effects import DRIBBLE_SECONDS, FAULTS
from mockserver.json_documents import parse_json
from mockserver.openapi import load_contract, read_contract
from mockserver.parsing import DEPTH_LIMIT, parse_document
from mockserver.readers.body_files import BODY_LIMIT
from mockserver.readers.reply_reader import OUTER_KEYS, SINGLE_KEYS, Folders, ReplyReader

CUSTOMER = load_contract(Path(__file__).parents[1] / "openapi.yaml").operations[0]
COUNT = read_contract(
    parse_document(
        """
        openapi: 3.1.0
        info: {title: Counts, version: "1"}
        paths: {/Count: {get: {operationId: count, responses: {"204": {description: d}}}}}
        """,
        "contract.yaml",
    )
).operations[0]
NOWHERE = Folders(Path("/nowhere"), Path("/nowhere"))


def read(text: str, folders: Folders = NOWHERE) -> AnswerReply:
    """The reply where it has no faults; the text is what stands behind `reply: `."""
    faults: list[Fault] = []
    reply = ReplyReader(faults).read(parse_document(f"reply: {text}", "f.yaml"), CUSTOMER, folders)
    assert list(map(str, faults)) == []
    return reply


def find_faults(text: str, operation: Operation | None = CUSTOMER, folders: Folders = NOWHERE) -> list[str]:
    faults: list[Fault] = []
    ReplyReader(faults).read(parse_document(f"reply: {text}", "f.yaml"), operation, folders)
    return [str(fault) for fault in faults]


# Delay, fault and chance

EFFECTS: list[tuple[str, AnswerReply]] = [
    ("{delay: 2}", AnswerReply(delay=Delay(2.0, 2.0))),
    ("{delay: 0}", AnswerReply(delay=Delay(0.0, 0.0))),
    ("{delay: 0.25}", AnswerReply(delay=Delay(0.25, 0.25))),
    ("{delay: 60}", AnswerReply(delay=Delay(60.0, 60.0))),
    ("{delay: {uniform: [0.5, 2]}}", AnswerReply(delay=Delay(0.5, 2.0))),
    ("{delay: {uniform: [0, 60]}}", AnswerReply(delay=Delay(0.0, 60.0))),
    ("{delay: {uniform: [1, 1]}}", AnswerReply(delay=Delay(1.0, 1.0))),
    ("{fault: reset}", AnswerReply(fault="reset")),
    ("{fault: empty}", AnswerReply(fault="empty")),
    ("{fault: close-mid-body}", AnswerReply(fault="close-mid-body")),
    ("{fault: dribble}", AnswerReply(fault="dribble", dribble=DRIBBLE_SECONDS)),
    ("{fault: {dribble: 0.5}}", AnswerReply(fault="dribble", dribble=0.5)),
    ("{fault: {dribble: 60}}", AnswerReply(fault="dribble", dribble=60.0)),
    ("{status: 404, chance: 0.1}", AnswerReply(404, chance=0.1)),
    ("{status: 404, chance: 0}", AnswerReply(404, chance=0.0)),
    ("{status: 404, chance: 1}", AnswerReply(404, chance=1.0)),
    (
        "{status: 503, headers: {X-A: b}, delay: 1, fault: empty, chance: 0.5}",
        AnswerReply(503, (("X-A", "b"),), delay=Delay(1.0, 1.0), fault="empty", chance=0.5),
    ),
]


@pytest.mark.parametrize(("text", "reply"), EFFECTS, ids=[row[0] for row in EFFECTS])
def test_delay_fault_and_chance_are_taken_as_written(text: str, reply: AnswerReply) -> None:
    assert read(text) == reply


SECONDS = "Write a number from 0 to 60, without quotes."
CHANCE = "Write a number from 0 to 1, without quotes."
BOUNDS = "A drawn delay has two bounds. Write {uniform: [0.5, 2]}, or just the seconds."
NAMES = f"Write one of {', '.join(FAULTS)}."

EFFECT_FAULTS: list[tuple[str, list[str]]] = [
    ("{delay: '2'}", [f"1:16: delay is '2'. {SECONDS}"]),
    ("{delay: 2s}", [f"1:16: delay is '2s'. {SECONDS}"]),
    ("{delay: }", [f"1:16: delay is null. {SECONDS}"]),
    ("{delay: true}", [f"1:16: delay is true. {SECONDS}"]),
    ("{delay: -1}", [f"1:16: delay is -1. {SECONDS}"]),
    ("{delay: 60.1}", [f"1:16: delay is 60.1. {SECONDS}"]),
    ("{delay: [1, 2]}", [f"1:16: delay is [1, 2]. {SECONDS}"]),
    ("{delay: {}}", [f"1:16: {BOUNDS}"]),
    ("{delay: {uniform: }}", [f"1:16: {BOUNDS}"]),
    ("{delay: {uniform: 2}}", [f"1:16: {BOUNDS}"]),
    ("{delay: {uniform: [1]}}", [f"1:16: {BOUNDS}"]),
    ("{delay: {uniform: [1, 2, 3]}}", [f"1:16: {BOUNDS}"]),
    (
        "{delay: {uniforn: [1, 2]}}",
        ["1:17: uniforn is not known here; did you mean 'uniform'?", f"1:16: {BOUNDS}"],
    ),
    ("{delay: {uniform: [1, 2], seed: 7}}", ["1:34: seed is not known here. Write one of uniform."]),
    (
        "{delay: {uniform: [-1, 61]}}",
        [f"1:27: A bound of the delay is -1. {SECONDS}", f"1:31: A bound of the delay is 61. {SECONDS}"],
    ),
    ("{delay: {uniform: [1, x]}}", [f"1:30: A bound of the delay is 'x'. {SECONDS}"]),
    ("{delay: {uniform: [2, 0.5]}}", ["1:27: The delay is from 2 to 0.5. Write the lower bound first."]),
    ("{fault: rest}", [f"1:16: fault is 'rest'; did you mean 'reset'? {NAMES}"]),
    ("{fault: Reset}", [f"1:16: fault is 'Reset'; did you mean 'reset'? {NAMES}"]),
    ("{fault: timeout}", [f"1:16: fault is 'timeout'. {NAMES}"]),
    ("{fault: }", [f"1:16: fault is null. {NAMES}"]),
    ("{fault: 5}", [f"1:16: fault is 5. {NAMES}"]),
    ("{fault: true}", [f"1:16: fault is true. {NAMES}"]),
    ("{fault: [reset]}", [f'1:16: fault is ["reset"]. {NAMES}']),
    ("{fault: {reset: 1}}", ["1:17: reset is not known here. Write one of dribble."]),
    ("{fault: {}}", ["1:16: The fault says nothing. Write {dribble: 3}, with its seconds, or just the name."]),
    ("{fault: {dribble: }}", [f"1:26: dribble is null. {SECONDS}"]),
    ("{fault: {dribble: 61}}", [f"1:26: dribble is 61. {SECONDS}"]),
    ("{status: 404, chance: 1.1}", [f"1:30: chance is 1.1. {CHANCE}"]),
    ("{status: 404, chance: -0.1}", [f"1:30: chance is -0.1. {CHANCE}"]),
    ("{status: 404, chance: 10%}", [f"1:30: chance is '10%'. {CHANCE}"]),
    ("{status: 404, chance: }", [f"1:30: chance is null. {CHANCE}"]),
    ("{status: 404, chance: true}", [f"1:30: chance is true. {CHANCE}"]),
    ("{status: 404, delai: 1}", ["1:22: delai is not known here; did you mean 'delay'?"]),
    ("{status: 404, times: 1}", [f"1:22: times is not known here. Write one of {', '.join(OUTER_KEYS)}."]),
]


@pytest.mark.parametrize(("text", "expected"), EFFECT_FAULTS, ids=[row[0] for row in EFFECT_FAULTS])
def test_delay_fault_or_chance_that_makes_no_sense_is_a_fault(text: str, expected: list[str]) -> None:
    assert find_faults(text) == [f"f.yaml:{line}" for line in expected]


# Sequences

SEQUENCES: list[tuple[str, AnswerReply]] = [
    ("{sequence: [{status: 404}]}", AnswerReply(sequence=(AnswerReply(404),))),
    (
        "{sequence: [{status: 500, delay: 1}, {fault: reset}, {body: 1}, {headers: {X-A: b}}], cycle: true}",
        AnswerReply(
            sequence=(
                AnswerReply(500, delay=Delay(1.0, 1.0)),
                AnswerReply(fault="reset"),
                AnswerReply(json="1"),
                AnswerReply(headers=(("X-A", "b"),)),
            ),
            is_cycle=True,
        ),
    ),
    (
        "{sequence: [{status: 404}, {text: 'no {id}'}], cycle: false, chance: 0.5}",
        AnswerReply(
            sequence=(
                AnswerReply(404),
                AnswerReply(
                    headers=(("Content-Type", "text/plain; charset=utf-8"),),
                    text=b"no {id}",
                    template=Template((("Content-Type", "text/plain; charset=utf-8"),), text="no {id}"),
                ),
            ),
            chance=0.5,
        ),
    ),
    (
        "{sequence: [{status: 500, exception: {type: A, message: b}}]}",
        AnswerReply(sequence=(AnswerReply(500, exception=ExceptionDetail("A", "b", STACK_TRACE, None)),)),
    ),
]


@pytest.mark.parametrize(("text", "reply"), SEQUENCES, ids=[row[0] for row in SEQUENCES])
def test_sequence_is_taken_as_written(text: str, reply: AnswerReply) -> None:
    assert read(text) == reply


NO_REPLY = "This is no reply. Write status, headers, body or text, each with a colon."
BESIDE = "stands beside a sequence. Write it in the replies of the sequence."
ONE_OF = f"Write one of {', '.join(SINGLE_KEYS)}."

SEQUENCE_FAULTS: list[tuple[str, list[str]]] = [
    ("{sequence: []}", ["1:19: The sequence is empty. Give its replies, each with a dash."]),
    ("{sequence: }", ["1:19: A list is wanted here. Begin each entry with a dash."]),
    ("{sequence: {status: 404}}", ["1:19: A list is wanted here. Begin each entry with a dash."]),
    ("{sequence: [404, {}, null]}", [f"1:20: {NO_REPLY}", f"1:25: {NO_REPLY}", f"1:29: {NO_REPLY}"]),
    ("{sequence: [[{status: 404}]]}", [f"1:20: {NO_REPLY}"]),
    ("{sequence: [{sequence: [{status: 404}]}]}", [f"1:21: sequence is not known here. {ONE_OF}"]),
    ("{sequence: [{status: 404, chance: 0.5}]}", [f"1:34: chance is not known here. {ONE_OF}"]),
    ("{sequence: [{status: 404, cycle: true}]}", [f"1:34: cycle is not known here. {ONE_OF}"]),
    ("{sequence: [{statuss: 404}]}", ["1:21: statuss is not known here; did you mean 'status'?"]),
    (
        "{sequence: [{status: 404}, {status: 9, delay: x}]}",
        [
            "1:44: status is 9. Write a whole number from 200 to 599, without quotes.",
            f"1:54: delay is 'x'. {SECONDS}",
        ],
    ),
    ("{sequence: [{status: 404}], cycle: 1}", ["1:43: cycle is 1. Write true or false."]),
    ("{sequence: [{status: 404}], cycle: }", ["1:43: cycle is null. Write true or false."]),
    ("{sequence: [{status: 404}], status: 404}", [f"1:36: status {BESIDE}"]),
    (
        "{sequence: [{status: 404}], headers: {}, body: 1, text: a, body_file: b, exception: c, delay: 1, fault: d}",
        [
            f"1:{column}: {key} {BESIDE}"
            for column, key in zip((36, 49, 58, 67, 81, 95, 105), SINGLE_KEYS[1:], strict=True)
        ],
    ),
    ("{sequence: [{status: 404}], chance: 2}", [f"1:44: chance is 2. {CHANCE}"]),
    ("{status: 404, cycle: true}", ["1:22: cycle is for a sequence. Add the sequence, or leave cycle out."]),
    ("{cycle: true}", ["1:9: cycle is for a sequence. Add the sequence, or leave cycle out."]),
]


@pytest.mark.parametrize(("text", "expected"), SEQUENCE_FAULTS, ids=[row[0] for row in SEQUENCE_FAULTS])
def test_sequence_that_makes_no_sense_is_a_fault(text: str, expected: list[str]) -> None:
    assert find_faults(text) == [f"f.yaml:{line}" for line in expected]


# Files with bodies


def fill(folder: Path, files: Mapping[str, str | bytes]) -> Folders:
    """Folders of a fixture file in `sub`, and of bodies around it."""
    for name, content in files.items():
        file = folder / "fixtures" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
    (folder / "fixtures" / "sub").mkdir(parents=True, exist_ok=True)
    return Folders(folder / "fixtures" / "sub", folder / "fixtures")


JSON_BODIES: list[tuple[str | bytes, str]] = [
    ('{"a": 1,\n "b": [true, null, "é"]}\n', '{"a":1,"b":[true,null,"é"]}'),
    ("5", "5"),
    ("null", "null"),
    ('""', '""'),
    (b'\xef\xbb\xbf{"a": 1}', '{"a":1}'),
    ('"\\u2028\\ud83d\\ude00"', '"\\u2028😀"'),
    ("[" * DEPTH_LIMIT + "]" * DEPTH_LIMIT, "[" * DEPTH_LIMIT + "]" * DEPTH_LIMIT),
    (f"[{'9' * 400}]", f"[{'9' * 400}]"),
]


@pytest.mark.parametrize(("content", "sent"), JSON_BODIES, ids=[ascii(row[0])[:20] for row in JSON_BODIES])
def test_json_file_is_a_body_as_one_in_the_fixture(tmp_path: Path, content: str | bytes, sent: str) -> None:
    folders = fill(tmp_path, {"sub/a.json": content})

    assert read("{body_file: a.json}", folders) == AnswerReply(json=sent)
    assert read("{status: 500, body_file: a.json, headers: {X-A: b}}", folders) == AnswerReply(
        500, (("X-A", "b"),), json=sent
    )


OTHERS: list[tuple[str, str, str]] = [
    ("a.html", "", "text/html; charset=utf-8"),
    ("a.txt", "", "text/plain; charset=utf-8"),
    ("a.png", "", "image/png"),
    ("a.bin", "", "application/octet-stream"),
    ("a", "", "application/octet-stream"),
    ("a.html", "Content-Type: text/html; charset=windows-1255", "text/html; charset=windows-1255"),
    ("a.html", "Content-Type: text/x-own", "text/x-own"),
    ("a", "Content-Type: image/webp", "image/webp"),
]


@pytest.mark.parametrize(("name", "header", "content_type"), OTHERS)
@pytest.mark.parametrize("content", [b"", b"<p>{id} {nobody}\r\n\xff\0</p>"])
def test_any_other_file_is_sent_byte_by_byte(
    tmp_path: Path, name: str, header: str, content_type: str, content: bytes
) -> None:
    folders = fill(tmp_path, {name: content})

    reply = read(f"{{body_file: ../{name}, headers: {{{header}}}}}", folders)

    assert reply == AnswerReply(headers=(("Content-Type", content_type),), text=content)


def test_name_of_a_header_is_found_in_any_case(tmp_path: Path) -> None:
    folders = fill(tmp_path, {"a.html": b"x"})

    reply = read("{body_file: ../a.html, headers: {content-type: text/x-own}}", folders)

    assert reply == AnswerReply(headers=(("content-type", "text/x-own"),), text=b"x")


def test_json_file_of_another_media_type_is_read_as_json_all_the_same(tmp_path: Path) -> None:
    folders = fill(tmp_path, {"a.json": '{"a": "{id}"}'})

    reply = read("{body_file: ../a.json, headers: {Content-Type: application/problem+json}}", folders)

    headers = (("Content-Type", "application/problem+json"),)
    assert reply == AnswerReply(headers=headers, json='{"a":"{id}"}', template=Template(headers, {"a": "{id}"}))


def test_files_that_bodies_are_in_are_known_there_or_not(tmp_path: Path) -> None:
    folders = fill(tmp_path, {"sub/a.json": "1", "b.txt": "x", "sub/c.json": "{"})
    reader = ReplyReader([])
    names = ("a.json", "../b.txt", "nothing.json", "a.json", "c.json")

    for name in names:
        reader.read(parse_document(f"reply: {{body_file: {name}}}", "f.yaml"), CUSTOMER, folders)

    known = ("sub/a.json", "b.txt", "sub/nothing.json", "sub/a.json", "sub/c.json")
    assert reader.files == [folders.root / name for name in known]


NAME_IT = "Name a file, relative to the fixture file."

FILE_FAULTS: list[tuple[str, str]] = [
    ("{body_file: }", f"1:20: body_file is null. {NAME_IT}"),
    ("{body_file: ''}", f"1:20: body_file is ''. {NAME_IT}"),
    ("{body_file: 5}", f"1:20: body_file is 5. {NAME_IT}"),
    ("{body_file: [a.json]}", f'1:20: body_file is ["a.json"]. {NAME_IT}'),
    ("{body_file: b.json}", f"1:20: body_file b.json is not there. {NAME_IT}"),
    ("{body_file: .}", f"1:20: body_file . is no file. {NAME_IT}"),
    (
        "{body_file: ../../out.json}",
        "1:20: body_file ../../out.json lies outside of the fixtures. Name a file beside or below them.",
    ),
    (
        "{body_file: /etc/passwd}",
        "1:20: body_file /etc/passwd lies outside of the fixtures. Name a file beside or below them.",
    ),
    ('{body_file: "a\\0b"}', f"1:20: body_file a\\x00b is no path. {NAME_IT}"),
    ("{body_file: ../a.json, body: 1}", "1:9: body and body_file are both given. Keep one of the two."),
    ("{body_file: ../a.json, text: x}", "1:9: text and body_file are both given. Keep one of the two."),
    ("{status: 204, body_file: ../a.json}", "1:22: 204 never has a body. Leave body_file out."),
    ("{status: 205, body_file: ../a.json}", "1:22: 205 never has a body. Leave body_file out."),
    ("{status: 304, body_file: ../a.json}", "1:22: 304 never has a body. Leave body_file out."),
    (
        "{status: 500, body_file: ../a.json, exception: {type: A, message: b}}",
        "1:44: exception tells of a 500 without a body of its own. Write status: 500, and leave body and text out.",
    ),
]


@pytest.mark.parametrize(("text", "expected"), FILE_FAULTS, ids=[row[0] for row in FILE_FAULTS])
def test_file_that_can_be_no_body_is_a_fault(tmp_path: Path, text: str, expected: str) -> None:
    folders = fill(tmp_path, {"a.json": "1"})

    assert find_faults(text, folders=folders) == [f"f.yaml:{expected}"]


def test_file_that_is_too_large_is_a_fault(tmp_path: Path) -> None:
    folders = fill(tmp_path, {"a.json": b" " * (BODY_LIMIT + 1)})

    assert find_faults("{body_file: ../a.json}", folders=folders) == [
        "f.yaml:1:20: body_file ../a.json is longer than 8 MB. Shorten it."
    ]


UNQUOTED = "expecting property name enclosed in double quotes"

CONTENT_FAULTS: list[tuple[str | bytes, list[str]]] = [
    ("", ["#: This is no JSON: expecting value: line 1 column 1 (char 0). Correct it."]),
    ("[1]]", ["#: This is no JSON: extra data: line 1 column 4 (char 3). Correct it."]),
    ("{'a': 1}", [f"#: This is no JSON: {UNQUOTED}: line 1 column 2 (char 1). Correct it."]),
    ("[NaN]", ["#: This is no JSON: it has no number NaN. Correct it."]),
    ("[Infinity]", ["#: This is no JSON: it has no number Infinity. Correct it."]),
    ('{"a": 1e999}', ["#/a: This number is too large. Write a smaller one, or text."]),
    ('{"a": "\\ud800"}', ["#/a: U+D800 is half of a character. Write the whole one."]),
    (
        '{"a": 1, "b": {"c": 1, "c": 2}, "a": 2}',
        ["#/a: a is given twice. Keep one of the two.", "#/b/c: c is given twice. Keep one of the two."],
    ),
    ("[" * 101 + "]" * 101, ["#: Over 100 levels stand inside each other. Flatten them."]),
    ("[" * 100_000, ["#: Over 100 levels stand inside each other. Flatten them."]),
]


@pytest.mark.parametrize(("content", "expected"), CONTENT_FAULTS, ids=[ascii(row[0])[:20] for row in CONTENT_FAULTS])
def test_file_with_faults_is_told_as_sent_json_would_be(
    tmp_path: Path, content: str | bytes, expected: list[str]
) -> None:
    folders = fill(tmp_path, {"a.json": content})

    assert find_faults("{body_file: ../a.json}", folders=folders) == [
        f"f.yaml:1:20: body_file ../a.json, {fault}" for fault in expected
    ]


@pytest.mark.parametrize("content", [b'"\xe9"', '"é"'.encode("utf-16")])
def test_json_file_that_is_no_utf8_is_a_fault(tmp_path: Path, content: bytes) -> None:
    folders = fill(tmp_path, {"a.json": content})

    assert find_faults("{body_file: ../a.json}", folders=folders) == [
        "f.yaml:1:20: body_file ../a.json is no UTF-8. Save the file as UTF-8."
    ]


# Placeholders

PLAIN_TEXT = (("Content-Type", "text/plain; charset=utf-8"),)
LATIN = (("Content-Type", "text/plain; charset=latin-1"),)

FILLED: list[tuple[str, AnswerReply]] = [
    (
        "{status: 302, headers: {Location: '/x/{id}?t={idType}', X-A: b}}",
        AnswerReply(302, (("Location", "/x/a b%0D%0A?t=7"), ("X-A", "b"))),
    ),
    ("{headers: {X-A: ['{id}', c]}}", AnswerReply(headers=(("X-A", "a b%0D%0A"), ("X-A", "c")))),
    ("{body: '{id}'}", AnswerReply(json='"a b\\r\\n"')),
    ("{body: '{idType}'}", AnswerReply(json="7")),
    ("{body: ' {idType}'}", AnswerReply(json='" 7"')),
    ("{body: '{idTypeExtRef}'}", AnswerReply(json="null")),
    ("{body: '<{idTypeExtRef}>'}", AnswerReply(json='"<>"')),
    (
        "{body: {a: ['{idType}', {b: 'no {id}, {idType}'}], '{id}': 1, c: 2.5, d: null}}",
        AnswerReply(json='{"a":[7,{"b":"no a b\\r\\n, 7"}],"{id}":1,"c":2.5,"d":null}'),
    ),
    ("{text: 'no {id}.'}", AnswerReply(headers=PLAIN_TEXT, text=b"no a b\r\n.")),
    (
        "{text: 'é {id}', headers: {Content-Type: text/plain; charset=latin-1}}",
        AnswerReply(headers=LATIN, text=b"\xe9 a b\r\n"),
    ),
    # Doubled braces stand for single ones.
    ("{body: '{{id}}'}", AnswerReply(json='"{id}"')),
    ("{text: '{{nobody}} {id}'}", AnswerReply(headers=PLAIN_TEXT, text=b"{nobody} a b\r\n")),
    ("{headers: {X-A: '{{id}}'}}", AnswerReply(headers=(("X-A", "{id}"),))),
]
ARGUMENTS: dict[str, Scalar] = {"id": "a b\r\n", "idType": 7, "idTypeExtRef": None}


@pytest.mark.parametrize(("text", "filled"), FILLED, ids=[row[0] for row in FILLED])
def test_placeholders_are_filled_in(text: str, filled: AnswerReply) -> None:
    reply = read(text)

    sent = reply.fill(ARGUMENTS)
    assert (sent.status, sent.headers, sent.json, sent.text) == (
        filled.status,
        filled.headers,
        filled.json,
        filled.text,
    )


def test_placeholders_of_a_json_file_are_filled_in(tmp_path: Path) -> None:
    folders = fill(tmp_path, {"a.json": '{"a": "{idType}", "b": "{{id}}"}'})

    assert read("{body_file: ../a.json}", folders).fill(ARGUMENTS).json == '{"a":7,"b":"{id}"}'


def test_character_that_a_charset_lacks_is_filled_in_as_a_question_mark() -> None:
    reply = read("{text: 'é {id}', headers: {Content-Type: text/plain; charset=latin-1}}")

    assert reply.fill({"id": "א"}).text == b"\xe9 ?"


NO_PLACEHOLDERS = [
    "p{color:red} a{}",
    "@media print { p { color: red } }",
    '{"a": 1, "b": {"c": []}}',
    "{ id }",
    "{}",
    "{{}}",
    "{1}",
    "{id",
    "id}",
    "{i d}",
    "{id:5}",
    "{é}",
    "${}",
    "%(id)s",
]


@pytest.mark.parametrize("text", NO_PLACEHOLDERS)
def test_braces_around_anything_else_stay_as_they_are(text: str) -> None:
    quoted = json.dumps(text)

    assert read(f"{{text: {quoted}}}") == AnswerReply(headers=PLAIN_TEXT, text=text.encode())
    assert read(f"{{body: {quoted}, headers: {{X-A: {quoted}}}}}") == AnswerReply(
        headers=(("X-A", text),), json=json.dumps(text, ensure_ascii=False)
    )


def unknown(name: str, remedy: str) -> str:
    return f"{{{name}}} is no parameter of getCustomer{remedy} {{{{{name}}}}} stands for the text {{{name}}}."


ALL = ". Write one of id, idType, idTypeExtRef."
NEAR = "; did you mean 'idType'?"

UNKNOWN: list[tuple[str, list[str]]] = [
    ("{headers: {X-A: '{nobody}'}}", [f"1:24: {unknown('nobody', ALL)}"]),
    ("{headers: {X-A: [b, 'c {idtype}']}}", [f"1:28: {unknown('idtype', NEAR)}"]),
    ("{text: 'no {nobody}'}", [f"1:15: {unknown('nobody', ALL)}"]),
    ("{body: '{nobody}'}", [f"1:15: {unknown('nobody', ALL)}"]),
    ("{body: {a: [1, 'x {Id} {idType}']}}", [f"1:23: {unknown('Id', NEAR.replace('idType', 'id'))}"]),
    ("{body: ['{x}{y}', '{x-1.b}']}", [f"1:16: {unknown(n, ALL)}" for n in "xy"] + [f"1:26: {unknown('x-1.b', ALL)}"]),
    ("{sequence: [{status: 404}, {text: '{nobody}'}]}", [f"1:42: {unknown('nobody', ALL)}"]),
]


@pytest.mark.parametrize(("text", "expected"), UNKNOWN, ids=[row[0] for row in UNKNOWN])
def test_placeholder_that_is_no_parameter_is_a_fault(text: str, expected: list[str]) -> None:
    assert find_faults(text) == [f"f.yaml:{line}" for line in expected]


def test_placeholder_of_a_file_that_is_no_parameter_is_a_fault_where_the_file_is_named(tmp_path: Path) -> None:
    folders = fill(tmp_path, {"a.json": '{"a": ["{nobody}"], "b": "{id}{{x}}"}'})

    assert find_faults("{body_file: ../a.json}", folders=folders) == [f"f.yaml:1:20: {unknown('nobody', ALL)}"]


def test_operation_without_parameters_has_no_placeholders() -> None:
    assert find_faults("{text: 'a {id}'}", COUNT) == [
        "f.yaml:1:15: {id} is no parameter of count, which has none. {{id}} stands for the text {id}."
    ]


def test_placeholders_of_an_operation_that_is_not_known_are_no_faults_of_their_own() -> None:
    assert find_faults("{body: '{nobody}', headers: {X-A: '{nobody}'}}", None) == []


CODECS = [
    ("klingon", "{id}"),
    ("latin-1", "א {id}"),
    # It has no way to leave out what it cannot write.
    ("idna", "{id}"),
]


@pytest.mark.parametrize(("charset", "text"), CODECS)
def test_charset_that_cannot_write_a_text_with_placeholders_is_a_fault(charset: str, text: str) -> None:
    content_type = f"text/plain; charset={charset}"

    assert find_faults(f"{{text: '{text}', headers: {{Content-Type: {content_type}}}}}") == [
        f"f.yaml:1:15: text cannot be written as {content_type}. Write charset=utf-8."
    ]


# JSON


def test_reply_that_was_sent_as_json_has_pointers_for_places() -> None:
    faults: list[Fault] = []
    text = '{"reply": {"status": "404", "delay": 61, "headers": {"X/A": 1.5, "~": null}, "body": ["{nobody}"]}}'

    reply = ReplyReader(faults).read(parse_json(text), CUSTOMER, NOWHERE)

    assert (reply.headers, reply.json) == ((), '["{nobody}"]')
    assert [str(fault) for fault in faults] == [
        "#/reply/status: status is '404'. Write a whole number from 200 to 599, without quotes.",
        "#/reply/headers/X~1A: The header 'X/A' is no header name. Change or remove it.",
        "#/reply/headers/~0: The header ~ is null, which is no text. Write text, or a list of texts.",
        f"#/reply/delay: delay is 61. {SECONDS}",
        f"#/reply/body/0: {unknown('nobody', ALL)}",
    ]
