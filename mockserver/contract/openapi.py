"""Reads an OpenAPI 3.1 document into a contract. Nothing else knows OpenAPI.

Two extensions are read beside OpenAPI, which cannot say how an argument selects a record:

- `x-mock-selects: {member: PersonalId}` on a parameter: a record answers when its member equals the argument.
  With `unless: 0` the argument 0 restricts nothing, and a record that leaves the member out answers any
  argument and gives the member back as asked.
- `x-mock-format: dotnet-date-time` on a schema: text as .NET writes a DateTime.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Final

from mockserver.contract.components import Components, SchemaReader
from mockserver.contract.contract import PARAMETER_TYPES, Contract, Operation, Parameter, ResponseSpec, Selector
from mockserver.documents.nodes import Json, Node, Scalar
from mockserver.documents.problems import DocumentError
from mockserver.documents.wording import suggest_nearest
from mockserver.documents.yaml_text import load_document
from mockserver.http.headers import BODILESS_STATUSES

METHODS: Final = ("get", "put", "post", "delete", "options", "head", "patch", "trace")


LOCATIONS: Final = ("path", "query")


MEDIA_TYPES: Final = ("application/json", "text/json")


EXTENSIONS: Final = ("x-mock-selects", "x-mock-format")


MEMBER_FORMATS: Final = ("dotnet-date-time",)


UNSERVED: Final[Mapping[str, str]] = MappingProxyType(
    {
        "requestBody": "Request bodies are not served so far. Leave it out.",
        "servers": "Servers are read at the top of the document only. Move them there.",
    }
)
"""What OpenAPI has for an operation or a path, and the stub does not take."""


def load_contract(path: Path, name: str | None = None) -> Contract:
    """Read the contract in the file at *path*; places call it *name*.

    Raises:
        DocumentError: The file, or what it says, cannot be used; every problem is listed.
    """
    return read_contract(load_document(path, name))


def read_contract(root: Node) -> Contract:
    """Turn a document into a contract. Raises DocumentError with every problem."""
    reader = _Reader(root)
    contract = reader.read_contract()
    if reader.problems:
        raise DocumentError(reader.problems)
    return contract


_URL: Final = re.compile(r"(?:(?:[A-Za-z][A-Za-z0-9+.-]*:)?//[^/?#{}\s]+)?((?:/[^/?#<>{}%\\\s]+)*)/?")


_PATH: Final = re.compile(r"(?:/(?:[^/?#<>{}%\\\s]+|\{[^/{}\s]+\}))*/?")


_PARAMETER: Final = re.compile(r"\{([^{}]+)\}")


_STATUS: Final = re.compile("[1-5][0-9][0-9]")


class _Reader(SchemaReader):
    """Reads one OpenAPI document."""

    def __init__(self, root: Node) -> None:
        super().__init__(root)
        self._components: Components = {}

    def read_contract(self) -> Contract:
        members = self.members(self.root)
        self._check_version(members.get("openapi"))
        self._check_extensions(self.root)
        self._components = self.read_components(members.get("components"))
        operations = tuple(self._read_operations(members.get("paths")))
        if not operations and not self.problems:
            self.add(self.root.place, "The contract has no operation. Add one under paths.")
        return Contract(
            title=self._read_title(members.get("info")),
            roots=tuple(dict.fromkeys(self._read_roots(members.get("servers")))) or ("",),
            operations=operations,
            components=self._components,
            document=MappingProxyType({key: node.to_json() for key, node in members.items()}),
        )

    def text(self, node: Node | None, key: str, owner: Node) -> str:
        """The text under *key*; none of those that are read here may be empty."""
        child = self.members(node).get(key)
        if child is not None and child.value == "":
            self.add(child.place, f"{key} is empty. Write text.")
        return super().text(node, key, owner)

    def _check_version(self, node: Node | None) -> None:
        if node is None:
            self.add(self.root.place, "This is no OpenAPI document. Begin it with openapi: 3.1.0.")
            raise DocumentError(self.problems)
        if not node.text.startswith("3.1."):
            self.add(node.place, f"openapi is {node.text!r}, but 3.1.x is read here. Write openapi: 3.1.0.")

    def _read_title(self, info: Node | None) -> str:
        if info is None:
            self.add(self.root.place, "info is missing. Add it, with a title.")
            return ""
        return self.text(info, "title", info)

    def _check_extensions(self, node: Node) -> None:
        """Refuse extensions that begin like ours and are not, wherever they stand."""
        if isinstance(node.value, dict):
            for key, child in node.value.items():
                if key.startswith("x-mock-"):
                    self._check_extension(key, child, node.value)
        for child in node.children:
            self._check_extensions(child)

    def _check_extension(self, key: str, node: Node, beside: Mapping[str, Node]) -> None:
        if key not in EXTENSIONS:
            known = " and ".join(EXTENSIONS)
            self.add(node.key_place, f"{key} is not known, {known} are{suggest_nearest(key, EXTENSIONS) or '.'}")
        elif key == "x-mock-format" and node.value not in MEMBER_FORMATS:
            self.add(node.place, f"x-mock-format is {node.text!r}. Write {' or '.join(MEMBER_FORMATS)}.")
        elif key == "x-mock-selects" and not beside.keys() & {"in", "name"}:
            self.add(node.key_place, "x-mock-selects belongs to a parameter. Move it there.")

    def _read_roots(self, servers: Node | None) -> Iterator[str]:
        for server in self.items(servers):
            url = self.text(server, "url", server)
            place = server.find(["url"]).place
            plain = _URL.fullmatch(url)
            if plain is not None:
                yield plain[1]
            elif "{" in url:
                self.add(place, f"The server {url} has variables. Write each of its addresses out.")
            else:
                self.add(place, f"The server {url!r} is no plain address. Write one such as /API.")

    # Operations

    def _read_operations(self, paths: Node | None) -> Iterator[Operation]:
        for path, child in self._entries(paths):
            self._check_path(path, child)
            item = self.resolve(child)
            self._refuse_unserved(item)
            for key, node in self._entries(item):
                operation = self.resolve(node) if key in METHODS else None
                if operation is not None:
                    yield self._read_operation(path, key, operation, item)
                elif key not in (*METHODS, *UNSERVED, "summary", "description", "parameters"):
                    nearest = suggest_nearest(key, METHODS) or f". Write one of {', '.join(METHODS)}."
                    self.add(node.key_place, f"{key} is no method{nearest}")

    def _entries(self, node: Node | None) -> Iterator[tuple[str, Node]]:
        """The members of a mapping that are no extensions."""
        return ((key, child) for key, child in self.members(node).items() if not key.startswith("x-"))

    def _check_path(self, path: str, node: Node) -> None:
        if not _PATH.fullmatch(path) or not path.startswith("/"):
            remedy = "Write one such as /things/{id}, each parameter between slashes."
            self.add(node.key_place, f"The path {path!r} is no plain path. {remedy}")
        shape = _PARAMETER.sub("{}", path).rstrip("/").casefold()
        self.claim(("path", shape), node.key_place, f"A path like {path}")

    def _refuse_unserved(self, node: Node | None) -> None:
        for key, finding in UNSERVED.items():
            if key in self.members(node):
                self.add(self.members(node)[key].key_place, finding)

    def _read_operation(self, path: str, method: str, node: Node, item: Node | None) -> Operation:
        self._refuse_unserved(node)
        responses = dict(self._read_responses(node))
        record = self._find_record(responses, node)
        nodes = self._collect_parameters(item, node)
        parameters = tuple(self._read_parameter(each, record) for each in nodes)
        self._check_path_parameters(path, parameters, node)
        return Operation(
            id=self._read_operation_id(node),
            method=method.upper(),
            path=path,
            segments=tuple(filter(None, path.split("/"))),
            parameters=parameters,
            responses=MappingProxyType(responses),
            examples=self._read_examples(nodes, path),
            summary=_read_words(node, "summary"),
            description=_read_words(node, "description"),
        )

    def _read_operation_id(self, node: Node) -> str:
        name = self.text(node, "operationId", node)
        if name:
            self.claim(("operationId", name), node.find(["operationId"]).place, f"The operationId {name}")
        return name

    # Parameters

    def _collect_parameters(self, *owners: Node | None) -> list[Node]:
        """The parameters of a path and its operation; those of the operation replace others of the same name."""
        found: dict[str, Node] = {}
        for owner in owners:
            own: dict[str, Node] = {}
            for each in self.items(self.members(owner).get("parameters")):
                node = self.resolve(each)
                name = self.text(node, "name", node) if node is not None else ""
                if name.casefold() in own:
                    self.add(each.place, f"The parameter {name} is given twice. Keep one of the two.")
                elif node is not None and name:
                    own[name.casefold()] = node
            found |= own
        return list(found.values())

    def _read_parameter(self, node: Node, record: Mapping[str, Json]) -> Parameter:
        members = self.members(node)
        name = self.text(node, "name", node)
        kind = self._read_kind(name, node)
        type_, _, format_ = kind.partition(" ")
        default = self.members(self.resolve(members.get("schema"))).get("default")
        return Parameter(
            name=name,
            location=self._read_location(name, node),
            type=type_,
            format=format_,
            is_required=_is_required(node),
            default=self._read_value(default, f"The default of {name}", kind),
            selects=self._read_selector(members.get("x-mock-selects"), name, kind, record),
            description=_read_words(node, "description"),
        )

    def _read_location(self, name: str, node: Node) -> str:
        location = self.text(node, "in", node)
        if location and location not in LOCATIONS:
            self.add(node.find(["in"]).place, f"{name} is in {location}. Write {' or '.join(LOCATIONS)}.")
        if location == "path" and not _is_required(node):
            self.add(node.place, f"{name} is in the path, so it is always there. Write required: true.")
        return location

    def _read_kind(self, name: str, node: Node) -> str:
        """The type and format of a parameter, a key of PARAMETER_TYPES; empty, with a problem, for any other."""
        if "schema" not in self.members(node):
            self.add(node.place, f"{name} has no schema. Add one with a type.")
        schema = self.resolve(self.members(node).get("schema"))
        if schema is None:
            return ""
        words = [self.text(schema, "type", schema)]
        if "format" in self.members(schema):
            words.append(self.text(schema, "format", schema))
        kind = " ".join(words)
        if kind in PARAMETER_TYPES:
            return kind
        if all(words):
            known = ", ".join(PARAMETER_TYPES)
            self.add(schema.place, f"{name} is of type {kind}, which is not served. Write one of {known}.")
        return ""

    def _read_value(self, node: Node | None, what: str, kind: str) -> Scalar:
        value = self.scalar(node)
        if node is not None and value is not None and kind and type(value) is not PARAMETER_TYPES[kind]:
            self.add(node.place, f"{what} is {value!r}, which is no {kind}. Change one of the two.")
        return value

    def _read_selector(
        self, node: Node | None, parameter: str, kind: str, record: Mapping[str, Json]
    ) -> Selector | None:
        if node is None:
            return None
        self.check_keys(node, ("member", "unless"))
        member = self.text(node, "member", node)
        if member and record and member not in record:
            nearest = suggest_nearest(member, record) or ". Name a member of the records."
            self.add(node.find(["member"]).place, f"The records have no member {member!r}{nearest}")
        unless = self.members(node).get("unless")
        value = self._read_value(unless, f"unless of {parameter}", kind)
        return Selector(parameter, member, () if unless is None else (value,))

    def _check_path_parameters(self, path: str, parameters: tuple[Parameter, ...], node: Node) -> None:
        named = set(_PARAMETER.findall(path))
        given = {each.name for each in parameters if each.location == "path"}
        for name in sorted(named ^ given):
            where = "declared" if name in named else "in the path"
            self.add(node.place, f"The path parameter {name} is not {where}. Write it in both places.")

    def _read_examples(self, parameters: list[Node], path: str) -> Mapping[str, Mapping[str, Scalar]]:
        """The examples that can be asked for, since they give every parameter in the path."""
        found: dict[str, dict[str, Scalar]] = {}
        for node in parameters:
            for name, example in self.members(self.members(node).get("examples")).items():
                value = self.members(self.resolve(example)).get("value")
                if value is not None:
                    found.setdefault(name, {})[self.text(node, "name", node)] = self.scalar(value)
        needed = set(_PARAMETER.findall(path))
        return MappingProxyType({k: MappingProxyType(v) for k, v in found.items() if needed <= v.keys()})

    # Responses

    def _read_responses(self, operation: Node) -> Iterator[tuple[int, ResponseSpec]]:
        for key, child in self._entries(self.members(operation).get("responses")):
            if _STATUS.fullmatch(key):
                yield int(key), self._read_response(int(key), child)
            else:
                self.add(child.key_place, f"The status {key} is no number from 100 to 599. Write each status out.")

    def _find_record(self, responses: Mapping[int, ResponseSpec], operation: Node) -> Mapping[str, Json]:
        """The members of the records, which are the content of the lowest 2xx; empty where they are not known."""
        success = [spec for status, spec in sorted(responses.items()) if 200 <= status < 300]
        if not success:
            self.add(operation.place, "The operation has no response from 200 to 299. Add the one of its records.")
            return {}
        members = self._components.get(success[0].component or "", {}).get("properties")
        return members if isinstance(members, dict) else {}

    def _read_response(self, status: int, node: Node) -> ResponseSpec:
        members = self.members(self.resolve(node))
        content = {} if status in BODILESS_STATUSES else self.members(members.get("content"))
        named = {self._read_component(media_type, media) for media_type, media in content.items()}
        if len(named - {None}) > 1:
            self.add(node.place, "The media types differ in their schemas. Give them the same one.")
        headers = {name: self.resolve(each) for name, each in self.members(members.get("headers")).items()}
        schemas = ((name, self._read_header(header)) for name, header in headers.items())
        return ResponseSpec(
            status,
            tuple(content),
            next(iter(named), None),
            tuple(name for name, header in headers.items() if _is_required(header)),
            examples=MappingProxyType(self._read_bodies(content)),
            headers=MappingProxyType({name: schema for name, schema in schemas if schema is not None}),
        )

    def _read_bodies(self, content: Mapping[str, Node]) -> dict[str, Json]:
        """The examples of a body by name, of each the first media type's; one without a name is called `example`."""
        found: dict[str, Json] = {}
        for media in map(self.resolve, content.values()):
            members = self.members(media)
            nodes = {
                name: self.members(self.resolve(each)).get("value")
                for name, each in self.members(members.get("examples")).items()
            }
            for name, node in {**nodes, "example": members.get("example")}.items():
                if node is not None:
                    found.setdefault(name, node.to_json())
        return found

    def _read_header(self, node: Node | None) -> Json:
        """The schema of a header that is required or has a value to send, the one it gives as its example above all."""
        members = self.members(node)
        schema = self.resolve(members.get("schema"))
        keywords = self.members(schema)
        named = [
            self.members(self.resolve(each)).get("value") for _, each in self.members(members.get("examples")).items()
        ]
        listed = keywords["examples"].children if "examples" in keywords else ()
        known = (members.get("example"), *named, *listed, keywords.get("default"))
        given = next((each for each in known if each is not None), None)
        if given is not None:
            return {"const": given.to_json()}
        if not {"const", "enum"} & keywords.keys() and not _is_required(node):
            return None
        return {"type": "string"} if schema is None else schema.to_json()

    def _read_component(self, media_type: str, node: Node) -> str | None:
        """The name of the component that a media type's schema refers to."""
        if media_type not in MEDIA_TYPES:
            self.add(node.key_place, f"{media_type} is not served. Write {' or '.join(MEDIA_TYPES)}.")
        schema = self.members(self.resolve(node)).get("schema")
        pointer = self.members(schema).get("$ref")
        start, _, name = pointer.text.rpartition("/") if pointer else ("", "", "")
        if start == "#/components/schemas" and name in self._components:
            return name
        nearest = suggest_nearest(name, self._components) if start == "#/components/schemas" else ""
        remedy = "Refer to one under components/schemas, so that a marshmallow class of its name can check it."
        self.add((schema or node).place, f"The schema of {media_type} is no component{nearest or f'. {remedy}'}")
        return None


def _is_required(node: Node | None) -> bool:
    """Whether a parameter or header says `required: true`."""
    required = node.child("required") if node is not None else None
    return required is not None and required.value is True


def _read_words(node: Node, key: str) -> str:
    """What is said for people under *key*; nothing where there is none."""
    child = node.child(key)
    return child.value if child is not None and isinstance(child.value, str) else ""
