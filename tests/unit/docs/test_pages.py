"""What the pages say holds: links lead somewhere, targets and commands exist, figures shown are those of the log."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import Any

import pytest
import typer

from motcua.cli.front.app import app
from tests.oracle.receipt import count, read_cases

ROOT = Path(__file__).resolve().parents[3]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
NAMES = [str(page.relative_to(ROOT)) for page in PAGES]
LOG = ROOT.parent / "shared" / "data" / "receipt.csv.gz"
README = (ROOT / "README.md").read_text(encoding="utf-8")
ROW = re.compile(
    r"^\| ([A-Z][a-z ]+|everything) \| (\d+) \| (\d+) \| (\d+) \| (\d+) \| .*?\((\d+)/(\d+)\)", re.MULTILINE
)
LINK = re.compile(r"\]\(([^)#]+)(?:#[^)]*)?\)")
COMMAND = re.compile(r"(\$ )?(make|(\.venv/bin/)?motcua) ")
FENCE = re.compile(r"^```(?:sh|console|bash)\n(.*?)^```", re.MULTILINE | re.DOTALL)


def commands(page: Path) -> list[list[str]]:
    """Command lines of a page's shell blocks, without prompts, comments, variables before them and continuations."""
    blocks = FENCE.findall(page.read_text(encoding="utf-8"))
    lines = [line for block in blocks for line in block.replace("\\\n", " ").splitlines()]
    return [shlex.split(line.removeprefix("$ "), comments=True) for line in lines if COMMAND.match(line)]


@pytest.mark.parametrize("name", NAMES)
def test_links_lead_somewhere(name: str) -> None:
    page = ROOT / name
    missing = [
        target
        for target in LINK.findall(page.read_text(encoding="utf-8"))
        if "://" not in target and not (page.parent / target).exists()
    ]
    assert missing == []


@pytest.mark.parametrize("name", NAMES)
def test_make_targets_exist(name: str) -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    asked = {words[1] for words in commands(ROOT / name) if words[0] == "make" and len(words) > 1}
    assert asked <= targets


@pytest.mark.parametrize("name", NAMES)
def test_commands_are_understood(name: str) -> None:
    """Each is parsed by the command line itself; nothing is run."""
    root = typer.main.get_command(app)
    for words in commands(ROOT / name):
        if words[0] != "make":
            parse(root, [word for word in words[1:] if word not in ("|", "&&")])


def parse(group: Any, words: list[str]) -> None:
    """Let the command line understand the words without running them."""
    rest = list(words)
    while rest and rest[0].startswith("--"):
        del rest[: 1 if rest[0] in ("--debug", "--help") or "=" in rest[0] else 2]
    command = group
    while rest and hasattr(command, "commands"):
        assert rest[0] in command.commands, f"no command {rest[0]!r}: {words}"
        command = command.commands[rest.pop(0)]
    known = {option for parameter in command.params for option in parameter.opts} | {"--home", "--lang", "--debug"}
    unknown = [word for word in rest if word.startswith("--") and word.partition("=")[0] not in known]
    assert unknown == [], words


@pytest.mark.skipif(not LOG.exists(), reason="../shared/data/receipt.csv.gz is not beside the checkout")
def test_readme_shows_the_figures_of_the_permit_log() -> None:
    rows = ROW.findall(README)
    assert len(rows) == 4
    cases = read_cases(LOG)
    for unit, *shown in rows:
        figures = count([case for case in cases if unit in ("everything", case.department)])
        names = ("received", "resolved", "open", "open_within_term", "on_time", "scope")
        assert [int(value) for value in shown] == [figures[name] for name in names], unit
