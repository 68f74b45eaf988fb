"""What the register tells of itself, and how it notices that its client reads no more."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest
from aiokafka import TopicPartition

from services.intake.deadletters import register as deadletter_register
from services.intake.deadletters.register import Register
from services.intake.deadletters.store import DeadLetterStore, Group
from shared.catalogue.base import Meters
from shared.catalogue.intake import SPECS
from shared.clock import FixedClock
from shared.instants import SECOND
from tests.unit.intake.parts import NOW

PLACE = TopicPartition("letters", 0)


class Consumer:
    """A client whose positions and ends are given one look after the other; then the watch is cancelled."""

    def __init__(self, *looks: tuple[int, int] | None) -> None:
        self._looks = iter(looks)
        self._position = 0

    def assignment(self) -> set[TopicPartition]:
        try:
            look = next(self._looks)
        except StopIteration:
            raise asyncio.CancelledError from None
        if look is None:
            return set()
        self._position, self._end = look
        return {PLACE}

    async def end_offsets(self, places: list[TopicPartition]) -> dict[TopicPartition, int]:
        assert places, "a client may be asked about no partition only by mistake"
        return dict.fromkeys(places, self._end)

    async def position(self, _place: TopicPartition) -> int:
        return self._position


@pytest.fixture
def meters() -> Meters:
    return Meters(SPECS)


@pytest.fixture
def register(monkeypatch: pytest.MonkeyPatch, meters: Meters) -> Register:
    monkeypatch.setattr(deadletter_register, "_WATCH_SECONDS", 0)
    store = DeadLetterStore("mongodb://127.0.0.1:1", "nowhere")
    return Register("127.0.0.1:1", store, FixedClock(NOW), meters, days=30)


async def _watch(register: Register, *looks: tuple[int, int] | None, busy: bool = False) -> str:
    kept: Any = register
    kept._subscriber = SimpleNamespace(consumer=Consumer(*looks))
    kept._busy = busy
    try:
        await register._watch()
    except TimeoutError as error:
        return str(error)
    except asyncio.CancelledError:
        return ""
    raise AssertionError("the watch has no end")


@pytest.mark.parametrize(
    ("looks", "said"),
    [
        ([(5, 9), (5, 9)], "the reading stands at offset 5"),
        ([(5, 9), (5, 12)], "the reading stands at offset 5"),
        ([(5, 9), (6, 9), (7, 9)], ""),
        ([(9, 9), (9, 9)], ""),
        ([(9, 9), (9, 10), (9, 10)], "the reading stands at offset 9"),
        ([None, None], ""),
        ([(5, 9), None, (5, 9)], ""),
    ],
)
async def test_a_client_that_reads_no_more_is_noticed(
    register: Register, looks: list[tuple[int, int] | None], said: str
) -> None:
    assert await _watch(register, *looks) == said


async def test_one_that_waits_for_the_database_is_left_alone(register: Register) -> None:
    assert await _watch(register, (5, 9), (5, 9), (5, 9), busy=True) == ""


def _group(reason: str, count: int = 1, state: Any = "open", age: int = 0) -> Group:
    seen = NOW - age * SECOND
    return Group("processing", reason, state, count, seen, NOW)


def test_forged_reasons_do_not_make_endless_series(register: Register, meters: Meters) -> None:
    register._tell([_group(f"reason_{number}", number + 1) for number in range(150)])
    text = meters.exposition().decode()
    series = [line for line in text.splitlines() if line.startswith("motcua_intake_deadletters{")]
    assert len(series) == 101
    assert f'motcua_intake_deadletters{{reason="other",service="other"}} {sum(range(1, 51))}.0' in series
    register._tell([])
    assert 'reason="other",service="other"} 0.0' in meters.exposition().decode()


def test_settled_letters_are_not_open_and_those_under_way_are(register: Register, meters: Meters) -> None:
    states = [("open", 10), ("replaying", 50), ("replayed", 99), ("discarded", 99)]
    register._tell([_group("not_json", 2, state, age) for state, age in states])
    text = meters.exposition().decode()
    assert 'motcua_intake_deadletters{reason="not_json",service="processing"} 4.0' in text
    assert "motcua_intake_deadletters_oldest_seconds 50.0" in text
