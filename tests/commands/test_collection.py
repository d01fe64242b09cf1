"""The garbage collector rests while a command loads, and is as before afterwards."""

import gc
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bench.inputs import write_records
from mockserver.commands.collection import without_collection
from mockserver.conformance.checked_stub import load_checked_stub
from mockserver.documents.problems import StartError
from mockserver.stub.settings import Settings
from tests.support.process import invoke


@pytest.fixture(autouse=True)
def _collection() -> Iterator[None]:
    """Leaves the garbage collector on, as it is everywhere else."""
    yield
    gc.enable()


@pytest.mark.parametrize("switch", [gc.enable, gc.disable])
def test_garbage_collector_is_as_it_was_before(switch: Callable[[], None]) -> None:
    switch()
    before = gc.isenabled()

    with without_collection():
        during = gc.isenabled()
    with pytest.raises(StartError, match="wrong"), without_collection():
        raise StartError("wrong")

    assert (during, gc.isenabled()) == (False, before)


def count_collections(deed: Callable[[], object]) -> int:
    """Return how often the garbage collector runs during a deed."""
    phases: list[str] = []

    def note(phase: str, _: dict[str, int]) -> None:
        phases.append(phase)

    gc.callbacks.append(note)
    try:
        deed()
    finally:
        gc.callbacks.remove(note)
    return phases.count("start")


def test_check_loads_without_the_collector(tmp_path: Path) -> None:
    folder = write_records(tmp_path / "f", 500)

    by_command = count_collections(lambda: invoke("check", "--fixtures", str(folder)))
    by_library = count_collections(lambda: load_checked_stub(Settings(fixtures=folder)))

    assert 2 * by_command < by_library
