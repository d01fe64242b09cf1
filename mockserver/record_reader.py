"""Records as fixture files write them, held against the contract member by member."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from mockserver.aspnet.binding import WHITE_SPACE
from mockserver.aspnet.formatting import FRIENDLY_FORMATS
from mockserver.breaches import Breach, show
from mockserver.contract import Contract, Selector
from mockserver.documents import DocumentReader, Fault, Json, Node, Scalar, end_sentence, find_nearest, suggest_nearest
from mockserver.parsing import resolve_plain
from mockserver.records import Record
from mockserver.schemas import Schemas


@dataclass(frozen=True, slots=True)
class _Served:
    """What has to be known of a component that operations serve.

    `formats` has the `x-mock-format` of each member that has one; `selectors` and `keys` are by member.
    """

    members: frozenset[str]
    formats: Mapping[str, str]
    selectors: dict[str, Selector] = field(default_factory=dict)
    keys: dict[str, Selector] = field(default_factory=dict)


class RecordReader(DocumentReader):
    """Reads `schema` and `records` of one file after the other into `records`.

    `breaches` are the faults that are breaches of the contract; all others are in `faults`.
    """

    def __init__(self, contract: Contract, schemas: Schemas) -> None:
        super().__init__()
        self.records: list[Record] = []
        self.breaches: list[Fault] = []
        self._schemas = schemas
        self._served = _find_served(contract)

    def read(self, root: Node, label: str) -> None:
        """Read the records of the document *root*, which answers name by *label*."""
        members = self.members(root)
        component = self._read_component(root, members)
        if "records" not in members:
            self.add(members["schema"].key_place, "records is missing. Add the list of records.")
        for node in self.items(members.get("records")):
            if component is not None:
                self._read_record(node, component, label)

    def _read_component(self, root: Node, members: Mapping[str, Node]) -> str | None:
        """What `schema` names, or means, where operations serve it."""
        known = " or ".join(f"schema: {name}" for name in self._served) or "answers instead"
        if "schema" not in members:
            self.add(members["records"].key_place, f"It is not said what these records are. Write {known}.")
            return None
        component = self.text(root, "schema", root)
        if component in self._served:
            return component
        if isinstance(members["schema"].value, str):
            nearest = suggest_nearest(component, self._served) or f". Write {known}."
            self.add(members["schema"].place, f"No operation returns a {component!r}{nearest}")
        # What is wrong with the records themselves is told at once, by the component that was meant.
        return find_nearest(component, self._served)

    def _read_record(self, node: Node, component: str, label: str) -> None:
        if not isinstance(node.value, dict):
            self.add(node.place, "This is no record. Write its members as keys and values.")
            return
        children = node.value
        values = {name: child.to_json() for name, child in children.items()}
        for name, friendly_format in self._served[component].formats.items():
            value = values.get(name)
            if isinstance(value, str):
                values[name] = FRIENDLY_FORMATS[friendly_format](value)
        lines = {name: child.key_line for name, child in children.items()}
        record = Record(component, values, label, node.line, lines)
        self._check_record(record, node)
        self.records.append(record)

    def _check_record(self, record: Record, node: Node) -> None:
        served = self._served[record.component]
        for breach in self._schemas.find_member_breaches(record.component, record.members):
            self._add_breach(breach, node, record, breach.member.split(".")[0] in served.keys)
        blank = [key for member, key in served.keys.items() if _is_blank(record.members.get(member))]
        for key in blank:
            self._refuse_blank(key, node)
        if not blank:
            given = tuple((m, repr(record.members[m])) for m in served.selectors if m in record.members)
            members = " and ".join(served.selectors) or "schema"
            self.claim((record.component, given), node.place, f"A record with this {members}")

    def _refuse_blank(self, key: Selector, node: Node) -> None:
        found = node.find([key.member])
        finding, remedy = ("missing", "Add it.") if found is node else (show(found.value), "Give it a value.")
        self.add(found.place, f"{key.member} is {finding}, and the parameter {key.parameter} selects by it. {remedy}")

    def _add_breach(self, breach: Breach, node: Node, record: Record, is_key: bool) -> None:
        steps = list(_follow(node, breach.member.split(".")))
        found = steps[-1].node if steps else node
        unknown = breach.member in record.members and breach.member not in self._served[record.component].members
        place = found.key_place if unknown else found.place
        fault = Fault(place, f"{end_sentence(str(breach))} {self._find_remedy(record.component, steps, found)}")
        (self.faults if is_key else self.breaches).append(fault)

    def _find_remedy(self, component: str, steps: list[_Step], found: Node) -> str:
        """To set quotes or take them away, where that mends it; else to change one of the two."""
        proposed: Scalar = found.text
        if found.is_number:
            remedy = f'Quote it, or leading zeros and digits are lost: "{found.text}".'
        elif isinstance(found.value, bool):
            remedy = f'Quote it to make it text: "{found.text}".'
        else:
            proposed, remedy = _unquote(found.value), f"Write it without quotes: {found.value}."
        if proposed not in (None, found.value) and self._is_valid(component, steps, proposed):
            return remedy
        return "Change the record or the contract."

    def _is_valid(self, component: str, steps: list[_Step], value: Scalar) -> bool:
        """Whether the *value* could stand where the steps lead to. Only they are looked at: a record may be large."""
        members: Json = value
        for step in reversed(steps):
            members = [members] if step.is_item else {step.name: members}
        path = ".".join("0" if step.is_item else step.name for step in steps)
        assert isinstance(members, dict)
        return all(breach.member != path for breach in self._schemas.find_member_breaches(component, members))


def _find_served(contract: Contract) -> dict[str, _Served]:
    served: dict[str, _Served] = {}
    for operation in contract.operations:
        if operation.component is not None:
            entry = served.setdefault(operation.component, _read_members(contract.components[operation.component]))
            entry.selectors.update({selector.member: selector for selector in operation.selectors})
            entry.keys.update({selector.member: selector for selector in operation.keys})
    return served


def _read_members(component: Mapping[str, Json]) -> _Served:
    properties = component.get("properties")
    schemas = properties if isinstance(properties, dict) else {}
    named = {name: schema.get("x-mock-format") for name, schema in schemas.items() if isinstance(schema, dict)}
    formats = {name: value for name, value in named.items() if isinstance(value, str)}
    return _Served(frozenset(schemas), formats)


def _is_blank(value: Json) -> bool:
    """Whether no argument could select by the value, as a blank argument is none."""
    return value is None or (isinstance(value, str) and not value.strip(WHITE_SPACE))


@dataclass(frozen=True, slots=True)
class _Step:
    """A step on the way to a breach: into the item of a list, or else to a name."""

    name: str
    is_item: bool
    node: Node


def _follow(node: Node, names: list[str]) -> Iterator[_Step]:
    """The steps down from the *node* as far as they exist; a dot may also belong to a name."""
    for count in range(len(names), 0, -1):
        name = ".".join(names[:count])
        found = node.find([name])
        if found is not node:
            yield _Step(name, isinstance(node.value, list), found)
            yield from _follow(found, names[count:])
            return


def _unquote(value: object) -> Scalar:
    """What the text would stand for if it were written without quotes."""
    try:
        return resolve_plain(value) if isinstance(value, str) else None
    except ValueError:
        return None
