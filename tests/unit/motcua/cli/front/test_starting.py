"""A command imports what it needs and nothing else, and the table of commands is right though it imports none."""

from __future__ import annotations

import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest
import typer

from motcua.cli.front.app import app
from motcua.cli.front.table import COMMANDS
from motcua.cli.main import main

#: What takes long to import, and what no start needs.
HEAVY = frozenset(
    {
        "aiokafka",
        "fastapi",
        "faststream",
        "holidays",
        "lxml",
        "motor",
        "numpy",
        "polars",
        "prometheus_client",
        "pydantic_settings",
        "pymongo",
        "python_calamine",
        "structlog",
        "uvicorn",
        "httpx._main",
        "services",
        "deploy.local.supervisor",
    }
)
#: Models of the contract: reading files of reference data is the work of these commands.
MODELS = "shared.contract.envelope"
OF_REFERENCE = {"units", "procedures", "revise", "due", "calendar"}


def imported(*words: str) -> set[str]:
    """The modules that a process has after a command, and their packages."""
    run = (
        "import sys; from motcua.cli.main import main; main(sys.argv[1:]);"
        "print(*[name for name, module in sys.modules.items() if module is not None], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", run, *words], capture_output=True, text=True, timeout=120, check=True)
    return set(done.stderr.splitlines()[-1].split())


def test_help_imports_no_command_and_no_library_but_typer() -> None:
    found = imported("--help")
    assert not found & {*HEAVY, "asyncio", "httpx", "pydantic", "rich", "yaml", MODELS}
    assert not {f"motcua.cli.{entry.place.partition(':')[0]}" for entry in COMMANDS} & found


def test_due_imports_calendars_only() -> None:
    found = imported("due", "--start", "2026-03-02", "--term", "3 working days")
    assert "shared.calendar.terms" in found
    assert not found & {*HEAVY, "asyncio", "httpx", "rich"}


def test_figures_need_neither_the_contract_nor_a_broker(tmp_path: Path) -> None:
    found = imported("index", "--home", str(tmp_path))
    assert "motcua.cli.figures.index" in found
    assert not found & {*HEAVY, MODELS, "asyncio", "yaml"}


def test_no_command_imports_what_is_heavy_before_it_does_something() -> None:
    """All in one process, one after the other, each with what came with it; those that need the models go last."""
    run = (
        "import sys, io, contextlib\nfrom motcua.cli.main import main\nbefore = set()\n"
        "for name in sys.argv[1:]:\n"
        "    with contextlib.redirect_stdout(io.StringIO()):\n        code = main([name, '--help'])\n"
        "    found = {name for name, module in sys.modules.items() if module is not None}\n"
        "    print(name, code, *sorted(found - before))\n    before = found\n"
    )
    names = sorted((entry.name for entry in COMMANDS), key=lambda name: name in OF_REFERENCE)
    done = subprocess.run([sys.executable, "-c", run, *names], capture_output=True, text=True, timeout=120, check=True)
    told = [line.split() for line in done.stdout.splitlines()]
    assert [(name, code) for name, code, *_ in told] == [(name, "0") for name in names]
    for name, _, *found in told:
        assert not set(found) & (HEAVY if name in OF_REFERENCE else HEAVY | {MODELS}), name


def test_the_table_names_what_there_is() -> None:
    names = [entry.name for entry in COMMANDS]
    assert len(names) == len(set(names))
    for entry in COMMANDS:
        module, _, name = entry.place.partition(":")
        made = getattr(import_module(f"motcua.cli.{module}"), name)
        assert isinstance(made, typer.Typer) or made.__doc__, entry


def test_every_group_and_command_is_in_the_table() -> None:
    """Modules of commands name them in __all__; nothing that takes a context is left out of the table."""
    folder = Path(__file__).resolve().parents[5] / "motcua" / "cli"
    listed = {entry.place for entry in COMMANDS}
    beneath = {"deadletters.resuming:resume", "deadletters.settling:replay", "deadletters.settling:discard"}
    for path in folder.rglob("*.py"):
        where = ".".join(path.relative_to(folder).with_suffix("").parts)
        if where == "main" or where.startswith("front.") or path.stem == "__init__":
            continue
        module = import_module(f"motcua.cli.{where}")
        for name in getattr(module, "__all__", ()):
            made = getattr(module, name)
            takes = getattr(made, "__annotations__", {})
            if made.__class__.__name__ == "Commands" or takes.get("context") == "typer.Context":
                place = f"{where}:{name}"
                assert (place in listed) or (place in beneath) or name == "session_of", place


def test_the_top_level_lists_every_command_with_its_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"]) == 0
    told = " ".join(capsys.readouterr().out.split())
    for entry in COMMANDS:
        assert f" {entry.name} {entry.help.split(' / ')[0]}" in told


def test_every_command_can_be_loaded() -> None:
    group = typer.main.get_command(app)
    assert list(group.commands) == [entry.name for entry in COMMANDS]  # type: ignore[attr-defined]
    for entry in COMMANDS:
        command = group.commands[entry.name]  # type: ignore[attr-defined]
        assert command.name == entry.name
        assert command.help == entry.help
    assert "nothing-like-it" not in group.commands  # type: ignore[attr-defined]


def test_a_slip_of_the_pen_is_answered_with_what_was_meant(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["dosiers"]) == 2
    assert "'dossiers'" in capsys.readouterr().err
