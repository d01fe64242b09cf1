"""A contract in JSON is served as the same one in YAML, byte for byte."""

import json
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from mockserver import create_app
from mockserver.contract.openapi import load_contract
from mockserver.documents.loading import load_document
from mockserver.documents.yaml_text import write_document
from tests.support.files import save
from tests.support.problems import list_problems

CUSTOMER = "/API/Customers"
TARGETS = (
    *(f"{CUSTOMER}/{rest}" for rest in ("100200300?idType=1", "42?idType=2", "404", "500", "a%20b", "1?idType=x", "")),
    *(f"{CUSTOMER}/7?__{wish}" for wish in ("code=400", "code=404", "example=found", "edge=emoji", "edge=nothing")),
    *("/__mock/", "/__mock/openapi.yaml", "/__mock/openapi.json", "/__mock/answers", "/elsewhere"),
)


def read_document() -> dict[str, Any]:
    """The shipped contract, with an emoji and the other characters that YAML and JSON treat differently."""
    document = load_document(Path("openapi.yaml")).to_json()
    assert isinstance(document, dict)
    info = document["info"]
    assert isinstance(info, dict)
    return {
        **document,
        "info": {**info, "title": "Customers 🚀 \u2028 \x7f / \\u0041 é", "x-odd": ["NO", "1E2", "", "~"]},
    }


def serve(path: Path, text: str) -> FlaskClient:
    save(path, text)
    return create_app(contract=path).test_client()


@pytest.mark.parametrize("options", [{}, {"indent": "\t"}, {"ensure_ascii": False, "separators": (",", ":")}])
@pytest.mark.parametrize("name", ["c.json", "other.yaml"])
def test_answers_are_the_same_as_from_yaml(tmp_path: Path, name: str, options: dict[str, Any]) -> None:
    document = read_document()
    of_yaml = serve(tmp_path / "c.yaml", write_document(document))
    of_json = serve(tmp_path / name, json.dumps(document, **options))

    for target in TARGETS:
        wanted, given = of_yaml.get(target), of_json.get(target)
        assert (given.status, [*given.headers], given.data) == (wanted.status, [*wanted.headers], wanted.data)


@pytest.mark.parametrize(
    ("new", "problem"),
    [
        ('"3.1.0", "openapi": "3.1.1"', "2:22: openapi is given twice, first in line 2. "),
        ('"3.1.0", // a comment', "2:22: This is not JSON: expecting property name enclosed in double quotes. "),
        ('"3.0.3"', "2:13: openapi is '3.0.3', but only 3.1.x is supported. "),
        ("NaN", "2:13: This is not JSON: it has no number NaN. "),
        ('"3.1.\\ud83d"', "2:13: U+D83D is half of a character. "),
    ],
)
def test_problem_has_line_and_column(tmp_path: Path, new: str, problem: str) -> None:
    text = json.dumps(read_document(), indent=1)
    save(tmp_path / "c.json", text.replace('"3.1.0"', new, 1))

    problems = list_problems(load_contract, tmp_path / "c.json", "c.json")

    assert [each.startswith(f"c.json:{problem}") for each in problems] == [True]
