"""Waiting until the figures hold everything that is in the journal now, with progress. Decides nothing else."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, Final

from motcua.cli.errors import CommandError
from motcua.cli.services import Services
from motcua.cli.session import Session
from shared.broker.topics import lifecycle

__all__ = ["counting_bar", "positions_of", "wait_until_counted"]

#: What is done and what there is of it.
Told = Callable[[int, int], None]
#: How far something is towards its goal, and whatever else changes while it moves.
Measured = tuple[int, Any]
_POLL: Final = 0.2
_PATIENCE: Final = 120.0


def positions_of(services: Services) -> dict[int, dict[str, Any]]:
    """Processing's place in every journal partition, from all its replicas."""
    found: dict[int, dict[str, Any]] = {}
    for address in services.replicas("processing"):
        for partition, place in services.get_at(address, "/v1/positions")["partitions"].items():
            found[int(partition)] = place
    return found


def _nobody(done: int, total: int) -> None:
    del done, total


def counting_bar(session: Session, services: Services) -> None:
    """Wait until the figures hold what the journal holds now, with a bar."""
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.completed}/{task.total}"))
    with Progress(*columns, TimeElapsedColumn(), console=session.err, transient=True) as bars:
        task = bars.add_task(session.say("xử lý", "processing"), total=None)
        passes = bars.add_task(session.say("tính lại hồ sơ", "dossiers judged anew"), total=None, visible=False)
        wait_until_counted(
            services,
            lambda done, total: bars.update(task, completed=done, total=total),
            lambda done, total: bars.update(passes, completed=done, total=total, visible=total > 0),
        )


def wait_until_counted(services: Services, told: Told = _nobody, revised: Told = _nobody) -> None:
    """Return when processing has read the journal as it is now, and metrics what came of it.

    Args:
        services: the running stack.
        told: called with entries processed and entries in the journal.
        revised: called with the dossiers that reference entries under way went through and those they go through, in
            all partitions; zero of zero when none is under way.

    Raises:
        CommandError: nothing moved for two minutes; names where it stands.
    """
    ends = _ends(services, services.journal)
    total = sum(ends.values())

    def processed() -> Measured:
        places = positions_of(services)
        read = sum(min(int(places[number]["next"]), end) for number, end in ends.items() if number in places)
        passes = [place["revision"] for place in places.values() if place["revision"] is not None]
        told(read, total)
        revised(sum(one["done"] for one in passes), sum(one["of"] for one in passes))
        # A pass through many dossiers is one entry, and moves all the same.
        return read, [(one["entry"]["offset"], one["done"]) for one in passes]

    _until(processed, total, "processing")
    epoch = services.get("metrics", "/v1/status")["epoch"]
    facts = _ends(services, lifecycle(epoch))

    def shown() -> Measured:
        status = services.get("metrics", "/v1/status")
        return sum(min(int(status["partitions"][str(number)]["position"]), end) for number, end in facts.items()), None

    _until(shown, sum(facts.values()), "metrics")


def _ends(services: Services, topic: str) -> dict[int, int]:
    import asyncio

    from deploy.operations.epochs.reading import ends_of

    return asyncio.run(ends_of(services.kafka, topic, services.stack.partitions))


def _until(measure: Callable[[], Measured], goal: int, service: str) -> None:
    last: Measured = (-1, None)
    best, since = -1, time.monotonic()
    while (now := _measured(measure))[0] < goal:
        best = max(best, now[0])
        if now[0] >= 0 and now != last:
            last, since = now, time.monotonic()
        elif time.monotonic() - since > _PATIENCE:
            raise CommandError(
                f"{service} đứng ở {max(best, 0)}/{goal} đã {_PATIENCE:.0f} giây; xem `motcua doctor`",
                f"{service} has stood at {max(best, 0)}/{goal} for {_PATIENCE:.0f} s; see `motcua doctor`",
            )
        time.sleep(_POLL)


def _measured(measure: Callable[[], Measured]) -> Measured:
    """What is measured, or -1 while a service starts again: that is waited for, not told."""
    try:
        return measure()
    except (CommandError, KeyError, TypeError):
        return -1, None
