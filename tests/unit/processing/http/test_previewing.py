"""A dry run of thousands of entries gives other work its turns before any dossier is judged."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any, cast

import orjson

from services.processing.http.previewing import Ground, run
from services.processing.states.layers import HeldState
from services.processing.stream.revision.roster import Label
from services.processing.stream.revision.taken import Stored
from shared.access.bearer import Bearer
from shared.reference import EMPTY, ReferenceEntry
from tests.unit.processing.stream.build import REFERENCE, revised

FEW, MANY = 1_000, 3_000


class Store:
    """States of partitions without dossiers, and how often the loop had turned when each was gone through."""

    def __init__(self) -> None:
        self.turns = 0
        self.scanned: list[int] = []

    async def count(self, _partition: int) -> int:
        return 0

    async def scan(self, _partition: int, _wanted: Callable[[Label], bool]) -> AsyncIterator[HeldState | None]:
        self.scanned.append(self.turns)
        for held in list[HeldState]():
            yield held

    def turn(self) -> None:
        """The loop came round; called in each of its rounds until the test ends."""
        self.turns += 1
        asyncio.get_running_loop().call_soon(self.turn)


class States:
    """What an epoch stored."""

    def __init__(self) -> None:
        self.store = Store()


def entries(count: int) -> list[ReferenceEntry]:
    made = (
        revised("unit.revised", {"unit": f"H29.{number}", "parent": "H29"}, f"u{number}") for number in range(count)
    )
    return [ReferenceEntry.of(orjson.dumps(one)) for one in made]


async def test_other_work_has_its_turns_while_thousands_of_entries_are_taken() -> None:
    every = entries(FEW + MANY)
    known = EMPTY.with_entries(every[:FEW])
    ground = Ground((REFERENCE.with_known(known), REFERENCE.with_known(known)), None)
    stored = States()
    stored.store.turn()
    who = Bearer("root", ("*",), ("*",), frozenset({"admin"}))
    told: list[dict[str, Any]] = [one async for one in run(cast("Stored", stored), ground, every[FEW:], who)]
    assert told[0] == {"done": 0, "of": 0}
    first, second = stored.store.scanned
    assert first >= 5, "turns while the set grew"
    assert second - first <= first / 2, "the same entries over the same set are taken once for all partitions"
