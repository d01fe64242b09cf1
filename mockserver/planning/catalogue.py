"""The catalogue of one operation: everything that can answer its requests."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from mockserver.contract.contract import Operation, ResponseSpec
from mockserver.fixtures.answers import Answer, AnswerIndex, NearAnswer
from mockserver.generation.blueprints import Blueprint
from mockserver.planning.drafts import Asked
from mockserver.planning.stock import Stock
from mockserver.planning.supply import Supply
from mockserver.state.overlays import Overlay
from mockserver.vendors.vendor import Vendor


class Catalogue:
    """Answers, examples, records and the generator of one operation. It never changes."""

    def __init__(self, operation: Operation, stock: Stock, vendor: Vendor) -> None:
        self.operation = operation
        self.vendor = vendor
        self.seed = stock.generator.seed
        self.is_secret = stock.secrets.is_secret
        paths = (each.name for each in operation.parameters if each.location == "path")
        self._keys = tuple(dict.fromkeys((*(each.parameter for each in operation.keys), *paths)))
        self._contract = stock.contract
        self._generator = stock.generator
        components = (spec.component for status, spec in operation.responses.items() if 200 <= status < 300)
        self._supplies = {name: Supply(operation, name, stock) for name in components if name is not None}
        self._index = AnswerIndex(operation.id, stock.fixtures.answers)
        self._named = {each.name: each for each in stock.fixtures.answers if each.operation == operation.id}

    @property
    def edges(self) -> tuple[str, ...]:
        """The names of the edge cases that the operation has."""
        supply = self.find_supply(self.operation.lowest_success_response)
        return () if supply is None else supply.edges

    def find_supply(self, spec: ResponseSpec) -> Supply | None:
        """Return the records that a response is sent with; None if it has none."""
        return self._supplies.get(spec.component or "")

    def find_answers(self, asked: Asked) -> list[Answer]:
        """Return the answers that match: the session's first, then those of the files."""
        overlay = asked.visit.overlay
        added = overlay.find(self.operation.id, asked.arguments, asked.request)
        of_files = self._index.find(asked.arguments, asked.request)
        return [*added, *(each for each in of_files if not overlay.hides(each))]

    def find_near_answers(self, asked: Asked) -> list[NearAnswer]:
        """Return the answers that a request nearly gets: the session's first, then those of the files."""
        overlay = asked.visit.overlay
        added = overlay.find_near(self.operation.id, asked.arguments, asked.request, self._keys)
        of_files = self._index.find_near(asked.arguments, asked.request, self._keys)
        return [*added, *(each for each in of_files if not overlay.hides(each[0]))]

    def find_named(self, name: str, overlay: Overlay) -> Answer | None:
        """Return the answer of that `name`, the session's before a file's."""
        added = (each for each in overlay.answers if each.name == name)
        answer = next(added, None) or self._named.get(name)
        return answer if answer is not None and answer.operation == self.operation.id else None

    def list_responses(self, success: ResponseSpec) -> list[ResponseSpec]:
        """Return all declared responses, beginning with `success`."""
        return [success, *(spec for spec in self.operation.responses.values() if spec != success)]

    def list_examples(self, overlay: Overlay, specs: Sequence[ResponseSpec] | None = None) -> Iterator[str]:
        """Give the names of examples and answers; with `specs` of bodies only those of these responses."""
        for spec in self.list_responses(self.operation.lowest_success_response) if specs is None else specs:
            yield from spec.examples
        yield from self.operation.examples
        yield from (each.name for each in overlay.answers if each.operation == self.operation.id)
        yield from (name for name, each in self._named.items() if not overlay.hides(each))

    def make_body(self, component: str, status: int) -> Mapping[str, object]:
        """Generate a body of a component for a status."""
        blueprint = Blueprint(self._contract.components[component])
        return self._generator.generate(component, blueprint, {"status": status}, {})
