"""Errors of the command line: one line that says what is wrong and what to do, in the reader's language."""

from __future__ import annotations

from typing import Final

from motcua.cli.words import Language

__all__ = ["FAILURE", "USAGE", "CommandError", "not_running"]

FAILURE: Final = 1
USAGE: Final = 2


class CommandError(Exception):
    """A command cannot do what was asked.

    Args:
        vi: one line in Vietnamese: what is wrong, what to do.
        en: the same in English.
        code: exit code, 1 for a failure, 2 for wrong usage.
    """

    def __init__(self, vi: str, en: str, code: int = FAILURE) -> None:
        super().__init__(en)
        self.vi = vi
        self.en = en
        self.code = code

    def text(self, language: Language) -> str:
        """The line in a language."""
        return self.vi if language == "vi" else self.en


def not_running() -> CommandError:
    """The stack is not up; the remedy stands in both languages, since it is the first thing newcomers meet."""
    line = "Hệ thống chưa chạy: chạy `motcua up` trước / The stack is not running: run `motcua up` first"
    return CommandError(line, line)
