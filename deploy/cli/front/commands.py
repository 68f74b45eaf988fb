"""How every command is begun: declared with typer, and from its first line on Ctrl-C is its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

from deploy.cli.front.interrupts import let_the_command_decide

__all__ = ["Command", "Commands", "Group"]


class Command(TyperCommand):
    """A command that is run."""

    def invoke(self, ctx: Any) -> Any:
        """Run it: everything it was declared with is imported."""
        let_the_command_decide()
        return super().invoke(ctx)


class Group(TyperGroup):
    """A command that has commands."""


class Commands(typer.Typer):
    """Commands as this command line has them, to be declared as with typer."""

    def __init__(self, **given: Any) -> None:
        super().__init__(**{"cls": Group, "rich_markup_mode": None, **given})

    def command(self, name: str | None = None, **given: Any) -> Callable[[Any], Any]:
        """Declare a command."""
        return super().command(name, **{"cls": Command, **given})
