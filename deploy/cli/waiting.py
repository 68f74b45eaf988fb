"""Waiting until the figures hold everything that is in the journal now, with progress. Decides nothing else."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Any, Final

from deploy.cli.errors import CommandError
from deploy.cli.services import Services
from deploy.epochs.reading import ends_of
from shared.topics import JOURNAL, lifecycle

__all__ = ["positions_of", "wait_until_counted"]

_POLL: Final = 0.2
_PATIENCE: Final = 120.0


def positions_of(services: Services) -> dict[int, dict[str, Any]]:
    """Processing's place in every journal partition, from all its replicas."""
    found: dict[int, dict[str, Any]] = {}
    for address in services.replicas("processing"):
        for partition, place in services.get_at(address, "/v1/positions")["partitions"].items():
            found[int(partition)] = place
    return found


def wait_until_counted(services: Services, told: Callable[[int, int], None] = lambda _done, _all: None) -> None:
    """Return when processing has read the journal as it is now, and metrics what came of it.

    Args:
        services: the running stack.
        told: called with entries processed and entries in the journal.

    Raises:
        CommandError: nothing moved for two minutes; names where it stands.
    """
    count = services.stack.partitions
    ends = asyncio.run(ends_of(services.kafka, JOURNAL, count))
    total = sum(ends.values())

    def processed() -> int:
        places = positions_of(services)
        read = sum(min(int(places[number]["next"]), end) for number, end in ends.items() if number in places)
        told(read, total)
        return read

    _until(processed, total, "processing")
    epoch = services.get("metrics", "/v1/status")["epoch"]
    facts = asyncio.run(ends_of(services.kafka, lifecycle(epoch), count))

    def shown() -> int:
        status = services.get("metrics", "/v1/status")
        return sum(min(int(status["partitions"][str(number)]["position"]), end) for number, end in facts.items())

    _until(shown, sum(facts.values()), "metrics")


def _until(measure: Callable[[], int], goal: int, service: str) -> None:
    best, since = -1, time.monotonic()
    while (place := _measured(measure)) < goal:
        if place > best:
            best, since = place, time.monotonic()
        elif time.monotonic() - since > _PATIENCE:
            raise CommandError(
                f"{service} đứng ở {max(best, 0)}/{goal} đã {_PATIENCE:.0f} giây; xem `motcua doctor`",
                f"{service} has stood at {max(best, 0)}/{goal} for {_PATIENCE:.0f} s; see `motcua doctor`",
            )
        time.sleep(_POLL)


def _measured(measure: Callable[[], int]) -> int:
    """What is measured, or -1 while a service starts again: that is waited for, not told."""
    try:
        return measure()
    except (CommandError, KeyError):
        return -1
