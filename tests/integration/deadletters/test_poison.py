"""A poisoned record on every topic: no crash, no partition blocked; each a dead letter with its reason, counted.

Afterwards the figures are those of the oracle over the good entries, and a rebuild over the same poison agrees.
"""

from __future__ import annotations

import json
import random
import signal
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from shared.broker.partition import partition_of
from shared.broker.topics import DEADLETTER, EPOCH, JOURNAL, lifecycle, reference
from tests.integration.deadletters.poison import Record, accepted, dead_letters, put
from tests.oracle.cases.dossier import all_facts
from tests.oracle.compare import compare
from tests.oracle.figures import Period, indices
from tests.oracle.journal import read_journal
from tests.stack import StackFactory
from tests.suite import Suite
from tests.waiting import until

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
APRIL = Period(date(2024, 4, 1), date(2024, 4, 30), ZONE)
T = datetime(2024, 4, 18, 1, tzinfo=ZoneInfo("UTC"))
SEED = 20_240_418


def journal_poison(partition: int, partitions: int, chance: random.Random) -> list[tuple[str, Record]]:
    """Records for one partition of the journal, with the reason expected of their dead letters."""
    code = next(f"P-{n}" for n in range(1000) if partition_of(f"P-{n}", partitions) == partition)
    elsewhere = next(f"P-{n}" for n in range(1000) if partition_of(f"P-{n}", partitions) != partition)
    good = accepted(code)
    tick = {**good, "type": "clock.ticked", "subject": "clock", "data": {}, "time": "2190-01-01T00:00:00Z"}
    rule = {**good, "type": "rule.activated", "data": {"rule": "r", "version": "1"}}

    def record(entry: Any, key: str = code) -> Record:
        return key.encode(), json.dumps(entry).encode()

    return [
        ("not_json", (code.encode(), b"")),
        ("not_json", (code.encode(), None)),
        ("not_json", (None, chance.randbytes(200))),
        ("not_json", (code.encode(), b'{"type": "dossier.accepted", ')),
        ("not_json", (code.encode(), b"[" * 20_000)),
        ("malformed", record([good])),
        ("malformed", record(None)),
        ("malformed", record({**good, "data": {"unit": 7, "channel": "online"}})),
        ("malformed", record({**good, "time": "once upon a time"})),
        ("malformed", record({name: value for name, value in good.items() if name != "data"})),
        ("malformed", record({**good, "revision": 10**30})),
        ("unknown_type", record({**good, "type": "dossier.eaten"})),
        ("unknown_type", record({**good, "type": ["dossier.accepted"]})),
        ("wrong_key", record(rule)),
        ("malformed", record({**rule, "data": {"rule": "r"}}, "reference")),
        ("wrong_partition", record(accepted(elsewhere), elsewhere)),
        ("wrong_key", record(good, "another")),
        ("wrong_key", (None, json.dumps(good).encode())),
        ("wrong_key", record(tick, code)),
        ("wrong_kind", record({**good, "simulated": True})),
    ]


def lifecycle_poison(partition: int) -> list[tuple[str, Record]]:
    """The same for the lifecycle topic."""
    key = f"clock:{partition}"
    event = {"specversion": "1.0", "id": "x", "source": "x", "subject": key, "time": "2024-04-10T00:00:00Z"}
    cause = {"epoch": 1, "partition": partition, "offset": 10**9, "index": 0}
    data = {"cause": cause, "clock": "2190-01-01T00:00:00Z"}
    clock: dict[str, Any] = {**event, "type": "clock.advanced", "data": data}

    def record(value: Any, key: str = key) -> Record:
        return key.encode(), json.dumps(value).encode()

    return [
        ("not_json", (b"x", b"\xff\x00\xff")),
        ("tombstone", (b"H44-240410-0001", None)),
        ("malformed", record({**clock, "type": "clock.stopped"})),
        ("malformed", record({**clock, "data": {**data, "clock": "never"}})),
        ("wrong_epoch", record({**clock, "data": {**data, "cause": {**cause, "epoch": 77}}})),
        (
            "wrong_partition",
            record({**clock, "data": {**data, "cause": {**cause, "partition": partition + 1}}}),
        ),
        ("wrong_key", record(clock, "clock:99")),
    ]


def reference_poison() -> list[tuple[str, Record]]:
    """The same for what processing tells of reference data."""
    unit = {"unit": "H44", "name": "?"}
    entry = {**accepted("r"), "type": "unit.revised", "subject": "H44", "time": "2024-01-01T00:00:00Z", "data": unit}
    cause = {"epoch": 1, "partition": 0, "offset": 10**9, "index": 0}
    event = {
        "specversion": "1.0",
        "id": "x",
        "source": "x",
        "subject": "reference",
        "time": "2024-04-10T00:00:00Z",
        "type": "reference.revised",
        "data": {"cause": cause, "entry": entry},
    }

    def record(value: Any, key: str = "x") -> Record:
        return key.encode(), json.dumps(value).encode()

    return [
        ("not_json", (b"x", b"\xff\x00\xff")),
        ("malformed", record({**event, "type": "reference.eaten"})),
        ("wrong_epoch", record({**event, "data": {"cause": {**cause, "epoch": 77}, "entry": entry}})),
        ("wrong_key", record(event)),
    ]


def send_good(suite: Suite, day: int) -> None:
    entries = [accepted(f"H44-2404{day}-{n:04}", time=f"2024-04-{day}T08:{n % 60:02}:00+07:00") for n in range(80)]
    end = {"type": "dossier.resolved", "time": "2024-04-16T10:00:00+07:00", "data": {}}
    entries += [{**entry, **end, "id": f"{entry['id']}/end"} for entry in entries[::3]]
    tick = accepted("clock", type="clock.ticked", id=f"tick/{day}", time=T.isoformat(), data={})
    body = b"\n".join(json.dumps(entry).encode() for entry in [*entries, tick])
    answer = suite.post("/v1/entries:batch", body, "application/x-ndjson").json()
    assert (answer["refused"], answer["unknown"]) == (0, 0), answer


@pytest.mark.timeout(300)
def test_poison_on_every_topic(local_stack: StackFactory, tmp_path: Path) -> None:
    suite = Suite(local_stack("data"))
    kafka, chance = suite.address("kafka"), random.Random(SEED)
    send_good(suite, 10)
    expected: dict[tuple[str, int, int], str] = {}

    def poison(topic: str, partition: int, records: list[tuple[str, Record]]) -> None:
        offsets = put(kafka, topic, partition, [record for _, record in records])
        for offset, (reason, _) in zip(offsets, records, strict=True):
            expected[topic, partition, offset] = reason

    for partition in range(suite.partitions):
        poison(JOURNAL, partition, journal_poison(partition, suite.partitions, chance))
    send_good(suite, 11)
    suite.wait_counted()
    for partition in range(suite.partitions):
        poison(lifecycle(1), partition, lifecycle_poison(partition))
    poison(reference(1), 0, reference_poison())
    nobody = [(b"live", b"\xff"), (b"live", None), (b"live", b'{"epoch": -1}'), (b"other", b'{"epoch": 5}')]
    pointers = put(kafka, EPOCH, 0, nobody)
    expected |= dict.fromkeys([(EPOCH, 0, offset) for offset in pointers[:3]], "malformed")
    put(kafka, DEADLETTER, 0, [(None, b"\xff"), (b"x", None), (None, b"[1]")])
    send_good(suite, 12)
    suite.wait_counted()

    until(lambda: set(expected) <= set(dead_letters(kafka)), "a dead letter for each poisoned record", 30)
    letters = dead_letters(kafka)
    assert {place: letters[place]["reason"] for place in expected} == expected
    assert set(letters) == set(expected), "nothing good is a dead letter"
    assert all(letter["detail"] for letter in letters.values())
    _counted(suite, expected)
    _everything_holds(suite, expected, tmp_path)

    for name in ("processing", "metrics"):
        suite.stack.kill(name, signal.SIGKILL)
    suite.stack.wait_ready()
    send_good(suite, 15)
    suite.wait_counted()
    _everything_holds(suite, expected, tmp_path)
    rebuilt = suite.rebuild()
    assert (rebuilt["differences"], rebuilt["dossiers"]) == (0, 320), rebuilt


def _counted(suite: Suite, expected: dict[tuple[str, int, int], str]) -> None:
    for reason in set(expected.values()):
        label = f'reason="{reason}"'
        of_journal = sum(one == reason for (topic, _, _), one in expected.items() if topic == JOURNAL)
        others = sum(one == reason for (topic, _, _), one in expected.items() if topic != JOURNAL)
        assert suite.metric("processing", "motcua_processing_deadletters_total", [label]) == of_journal, reason
        assert suite.metric("metrics", "motcua_metrics_deadletters_total", [label]) == others, reason


def _everything_holds(suite: Suite, expected: dict[tuple[str, int, int], str], tmp_path: Path) -> None:
    """All partitions run, and the figures are those of the oracle over the journal without the dead letters."""
    places = suite.get("processing", "/v1/positions").json()["partitions"]
    assert {place["state"] for place in places.values()} == {"running"}
    assert len(places) == suite.partitions
    lines = suite.export(tmp_path / "journal.ndjson")
    good = [line for line in lines if (JOURNAL, line["partition"], line["offset"]) not in expected]
    read = read_journal(good, suite.partitions)
    assert set(read.clocks.values()) == {T}
    facts = all_facts(read, ZONE)
    for by in (None, "channel"):
        told = suite.indices("2024-04-01", "2024-04-30", children="true", by=by)
        assert compare(told, indices(facts, APRIL, T, children=True, by=by)) == []
