"""Planners that several files share. Plans for requests without a session depend on the request alone."""

import pytest

from mockserver.planning.planner import Planner
from tests.support.plans import load_boxes, load_planner


@pytest.fixture(scope="package")
def planner(tmp_path_factory: pytest.TempPathFactory) -> Planner:
    """Planner of the shipped contract and the fixtures of `tests.support.plans.RECORDS`."""
    return load_planner(tmp_path_factory.mktemp("planner"))


@pytest.fixture(scope="package")
def boxes(tmp_path_factory: pytest.TempPathFactory) -> Planner:
    """Planner of the contract `tests.support.plans.BOXES`."""
    return load_boxes(tmp_path_factory.mktemp("boxes"))
