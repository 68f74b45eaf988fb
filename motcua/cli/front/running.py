"""One run of the command line: the command that the words name, and one line for every error."""

from __future__ import annotations

import os
import sys
import traceback

import typer

from deploy.local.errors import StackError
from motcua.cli.errors import FAILURE, CommandError
from motcua.cli.front.app import app
from motcua.cli.front.language import usage_mistake
from motcua.cli.words import Language, choose_language
from shared.texts.signs import visible

__all__ = ["run"]

_BROKEN_PIPE = 141


def run(line: list[str]) -> int:
    """Run the command that a line names.

    Args:
        line: its words, global options in front.

    Returns:
        The exit code.
    """
    if all(word.startswith("-") or line[place - 1] in ("--home", "--lang") for place, word in enumerate(line)):
        line += [] if {"--help"} & set(line) else ["--help"]
    debug = "--debug" in line[: line.index("--") if "--" in line else None]
    try:
        code = app(args=line, prog_name="motcua", standalone_mode=False, obj=_language(line)) or 0
        # Here a pipe that is gone can still be told from other ends.
        sys.stdout.flush()
        return int(code)
    except typer.Exit as end:
        return end.exit_code
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
        if type(error).__name__ == "NoArgsIsHelpError":
            return error.format_message(), error.exit_code
        return usage_mistake(error, language), error.exit_code
    if isinstance(error, typer.Abort):
        return "", FAILURE
    hint = "chạy lại với --debug để xem vết lỗi" if language == "vi" else "run again with --debug for the trace"
    return f"{type(error).__name__}: {error} ({hint})", FAILURE
