"""Measures what a coroutine costs: the processor time in which it held the event loop. Knows no service."""

from __future__ import annotations

import time
from collections.abc import Coroutine, Generator
from typing import Any, Generic, TypeVar

__all__ = ["Spent"]

T = TypeVar("T")


class Spent(Generic[T]):
    """Await it instead of the coroutine; what others do while that waits does not count, nor do tasks of its own.

    Args:
        work: the coroutine.
    """

    def __init__(self, work: Coroutine[Any, Any, T]) -> None:
        self._work = work
        #: Processor seconds so far.
        self.seconds = 0.0

    def __await__(self) -> Generator[Any, Any, T]:
        """Go through the coroutine step by step."""
        step, given = self._work.send, None
        while True:
            begun = time.thread_time()
            try:
                awaited = step(given)
            except StopIteration as end:
                result: T = end.value
                return result
            finally:
                self.seconds += time.thread_time() - begun
            try:
                given = yield awaited
                step = self._work.send
            except BaseException as error:  # noqa: BLE001 (also a cancellation is the coroutine's to meet)
                step, given = self._work.throw, error
