"""Condition waits with a deadline: the only place where tests let time pass."""

from __future__ import annotations

import asyncio
import inspect
import time
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar, overload

__all__ = ["between_pieces", "between_tries", "turns", "until", "until_async"]

T = TypeVar("T")
PAUSE = 0.05


def _late(what: str, seconds: float, last: object) -> AssertionError:
    return AssertionError(f"waited {seconds:.0f} s for: {what}; last seen: {last!r}")


def between_tries() -> None:
    """How long a client lets pass before it sends again what was not taken."""
    time.sleep(PAUSE)


async def between_pieces() -> None:
    """How long a slow client lets pass between two pieces of what it sends."""
    await asyncio.sleep(PAUSE)


def until(condition: Callable[[], T], what: str, seconds: float = 30) -> T:
    """Return the condition's first truthy value.

    Raises:
        AssertionError: it was not met in time; says what was waited for and the last value or error seen.
    """
    deadline = time.monotonic() + seconds
    last: object = None
    while time.monotonic() < deadline:
        try:
            value = condition()
        except (OSError, LookupError, ValueError, RuntimeError) as error:
            last = error
        else:
            if value:
                return value
            last = value
        time.sleep(PAUSE)
    raise _late(what, seconds, last)


async def turns(count: int) -> None:
    """Let whatever else is ready go on so many times; no time passes."""
    for _ in range(count):
        await asyncio.sleep(0)


@overload
async def until_async(condition: Callable[[], Awaitable[T]], what: str, seconds: float = 30) -> T: ...
@overload
async def until_async(condition: Callable[[], T], what: str, seconds: float = 30) -> T: ...
async def until_async(condition: Callable[[], Any], what: str, seconds: float = 30) -> Any:
    """The same for asynchronous conditions (plain ones are taken too)."""
    deadline = time.monotonic() + seconds
    last: object = None
    while time.monotonic() < deadline:
        try:
            found = condition()
            value = await found if inspect.isawaitable(found) else found
        except (OSError, LookupError, ValueError, RuntimeError) as error:
            last = error
        else:
            if value:
                return value
            last = value
        await asyncio.sleep(PAUSE)
    raise _late(what, seconds, last)
