"""Two dispatchers of which one was frozen in the middle: whatever comes last, the highest version is right."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from typing import Any

import pytest
import pytest_asyncio

from services.processing.dispatch.pending import Item
from services.processing.dispatch.reach import Reach
from services.processing.dispatch.store import Remembered, SentStore
from services.processing.dispatch.telling import Telling
from shared.catalogue.base import Meters
from shared.catalogue.processing import SPECS
from shared.mongo import DatabaseError
from tests.integration.dispatch.office import Office
from tests.stack import Backends


@pytest_asyncio.fixture
async def office(backends: Backends) -> AsyncIterator[Office]:
    made = Office(backends)
    await made.open()
    await made.add_agency()
    yield made
    await made.close()


class Ice:
    """Freezes whoever comes by for the first time, until it thaws."""

    def __init__(self) -> None:
        self.reached, self.thawed = asyncio.Event(), asyncio.Event()

    async def pass_by(self) -> None:
        if not self.reached.is_set():
            self.reached.set()
            await self.thawed.wait()


class FrozenStore(SentStore):
    """A store whose caller is frozen before it records, the nth time."""

    def __init__(self, office: Office, ice: Ice, nth: int) -> None:
        super().__init__(office.client)
        self._ice, self._left = ice, nth

    async def save(self, remembered: Mapping[str, Remembered]) -> None:
        self._left -= 1
        if self._left == 0:
            await self._ice.pass_by()
        await super().save(remembered)


class FrozenProducer:
    """A producer whose caller is frozen before it sends."""

    def __init__(self, office: Office, ice: Ice) -> None:
        self._producer, self._ice = office.producer, ice

    async def send(self, *args: Any, **options: Any) -> Any:
        await self._ice.pass_by()
        return await self._producer.send(*args, **options)


def telling(office: Office, producer: Any = None, sent: SentStore | None = None) -> Telling:
    return Telling(producer or office.producer, sent or office.sent, Meters(SPECS), office.epoch, simulated=True)


def item(office: Office, outcome: str | None, cause: int) -> dict[str, Item]:
    row = {"code": office.code, "status": 4, "unit": office.unit, "steps": [office.step(outcome)]}
    return {office.code: Item(row, cause, 0.0, cause)}


async def highest(office: Office) -> str:
    """What an agency holds that keeps the highest version."""
    held: dict[str, Any] = {}
    for message in await office.told():
        if message["data"]["version"] > held.get("data", {}).get("version", 0):
            held = message
    return str(held["type"])


@pytest.mark.parametrize("frozen", ["before it records what it owes", "before it sends", "before it records it sent"])
async def test_a_dispatcher_frozen_in_the_middle_misleads_nobody(office: Office, frozen: str) -> None:
    ice, reach = Ice(), Reach(frozenset({office.unit}), frozenset())
    if frozen == "before it sends":
        late = telling(office, producer=FrozenProducer(office, ice))
    else:
        late = telling(office, sent=FrozenStore(office, ice, 1 if frozen == "before it records what it owes" else 2))
    woken = asyncio.create_task(late.tell(item(office, None, 1), reach, 0))
    await asyncio.wait_for(ice.reached.wait(), 10)
    other = telling(office)
    await other.tell(item(office, None, 1), reach, 0)
    await other.tell(item(office, "completed", 2), reach, 0)
    recorded = await office.sent.load([office.code])
    assert [one.state for one in recorded[office.code].sent] == ["closed"]
    ice.thawed.set()
    with pytest.raises(DatabaseError):
        await woken
    assert await office.sent.load([office.code]) == recorded, "nothing newer was replaced"
    assert await highest(office) == "task.closed"
    told = [(one["data"]["version"], one["id"]) for one in await office.told()]
    assert len(dict(told)) == len(set(told)), "a version names one message"


async def test_a_row_read_before_a_freeze_is_not_told_once_a_newer_was(office: Office) -> None:
    reach = Reach(frozenset({office.unit}), frozenset())
    await telling(office).tell(item(office, None, 1), reach, 0)
    await telling(office).tell(item(office, "completed", 2), reach, 0)
    await telling(office).tell(item(office, None, 1), reach, 0)
    assert [one["type"] for one in await office.told()] == ["task.assigned", "task.closed"]


async def test_for_whom_a_partition_was_read_is_recorded_over_what_was_known_only(office: Office) -> None:
    nobody, one = Reach(frozenset(), frozenset()), Reach(frozenset({"a"}), frozenset())
    both = Reach(frozenset({"a", "b"}), frozenset())
    topic = office.backends.unique("t")
    await office.sent.save_read_for(topic, 0, one, nobody)
    await office.sent.save_read_for(topic, 0, both, one)
    with pytest.raises(DatabaseError):
        await office.sent.save_read_for(topic, 0, nobody, one)
    assert await office.sent.read_for(topic, 0) == both
