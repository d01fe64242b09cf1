"""Parts of a YAML file, and the problems in it."""

from collections.abc import Iterable
from textwrap import dedent, indent

from mockserver.contract.contract import Contract
from mockserver.contract.openapi import read_contract
from mockserver.documents.nodes import Node
from mockserver.documents.problems import Problem
from mockserver.documents.yaml_text import parse_document


def parse(text: str) -> Node:
    """Return the document of a file `f.yaml`."""
    return parse_document(dedent(text), "f.yaml")


def list_lines(problems: Iterable[Problem]) -> list[str]:
    """Return the problems in `f.yaml` by their place, each as line, column and text."""
    return [str(each).removeprefix("f.yaml:") for each in sorted(problems)]


def make_contract(paths: str, schemas: str = "{}") -> Contract:
    """Return a contract of these paths and components, both in YAML."""
    start = "openapi: 3.1.0\ninfo: {title: Made, version: '1'}\npaths:\n"
    components = f"components:\n  schemas:\n{indent(dedent(schemas), ' ' * 4)}"
    return read_contract(parse_document(f"{start}{indent(dedent(paths), '  ')}\n{components}", "contract.yaml"))
