"""The stock: all that answers are made from, as it stands between two reloads."""

from __future__ import annotations

from dataclasses import dataclass

from mockserver.checks.judging import Schemas
from mockserver.contract.contract import Contract
from mockserver.fixtures.fixtures import Fixtures
from mockserver.generation.generator import Generator


@dataclass(frozen=True, slots=True)
class Stock:
    """Contract, checks, fixtures and generator; `source` says where records come from, as the setting does."""

    contract: Contract
    schemas: Schemas
    fixtures: Fixtures
    generator: Generator
    source: str
