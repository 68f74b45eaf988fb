"""Pieces of one computation side by side: numpy lets other threads work while it does, so two cores halve the time."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import Final, TypeVar

__all__ = ["abreast"]

T = TypeVar("T")
A = TypeVar("A")

#: Pieces at a time: more would take the cores from whoever serves beside, and wait for memory anyway.
_AT_ONCE: Final = 2


@cache
def _pool() -> ThreadPoolExecutor:
    """Made at the first need. Its work never waits for further work of its own, so it cannot stop itself."""
    return ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="counting")


def abreast(work: Callable[[A], T], pieces: Iterable[A]) -> list[T]:
    """What some work gives for each piece, in their order; a single piece is done at once, by who asks.

    Raises:
        Exception: what the work raises, of the first piece that does.
    """
    asked = list(pieces)
    if len(asked) < 2:
        return [work(piece) for piece in asked]
    return list(_pool().map(work, asked))
