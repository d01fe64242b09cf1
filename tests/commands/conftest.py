"""What all tests of commands need: a command sets up logging, and that must not last."""

import pytest


@pytest.fixture(autouse=True)
def _handlers(handlers_of_before: None) -> None:
    """Take back what a command has set up."""
