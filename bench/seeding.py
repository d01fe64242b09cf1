"""Faults that can be seeded into a Python file: small changes of its syntax tree, named by function and operator."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Final

_NOT_SEEDED: Final = ("annotation", "returns", "decorator_list", "bases", "format_spec", "cause")
"""Fields of syntax nodes in which a fault changes nothing that a test could see."""

_Swaps = Sequence[tuple[type[ast.cmpop], type[ast.cmpop]]]
_INVERSE: Final[_Swaps] = (
    (ast.Eq, ast.NotEq),
    (ast.Lt, ast.GtE),
    (ast.Gt, ast.LtE),
    (ast.In, ast.NotIn),
    (ast.Is, ast.IsNot),
)
_NEXT: Final[_Swaps] = ((ast.Lt, ast.LtE), (ast.Gt, ast.GtE))
_COMPARISONS: Final = {
    "compare": dict(_INVERSE) | {second: first for first, second in _INVERSE},
    "boundary": dict(_NEXT) | {second: first for first, second in _NEXT},
}
"""What each operator on comparisons puts in the place of what."""

_NONE: Final = ast.Constant(None)


@dataclass(frozen=True, slots=True)
class _Slot:
    """Where a syntax node stands in its parent."""

    parent: ast.AST
    field: str
    index: int | None

    def put(self, node: ast.AST) -> None:
        """Put `node` there."""
        if self.index is None:
            setattr(self.parent, self.field, node)
        else:
            getattr(self.parent, self.field)[self.index] = node


@dataclass(frozen=True, slots=True, eq=False)
class SeededFault:
    """One change of one file. `owner` is the qualified name of a function or class, or a name of the module."""

    file: str
    owner: str
    is_in_function: bool
    operator: str
    number: int
    tree: ast.Module
    slot: _Slot
    old: ast.AST
    new: ast.AST

    @property
    def name(self) -> str:
        """What names the same fault after its function has moved to another file."""
        return f"{self.owner}/{self.operator}/{self.number}"

    @property
    def change(self) -> str:
        """What stood there and what stands there now, cut short."""
        before, after = (" ".join(ast.unparse(node).split()) for node in (self.old, self.new))
        return f"{before[:100].strip()} -> {after[:100].strip()}"

    @property
    def place(self) -> str:
        """File and line."""
        return f"{self.file}:{getattr(self.old, 'lineno', 0)}"

    def write(self) -> str:
        """Return the text of the file with the fault. All faults of a file share its tree: one thread writes them."""
        self.slot.put(self.new)
        text = ast.unparse(self.tree)
        self.slot.put(self.old)
        return text


def find_faults(root: Path, file: str) -> list[SeededFault]:
    """Return every fault that can be seeded into `file`, a path below `root`."""
    tree = ast.parse((root / file).read_text(encoding="utf-8"))
    last = {id(statement) for node in ast.walk(tree) for statement in _iter_last(node)}
    numbers: Counter[tuple[str, str]] = Counter()
    functions: set[str] = set()
    faults: list[SeededFault] = []
    for owner, slot, node in _walk(tree, ""):
        if isinstance(node, ast.FunctionDef):
            functions.add(owner)
        for operator, new in _iter_changes(node, slot.field):
            if operator != "exit" or id(node) not in last:
                numbers[owner, operator] += 1
                number = numbers[owner, operator]
                faults.append(SeededFault(file, owner, owner in functions, operator, number, tree, slot, node, new))
    return faults


def choose_faults(faults: Sequence[SeededFault], count: int, seed: int) -> list[SeededFault]:
    """Return up to `count` of the `faults`, spread over functions and operators; the same for the same `seed`.

    Functions take turns, and all values outside of functions share one turn.
    """
    queues: dict[str, list[SeededFault]] = {}
    for fault in sorted(faults, key=lambda fault: sha256(f"{seed} {fault.name}".encode()).digest()):
        queues.setdefault(fault.owner if fault.is_in_function else "", []).append(fault)
    used: Counter[str] = Counter()
    chosen: set[SeededFault] = set()
    while len(chosen) < min(count, len(faults)):
        for queue in list(filter(None, queues.values()))[: count - len(chosen)]:
            fault = min(queue, key=lambda fault: used[fault.operator])
            queue.remove(fault)
            used[fault.operator] += 1
            chosen.add(fault)
    return [fault for fault in faults if fault in chosen]


def find_again(faults: Sequence[SeededFault], name: str, change: str) -> SeededFault | None:
    """Return the fault with that `name`, or the same `change` in a function whose class or leading `_` has changed."""
    owner, operator, _ = name.split("/")
    like = [
        fault
        for fault in faults
        if fault.name == name
        or (fault.change == change and fault.operator == operator and _shorten(fault.owner) == _shorten(owner))
    ]
    return max(like, key=lambda fault: (fault.change == change, fault.owner == owner, fault.name == name), default=None)


def _shorten(owner: str) -> str:
    return owner.rpartition(".")[2].lstrip("_")


def _iter_last(node: ast.AST) -> Iterator[ast.stmt]:
    """Give each `return` of a function and `continue` of a loop that ends it anyway, as nothing follows."""
    if not isinstance(node, ast.FunctionDef | ast.For | ast.While):
        return
    kind = ast.Return if isinstance(node, ast.FunctionDef) else ast.Continue
    ends = [node.body[-1]]
    while ends:
        end = ends.pop()
        if isinstance(end, kind):
            yield end
        if isinstance(end, ast.If | ast.With | ast.Try):
            handlers = [each.body for each in getattr(end, "handlers", [])]
            ends += [body[-1] for body in (end.body, getattr(end, "orelse", []), *handlers) if body]


def _walk(parent: ast.AST, owner: str) -> Iterator[tuple[str, _Slot, ast.AST]]:
    """Give each node with its owner, and the place to put another one."""
    for field, value in ast.iter_fields(parent):
        for index, child in enumerate(value) if isinstance(value, list) else ((None, value),):
            if isinstance(child, ast.AST) and field not in _NOT_SEEDED and not _is_skipped(child, parent):
                name = _name_owner(child, owner)
                if name:
                    yield name, _Slot(parent, field, index), child
                yield from _walk(child, name)


def _is_skipped(node: ast.AST, parent: ast.AST) -> bool:
    """Whether this is a docstring, an import for types, `__all__`, a type in `cast` or a regular expression."""
    match node:
        case ast.Expr(ast.Constant()) | ast.If(ast.Name("TYPE_CHECKING")) | ast.Assign([ast.Name("__all__")]):
            return True
        case ast.Constant() | ast.JoinedStr() if isinstance(parent, ast.Call) and node in parent.args[:1]:
            return ast.unparse(parent.func).startswith(("re.", "cast"))
    return False


def _name_owner(node: ast.AST, owner: str) -> str:
    match node:
        case ast.FunctionDef(name) | ast.ClassDef(name):
            return f"{owner}.{name}" if owner else name
        case ast.Assign([ast.Name(name)]) | ast.AnnAssign(ast.Name(name)) if not owner:
            return name
    return owner


def _iter_changes(node: ast.AST, field: str) -> Iterator[tuple[str, ast.AST]]:
    """Give each operator that suits the `node` in a `field` of its parent, with what it puts there."""
    if field in ("defaults", "kw_defaults"):
        yield "default", _change_constant(node.value) if isinstance(node, ast.Constant) else _NONE
        return
    if isinstance(node, ast.expr) and field in ("test", "ifs") and not isinstance(node, ast.Compare | ast.UnaryOp):
        yield "negate", ast.UnaryOp(ast.Not(), node)
    match node:
        case ast.UnaryOp(ast.Not(), operand):
            yield "negate", operand
        case ast.BoolOp(operator, values):
            yield "and-or", ast.BoolOp(ast.Or() if isinstance(operator, ast.And) else ast.And(), values)
        case ast.Compare():
            yield from _iter_comparisons(node)
        case ast.Constant(value) if value is not None and value is not ...:
            yield "text" if isinstance(value, str) else "constant", _change_constant(value)
        case ast.Call():
            yield from _iter_calls(node)
        case ast.stmt():
            yield from _iter_statements(node)


def _change_constant(value: object) -> ast.AST:
    match value:
        case bool():
            return ast.Constant(not value)
        case int() | float():
            return ast.Constant(value + 1)
        case str():
            shorter = re.sub(r"\w(\W*)\Z", r"\1", value)
            return ast.Constant(shorter if shorter not in ("", value) else f"{value}x")
        case bytes():
            return ast.Constant(value + b"x")
    return ast.Constant("x")


def _iter_comparisons(node: ast.Compare) -> Iterator[tuple[str, ast.AST]]:
    for operator, table in _COMPARISONS.items():
        for index, each in enumerate(node.ops):
            if type(each) in table:
                ops = [*node.ops[:index], table[type(each)](), *node.ops[index + 1 :]]
                yield operator, ast.Compare(node.left, ops, node.comparators)


def _iter_calls(node: ast.Call) -> Iterator[tuple[str, ast.AST]]:
    """Drop the last of several arguments, and each keyword."""
    if len(node.args) > 1 and ast.unparse(node.func) != "isinstance":
        yield "argument", ast.Call(node.func, node.args[:-1], node.keywords)
    for each in node.keywords:
        yield "keyword", ast.Call(node.func, node.args, [other for other in node.keywords if other is not each])


def _iter_statements(node: ast.stmt) -> Iterator[tuple[str, ast.AST]]:
    match node:
        case ast.Return(value):
            if value is not None and not (isinstance(value, ast.Constant) and value.value in (None, False, True)):
                yield "return", ast.Return(_NONE)
            yield "exit", ast.Pass()
        case ast.Continue() | ast.Break():
            yield "exit", ast.Pass()
        case ast.Expr() | ast.AugAssign() | ast.Raise() | ast.Delete():
            yield "statement", ast.Pass()
        case ast.Assign([ast.Attribute() | ast.Subscript()]) | ast.AnnAssign(ast.Attribute()):
            yield "statement", ast.Pass()
