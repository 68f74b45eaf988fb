"""The page of the command line `motcua`, from its commands: usage, arguments, options, defaults."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import typer

from docs.generate.markdown import code, page, table
from motcua.cli.front.app import app

__all__ = ["commands_page"]

_INTRODUCTION: Final = """\
`.venv/bin/motcua` after `make setup`. Global options may stand anywhere on the line. Exit codes: 0 done, 1 failed, 2
wrong usage. Errors are one line that says what to do; `--debug` adds the trace.
"""
_HEADINGS: Final = ("option or argument", "default", "meaning")


def commands_page() -> str:
    """The page as Markdown."""
    group = typer.main.get_command(app)
    blocks = [_INTRODUCTION.splitlines(), ["", "## Global options", ""], _parameters(group)]
    blocks += list(_commands(group, "motcua"))
    return page("Commands", *blocks)


def _commands(group: Any, prefix: str) -> Iterator[list[str]]:
    for name in sorted(group.commands):
        command = group.commands[name]
        if command.hidden:
            continue
        called = f"{prefix} {name}"
        if hasattr(command, "commands"):
            yield from _commands(command, called)
            continue
        arguments = [_argument(one) for one in command.params if one.param_type_name == "argument"]
        usage = " ".join([called, *arguments, *(["[OPTIONS]"] if len(arguments) < len(command.params) else [])])
        yield [f"## `{usage}`", "", *(line.strip() for line in (command.help or "").splitlines()), ""]
        if command.params:
            yield _parameters(command)


def _argument(parameter: Any) -> str:
    name = parameter.name.upper()
    return name if parameter.required else f"[{name}]"


def _parameters(command: Any) -> list[str]:
    rows = [_row(one) for one in command.params if not getattr(one, "hidden", False)]
    return table(_HEADINGS, rows)


def _row(parameter: Any) -> tuple[str, str, str]:
    if parameter.param_type_name == "argument":
        name = code(_argument(parameter))
    else:
        name = ", ".join(code(text) for text in (*parameter.opts, *parameter.secondary_opts))
    default = parameter.default
    if parameter.required:
        told = "required"
    elif isinstance(default, bool):
        told = ("on" if default else "off") if not parameter.secondary_opts else code(parameter.opts[0])
    else:
        told = "" if default is None or callable(default) else code(default)
    return name, told, parameter.help or ""
