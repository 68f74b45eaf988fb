"""A disk that fills up under a stack, and is emptied again."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

from tests.small_disk import fill
from tests.suite import Suite
from tests.waiting import until

__all__ = ["LEAST", "MEGABYTES", "run_full"]

#: The disk of a stack under fault: its broker's and database's files take a few hundred MB.
MEGABYTES: Final = 3_000
#: Bytes below which intake refuses.
LEAST: Final = 100_000_000


def run_full(suite: Suite, sent: Callable[[], None]) -> str:
    """Fill the disk until intake refuses for it, send meanwhile, then make room.

    Args:
        suite: a stack whose home is a small file system.
        sent: returns once more entries were acknowledged, or after a few seconds without.
    """
    filler: Path = fill(suite.stack.home.path)
    try:
        until(lambda: _short(suite), "intake to see that the disk is full", 60)
        sent()
    finally:
        size = filler.stat().st_size
        filler.unlink()
    until(lambda: not _short(suite), "intake to see that there is room again", 60)
    return f"the disk was full, {size / 1e6:.0f} MB by others"


def _short(suite: Suite) -> bool:
    away = suite.get("intake", "/health/ready")
    return "disk" in away.text
