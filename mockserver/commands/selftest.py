"""`mockserver selftest`: checks what the stub sends against its contract and fixtures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import fields
from functools import partial
from typing import TYPE_CHECKING, Any

import click

from mockserver.commands.collection import without_collection
from mockserver.commands.fuzzing_import import import_fuzzing
from mockserver.commands.log_lines import set_up_logging
from mockserver.commands.numbers import WholeNumber
from mockserver.commands.options import Command, add_options, select
from mockserver.commands.other_process import ask_other_process
from mockserver.commands.report_files import Destination, add_report_option
from mockserver.commands.reporting import conclude, try_cases
from mockserver.commands.serve_settings import ServeSettings
from mockserver.conformance.editions import read_edition
from mockserver.conformance.record_examples import add_record_examples
from mockserver.conformance.reports import Case, Report
from mockserver.documents.problems import DocumentError
from mockserver.selftest.cases import AskProcess, SelfTest, report_start
from mockserver.selftest.failures import OwnFailures
from mockserver.stub.inputs import locate_contract, require_contract
from mockserver.stub.settings import Settings
from mockserver.testing.running_stub import RunningStub

if TYPE_CHECKING:
    from types import ModuleType

    from mockserver.conformance.fuzzing import Fuzzer


@click.command(cls=Command)
@click.option(
    "--fuzz-seed",
    type=WholeNumber(),
    metavar="NUMBER",
    help="Seed of generated requests; by default all runs send the same.",
)
@click.option(
    "--fuzz-examples",
    type=WholeNumber(1),
    default=100,
    show_default=True,
    metavar="NUMBER",
    help="Generated requests for each operation.",
)
@add_report_option
@add_options(fields(Settings))
def selftest(fuzz_seed: int | None, fuzz_examples: int, destinations: Sequence[Destination], **given: object) -> None:
    """Test what the stub sends against contract and fixtures.

    A request over HTTP asks for each fixture. Two processes have to send the same answers. Schemathesis sends valid and
    invalid requests, with all its checks.

    Exit with 0 if all is well, with 1 if something is wrong, with 2 if that could not be checked.
    """
    values = select(fields(Settings), given)
    settings = Settings(**values)
    require_contract(settings.contract)
    # What the stub logs of its answers comes out as findings, each with its place.
    set_up_logging(lambda _line: None)
    source = locate_contract(settings.contract)
    with import_fuzzing() as fuzzing:
        try:
            with without_collection():
                stub = RunningStub(values)
        except DocumentError as error:
            conclude(Report("selftest", source.name, (report_start(error.problems),)), destinations)
        try:
            edition = read_edition(source.path, source.name)
            url = f"http://localhost:{ServeSettings().port}"
            test = SelfTest(stub.current.served.stub, edition, stub.url, url)
            fuzzer = _make_fuzzer(fuzzing, test, stub, fuzz_seed, fuzz_examples)
            cases = _list_cases(test, fuzzer, partial(ask_other_process, values))
            report = try_cases("selftest", source.name, cases, test.count_cases(len(fuzzing.PHASES)))
        finally:
            stub.stop()
        conclude(report, destinations)


def _list_cases(test: SelfTest, fuzzer: Fuzzer, ask: AskProcess) -> Iterator[Case]:
    yield test.check_start()
    yield from test.check_fixtures()
    yield from test.compare_processes(ask)
    records = test.stub.fixtures.records if test.stub.settings.serves_fixtures else ()
    yield from fuzzer.fuzz(add_record_examples(test.stub.contract, records))


def _make_fuzzer(fuzzing: ModuleType, test: SelfTest, stub: RunningStub, seed: int | None, examples: int) -> Fuzzer:
    settings: dict[str, Any] = {
        "base-url": test.shown_url + test.stub.root,
        "generation": {"max-examples": examples},
        "headers": {"Prefer": "delay=0"} if test.has_delays else {},
    }
    fuzzer: Fuzzer = fuzzing.Fuzzer(test.edition, settings, stub.app, seed, OwnFailures(test.stub).excuse)
    return fuzzer
