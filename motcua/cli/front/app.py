"""The top level of the command line: its global options, and what they make of a session."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from motcua.cli.errors import USAGE, CommandError
from motcua.cli.front.commands import Commands
from motcua.cli.front.loading import AllCommands
from motcua.cli.printing.local_forms import read_in
from motcua.cli.session import Session
from motcua.cli.words import Language, choose_language

if TYPE_CHECKING:
    from motcua.cli.addresses import CommandSettings

__all__ = ["app"]

DEFAULT_HOME = ".motcua"

# httpx brings a command line of its own, and with it a terminal's colours and a parser of Markdown: more than half of
# what importing it costs. It does without where that is missing, and so do we.
sys.modules.setdefault("httpx._main", None)  # type: ignore[arg-type]

app = Commands(
    name="motcua",
    cls=AllCommands,
    help="Một Cửa: chất lượng phục vụ theo thời gian thực / live service quality for one-stop government.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


@app.callback()
def _globals(
    context: typer.Context,
    home: Annotated[
        Path, typer.Option(envvar="MOTCUA_HOME", help="Thư mục của hệ thống / folder of the stack.")
    ] = Path(DEFAULT_HOME),
    lang: Annotated[str | None, typer.Option(help="vi | en (MOTCUA_LANG, LANG).")] = None,
    debug: Annotated[bool, typer.Option("--debug", help="Hiện vết lỗi / show traces of errors.")] = False,
) -> None:
    """Một Cửa: chất lượng phục vụ theo thời gian thực / live service quality for one-stop government."""
    if lang not in (None, "vi", "en"):
        raise CommandError(
            f"--lang: {lang!r} không có; dùng vi hoặc en", f"--lang: {lang!r} unknown; use vi or en", USAGE
        )
    language: Language = "en" if lang == "en" else "vi" if lang == "vi" else choose_language(os.environ)
    chosen = getattr(context.get_parameter_source("home"), "name", "") == "COMMANDLINE"
    # A home that is named is meant, whatever the variables say.
    read_in(language)
    context.obj = Session(home, language, debug, None if chosen else _elsewhere())


def _elsewhere() -> CommandSettings | None:
    """The stack that variables name; who has set none of them need not wait for the reader of settings."""
    if not any(name.upper().startswith("MOTCUA_") for name in os.environ):
        return None
    from motcua.cli.addresses import find_addresses

    return find_addresses()
