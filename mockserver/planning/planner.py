"""The planner: the whole journey from a request to the reply and its reason, without Flask.

A plan depends on contract, fixtures, seed, request and the overlay of the session alone, so it can be kept and given
again, unless it also depends on the number of the call.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from mockserver.checks.judging import Schemas
from mockserver.contract.contract import Contract, Operation, fill_defaults
from mockserver.fixtures.fixtures import Fixtures
from mockserver.generation.generator import Generator
from mockserver.http.headers import Headers
from mockserver.http.messages import Request
from mockserver.http.preferences import (
    NO_PREFERENCES,
    TWIN,
    PreferenceError,
    Preferences,
    read_header,
    read_preferences,
    split_twins,
)
from mockserver.http.sources import Source
from mockserver.planning.actions import act
from mockserver.planning.catalogue import Catalogue
from mockserver.planning.checking import Checker, Plan
from mockserver.planning.choices import choose
from mockserver.planning.drafts import Asked, Draft, draft_error, draft_refusal
from mockserver.planning.kept_plans import KeptPlans
from mockserver.planning.writing import choose_format, write_reply
from mockserver.state.overlays import NOTHING_ADDED, Overlay
from mockserver.state.sessions import Session
from mockserver.state.visits import Visit
from mockserver.vendors.vendor import Refusal, Route, Vendor

_PREFER: Final = "prefer"
"""The request header that can change an answer, besides those of the vendor and those that answers compare."""

_FRAMEWORK: Final = Source("framework")


class Planner:
    """Plans replies for one contract, set of fixtures and seed. Threads may share it."""

    def __init__(
        self,
        *,
        contract: Contract,
        schemas: Schemas,
        fixtures: Fixtures,
        generator: Generator,
        vendor: Vendor,
        source: str = "auto",
        roots: tuple[str, ...] = ("",),
        refuse_breaches: bool = True,
    ) -> None:
        self._vendor = vendor
        self._checker = Checker(schemas, vendor, refuse_breaches=refuse_breaches)
        self._router = vendor.make_router(contract, roots)
        self._catalogues = {
            operation.id: Catalogue(
                operation,
                contract=contract,
                schemas=schemas,
                fixtures=fixtures,
                generator=generator,
                source=source,
                vendor=vendor,
            )
            for operation in contract.operations
        }
        compared = (each.parameter for answer in fixtures.answers for each in answer.headers)
        self.headers = frozenset((*vendor.read_headers, _PREFER, *compared))
        self._kept = KeptPlans()

    def plan(self, request: Request, visit: Visit | None = None) -> Plan:
        """Return the plan for a request on a visit to a session; by default to a new session.

        An equal request gets the same plan, unless an answer matches that counts calls. Plans are kept for sessions
        with an empty overlay.
        """
        visit = visit or Session().visit()
        is_plain = visit.overlay is NOTHING_ADDED
        plan = self._kept.find(request) if is_plain else None
        if plan is not None:
            return plan
        draft = self._draft(request, visit)
        draft, written = choose_format(draft, request, self._vendor)
        reply = write_reply(draft, written, self._vendor, self._declare_headers(draft))
        plan = self._checker.check(draft, reply)
        if is_plain and not draft.is_counted:
            self._kept.keep(request, plan)
        return plan

    def _draft(self, request: Request, visit: Visit) -> Draft:
        """Route the request, read its preferences, bind its arguments and answer it, in this order."""
        route = self._router.find(request)
        if isinstance(route, Refusal):
            return draft_refusal(route, self._vendor, _FRAMEWORK)
        try:
            wanted, route = _prefer(request, route, visit.overlay.defaults)
            bound = self._vendor.bind(route, request)
            asked = Asked(request, bound.arguments, wanted, visit)
            draft = self._answer(route.operation, asked, bound.refusal)
        except PreferenceError as error:
            return draft_error(str(error), self._vendor)
        if wanted is NO_PREFERENCES:
            return draft
        return replace(draft, wanted=wanted, effect=wanted.effect.over(draft.effect))

    def _answer(self, operation: Operation, asked: Asked, refusal: Refusal | None) -> Draft:
        """Return the answer that the preferences choose, else the refusal of the arguments, else that of the action."""
        catalogue = self._catalogues[operation.id]
        if asked.preferences.chooses:
            chosen = choose(catalogue, replace(asked, arguments=fill_defaults(operation, asked.arguments)))
            if chosen is not None:
                return chosen
        return act(catalogue, asked) if refusal is None else draft_refusal(refusal, self._vendor, _FRAMEWORK)

    def _declare_headers(self, draft: Draft) -> Headers:
        """Return the headers that the contract declares for a draft that has them."""
        if draft.operation is None or not draft.has_declared_headers:
            return ()
        return self._catalogues[draft.operation.id].find_headers(draft.status)

    def has_route(self, path: str) -> bool:
        """Return whether an operation is served at the path, with any method."""
        return self._router.has_path(path)

    def list_edges(self, operation: Operation) -> tuple[str, ...]:
        """Return the names of the edge cases that the operation has."""
        return self._catalogues[operation.id].edges

    def list_names(self, preference: str, overlay: Overlay) -> tuple[str, ...]:
        """Return the valid values of the preference `example` or `edge`, of all operations."""
        names = {
            "example": (name for each in self._catalogues.values() for name in each.list_examples(overlay)),
            "edge": (name for each in self._catalogues.values() for name in each.edges),
        }
        return tuple(dict.fromkeys(names[preference]))


def _prefer(request: Request, route: Route, defaults: Preferences) -> tuple[Preferences, Route]:
    """Return the preferences of a request (query, then Prefer, then session), and its route without the twins.

    Raises:
        PreferenceError: A preference is invalid.
    """
    header = request.header(_PREFER)
    twins, query = split_twins(route.query, (each.name for each in route.operation.parameters))
    if not twins and header is None:
        return NO_PREFERENCES.over(defaults), route
    said = {key: text for key, text in read_header(header or "").items() if key not in twins}
    own = read_preferences(twins, f"{TWIN}{{}}").fill(read_preferences(said, "Prefer: {}"))
    return own.over(defaults), replace(route, query=query)
