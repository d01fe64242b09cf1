"""Answers as people write them: what becomes of them, and every fault with its place and its text."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent, indent

import pytest

from mockserver.answers import Answer, AnswerReply, Condition, Delay
from mockserver.aspnet.hosting import Host
from mockserver.contract import Contract
from mockserver.documents import Fault
from mockserver.openapi import load_contract, read_contract
from mockserver.parsing import parse_document
from mockserver.readers.answer_reader import AnswerReader
from mockserver.readers.reply_reader import OUTER_KEYS, Folders
from mockserver.schemas import Schemas

CONTRACT = load_contract(Path(__file__).parents[1] / "openapi.yaml")

SEARCHES = read_contract(
    parse_document(
        """
        openapi: 3.1.0
        info: {title: Searches, version: "1"}
        paths:
          /Search:
            get:
              operationId: search
              parameters:
              - {name: isNew, in: query, schema: {type: boolean}}
              - {name: from, in: query, schema: {type: integer, format: int64}}
              responses: {"204": {description: d}}
          /Count:
            get:
              operationId: count
              responses:
                "200": {description: d, content: {text/json: {schema: {$ref: "#/components/schemas/HttpError"}}}}
        components:
          schemas:
            HttpError: {type: object, properties: {Message: {type: string}}}
        """,
        "searches.yaml",
    )
)


def read(text: str, contract: Contract = CONTRACT) -> AnswerReader:
    """Read the entries of a list of answers, which begins in line 1."""
    reader = AnswerReader(contract, Schemas(), Host())
    for node in reader.items(parse_document(dedent(text), "f.yaml")):
        reader.read(node, "fixtures/f.yaml")
    return reader


def read_answer(text: str, contract: Contract = CONTRACT) -> AnswerReader:
    """Read one answer with a name and an operation; the text begins in line 3."""
    operation = contract.operations[0].id
    return read(f"- name: n\n  operation: {operation}\n{indent(dedent(text), '  ')}", contract)


def texts(faults: list[Fault]) -> list[str]:
    return [str(fault) for fault in faults]


def test_answer_keeps_what_is_written() -> None:
    reader = read("""\
        - name: not found
          operation: getCustomer
          when: {id: a, idType: [1, 2]}
          reply: {status: 404, headers: {X-A: b}}
        - name: later
          operation: getCustomer
          unchecked: true
          reply: {body: {Sex: 64}}
    """)

    not_found = AnswerReply(404, (("X-A", "b"),))
    when = (Condition("id", ("a",)), Condition("idType", (1, 2)))
    assert (reader.faults, reader.breaches) == ([], [])
    assert reader.answers == [
        Answer("not found", "getCustomer", when, not_found, "fixtures/f.yaml:1"),
        Answer("later", "getCustomer", (), AnswerReply(json='{"Sex":64}'), "fixtures/f.yaml:5", unchecked=True),
    ]


REPLIES: list[tuple[str, AnswerReply]] = [
    ("{status: 404}", AnswerReply(404)),
    ("{status: 200, body: null}", AnswerReply(200, json="null")),
    ("{body: }", AnswerReply(json="null")),
    ("{body: ''}", AnswerReply(json='""')),
    ("{body: [1, 1.5, true, {a: דנה}]}", AnswerReply(json='[1,1.5,true,{"a":"דנה"}]')),
    ("{text: ''}", AnswerReply(text=b"")),
    ("{status: 204, text: ''}", AnswerReply(204, text=b"")),
    ("{status: 204}", AnswerReply(204)),
    ("{text: é}", AnswerReply(None, (("Content-Type", "text/plain; charset=utf-8"),), text="é".encode())),
    (
        "{text: é, headers: {content-type: text/html}}",
        AnswerReply(None, (("content-type", "text/html"),), text="é".encode()),
    ),
    (
        "{text: é, headers: {Content-Type: text/html; charset=iso-8859-1}}",
        AnswerReply(None, (("Content-Type", "text/html; charset=iso-8859-1"),), text=b"\xe9"),
    ),
    (
        "{text: é, headers: {Content-Type: 'text/html; charset=\"UTF-16-BE\"'}}",
        AnswerReply(None, (("Content-Type", 'text/html; charset="UTF-16-BE"'),), text=b"\0\xe9"),
    ),
    ("{status: 200, headers: {}}", AnswerReply(200)),
    ("{headers: {X-A: '', X-B: 5, X-C: 1.50}}", AnswerReply(headers=(("X-A", ""), ("X-B", "5"), ("X-C", "1.50")))),
    (
        "{headers: {Set-Cookie: [a=1, 2], X-A: [b]}}",
        AnswerReply(headers=(("Set-Cookie", "a=1"), ("Set-Cookie", "2"), ("X-A", "b"))),
    ),
    (
        '{headers: {"!#$%&\'*+.^_`|~09Az-": "\\t é~\\xa0ÿ"}}',
        AnswerReply(headers=(("!#$%&'*+.^_`|~09Az-", "\t é~\xa0ÿ"),)),
    ),
]


@pytest.mark.parametrize(("written", "reply"), REPLIES, ids=[row[0] for row in REPLIES])
def test_reply_is_taken_as_written(written: str, reply: AnswerReply) -> None:
    unchecked = "" if reply.is_decoration else "unchecked: true\n"

    reader = read_answer(f"{unchecked}reply: {written}")

    assert reader.faults == []
    assert reader.answers[0].reply == reply


OWN = "is written by the stub itself. Change or remove it."
HOP = "belongs to the connection, not to the answer. Change or remove it."
NO_NAME = "is no header name. Change or remove it."
TEXTS = "Write text, or a list of texts."
CHARACTER = "has a line break, a control character or one that is not Latin-1. Percent-encode it."
STATUS = "Write a whole number from 200 to 599, without quotes."
NUMBER = "Write a whole number of its range, without quotes."
NOTHING = "The reply says nothing. Give it status, headers, body, text, delay or fault."
NO_CHECK = "unchecked is for a reply with status, body or text. Leave it out."
COUNTED = "Write a whole number from 1 on, without quotes."
KEYS = "Write one of name, operation, when, times, reply, unchecked."
NO_REPLY = "This is no reply. Write status, headers, body or text, each with a colon."

FAULTS: list[tuple[str, list[str]]] = [
    # The answer itself
    ("", ["1:3: reply is missing. Add it, with status, headers, body or text."]),
    (
        "replay: {status: 404}",
        [
            "3:3: replay is not known here; did you mean 'reply'?",
            "1:3: reply is missing. Add it, with status, headers, body or text.",
        ],
    ),
    ("unchecked: yes\nreply: {status: 404}", ["3:14: unchecked is 'yes'. Write true or false."]),
    ("unchecked:\nreply: {status: 404}", ["3:13: unchecked is null. Write true or false."]),
    ("unchecked: 1\nreply: {status: 404}", ["3:14: unchecked is 1. Write true or false."]),
    ("unchecked: true\nreply: {headers: {X-A: b}}", [f"3:3: {NO_CHECK}"]),
    ("unchecked: true\nreply: {delay: 1, chance: 0.5}", [f"3:3: {NO_CHECK}"]),
    ("unchecked: true\nreply: {sequence: [{delay: 1}, {fault: reset}]}", [f"3:3: {NO_CHECK}"]),
    ("times: 0\nreply: {status: 404}", [f"3:10: times is 0. {COUNTED}"]),
    ("times: 1.0\nreply: {status: 404}", [f"3:10: times is 1.0. {COUNTED}"]),
    ("times: once\nreply: {status: 404}", [f"3:10: times is 'once'. {COUNTED}"]),
    ("times:\nreply: {status: 404}", [f"3:9: times is null. {COUNTED}"]),
    ("times: true\nreply: {status: 404}", [f"3:10: times is true. {COUNTED}"]),
    ("time: 1\nreply: {status: 404}", ["3:3: time is not known here; did you mean 'times'?"]),
    ("call: 1\nreply: {status: 404}", [f"3:3: call is not known here. {KEYS}"]),
    # The reply
    ("reply: 404", [f"3:10: {NO_REPLY}"]),
    ("reply:", [f"3:9: {NO_REPLY}"]),
    ("reply: {}", [f"3:10: {NO_REPLY}"]),
    ("reply: [404]", [f"3:10: {NO_REPLY}"]),
    ("reply: {headers: {}}", [f"3:10: {NOTHING}"]),
    ("reply: {chance: 0.5}", [f"3:10: {NOTHING}"]),
    ("reply: {sequence: [{status: 404}, {headers: {}}]}", [f"3:37: {NOTHING}"]),
    ("reply: {statuss: 404}", ["3:11: statuss is not known here; did you mean 'status'?"]),
    (
        "reply: {code: 404}",
        [f"3:11: code is not known here. Write one of {', '.join(OUTER_KEYS)}."],
    ),
    ("reply: {status: '404'}", [f"3:19: status is '404'. {STATUS}"]),
    ("reply: {status: 404.0}", [f"3:19: status is 404.0. {STATUS}"]),
    ("reply: {status: true}", [f"3:19: status is true. {STATUS}"]),
    ("reply: {status: }", [f"3:19: status is null. {STATUS}"]),
    ("reply: {status: [404]}", [f"3:19: status is [404]. {STATUS}"]),
    ("reply: {status: 199}", [f"3:19: status is 199. {STATUS}"]),
    ("reply: {status: 600}", [f"3:19: status is 600. {STATUS}"]),
    ("reply: {status: 204, body: ''}", ["3:24: 204 never has a body. Leave body out."]),
    ("reply: {status: 205, body: }", ["3:24: 205 never has a body. Leave body out."]),
    ("reply: {status: 304, text: x}", ["3:24: 304 never has a body. Leave text out."]),
    ("reply: {status: 201, body: 1, text: x}", ["3:33: body and text are both given. Keep one of the two."]),
    ("reply: {text: 5}", ["3:17: text is 5, which is no text. Quote it, or use body."]),
    ("reply: {text: }", ["3:17: text is null, which is no text. Quote it, or use body."]),
    ("reply: {text: {a: b}}", ['3:17: text is {"a": "b"}, which is no text. Quote it, or use body.']),
    (
        "reply: {text: x, headers: {Content-Type: text/plain; charset=klingon}}",
        ["3:17: text cannot be written as text/plain; charset=klingon. Write charset=utf-8."],
    ),
    (
        "reply: {text: א, headers: {Content-Type: text/plain; charset=latin-1}}",
        ["3:17: text cannot be written as text/plain; charset=latin-1. Write charset=utf-8."],
    ),
    (
        "reply: {text: a..b, headers: {Content-Type: text/plain; charset=idna}}",
        ["3:17: text cannot be written as text/plain; charset=idna. Write charset=utf-8."],
    ),
    # Headers
    ("reply: {headers: [a]}", ['3:20: headers is ["a"]. Write names and values under it, each with a colon.']),
    ("reply: {headers: a}", ["3:20: headers is 'a'. Write names and values under it, each with a colon."]),
    ("reply: {status: 404, headers: }", ["3:33: headers is null. Write names and values under it, each with a colon."]),
    ("reply: {headers: {A B: x}}", [f"3:21: The header 'A B' {NO_NAME}"]),
    ("reply: {headers: {'': x}}", [f"3:21: The header '' {NO_NAME}"]),
    ('reply: {headers: {"A\\r\\nB": x}}', [f"3:21: The header 'A\\r\\nB' {NO_NAME}"]),
    ("reply: {headers: {Ä: x}}", [f"3:21: The header 'Ä' {NO_NAME}"]),
    ("reply: {headers: {'X-A:': x}}", [f"3:21: The header 'X-A:' {NO_NAME}"]),
    ("reply: {headers: {X-A: a, x-a: b}}", ["3:29: The header 'x-a' is given twice. Change or remove it."]),
    ("reply: {headers: {X-A: }}", [f"3:26: The header X-A is null, which is no text. {TEXTS}"]),
    ("reply: {headers: {X-A: []}}", [f"3:26: The header X-A is [], which is no text. {TEXTS}"]),
    ("reply: {headers: {X-A: {b: c}}}", [f'3:26: The header X-A is {{"b": "c"}}, which is no text. {TEXTS}']),
    ("reply: {headers: {X-A: true}}", ['3:26: The header X-A is true, which is no text. Quote it: "true".']),
    ("reply: {headers: {X-A: [b, null]}}", [f"3:30: The header X-A is null, which is no text. {TEXTS}"]),
    ('reply: {headers: {X-A: "a\\rb"}}', [f"3:26: The header X-A {CHARACTER}"]),
    ('reply: {headers: {X-A: "a\\nb"}}', [f"3:26: The header X-A {CHARACTER}"]),
    ('reply: {headers: {X-A: "a\\n"}}', [f"3:26: The header X-A {CHARACTER}"]),
    ('reply: {headers: {X-A: "\\0"}}', [f"3:26: The header X-A {CHARACTER}"]),
    ('reply: {headers: {X-A: "\\x7f"}}', [f"3:26: The header X-A {CHARACTER}"]),
    ('reply: {headers: {X-A: "\\x85"}}', [f"3:26: The header X-A {CHARACTER}"]),
    ("reply: {headers: {X-A: €}}", [f"3:26: The header X-A {CHARACTER}"]),
    (
        "reply: {headers: {Content-Type: [a/b, c/d]}}",
        ["3:35: The header Content-Type can be sent only once. Keep one of its values."],
    ),
    # All at once
    (
        "unchecked: 1\nwhen: {Id: a, idType: b}\nreply: {status: 1, headers: {A B: c}, body: 1, text: x, boddy: 2}",
        [
            "5:59: boddy is not known here; did you mean 'body'?",
            f"5:19: status is 1. {STATUS}",
            "5:50: body and text are both given. Keep one of the two.",
            f"5:32: The header 'A B' {NO_NAME}",
            "3:14: unchecked is 1. Write true or false.",
            "4:10: getCustomer has no parameter 'Id'; did you mean 'id'?",
            f"4:25: idType is 'b', which is no int32. {NUMBER}",
        ],
    ),
]


@pytest.mark.parametrize(("text", "expected"), FAULTS, ids=[row[0] for row in FAULTS])
def test_fault_names_place_finding_and_remedy(text: str, expected: list[str]) -> None:
    reader = read_answer(text)

    assert texts(reader.faults) == [f"f.yaml:{line}" for line in expected]
    assert reader.breaches == []


RESERVED = (
    *("Connection", "Keep-Alive", "Proxy-Authenticate", "Proxy-Authorization", "Proxy-Connection"),
    *("TE", "Trailer", "Trailers", "transfer-encoding", "UPGRADE"),
)


@pytest.mark.parametrize("name", RESERVED)
def test_header_of_the_connection_is_refused(name: str) -> None:
    reader = read_answer(f"reply: {{headers: {{{name}: x}}}}")

    assert texts(reader.faults)[:1] == [f"f.yaml:3:21: The header {name!r} {HOP}"]


@pytest.mark.parametrize("name", ["Content-Length", "X-Mock-Breach", "x-mock-source"])
def test_header_that_the_stub_writes_is_refused(name: str) -> None:
    reader = read_answer(f"reply: {{headers: {{{name}: x}}}}")

    assert texts(reader.faults)[:1] == [f"f.yaml:3:21: The header {name!r} {OWN}"]


ENTRIES: list[tuple[str, list[str]]] = [
    ("[5]", ["1:2: This is no answer. Write name, operation, when and reply, each with a colon."]),
    ("[null]", ["1:2: This is no answer. Write name, operation, when and reply, each with a colon."]),
    ("[[a]]", ["1:2: This is no answer. Write name, operation, when and reply, each with a colon."]),
    (
        "[{}]",
        [
            "1:2: name is missing. Add it.",
            "1:2: operation is missing. Write operation: getCustomer.",
            "1:2: reply is missing. Add it, with status, headers, body or text.",
        ],
    ),
    (
        "[{name: 5, operation: 6, reply: {status: 1}}]",
        [
            '1:9: name is no text. Quote it: "5".',
            '1:23: operation is no text. Quote it: "6".',
            f"1:42: status is 1. {STATUS}",
        ],
    ),
    (
        '[{name: "/x", operation: getCustomer, reply: {status: 404}}]',
        ["1:9: name is '/x'. Begin it without a slash, and write it on one line."],
    ),
    (
        '[{name: "a\\nb", operation: getCustomer, reply: {status: 404}}]',
        ["1:9: name is 'a\\nb'. Begin it without a slash, and write it on one line."],
    ),
    (
        "[{name: '', operation: '', reply: {status: 404}}]",
        [
            "1:9: name is ''. Write a few words that say what the answer is for.",
            "1:24: The contract has no operation ''. Write getCustomer.",
        ],
    ),
    (
        "[{name: ' ', operation: getcustomers, reply: {status: 404}}]",
        [
            "1:9: name is ' '. Write a few words that say what the answer is for.",
            "1:25: The contract has no operation 'getcustomers'; did you mean 'getCustomer'?",
        ],
    ),
    (
        "[{heading: n, operation: deleteOrder, reply: {status: 404}}]",
        [
            f"1:3: heading is not known here. {KEYS}",
            "1:2: name is missing. Add it.",
            "1:26: The contract has no operation 'deleteOrder'. Write getCustomer.",
        ],
    ),
]


@pytest.mark.parametrize(("text", "expected"), ENTRIES, ids=[row[0] for row in ENTRIES])
def test_entry_that_is_no_answer_is_a_fault(text: str, expected: list[str]) -> None:
    reader = read(text)

    assert texts(reader.faults) == [f"f.yaml:{line}" for line in expected]
    assert reader.answers == []


def test_operation_that_is_missing_or_far_from_all_is_told_which_there_are() -> None:
    reader = read("[{name: n, reply: {status: 404}}, {name: m, operation: xyz, reply: {status: 404}}]", SEARCHES)

    assert texts(reader.faults) == [
        "f.yaml:1:2: operation is missing. Write operation: search or count.",
        "f.yaml:1:56: The contract has no operation 'xyz'. Write search or count.",
    ]


TWINS: list[tuple[str, str, bool]] = [
    ("", "", True),
    ("", "when: {}, ", True),
    ("when: {id: a}, ", "when: {id: a}, ", True),
    ("when: {id: a}, ", "when: {id: [a]}, ", True),
    ("when: {id: [a, b]}, ", "when: {id: [b, a]}, ", True),
    ("when: {id: ''}, ", "when: {id: null}, ", True),
    ("when: {id: a, idType: 1}, ", "when: {idType: 1, id: a}, ", True),
    ("when: {id: {matches: a}}, ", "when: {id: {matches: a}}, ", True),
    ("", "when: {id: a}, ", False),
    ("when: {id: a}, ", "when: {id: A}, ", False),
    ("when: {id: a}, ", "when: {id: [a, b]}, ", False),
    ("when: {id: a}, ", "when: {id: {matches: a}}, ", False),
    ("when: {id: a}, ", "when: {id: a, idType: 1}, ", False),
    ("when: {id: a}, ", "when: {idTypeExtRef: a}, ", False),
]


@pytest.mark.parametrize(("one", "other", "are_twins"), TWINS)
def test_two_answers_that_compare_the_same_are_a_fault(one: str, other: str, are_twins: bool) -> None:
    reader = read(f"""\
        - {{name: one, operation: getCustomer, {one}reply: {{status: 404}}}}
        - {{name: other, operation: getCustomer, {other}reply: {{status: 500}}}}
    """)

    twin = "An answer to the same request stands already at f.yaml:1:3. Change one of the two, or remove it."
    assert texts(reader.faults) == ([f"f.yaml:2:3: {twin}"] if are_twins else [])


ORDERED: list[tuple[str, str, bool]] = [
    # By headers and calls
    ("when: {headers: {X-A: b}}", "when: {headers: {x-a: [b]}}", True),
    ("when: {headers: {X-A: null}}", "when: {headers: {X-A: ''}}", True),
    ("when: {id: a}", "when: {parameters: {id: a}}", True),
    ("when: {call: 2}", "when: {call: 2}", True),
    ("when: {id: a}", "when: {headers: {id: a}}", False),
    ("when: {headers: {X-A: b}}", "when: {headers: {X-A: B}}", False),
    ("when: {headers: {X-A: b}}", "when: {headers: {X-B: b}}", False),
    ("when: {call: 1}", "when: {call: 2}", False),
    ("when: {call: 1}", "when: {}", False),
    # What comes first is not always there
    ("times: 1", "times: 2", False),
    ("times: 1", "when: {}", False),
    ("reply: {status: 404, chance: 0.5}", "when: {}", False),
    ("reply: {status: 404, chance: 0.5}", "times: 1", False),
    ("reply: {sequence: [{status: 404}], chance: 0.5}", "when: {}", False),
    # What comes second never has its turn
    ("when: {}", "times: 1", True),
    ("when: {}", "reply: {status: 404, chance: 0.5}", True),
    ("reply: {sequence: [{status: 404}]}", "times: 1", True),
    ("reply: {sequence: [{status: 404}], cycle: true}", "reply: {sequence: [{status: 500}]}", True),
]


@pytest.mark.parametrize(("first", "second", "is_fault"), ORDERED)
def test_answer_that_never_has_its_turn_is_a_fault(first: str, second: str, is_fault: bool) -> None:
    entries = (each if "reply" in each else f"{each}, reply: {{status: 404}}" for each in (first, second))
    one, other = entries

    reader = read(f"""\
        - {{name: one, operation: getCustomer, {one}}}
        - {{name: other, operation: getCustomer, {other}}}
    """)

    twin = "An answer to the same request stands already at f.yaml:1:3. Change one of the two, or remove it."
    assert texts(reader.faults) == ([f"f.yaml:2:3: {twin}"] if is_fault else [])
    assert [each.name for each in reader.answers] == ["one", "other"]


def test_all_that_come_behind_one_that_is_always_there_are_faults() -> None:
    reader = read("""\
        - {name: a, operation: getCustomer, times: 1, reply: {status: 404}}
        - {name: b, operation: getCustomer, reply: {status: 404}}
        - {name: c, operation: getCustomer, times: 1, reply: {status: 404}}
        - {name: d, operation: getCustomer, reply: {status: 404, chance: 0.5}}
        - {name: e, operation: getCustomer, reply: {status: 404}}
    """)

    twin = "An answer to the same request stands already at f.yaml:2:3. Change one of the two, or remove it."
    assert texts(reader.faults) == [f"f.yaml:{line}:3: {twin}" for line in (3, 4, 5)]


def test_two_answers_of_one_name_are_a_fault() -> None:
    reader = read("""\
        - {name: one, operation: getCustomer, reply: {status: 404}}
        - {name: one, operation: getCustomer, when: {id: a}, reply: {status: 404}}
    """)

    twin = "An answer 'one' stands already at f.yaml:1:3. Change one of the two, or remove it."
    assert texts(reader.faults) == [f"f.yaml:2:3: {twin}"]


def test_answers_with_faults_are_not_taken_for_twins() -> None:
    reader = read("""\
        - {operation: getCustomer, when: {ID: a}, reply: {status: 404}}
        - {operation: getCustomer, when: {ID: b}, reply: {status: 404}}
    """)

    unknown = "getCustomer has no parameter 'ID'; did you mean 'id'?"
    assert texts(reader.faults) == [
        "f.yaml:1:3: name is missing. Add it.",
        f"f.yaml:1:35: {unknown}",
        "f.yaml:2:3: name is missing. Add it.",
        f"f.yaml:2:35: {unknown}",
    ]


ON_PURPOSE = "or write unchecked: true beside reply if that is on purpose."
JSON_ONLY = "the contract allows application/json and text/json."
UTF_8 = "the contract wants charset=utf-8 or charset=utf-16."
NO_JSON = "the contract wants JSON: expecting property name enclosed in double quotes: line 1 column 2 (char 1)."

BREACHES: list[tuple[str, list[str]]] = [
    ("{status: 500, body: {Message: a}}", []),
    ("{status: 500, body: {Message: a}, headers: {Content-Type: text/json}}", []),
    ("{status: 404}", []),
    ("{status: 404, text: ''}", []),
    ("{status: 400}", []),
    ("{status: 405}", []),
    ("{status: 500}", []),
    # A status that the contract does not declare
    ("{status: 409, body: {a: b}}", []),
    ("{status: 503, text: <h1>Back soon</h1>, headers: {Content-Type: text/html}}", []),
    ("{status: 302, headers: {Location: /elsewhere}}", []),
    ("{headers: {Content-Type: text/html}}", []),
    (
        "{status: 500, body: {message: a}}",
        [
            f"3:30: Message is missing, the contract requires it. Add it, {ON_PURPOSE}",
            f"3:40: message is 'a', the contract has no such member; did you mean 'Message'? Change it, {ON_PURPOSE}",
        ],
    ),
    (
        "{status: 500, body: {Message: 5}, headers: {Message: b}}",
        [f"3:40: Message is 5, the contract wants a string. Change it, {ON_PURPOSE}"],
    ),
    (
        "{status: 400, body: {Message: a, ModelState: {id: [b, 5]}}}",
        [f"3:64: ModelState.id.1 is 5, the contract wants a string. Change it, {ON_PURPOSE}"],
    ),
    ("{body: }", [f"3:17: the body is null, the contract wants an object. Change it, {ON_PURPOSE}"]),
    ("{status: 200}", [f"3:10: the body is missing, the contract has content for 200. Add it, {ON_PURPOSE}"]),
    (
        "{status: 500, text: ''}",
        [f"3:30: the body is missing, the contract has content for 500. Add it, {ON_PURPOSE}"],
    ),
    (
        "{status: 404, body: {Message: a}}",
        [f'3:30: the body is \'{{"Message":"a"}}\', the contract has no content for 404. Change it, {ON_PURPOSE}'],
    ),
    (
        "{status: 404, text: gone}",
        [f"3:30: the body is 'gone', the contract has no content for 404. Change it, {ON_PURPOSE}"],
    ),
    (
        "{status: 500, text: a}",
        [f"3:30: Content-Type is 'text/plain; charset=utf-8', {JSON_ONLY[:-1]}. Change it, {ON_PURPOSE}"],
    ),
    (
        "{status: 500, body: {Message: a}, headers: {content-type: text/html}}",
        [f"3:68: Content-Type is 'text/html', {JSON_ONLY} Change it, {ON_PURPOSE}"],
    ),
    (
        "{status: 500, body: {Message: a}, headers: {Content-Type: application/json; charset=klingon}}",
        [
            f"3:68: Content-Type is 'application/json; charset=klingon', {UTF_8} Change it, {ON_PURPOSE}",
        ],
    ),
    (
        "{status: 500, text: '{', headers: {Content-Type: application/json}}",
        [
            f"3:30: the body is '{{', {NO_JSON} Change it, {ON_PURPOSE}",
        ],
    ),
    (
        '{status: 405, text: \'{"Message": "a"}\', headers: {Content-Type: text/json}}',
        [f"3:30: Allow is missing, the contract requires this header. Add it, {ON_PURPOSE}"],
    ),
]


@pytest.mark.parametrize(("reply", "expected"), BREACHES, ids=[row[0] for row in BREACHES])
def test_reply_is_held_against_the_contract_where_that_declares_the_status(reply: str, expected: list[str]) -> None:
    reader = read_answer(f"reply: {reply}")

    assert texts(reader.breaches) == [f"f.yaml:{line}" for line in expected]
    assert reader.faults == []


def test_body_is_sent_in_a_media_type_of_the_contract() -> None:
    reader = read("[{name: n, operation: count, reply: {body: {Message: a}}}]", SEARCHES)

    assert (reader.faults, reader.breaches) == ([], [])


@pytest.mark.parametrize("reply", [row[0] for row in BREACHES if row[1]])
def test_reply_that_is_unchecked_breaks_the_contract_on_purpose(reply: str) -> None:
    reader = read_answer(f"reply: {reply}\nunchecked: true")

    assert (reader.faults, reader.breaches) == ([], [])
    assert reader.answers[0].unchecked


def test_answer_that_is_not_unchecked_is_checked() -> None:
    reader = read_answer("unchecked: false\nreply: {body: null}")

    assert texts(reader.breaches) == [
        f"f.yaml:4:17: the body is null, the contract wants an object. Change it, {ON_PURPOSE}"
    ]
    assert not reader.answers[0].unchecked


def test_reply_with_faults_is_not_held_against_the_contract() -> None:
    reader = read_answer("reply: {status: '404', body: {a: 1}}")

    assert texts(reader.faults) == [f"f.yaml:3:19: status is '404'. {STATUS}"]
    assert reader.breaches == []


def test_answer_keeps_times_headers_and_call() -> None:
    reader = read("""\
        - name: third
          operation: getCustomer
          when: {id: a, headers: {X-Tenant: acme}, call: 3}
          times: 2
          reply: {sequence: [{status: 404}, {delay: 1}], cycle: true, chance: 0.5}
    """)

    sequence = (AnswerReply(404), AnswerReply(delay=Delay(1.0, 1.0)))
    assert (reader.faults, reader.breaches) == ([], [])
    assert reader.answers == [
        Answer(
            "third",
            "getCustomer",
            (Condition("id", ("a",)),),
            AnswerReply(sequence=sequence, is_cycle=True, chance=0.5),
            "fixtures/f.yaml:1",
            headers=(Condition("x-tenant", ("acme",)),),
            call=3,
            times=2,
        )
    ]


DECORATIONS = [
    "{delay: 1}",
    "{fault: empty}",
    "{headers: {X-A: b}, chance: 0.1}",
    "{sequence: [{delay: 1}, {fault: reset}]}",
]


@pytest.mark.parametrize("reply", DECORATIONS)
def test_decoration_has_nothing_to_hold_against_the_contract(reply: str) -> None:
    reader = read_answer(f"reply: {reply}")

    assert (reader.faults, reader.breaches, len(reader.answers)) == ([], [], 1)


# Breaches in a sequence, in a file, and by placeholders


def test_breach_in_a_sequence_is_told_in_the_line_of_its_reply() -> None:
    reader = read_answer("""\
        reply:
          sequence:
          - {status: 404}
          - status: 500
            body: {Message: 5}
          - {delay: 1}
          - {status: 200}
          - {status: 500, text: a}
    """)

    assert texts(reader.breaches) == [
        f"f.yaml:7:23: Message is 5, the contract wants a string. Change it, {ON_PURPOSE}",
        f"f.yaml:9:7: the body is missing, the contract has content for 200. Add it, {ON_PURPOSE}",
        f"f.yaml:10:27: Content-Type is 'text/plain; charset=utf-8', {JSON_ONLY[:-1]}. Change it, {ON_PURPOSE}",
    ]
    assert (reader.faults, len(reader.answers)) == ([], 1)


def test_sequence_that_is_unchecked_breaks_the_contract_on_purpose() -> None:
    reader = read_answer("unchecked: true\nreply: {sequence: [{delay: 1}, {status: 500, body: 5}]}")

    assert (reader.faults, reader.breaches) == ([], [])


FILE_BREACHES: list[tuple[str, str, list[str]]] = [
    ("a.json", '{"Message": "a"}', []),
    ("a.json", '{"Message": 5}', ["Message is 5, the contract wants a string. Change it,"]),
    (
        "a.json",
        '{"Massage": "a"}',
        [
            "Message is missing, the contract requires it. Add it,",
            "Massage is 'a', the contract has no such member; did you mean 'Message'? Change it,",
        ],
    ),
    ("a.html", "a", [f"Content-Type is 'text/html; charset=utf-8', {JSON_ONLY[:-1]}. Change it,"]),
    ("a.html", "", ["the body is missing, the contract has content for 500. Add it,"]),
]


@pytest.mark.parametrize(("name", "content", "expected"), FILE_BREACHES)
def test_breach_in_a_file_is_told_where_the_file_is_named(
    tmp_path: Path, name: str, content: str, expected: list[str]
) -> None:
    (tmp_path / name).write_text(content, encoding="utf-8")
    reader = AnswerReader(CONTRACT, Schemas(), Host())
    text = f"{{name: n, operation: getCustomer, reply: {{status: 500, body_file: {name}}}}}"

    reader.read(parse_document(text, "f.yaml"), "fixtures/f.yaml", Folders(tmp_path, tmp_path))

    assert (reader.faults, reader.files) == ([], ((tmp_path / name).resolve(),))
    assert texts(reader.breaches) == [f"f.yaml:1:67: {breach} {ON_PURPOSE}" for breach in expected]


SAMPLES: list[tuple[str, str, list[str]]] = [
    ("", "no {id}, {idType}", []),
    ("", "{id}", []),
    ("", "{{idType}}", []),
    ("", "{idType}", ["Message is 1, the contract wants a string."]),
    ("when: {idType: [5, 6]}, ", "{idType}", ["Message is 5, the contract wants a string."]),
    ("when: {id: ''}, ", "{id}", []),
    ("when: {id: null}, ", "{id}", ["Message is null, the contract does not allow null."]),
    ("when: {id: {matches: x+}}, ", "{id}", []),
    ("when: {parameters: {idType: 7}}, ", "{idType}", ["Message is 7, the contract wants a string."]),
    ("when: {headers: {idType: a}}, ", "{idType}", ["Message is 1, the contract wants a string."]),
]


@pytest.mark.parametrize(("when", "message", "expected"), SAMPLES)
def test_placeholder_is_held_against_the_contract_by_a_sample(when: str, message: str, expected: list[str]) -> None:
    text = f"[{{name: n, operation: getCustomer, {when}reply: {{status: 500, body: {{Message: '{message}'}}}}}}]"

    reader = read(text)

    assert reader.faults == []
    assert texts(reader.breaches) == [
        f"f.yaml:1:{text.index(message)}: {breach} Change it, {ON_PURPOSE}" for breach in expected
    ]


UNDESCRIBED = """
openapi: 3.1.0
info: {{title: Things, version: "1"}}
paths:
  /Things/{{part}}:
    get:
      operationId: getThing
      parameters:
      - {{name: part, in: path, required: true, schema: {{type: {type}}}}}
      - {{name: note, in: query, schema: {{type: string}}}}
      responses:
        "200": {{description: d, content: {{application/json: {{schema: {{$ref: "#/components/schemas/HttpError"}}}}}}}}
components:
  schemas:
    HttpError: {{type: object, properties: {{Message: {{type: string}}}}}}
"""

UNSAMPLED: list[tuple[str, str, list[str]]] = [
    ("string", "{part}", []),
    ("boolean", "{part}", ["Message is true, the contract wants a string."]),
    ("integer, format: int64", "{part}", ["Message is 1, the contract wants a string."]),
    # Nothing is what it is where the request leaves it out.
    ("string", "{note}", ["Message is null, the contract does not allow null."]),
    ("string", "{part} {note}", []),
]


@pytest.mark.parametrize(("kind", "message", "expected"), UNSAMPLED)
def test_sample_of_a_parameter_without_example_or_default_is_one_of_its_type(
    kind: str, message: str, expected: list[str]
) -> None:
    contract = read_contract(parse_document(UNDESCRIBED.format(type=kind), "things.yaml"))

    reader = read(f"[{{name: n, operation: getThing, reply: {{body: {{Message: '{message}'}}}}}}]", contract)

    assert reader.faults == []
    assert texts(reader.breaches) == [f"f.yaml:1:57: {breach} Change it, {ON_PURPOSE}" for breach in expected]


EXCEPTIONS: list[tuple[str, str]] = [
    (
        "reply: {exception: {type: A, message: b}}",
        "3:11: exception tells of a 500 without a body of its own. Write status: 500, and leave body and text out.",
    ),
    (
        "reply: {status: 500, body: {Message: a}, exception: {type: A, message: b}}",
        "3:44: exception tells of a 500 without a body of its own. Write status: 500, and leave body and text out.",
    ),
    ("reply: {status: 500, exception: A}", "3:35: A mapping is wanted here. Write keys and values."),
    ("reply: {status: 500, exception: {type: A}}", "3:35: message is missing. Add it."),
    ("reply: {status: 500, exception: {type: A, message: b, inner: {type: C}}}", "3:64: message is missing. Add it."),
    (
        "reply: {status: 500, exception: {kind: A, type: A, message: b}}",
        "3:36: kind is not known here. Write one of type, message, stack-trace, inner.",
    ),
]


@pytest.mark.parametrize(("text", "expected"), EXCEPTIONS)
def test_exception_that_cannot_be_told_is_a_fault(text: str, expected: str) -> None:
    assert texts(read_answer(text).faults) == [f"f.yaml:{expected}"]
