"""The planner: the whole journey from a request to the reply and its reason, without Flask.

A plan depends on contract, fixtures, seed, request and the overlay of the session alone, unless it also depends on the
number of the call.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from mockserver.contract.contract import Operation
from mockserver.http.bodies import Format
from mockserver.http.hints import Hints, hint_headers, hint_prefer, hint_query
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
from mockserver.planning.declared_headers import DeclaredHeaders
from mockserver.planning.drafts import Asked, Draft, draft_error, draft_refusal, honour
from mockserver.planning.near_routes import NearRoutes
from mockserver.planning.stock import Stock
from mockserver.planning.writing import choose_format, write_reply
from mockserver.state.overlays import Overlay
from mockserver.state.sessions import Session
from mockserver.state.visits import Visit
from mockserver.vendors.vendor import Bound, Refusal, Route, Vendor

_PREFER: Final = "prefer"
"""The request header that can change an answer, besides those of the vendor and those that answers compare."""

_FRAMEWORK: Final = Source("framework")


class Journey(NamedTuple):
    """What each step of a request came to.

    Attributes:
        route: The operation, or the refusal of the stack.
        wanted: The preferences of the request and its session.
        bound: The arguments; None where the journey did not come so far.
        draft: The answer before it was written.
        format: The media type and charset of a JSON body.
        plan: The plan.
    """

    route: Route | Refusal
    wanted: Preferences
    bound: Bound | None
    draft: Draft
    format: Format
    plan: Plan


class Planner:
    """Plans replies for one contract, set of fixtures and seed. Threads may share it."""

    def __init__(
        self, stock: Stock, vendor: Vendor, roots: tuple[str, ...] = ("",), *, refuse_breaches: bool = True
    ) -> None:
        self._vendor = vendor
        self._declared = DeclaredHeaders(stock, vendor)
        self._checker = Checker(stock.schemas, vendor, self._declared, refuse_breaches=refuse_breaches)
        self._router = vendor.make_router(stock.contract, roots)
        operations = stock.contract.operations
        self._catalogues = {operation.id: Catalogue(operation, stock, vendor) for operation in operations}
        compared = (each.parameter for answer in stock.fixtures.answers for each in answer.headers)
        self.headers = frozenset((*vendor.read_headers, _PREFER, *compared))
        self.reads_bodies = vendor.reads_bodies
        self._near_routes = NearRoutes(stock.contract, roots, self._router, stock.secrets.is_secret)

    def plan(self, request: Request, visit: Visit | None = None) -> Plan:
        """Return the plan for a request on a visit to a session; by default to a new session."""
        return self.travel(request, visit or Session().visit()).plan

    def travel(self, request: Request, visit: Visit) -> Journey:
        """Route, prefer, bind, answer, format, check; return what each step came to."""
        vendor = self._vendor
        route = self._router.find(request)
        hints = hint_headers(request.headers, self.list_headers(visit))
        wanted, bound = NO_PREFERENCES, None
        try:
            if isinstance(route, Refusal):
                draft = self._refuse_route(request, route)
            else:
                catalogue = self._catalogues[route.operation.id]
                wanted, route = _prefer(request, route, visit.overlay.defaults)
                hints += _hint_preferences(request, route)
                bound = vendor.bind(route, request)
                asked = Asked(request, bound.arguments, wanted, visit)
                draft = honour(choose(catalogue, asked) or _refuse(bound, vendor) or act(catalogue, asked), wanted)
        except PreferenceError as error:
            draft = draft_error(str(error), vendor)
        draft = draft._replace(hints=(*draft.hints, *hints)) if hints else draft
        draft, written = choose_format(draft, request, vendor)
        reply = write_reply(draft, written, vendor, self._declared)
        plan = self._checker.check(draft, reply, route, {} if bound is None else bound.arguments)
        return Journey(route, wanted, bound, draft, written, plan)

    def _refuse_route(self, request: Request, refusal: Refusal) -> Draft:
        """Return the answer of the stack, which no preference changes; hints tell the nearest route, or all routes."""
        draft = draft_refusal(refusal, self._vendor, _FRAMEWORK)
        misses = () if draft.hints else self._near_routes.find(request, refusal)
        hints = draft.hints or tuple(each.hint for each in misses[:1]) or self._near_routes.list_routes(refusal)
        return draft._replace(varies=False, hints=hints, near_misses=misses)

    def list_headers(self, visit: Visit) -> frozenset[str]:
        """Return the request headers that can change an answer: of the stack, the fixtures and the session."""
        compared = visit.overlay.headers
        return self.headers | compared if compared else self.headers

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


def _refuse(bound: Bound, vendor: Vendor) -> Draft | None:
    return None if bound.refusal is None else draft_refusal(bound.refusal, vendor, _FRAMEWORK)


def _hint_preferences(request: Request, route: Route) -> Hints:
    """Return hints for what looks like preferences in the rest of the query and in the Prefer header."""
    header = request.header(_PREFER)
    hints = () if header is None else hint_prefer(header)
    return hint_query(route.query, (each.name for each in route.operation.parameters)) + hints if route.query else hints


def _prefer(request: Request, route: Route, defaults: Preferences) -> tuple[Preferences, Route]:
    """Return the preferences of a request (query, then Prefer, then session), and its route without the twins.

    Raises:
        PreferenceError: A preference is invalid.
    """
    header = request.header(_PREFER)
    if header is None and not route.query:
        return NO_PREFERENCES.over(defaults), route  # As nearly always.
    twins, query = split_twins(route.query, (each.name for each in route.operation.parameters))
    if not twins and header is None:
        return NO_PREFERENCES.over(defaults), route
    said = {key: text for key, text in read_header(header or "").items() if key not in twins}
    own = read_preferences(twins, f"{TWIN}{{}}").fill(read_preferences(said, "Prefer: {}"))
    return own.over(defaults), route._replace(query=query)
