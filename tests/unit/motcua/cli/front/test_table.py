"""A command is found in a module of its name, or in that of a command it belongs to."""

from __future__ import annotations

from collections import defaultdict
from importlib import import_module
from typing import Final

from motcua.cli.front.table import COMMANDS

#: A word that no module can be called.
_KEYWORDS: Final = {"import": "importing"}


def test_modules_are_named_for_their_commands() -> None:
    commands: dict[str, set[str]] = defaultdict(set)
    for entry in COMMANDS:
        module, _, name = entry.place.partition(":")
        assert hasattr(import_module(f"motcua.cli.{module}"), name), entry.name
        commands[module].add(_KEYWORDS.get(entry.name, entry.name.replace("-", "_")))
    assert {module for module, names in commands.items() if module.rpartition(".")[2] not in names} == set()
