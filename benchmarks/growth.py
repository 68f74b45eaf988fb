"""What a dossier's last event costs beside few and beside many stored dossiers: it must not grow with them.

Every measured dossier is read from the database first, so this is the dearest kind of event.
"""

from __future__ import annotations

import asyncio
import statistics
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial
from itertools import cycle, islice

from benchmarks.engine.derived import reference
from benchmarks.measuring.backends import Backends, fill
from benchmarks.measuring.measure import Cost
from benchmarks.measuring.report import Line
from benchmarks.measuring.workload import PARTITIONS, Journal, Record
from benchmarks.processing import at, new_epoch, new_topic, running, until
from services.processing.cases import dossier_case
from services.processing.engine import CaseState, apply_entry
from services.processing.record import read_entry
from services.processing.service import Service
from services.processing.states.layers import HeldState
from services.processing.states.store import StateStore
from shared.broker.partition import partition_of
from shared.contract.entries import CLOCK_TYPES
from shared.mongo import connect

__all__ = ["run"]

_FEW = 3_000
_ROUNDS = 3
#: Events of a round; each is of another dossier.
_EVENTS = 500


@dataclass(frozen=True, slots=True)
class Life:
    """A dossier before its last entry, and that entry's record."""

    held: HeldState
    last: Record


def _lives(journal: Journal) -> list[Life]:
    """The journal's dossiers as they are stored before their last entry."""
    found = []
    for records in journal.partitions:
        by_code: dict[bytes, list[Record]] = defaultdict(list)
        for record in records:
            if read_entry(record[1], -1).type not in CLOCK_TYPES:
                by_code[record[0]].append(record)
        for all_of_one in by_code.values():
            state: CaseState | None = None
            for _, value in all_of_one[:-1]:
                state = apply_entry(state, read_entry(value, -1), None, reference()).state
            if state is not None:
                size = sum(len(value) for _, value in all_of_one[:-1])
                found.append(Life(HeldState(state, size, stored=False), all_of_one[-1]))
    return found


def _others(lives: list[Life], count: int) -> Iterator[HeldState]:
    """So many further dossiers, like the others but for their codes."""
    for number, life in enumerate(islice(cycle(lives), count)):
        state = replace(life.held.state, case=dossier_case(f"{life.held.state.code}-{number}"))
        yield HeldState(state, life.held.size, stored=False)


async def _store(backends: Backends, epoch: int, lives: list[Life], total: int) -> None:
    by_partition: dict[int, list[HeldState]] = defaultdict(list)
    for held in (*(life.held for life in lives), *_others(lives, total - len(lives))):
        by_partition[partition_of(held.state.code, PARTITIONS)].append(held)
    client = connect(backends.mongo, "bench")
    store = StateStore(client, epoch)
    for partition, some in by_partition.items():
        await store.save(partition, some)
    client.close()


class _Course:
    """One derivation whose dossiers get their last events, round by round."""

    def __init__(self, backends: Backends, service: Service, topic: str) -> None:
        self._backends = backends
        self._service = service
        self._topic = topic
        self._ends = dict.fromkeys(range(PARTITIONS), 0)

    async def take(self, lives: list[Life]) -> Cost:
        """Send these dossiers' last entries; CPU until all is stored, wall time until the events are out."""
        records: list[list[Record]] = [[] for _ in range(PARTITIONS)]
        for life in lives:
            records[partition_of(life.held.state.code, PARTITIONS)].append(life.last)
        self._ends = {place: end + len(records[place]) for place, end in self._ends.items()}
        cpu, wall = time.process_time(), time.perf_counter()
        await fill(self._backends.kafka, self._topic, records)
        await until(lambda: at(self._service) == self._ends, "the events of a round")
        wall = time.perf_counter() - wall
        await until(self._stored, "the storing of a round")
        cpu = time.process_time() - cpu
        return Cost(cpu / len(lives) * 1e6, wall / len(lives) * 1e6)

    def _stored(self) -> bool:
        workers = self._service.stream.workers if self._service.stream is not None else {}
        # A partition that got nothing in its first round has no checkpoint yet.
        return all((workers[place].stored or 0) == end for place, end in self._ends.items())


def _started(service: Service) -> bool:
    return at(service) == dict.fromkeys(range(PARTITIONS), 0)


async def _measure(backends: Backends, journal: Journal, many: int) -> list[Line]:
    lives = _lives(journal)[: (_ROUNDS + 1) * _EVENTS]
    taken: dict[int, list[Cost]] = {_FEW: [], many: []}
    epochs = {total: new_epoch() for total in taken}
    for total, epoch in epochs.items():
        await _store(backends, epoch, lives, total)
    few_topic, many_topic = await new_topic(backends, "bench-few"), await new_topic(backends, "bench-many")
    async with (
        running(backends, epochs[_FEW], few_topic) as few_service,
        running(backends, epochs[many], many_topic) as many_service,
    ):
        for service in (few_service, many_service):
            await until(partial(_started, service), "the start of a derivation")
        courses = {_FEW: _Course(backends, few_service, few_topic), many: _Course(backends, many_service, many_topic)}
        for number in range(_ROUNDS + 1):
            some = lives[number * len(lives) // (_ROUNDS + 1) : (number + 1) * len(lives) // (_ROUNDS + 1)]
            for total, course in courses.items():
                cost = await course.take(some)
                if number:
                    taken[total].append(cost)
    cpu = {total: statistics.median(cost.cpu for cost in costs) for total, costs in taken.items()}
    wall = {total: statistics.median(cost.wall for cost in costs) for total, costs in taken.items()}
    name, beside = "a dossier's last event, read from the database first", f"beside {_FEW:,} dossiers"
    return [
        Line(f"{name}, {beside}", cpu[_FEW], "µs CPU"),
        Line(f"{name}, beside {many:,}", cpu[many], "µs CPU", cpu[many] / cpu[_FEW], beside, "ratio near 1"),
        Line(f"the same, until its event is out, {beside}", wall[_FEW], "µs wall"),
        Line(f"the same, beside {many:,}", wall[many], "µs wall", wall[many] / wall[_FEW], beside, "ratio near 1"),
    ]


def run(backends: Backends, journal: Journal, *, quick: bool) -> list[Line]:
    """CPU and wall time of last events of cold dossiers beside few and beside many others."""
    return asyncio.run(_measure(backends, journal, 10_000 if quick else 100_000))
