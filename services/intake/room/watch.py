"""Watches the room on the disks the journal is kept on, and refuses before there is none. Knows no entry.

A broker whose disk is full ends, and with it everything stands; what was accepted then waits for whoever makes room. So
intake stops accepting while there is still room to derive what was accepted. Where the brokers' folders are on other
machines only their own storage errors tell.
"""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from aiokafka.errors import KafkaStorageError

from shared.catalogue.base import Meters
from shared.logging import get_logger
from shared.problems.problem import Problem

__all__ = ["Room", "free_bytes"]

_log = get_logger("intake.room")
_LOOK_SECONDS: Final = 5.0
#: Seconds for which a broker's storage error speaks; afterwards an entry may try.
_STORAGE_SECONDS: Final = 10.0
_RETRY_AFTER: Final = {"Retry-After": "30"}


def free_bytes(folder: Path) -> int:
    """Bytes that a process without privileges may still write to the folder's disk. Raises OSError."""
    found = os.statvfs(folder)
    return found.f_bavail * found.f_frsize


class Room:
    """What is free where the journal is kept.

    Args:
        folders: on the disks to watch; none where the brokers are on other machines.
        least: bytes that have to stay free.
        meters: intake's metrics.
        free: tells the free bytes at a folder.
        monotonic: seconds, for how long a storage error speaks.
    """

    def __init__(
        self,
        folders: Sequence[Path],
        least: int,
        meters: Meters,
        *,
        free: Callable[[Path], int] = free_bytes,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._folders = folders
        self._least = least
        self._free = free
        self._monotonic = monotonic
        self._gauge = meters.gauge("motcua_intake_free_bytes")
        meters.gauge("motcua_intake_least_free_bytes").set(least if folders else 0)
        self._storage_errors = meters.counter("motcua_intake_storage_errors_total")
        self._short: tuple[Path, int] | None = None
        self._failed_at: float | None = None

    async def run(self) -> None:
        """Look again and again, until cancelled."""
        while True:
            self.look()
            await asyncio.sleep(_LOOK_SECONDS)

    def look(self) -> None:
        """Look once; a folder that cannot be looked at hinders nothing."""
        found: list[tuple[int, Path]] = []
        for folder in self._folders:
            try:
                free = self._free(folder)
            except OSError as error:
                _log.warning("free room not known", folder=str(folder), error=str(error)[:200])
                continue
            self._gauge.labels(str(folder)).set(free)
            found.append((free, folder))
        free, folder = min(found, default=(self._least, Path()))
        before, self._short = self._short, (folder, free) if free < self._least else None
        if (before is None) != (self._short is None):
            report = _log.info if self._short is None else _log.error
            report("room on the disk", folder=str(folder), free=free, least=self._least)

    def note(self, error: BaseException) -> None:
        """Learn from an error of the broker's."""
        if isinstance(error, KafkaStorageError):
            self._storage_errors.inc()
            self._failed_at = self._monotonic()

    def refusal(self) -> Problem | None:
        """Why nothing may be written now; None when it may."""
        if self._short is not None:
            folder, free = self._short
            return Problem(
                503,
                "disk_short",
                value=str(folder),
                free=_megabytes(free),
                least=_megabytes(self._least),
                headers=_RETRY_AFTER,
            )
        if self._failed_at is not None and self._monotonic() - self._failed_at < _STORAGE_SECONDS:
            return Problem(503, "broker_disk", headers=_RETRY_AFTER)
        return None


def _megabytes(size: int) -> str:
    return f"{size / 1e6:.0f} MB"
