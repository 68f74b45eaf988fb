"""Intake refuses before the disk is full, and after a broker's storage error; it goes on by itself."""

from __future__ import annotations

from pathlib import Path

import pytest
from aiokafka.errors import KafkaStorageError, KafkaTimeoutError

from services.intake.admission.admit import Admitted
from services.intake.journal import Journal
from services.intake.room.watch import Room, free_bytes
from shared.catalogue.base import Meters
from shared.catalogue.intake import SPECS
from shared.problems.problem import Problem
from tests.small_disk import fill, small_disk


class Disks:
    def __init__(self, **free: int) -> None:
        self.free = free
        self.now = 100.0

    def look(self, folder: Path) -> int:
        if folder.name not in self.free:
            raise FileNotFoundError(folder)
        return self.free[folder.name]

    def room(self, least: int = 50) -> Room:
        folders = [Path(name) for name in ("gone", "large", "small")]
        return Room(folders, least, Meters(SPECS), free=self.look, monotonic=lambda: self.now)


def code(room: Room) -> str | None:
    refusal = room.refusal()
    return None if refusal is None else refusal.code


def test_the_folder_with_the_least_decides_and_room_made_is_seen() -> None:
    disks = Disks(large=1_000, small=49)
    room = disks.room()
    assert code(room) is None, "not looked at yet"
    room.look()
    refusal = room.refusal()
    assert refusal is not None
    assert (refusal.status, refusal.code, refusal.headers["Retry-After"]) == (503, "disk_short", "30")
    assert "small" in refusal.body("en")["detail"]
    assert "0 MB" in refusal.body("vi")["detail"]
    disks.free["small"] = 50
    room.look()
    assert code(room) is None


def test_what_cannot_be_looked_at_hinders_nothing() -> None:
    room = Disks().room()
    room.look()
    assert code(room) is None


def test_a_storage_error_speaks_for_a_while() -> None:
    disks = Disks(large=1_000, small=1_000)
    room = disks.room()
    room.note(KafkaTimeoutError())
    assert code(room) is None
    room.note(KafkaStorageError())
    assert code(room) == "broker_disk"
    disks.now += 10
    assert code(room) is None, "an entry may try"


@pytest.mark.parametrize("way", ["write_one", "write_many", "write_batch"])
async def test_the_journal_learns_from_every_way_of_writing(way: str) -> None:
    class Failing:
        def create_batch(self) -> Failing:
            return self

        def append(self, **_: object) -> bool:
            return True

        async def send(self, *_: object, **__: object) -> None:
            raise KafkaStorageError

        send_batch = send

    room = Disks(large=1_000, small=1_000).room()
    journal = Journal("nowhere:1", 2, Meters(SPECS), room=room)
    vars(journal).update(_producer=Failing(), _found=2, broker_answers=True)
    entry = Admitted("t", "s", "1", "H1", 0, b"H1", b"{}")
    if way == "write_batch":
        await journal.write_batch(b"k", [b"v"], 0)
    elif way == "write_many":
        await journal.write_many([entry])
    else:
        with pytest.raises(Problem):
            await journal.write_one(entry)
    assert code(room) == "broker_disk"


def test_a_real_disk_is_looked_at(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", 4) as mounted:
        if not mounted:
            pytest.skip("no file system can be mounted here")
        room = Room([tmp_path / "disk"], 1_000_000, Meters(SPECS))
        room.look()
        assert code(room) is None
        filler = fill(tmp_path / "disk")
        assert free_bytes(tmp_path / "disk") == 0
        room.look()
        assert code(room) == "disk_short"
        filler.unlink()
        room.look()
        assert code(room) is None
