"""What a reference entry costs that concerns every open dossier: each is judged anew, told and stored.

Half of them have a promised date, half are due by their procedure's term; all follow a route. Beside it, in the same
derivation: one entry for each of as many dossiers.
"""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict
from collections.abc import Iterator
from typing import Any, Final

import orjson

from benchmarks.engine.derived import reference
from benchmarks.measuring.backends import Backends, fill
from benchmarks.measuring.measure import Cost, steady
from benchmarks.measuring.report import Line
from benchmarks.measuring.workload import PARTITIONS, Record
from benchmarks.processing import at, new_epoch, new_topic, running, until
from services.processing.engine import Reference, apply_entry
from services.processing.record import read_entry
from services.processing.service import Service
from services.processing.states.layers import HeldState
from services.processing.states.store import StateStore
from shared.broker.partition import partition_of
from shared.mongo import connect
from shared.reference import EMPTY, ReferenceEntry

__all__ = ["run"]

#: µs a dossier in seconds for 100,000 of them.
_SECONDS: Final = 0.1
_PROCEDURES: Final = 100
_KNOWN_SINCE: Final = "2026-01-01T00:00:00Z"
_TOPIC: Final = "bench-reprojection"


def _entry(code: str, id_: str, type_: str, time_: str, data: dict[str, Any]) -> bytes:
    return orjson.dumps(
        {
            "specversion": "1.0",
            "id": id_,
            "source": "simulator/one-stop",
            "subject": code,
            "time": time_,
            "type": type_,
            "data": data,
            "recordedtime": "2026-03-02T02:00:00.000000Z",
            "sender": "simulator",
            "simulated": True,
        }
    )


def _introduction() -> Iterator[bytes]:
    """Procedures with a term and a route of three steps."""
    roles = {"receive": 60, "examine": 4_800, "sign": 480}
    steps = [{"step": step, "role": "one_stop_counter", "budget": budget} for step, budget in roles.items()]
    terms = [{"amount": "60", "unit": "working_days"}]
    for number in range(_PROCEDURES):
        data = {"procedure": f"1.{number:06d}", "version": "bench"}
        yield _entry("bench", f"term/{number}", "procedure.published", _KNOWN_SINCE, data | {"terms": terms})
        yield _entry("bench", f"route/{number}", "route.revised", _KNOWN_SINCE, data | {"steps": steps})


def _dossier(number: int, reference: Reference) -> HeldState:
    """An open dossier with three entries: accepted, two steps done."""
    code, unit, day = f"H29-{number:07d}", f"H29.{number % 165}", 2 + number % 27
    data = {"channel": "online", "unit": unit, "procedure": f"1.{number % _PROCEDURES:06d}"}
    if number % 2:
        data["promised_due"] = "2026-05-29"
    done = {"unit": unit}
    values = [
        _entry(code, f"{code}/1", "dossier.accepted", f"2026-03-{day:02d}T02:00:00Z", data),
        _entry(code, f"{code}/2", "step.completed", f"2026-03-{day:02d}T08:00:00Z", done | {"step": "receive"}),
        _entry(code, f"{code}/3", "step.completed", "2026-04-03T08:00:00Z", done | {"step": "examine"}),
    ]
    state = None
    for value in values:
        state = apply_entry(state, read_entry(value, -1), None, reference).state
    assert state is not None  # noqa: S101 (there are entries)
    return HeldState(state, sum(map(len, values)), stored=False)


def _day_off() -> bytes:
    """Concerns every dossier: the days of working time they are counted by are others now."""
    days = [{"day": "2026-04-02", "working": False, "kind": "extra"}]
    data = {"calendar": "vn-public", "version": "bench", "days": days}
    return _entry("bench", "day-off", "calendar.revised", "2026-04-01T00:00:00Z", data)


async def _prepare(backends: Backends, epoch: int, count: int) -> None:
    by_partition: dict[int, list[HeldState]] = defaultdict(list)
    known = EMPTY.with_entries(ReferenceEntry.of(value) for value in _introduction())
    of_stack = reference().with_known(known)
    for number in range(count):
        held = _dossier(number, of_stack)
        by_partition[partition_of(held.state.code, PARTITIONS)].append(held)
    client = connect(backends.mongo, "bench")
    for partition, some in by_partition.items():
        await StateStore(client, epoch).save(partition, some)
    client.close()
    await new_topic(backends, _TOPIC)


class _Course:
    """The derivation, and what has been sent to it."""

    def __init__(self, backends: Backends, service: Service) -> None:
        self._backends = backends
        self._service = service
        self._ends = dict.fromkeys(range(PARTITIONS), 0)

    async def take(self, records: list[list[Record]], dossiers: int) -> Cost:
        """Send records; CPU and wall time of a dossier until all is out and stored."""
        self._ends = {place: end + len(records[place]) for place, end in self._ends.items()}
        cpu, wall = time.process_time(), time.perf_counter()
        await fill(self._backends.kafka, _TOPIC, records)
        await until(self._stored, "the storing of all dossiers")
        cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
        return Cost(cpu / dossiers * 1e6, wall / dossiers * 1e6)

    def _stored(self) -> bool:
        workers = self._service.workers()
        return all((workers[place].stored or 0) == end for place, end in self._ends.items())


async def _measure(backends: Backends, count: int) -> list[Line]:
    epoch = new_epoch()
    await _prepare(backends, epoch, count)
    steady()
    one_each: list[list[Record]] = [[] for _ in range(PARTITIONS)]
    for number in range(count):
        code = f"H29-{number:07d}"
        data = {"step": "sign", "unit": f"H29.{number % 165}"}
        value = _entry(code, f"{code}/4", "step.completed", "2026-04-06T08:00:00Z", data)
        one_each[partition_of(code, PARTITIONS)].append((code.encode(), value))
    async with running(backends, epoch, _TOPIC) as service:
        await until(lambda: at(service) == dict.fromkeys(range(PARTITIONS), 0), "the start of a derivation")
        course = _Course(backends, service)
        await course.take([[(b"reference", value) for value in _introduction()] for _ in range(PARTITIONS)], count)
        entries = await course.take(one_each, count)
        revision = await course.take([[(b"reference", _day_off())] for _ in range(PARTITIONS)], count)
    name = "one entry to each of as many"
    return [
        Line(
            f"a day off, by 100,000 open dossiers ({count:,} measured)",
            revision.cpu * _SECONDS,
            "s CPU",
            revision.cpu / entries.cpu,
            name,
            "60 s",
        ),
        Line(
            "the same, until all is told and stored",
            revision.wall * _SECONDS,
            "s wall",
            revision.wall / entries.wall,
            name,
        ),
        Line(f"{name}, by 100,000", entries.cpu * _SECONDS, "s CPU"),
        Line(f"{name}, until all is told and stored", entries.wall * _SECONDS, "s wall"),
    ]


def run(backends: Backends, *, quick: bool) -> list[Line]:
    """CPU and wall time of a revision that concerns all dossiers, beside one entry to each."""
    return asyncio.run(_measure(backends, 4_000 if quick else 20_000))
