"""The bare contract, for generators of clients: the document without what only the stub reads, sends or says."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from mockserver.documents.nodes import Json
from mockserver.http.hints import PREFIX

_SECTION: Final = re.compile(r"(\s*)(?:<!--\s*stub\s*-->.*?(?:<!--\s*/stub\s*-->|\Z)(\s*))+", re.DOTALL)
"""Sections of a description, one behind the other, that are marked as the stub's own; with the white space around."""

_DATA: Final = frozenset(
    ("const", "default", "dependentRequired", "enum", "example", "mapping", "scopes", "security", "value")
)
"""Keys whose values are given out as they are."""

_MAPS: Final = frozenset(
    (
        *("$defs", "callbacks", "content", "definitions", "dependentSchemas", "encoding", "examples", "links"),
        *("patternProperties", "properties", "variables", "webhooks"),
    )
)
"""Keys whose values are maps, from names that the author has chosen to objects."""

_MAPS_WITH_OWN: Final = frozenset(("headers", "paths", "responses"))
"""Keys of the other maps, in which an own name is a header or an extension of the stub."""

_COMPONENT: Final = re.compile(r"#/components/[^/]+/[^/]+")


def make_bare(document: Mapping[str, Json]) -> dict[str, Json]:
    """Return the `document` without its `x-mock-*` keys, `X-Mock-*` headers and marked sections of descriptions.

    A component to which only these have referred is left out too. Examples, defaults and other data stay as they are.
    """
    own = frozenset(_find_own_parameters(document))
    return _drop_orphans(_strip_object(document, own), frozenset(_find_components(dict(document))))


def _find_own_parameters(document: Mapping[str, Json]) -> Iterator[str]:
    """Yield the pointers to those components that are headers that only the stub reads."""
    components = document.get("components")
    parameters = components.get("parameters") if isinstance(components, dict) else None
    for name, each in parameters.items() if isinstance(parameters, dict) else ():
        if _is_own_parameter(each, frozenset()):
            yield f"#/components/parameters/{name}"


def _is_own_parameter(value: Json, own: frozenset[str]) -> bool:
    if not isinstance(value, dict):
        return False
    return value.get("$ref") in own or (value.get("in") == "header" and _is_own(str(value.get("name"))))


def _is_own(name: str) -> bool:
    """Return whether a key or a header begins as those of the stub do."""
    return name.lower().startswith(PREFIX)


def _strip_object(value: Mapping[str, Json], own: frozenset[str]) -> dict[str, Json]:
    """Return an object of OpenAPI without what is the stub's own, nor headers and parameters of which none is left."""
    stripped = {key: _strip_member(key, child, own) for key, child in value.items() if not _is_own(key)}
    emptied = {key for key in ("headers", "parameters") if value.get(key) and not stripped[key]}
    return {key: child for key, child in stripped.items() if key not in emptied}


def _strip_member(key: str, value: Json, own: frozenset[str]) -> Json:
    """Return what an object of OpenAPI has under a key."""
    if key == "description" and isinstance(value, str):
        return _SECTION.sub(_choose_space, value)
    if key in _DATA or key.startswith("x-") or (key == "examples" and isinstance(value, list)):
        return value
    if key == "components" and isinstance(value, dict):
        return {section: _strip_map(each, own) for section, each in value.items() if not _is_own(section)}
    if key in _MAPS_WITH_OWN and isinstance(value, dict):
        return _strip_map({name: each for name, each in value.items() if not _is_own(name)}, own)
    return _strip_map(value, own) if key in _MAPS else _strip(value, own)


def _strip_map(value: Json, own: frozenset[str]) -> Json:
    """Return a map from names to objects, all of whose names stay."""
    return {name: _strip(each, own) for name, each in value.items()} if isinstance(value, dict) else value


def _strip(value: Json, own: frozenset[str]) -> Json:
    if isinstance(value, list):
        return [_strip(each, own) for each in value if not _is_own_parameter(each, own)]
    return _strip_object(value, own) if isinstance(value, dict) else value


def _choose_space(section: re.Match[str]) -> str:
    """Return the white space in the place of sections: the wider one of the two around them, none at either end."""
    if section.start() == 0 or section.end() == len(section.string):
        return ""
    return max(section[1], section[2], key=lambda space: (space.count("\n"), len(space)))


def _drop_orphans(document: dict[str, Json], before: frozenset[str]) -> dict[str, Json]:
    """Return the document without the components that something referred to `before`, and nothing refers to now."""
    orphans = before - frozenset(_find_components(document))
    components = document.get("components")
    if not isinstance(components, dict):
        return document
    kept = {section: _drop(each, f"#/components/{section}/", orphans) for section, each in components.items()}
    left: Json = {section: each for section, each in kept.items() if each or each == components[section]}
    return document if left == components else _drop_orphans({**document, "components": left}, before)


def _drop(section: Json, path: str, orphans: frozenset[str]) -> Json:
    if not isinstance(section, dict):
        return section
    return {name: each for name, each in section.items() if f"{path}{name}" not in orphans}


def _find_components(value: Json) -> Iterator[str]:
    """Yield the pointer to the component that each reference names, those of discriminators included."""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for each in value:
            yield from _find_components(each)
    elif isinstance(value, str) and (found := _COMPONENT.match(value)):
        yield found[0]
