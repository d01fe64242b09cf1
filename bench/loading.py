"""How long a folder of fixtures takes to load, in a process of its own: `python -m bench.loading FOLDER`."""

from __future__ import annotations

import sys
from pathlib import Path
from time import perf_counter

from mockserver.checks.judging import Schemas
from mockserver.commands.collection import without_collection
from mockserver.contract.openapi import load_contract
from mockserver.fixtures.readers.loading import load_fixtures
from mockserver.schemas import SHIPPED
from mockserver.vendors.aspnet.stack import AspNet


def time_loading(folder: Path) -> float:
    """Seconds to read and check the fixtures in a *folder*, as the commands do."""
    contract, schemas = load_contract(Path("openapi.yaml")), Schemas(SHIPPED)
    started = perf_counter()
    with without_collection():
        load_fixtures(folder, contract, schemas, vendor=AspNet())
    return perf_counter() - started


if __name__ == "__main__":
    print(time_loading(Path(sys.argv[1])))
