"""What every command shares: the stack it is about, the language, where to print. Knows no command."""

from __future__ import annotations

import json
import os
import sys
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

import typer

from deploy.local.home import Home
from motcua.cli.errors import CommandError
from motcua.cli.words import SIMULATED, Language
from shared.texts.signs import visible_json

if TYPE_CHECKING:
    from rich.console import Console

    from motcua.cli.addresses import CommandSettings

__all__ = ["Session", "session_of"]

#: Columns where no terminal says how many it has: wide enough that no table folds in a log.
_WIDTH = 160


@dataclass
class Session:
    """One run of the command line.

    Args:
        home: the stack's home folder.
        language: language of human output.
        debug: whether errors show their trace.
        elsewhere: the stack that variables name instead of the home folder's; None for none.
    """

    home: Path
    language: Language = "vi"
    debug: bool = False
    elsewhere: CommandSettings | None = field(default=None, repr=False)

    @cached_property
    def out(self) -> Console:
        """Where results go."""
        return _console(sys.stdout)

    @cached_property
    def err(self) -> Console:
        """Where progress, notes and errors go, so that results can be piped."""
        return _console(sys.stderr)

    def say(self, vi: str, en: str) -> str:
        """The text in the reader's language."""
        return vi if self.language == "vi" else en

    @property
    def zone(self) -> str:
        """Zone of the stack this is about, asked of nobody: of its home, or as variables say; the default without one.

        Raises:
            StackError: the home's description cannot be read.
        """
        return Home(self.home).load().zone if self.elsewhere is None else self.elsewhere.zone

    def only_local(self) -> None:
        """Refuse to go on for a stack elsewhere: the command is about processes and files of this machine.

        Raises:
            CommandError: variables name a stack elsewhere.
        """
        if self.elsewhere is not None:
            raise CommandError(
                "Lệnh này chỉ dành cho hệ thống trên máy này (`motcua up`); MOTCUA_INTAKE đang chỉ tới hệ thống khác: "
                "bỏ biến này, hoặc dùng --home",
                "This command is for a stack of this machine only (`motcua up`); MOTCUA_INTAKE names another: "
                "unset it, or use --home",
            )

    def note(self, vi: str, en: str) -> None:
        """A line on standard error: progress or a remark, never part of a result."""
        self.err.print(self.say(vi, en), markup=False)

    def print_json(self, value: Any) -> None:
        """A result as JSON on standard output, letters as they are; signs nobody sees are escaped."""
        sys.stdout.write(visible_json(json.dumps(value, ensure_ascii=False, indent=2)) + "\n")

    def mark_simulated(self, simulated: bool) -> None:
        """Head a screen of a simulated stack with its label."""
        if simulated:
            self.out.print(f" {SIMULATED} ", style="bold black on yellow")


def session_of(context: typer.Context) -> Session:
    """The session the global options made."""
    session = context.obj
    if not isinstance(session, Session):
        raise TypeError("the command line's callback did not run")
    return session


def _console(stream: TextIO) -> Console:
    from motcua.cli.printing.console import PlainConsole

    known = stream.isatty() or "COLUMNS" in os.environ
    return PlainConsole(file=stream, highlight=False, width=None if known else _WIDTH)
