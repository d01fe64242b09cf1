"""Links to what an operation offers: each is asked for before it is shown, so that it says what it gives now."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain
from typing import Final, NamedTuple
from urllib.parse import quote

from mockserver.contract.contract import Arguments, Operation, write_target
from mockserver.fixtures.answers import Answer
from mockserver.fixtures.links import link_record, try_answer
from mockserver.fixtures.records import Record
from mockserver.http.messages import Request
from mockserver.http.preferences import TWIN
from mockserver.http.sources import Source
from mockserver.state.sessions import Session
from mockserver.state.visits import Visit
from mockserver.stub.loading import Stub

_PLAIN: Final = Request("GET", "/")


class Link(NamedTuple):
    """A target below the root of the server; the status that a request for it gets now, and its source."""

    target: str
    status: int
    source: Source


class Links:
    """Finds links, as one caller would follow them. Nothing is counted.

    Args:
        stub: What is served.
        caller: A request with the headers that the caller sends; by default it sends none.
        visit: The caller's visit to a session; by default to a new one.
    """

    def __init__(self, stub: Stub, caller: Request = _PLAIN, visit: Visit | None = None) -> None:
        self._stub = stub
        self._root = stub.root
        self._caller = caller
        self._visit = (visit or Session().visit()).look()

    def list_answers(self, operation: Operation) -> list[Answer]:
        """Return the answers of an operation: the session's, then those of the files that they do not hide."""
        overlay = self._visit.overlay
        of_files = (each for each in self._stub.fixtures.answers if not overlay.hides(each))
        return [each for each in (*overlay.answers, *of_files) if each.operation == operation.id]

    def list_records(self, operation: Operation) -> list[Record]:
        """Return the records that an operation may find: the session's, then those of the files if they are served."""
        of_files = self._stub.fixtures.records if self._stub.settings.serves_fixtures else ()
        return [each for each in (*self._visit.overlay.records, *of_files) if each.component == operation.component]

    def find_example(self, operation: Operation, arguments: Arguments) -> Link:
        """Return the link of an example of the parameters, whatever it gives."""
        return self._ask(operation, write_target(operation, arguments))

    def find_answer(self, operation: Operation, answer: Answer) -> Link | None:
        """Return a link that gives the answer; None if none is known."""
        targets = chain(try_answer(operation, answer), [_steer(operation, "example", answer.name)])
        return self._find(operation, targets, answer.source)

    def find_record(self, operation: Operation, record: Record) -> Link | None:
        """Return the link that gives the record; None if an answer or another record comes first."""
        target = link_record(operation, record)
        targets = () if target is None else (target,)
        return self._find(operation, targets, record.source, record.named_source)

    def find_choice(self, operation: Operation, kind: str, name: str) -> Link | None:
        """Return the link that gives an edge case or an example of a body; `kind` is `edge` or `example`."""
        return self._find(operation, [_steer(operation, kind, name)], Source(kind, name))

    def _find(self, operation: Operation, targets: Iterable[str], *sources: Source) -> Link | None:
        """Return the first link whose answer comes from one of the `sources`, alone or with others."""
        for target in targets:
            link = self._ask(operation, target)
            if any(each in sources for each in (link.source._replace(added=()), *link.source.added)):
                return link
        return None

    def _ask(self, operation: Operation, target: str) -> Link:
        asked = self._caller._replace(method=operation.method, target=self._root + target)
        plan = self._stub.planner.plan(asked, self._visit)
        return Link(asked.target, plan.reply.status, plan.source)


def _steer(operation: Operation, preference: str, value: str) -> str:
    """Return the target of the first example, with a preference."""
    example: Arguments = next(iter(operation.examples.values()), {})
    target = write_target(operation, example)
    return f"{target}{'&' if '?' in target else '?'}{TWIN}{preference}={quote(value, safe='', errors='replace')}"
