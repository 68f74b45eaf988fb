"""How every command is begun: declared with typer, helped in one language; from its first line on Ctrl-C is its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

from motcua.cli.front.interrupts import let_the_command_decide
from motcua.cli.front.language import in_language, language_of, record, said

__all__ = ["Command", "Commands", "Group"]


class _InOneLanguage:
    """Help as typer writes it, in the reader's language; declared texts have both."""

    help: str | None

    def format_usage(self, ctx: Any, formatter: Any) -> None:
        """The line that says how the command is typed."""
        language = language_of(ctx)
        pieces = " ".join(said(piece, language) for piece in self.collect_usage_pieces(ctx))  # type: ignore[attr-defined]
        formatter.write_usage(ctx.command_path, pieces, said("Usage: ", language))

    def format_help_text(self, ctx: Any, formatter: Any) -> None:
        """What the command is for."""
        formatter.write_paragraph()
        with formatter.indentation():
            formatter.write_text(in_language(self.help or "", language_of(ctx)))

    def format_options(self, ctx: Any, formatter: Any) -> None:
        """Arguments and options."""
        language = language_of(ctx)
        for kind, title in (("argument", "Arguments"), ("option", "Options")):
            lines = []
            for parameter in self.get_params(ctx):  # type: ignore[attr-defined]
                parameter.help = in_language(parameter.help or "", language)
                told = parameter.get_help_record(ctx) if parameter.param_type_name == kind else None
                if told is not None:
                    lines.append(record(told, language))
            if lines:
                with formatter.section(said(title, language)):
                    formatter.write_dl(lines)


class Command(_InOneLanguage, TyperCommand):
    """A command that is run."""

    def invoke(self, ctx: Any) -> Any:
        """Run it: everything it was declared with is imported."""
        let_the_command_decide()
        return super().invoke(ctx)


class Group(_InOneLanguage, TyperGroup):
    """A command that has commands."""

    def format_options(self, ctx: Any, formatter: Any) -> None:
        """Options, then the commands."""
        super().format_options(ctx, formatter)
        language = language_of(ctx)
        with formatter.section(said("Commands", language)):
            formatter.write_dl([(name, in_language(text, language)) for name, text in self.lines()])

    def lines(self) -> list[tuple[str, str]]:
        """Names of the commands, each with its line of help in both languages."""
        return [(name, command.help or "") for name, command in self.commands.items() if not command.hidden]


class Commands(typer.Typer):
    """Commands as this command line has them, to be declared as with typer."""

    def __init__(self, **given: Any) -> None:
        super().__init__(**{"cls": Group, "rich_markup_mode": None, **given})

    def command(self, name: str | None = None, **given: Any) -> Callable[[Any], Any]:
        """Declare a command."""
        return super().command(name, **{"cls": Command, **given})
