"""What can go wrong with a local stack, said in one line with the remedy.

Knows no process and no file; the command line prints these messages as they are.
"""

from __future__ import annotations

__all__ = ["MissingToolError", "OtherEngineError", "StackError"]


class StackError(Exception):
    """The local stack cannot do what was asked.

    Args:
        message: one line: what is wrong and what to do about it.
        log: last lines of the log of the process concerned, or nothing.
        vi: the message in Vietnamese, where there is one.
    """

    def __init__(self, message: str, log: str = "", *, vi: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.log = log
        self._vi = vi

    def text(self, language: str) -> str:
        """The message in a language, in English where there is no other, and the lines of the log."""
        return "\n".join(
            part for part in (self._vi if language == "vi" and self._vi else self.message, self.log) if part
        )


class MissingToolError(StackError):
    """A tool of the machine is missing; the message names the Debian package in Vietnamese and English."""

    def __init__(self, tool: str, package: str) -> None:
        super().__init__(
            f"Thiếu {tool}: hãy cài gói {package} (sudo apt-get install {package}) / "
            f"{tool} is missing: install the package {package} (sudo apt-get install {package})"
        )
        self.tool = tool
        self.package = package


class OtherEngineError(StackError):
    """The stack runs, but processing may not go on with what another version of it derived.

    Args:
        name: the process.
        reason: what it says.
    """

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(f"{name}: {reason}")
