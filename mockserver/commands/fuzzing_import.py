"""The import of the fuzzer, which is in an extra of its own, and where its files go."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from mockserver.documents.problems import StartError

if TYPE_CHECKING:
    from types import ModuleType


@contextmanager
def import_fuzzing(instead: str = "") -> Iterator[ModuleType]:
    """Import what the fuzzer needs, whose files go into a folder for the meantime.

    Raises:
        StartError: It is not installed; `instead` is a sentence on how to do without.
    """
    with TemporaryDirectory() as folder:
        # Hypothesis leaves files in the current folder otherwise.
        os.environ.setdefault("HYPOTHESIS_STORAGE_DIRECTORY", folder)
        try:
            from mockserver.conformance import fuzzing
        except ImportError as error:
            remedy = f"Install mockserver with its extra: mockserver[ci]. {instead}".rstrip()
            raise StartError(f"Schemathesis is missing: {error}. {remedy}") from None
        yield fuzzing
