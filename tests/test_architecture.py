"""The architecture, as `docs/architecture.md` draws it: what may import what, and what a module may hold.

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

from mockserver.contract.openapi import load_contract

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
    "version",
    "documents",
    "http",
    "contract",
    "checks",
    "schemas",
    "vendors",
    "fixtures",
    "generation",
    "state",
    "planning",
    "stub",
    "insight",
    "conformance",
    "provider",
    "selftest",
    "server",
    "web",
    "testing",
    "commands",
    "__init__",
    "__main__",
)
"""Bottom first: a folder, or a module of the package root, imports only from itself and from those above it here."""

VENDOR_USERS: Final = ("stub.loading",)
"""The modules outside of `vendors/` that may name a vendor; all others know the protocol in `vendors.vendor`."""

FENCES: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "_typeshed": ("web", "server"),
        "click": ("commands",),
        "faker": ("generation",),
        "flask": ("web",),
        "granian": ("server.fast_serving",),
        "marshmallow": ("checks", "schemas"),
        "mcp": ("commands.agent_tools",),
        "pydantic": ("commands.agent_tools",),
        "pytest": ("testing.plugin", "testing.coverage_plugin"),
        "real": ("documents.patterns", "documents.ecma_patterns"),
        "requests": ("testing.requests_adapter",),
        "schemathesis": ("conformance.fuzzing",),
        "urllib3": ("testing.requests_adapter",),
        "waitress": ("server",),
        "werkzeug": ("web",),
        "yaml": ("documents.yaml_nodes", "documents.yaml_text"),
    }
)
"""The folders or modules that may import a library. A library that is not named here may be imported nowhere."""

KNOWING: Final = ("schemas", "generation.members")
"""The modules that know customers and their members. For the others see `find_contract_words`."""

OF_THE_PROCESS: Final = frozenset(
    (
        *("decimal.localcontext", "decimal.setcontext", "faker.Faker.seed", "locale.setlocale", "logging.basicConfig"),
        *("gc.disable", "gc.enable", "gc.freeze", "gc.set_debug", "gc.set_threshold", "gc.unfreeze"),
        *(
            "logging.captureWarnings",
            "logging.disable",
            "logging.setLoggerClass",
            "os.chdir",
            "os.environ",
            "os.putenv",
        ),
        *("os.umask", "random.seed", "random.setstate", "signal.signal", "socket.setdefaulttimeout", "sys.excepthook"),
        *("sys.path", "sys.set_int_max_str_digits", "sys.setprofile", "sys.setrecursionlimit", "sys.setswitchinterval"),
        *("sys.settrace", "sys.stderr", "sys.stdout", "threading.excepthook", "threading.setprofile"),
        *("threading.settrace", "threading.stack_size", "time.tzset", "warnings.catch_warnings", "warnings.filters"),
        *("warnings.filterwarnings", "warnings.resetwarnings", "warnings.showwarning", "warnings.simplefilter"),
    )
)
"""What changes, or holds, the state of a whole process: only a command, which has a process of its own, may name it."""

METHODS_OF_THE_PROCESS: Final = ("addHandler", "handlers", "setLevel", "seed_instance")
"""The same, of loggers and of Faker."""

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


def unit_of(module: str) -> str:
    """The folder of a module, or the module itself where it stands in the package root."""
    return module.split(".")[0]


def level_of(module: str) -> int:
    """The place of a module's folder in the order, above all others where it has none."""
    unit = unit_of(module)
    return ORDER.index(unit) if unit in ORDER else len(ORDER)


def list_arrows(sources: Sources) -> list[tuple[str, int, str]]:
    """Importer, line and imported module of every import between our modules."""
    return [
        (importer, line, find_module(name, sources))
        for importer, source in sources.items()
        for line, name in find_imports(source, importer)
        if name.split(".")[0] == "mockserver"
    ]


def find_upward_imports(sources: Sources) -> list[str]:
    """Imports between folders that the order does not allow."""
    return [
        f"{importer}:{line} imports {imported}"
        for importer, line, imported in list_arrows(sources)
        if unit_of(importer) != unit_of(imported) and level_of(importer) <= level_of(imported)
    ]


def find_circles(sources: Sources) -> list[str]:
    """Modules that import themselves by way of others."""
    below: dict[str, set[str]] = {}
    for importer, _, imported in list_arrows(sources):
        below.setdefault(importer, set()).add(imported)

    def reach(module: str) -> set[str]:
        seen: set[str] = set()
        ahead = list(below.get(module, ()))
        while ahead:
            one = ahead.pop()
            if one not in seen:
                seen.add(one)
                ahead += below.get(one, ())
        return seen

    return [module for module in sources if module in reach(module)]


def find_vendor_imports(sources: Sources) -> list[str]:
    """Imports of one vendor by a module that may only know the protocol."""
    return [
        f"{importer}:{line} imports {imported}"
        for importer, line, imported in list_arrows(sources)
        if imported.startswith("vendors.") and imported not in ("vendors.vendor", "vendors.__init__")
        if unit_of(importer) != "vendors" and importer not in VENDOR_USERS
    ]


def find_private_imports(sources: Sources) -> list[str]:
    """Imports of names that only their own module uses."""
    return [
        f"{module}:{line} imports {name}"
        for module, source in sources.items()
        for line, name in find_imports(source, module)
        if name.startswith("mockserver.") and re.fullmatch("_[^_].*", name.rpartition(".")[2])
    ]


def find_foreign_imports(sources: Sources) -> list[str]:
    """Imports of libraries outside of their fences."""
    found = []
    for module, source in sources.items():
        for line, name in find_imports(source, module):
            library = name.split(".")[0]
            allowed = FENCES.get(library, ())
            is_ours = library == "mockserver" or library in sys.stdlib_module_names
            if not is_ours and not {module, unit_of(module)} & set(allowed):
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


def find_changes_of_the_process(sources: Sources) -> list[str]:
    """Where a module that may be part of another program changes, or names what changes, all of its process."""
    found = []
    for module, source in sources.items():
        named = list(find_imports(source, module))
        tree = ast.parse(source)
        named += [(node.lineno, ast.unparse(node)) for node in ast.walk(tree) if isinstance(node, ast.Attribute)]
        for line, name in sorted(named):
            changes = name in OF_THE_PROCESS or name.rpartition(".")[2] in METHODS_OF_THE_PROCESS
            found += [f"{module}:{line} names {name}"] if changes and unit_of(module) != "commands" else []
    return found


def find_long_modules(sources: Sources) -> list[str]:
    """Modules that are longer than they may be."""
    return [module for module, source in sources.items() if len(source.splitlines()) > LONGEST]


# The rules


def find_members() -> list[str]:
    properties = load_contract(ROOT / "openapi.yaml").components["Customer"]["properties"]
    assert isinstance(properties, dict)
    return list(properties)


def test_order_names_every_folder_once() -> None:
    assert sorted(ORDER) == sorted({unit_of(module) for module in SOURCES})


def test_page_on_the_architecture_has_the_same_order() -> None:
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    listed = re.findall(r"^\| `(\w+)/?` \|", page.partition("## The folders")[2].partition("## Rules")[0], re.MULTILINE)

    assert listed == [unit for unit in ORDER if not unit.startswith("__")]


def test_imports_point_one_way() -> None:
    assert find_upward_imports(SOURCES) == []


def test_no_modules_import_each_other() -> None:
    assert find_circles(SOURCES) == []


def test_only_the_loader_names_a_vendor() -> None:
    assert find_vendor_imports(SOURCES) == []


def test_private_names_stay_in_their_module() -> None:
    assert find_private_imports(SOURCES) == []


def test_libraries_stay_behind_their_fences() -> None:
    assert find_foreign_imports(SOURCES) == []


def test_no_other_module_knows_the_customer() -> None:
    others = {module: source for module, source in SOURCES.items() if module not in KNOWING}

    assert find_contract_words(others, find_members()) == []


def test_nothing_prints() -> None:
    assert find_prints(SOURCES) == []


def test_no_module_shares_what_can_be_changed() -> None:
    assert find_shared_state(SOURCES) == []


def test_only_commands_change_the_process() -> None:
    assert find_changes_of_the_process(SOURCES) == []


def test_no_module_is_long_without_a_reason() -> None:
    assert find_long_modules(SOURCES) == []


# The finders find


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("documents.nodes", "import mockserver.contract"),
        ("documents.nodes", "from mockserver.contract.contract import Contract"),
        ("documents.nodes", "from mockserver import contract"),
        ("documents.nodes", "from .. import contract"),
        ("documents.nodes", "from ..contract.contract import Contract"),
        ("documents.nodes", "import json\n\ndef late():\n    from mockserver.contract.contract import Contract"),
        ("documents.nodes", "if TYPE_CHECKING:\n    from mockserver.contract.contract import Contract"),
        ("documents.nodes", "module = import_module('mockserver.contract')"),
        ("documents.nodes", "module = __import__('mockserver.contract')"),
        ("documents.nodes", "from mockserver.unlisted import Anything"),
        ("documents.nodes", "from mockserver import *"),
        ("documents.nodes", "import mockserver"),
        ("server.serving", "from mockserver import create_app"),
        ("schemas", "from mockserver.fixtures.records import Record"),
        ("__init__", "from mockserver.__main__ import main"),
    ],
)
def test_upward_import_is_found(module: str, source: str) -> None:
    found = find_upward_imports({**dict.fromkeys(SOURCES, ""), module: source})

    assert [line.split(":")[0] for line in found] == [module]


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("contract.contract", "from mockserver.documents.nodes import Json, Scalar"),
        ("contract.contract", "from ..documents import nodes"),
        ("contract.contract", "from .openapi import load_contract"),
        ("commands.main", "from mockserver.version import __version__"),
        ("__init__", "from mockserver.web.app import create_app"),
        ("documents.nodes", "import json\nimport mockservers\nimport_module(name)\nimport_module('json')"),
    ],
)
def test_downward_import_is_not_found(module: str, source: str) -> None:
    assert find_upward_imports({**dict.fromkeys(SOURCES, ""), module: source}) == []


def test_circle_is_found() -> None:
    sources = {"a": "from mockserver.b import x", "b": "from mockserver import c", "c": "import mockserver.a", "d": ""}

    assert find_circles({**sources, "d": "from mockserver.a import y"}) == ["a", "b", "c"]


@pytest.mark.parametrize(
    ("module", "source", "count"),
    [
        ("planning.planner", "from mockserver.vendors.vendor import Vendor", 0),
        ("planning.planner", "from mockserver.vendors.aspnet.routing import Router", 1),
        ("planning.planner", "from mockserver.vendors.aspnet import routing", 1),
        ("stub.loading", "from mockserver.vendors.aspnet.routing import Router", 0),
        ("vendors.aspnet.errors", "from mockserver.vendors.aspnet.routing import Router", 0),
    ],
)
def test_vendor_outside_its_fence_is_found(module: str, source: str, count: int) -> None:
    assert len(find_vendor_imports({**dict.fromkeys(SOURCES, ""), module: source})) == count


@pytest.mark.parametrize(
    ("source", "count"),
    [
        ("from mockserver.a import _b", 1),
        ("from mockserver._a import b", 0),
        ("from mockserver.version import __version__", 0),
        ("from json import _b", 0),
    ],
)
def test_private_import_is_found(source: str, count: int) -> None:
    assert len(find_private_imports({"x": source})) == count


@pytest.mark.parametrize(
    ("module", "source", "count"),
    [
        ("planning.planner", "from flask import request", 1),
        ("planning.planner", "def late():\n    import flask.typing", 1),
        ("planning.planner", "if TYPE_CHECKING:\n    from werkzeug.exceptions import NotFound", 1),
        ("planning.planner", "import requests", 1),
        ("server.serving", "import flask\nimport waitress", 1),
        ("web.app", "import flask\nimport json\nfrom mockserver import stub", 0),
        ("generation.draws", "from faker import Factory", 0),
        ("documents.nodes", "yaml = import_module('yaml')", 1),
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


@pytest.mark.parametrize(
    ("module", "source", "found"),
    [
        ("web.app", "import gc\ngc.disable()", ["web.app:2 names gc.disable"]),
        ("web.app", "from gc import disable", ["web.app:1 names gc.disable"]),
        ("web.app", "with warnings.catch_warnings(): pass", ["web.app:1 names warnings.catch_warnings"]),
        ("web.app", "import os\nos.environ['a'] = 'b'", ["web.app:2 names os.environ"]),
        (
            "web.app",
            "import sys\nx = sys.stdout\nsys.setrecursionlimit(9)",
            ["web.app:2 names sys.stdout", "web.app:3 names sys.setrecursionlimit"],
        ),
        (
            "server.serving",
            "logging.getLogger('a').setLevel(1)",
            ["server.serving:1 names logging.getLogger('a').setLevel"],
        ),
        ("commands.serve", "signal.signal(1, f)", []),
        ("web.app", "import logging\nlogging.getLogger('a').error('b')\ndraw.random.random()", []),
    ],
)
def test_change_of_the_process_is_found(module: str, source: str, found: list[str]) -> None:
    assert find_changes_of_the_process({module: source}) == found


def test_long_module_is_found() -> None:
    longest, too_long = "x = 1\n" * LONGEST, "x = 1\n" * (LONGEST + 1)

    assert find_long_modules({"a": longest, "b": too_long}) == ["b"]
