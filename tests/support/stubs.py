"""Stubs put together from settings that are named as the arguments of `create_app` are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockserver.checks.judging import SchemaClass
from mockserver.stub import loading
from mockserver.stub.settings import Settings


def load_stub(*, schemas: Mapping[str, SchemaClass] | None = None, **settings: Any) -> loading.Stub:
    return loading.load_stub(Settings(**settings), schemas)
