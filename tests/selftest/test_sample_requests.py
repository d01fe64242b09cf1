"""Sample requests: they cover what the stub offers."""

from __future__ import annotations

from pathlib import Path

from mockserver.generation.edges import EDGES
from mockserver.selftest.sample_requests import list_requests
from tests.support.stubs import load_stub

BARE = """\
openapi: 3.1.0
info: {title: Box}
paths:
  /box:
    delete: {operationId: dropBox, responses: {"204": {description: Gone.}}}
"""


def test_requests_reach_every_kind_of_answer() -> None:
    stub = load_stub()
    (operation,) = stub.contract.operations

    plans = [stub.planner.plan(each) for each in list_requests(stub, operation)]

    assert {plan.source.name for plan in plans if plan.source.kind == "edge"} == set(EDGES)
    assert {plan.source.kind for plan in plans} == {"record", "answer", "generated", "code", "edge"}
    assert {plan.reply.status for plan in plans} == {200, 400, 404, 405, 500}
    assert all(plan.effect.delay == 0 for plan in plans)


def test_operation_without_records_is_asked_too(tmp_path: Path) -> None:
    (tmp_path / "box.yaml").write_text(BARE, encoding="utf-8")
    (tmp_path / "empty").mkdir()
    stub = load_stub(contract=str(tmp_path / "box.yaml"), fixtures=str(tmp_path / "empty"))

    requests = list(list_requests(stub, stub.contract.operations[0]))

    assert {each.method for each in requests} == {"DELETE"}
    assert len(requests) < 10
