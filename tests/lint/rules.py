"""The rules themselves: each takes a parsed module and yields what offends. Reads no files."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from fnmatch import fnmatch

from tests.lint.names import COLLECTION_CALLS, IO_LIBRARIES, IO_MODULES, WALL_CLOCK

__all__ = ["RULES", "Module", "Offence", "check"]


@dataclass(frozen=True, slots=True)
class Module:
    """A Python file of the project: its path from the root with forward slashes, and its syntax tree."""

    path: str
    tree: ast.Module


@dataclass(frozen=True, slots=True)
class Offence:
    """Where a rule is broken, and what to do instead."""

    path: str
    line: int
    text: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.text}"


SERVICES = frozenset({"intake", "processing", "metrics"})
#: What each top-level package may import from.
ARROWS = {
    "shared": frozenset({"shared"}),
    "services": frozenset({"services", "shared"}),
    "deploy": frozenset({"deploy", "shared"}),
    "simulator": frozenset({"simulator", "deploy", "shared"}),
    "motcua": frozenset({"motcua", "simulator", "deploy", "shared"}),
}
#: Files that a folder of a package holds at most: who looks for something reads its list at a glance.
ROOM = 15

#: Small enough to read in one sitting, and a function of its arguments alone.
PURE_CORE = (
    "shared/calendar/*.py",
    "shared/instants.py",
    "shared/judging/*.py",
    "shared/broker/partition.py",
    "shared/broker/places.py",
    "shared/contract/entries.py",
    "shared/populations/keys.py",
    "shared/access/patterns.py",
    "shared/access/stamping.py",
    "shared/populations/*.py",
    "shared/reference/*.py",
    "services/processing/record.py",
    "services/processing/cases/*.py",
    "services/processing/engine.py",
    "services/processing/entitling/*.py",
    "services/processing/indicators/*.py",
    "services/processing/facts/*.py",
    "services/processing/routing/*.py",
    "services/processing/explaining/*.py",
    "services/processing/stream/due.py",
    "services/processing/dispatch/judged.py",
    "services/processing/dispatch/pending.py",
    "services/processing/dispatch/reach.py",
    "services/processing/dispatch/wanted.py",
    "services/processing/http/apologies.py",
    "services/processing/http/slips.py",
    "motcua/exporting/entries.py",
    "motcua/exporting/holding.py",
    "motcua/exporting/judged.py",
    "motcua/exporting/logs/ocel.py",
    "motcua/exporting/tables.py",
    "motcua/importing/mapping/translate.py",
    "motcua/importing/mapping/times.py",
    "motcua/importing/tables/cells.py",
    "motcua/importing/tables/header.py",
    "motcua/importing/tables/heading.py",
    "motcua/importing/mapping/named.py",
    "motcua/importing/tables/xes_values.py",
    "simulator/course/casefile.py",
    "simulator/course/queueing.py",
    "simulator/truth/tally.py",
    "simulator/truth/truth.py",
    "services/metrics/table/columns.py",
    "services/metrics/counting/*.py",
    "services/metrics/indicators/delays.py",
    "services/metrics/indicators/duties.py",
    "services/metrics/entered/*.py",
    "services/metrics/table/facts.py",
    "services/metrics/table/reading.py",
    "services/metrics/table/row_answers.py",
    "services/metrics/table/shape.py",
    "services/metrics/table/structs.py",
    "services/metrics/table/telling.py",
    "services/metrics/table/dictionary.py",
    "services/metrics/table/pauses.py",
    "services/metrics/indicators/figures.py",
    "services/metrics/table/periods.py",
    "services/metrics/indicators/declaration.py",
    "services/metrics/indicators/declared.py",
    "services/metrics/indicators/handling.py",
    "services/metrics/indicators/held_steps.py",
    "services/metrics/indicators/obligations.py",
    "services/metrics/indicators/online.py",
    "services/metrics/indicators/progress.py",
    "services/metrics/indicators/states.py",
    "services/metrics/indicators/work.py",
    "services/metrics/indicators/predicates.py",
    "services/metrics/units/registry.py",
    "services/metrics/results/order.py",
    "services/metrics/table/runs.py",
    "services/metrics/indicators/scores.py",
    "services/metrics/indicators/series/*.py",
    "services/metrics/indicators/steps.py",
    "services/metrics/reports/*.py",
    "services/metrics/units/tree.py",
)


def _imports(tree: ast.AST) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.lineno, node.module
            yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)


def _is_product(path: str) -> bool:
    return path.startswith(("services/", "shared/", "motcua/importing/"))


def _is_pure(path: str) -> bool:
    return any(fnmatch(path, pattern) for pattern in PURE_CORE)


def wall_clock(module: Module) -> Iterator[Offence]:
    """Only shared/clock.py asks the machine what time it is."""
    if not _is_product(module.path) or module.path == "shared/clock.py":
        return
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name | ast.Attribute):
            owner = node.value.id if isinstance(node.value, ast.Name) else node.value.attr
            if (owner, node.attr) in WALL_CLOCK:
                yield Offence(module.path, node.lineno, f"{owner}.{node.attr}: take a shared.clock.Clock instead")


def naive_datetime(module: Module) -> Iterator[Offence]:
    """A datetime without zone names no instant."""
    if not _is_product(module.path):
        return
    for node in ast.walk(module.tree):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        keywords = {keyword.arg for keyword in node.keywords}
        made_naive = name == "datetime" and "tzinfo" not in keywords and len(node.args) < 8
        if made_naive or name in {"utcfromtimestamp", "utcnow"}:
            yield Offence(module.path, node.lineno, f"{name}(...) without tzinfo: say which zone")
        if name == "fromtimestamp" and "tz" not in keywords and len(node.args) < 2:
            yield Offence(module.path, node.lineno, "fromtimestamp(...) without tz: say which zone")


def database_in_stores(module: Module) -> Iterator[Offence]:
    """MongoDB is spoken to in store modules; its driver is known to shared/mongo.py alone."""
    if not _is_product(module.path) or module.path == "shared/mongo.py":
        return
    for line, name in _imports(module.tree):
        if name.split(".")[0] in {"motor", "pymongo", "bson", "gridfs"}:
            yield Offence(module.path, line, f"import of {name}: the driver belongs to shared/mongo.py")
    if module.path.rsplit("/", 1)[-1].startswith("store") or "/store/" in module.path:
        return
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in COLLECTION_CALLS:
            yield Offence(module.path, node.lineno, f".{node.func.attr}(...): call the service's store instead")


def pure_core(module: Module) -> Iterator[Offence]:
    """The core computes: no I/O library, no clock, no randomness."""
    if not _is_pure(module.path):
        return
    for line, name in _imports(module.tree):
        if name.split(".")[0] in IO_LIBRARIES or name.startswith(IO_MODULES):
            yield Offence(module.path, line, f"import of {name} in the pure core: pass the value in")
    for node in ast.walk(module.tree):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id in {"open", "print", "input"}
        ):
            yield Offence(module.path, node.lineno, f"{node.func.id}(...) in the pure core: pass the value in")
        if isinstance(node, ast.AsyncFunctionDef | ast.Await):
            yield Offence(module.path, node.lineno, "asynchronous code in the pure core")


def arrows(module: Module) -> Iterator[Offence]:
    """Imports go one way: a service from shared/, never from another service; shared/ imports none (see ARROWS)."""
    parts = module.path.split("/")
    allowed = ARROWS.get(parts[0])
    if allowed is None:
        return
    own = parts[1] if parts[0] == "services" and len(parts) > 2 else None
    for line, name in _imports(module.tree):
        pieces = name.split(".")
        if pieces[0] in ARROWS and pieces[0] not in allowed:
            yield Offence(module.path, line, f"import of {name}: {parts[0]}/ imports from {', '.join(sorted(allowed))}")
        elif own is not None and pieces[0] == "services" and len(pieces) > 1 and pieces[1] in SERVICES - {own}:
            yield Offence(module.path, line, f"import of {name}: use a topic, HTTP, or shared/")


def oracle_apart(module: Module) -> Iterator[Offence]:
    """The oracle shares no code with the product it judges."""
    if not module.path.startswith("tests/oracle/"):
        return
    for line, name in _imports(module.tree):
        if name.split(".")[0] in {"services", "shared", "motcua", "simulator", "deploy"}:
            yield Offence(module.path, line, f"import of {name}: the oracle must not share code with the product")


def no_sleep_in_tests(module: Module) -> Iterator[Offence]:
    """Tests wait for conditions with a deadline (tests/waiting.py), they do not sleep."""
    if not module.path.startswith("tests/") or module.path == "tests/waiting.py":
        return
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Attribute) and node.attr == "sleep" and isinstance(node.value, ast.Name):
            yield Offence(module.path, node.lineno, f"{node.value.id}.sleep: wait for the condition (tests/waiting.py)")


def timeout_not_wait_for(module: Module) -> Iterator[Offence]:
    """`asyncio.wait_for` of Python 3.11 can swallow a cancellation, and what it waits for in a loop never ends."""
    if module.path.startswith("tests/"):
        return
    for node in ast.walk(module.tree):
        if (
            isinstance(node, ast.Attribute)
            and node.attr == "wait_for"
            and isinstance(node.value, ast.Name)
            and node.value.id == "asyncio"
        ):
            yield Offence(module.path, node.lineno, "asyncio.wait_for: use `async with asyncio.timeout(...)`")
    for line, name in _imports(module.tree):
        if name == "asyncio.wait_for":
            yield Offence(module.path, line, "import of asyncio.wait_for: use `async with asyncio.timeout(...)`")


def short_files(module: Module) -> Iterator[Offence]:
    """A file stays under 300 lines: two things in one file are two files."""
    last = max((getattr(node, "end_lineno", 0) or 0 for node in module.tree.body), default=0)
    if last > 300:
        yield Offence(module.path, last, f"{last} lines: split where two things live in one (limit 300)")


def telling_names(module: Module) -> Iterator[Offence]:
    """A file's name says what it knows."""
    if module.path.rsplit("/", 1)[-1] in {"utils.py", "util.py", "helpers.py", "helper.py", "misc.py", "common.py"}:
        yield Offence(module.path, 1, "a name that says nothing: name the module by what it knows")


def module_docstring(module: Module) -> Iterator[Offence]:
    """A module begins by saying what it knows and what it must not know."""
    if module.tree.body and ast.get_docstring(module.tree) is None:
        yield Offence(module.path, 1, "no module docstring: say in two lines what it knows and what it must not know")


def full_folders(paths: Iterable[str]) -> Iterator[Offence]:
    """A folder holds 15 modules at most, its own `__init__.py` beside: more are several things."""
    held = Counter(path.rsplit("/", 1)[0] for path in paths if "__init__" not in path)
    for folder, count in sorted(held.items()):
        if count > ROOM:
            yield Offence(folder, 1, f"{count} modules: make folders of what belongs together (limit {ROOM})")


RULES: tuple[Callable[[Module], Iterator[Offence]], ...] = (
    wall_clock,
    naive_datetime,
    database_in_stores,
    pure_core,
    arrows,
    oracle_apart,
    no_sleep_in_tests,
    timeout_not_wait_for,
    short_files,
    telling_names,
    module_docstring,
)


def check(module: Module) -> list[Offence]:
    """Everything in which the module breaks a rule."""
    return [offence for rule in RULES for offence in rule(module)]
