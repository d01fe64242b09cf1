"""Texts in every format, each judged by somebody else: the standard library, Werkzeug or a validator."""

from __future__ import annotations

import base64
import ipaddress
import re
import uuid
from collections.abc import Callable
from datetime import date, datetime, time
from hashlib import blake2b
from typing import Any

import jsonschema_rs
import pytest
from marshmallow import fields
from werkzeug.datastructures import MIMEAccept
from werkzeug.http import parse_accept_header, parse_date

from mockserver.checks.formats import has_format
from mockserver.checks.keywords import find_types
from mockserver.generation.blueprints import Blueprint
from mockserver.generation.formats import fill_format
from mockserver.generation.generator import Generator, find_gaps
from mockserver.generation.randomness import Randomness

GENERATOR = Generator(seed="formats")


def make(schema: dict[str, Any], count: int = 30) -> list[Any]:
    owner = {"properties": {"Unheard": schema}}
    return [GENERATOR.generate("Odd", Blueprint(owner), {"number": each}, {}).get("Unheard") for each in range(count)]


def by_validator(name: str) -> Callable[[str], object]:
    return jsonschema_rs.Draft202012Validator({"format": name}, validate_formats=True).validate


def parse_media_range(text: str) -> None:
    assert parse_accept_header(text, MIMEAccept).best == text


def parse_sf_binary(text: str) -> None:
    assert (text[0], text[-1]) == (":", ":")
    base64.b64decode(text[1:-1], validate=True)


def has_form(form: str) -> Callable[[str], object]:
    def judge(text: str) -> None:
        assert re.fullmatch(form, text)

    return judge


JUDGES: dict[str, Callable[[str], object]] = {
    "date-time": datetime.fromisoformat,
    "date-time-local": has_form(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d"),
    "date": date.fromisoformat,
    "time": time.fromisoformat,
    "time-local": time.fromisoformat,
    "duration": by_validator("duration"),
    "email": fields.Email().deserialize,
    "idn-email": by_validator("idn-email"),
    "hostname": by_validator("hostname"),
    "idn-hostname": by_validator("idn-hostname"),
    "ipv4": ipaddress.IPv4Address,
    "ipv6": ipaddress.IPv6Address,
    "uri": fields.Url().deserialize,
    "uri-reference": by_validator("uri-reference"),
    "iri": by_validator("iri"),
    "iri-reference": by_validator("iri-reference"),
    "uri-template": by_validator("uri-template"),
    "uuid": uuid.UUID,
    "json-pointer": by_validator("json-pointer"),
    "relative-json-pointer": by_validator("relative-json-pointer"),
    "regex": re.compile,
    "byte": lambda text: base64.b64decode(text, validate=True),
    "base64url": lambda text: base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)),
    "binary": has_form(".+"),
    "password": has_form(".+"),
    "commonmark": has_form(".+"),
    "html": has_form(r"<p>\w+</p>"),
    "char": has_form("."),
    "http-date": parse_date,
    "media-range": parse_media_range,
    "sf-string": has_form('"[ -~]*"'),
    "sf-token": has_form("[a-z][a-z-]*"),
    "sf-binary": parse_sf_binary,
    "sf-boolean": has_form(r"\?[01]"),
    "decimal": fields.Decimal().deserialize,
    "decimal128": fields.Decimal().deserialize,
    "int64": int,
    "uint64": int,
    "dotnet-date-time": datetime.fromisoformat,
}
"""The formats of texts in JSON Schema 2020-12 and in OpenAPI's registry, each with its judge, who raises or not."""


@pytest.mark.parametrize("name", JUDGES)
def test_text_is_made_in_every_format(name: str) -> None:
    texts = make({"type": "string", "format": name})

    assert [text for text in texts if JUDGES[name](text) is False or not has_format(text, name)] == []
    assert len(set(texts)) > 1


@pytest.mark.parametrize(
    ("name", "least", "most"),
    [
        *((f"int{bits}", -(2 ** (bits - 1)), 2 ** (bits - 1) - 1) for bits in (8, 16, 32, 64)),
        *((f"uint{bits}", 0, 2**bits - 1) for bits in (8, 16, 32, 64)),
        *(("double-int", 1 - 2**53, 2**53 - 1), ("sf-integer", 1 - 10**15, 10**15 - 1), ("unixtime", 0, 2**63 - 1)),
    ],
)
@pytest.mark.parametrize("kind", ["integer", "number"])
def test_integer_is_made_in_every_format(kind: str, name: str, least: int, most: int) -> None:
    numbers = make({"type": kind, "format": name})

    assert [each for each in numbers if type(each) is not int or not least <= each <= most] == []
    assert len(set(numbers)) > 1


@pytest.mark.parametrize("name", ["float", "double", "decimal", "sf-decimal"])
def test_number_is_made_in_every_format(name: str) -> None:
    numbers = make({"type": "number", "format": name})

    assert [each for each in numbers if type(each) is not float or round(each, 2) != each] == []


@pytest.mark.parametrize("name", ["int32", "uint8", "unixtime"])
def test_format_of_integers_implies_their_type(name: str) -> None:
    assert (find_types({"format": name}), {type(each) for each in make({"format": name})}) == (["integer"], {int})


SIZES: dict[str, tuple[int, ...]] = {
    "date-time": (20, 22, 25, 40),
    "date-time-local": (19, 21),
    "date": (10,),
    "time": (9, 11, 14),
    "time-local": (8, 10),
    "duration": (3, 4, 9),
    "email": (6, 11, 12, 40, 76, 77, 78, 200, 254),
    "idn-email": (6, 40),
    "hostname": (1, 12, 13, 63, 64, 253),
    "idn-hostname": (1, 253),
    "ipv4": (7, 8, 11, 15),
    "ipv6": (2, 3, 6, 7, 19, 36, 37, 39),
    "uri": (3, 12, 13, 20, 21, 500),
    "uri-reference": (0, 1, 2, 500),
    "iri": (3, 500),
    "iri-reference": (0, 1, 500),
    "uri-template": (0, 1, 6, 7, 500),
    "uuid": (36,),
    "json-pointer": (0, 1, 2, 500),
    "relative-json-pointer": (1, 2, 3, 500),
    "regex": (1, 2, 3, 500),
    "byte": (0, 4, 8, 400),
    "base64url": (0, 2, 3, 4, 400),
    "binary": (1, 500),
    "password": (8, 64),
    "commonmark": (1, 500),
    "char": (1,),
    "http-date": (29,),
    "media-range": (3, 13, 14, 100),
    "sf-string": (2, 3, 100),
    "sf-token": (1, 100),
    "sf-binary": (2, 6, 50),
    "sf-boolean": (2,),
    "int64": (1, 18),
    "decimal": (1, 10),
}


@pytest.mark.parametrize(("name", "length"), [(name, length) for name in SIZES for length in SIZES[name]])
@pytest.mark.parametrize("sides", [("minLength", "maxLength"), ("maxLength",), ("minLength",)])
def test_text_in_a_format_has_the_length_that_is_asked_for(name: str, length: int, sides: tuple[str, ...]) -> None:
    schema = {"type": "string", "format": name, **dict.fromkeys(sides, length)}

    texts = make(schema, 10)

    assert find_gaps({"properties": {"Unheard": schema}}) == ()
    assert [text for text in texts if not has_format(text, name)] == []
    assert [text for text in texts if not jsonschema_rs.is_valid(schema, text, validate_formats=True)] == []


@pytest.mark.parametrize(
    "schema",
    [
        *({"format": "date", "maxLength": 9}, {"format": "uuid", "minLength": 37}, {"format": "ipv4", "maxLength": 6}),
        *(
            {"format": "date-time", "minLength": 21, "maxLength": 21},
            {"format": "byte", "minLength": 5, "maxLength": 7},
        ),
        *({"format": "hostname", "minLength": 254}, {"format": "duration", "maxLength": 2}),
        *({"format": "ipv4", "minLength": 2**40}, {"format": "ipv6", "pattern": "^z"}),
    ],
)
def test_format_that_contradicts_its_schema_is_a_gap(schema: dict[str, Any]) -> None:
    assert find_gaps({"properties": {"Unheard": {"type": "string", **schema}}}) == ("Unheard",)


@pytest.mark.parametrize(
    ("name", "pattern"),
    [
        *(("ipv4", "^192"), ("email", "@example"), ("uuid", "^[0-9a-f-]+$"), ("date", "[02468]$")),
        *(("hostname", "^[a-m]"), ("duration", "^P[1-9]D$"), ("uri", "^https://"), ("byte", "=$|[a-zA-Z]$")),
    ],
)
def test_text_in_a_format_matches_a_pattern_too(name: str, pattern: str) -> None:
    texts = make({"type": "string", "format": name, "pattern": pattern})

    assert [text for text in texts if not re.search(pattern, text) or not has_format(text, name)] == []


@pytest.mark.parametrize("name", ["base64", "base64url"])
@pytest.mark.parametrize("length", [None, 12, 16])
def test_text_has_its_content_encoding(name: str, length: int | None) -> None:
    limits = {} if length is None else {"minLength": length, "maxLength": length}

    texts = make({"type": "string", "contentEncoding": name, **limits})

    assert [text for text in texts if base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)) == b""] == []
    assert {len(text) for text in texts} == {length} if length else len(set(texts)) > 1


def test_unknown_format_has_no_filling() -> None:
    assert fill_format("unheard-of", Randomness(blake2b(b"1")), 5) is None
