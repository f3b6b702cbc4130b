"""Change the code that decides meaning, one small thing at a time, and see whether a test notices.

`make test-mutants` prints the share of changes that a test noticed, and those that none did. See docs/decisions.
"""

import ast
import copy
import importlib.abc
import importlib.machinery
import io
import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any

import click

ROOT = Path(__file__).parent.parent
DOMAIN = ROOT / "tracker" / "domain"
LAWS = " ".join(
    f"tests/laws/test_{law}[sqlite]"
    for law in (
        "meaning.py::test_states_histories_and_asks_mean_what_the_oracle_says",
        "meaning.py::test_reports_mean_what_the_oracle_says",
        "selection.py::test_the_selection_for_a_state_is_all_that_the_whole_log_would_give_it",
    )
)
MUTATED = {
    DOMAIN / "timeline" / "counting.py": ("tests/domain/test_timeline.py", "tests/domain", LAWS),
    DOMAIN / "timeline" / "publication.py": ("tests/domain/test_timeline.py", "tests/domain", LAWS),
    DOMAIN / "timeline" / "timelines.py": ("tests/domain/test_timeline.py", "tests/domain", LAWS),
    DOMAIN / "timeline" / "order.py": ("tests/domain/test_timeline.py", "tests/domain", LAWS),
    DOMAIN / "timeline" / "runs.py": ("tests/domain/test_timeline.py", "tests/domain", LAWS),
    DOMAIN / "timeline" / "contests.py": ("tests/domain/test_timeline.py", "tests/domain", LAWS),
    DOMAIN / "timeline" / "statement.py": ("tests/domain/test_timeline.py", "tests/domain", LAWS),
    DOMAIN / "answers" / "changes.py": ("tests/domain/test_changes.py", "tests/domain", LAWS),
    DOMAIN / "log" / "admission.py": (
        "tests/domain/test_admission.py",
        "tests/domain",
        "tests/storage/test_event_log.py tests/cli/test_refusals.py",
    ),
}
"""The modules that decide what entries mean, each with groups of tests that notice a change, the fastest first."""

SHORT = (
    ("timeline/counting.py", "replay", "NotIn -> In"),
    ("timeline/order.py", "last_on", "LtE -> Lt"),
    ("answers/changes.py", "_movement", "Eq -> NotEq"),
    ("log/admission.py", "last_first_day", "Add -> Sub"),
)
"""A handful of mutants, by module, function and change, that the first group of tests notices each time."""

SECONDS = 120
"""How long the tests may take on a mutant; one that takes longer loops for ever, which is noticed."""
HEAVY = (
    "alembic",
    "click",
    "hypothesis",
    "jinja2",
    "orjson",
    "psycopg",
    "pydantic",
    "rich.console",
    "sqlalchemy",
    "yaml",
)
"""Imported once for all mutants, as nothing in them depends on the code that is changed."""


@dataclass(frozen=True)
class Mutant:
    """A module with one change: which node of its tree, by number, and what becomes of it."""

    path: Path
    function: str
    line: int
    what: str
    node: int
    number: int

    def __str__(self) -> str:
        return f"{self.path.relative_to(ROOT)}:{self.line}: {self.function}: {self.what}"

    def code(self) -> CodeType:
        tree = ast.parse(self.path.read_text())
        holder = list(ast.walk(tree))[self.node]
        list(changes(holder))[self.number][1]()
        return compile(ast.fix_missing_locations(tree), str(self.path), "exec")


def mutants(path: Path) -> Iterator[Mutant]:
    """Every mutant of a module, in the order of its lines."""
    tree = ast.parse(path.read_text())
    skipped = set(_not_code(tree))
    functions = _functions(tree)
    found = []
    for number, node in enumerate(ast.walk(tree)):
        if node not in skipped:
            for change, (what, _) in enumerate(changes(node)):
                line = next((part.lineno for part in ast.walk(node) if hasattr(part, "lineno")), 0)
                found.append(Mutant(path, functions.get(node, "module"), line, what, number, change))
    return iter(sorted(found, key=lambda mutant: (mutant.line, mutant.node, mutant.number)))


# --- what is changed ------------------------------------------------------------------------------

Change = tuple[str, Callable[[], object]]
"""What a change does, in words, and what does it to the node."""

COMPARISONS: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
OPERATIONS: dict[type[ast.operator], type[ast.operator]] = {ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Add}
CALLS = {"min": "max", "max": "min", "any": "all", "all": "any", "reversed": "list", "sorted": "list"}


def changes(node: ast.AST) -> Iterator[Change]:
    """Every small change of a node."""
    yield from _other_operators(node)
    yield from _other_values(node)
    yield from _other_conditions(node)
    for name in ("body", "orelse", "finalbody"):
        held = getattr(node, name, None)
        block: list[ast.stmt] = held if isinstance(held, list) else []
        for place, statement in enumerate(block):
            if (less := _less(statement)) is not None:
                line = ast.unparse(statement).splitlines()[0][:60]
                yield f"without `{line}` (line {statement.lineno})", _put(block, place, less)


def _other_operators(node: ast.AST) -> Iterator[Change]:
    match node:
        case ast.Compare(ops=ops):
            for place, old in enumerate(ops):
                for new in COMPARISONS[type(old)]:
                    yield f"{_name(old)} -> {new.__name__}", _put(ops, place, new())
        case ast.BoolOp(op=op):
            other = ast.Or() if isinstance(op, ast.And) else ast.And()
            yield f"{_name(op)} -> {_name(other)}", _set(node, "op", other)
        case ast.BinOp(op=op) if type(op) in OPERATIONS:
            operation = OPERATIONS[type(op)]()
            yield f"{_name(op)} -> {_name(operation)}", _set(node, "op", operation)


def _other_values(node: ast.AST) -> Iterator[Change]:
    match node:
        case ast.Constant(value=bool(value)):
            yield f"{value} -> {not value}", _set(node, "value", not value)
        case ast.Constant(value=int(value)):
            yield f"{value} -> {value + 1}", _set(node, "value", value + 1)
        case ast.Call(func=ast.Name(id="sorted"), keywords=[_, *_]):
            yield "sorted by nothing", _set(node, "keywords", [])
        case ast.Call(func=ast.Name(id=name) as called) if name in CALLS:
            yield f"{name} -> {CALLS[name]}", _set(called, "id", CALLS[name])


def _other_conditions(node: ast.AST) -> Iterator[Change]:
    match node:
        case ast.UnaryOp(op=ast.Not()):
            yield "without not", _negate(node, "operand")
        case ast.comprehension(ifs=[_, *_]):
            yield "without its condition", _set(node, "ifs", [])
        case ast.If() | ast.IfExp() | ast.While():
            yield "condition turned round", _negate(node, "test")


def _less(statement: ast.stmt) -> ast.stmt | None:
    """What stands in place of a statement that is left out."""
    match statement:
        case ast.Continue():
            return ast.Break()
        case ast.Break():
            return ast.Continue()
        case ast.Return(value=value) if value is not None and not _is_none(value):
            return ast.Return(ast.Constant(None))
        case ast.Expr(value=ast.Constant()):
            return None  # a docstring
        case ast.Expr() | ast.AugAssign() | ast.Raise():
            return ast.Pass()
    return None


def _is_none(value: ast.expr) -> bool:
    return isinstance(value, ast.Constant) and value.value is None


def _name(node: ast.AST) -> str:
    return type(node).__name__


def _set(node: ast.AST, field: str, value: object) -> Callable[[], object]:
    return lambda: setattr(node, field, value)


def _put(nodes: list[Any], place: int, node: ast.AST) -> Callable[[], object]:
    return lambda: nodes.__setitem__(place, node)


def _negate(node: ast.AST, field: str) -> Callable[[], object]:
    was: ast.expr = getattr(node, field)
    return lambda: setattr(node, field, ast.UnaryOp(ast.Not(), copy.copy(was)))


def _not_code(tree: ast.AST) -> Iterator[ast.AST]:
    """Annotations, decorators and declarations without a value, which decide nothing."""
    for node in ast.walk(tree):
        for field in ("annotation", "returns", "decorator_list"):
            held = getattr(node, field, None)
            for one in held if isinstance(held, list) else [held] if held is not None else []:
                yield from ast.walk(one)


def _functions(tree: ast.AST) -> dict[ast.AST, str]:
    """The function that each node lies in; of nested ones the innermost."""
    found: dict[ast.AST, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            found |= dict.fromkeys(ast.walk(node), node.name)
    return found


# --- whether a test notices -----------------------------------------------------------------------


class Instead(importlib.abc.MetaPathFinder):
    """Gives a module with a change in place of the one that lies on the disk."""

    def __init__(self, mutant: Mutant) -> None:
        self._name = ".".join(mutant.path.relative_to(ROOT).with_suffix("").parts)
        self._loader = _Loader(self._name, str(mutant.path))
        self._loader.mutated = mutant.code()

    def find_spec(
        self,
        fullname: str,
        path: Sequence[str] | None,  # noqa: ARG002 (the import system's signature)
        target: ModuleType | None = None,  # noqa: ARG002
    ) -> importlib.machinery.ModuleSpec | None:
        if fullname != self._name:
            return None
        return importlib.machinery.ModuleSpec(fullname, self._loader, origin=self._loader.path)


class _Loader(importlib.machinery.SourceFileLoader):
    mutated: CodeType

    def get_code(self, fullname: str) -> CodeType:  # noqa: ARG002 (the import system's signature)
        return self.mutated


def noticed(mutant: Mutant | None, tests: Sequence[str]) -> bool:
    """Whether a test fails on a mutant (on the code as it is, without one)."""
    child = os.fork()
    if child == 0:
        os._exit(_tested(mutant, tests))
    deadline = time.monotonic() + SECONDS
    while time.monotonic() < deadline:
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            return os.waitstatus_to_exitcode(status) != 0
        time.sleep(0.02)
    os.kill(child, 9)
    os.waitpid(child, 0)
    return True


def _tested(mutant: Mutant | None, tests: Sequence[str]) -> int:
    """Run the tests in this process, which is made for that alone: 0 if all pass."""
    import pytest

    assert not [name for name in sys.modules if name.startswith("tracker")]
    os.environ["TRACKER_LAW_EXAMPLES"] = "15"
    os.environ["PYTHONDONTWRITEBYTECODE"] = "1"
    out = io.StringIO()
    try:
        if mutant is not None:
            sys.meta_path.insert(0, Instead(mutant))
        options = ("-x", "-n", "0", "-p", "no:cacheprovider", "--hypothesis-profile", "mutants", "-k", "not postgresql")
        with redirect_stdout(out), redirect_stderr(out):
            return next((1 for group in tests if pytest.main([*options, *group.split()])), 0)
    except BaseException:  # noqa: BLE001 - a mutant may break anything at all
        return 1


def survivors(
    chosen: Sequence[Mutant], *, groups: int | None = None, seen: Callable[[], object] = lambda: None
) -> list[Mutant]:
    """The mutants that no test notices, of so many groups of tests."""
    for name in HEAVY:
        importlib.import_module(name)

    def survives(mutant: Mutant) -> bool:
        found = not noticed(mutant, MUTATED[mutant.path][:groups])
        seen()
        return found

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return [mutant for mutant, alive in zip(chosen, pool.map(survives, chosen), strict=True) if alive]


def handful() -> list[Mutant]:
    """The mutants of the short form."""
    found = []
    for name, function, what in SHORT:
        there = [one for one in mutants(DOMAIN / name) if (one.function, one.what) == (function, what)]
        if not there:
            raise click.ClickException(f"{name} has no {function} with {what} any more; name another mutant in SHORT.")
        found.append(there[0])
    return found


@click.command()
@click.option("--only", help="Mutants whose name holds this text.")
@click.option("--every", type=click.IntRange(min=1), default=1, help="One mutant in so many.")
@click.option("--short", is_flag=True, help="A fixed handful, each of which has to be noticed.")
def main(only: str | None, every: int, short: bool) -> None:
    """Print the share of mutants that a test notices, and those that none does."""
    os.chdir(ROOT)
    if short:
        chosen = handful()
        alive = survivors(chosen, groups=1)
        click.echo("\n".join([f"{len(chosen) - len(alive)} of {len(chosen)} noticed", *map(str, alive)]))
        sys.exit(bool(alive))
    for tests in dict.fromkeys(MUTATED.values()):
        if noticed(None, tests):
            raise click.ClickException(f"{', '.join(tests)} fail on the code as it is.")
    for path in MUTATED:
        chosen = [mutant for mutant in mutants(path) if only is None or only in str(mutant)][::every]
        with click.progressbar(length=len(chosen), label=path.name, file=sys.stderr) as bar:
            alive = survivors(chosen, seen=lambda: bar.update(1))
        share = 1 - len(alive) / max(1, len(chosen))
        click.echo(f"{path.relative_to(ROOT)}: {len(chosen) - len(alive)} of {len(chosen)} noticed ({share:.0%})")
        for mutant in alive:
            click.echo(f"  {mutant}")


if __name__ == "__main__":
    main()
