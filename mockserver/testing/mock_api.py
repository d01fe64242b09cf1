"""The stub as one test sees it: a session of its own, with its URL, its answers and its requests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote, urlencode, urlsplit

from mockserver.testing.management import PREFIX, Management
from mockserver.testing.transports import HttpTransport, StubError, Transport

if TYPE_CHECKING:
    from wsgiref.types import WSGIApplication


class VerificationError(AssertionError):
    """The API was not asked as expected; the text names the nearest requests with their differences."""


@dataclass(frozen=True, slots=True)
class SeenRequest:
    """A request that the API got, with its reply, as the journal has it.

    Attributes:
        number: Its number in the journal.
        method: Its method.
        target: Its raw target, such as `/API/Customers/42?idType=1`.
        headers: Its headers, in the order in which they were sent; secrets are replaced by digests.
        body: The text of its body; None for none.
        operation: The operationId; None if no operation was found.
        arguments: What the operation was asked for.
        source: What the reply came from, such as `generated` or `answer locked fixtures/answers.yaml:4`.
        hints: What the stub tells of it.
        status: The status of the reply.
        reply_headers: The headers of the reply.
        reply_body: The text of its body; None for none.
        is_matched: Whether the stub had an answer for it.
        entry: All that the journal has of it.
    """

    number: int
    method: str
    target: str
    headers: Sequence[tuple[str, str]]
    body: str | None
    operation: str | None
    arguments: Mapping[str, object]
    source: str
    hints: Sequence[str]
    status: int
    reply_headers: Sequence[tuple[str, str]]
    reply_body: str | None
    is_matched: bool
    entry: Mapping[str, Any]

    def header(self, name: str) -> str | None:
        """Return the first value of a header (`name` in any case); None if it was not sent."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), None)

    def __str__(self) -> str:
        told = f"{self.number} {self.method} {self.target} -> {self.status} {self.source}"
        return "\n".join((told, *(f"    {hint}" for hint in self.hints)))


@dataclass(frozen=True, slots=True)
class StubPlace:
    """Where a stub is.

    Attributes:
        transport: How it is reached.
        root: The base path of its API.
        prefix: The path of its own addresses.
        token: Its token, if it has one.
    """

    transport: Transport
    root: str
    prefix: str = PREFIX
    token: str | None = None


def find_stub(url: str, token: str | None = None) -> StubPlace:
    """Return the place of a running stub; `url` is its root, or its prefix if that is not `/__mock`.

    Raises:
        StubError: No stub answers there, or it wants another token.
    """
    HttpTransport(url)  # It refuses what is no URL.
    parts = urlsplit(url)
    prefix = parts.path.rstrip("/") or PREFIX
    transport = HttpTransport(f"{parts.scheme}://{parts.netloc}", keeps=True)
    with closing(transport):
        management = Management(transport, prefix, token)
        roots = management.ask("GET", "health").get("roots")
        if not roots:
            raise StubError(f"{url!r} is no stub. Write the URL that the stub has printed.")
        management.ask("GET", "requests?limit=1")
    return StubPlace(transport, roots[0], prefix, token)


class MockApi:
    """A stub of the API for one test. Whatever a test adds is seen in its session alone.

    Attributes:
        url: The base URL of the API for the code under test: `http://127.0.0.1:PORT/__mock/s/ID/API`.
        session: The name of the session; a client may also send it as X-Mock-Session.
    """

    def __init__(self, place: StubPlace, session: str) -> None:
        self.session: Final = session
        self.url: Final = f"{place.transport.url}{quote(f'{place.prefix}/s/{session}{place.root}')}"
        self._management = Management(place.transport, place.prefix, place.token, session)
        self._added = 0

    def answer(
        self,
        operation: str,
        *,
        when: Mapping[str, object] | None = None,
        name: str | None = None,
        times: int | None = None,
        unchecked: bool = False,
        **reply: object,
    ) -> str:
        """Add an answer, which comes before all others; return its name.

        Args:
            operation: The operationId.
            when: What the request has to have: `{"id": "42", "headers": {"X-Tenant": "acme"}}`.
            name: The name of the answer; a new one by default.
            times: How often it is given.
            unchecked: Whether it may break the contract.
            reply: The keys of a reply: `status`, `headers`, `body`, `text`, `record`, `delay`, `fault`, `sequence`.

        Raises:
            StubError: The answer is wrong; every problem is listed.
        """
        __tracebackhide__ = True
        self._added += 1
        answer: dict[str, object] = {"name": name or f"answer-{self._added}", "operation": operation}
        answer |= {} if when is None else {"when": when}
        answer |= {} if times is None else {"times": times}
        answer |= {"unchecked": True} if unchecked else {}
        self._management.ask("POST", "answers", {**answer, "reply": reply})
        return str(answer["name"])

    def record(self, schema: str, **members: object) -> None:
        """Add a record of a component, with these members; the others are generated.

        Raises:
            StubError: The record is wrong; every problem is listed.
        """
        __tracebackhide__ = True
        self._management.ask("POST", "records", {"schema": schema, "records": [members]})

    def prefer(self, **preferences: object) -> None:
        """Set the preferences of every later request: `code=503`, `delay=2`, `seed=7`; none to clear them.

        Raises:
            StubError: A preference is wrong.
        """
        __tracebackhide__ = True
        self._management.ask("PUT", "defaults", preferences)

    def reset(self) -> None:
        """Remove all that was added, and forget all requests."""
        self._management.ask("POST", "reset")

    @property
    def requests(self) -> list[SeenRequest]:
        """The requests that the API got in this session, the newest last."""
        return self.wait_for_requests(0, seconds=0)

    def wait_for_requests(self, count: int, seconds: float = 5.0) -> list[SeenRequest]:
        """Return the requests as soon as there are so many, or after so many seconds (at most 30) those there are."""
        __tracebackhide__ = True
        query = urlencode({"session": self.session, "count": count, "wait": seconds})
        answered = self._management.ask("GET", f"requests?{query}")
        return [_read_request(each) for each in answered["requests"]]

    def verify(
        self,
        operation: str | None = None,
        *,
        arguments: Mapping[str, object] | None = None,
        headers: Mapping[str, object] | None = None,
        body: object = None,
        method: str | None = None,
        path: str | None = None,
        exactly: int | None = None,
        at_least: int | None = None,
        at_most: int | None = None,
    ) -> None:
        """Require that the API was asked in this way; without a number at least once.

        Args:
            operation: The operationId; or else `method` and `path`.
            arguments: What the operation was asked for; others may have any value.
            headers: Headers of the request, secrets in plain text.
            body: The JSON body, or a part of it.
            method: The method.
            path: The path without a query.
            exactly: How often.
            at_least: How often at least.
            at_most: How often at most.

        Raises:
            VerificationError: It was not.
            StubError: The expectation is wrong, such as an unknown operation.
        """
        __tracebackhide__ = True
        given = {
            "operation": operation,
            "arguments": arguments,
            "headers": headers,
            "body": body,
            "method": method,
            "path": path,
            "exactly": exactly,
            "at_least": at_least,
            "at_most": at_most,
        }
        self._verify({key: value for key, value in given.items() if value is not None})

    def verify_order(self, *requests: Mapping[str, object]) -> None:
        """Require one request of each, in this order; others may come between. Each has the arguments of `verify`.

        Raises:
            VerificationError: They did not come so.
            StubError: An expectation is wrong.
        """
        __tracebackhide__ = True
        self._verify({"in_order": True, "requests": requests})

    def _verify(self, expected: Mapping[str, object]) -> None:
        __tracebackhide__ = True
        verdict = self._management.ask("POST", "verify", expected, accepted=[HTTPStatus.CONFLICT])
        if not verdict["verified"]:
            raise VerificationError("\n".join((verdict["Message"], *map(_tell_miss, verdict["nearest"]))))

    def list_unused(self) -> list[str]:
        """Return the names of the answers that were added and never given."""
        unused = self.measure_coverage()["added"]["unused"]
        return [each["name"] for each in unused if each["kind"] == "answer"]

    def measure_coverage(self) -> dict[str, Any]:
        """Return what requests of this session have exercised, as the address `coverage` gives it."""
        return self._management.ask("GET", f"coverage?session={self.session}")

    def close(self) -> None:
        """Drop the session."""
        # If the stub refuses, such as without its token, the session ends by itself.
        self._management.ask("DELETE", f"sessions/{quote(self.session)}", accepted=range(400, 600))


class MockAppApi(MockApi):
    """A stub that is reached without a socket.

    Attributes:
        app: The WSGI application that answers at `url`.
    """

    def __init__(self, app: WSGIApplication, place: StubPlace, session: str) -> None:
        super().__init__(place, session)
        self.app: Final = app


def _tell_miss(miss: Mapping[str, Any]) -> str:
    return f"  {miss['number']} {miss['method']} {miss['target']}: {'; '.join(miss['differences'])}"


def _read_request(entry: Mapping[str, Any]) -> SeenRequest:
    source = entry["source"]
    return SeenRequest(
        number=entry["number"],
        method=entry["method"],
        target=entry["target"],
        headers=[(name, value) for name, value in entry["headers"]],
        body=entry.get("body"),
        operation=entry["operation"],
        arguments=entry["arguments"],
        source=" ".join(part for part in (source["kind"], source["name"], source["place"]) if part),
        hints=entry["hints"],
        status=entry["status"],
        reply_headers=[(name, value) for name, value in entry["response_headers"]],
        reply_body=entry.get("response_body"),
        is_matched=entry["matched"],
        entry=entry,
    )
