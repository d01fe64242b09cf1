"""A stub of an HTTP API: its contract, fixtures and generated records, every answer checked."""

from mockserver.contract.openapi import load_contract
from mockserver.documents.problems import DocumentError, StartError
from mockserver.version import __version__
from mockserver.web.app import create_app

__all__ = ["DocumentError", "StartError", "__version__", "create_app", "load_contract"]
