"""A stub of an HTTP API: its contract, fixtures and generated records, every answer checked."""

__version__ = "0.1.0"

from mockserver.app import create_app
from mockserver.documents import DocumentError, StartError
from mockserver.openapi import load_contract

__all__ = ["DocumentError", "StartError", "__version__", "create_app", "load_contract"]
