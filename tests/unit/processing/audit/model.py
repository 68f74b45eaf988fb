"""A partition whose owners are frozen with batches in hand, by chance: journal, database and topic as plain lists.

Real are the trail, the mender, the records and what a state and its row are; a row of a dossier is told by its cause.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from functools import cache
from types import SimpleNamespace
from typing import Any

import orjson

from services.processing.audit.mending import Mender
from services.processing.audit.trail import Causes, Place, Trail
from services.processing.cases import dossier_case
from services.processing.states.layers import HeldState, States
from services.processing.stream.output import Records
from shared.catalogue.base import Meters
from shared.catalogue.processing import SPECS
from tests.unit.processing.stream.build import REFERENCE, held

__all__ = ["CLOCK", "CODES", "EPOCH", "PARTITION", "Owner", "World", "run_by_chance"]

EPOCH, PARTITION = 3, 1
CODES = tuple("ABCDEFGH")
CLOCK = "clock"
Record = tuple[bytes, bytes]

state_at = cache(held)
_METERS = Meters(SPECS)


@dataclass
class World:
    """What outlives a process.

    Attributes:
        journal: by offset the dossier that an entry is of, or CLOCK.
        topic: the partition of the lifecycle topic.
        positions: of the states in the database.
        checkpoint: the next offset there.
        place: where the reading back stood.
        hands: batches in the hands of frozen processes.
    """

    journal: list[str]
    topic: list[Record] = field(default_factory=list)
    positions: dict[str, int] = field(default_factory=dict)
    checkpoint: int = 0
    place: Place = field(default_factory=Place)
    hands: list[list[Record]] = field(default_factory=list)
    healed: int = 0

    def causes(self) -> dict[bytes, list[int]]:
        """By key the causes of its records, in the topic's order."""
        found: dict[bytes, list[int]] = {}
        for key, value in self.topic:
            found.setdefault(key, []).append(orjson.loads(value)["data"]["cause"]["offset"])
        return found

    def behind(self) -> list[bytes]:
        """Keys whose last record is not their newest."""
        return [key for key, causes in self.causes().items() if causes[-1] != max(causes)]


class _Writer:
    def __init__(self) -> None:
        self.waiting: list[Record] = []
        self.waiting_bytes = 0

    def add(self, record: Record) -> None:
        self.waiting.append(record)


class Owner:
    """A process that has the partition, from the checkpoint on."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.records = Records(EPOCH, PARTITION)
        self.causes = Causes(EPOCH, PARTITION)
        self.trail = Trail(PARTITION, world.place)
        self.writer = _Writer()
        self.states = States(1, empty=False)
        self.taken = world.checkpoint
        handling: Any = SimpleNamespace(
            next=self.taken,
            clock=self._clock_before(self.taken),
            desk=SimpleNamespace(states=self.states, writer=self.writer, records=self.records),
            revising=SimpleNamespace(reference_at=lambda _: REFERENCE),
        )
        self.handling = handling
        runtime: Any = SimpleNamespace(trails={PARTITION: self.trail}, store=self, meters=_METERS)
        self.mender = Mender(runtime, PARTITION, handling)

    def _clock_before(self, offset: int) -> int | None:
        return max((place for place, code in enumerate(self.world.journal[:offset]) if code == CLOCK), default=None)

    async def positions(self, _partition: int, codes: list[str]) -> dict[str, int]:
        """As the store has them."""
        return {code: self.world.positions[code] for code in codes if code in self.world.positions}

    async def load(self, _partition: int, codes: list[str]) -> list[HeldState]:
        """As the store has them."""
        return [state_at(code, self.world.positions[code]) for code in codes if code in self.world.positions]

    def derive(self, count: int) -> None:
        """Take entries; their rows wait."""
        for offset in range(self.taken, min(self.taken + count, len(self.world.journal))):
            code = self.world.journal[offset]
            if code == CLOCK:
                self.writer.add(self.records.clock(offset, offset))
            else:
                known = self.states.get(code)
                before = self.world.positions.get(code, -1) if known is None else known.state.position
                if before < offset:
                    self.states.put(state_at(code, offset))
                    self.writer.add(self.records.case(dossier_case(code), offset, 0, {"code": code}, []))
            self.taken = offset + 1

    def flush(self) -> None:
        """What waits is written and acknowledged."""
        self.world.topic += self.writer.waiting
        self.writer.waiting = []
        self.states.acknowledge()
        self.handling.next, self.handling.clock = self.taken, self._clock_before(self.taken)

    def freeze(self) -> None:
        """The process is frozen with what waits in its producer."""
        if self.writer.waiting:
            self.world.hands.append(self.writer.waiting)

    def store(self, *, checkpoint: bool) -> None:
        """States whose rows are out are stored, then perhaps the checkpoint."""
        self.states.take()
        for code, one in self.states.storing.items():
            self.world.positions[code] = max(self.world.positions.get(code, -1), one.state.position)
        self.states.saved()
        if checkpoint:
            self.world.checkpoint = max(self.world.checkpoint, self.handling.next)

    def read(self, count: int) -> None:
        """Read back some records."""
        some = self.world.topic[self.trail.at : self.trail.at + count]
        self.trail.take([(key, self.causes(key, value)) for key, value in some], len(self.world.journal))
        self.trail.read_to(self.trail.at + len(some))
        if self.trail.barrier is not None and self.trail.barrier.end is None:
            self.trail.barrier.end = len(self.world.topic)

    def save_place(self) -> None:
        """What was read back is remembered."""
        self.world.place = self.trail.safe

    async def mend(self) -> None:
        """Between two batches."""
        self.flush()
        await self.mender.mend()
        self.world.healed += len(self.writer.waiting)
        self.flush()

    async def settle(self) -> None:
        """Derive and read back all there is until nothing is open.

        Raises:
            AssertionError: it does not come to an end.
        """
        self.derive(len(self.world.journal))
        for _ in range(50):
            await self.mend()
            self.read(len(self.world.topic))
            if not self.trail.suspects and self.trail.at == len(self.world.topic):
                return
        raise AssertionError(f"still open: {self.trail.suspects}")


async def run_by_chance(world: World, chance: random.Random, steps: int, *, freezes: bool) -> None:
    """Owners one after the other, each ended or frozen anywhere; what frozen ones had in hand comes anywhere."""
    owner = Owner(world)
    for _ in range(steps):
        owner.derive(chance.randint(0, 4))
        done = chance.random()
        if done < 0.12:
            if freezes:
                owner.freeze()
            owner = Owner(world)
            continue
        owner.flush()
        if chance.random() < 0.5:
            owner.store(checkpoint=chance.random() < 0.6)
        owner.read(chance.choice((0, 1, 3, 100)))
        if chance.random() < 0.7:
            await owner.mend()
        if chance.random() < 0.3:
            owner.save_place()
        if world.hands and chance.random() < 0.3:
            world.topic += world.hands.pop(chance.randrange(len(world.hands)))
    owner.derive(len(world.journal))
    await owner.mend()
    while world.hands:
        world.topic += world.hands.pop()
        owner.read(chance.choice((0, 2, 100)))
    await owner.settle()
