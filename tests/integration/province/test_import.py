"""Imports of files through a real intake, broker and database, intake and broker killed while they run."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import orjson
import pytest

from deploy.local.stack import LocalStack
from motcua.importing.options import ImportOptions
from motcua.importing.progress import Progress
from motcua.importing.run import run_import
from shared.broker.kafka import make_consumer
from shared.broker.partition import partition_of
from shared.broker.topics import JOURNAL
from tests.stack import StackFactory
from tests.unit.motcua.importing.fake_intake import EVENTS
from tests.unit.motcua.importing.tables.workbooks import sheet_of, workbook
from tests.unit.motcua.importing.test_run_forms import typed

ROOT = Path(__file__).parents[3]
RECEIPT = ROOT.parent / "shared" / "data" / "receipt.csv.gz"
UNTIL = "2012-01-24"


def options(stack: LocalStack, file: Path, **more: Any) -> ImportOptions:
    return ImportOptions(
        file=file, intake_url=stack.addresses()["intake"], key=stack.admin_key(), home=stack.home.path, **more
    )


async def journal(stack: LocalStack) -> list[list[dict[str, Any]]]:
    """All entries of each partition."""
    consumer = make_consumer(stack.addresses()["kafka"], "test-import", JOURNAL, auto_offset_reset="earliest")
    await consumer.start()
    try:
        ends = await consumer.end_offsets(consumer.assignment())
        await consumer.seek_to_beginning()
        read: dict[int, list[dict[str, Any]]] = {place.partition: [] for place in ends}
        while any([await consumer.position(place) < end for place, end in ends.items()]):
            for place, records in (await consumer.getmany(timeout_ms=500)).items():
                for record in records:
                    entry = orjson.loads(record.value)
                    if entry["type"] != "clock.ticked":
                        assert place.partition == partition_of(entry["subject"], len(ends))
                    read[place.partition].append(entry)
    finally:
        await consumer.stop()
    return [read[number] for number in sorted(read)]


def identity(entry: dict[str, Any]) -> tuple[str, str, str]:
    return entry["subject"], entry["source"], entry["id"]


def keep_their_side(partition: list[dict[str, Any]]) -> None:
    """What was first written before a tick happened by then, what came after did not: repeats count once."""
    first: dict[tuple[str, ...], dict[str, Any]] = {}
    for entry in partition:
        first.setdefault((entry["type"], *identity(entry)), entry)
    clock = latest = ""
    for entry in first.values():
        if entry["type"] == "clock.ticked":
            clock = entry["time"]
            assert latest <= clock
        else:
            latest = max(latest, entry["time"])
            assert entry["time"] >= clock


async def test_the_permit_log_survives_kills_of_intake_and_broker(local_stack: StackFactory) -> None:
    if not RECEIPT.exists():
        pytest.skip(f"{RECEIPT.name} is not beside the checkout")
    stack = local_stack("data", services=("intake",))
    chance = random.Random(2012)
    kills = list(zip(sorted(chance.sample(range(500, 11_000), 4)), ["intake", "kafka"] * 2, strict=True))
    killed: list[str] = []

    def watch(progress: Progress) -> None:
        if progress.stage == "sending" and len(killed) < len(kills):
            accepted, name = kills[len(killed)]
            if progress.accepted >= accepted:
                stack.kill(name)
                killed.append(name)

    mapping = ROOT / "docs/guides/mappings/receipt.yaml"
    made = options(stack, RECEIPT, mapping=mapping, clock="data", until=UNTIL)
    summary = await run_import(made, watch)
    assert killed == ["intake", "kafka"] * 2
    assert (summary.rows, summary.dossiers, summary.refused) == (8_577, 1_434, 0)
    assert summary.accepted + summary.after_until == summary.entries == 8_577 + 1_434 + 1_329
    partitions = await journal(stack)
    entries = {identity(entry): entry for part in partitions for entry in part if entry["type"] != "clock.ticked"}
    assert len(entries) == summary.accepted
    kinds = Counter(entry["type"] for entry in entries.values())
    assert (kinds["dossier.accepted"], kinds["dossier.resolved"]) == (1_434, 1_329)
    ticks = [{entry["time"] for entry in part if entry["type"] == "clock.ticked"} for part in partitions]
    # Every partition has every tick, the last of them at `until`.
    assert all(len(one) == summary.ticks and max(one) == "2012-01-23T17:00:00.000000Z" for one in ticks)
    for part in partitions:
        keep_their_side(part)


async def test_a_log_on_a_live_stack_and_its_export_on_another(local_stack: StackFactory, tmp_path: Path) -> None:
    """The summary names what intake refused; what was exported comes in again as it was."""
    stack = local_stack("live", services=("intake",))
    file, mapping = tmp_path / "log.csv", tmp_path / "m.yaml"
    rows = [f"D{n % 50},01/02/2025,U{n % 2},0{1 + n % 3}/02/2025 10:00,s{n},\n" for n in range(300)]
    file.write_text("code,opened,unit,done,step,group\n" + "".join(rows) + "D1,01/02/2025,U1,01/02/2125,s,\n")
    mapping.write_text(EVENTS)
    summary = await run_import(options(stack, file, mapping=mapping))
    assert (summary.accepted, summary.refused_by_reason) == (350, {"future_time": 1})
    assert summary.examples["future_time"].startswith("302: ")
    # The same log as a workbook with typed dates is the same entries again.
    cells = [[typed(cell) for cell in row.strip().split(",")] for row in file.read_text().splitlines()]
    again = await run_import(options(stack, workbook(tmp_path / "log.xlsx", log=sheet_of(*cells)), mapping=mapping))
    assert (again.accepted, again.refused_by_reason) == (350, {"future_time": 1})
    assert again.examples["future_time"].startswith("log!302: ")
    first = [entry for part in await journal(stack) for entry in part if entry["type"] != "clock.ticked"]
    assert len(first) == 700
    assert len({identity(entry) for entry in first}) == 350
    export = tmp_path / "export.ndjson"
    export.write_bytes(b"\n".join(orjson.dumps({"partition": 0, "offset": n, "entry": e}) for n, e in enumerate(first)))
    other = local_stack("data", services=("intake",))
    back = await run_import(options(other, export, clock="data"))
    assert (back.accepted, back.refused, back.ticks) == (700, 0, 3)
    stamps = ("recordedtime", "sender")
    wanted, found = (
        {identity(e): {k: v for k, v in e.items() if k not in stamps} for e in entries}
        for entries in (first, [e for part in await journal(other) for e in part if e["type"] != "clock.ticked"])
    )
    assert found == wanted


async def test_a_key_may_import_only_what_it_speaks_for(local_stack: StackFactory, tmp_path: Path) -> None:
    stack = local_stack("live", services=("intake",))
    address, admin = stack.addresses()["intake"], {"Authorization": f"Bearer {stack.admin_key()}"}
    async with httpx.AsyncClient(base_url=address, headers=admin) as client:
        wanted = {"sender": "office", "sources": ["test/*"], "units": ["U"], "roles": ["importer"]}
        key = (await client.post("/v1/senders", json=wanted)).json()["key"]
    file, mapping = tmp_path / "log.csv", tmp_path / "m.yaml"
    file.write_text("code,opened,unit,done,step,group\nA,01/02/2025,U,,,\nB,01/02/2025,V,,,\n")
    mapping.write_text(EVENTS)
    made = ImportOptions(file=file, mapping=mapping, intake_url=address, key=key, home=tmp_path, language="vi")
    summary = await run_import(made)
    assert (summary.accepted, list(summary.refused_by_reason)) == (1, ["unit_not_granted"])


async def test_an_import_by_a_key_with_a_rate_waits_as_told(local_stack: StackFactory, tmp_path: Path) -> None:
    """Nothing is refused and nothing is lost; the summary says for how long the key was told to wait."""
    stack = local_stack("live", services=("intake",))
    intake = stack.addresses()["intake"]
    wanted = {"sender": "slow", "sources": ["*"], "units": ["*"], "roles": ["importer"], "entries_per_second": 100}
    admin = {"Authorization": f"Bearer {stack.admin_key()}"}
    async with httpx.AsyncClient(base_url=intake) as client:
        made = await client.post("/v1/senders", json=wanted, headers=admin)
    assert made.status_code == 201
    file = tmp_path / "entries.ndjson"
    whole = {
        "specversion": "1.0",
        "type": "dossier.accepted",
        "source": "test/slow",
        "time": "2025-08-25T08:15:00+07:00",
        "data": {"channel": "online", "unit": "hcm.q1"},
    }
    lines = [orjson.dumps(whole | {"id": f"{number}", "subject": f"S-{number}"}) for number in range(2_500)]
    file.write_bytes(b"\n".join(lines))
    summary = await run_import(replace(options(stack, file), key=made.json()["key"]))
    assert (summary.accepted, summary.refused) == (2_500, 0)
    assert summary.waited > 0
    assert "rate_waited" in [note.code for note in summary.notes]
    partitions = await journal(stack)
    assert len({identity(entry) for part in partitions for entry in part if entry["source"] == "test/slow"}) == 2_500
    async with httpx.AsyncClient(base_url=intake) as client:
        exposed = (await client.get("/metrics")).text
    assert 'motcua_intake_sender_entries_total{sender="slow"} 2500.0' in exposed
    assert 'motcua_intake_sender_limited_total{limited="entries",sender="slow"}' in exposed
