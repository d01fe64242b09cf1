"""`mockserver check-provider`: holds a real provider against the contract and the fixtures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from dataclasses import fields
from typing import TYPE_CHECKING

import click

from mockserver.commands.collection import without_collection
from mockserver.commands.fuzzing_import import import_fuzzing
from mockserver.commands.numbers import WholeNumber
from mockserver.commands.options import Command, add_options, select
from mockserver.commands.provider_options import add_provider_options, make_client
from mockserver.commands.report_files import Destination, add_report_option
from mockserver.commands.reporting import conclude, try_cases
from mockserver.conformance.checked_stub import load_checked_stub
from mockserver.conformance.editions import read_edition
from mockserver.conformance.reports import Case
from mockserver.contract.contract import Contract
from mockserver.contract.operations import METHODS
from mockserver.documents.problems import SettingError
from mockserver.documents.wording import suggest_nearest
from mockserver.fixtures.volatile import list_members
from mockserver.http.redaction import Redactor
from mockserver.http.secret_names import SecretNames
from mockserver.provider.client import SAFE_METHODS
from mockserver.provider.judge import Judge
from mockserver.provider.questions import Question, list_questions
from mockserver.provider.replay import Replay, replay_all
from mockserver.stub.inputs import locate_contract, require_contract
from mockserver.stub.loading import Stub
from mockserver.stub.settings import Settings

if TYPE_CHECKING:
    from mockserver.provider.generated_requests import GeneratedRequests


@click.command("check-provider", cls=Command)
@add_provider_options
@click.option(
    "--ignore",
    multiple=True,
    metavar="MEMBER",
    help="Member that may differ from the fixtures, such as Price or Address.City; repeatable.",
)
@click.option(
    "--method",
    "methods",
    multiple=True,
    type=click.Choice([each.upper() for each in METHODS], case_sensitive=False),
    metavar="METHOD",
    help=f"Method that may be sent too, beside {', '.join(SAFE_METHODS)}; repeatable.",
)
@click.option(
    "--max-requests",
    type=WholeNumber(0),
    default=200,
    show_default=True,
    metavar="NUMBER",
    help="Generated requests to send at the most; 0 asks for the fixtures alone.",
)
@add_report_option
@add_options(each for each in fields(Settings) if not each.metadata["is_for_serving"])
def check_provider(
    ignore: tuple[str, ...],
    methods: tuple[str, ...],
    max_requests: int,
    destinations: Sequence[Destination],
    **given: object,
) -> None:
    """Hold a real provider against contract and fixtures. URL has its root, such as https://example.com/API.

    Each record and answer of the fixtures is asked for, then schemathesis sends requests that it generates from the
    contract. What breaks the contract fails; what only differs from a fixture is told.

    Exit with 0 if the contract is kept, with 1 if it is broken, with 2 if that could not be checked.
    """
    settings = Settings(**select(fields(Settings), given))
    require_contract(settings.contract)
    with without_collection():
        stub = load_checked_stub(settings)
    names = SecretNames(settings.redacted)
    client, contract = make_client(given, names), locate_contract(settings.contract)
    edition = read_edition(contract.path, contract.name)
    judge = Judge(edition, stub.schemas, _check_ignored(ignore, stub.contract), names.is_secret)
    replay = Replay(client, judge, (*SAFE_METHODS, *methods), Redactor(None, settings.redacted))
    questions = list(list_questions(stub))
    with import_fuzzing("--max-requests 0 does without.") if max_requests else nullcontext():
        generated = _make_generated(stub, replay, max_requests) if max_requests else None
        cases = _list_cases(replay, questions, generated)
        report = try_cases("check-provider", client.address.url, cases, len(questions))
    conclude(report, destinations)


def _make_generated(stub: Stub, replay: Replay, budget: int) -> GeneratedRequests:
    from mockserver.provider.generated_requests import GeneratedRequests

    seed = str(stub.settings.seed)
    return GeneratedRequests(replay.client, stub.contract, replay.judge.edition, replay.methods, budget, seed)


def _list_cases(replay: Replay, questions: Sequence[Question], generated: GeneratedRequests | None) -> Iterator[Case]:
    """Yield what came of the fixtures, then of generated requests if there is use in asking more."""
    reason = yield from replay_all(replay, questions)
    if generated is not None and reason:
        yield generated.skip(reason)
    elif generated is not None:
        yield from generated.send()


def _check_ignored(ignored: Sequence[str], contract: Contract) -> frozenset[str]:
    """Return the members to ignore; refuse a name that no response has."""
    known = list_members(contract)
    for each in ignored:
        name = each.partition(".")[0]
        if name not in known:
            nearest = suggest_nearest(name, known) or ". Name a member of the contract."
            raise SettingError("ignore", f"No response has a member {name!r}{nearest}")
    return frozenset(ignored)
