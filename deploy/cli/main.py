"""The entry point `motcua`: global options, the list of commands, and one line for every error."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from deploy.cli import (
    agency,
    backing_up,
    calendars,
    deadletters,
    demo,
    doctor,
    dossier,
    due,
    exporting,
    figures,
    growing,
    importing,
    journal,
    keys,
    lists,
    procedures,
    rebuilding,
    revising,
    routing,
    simulating,
    slip,
    stack,
    units,
)
from deploy.cli.addresses import find_addresses
from deploy.cli.errors import FAILURE, USAGE, CommandError
from deploy.cli.session import Session
from deploy.cli.words import Language, choose_language
from deploy.local.errors import StackError
from shared.texts.signs import visible

__all__ = ["app", "main"]

DEFAULT_HOME = ".motcua"
_INTERRUPTED = 130
_BROKEN_PIPE = 141
#: Global options may stand anywhere on the line; those with a value bring it along.
_GLOBAL = {"--home": True, "--lang": True, "--debug": False}

app = typer.Typer(
    name="motcua",
    help="Một Cửa: chất lượng phục vụ theo thời gian thực / live service quality for one-stop government.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
for module in (
    stack,
    doctor,
    importing,
    simulating,
    figures,
    lists,
    routing,
    dossier,
    slip,
    journal,
    exporting,
    rebuilding,
    backing_up,
    growing,
    demo,
    keys,
    units,
    procedures,
    revising,
    agency,
    deadletters,
    due,
    calendars,
):
    module.register(app)


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
    context.obj = Session(home, language, debug, None if chosen else find_addresses())


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; 0 for success, 1 for a failure, 2 for wrong usage."""
    line = hoist(list(sys.argv[1:] if arguments is None else arguments))
    if all(word.startswith("-") or line[place - 1] in ("--home", "--lang") for place, word in enumerate(line)):
        line += [] if {"--help"} & set(line) else ["--help"]
    debug = "--debug" in line[: line.index("--") if "--" in line else None]
    try:
        return app(args=line, prog_name="motcua", standalone_mode=False) or 0
    except typer.Exit as end:
        return end.exit_code
    except KeyboardInterrupt:
        return _INTERRUPTED
    except BrokenPipeError:
        # Whoever read our output has gone; nothing is left to say, and nothing may be flushed at the end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return _BROKEN_PIPE
    except Exception as error:  # noqa: BLE001 - the last place that can turn an error into a line for people
        if debug:
            traceback.print_exc()
        text, code = _explain(error, _language(line))
        if text:
            # What a service or a file was refused for may quote what somebody sent.
            sys.stderr.write(visible(text, "\n") + "\n")
        return code


def hoist(line: list[str]) -> list[str]:
    """The command line with its global options in front, wherever they were typed; words after `--` stay."""
    front: list[str] = []
    rest: list[str] = []
    words = iter(line)
    for word in words:
        if word == "--":
            return [*front, *rest, word, *words]
        name, equals, _ = word.partition("=")
        if name not in _GLOBAL:
            rest.append(word)
            continue
        front.append(word)
        if _GLOBAL[name] and not equals:
            front.extend(value for value in (next(words, None),) if value is not None)
    return [*front, *rest]


def _language(line: list[str]) -> Language:
    words = " ".join(line).replace("=", " ").split()
    for place, word in enumerate(words[:-1]):
        if word == "--lang" and words[place + 1] in ("vi", "en"):
            return "en" if words[place + 1] == "en" else "vi"
    return choose_language(os.environ)


def _explain(error: Exception, language: Language) -> tuple[str, int]:
    """One line for people and the exit code."""
    if isinstance(error, CommandError):
        return error.text(language), error.code
    if isinstance(error, StackError):
        return error.text(language), FAILURE
    if isinstance(error, typer.TyperException):
        hint = "xem `motcua --help`" if language == "vi" else "see `motcua --help`"
        return f"{error.format_message()} ({hint})", error.exit_code
    if isinstance(error, typer.Abort):
        return "", FAILURE
    hint = "chạy lại với --debug để xem vết lỗi" if language == "vi" else "run again with --debug for the trace"
    return f"{type(error).__name__}: {error} ({hint})", FAILURE


if __name__ == "__main__":
    sys.exit(main())
