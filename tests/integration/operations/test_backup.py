"""A stack is backed up while it runs, ends, and is restored into an empty home: everything it told is told again.

One stack, two backups (the second holds what the first did not), one restored stack.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import shutil
import stat
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from deploy.local.backends.topics import create_agency
from deploy.local.errors import StackError
from deploy.local.home import SERVICES
from deploy.local.stack import LocalStack
from deploy.operations.backup.manifest import Kind
from deploy.operations.backup.restoring import Restore
from deploy.operations.backup.store import Databases
from deploy.operations.backup.taking import Backup
from deploy.operations.epochs.reading import read_topic
from deploy.operations.epochs.writing import BATCH_BYTES, PartitionWriter
from shared.broker.kafka import make_producer
from shared.broker.topics import journal
from tests.faults.lives import FIRST_DAY, LAST_DAY, stream
from tests.faults.reference import AGENCY
from tests.faults.sender import Sender
from tests.faults.told import agency_messages, entered_told, lifecycle_told, wait_dispatched
from tests.integration.operations.kept import copies_of, kept_beside_the_journal
from tests.oracle.compare import compare
from tests.oracle.expected import expected
from tests.oracle.figures import Period
from tests.oracle.journal import read_lines
from tests.stack import Backends, StackFactory
from tests.suite import Suite

pytestmark = pytest.mark.timeout(300)

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
SEED = 2_026_11
#: Agencies are told at once.
SETTINGS = {"MOTCUA_DISPATCH_SECONDS": "0"}
PERIOD = Period(FIRST_DAY, LAST_DAY + timedelta(days=30), ZONE)


def test_a_restored_stack_tells_the_same(local_stack: StackFactory, tmp_path: Path) -> None:
    suite = _with_an_agency(local_stack)
    key = _sender(suite)
    entries = stream(SEED, 60)
    sender = Sender(suite.address("intake"), key, entries)
    sender.start()
    sender.allow(len(entries) // 2)
    sender.wait_for(len(entries) // 2, 60)
    folder = tmp_path / "backup"
    first = json.loads(suite.motcua_here("backup", str(folder), "--json"))
    assert first["new"] == first["records"] > 0
    sender.allow(len(entries))
    sender.wait_for(len(entries), 60)
    suite.wait_counted()
    wait_dispatched(suite)
    copies = kept_beside_the_journal(suite)
    second = json.loads(suite.motcua_here("backup", str(folder), "--json"))
    assert second["records"] == first["records"] + second["new"]
    assert second["new"] > 0
    assert json.loads(suite.motcua_here("backup", str(folder), "--json"))["new"] == 0
    before = _what_it_tells(suite)
    lines = _exported(suite, tmp_path / "before.ndjson")
    assert len(lines) == second["records"]
    assert agency_messages(suite, AGENCY)
    suite.stack.down()

    _is_private(folder)
    _a_flipped_byte_is_found(suite, folder, tmp_path / "damaged")
    refused = suite.motcua_here("restore", str(folder), code=1)
    assert "holds a stack already" in refused

    restored = Suite(LocalStack(tmp_path / "restored"))
    local_stack.stacks.append(restored.stack)
    report = next(entry for entry in entries if entry["type"] == "dossier.accepted")

    def is_as_before() -> None:
        assert _what_it_tells(restored) == before
        assert copies_of(restored, copies) == copies, "figures as they were published"
        assert _send(restored, key, report).status_code == 202, "the sender's key is not known any more"
        assert _send(restored, "mc_wrong", report).status_code == 401

    assert "all processing must understand them" in restored.motcua_here("restore", str(folder))
    assert '["*"]' in {line["entry"].get("grant") for line in lines}
    assert _exported(restored, tmp_path / "after.ndjson") == lines
    is_as_before()
    wanted = expected(lines, ZONE, restored.partitions)
    assert (
        (
            compare(restored.indices(str(PERIOD.first), str(PERIOD.last)), wanted.indices(PERIOD)),
            before["entered"],
        )
        == ([], wanted.entered())
        != ([], {})
    )
    rebuilt = json.loads(restored.motcua_here("rebuild", "--json"))
    assert (rebuilt["differences"], rebuilt["indicators"], rebuilt["switched"]) == (0, len(wanted.figures), True)
    _a_lost_database_comes_back(restored, folder)
    is_as_before()
    wait_dispatched(restored)
    assert agency_messages(restored, AGENCY) == [], "an agency was told a second time"
    again = json.loads(restored.motcua_here("backup", str(folder), "--json"))
    assert again["new"] == 2, "what came after the restore goes on in the same backup"


def _exported(suite: Suite, path: Path) -> list[dict[str, Any]]:
    suite.motcua_here("journal", "export", str(path))
    return list(read_lines(path))


def _with_an_agency(local_stack: StackFactory) -> Suite:
    suite = Suite(local_stack("data", services=(), settings=SETTINGS, partitions=3))
    # Before the dispatcher looks for the first time: its next look is seconds away.
    asyncio.run(create_agency(suite.address("kafka"), AGENCY))
    suite.stack.request("services", names=SERVICES)
    suite.stack.wait_ready()
    return suite


def _a_lost_database_comes_back(suite: Suite, folder: Path) -> None:
    """All that is not in the backup is derived from the journal, which is there."""
    assert "runs" in suite.motcua_here("restore", str(folder), "--databases", code=1)
    suite.stack.down()
    stack = suite.stack.home.load()
    stack.settings = SETTINGS
    suite.stack.home.save(stack)
    shutil.rmtree(suite.stack.home.mongo)
    suite.motcua_here("restore", str(folder), "--databases")
    suite.wait_counted()


def _sender(suite: Suite) -> str:
    body = {"sender": "office", "sources": ["*"], "units": ["*"], "roles": ["sender", "importer", "clock", "reference"]}
    answer = suite.post("/v1/senders", json.dumps(body).encode())
    assert answer.status_code == 201, answer.text
    return str(answer.json()["key"])


def _send(suite: Suite, key: str, entry: dict[str, Any]) -> httpx.Response:
    headers = {"Authorization": f"Bearer {key}"}
    return httpx.post(f"{suite.address('intake')}/v1/entries", json=entry, headers=headers, trust_env=False)


def _what_it_tells(suite: Suite) -> dict[str, Any]:
    told = lifecycle_told(suite)
    codes = sorted(key for key, row in told.rows.items() if key == row["code"])
    return {
        "rows": told.rows,
        "indices": suite.indices(str(PERIOD.first), str(PERIOD.last), children="true"),
        "entered": entered_told(suite),
        "dossiers": {code: suite.get("processing", f"/v1/dossiers/{code}").json()["row"] for code in codes[::8]},
        "reference": suite.get("intake", "/v1/reference", limit=500).json(),
        "senders": suite.get("intake", "/v1/senders").json()["senders"][1:],
        "agencies": suite.get("intake", "/v1/agencies").json(),
        "letters": suite.get("intake", "/v1/deadletters").json()["letters"],
    }


def _is_private(folder: Path) -> None:
    for path in [folder, *folder.rglob("*")]:
        mode = stat.S_IMODE(path.stat().st_mode)
        assert mode == (0o700 if path.is_dir() else 0o600), path


def _a_flipped_byte_is_found(suite: Suite, folder: Path, copy: Path) -> None:
    assert json.loads(suite.motcua_here("backup", "--check", str(folder), "--json"))["intact"] is True
    shutil.copytree(folder, copy)
    for path in (next((copy / "journal").glob("*.parquet")), next((copy / "databases").iterdir())):
        kept = path.read_bytes()
        path.write_bytes(kept[:-40] + bytes([kept[-40] ^ 1]) + kept[-39:])
        assert path.name in suite.motcua_here("backup", "--check", str(copy), code=1)
        path.write_bytes(kept)
    suite.motcua_here("backup", "--check", str(copy))


async def test_a_restore_that_was_broken_off_goes_on_only_with_the_same_bytes(
    backends: Backends, tmp_path: Path
) -> None:
    generation = random.randrange(2**20, 2**21)
    kind = Kind("data", simulated=False, zone=str(ZONE), partitions=2, generation=generation, epoch=1)
    source, target = journal(generation), journal(generation + 1)
    await _topics(backends, source, target)
    rows = [(number % 2, f"H{number}".encode(), os.urandom(300), [("trace", b"\xff")]) for number in range(3_000)]
    await _write(backends, source, rows)
    databases = Databases(backends.mongo, [backends.unique("motcua_backup_test")])
    folder = tmp_path / "backup"
    taken = await Backup(folder, backends.kafka, databases, lambda *_: None).run(kind, "0", "2026-01-01T00:00:00Z")
    assert taken.records == len(rows)
    # The same backup, to be taken back into another journal of the same broker.
    manifest = replace(taken.manifest, kind=replace(kind, generation=generation + 1))

    def restore() -> Restore:
        return Restore(folder, manifest, backends.kafka, databases, lambda *_: None)

    await _write(backends, target, rows[:1_001])
    with pytest.raises(StackError, match="holds 1001 records"):
        await restore().run()
    await databases.mark("another")
    with pytest.raises(StackError, match="another backup"):
        await restore().run()
    await databases.mark(manifest.identity)
    await restore().run()
    assert await databases.marked() is None
    found = [record async for record in read_topic(backends.kafka, target, range(2))]
    assert [(r.partition, r.key, r.value, list(r.headers)) for r in found] == sorted(rows, key=lambda row: row[0])
    with pytest.raises(StackError, match="another kind"):
        await Backup(folder, backends.kafka, databases, lambda *_: None).run(
            replace(kind, partitions=1), "0", "2026-01-01T00:00:00Z"
        )

    other = replace(manifest, kind=replace(kind, generation=generation + 2))
    await _topics(backends, journal(generation + 2))
    await _write(backends, journal(generation + 2), [*rows[:1_000], (0, b"H1000", b"another value", [])])
    await databases.mark(manifest.identity)
    with pytest.raises(StackError, match=r"partition 0 .* not the backup's"):
        await Restore(folder, other, backends.kafka, databases, lambda *_: None).run()
    await databases.mark(None)
    databases.close()


async def _topics(backends: Backends, *names: str) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=backends.kafka)
    await admin.start()
    try:
        await admin.create_topics([NewTopic(name, 2, 1) for name in names])
    finally:
        await admin.close()


async def _write(
    backends: Backends, topic: str, rows: Sequence[tuple[int, bytes, bytes, list[tuple[str, bytes]]]]
) -> None:
    producer = make_producer(backends.kafka, "test-backup", max_batch_size=BATCH_BYTES)
    await producer.start()
    try:
        for partition in range(2):
            writer = PartitionWriter(producer, topic, partition, 0)
            for _, key, value, headers in (row for row in rows if row[0] == partition):
                await writer.add(key, value, headers)
            await writer.flush()
    finally:
        await producer.stop()
