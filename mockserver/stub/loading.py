"""A stub put together: contract, schemas, fixtures and generator, checked against each other before it starts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from mockserver.checks.judging import SchemaClass, Schemas, is_schema_class
from mockserver.checks.samples import find_sample_problems
from mockserver.contract.contract import Contract, Operation
from mockserver.contract.openapi import load_contract
from mockserver.documents.nodes import Json, Place
from mockserver.documents.problems import DocumentError, Problem, SettingError, StartError
from mockserver.documents.wording import suggest_nearest
from mockserver.fixtures.fixtures import Fixtures
from mockserver.fixtures.links import escape_path
from mockserver.fixtures.readers.loading import load_fixtures
from mockserver.generation.generator import Generator, find_gaps
from mockserver.http.secret_names import SecretNames
from mockserver.planning.planner import Planner
from mockserver.planning.stock import Stock
from mockserver.schemas import SHIPPED
from mockserver.stub.inputs import locate_contract, locate_fixtures
from mockserver.stub.settings import Settings
from mockserver.vendors.aspnet.hosting import Host
from mockserver.vendors.aspnet.stack import AspNet
from mockserver.vendors.vendor import Vendor


@dataclass(frozen=True, slots=True)
class Stub:
    """Everything that a running stub consists of.

    `roots` are the base paths, "" being the root itself; `prefix` is the path of the stub's own pages.
    """

    settings: Settings
    contract: Contract
    contract_path: Path
    schemas: Schemas
    vendor: Vendor
    fixtures: Fixtures
    generator: Generator
    planner: Planner
    roots: tuple[str, ...]
    prefix: str

    @property
    def root(self) -> str:
        """The first base path as requests have it, escaped."""
        return escape_path(self.roots[0])

    @property
    def warnings(self) -> tuple[Problem, ...]:
        """What is wrong with contract and fixtures, in spite of which they are served."""
        return self.contract.warnings + self.fixtures.warnings

    @property
    def counts(self) -> Mapping[str, int]:
        """How many operations, records, answers and warnings there are."""
        return {
            "operations": len(self.contract.operations),
            "records": len(self.fixtures.records),
            "answers": len(self.fixtures.answers),
            "warnings": len(self.warnings),
        }


def make_default_vendor(settings: Settings) -> Vendor:
    """Return the vendor of the shipped contract, which is the only one so far."""
    return AspNet(
        Host(
            model_state=settings.model_state,
            missing=settings.missing,
            error_detail=settings.error_detail,
            refuse_unacceptable=settings.refuse_unacceptable,
            strict=settings.strict,
            headers=settings.host_headers,
        )
    )


def load_stub(
    settings: Settings,
    schemas: Mapping[str, SchemaClass] | None = None,
    make_vendor: Callable[[Settings], Vendor] = make_default_vendor,
) -> Stub:
    """Read all files and put the stub together.

    Args:
        settings: The settings.
        schemas: Marshmallow classes by the name of the component that they check, beside the shipped ones.
        make_vendor: Makes the server stack that the stub behaves like; nothing else chooses one.

    Raises:
        StartError: A setting does not fit the contract, or a file is missing.
        DocumentError: The contract or the fixtures are wrong; every problem is listed.
    """
    vendor = make_vendor(settings)
    generator = Generator(seed=str(settings.seed), locale=settings.locale, utc_offset=settings.utc_offset)
    contract, classes = _read_contract(settings, schemas or {}, vendor)
    roots = settings.roots or contract.roots
    _check_prefix(settings, contract, roots)
    fixtures = _read_fixtures(settings, contract, classes, vendor)
    stock = Stock(contract, classes, fixtures, generator, settings.source, SecretNames(settings.redacted))
    planner = Planner(stock, vendor, roots, refuse_breaches=settings.refuses_breaches)
    return Stub(
        settings=settings,
        contract=contract,
        contract_path=locate_contract(settings.contract).path,
        schemas=classes,
        vendor=vendor,
        fixtures=fixtures,
        generator=generator,
        planner=planner,
        roots=roots,
        prefix=settings.pages,
    )


def _read_contract(settings: Settings, schemas: Mapping[str, SchemaClass], vendor: Vendor) -> tuple[Contract, Schemas]:
    """Return the contract, with what the vendor declares, and the classes that check its bodies."""
    source = locate_contract(settings.contract)
    classes = _join_classes(schemas)
    written = load_contract(source.path, source.name)
    _check_components(written, classes)
    _check_names(written, schemas, vendor, source.name)
    contract = vendor.declare(_check_samples(written, classes, refuse_breaches=settings.refuses_breaches))
    gaps = [*_find_header_gaps(written, settings.locale)]
    gaps += _find_gaps(contract, settings.locale) if settings.generates else ()
    if gaps:
        raise DocumentError(dict.fromkeys(gaps))
    return contract, classes


def _join_classes(schemas: Mapping[str, SchemaClass]) -> Schemas:
    """Return the shipped classes, and those that were given in their place or beside them."""
    for component, given in schemas.items():
        if not is_schema_class(given):
            finding = f"schemas has {given!r} for {component}, which is not a marshmallow class."
            raise StartError(f"{finding} Give the class itself, not an instance.")
    return Schemas({**SHIPPED, **schemas})


def _check_components(contract: Contract, schemas: Schemas) -> None:
    """Refuse a component that no class could check."""
    finding = "has no marshmallow class that could check it."
    remedy = "Give create_app(schemas={name: class}) one, or refer to a component that has one."
    missing = [component for component in contract.required_components if component not in schemas]
    if missing:
        told = ((contract.place_of(each, ""), f"The component {each} {finding} {remedy}") for each in missing)
        raise DocumentError(Problem(place, text) for place, text in told)


def _check_names(contract: Contract, schemas: Mapping[str, SchemaClass], vendor: Vendor, name: str) -> None:
    """Refuse a class that would never check anything, because its component has another name."""
    for component in schemas:
        if component not in contract.components and component != vendor.error_component:
            nearest = suggest_nearest(component, contract.components) or ". Name one of its components."
            raise StartError(f"schemas has a class for {component!r}, which is not a component of {name}{nearest}")


def _check_samples(contract: Contract, schemas: Schemas, *, refuse_breaches: bool) -> Contract:
    """Refuse examples that would be sent and break the contract; return it with warnings of all others that do."""
    sent, others = find_sample_problems(contract, schemas)
    if sent and refuse_breaches:
        raise DocumentError(sent)
    return replace(contract, warnings=tuple(sorted({*contract.warnings, *sent, *others})))


def _find_gaps(contract: Contract, locale: str) -> Iterator[Problem]:
    """Yield a problem for each member of a record that cannot be generated."""
    for operation in contract.operations:
        component = operation.component
        schema = {} if component is None else open_keys(contract.components[component], operation)
        for name in find_gaps(schema, locale=locale):
            what = f"{name} of {component}" if name else f"{component} as a whole"
            finding = f"No value can be generated for {what}. Give it examples, or serve --source fixtures."
            yield Problem(contract.place_of(component or "", name), finding)


def open_keys(schema: Mapping[str, Json], operation: Operation) -> Mapping[str, object]:
    """Return the schema of an operation's records, in which anything fits the keys: the request gives them."""
    keys = {selector.member: True for selector in operation.keys}
    members = schema.get("properties")
    return {**schema, "properties": {**members, **keys}} if isinstance(members, dict) else schema


def _find_header_gaps(contract: Contract, locale: str) -> Iterator[Problem]:
    """Yield a problem for each declared header that is to be sent and has no value."""
    for operation in contract.operations:
        for status, spec in operation.responses.items():
            for name in find_gaps({"properties": spec.headers}, locale=locale):
                finding = f"No value can be generated for the header {name} of {status}. Give it an example."
                yield Problem(spec.place, finding)


def _check_prefix(settings: Settings, contract: Contract, roots: tuple[str, ...]) -> None:
    """Refuse a prefix below which the contract has paths of its own."""
    for operation in contract.operations:
        for root in roots:
            literal = f"{root}{operation.path}".partition("{")[0].rstrip("/").lower()
            if literal and f"{settings.pages.lower()}/".startswith(f"{literal}/"):
                finding = f"{settings.pages!r} is where {operation.id} is."
                raise SettingError("prefix", f"{finding} Write a path of its own, such as /__mock.")


def _read_fixtures(settings: Settings, contract: Contract, schemas: Schemas, vendor: Vendor) -> Fixtures:
    """Read the fixtures; tell a user who gave only a contract that the shipped fixtures do not fit it."""
    source = locate_fixtures(settings.fixtures)
    try:
        return load_fixtures(
            source.path,
            contract,
            schemas,
            vendor=vendor,
            name=source.name,
            refuse_breaches=settings.refuses_breaches,
        )
    except DocumentError as error:
        if settings.fixtures is not None or settings.contract is None:
            raise
        finding = "These are the shipped fixtures, which do not fit this contract."
        hint = Problem(Place(source.name), f"{finding} Name others with --fixtures; an empty folder will do.")
        raise DocumentError([*error.problems, hint], files=error.files) from None
