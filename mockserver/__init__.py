"""A stub of an HTTP API: its contract, fixtures and generated records, every answer checked."""

from importlib import import_module
from types import MappingProxyType
from typing import TYPE_CHECKING

from mockserver.version import __version__

if TYPE_CHECKING:
    from mockserver.contract.openapi import load_contract
    from mockserver.documents.problems import DocumentError, StartError
    from mockserver.web.app import create_app

__all__ = ["DocumentError", "StartError", "__version__", "create_app", "load_contract"]

_MODULES = MappingProxyType(
    {
        "DocumentError": "mockserver.documents.problems",
        "StartError": "mockserver.documents.problems",
        "create_app": "mockserver.web.app",
        "load_contract": "mockserver.contract.openapi",
    }
)
"""Where each name is. It is imported when it is first used, since pytest imports the package in every run."""


def __getattr__(name: str) -> object:
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_MODULES[name]), name)
