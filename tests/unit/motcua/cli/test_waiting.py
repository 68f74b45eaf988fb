"""Waiting for the figures: a revision that goes through many dossiers moves, though it is one entry."""

from __future__ import annotations

from typing import Any

import pytest

from deploy.operations.epochs import reading
from motcua.cli import waiting
from motcua.cli.errors import CommandError


class Clock:
    """Time that passes only by sleeping."""

    def __init__(self) -> None:
        self.now = 0.0

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += 100 * seconds


class Stack:
    """A stack of one partition whose journal ends at 8; each look at it finds what the story says next."""

    def __init__(self, *story: dict[str, Any] | None) -> None:
        self.story = list(story)
        self.stack = type("Told", (), {"partitions": 1})()
        self.kafka, self.journal = "", "journal"

    def replicas(self, _service: str) -> list[str]:
        return ["http://processing"]

    def get_at(self, _address: str, _path: str) -> dict[str, Any]:
        place = self.story.pop(0) if len(self.story) > 1 else self.story[0]
        return {"partitions": {} if place is None else {"0": place}}

    def get(self, _service: str, _path: str) -> dict[str, Any]:
        return {"epoch": 1, "partitions": {"0": {"position": 8}}}


def place(next_: int | None, done: int | None = None) -> dict[str, Any]:
    revision = None if done is None else {"done": done, "of": 900, "entry": {"offset": 7}}
    return {"next": next_, "revision": revision}


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(waiting, "time", made)

    async def ends(_kafka: str, _topic: str, _count: int) -> dict[int, int]:
        return {0: 8}

    monkeypatch.setattr(reading, "ends_of", ends)
    return made


def wait(stack: Stack) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
    told: tuple[list[tuple[int, int]], list[tuple[int, int]]] = ([], [])
    counted: Any = stack
    waiting.wait_until_counted(
        counted, lambda done, of: told[0].append((done, of)), lambda done, of: told[1].append((done, of))
    )
    return told


def test_a_pass_that_gets_on_is_waited_for_however_long_it_takes(clock: Clock) -> None:
    story = [place(7, done) for done in range(0, 900, 100)]
    entries, dossiers = wait(Stack(*story, place(8)))
    assert clock.now > waiting._PATIENCE
    assert entries == [(7, 8)] * 9 + [(8, 8)]
    assert dossiers == [(done, 900) for done in range(0, 900, 100)] + [(0, 0)]


def test_a_pass_that_stands_is_told_of(clock: Clock) -> None:
    with pytest.raises(CommandError, match="7/8"):
        wait(Stack(place(7, 300)))
    assert clock.now > waiting._PATIENCE


def test_a_partition_nobody_tells_of_for_a_while_is_waited_for(clock: Clock) -> None:
    entries, _ = wait(Stack(None, place(None), place(7), place(8)))
    assert entries[-1] == (8, 8)
    assert clock.now < waiting._PATIENCE
