"""`mockserver check`: holds the contract and the fixtures against each other."""

from __future__ import annotations

import sys
from dataclasses import fields
from typing import Final

import click

from mockserver.commands.collection import without_collection
from mockserver.commands.options import Command, add_options, select
from mockserver.commands.refusal import list_lines
from mockserver.commands.terminal import show_line, show_problem
from mockserver.conformance.checked_stub import load_checked_stub
from mockserver.documents.problems import DocumentError, list_problems
from mockserver.documents.wording import count
from mockserver.stub.inputs import require_contract
from mockserver.stub.settings import Settings

_PROBLEMS: Final = 1
"""The exit code if there are problems."""


@click.command(cls=Command)
@add_options(each for each in fields(Settings) if not each.metadata["is_for_serving"])
def check(**given: object) -> None:
    """Check the contract and every fixture without serving.

    Exit with 0 if all is well, with 1 if there are problems, with 2 for wrong usage.
    """
    values = select(fields(Settings), given)
    try:
        require_contract(values["contract"])
        with without_collection():
            stub = load_checked_stub(Settings(**values))
    except DocumentError as error:
        for line in list_lines(error):
            show_line(line)
        show_line(f"{count(len(error.problems), 'problem')}.")
        sys.exit(_PROBLEMS)
    for warning in list_problems(stub.warnings):
        show_problem(f"WARNING: {warning}")
    fixtures = stub.fixtures
    show_line(
        f"No problems: {count(len(stub.contract.operations), 'operation')}, "
        f"{fixtures.counts} in {count(len(fixtures.files), 'file')}."
    )
