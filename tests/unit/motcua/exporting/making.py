"""A small journal with its facts, as topics that are lists: lives with doubles, corrections, withdrawals, conflicts."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import orjson
import pytest

from motcua.exporting import reading
from motcua.exporting.formats import choose
from motcua.exporting.reading import Reader, Stack
from motcua.exporting.run import Done, Export, run
from motcua.exporting.selection import Selection
from shared.broker.partition import partition_of
from shared.contract.entries import REFERENCE_TYPES
from shared.instants import DAY, HOUR, MINUTE, parse_instant, to_rfc3339

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
PARTITIONS = 3
START = parse_instant("2026-08-03T08:00:00.123457+07:00")
GRANTS: tuple[dict[str, str], ...] = ({}, {"grant": "[]"}, {"grant": '["U1"]'}, {"grant": '["U2"]'}, {"grant": '["*"]'})
STACK = Stack("nowhere", "journal", "lifecycle", PARTITIONS, simulated=False)


@dataclass(frozen=True)
class Record:
    """What the broker gives."""

    partition: int
    offset: int
    timestamp: int
    key: bytes | None
    value: bytes | None


@dataclass
class Topics:
    """Topics of a stack as lists of records by partition."""

    held: dict[tuple[str, int], list[Record]] = field(default_factory=dict)
    reads: list[tuple[str, int]] = field(default_factory=list)

    def put(self, topic: str, partition: int, key: bytes | None, value: bytes | None) -> None:
        records = self.held.setdefault((topic, partition), [])
        offset = len(records)
        records.append(Record(partition, offset, 1_780_000_000_000 + offset, key, value))

    def entry(self, raw: Mapping[str, Any], partition: int | None = None) -> None:
        """Append an entry where intake would."""
        value = orjson.dumps(raw)
        if raw["type"] in REFERENCE_TYPES:
            key = b"clock" if raw["type"].startswith("clock.") else b"reference"
            for number in range(PARTITIONS):
                self.put("journal", number, key, value)
            return
        own = partition_of(raw["subject"], PARTITIONS) if partition is None else partition
        self.put("journal", own, raw["subject"].encode(), value)

    def row(self, row: Mapping[str, Any], offset: int) -> None:
        """Append a fact row as of a journal offset."""
        partition = partition_of(row["code"], PARTITIONS)
        cause = {"epoch": 1, "partition": partition, "offset": offset, "index": 0}
        event = {"type": "dossier.changed", "data": {"cause": cause, "row": row, "happened": []}}
        self.put("lifecycle", partition, row["code"].encode(), orjson.dumps(event))

    async def ends_of(self, _kafka: str, topic: str, partitions: int) -> dict[int, int]:
        return {number: len(self.held.get((topic, number), ())) for number in range(partitions)}

    async def read_topic(
        self, _kafka: str, topic: str, partitions: Iterable[int], ends: Mapping[int, int]
    ) -> AsyncIterator[Record]:
        for number in partitions:
            self.reads.append((topic, number))
            for record in self.held.get((topic, number), [])[: ends[number]]:
                yield record


def entry(type_: str, subject: str, id_: str, time: int, data: Any, **more: Any) -> dict[str, Any]:
    """A journal entry as intake writes it."""
    head = {"specversion": "1.0", "type": type_, "source": "test/a", "id": id_, "subject": subject}
    stamps = {"time": to_rfc3339(time), "recordedtime": to_rfc3339(time + MINUTE), "sender": "s"}
    return {**head, **stamps, "data": data, **more}


def life(code: str, chance: random.Random) -> list[dict[str, Any]]:
    """What is sent of one dossier, in the order of sending."""
    unit, other = (f"U{number}" for number in chance.sample(range(5), 2))
    at = START + chance.randrange(20) * DAY + chance.randrange(8 * HOUR)
    given = {"procedure": f"P/{chance.randrange(3)}", "channel": chance.choice(["online", "direct"]), "unit": unit}
    made = [
        entry("dossier.accepted", code, "1", at, given | {"promised_due": "2026-08-20", "receiving_unit": "U9"}),
        entry("step.assigned", code, "2", at + HOUR, {"step": "check", "unit": unit, "budget": 240}),
        entry("step.completed", code, "3", at + 2 * HOUR, {"step": "check", "unit": unit}),
        entry("quality.components_recorded", code, "4", at, {"total": 4, "digitised": 2}, sequence=1),
        entry("dossier.fee_paid", code, "5", at + HOUR, {"channel": "national", "amount": 10_000}, source="test/pay"),
    ]
    if chance.random() < 0.4:
        made.append(entry("dossier.handed_over", code, "6", at + DAY, {"unit": other}))
    if chance.random() < 0.4:
        made.append(entry("step.sent_back", code, "7", at + DAY, {"step": "check", "unit": other, "reason": "R1"}))
    if chance.random() < 0.8:
        made.append(entry("dossier.resolved", code, "8", at + 2 * DAY, {"e_result": chance.random() < 0.5}))
    corrected = [one | {"revision": 1, "data": one["data"] | {"unit": other}} for one in made if "unit" in one["data"]]
    withdrawn = [one | {"revision": 2, "data": None} for one in made[2:]]
    conflicting = [one | {"sender": "t", "data": one["data"] | {"unit": "U7"}} for one in made[1:3]]
    more = [*made, *corrected, *withdrawn, *conflicting]
    sent = made + chance.sample(more, chance.randrange(6))
    chance.shuffle(sent)
    stamped = random.Random(code)
    return [one | stamped.choice(GRANTS) for one in sent]


def facts_of(code: str, entries: list[dict[str, Any]]) -> dict[str, Any]:
    """A fact row in the form of the contract; what it says need not be what the engine would."""
    accepted = min(one["time"] for one in entries)
    return {
        "code": code,
        "status": 9,
        "unit": "U1" if code.endswith("1") else "U2.3",
        "channel": "online",
        "procedure": "P/1",
        "accepted_at": accepted,
        "finished_at": "2026-08-20T10:00:00.000001Z",
        "judged_at": "2026-08-20T10:00:00.000001Z",
        "finish": "resolved",
        "due": "2026-08-20T10:00:00.000000Z",
        "pauses": [["2026-08-05T00:00:00.000000Z", None]],
        "steps": [{"step": "check", "unit": "U1", "occurrence": 1, "planned": True, "budget": 240, "over_us": 5}],
        "blame": [{"unit": "U1", "delay_us": 7}, {"unit": None, "delay_us": 4}],
        "rejections": [{"code": "not_the_owner", "source": "test/a", "id": "3", "unit": "U2", "owner": "U1"}],
        "findings": [],
        "entries": len(entries),
    }


@dataclass
class Journal:
    """Topics with what was put into them."""

    topics: Topics
    sent: dict[str, list[dict[str, Any]]]
    rows: dict[str, dict[str, Any]]


def journal(seed: int = 5, dossiers: int = 40) -> Journal:
    """A journal of some dossiers, two reference entries, a tick and what is no entry."""
    chance = random.Random(seed)
    made = Journal(Topics(), {}, {})
    unit = entry("unit.revised", "U1", "1", START, {"unit": "U1", "name": "Một cửa"}, source="test/units")
    made.topics.entry(unit)
    made.topics.entry(unit | {"revision": 1, "data": {"unit": "U1", "name": "Hai cửa"}})
    made.topics.entry(entry("clock.ticked", "clock", "t", START, {}, source="test/clock"))
    waiting = []
    for number in range(dossiers):
        code = f"D-{number:03}"
        made.sent[code] = life(code, chance)
        waiting += [(code, one) for one in made.sent[code]]
        made.rows[code] = facts_of(code, made.sent[code])
    chance.shuffle(waiting)
    seen = dict.fromkeys(made.sent, 0)
    for code, one in waiting:
        made.topics.entry(one)
        seen[code] += 1
        place = len(made.topics.held["journal", partition_of(code, PARTITIONS)]) - 1
        made.topics.row(made.rows[code] | {"entries": seen[code]}, place)
    first = next(iter(made.sent.values()))[0]
    made.topics.row(made.rows[first["subject"]] | {"entries": 0}, 0)  # told again after a restart: older
    made.topics.put("lifecycle", 0, b"clock:0", orjson.dumps({"type": "clock.advanced", "data": {}}))
    made.topics.entry(first, (partition_of(first["subject"], PARTITIONS) + 1) % PARTITIONS)
    made.topics.put("journal", 0, b"x", b"{no json")
    made.topics.put("journal", 0, first["subject"].encode(), orjson.dumps(first | {"simulated": True}))
    return made


def use(monkeypatch: pytest.MonkeyPatch, topics: Topics) -> None:
    """Let exports read these topics."""
    monkeypatch.setattr(reading, "read_topic", topics.read_topic)
    monkeypatch.setattr(reading, "ends_of", topics.ends_of)


def untold(done: int, total: int) -> None:
    """Progress nobody is told of."""
    del done, total


async def export(file: Path, what: str = "journal", selection: Selection | None = None, **more: Any) -> Done:
    """Export what is read to a file, in the form its name tells."""
    wanted = Export(
        what, str(file), choose(str(file), None), selection or Selection(), more.pop("raw", False), ZONE, **more
    )
    return await run(wanted, STACK, untold)


def reader(folder: Path, selection: Selection | None = None) -> Reader:
    """A reader of the topics in use."""
    return Reader(STACK, selection or Selection(), folder, untold)


def names(folder: Path) -> list[str]:
    """What is in a folder."""
    return sorted(path.name for path in folder.iterdir())
