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
    """

    def __init__(self, message: str, log: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.log = log


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
