"""In every partition ticks stand between the entries they stand between in the file, whatever fails meanwhile."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import orjson
import pytest

from motcua.importing.options import ImportOptions
from motcua.importing.progress import Progress, Summary
from motcua.importing.reasons import ImportFailed
from motcua.importing.run import run_import
from shared.broker.partition import partition_of
from tests.unit.motcua.importing.fake_intake import FakeIntake
from tests.unit.motcua.importing.fake_intake import options as fake_options
from tests.unit.motcua.importing.sending.troubled import KEY, PARTITIONS, TroubledIntake

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
Named = tuple[str, str, str]


class Killed(BaseException):
    """The client's end in the middle of its work."""


def log(path: Path, seed: int, entries: int, days: int) -> tuple[list[Named], list[Named]]:
    """Write a log of entries in no order; what is to be sent in the order of time, ticks included, and what refused."""
    chance = random.Random(seed)
    start = datetime(2019, 12, 20, tzinfo=ZONE)
    times = sorted(start + timedelta(seconds=chance.randrange(days * 86_400)) for _ in range(entries))
    # Some at midnight itself, which belong to the new day.
    times = sorted(time.replace(hour=0, minute=0, second=0) if chance.random() < 0.1 else time for time in times)
    lines: list[bytes] = []
    wanted: list[Named] = []
    refused: list[Named] = []
    day = times[0].date()
    tick = ""
    for number, time in enumerate(times):
        if time.date() != day:
            day = time.date()
            tick = text(datetime.combine(day, datetime.min.time(), ZONE))
            wanted.append(("clock.ticked", "clock", f"tick/{tick}"))
        subject = f"S{chance.randrange(entries)}"
        named = ("dossier.accepted", subject, f"e{number}")
        # A fault that only intake finds: the key may not speak for the unit V.
        bad = chance.random() < 0.05
        (refused if bad else wanted).append(named)
        entry = {
            "specversion": "1.0", "id": named[2], "source": "log", "type": named[0], "subject": subject,
            "time": time.isoformat(), "data": {"unit": "V" if bad else "U", "channel": "direct"},
        }  # fmt: skip
        lines.append(orjson.dumps(entry))
    if text(times[-1]) != tick:
        wanted.append(("clock.ticked", "clock", f"tick/{text(times[-1])}"))
    chance.shuffle(lines)
    path.write_bytes(b"\n".join(lines))
    return wanted, refused


def text(time: datetime) -> str:
    return time.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000000Z")


def in_partition(wanted: list[Named], partition: int) -> list[Named]:
    return [
        one for one in wanted if one[0] == "clock.ticked" or partition_of(one[1], PARTITIONS) == partition
    ]  # fmt: skip


def between_ticks(entries: list[Named]) -> list[tuple[str, frozenset[Named]]]:
    """Each tick with what came since the one before; between two ticks no order is promised."""
    found, since = [], set[Named]()
    for one in entries:
        if one[0] == "clock.ticked":
            found.append((one[2], frozenset(since)))
            since = set()
        else:
            since.add(one)
    return [*found, ("end", frozenset(since))]


async def imported(
    intake: TroubledIntake, home: Path, file: Path, kills: list[int], chance: random.Random
) -> tuple[Summary, int]:
    """Import to the end, killed after some reports and resumed; other sizes of batches after each kill."""
    killed = 0
    while True:
        left = kills.pop(0) if kills else None

        def watch(_: Progress) -> None:
            nonlocal left
            if left is not None:
                left -= 1
                if left < 0:
                    raise Killed

        made = ImportOptions(
            file=file, intake_url="http://intake.test", key=KEY, home=home, clock="data", transport=intake.transport,
            sleep=intake.pause, batch_size=chance.choice((3, 17, 40, 100)), in_flight=chance.choice((1, 2, 3)),
            patience=1e9,
        )  # fmt: skip
        try:
            return await run_import(made, watch), killed
        except Killed:
            killed += 1


@pytest.mark.parametrize("seed", range(12))
async def test_ticks_keep_their_place_in_every_partition(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    # Few entries a day, so that a batch has many ticks; or many, so that batches fly together.
    wanted, refused = log(tmp_path / "log.ndjson", seed, 300, chance.choice((2, 30, 900)))
    intake = TroubledIntake(seed, chance.choice((0.0, 0.1, 0.3)))
    kills = [chance.randint(1, 12) for _ in range(chance.randint(0, 4))]
    async with intake.settled():
        summary, _ = await imported(intake, tmp_path / "home", tmp_path / "log.ndjson", kills, chance)
    assert summary.ticks == sum(one[0] == "clock.ticked" for one in wanted)
    assert (summary.accepted, summary.refused) == (len(wanted) - summary.ticks, len(refused))
    for partition in range(PARTITIONS):
        found = intake.first_appearances(partition)
        assert between_ticks(found) == between_ticks(in_partition(wanted, partition))


async def test_many_ticks_need_few_requests(tmp_path: Path) -> None:
    """Six hundred days in a batch or two: a tick costs no request of its own."""
    log(tmp_path / "log.ndjson", 7, 400, 900)
    intake = FakeIntake("data")
    summary = await run_import(
        fake_options(intake, tmp_path / "home", tmp_path / "log.ndjson", clock="data", batch_size=1_000, in_flight=3)
    )
    assert summary.ticks > 250
    # The clock's mode, what came before the first tick, that tick alone, all the rest.
    assert len(intake.requests) == 4


async def test_batches_without_ticks_fly_together(tmp_path: Path) -> None:
    wanted, _ = log(tmp_path / "log.ndjson", 3, 200, 1)
    intake = TroubledIntake(3, 0.0)
    made = ImportOptions(
        file=tmp_path / "log.ndjson", intake_url="http://intake.test", key=KEY, home=tmp_path, clock="data",
        transport=intake.transport, sleep=intake.pause, batch_size=20, in_flight=3,
    )  # fmt: skip
    summary = await run_import(made)
    assert (summary.ticks, intake.transport.most_under_way) == (1, 3)
    for partition in range(PARTITIONS):
        assert between_ticks(intake.first_appearances(partition)) == between_ticks(in_partition(wanted, partition))


async def test_a_key_that_may_not_tick_ends_the_import_before_anything_of_a_second_day(tmp_path: Path) -> None:
    wanted, _ = log(tmp_path / "log.ndjson", 5, 60, 20)
    intake = TroubledIntake(5, 0.0, "importer")
    made = ImportOptions(
        file=tmp_path / "log.ndjson", intake_url="http://intake.test", key=KEY, home=tmp_path, clock="data",
        transport=intake.transport, sleep=intake.pause,
    )  # fmt: skip
    with pytest.raises(ImportFailed, match="clock"):
        await run_import(made)
    first_tick = next(place for place, one in enumerate(wanted) if one[0] == "clock.ticked")
    there = {one for number in range(PARTITIONS) for one in intake.first_appearances(number)}
    assert there == set(wanted[:first_tick])


async def test_a_tick_refused_among_others_ends_the_import(tmp_path: Path) -> None:
    """What was sent with it is sent again by the next run."""
    wanted, _ = log(tmp_path / "log.ndjson", 9, 80, 40)
    ticks = [one[2] for one in wanted if one[0] == "clock.ticked"]
    intake = FakeIntake("data")
    intake.forbidden = {ticks[5]}
    made = fake_options(intake, tmp_path / "home", tmp_path / "log.ndjson", clock="data", batch_size=1_000)
    with pytest.raises(ImportFailed, match="Not your source"):
        await run_import(made)
    intake.forbidden = set()
    summary = await run_import(made)
    assert summary.ticks == len(ticks)
    assert {entry["id"] for entry in intake.journal if entry["type"] == "clock.ticked"} == set(ticks)
