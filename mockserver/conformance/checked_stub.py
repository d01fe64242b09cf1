"""A stub that was asked for its records and examples, and whose answers keep the contract, before it serves."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from mockserver.checks.judging import SchemaClass
from mockserver.conformance.examples import find_example_problems
from mockserver.conformance.generated import find_generation_problems
from mockserver.conformance.records import find_record_problems
from mockserver.documents.problems import DocumentError
from mockserver.stub.loading import Stub, load_stub, make_default_vendor
from mockserver.stub.settings import Settings
from mockserver.vendors.vendor import Vendor


def load_checked_stub(
    settings: Settings,
    schemas: Mapping[str, SchemaClass] | None = None,
    make_vendor: Callable[[Settings], Vendor] = make_default_vendor,
) -> Stub:
    """Put a stub together, as `load_stub` does with these arguments, and ask it for its records and examples.

    Raises:
        StartError: A setting does not fit the contract, or a file is missing.
        DocumentError: The contract, the fixtures or an answer is wrong; every problem is listed.
    """
    stub = load_stub(settings, schemas, make_vendor)
    # What is shipped fits together, and a start with it need not load Faker.
    is_shipped = not schemas and settings.contract is None
    generated = () if is_shipped else find_generation_problems(stub)
    warnings = () if settings.refuses_breaches else generated
    examples = find_example_problems(stub, trust_generated=is_shipped)
    problems = (*find_record_problems(stub), *examples, *(generated if not warnings else ()))
    if problems:
        raise DocumentError(problems, files=stub.fixtures.bodies)
    return replace(stub, contract=replace(stub.contract, warnings=(*stub.contract.warnings, *warnings)))
