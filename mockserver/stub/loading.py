"""A stub put together: contract, schemas, fixtures and generator, checked against each other before it starts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from types import MappingProxyType
from typing import Final

from mockserver.checks.judging import SchemaClass, Schemas, is_schema_class
from mockserver.contract.contract import Contract
from mockserver.contract.openapi import load_contract
from mockserver.documents.nodes import Place
from mockserver.documents.problems import DocumentError, Problem, StartError
from mockserver.documents.wording import suggest_nearest
from mockserver.fixtures.readers.loading import Fixtures, load_fixtures
from mockserver.generation.generator import Generator, find_gaps
from mockserver.planning.planner import Planner
from mockserver.planning.supply import SOURCES
from mockserver.schemas import SHIPPED
from mockserver.stub.inputs import locate, locate_contract
from mockserver.vendors.aspnet.errors import COMPONENT as ERROR_COMPONENT
from mockserver.vendors.aspnet.hosting import MISSING, MODEL_STATES, Host
from mockserver.vendors.aspnet.stack import AspNet
from mockserver.vendors.vendor import Vendor

ON_BREACH: Final = ("refuse", "warn")


DEFAULT_PREFIX: Final = "/__mock"


@dataclass(frozen=True, slots=True)
class Stub:
    """Everything that a running stub consists of; `roots` are the base paths, "" is the root itself."""

    contract: Contract
    contract_path: Path
    schemas: Schemas
    host: Host
    vendor: Vendor
    fixtures: Fixtures
    planner: Planner
    roots: tuple[str, ...]
    prefix: str
    settings: Mapping[str, str | bool]


def load_stub(
    *,
    contract: str | PathLike[str] | None = None,
    fixtures: str | PathLike[str] | None = None,
    schemas: Mapping[str, SchemaClass] | None = None,
    source: str = "auto",
    seed: str | int = "0",
    locale: str = "en_US",
    utc_offset: str = "+10:00",
    on_breach: str = "refuse",
    base_path: str | Sequence[str] = (),
    prefix: str = DEFAULT_PREFIX,
    model_state: str = "contract",
    missing: str = "empty",
    error_detail: bool = False,
    refuse_unacceptable: bool = False,
    strict: bool = False,
    host_headers: bool = True,
) -> Stub:
    """Read all inputs and put the stub together; `create_app` documents the arguments.

    Raises:
        StartError: A setting makes no sense, or a file is not there.
        DocumentError: The contract or the fixtures are wrong; every problem is listed.
    """
    _check_choice("source", source, tuple(SOURCES))
    _check_choice("on_breach", on_breach, ON_BREACH)
    _check_choice("model_state", model_state, MODEL_STATES)
    _check_choice("missing", missing, MISSING)
    settings: dict[str, str | bool] = {
        "source": source,
        "seed": str(seed),
        "locale": locale,
        "utc_offset": utc_offset,
        "on_breach": on_breach,
        "model_state": model_state,
        "missing": missing,
        "error_detail": error_detail,
        "refuse_unacceptable": refuse_unacceptable,
        "strict": strict,
        "host_headers": host_headers,
    }
    host = Host(
        model_state=model_state,
        missing=missing,
        error_detail=error_detail,
        refuse_unacceptable=refuse_unacceptable,
        strict=strict,
        headers=host_headers,
    )
    generator = _make_generator(str(seed), locale, utc_offset)
    path, name = locate_contract(contract)
    written, checks = _read_contract(path, name, schemas or {})
    vendor = AspNet(host)
    loaded = vendor.declare(written)
    if "generated" in SOURCES[source]:
        _check_gaps(loaded, locale, name)
    roots = _read_roots(base_path) or loaded.roots
    pages = _read_prefix(prefix)
    _check_prefix(pages, loaded, roots)
    refuse_breaches = on_breach == "refuse"
    read = _read_fixtures(fixtures, contract is None, loaded, checks, refuse_breaches=refuse_breaches, host=host)
    planner = Planner(
        contract=loaded,
        schemas=checks,
        fixtures=read,
        generator=generator,
        source=source,
        roots=roots,
        refuse_breaches=refuse_breaches,
        vendor=vendor,
    )
    return Stub(loaded, path, checks, host, vendor, read, planner, roots, pages, MappingProxyType(settings))


def _read_contract(path: Path, name: str, classes: Mapping[str, SchemaClass]) -> tuple[Contract, Schemas]:
    """The contract and the classes that check its bodies, held against each other."""
    _check_classes(classes)
    schemas = Schemas({**SHIPPED, **classes})
    contract = load_contract(path, name)
    _check_components(contract, schemas, name)
    _check_names(contract, classes, name)
    return contract, schemas


def _read_fixtures(
    given: str | PathLike[str] | None,
    is_shipped_contract: bool,
    contract: Contract,
    schemas: Schemas,
    *,
    refuse_breaches: bool,
    host: Host,
) -> Fixtures:
    """The fixtures; whoever brings only a contract is told that those it does not fit are the shipped ones."""
    path, name = locate(given, "fixtures")
    try:
        return load_fixtures(path, contract, schemas, name=name, refuse_breaches=refuse_breaches, host=host)
    except DocumentError as error:
        if given is not None or is_shipped_contract:
            raise
        finding = "These are the shipped fixtures, which this contract does not fit."
        hint = Problem(Place(name), f"{finding} Name others with --fixtures; an empty folder will do.")
        raise DocumentError([*error.problems, hint], files=error.files) from None


def _check_choice(name: str, value: str, choices: tuple[str, ...]) -> None:
    if value not in choices:
        nearest = suggest_nearest(value, choices) or f". Write {' or '.join(choices)}."
        raise StartError(f"{name} is {value!r}{nearest}")


def _check_classes(schemas: Mapping[str, object]) -> None:
    for component, given in schemas.items():
        if not is_schema_class(given):
            raise StartError(
                f"schemas has {given!r} for {component}, which is no marshmallow class. Give the class, uncalled."
            )


def _make_generator(seed: str, locale: str, utc_offset: str) -> Generator:
    try:
        return Generator(seed=seed, locale=locale, utc_offset=utc_offset)
    except ValueError as error:
        raise StartError(str(error)) from None


def _check_components(contract: Contract, schemas: Schemas, name: str) -> None:
    missing = [component for component in contract.required_components if component not in schemas]
    remedy = "Give create_app(schemas={name: class}) one, or refer to a component that has one."
    if missing:
        finding = "has no marshmallow class, so nothing could check it."
        raise DocumentError(Problem(Place(name), f"The component {each} {finding} {remedy}") for each in missing)


def _check_names(contract: Contract, schemas: Iterable[str], name: str) -> None:
    """Refuse a class that would never check anything, as its component has another name."""
    for component in schemas:
        if component not in contract.components and component != ERROR_COMPONENT:
            nearest = suggest_nearest(component, contract.components) or ". Name one of its components."
            raise StartError(f"schemas has a class for {component!r}, which is no component of {name}{nearest}")


def _check_gaps(contract: Contract, locale: str, name: str) -> None:
    """Refuse members that nothing can be generated for; those that come from the request need not be."""
    gaps: set[str] = set()
    for operation in contract.operations:
        if operation.component is not None:
            keys = {selector.member for selector in operation.keys}
            found = find_gaps(contract.components[operation.component], locale=locale)
            gaps |= {f"{member} of {operation.component}" for member in found if member not in keys}
    remedy = "Give it examples, or serve --source fixtures."
    if gaps:
        raise DocumentError(Problem(Place(name), f"No value can be generated for {gap}. {remedy}") for gap in gaps)


def _read_roots(base_path: str | Sequence[str]) -> tuple[str, ...]:
    given = (base_path,) if isinstance(base_path, str) else tuple(base_path)
    return tuple(dict.fromkeys(_read_path("base_path", path).rstrip("/") for path in given))


def _read_prefix(prefix: str) -> str:
    path = _read_path("prefix", prefix).rstrip("/")
    if not path:
        raise StartError("prefix is the root, where the API is. Write a path of its own, such as /__mock.")
    return path


def _check_prefix(prefix: str, contract: Contract, roots: tuple[str, ...]) -> None:
    """Refuse a prefix below which the contract has paths of its own."""
    for operation in contract.operations:
        for root in roots:
            literal = f"{root}{operation.path}".partition("{")[0].rstrip("/").lower()
            if literal and f"{prefix.lower()}/".startswith(f"{literal}/"):
                remedy = "Write one of its own, such as /__mock."
                raise StartError(f"prefix is {prefix!r}, where {operation.id} is. {remedy}")


def _read_path(name: str, path: str) -> str:
    is_plain = path.startswith("/") and not any(character in "?#<>{}%\\ " for character in path)
    if not is_plain or "//" in path or {".", ".."} & set(path.split("/")):
        raise StartError(f"{name} is {path!r}, which is no plain path. Write one such as /API.")
    return path
