"""Ctrl-C around a command: before it has begun and after it has ended, the process ends at once and says nothing.

While modules are imported there is nothing to finish, and a KeyboardInterrupt that comes up in the midst of it shows as
a trace of whatever is being read. Once a command runs, Ctrl-C is its own: it may finish or repeat what is under way.
"""

from __future__ import annotations

import os
import signal
import sys
from typing import Any, Final

__all__ = ["INTERRUPTED", "end_at_once", "let_the_command_decide"]

#: What a shell shows for a process that Ctrl-C ended.
INTERRUPTED: Final = 130


def end_at_once() -> None:
    """From now on Ctrl-C ends the process without a word; a process that was told to ignore it goes on ignoring it."""
    sys.unraisablehook = _end_or_tell
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, _leave)


def let_the_command_decide() -> None:
    """From now on Ctrl-C raises KeyboardInterrupt, as commands and asyncio expect."""
    if signal.getsignal(signal.SIGINT) is _leave:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def _leave(*_: object) -> None:
    os._exit(INTERRUPTED)


def _end_or_tell(told: Any) -> None:
    """An interrupt where nothing can be raised, as in a callback of a late import, is an interrupt all the same."""
    if issubclass(told.exc_type, KeyboardInterrupt):
        _leave()
    sys.__unraisablehook__(told)
