"""Where a task waits and a thread stands, for whoever reads the log."""

from __future__ import annotations

import asyncio
import gc
import sys
import threading
from pathlib import PurePath
from types import AsyncGeneratorType, CodeType, FrameType
from typing import Any

__all__ = ["threads", "where"]


def where(task: asyncio.Task[Any]) -> list[str]:
    """The places through which a task waits, the outermost first; what it waits for in the end last.

    `Task.get_stack` tells the outermost alone.
    """
    found = []
    waiting: Any = task.get_coro()
    while waiting is not None:
        frame = _first(waiting, "cr_frame", "gi_frame", "ag_frame")
        if frame is not None:
            found.append(_place(frame.f_code, frame.f_lineno))
            waiting = _first(waiting, "cr_await", "gi_yieldfrom", "ag_await")
            continue
        # A step of an asynchronous generator, such as a lifespan, hides the generator from everybody but the collector.
        generator = next((one for one in gc.get_referents(waiting) if isinstance(one, AsyncGeneratorType)), None)
        if generator is None:
            found.append(type(waiting).__name__)
        waiting = generator
    return found


def _first(owner: Any, *names: str) -> Any:
    return next((one for name in names if (one := getattr(owner, name, None)) is not None), None)


def threads() -> dict[str, list[str]]:
    """Where every other thread stands, by its name, the outermost place first."""
    names = {thread.ident: thread.name for thread in threading.enumerate()}
    mine = threading.get_ident()
    frames = sys._current_frames()  # noqa: SLF001 (the documented way, in spite of its name)
    return {names.get(ident, str(ident)): _places(frame) for ident, frame in frames.items() if ident != mine}


def _places(frame: FrameType | None) -> list[str]:
    found: list[str] = []
    while frame is not None:
        found.insert(0, _place(frame.f_code, frame.f_lineno))
        frame = frame.f_back
    return found


def _place(code: CodeType, line: int) -> str:
    return f"{'/'.join(PurePath(code.co_filename).parts[-3:])}:{line} {code.co_qualname}"
