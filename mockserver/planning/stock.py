"""The stock: all that answers are made from, as it stands between two reloads."""

from __future__ import annotations

from dataclasses import dataclass

from mockserver.checks.judging import Schemas
from mockserver.contract.contract import Contract
from mockserver.fixtures.fixtures import Fixtures
from mockserver.generation.generator import Generator
from mockserver.http.secret_names import SecretNames


@dataclass(frozen=True, slots=True)
class Stock:
    """Contract, checks, fixtures and generator; `source` is the setting, and no hint shows the values of `secrets`."""

    contract: Contract
    schemas: Schemas
    fixtures: Fixtures
    generator: Generator
    source: str
    secrets: SecretNames
