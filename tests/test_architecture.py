"""The architecture, as the README draws it: what may import what, and what a module may hold.

Each rule is a function from sources to findings; the functions are tested on small sources of their own.
"""

from __future__ import annotations

import ast
import io
import re
import sys
import tokenize
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Final

import pytest

from mockserver.openapi import load_contract

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "mockserver"
SOURCES: Final = MappingProxyType(
    {
        ".".join(path.relative_to(PACKAGE).with_suffix("").parts): path.read_text(encoding="utf-8")
        for path in sorted(PACKAGE.rglob("*.py"))
    }
)
"""The source of every module by its name: `documents`, `aspnet.uris`, `generation.__init__`, `__init__`."""

ORDER: Final = (
    ("documents", "exchange", "breaches", "effects"),
    ("contract", "parsing", "schemas", "generation"),
    ("schema_reader", "json_documents", "placeholders", "preferences"),
    ("openapi", "aspnet"),
    ("records", "answers"),
    ("replies", "links", "sessions"),
    ("readers", "variants", "delivery"),
    ("supply",),
    ("actions",),
    ("checking", "choices"),
    ("planning",),
    ("stub",),
    ("conformance", "reloading", "cors", "wsgi"),
    ("admin",),
    ("app",),
    ("connections", "console"),
    ("serving",),
    ("cli",),
    ("__main__",),
)
"""Bottom first: a module imports from earlier lines only. A sub-package stands here as a whole."""

INSIDE: Final = MappingProxyType(
    {
        "aspnet.routing": ("uris",),
        "aspnet.faults": ("binding",),
        "readers.reply_reader": ("condition_reader", "body_files"),
        "readers.answer_reader": ("condition_reader", "reply_reader"),
        "readers.__init__": ("record_reader", "answer_reader", "reply_reader"),
        "admin.page": ("prose", "steering"),
        "admin.management": ("guard", "posting"),
        "admin.__init__": ("page", "servers", "steering"),
        "generation.draws": ("fitting",),
        "generation.members": ("fitting", "draws"),
        "generation.keywords": ("fitting",),
        "generation.values": ("fitting", "draws", "keywords", "members"),
        "generation.edges": ("fitting", "keywords"),
        "generation.__init__": ("fitting", "draws", "values", "edges"),
    }
)
"""What a file of a sub-package imports from its neighbours; one that is not named imports none of them."""

CLOSED: Final = ("generation",)
"""Sub-packages that others import as a whole, never a file of theirs."""

ROOT_GIVES: Final = ("__version__",)
"""What modules take from `mockserver` itself, although that imports them."""

ROOT_TAKES: Final = ("app", "documents", "openapi")
"""What `mockserver` itself imports: the modules whose names it gives on."""

FENCES: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "_typeshed": ("admin", "app", "connections", "serving", "wsgi"),
        "click": ("cli", "console"),
        "faker": ("generation",),
        "flask": ("admin", "app"),
        "marshmallow": ("schemas",),
        "waitress": ("connections", "serving"),
        "werkzeug": ("app",),
        "yaml": ("parsing",),
    }
)
"""Where a library may be imported. One that is not named may be imported nowhere."""

KNOWING: Final = ("schemas", "generation.members")
"""The modules that know customers and their members. For the others see `find_contract_words`."""

LONGEST: Final = 400
MUTABLE_TYPES: Final = (
    "bytearray",
    "dict",
    "list",
    "set",
    "defaultdict",
    "deque",
    "ChainMap",
    "Counter",
    "OrderedDict",
)
FREEZING: Final = ("MappingProxyType", "frozenset", "tuple")

Sources = Mapping[str, str]


# The finders


def find_imports(source: str, module: str) -> Iterator[tuple[int, str]]:
    """Line and full name of all that a module imports: at its top, in functions, for types, by name at run time."""
    package = ["mockserver", *module.split(".")[:-1]]
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) + 1 - node.level] if node.level else []
            start = ".".join([*above, *([node.module] if node.module else [])])
            yield from ((node.lineno, f"{start}.{alias.name}") for alias in node.names)
        elif isinstance(node, ast.Call) and name_of(node.func) in ("import_module", "__import__"):
            yield from ((node.lineno, str(each.value)) for each in node.args[:1] if isinstance(each, ast.Constant))


def name_of(node: ast.AST) -> str:
    """`c` of `a.b.c`, `b.c[d]` and `c`."""
    node = node.value if isinstance(node, ast.Subscript) else node
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


def find_module(name: str, modules: Iterable[str]) -> str:
    """The module of ours that an imported name is, or comes from."""
    steps = name.split(".")[1:]
    while steps and ".".join(steps) not in modules and ".".join([*steps, "__init__"]) not in modules:
        steps.pop()
    inner = ".".join(steps)
    return inner if inner in modules else ".".join([*steps, "__init__"])


def level_of(module: str) -> int:
    """The line of the order on which a module, or its sub-package, stands; above all others where on none."""
    unit = module.split(".")[0]
    return next((number for number, line in enumerate(ORDER) if unit in line), len(ORDER))


def may_import(importer: str, imported: str) -> bool:
    if importer == "__init__":
        return imported in ROOT_TAKES
    unit, _, _ = importer.partition(".")
    other, _, file = imported.partition(".")
    if unit == other:
        return file in INSIDE.get(importer, ())
    if other in CLOSED and file != "__init__":
        return False
    return level_of(importer) > level_of(imported)


def find_upward_imports(sources: Sources) -> list[str]:
    """Imports between our modules that the order does not allow."""
    found = []
    for importer, source in sources.items():
        for line, name in find_imports(source, importer):
            if name.split(".")[0] != "mockserver":
                continue
            imported = find_module(name, sources)
            given = imported == "__init__" and name.removeprefix("mockserver.") in ROOT_GIVES
            if not given and not may_import(importer, imported):
                found.append(f"{importer}:{line} imports {name}")
    return found


def find_foreign_imports(sources: Sources) -> list[str]:
    """Imports of libraries outside of their fences."""
    found = []
    for module, source in sources.items():
        for line, name in find_imports(source, module):
            library = name.split(".")[0]
            allowed = FENCES.get(library, ())
            is_ours = library == "mockserver" or library in sys.stdlib_module_names
            if not is_ours and module.split(".")[0] not in allowed:
                found.append(f"{module}:{line} imports {name}")
    return found


def find_contract_words(sources: Sources, members: Iterable[str]) -> list[str]:
    """Where a module that is to serve any contract knows this one.

    Code may not at all: no name has "customer" in it or is a member's, whatever its case and underscores, and no
    string has "customer", or a member as a word, in it. Docstrings and comments may, but only as an example, which
    is to say in backticks: `fixtures/customers.yaml:12`.
    """
    named = {member.lower() for member in members}
    spoken = re.compile(rf"(?i:customer)|\b(?:{'|'.join(members)})\b")
    found = []
    for module, source in sources.items():
        for line, name in find_names(source):
            folded = name.replace("_", "").lower()
            if folded in named or "customer" in folded:
                found.append(f"{module}:{line} has the name {name}")
        prose = list(find_prose(source))
        places = {place for place, _ in prose}
        told = [(place, re.sub("`[^`]*`", "", text)) for place, text in prose]
        told += [(place, text) for place, text in find_strings(source) if place not in places]
        for (line, _), text in sorted(told):
            found += [f"{module}:{line} says {word}" for word in spoken.findall(text)]
    return found


def find_names(source: str) -> Iterator[tuple[int, str]]:
    """Line and text of every name in the code, but for the modules that are imported from."""
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        words = token.line.split()
        if token.type == tokenize.NAME and not (words[0] in ("import", "from") and token.string in words[1]):
            yield token.start[0], token.string


def find_prose(source: str) -> Iterator[tuple[tuple[int, int], str]]:
    """Place and text of docstrings, those of attributes included, and of comments."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            yield (node.lineno, node.col_offset), str(node.value.value)
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            yield token.start, token.string


def find_strings(source: str) -> Iterator[tuple[tuple[int, int], str]]:
    """Place and text of every string and bytes literal, and of the text in f-strings."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str | bytes):
            yield (node.lineno, node.col_offset), str(node.value)


def find_prints(sources: Sources) -> list[str]:
    """Calls of `print`: only the console writes to the terminal."""
    calls = (
        (module, node)
        for module, source in sources.items()
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call)
    )
    return [f"{module}:{node.lineno} prints" for module, node in calls if name_of(node.func) == "print"]


def find_shared_state(sources: Sources) -> list[str]:
    """Values of modules and classes that can be changed, and functions that set a module's names."""
    found = []
    for module, source in sources.items():
        tree = ast.parse(source)
        for name, value in find_assignments(tree.body):
            if name != "__all__" and is_mutable(value):
                found.append(f"{module}:{value.lineno} {name} can be changed")
        found += [f"{module}:{each.lineno} has a global" for each in ast.walk(tree) if isinstance(each, ast.Global)]
    return found


def find_assignments(body: list[ast.stmt]) -> Iterator[tuple[str, ast.expr]]:
    """Names and values that statements assign where they stand; those in a function are its own."""
    for node in body:
        if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
            target = node.targets[0] if isinstance(node, ast.Assign) else node.target
            yield ast.unparse(target), node.value
        elif not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            for part in ("body", "orelse", "finalbody"):
                yield from find_assignments(getattr(node, part, []))


def is_mutable(node: ast.expr) -> bool:
    """Whether a value, or one that it holds, can be changed by whoever gets at it."""
    if isinstance(node, ast.List | ast.Set | ast.Dict | ast.ListComp | ast.SetComp | ast.DictComp):
        return True
    if isinstance(node, ast.Call) and name_of(node.func) in FREEZING:
        return any(is_mutable(part) for each in node.args for part in parts_of(each))
    if isinstance(node, ast.Call):
        return name_of(node.func) in MUTABLE_TYPES
    return any(is_mutable(part) for part in parts_of(node))


def parts_of(node: ast.expr) -> list[ast.expr]:
    """The values that a display holds or a conditional chooses from."""
    if isinstance(node, ast.Dict):
        return node.values
    if isinstance(node, ast.DictComp):
        return [node.value]
    if isinstance(node, ast.ListComp | ast.SetComp | ast.GeneratorExp):
        return [node.elt]
    if isinstance(node, ast.IfExp):
        return [node.body, node.orelse]
    return list(getattr(node, "elts", ()))


def find_long_modules(sources: Sources) -> list[str]:
    """Modules that are longer than they may be."""
    return [module for module, source in sources.items() if len(source.splitlines()) > LONGEST]


# The rules


def find_members() -> list[str]:
    properties = load_contract(ROOT / "openapi.yaml").components["Customer"]["properties"]
    assert isinstance(properties, dict)
    return list(properties)


def test_every_module_stands_in_the_order_once() -> None:
    units = {module.split(".")[0] for module in SOURCES} - {"__init__"}

    assert sorted(unit for line in ORDER for unit in line) == sorted(units)


def test_imports_point_one_way() -> None:
    assert find_upward_imports(SOURCES) == []


def test_libraries_stay_behind_their_fences() -> None:
    assert find_foreign_imports(SOURCES) == []


def test_no_other_module_knows_the_customer() -> None:
    others = {module: source for module, source in SOURCES.items() if module not in KNOWING}

    assert find_contract_words(others, find_members()) == []


def test_nothing_prints() -> None:
    assert find_prints(SOURCES) == []


def test_no_module_shares_what_can_be_changed() -> None:
    assert find_shared_state(SOURCES) == []


def test_no_module_is_long_without_a_reason() -> None:
    assert find_long_modules(SOURCES) == []


# The finders find


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("documents", "import mockserver.contract"),
        ("documents", "from mockserver.contract import Contract"),
        ("documents", "from mockserver import contract"),
        ("documents", "from . import contract"),
        ("documents", "from .contract import Contract"),
        ("documents", "import json\n\ndef late():\n    from mockserver.contract import Contract"),
        ("documents", "if TYPE_CHECKING:\n    from mockserver.contract import Contract"),
        ("documents", "module = import_module('mockserver.contract')"),
        ("documents", "module = __import__('mockserver.contract')"),
        ("documents", "from mockserver.exchange import Request"),
        ("documents", "from mockserver.unlisted import Anything"),
        ("documents", "from mockserver import *"),
        ("documents", "import mockserver"),
        ("serving", "from mockserver import create_app"),
        ("planning", "from mockserver.planning import Plan"),
        ("planning", "from mockserver.generation.values import NewRecord"),
        ("aspnet.uris", "from mockserver.aspnet.routing import Router"),
        ("aspnet.uris", "from .routing import Router"),
        ("aspnet.routing", "from mockserver.aspnet import faults"),
        ("aspnet.routing", "from ..planning import Plan"),
        ("generation.members", "from mockserver.generation import Generator"),
        ("__init__", "from mockserver.cli import main"),
    ],
)
def test_upward_import_is_found(module: str, source: str) -> None:
    found = find_upward_imports({**dict.fromkeys(SOURCES, ""), module: source})

    assert [line.split(":")[0] for line in found] == [module]


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("contract", "from mockserver.documents import Json, Scalar"),
        ("contract", "from . import documents"),
        ("cli", "from mockserver import __version__, console"),
        ("aspnet.routing", "from mockserver.aspnet.uris import Uri\nfrom ..contract import Contract"),
        ("planning", "from mockserver.aspnet import faults\nfrom mockserver.generation import Generator"),
        ("generation.__init__", "from mockserver.generation.values import NewRecord"),
        ("__init__", "from mockserver.app import create_app"),
        ("documents", "import json\nimport mockservers\nimport_module(name)\nimport_module('json')"),
    ],
)
def test_downward_import_is_not_found(module: str, source: str) -> None:
    assert find_upward_imports({**dict.fromkeys(SOURCES, ""), module: source}) == []


@pytest.mark.parametrize(
    ("module", "source", "count"),
    [
        ("planning", "from flask import request", 1),
        ("planning", "def late():\n    import flask.typing", 1),
        ("planning", "if TYPE_CHECKING:\n    from werkzeug.exceptions import NotFound", 1),
        ("planning", "import requests", 1),
        ("admin", "import flask\nimport werkzeug", 1),
        ("app", "import flask\nimport json\nfrom mockserver import stub", 0),
        ("generation.draws", "from faker import Factory", 0),
        ("documents", "yaml = import_module('yaml')", 1),
    ],
)
def test_library_outside_its_fence_is_found(module: str, source: str, count: int) -> None:
    assert len(find_foreign_imports({module: source})) == count


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("customer = 1", ["a:1 has the name customer"]),
        ("def find_customers(): pass", ["a:1 has the name find_customers"]),
        ("x.CustomerSchema", ["a:1 has the name CustomerSchema"]),
        ("call(personal_id=1)", ["a:1 has the name personal_id"]),
        ("from mockserver.schemas import CustomerSchema", ["a:1 has the name CustomerSchema"]),
        ("x = '/Customers/1'", ["a:1 says Customer"]),
        ("x = 'customers.yaml'", ["a:1 says customer"]),
        ("x = f'{y} PersonalId'", ["a:1 says PersonalId"]),
        ("x = f'Sex {y} and {z} more'", ["a:1 says Sex"]),
        ("x = b'Sex'", ["a:1 says Sex"]),
        ("x = {'Sex': '`Sex`'}", ["a:1 says Sex", "a:1 says Sex"]),
        ("def f():\n    '''About a customer.'''", ["a:2 says customer"]),
        ("x = 1  # for the Sex", ["a:1 says Sex"]),
        ("def f():\n    '''Such as `fixtures/customers.yaml`.'''", []),
        ("x = 1\n'''Such as `GET\n/Customers/1`.'''", []),
        ("x = 1  # `PersonalId`, say", []),
        ("from email.message import Message", []),
        ("x = 'Sexes and IsActively'; sexes = 1", []),
    ],
)
def test_word_of_the_contract_is_found(source: str, found: list[str]) -> None:
    assert find_contract_words({"a": source}, ["PersonalId", "Sex", "IsActive", "Email"]) == found


@pytest.mark.parametrize(
    ("source", "count"), [("print(1)", 1), ("def f():\n    builtins.print()", 1), ("x = print", 0)]
)
def test_print_is_found(source: str, count: int) -> None:
    assert len(find_prints({"a": source})) == count


@pytest.mark.parametrize(
    "value",
    [
        *("[]", "{}", "{1}", "[x for x in y]", "{x for x in y}", "{x: 1 for x in y}", "list(y)", "defaultdict(list)"),
        *("collections.deque()", "OrderedDict[str, int]()", "([],)", "tuple([[1]])", "MappingProxyType({1: []})"),
        *(
            "MappingProxyType({x: [] for x in y})",
            "tuple([x] for x in y)",
            "() if y else []",
        ),
    ],
)
def test_shared_state_is_found(value: str) -> None:
    places = [f"x = {value}", f"x: Final = {value}", f"if y:\n    x = {value}", f"class A:\n    x = {value}"]

    found = [find_shared_state({"a": source}) for source in places]

    assert found == [["a:1 x can be changed"], ["a:1 x can be changed"], *[["a:2 x can be changed"]] * 2]


def test_global_is_found() -> None:
    assert find_shared_state({"a": "x = 1\ndef f():\n    global x\n    x = 2"}) == ["a:3 has a global"]


@pytest.mark.parametrize(
    "source",
    [
        *("x = 1", "x = (1, 'a')", "x = tuple([1])", "x = frozenset({1})", "x: Final[int]", "__all__ = ['x']"),
        *("x = MappingProxyType({1: (2,)})", "x = re.compile('a')", "x = frozenset(a for a in y)"),
        "def f():\n    x = []",
    ],
)
def test_constant_is_not_found(source: str) -> None:
    assert find_shared_state({"a": source}) == []


def test_long_module_is_found() -> None:
    longest, too_long = "x = 1\n" * LONGEST, "x = 1\n" * (LONGEST + 1)

    assert find_long_modules({"a": longest, "b": too_long}) == ["b"]
