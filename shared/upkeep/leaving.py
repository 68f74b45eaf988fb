"""The end of a process has a deadline: afterwards it says what holds it, and leaves without it.

Nothing is lost by that: whatever a service keeps, it can be killed at any moment.
"""

from __future__ import annotations

import asyncio
import logging
import os
import threading
import time
from collections.abc import Callable
from typing import Final

from shared.logging import get_logger
from shared.upkeep.stacks import threads, where

__all__ = ["EXIT_STATUS", "watch_the_end"]

_log = get_logger("upkeep.leaving")
#: What a process that left ends with: "internal software error" among the statuses of sysexits.h.
EXIT_STATUS: Final = 70
_LOOK_SECONDS: Final = 0.2
#: Seconds for saying what holds it; the log itself may be what does.
_SAY_SECONDS: Final = 2.0


def watch_the_end(
    asked: Callable[[], bool], seconds: float, loop: Callable[[], asyncio.AbstractEventLoop | None]
) -> None:
    """Watch from a thread of its own, which nothing in the event loop can hold.

    Args:
        asked: whether the process was asked to end.
        seconds: how long it may take from then on.
        loop: the event loop whose tasks are told of, once there is one.
    """

    def watch() -> None:
        while not asked():
            time.sleep(_LOOK_SECONDS)
        time.sleep(seconds)
        saying = threading.Thread(target=_say, args=(seconds, loop()), name="leaving-says", daemon=True)
        saying.start()
        saying.join(_SAY_SECONDS)
        os._exit(EXIT_STATUS)

    threading.Thread(target=watch, name="leaving", daemon=True).start()


def _say(seconds: float, loop: asyncio.AbstractEventLoop | None) -> None:
    tasks = {} if loop is None else {task.get_name(): where(task) for task in asyncio.all_tasks(loop)}
    _log.error("the process did not end in time and leaves", seconds=seconds, tasks=tasks, threads=threads())
    for handler in logging.getLogger().handlers:
        handler.flush()
