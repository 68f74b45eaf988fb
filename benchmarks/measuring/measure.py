"""CPU of this process and wall time per event, alternating with a baseline, medians of rounds."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

__all__ = ["Cost", "alternate", "cost_of", "median_cpu_ms", "median_ms", "memory", "steady"]

_PAGE = 4096


@dataclass(frozen=True, slots=True)
class Cost:
    """Microseconds per event: CPU of this process with all its threads, and wall time."""

    cpu: float
    wall: float


async def cost_of(work: Callable[[], Awaitable[int]]) -> Cost:
    """What some work costs per event.

    Args:
        work: does it and tells how many events it was.
    """
    gc.collect()
    cpu, wall = time.process_time(), time.perf_counter()
    events = await work()
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    return Cost(cpu / events * 1e6, wall / events * 1e6)


async def alternate(rounds: int, *works: Callable[[], Awaitable[int]]) -> list[Cost]:
    """Medians of several works done in turn, so that a busy machine slows all of them alike; one round warms up."""
    taken: list[list[Cost]] = [[] for _ in works]
    for number in range(rounds + 1):
        for place, work in enumerate(works):
            cost = await cost_of(work)
            if number:
                taken[place].append(cost)
    return [_middle(costs) for costs in taken]


def _middle(costs: Sequence[Cost]) -> Cost:
    return Cost(statistics.median(cost.cpu for cost in costs), statistics.median(cost.wall for cost in costs))


def median_ms(work: Callable[[], object], times: int = 9) -> float:
    """Milliseconds of wall time some work takes."""
    taken = []
    for _ in range(times):
        begun = time.perf_counter()
        work()
        taken.append((time.perf_counter() - begun) * 1e3)
    return statistics.median(taken)


def median_cpu_ms(work: Callable[[], object], times: int = 9) -> float:
    """Milliseconds of CPU some work takes in all threads of this process: a busy machine changes them little."""
    taken = []
    for _ in range(times):
        begun = time.process_time()
        work()
        taken.append((time.process_time() - begun) * 1e3)
    return statistics.median(taken)


def steady() -> None:
    """Set the collector as the services set it at their start."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(200_000, 20, 1000)


def memory() -> int:
    """Resident memory of this process in bytes."""
    gc.collect()
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * _PAGE
