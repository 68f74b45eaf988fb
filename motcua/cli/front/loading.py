"""The group of all commands, each imported when it is chosen: nobody waits for what another command needs."""

from __future__ import annotations

from collections.abc import Iterator, MutableMapping
from importlib import import_module
from typing import Any, Final

import typer
from typer.main import get_group

from motcua.cli.front.commands import Commands, Group
from motcua.cli.front.table import COMMANDS, Entry

__all__ = ["AllCommands"]

_ENTRIES: Final = {entry.name: entry for entry in COMMANDS}


class _Loaded(MutableMapping[str, Any]):
    """Commands by name, as a group wants them: a name is known from the table, the command once somebody asks."""

    def __init__(self) -> None:
        self._made: dict[str, Any] = {}

    def __getitem__(self, name: str) -> Any:
        if name not in self._made:
            self._made[name] = _load(_ENTRIES[name])
        return self._made[name]

    def __iter__(self) -> Iterator[str]:
        return iter(_ENTRIES)

    def __len__(self) -> int:
        return len(_ENTRIES)

    def __contains__(self, name: object) -> bool:
        return name in _ENTRIES

    def __setitem__(self, name: str, command: Any) -> None:
        self._made[name] = command

    def __delitem__(self, name: str) -> None:
        raise TypeError("the table says which commands there are")


class AllCommands(Group):
    """The top level: knows names and lines of help by the table alone."""

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        self.commands = _Loaded()

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002 - the group's own signature
        """Names, in the order of the table."""
        return list(_ENTRIES)

    def lines(self) -> list[tuple[str, str]]:
        """Names and lines of the table, none of the commands imported."""
        return [(entry.name, entry.help) for entry in COMMANDS]


def _load(entry: Entry) -> Any:
    module, _, name = entry.place.partition(":")
    made = getattr(import_module(f"motcua.cli.{module}"), name)
    holder = Commands(callback=_nothing)
    if isinstance(made, typer.Typer):
        holder.add_typer(made, name=entry.name, help=entry.help)
    else:
        holder.command(entry.name, help=entry.help)(made)
    return get_group(holder).commands[entry.name]


def _nothing() -> None:
    """Makes a group of whatever is registered, a single command too."""
