"""The journal gets more partitions, twice, while a sender goes on: nothing is lost, doubled, counted or told otherwise.

One stack; the figures before, between and after are the oracle's over the journal's export.
"""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from deploy.local.backends.fence import is_fenced, put_up
from deploy.local.backends.topics import create_agency, live
from deploy.local.home import SERVICES
from shared.broker.kafka import make_producer
from shared.broker.partition import partition_of
from shared.broker.topics import DEADLETTER, journal
from tests.faults.lives import FIRST_DAY, LAST_DAY, stream
from tests.faults.reference import AGENCY
from tests.faults.sender import Sender
from tests.faults.told import agency_messages, entered_told, lifecycle_told, wait_dispatched
from tests.oracle.compare import compare
from tests.oracle.expected import expected
from tests.oracle.figures import Period
from tests.oracle.journal import content_hash, read_lines
from tests.stack import StackFactory
from tests.suite import Suite
from tests.waiting import until

pytestmark = pytest.mark.timeout(300)

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
SEED = 2_026_12
PERIOD = Period(FIRST_DAY, LAST_DAY + timedelta(days=30), ZONE)
EVERYWHERE = ("clock.", "calendar.", "procedure.", "route.", "unit.", "rule.")

FIGURE_SAYS = ("before", "H44", "2024-04-01", "2024-04-30")
FIGURE = {
    "specversion": "1.0",
    "type": "indicator.entered",
    "source": "survey",
    "id": "before",
    "subject": "H44/2024",
    "time": "2024-04-08T00:00:00Z",
    "data": dict(zip(("indicator", "unit", "first_day", "last_day"), FIGURE_SAYS, strict=True)) | {"value": "7"},
}


def test_a_journal_grows_under_a_sender(local_stack: StackFactory, tmp_path: Path) -> None:
    suite = _with_an_agency(local_stack)
    entries = stream(SEED, 50)
    # What goes to all partitions comes first, as their clocks must be equal when the journal is fenced.
    entries.sort(key=lambda entry: not entry["type"].startswith(EVERYWHERE))
    shared = sum(entry["type"].startswith(EVERYWHERE) for entry in entries)
    sender = Sender(suite.address("intake"), suite.stack.admin_key(), entries)
    sender.start()
    half = shared + (len(entries) - shared) // 2
    sender.allow(half)
    sender.wait_for(half, 60)
    asyncio.run(_tell_everywhere(suite, FIGURE))
    suite.wait_counted()
    assert FIGURE_SAYS in entered_told(suite), "a figure of before, that was told to every partition"

    _a_killed_growth_leaves_nothing(suite)
    quiet = _figures(suite)
    grown = _grow_under(suite, sender, len(entries))
    assert (grown["partitions"], grown["differences"], grown["switched"]) == (3, 0, True), grown
    assert grown["generation"] > 1
    sender.wait_for(len(entries), 60)
    assert sender.repeated > 0, "nothing was sent while the journal was fenced"
    suite.wait_counted()
    lines = _exported(suite, tmp_path / "grown.ndjson")
    _all_are_there_once(suite, entries, lines)
    _is_the_oracles(suite, lines)
    assert quiet != _figures(suite), "little was sent during the growth"
    _a_key_in_a_wrong_partition_is_refused(suite, entries)

    wait_dispatched(suite)
    told = agency_messages(suite, AGENCY)
    assert told
    before = _figures(suite)
    again = _grow_by_addresses(suite, 5)
    assert (again["partitions"], again["differences"], again["switched"]) == (5, 0, True), again
    assert _figures(suite) == before, "metrics follows to another number of partitions by itself"
    pointer = asyncio.run(live(suite.address("kafka")))
    assert pointer is not None
    assert (pointer.epoch, pointer.generation, pointer.partitions) == (again["epoch"], again["generation"], 5)
    report = json.dumps(next(entry for entry in entries if entry["type"] == "dossier.accepted")).encode()
    assert suite.post("/v1/entries", report).status_code == 503, "intake does not know the new journal yet"

    # As if the stack had been killed right after the switch, and behind the fence of another growth: its next start
    # finds both.
    asyncio.run(put_up(suite.address("kafka"), journal(again["generation"])))
    suite.stack.down()
    assert "was left fenced" in suite.stack.up().note
    assert suite.partitions == 5
    suite.wait_counted()
    assert _figures(suite) == before
    wait_dispatched(suite)
    assert agency_messages(suite, AGENCY) == told, "an agency was told a second time"
    assert suite.post("/v1/entries", report).status_code == 202
    assert "not more than" in suite.motcua_here("grow", "--partitions", "5", code=1)


def _exported(suite: Suite, path: Path) -> list[dict[str, Any]]:
    suite.motcua_here("journal", "export", str(path))
    return list(read_lines(path))


def _with_an_agency(local_stack: StackFactory) -> Suite:
    suite = Suite(local_stack("data", services=(), settings={"MOTCUA_DISPATCH_SECONDS": "0"}, partitions=2))
    # Before the dispatcher looks for the first time: its next look is seconds away.
    asyncio.run(create_agency(suite.address("kafka"), AGENCY))
    suite.stack.request("services", names=SERVICES)
    suite.stack.wait_ready()
    return suite


def _figures(suite: Suite) -> list[dict[str, Any]]:
    return suite.indices(str(PERIOD.first), str(PERIOD.last), children="true")


def _is_the_oracles(suite: Suite, lines: list[dict[str, Any]]) -> None:
    oracle = expected(lines, ZONE, suite.partitions)
    assert compare(_figures(suite), oracle.indices(PERIOD, children=True)) == []
    assert set(lifecycle_told(suite).rows) == set(oracle.rows())
    assert entered_told(suite) == oracle.entered()
    assert FIGURE_SAYS in oracle.entered()


def _identity(entry: dict[str, Any]) -> tuple[str, str, str, int, str]:
    return entry["subject"], entry["source"], entry["id"], entry.get("revision", 0), content_hash(entry)


def _all_are_there_once(suite: Suite, entries: list[dict[str, Any]], lines: list[dict[str, Any]]) -> None:
    held: dict[tuple[str, str, str, int, str], set[int]] = {}
    for line in lines:
        held.setdefault(_identity(line["entry"]), set()).add(line["partition"])
    for entry in entries:
        wanted = {partition_of(entry["subject"], suite.partitions)}
        if entry["type"].startswith(EVERYWHERE):
            wanted = set(range(suite.partitions))
        assert held[_identity(entry)] == wanted, entry


def _growing(suite: Suite, partitions: int) -> subprocess.Popen[str]:
    """The command, once the journal is fenced."""
    kafka, name = suite.address("kafka"), suite.journal
    line = [sys.executable, "-m", "motcua.cli.main", "--home", str(suite.stack.home.path), "grow", "--json"]
    growing = subprocess.Popen([*line, "--partitions", str(partitions)], stdout=subprocess.PIPE, text=True)
    until(lambda: asyncio.run(is_fenced(kafka, name)), "the fence", 60)
    return growing


def _grow_under(suite: Suite, sender: Sender, limit: int) -> dict[str, Any]:
    growing = _growing(suite, 3)
    sender.allow(limit)
    out, _ = growing.communicate(timeout=240)
    assert growing.returncode == 0, out
    found: dict[str, Any] = json.loads(out)
    return found


def _grow_by_addresses(suite: Suite, partitions: int) -> dict[str, Any]:
    """As for a stack of containers, which no supervisor of this machine knows."""
    stack = suite.stack.home.load()
    settings = {
        "INTAKE": suite.address("intake"),
        "PROCESSING": suite.address("processing"),
        "METRICS": suite.address("metrics"),
        "KAFKA": suite.address("kafka"),
        "MONGO": suite.address("mongo"),
        "KEY": suite.stack.admin_key(),
        "PARTITIONS": str(stack.partitions),
        "GENERATION": str(stack.generation),
    }
    env = os.environ | {f"MOTCUA_{name}": value for name, value in settings.items()}
    line = [sys.executable, "-m", "motcua.cli.main", "grow", "--partitions", str(partitions), "--json"]
    done = subprocess.run(line, env=env, capture_output=True, text=True, timeout=240, check=False)
    assert done.returncode == 0, done.stderr
    assert f"MOTCUA_PARTITIONS={partitions}" in done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def _a_killed_growth_leaves_nothing(suite: Suite) -> None:
    """The command is killed once the fence is up: the stack takes entries again by itself."""
    name = suite.journal
    growing = _growing(suite, 4)
    growing.kill()
    growing.communicate()
    until(lambda: not asyncio.run(is_fenced(suite.address("kafka"), name)), "the fence to come down", 30)
    assert suite.journal == name == journal(1)


def _a_key_in_a_wrong_partition_is_refused(suite: Suite, entries: list[dict[str, Any]]) -> None:
    entry = next(entry for entry in entries if entry["type"] == "dossier.accepted")
    wrong = (partition_of(entry["subject"], suite.partitions) + 1) % suite.partitions
    letters, reason = "motcua_processing_deadletters_total", ['reason="wrong_partition"']
    before = suite.metric("processing", letters, reason)
    asyncio.run(_write(suite, entry, wrong))
    until(lambda: suite.metric("processing", letters, reason) > before, f"a letter on {DEADLETTER}")


async def _tell_everywhere(suite: Suite, figure: dict[str, Any]) -> None:
    """As intake told figures to every partition before they were cases."""
    for partition in range(suite.partitions):
        await _write(suite, figure, partition, b"reference")


async def _write(suite: Suite, entry: dict[str, Any], partition: int, key: bytes = b"") -> None:
    producer = make_producer(suite.address("kafka"), "test-growth")
    await producer.start()
    try:
        value = json.dumps(entry | {"recordedtime": entry["time"], "sender": "x"}).encode()
        key = key or entry["subject"].encode()
        await producer.send_and_wait(suite.journal, value, key=key, partition=partition)
    finally:
        await producer.stop()
