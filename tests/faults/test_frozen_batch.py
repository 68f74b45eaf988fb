"""What a frozen replica sends late does not outlive the compaction of the lifecycle topic.

A small import in which a replica of processing is frozen with a batch in hand; then the topic is compacted as after
thirty days, and a replica of metrics that has no image counts what the oracle counts. MOTCUA_SEED repeats a run; a soak
(MOTCUA_SOAK) takes twenty seeds.
"""

from __future__ import annotations

import asyncio
import os
import random
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import orjson
import pytest

from shared.broker.topics import lifecycle
from tests.faults import frozen
from tests.faults.compaction import compact
from tests.faults.faults import Fault, Faults
from tests.faults.hostile import Hostile
from tests.faults.lives import END, FIRST_DAY, LAST_DAY, stream
from tests.faults.sender import Sender
from tests.faults.told import last_not_newest
from tests.oracle.compare import compare
from tests.oracle.expected import expected
from tests.oracle.figures import Period
from tests.stack import StackFactory
from tests.suite import Suite
from tests.waiting import until

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
SEED = int(os.environ.get("MOTCUA_SEED") or 20_260_821)
SEEDS = range(SEED, SEED + (20 if os.environ.get("MOTCUA_SOAK") else 1))
DOSSIERS = 40
SETTINGS = {
    "MOTCUA_SESSION_SECONDS": "3",
    "MOTCUA_STORE_SECONDS": "0.2",
    "MOTCUA_STORE_ENTRIES": "100",
    # Who is frozen has to wake with what it had in hand.
    "MOTCUA_PATIENCE_SECONDS": "0",
}


@pytest.mark.timeout(420)
@pytest.mark.parametrize("seed", SEEDS)
def test_what_is_sent_late_is_not_what_compaction_keeps(
    seed: int, local_stack: StackFactory, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in frozen.environment(tmp_path).items():
        monkeypatch.setenv(name, value)
    suite = Suite(local_stack("data", settings=SETTINGS, replicas={"processing": 2}))
    chance, entries = random.Random(seed), stream(seed, DOSSIERS)
    sender = Sender(suite.address("intake"), suite.stack.admin_key(), entries)
    sender.start()

    def more() -> None:
        """Let it send on."""
        goal = min(len(sender.acknowledged) + 60, len(entries))
        sender.allow(goal)
        sender.wait_for(goal, 90)

    faults = Faults(suite, seed, more, tmp_path, Hostile(suite, sender.acknowledged.append))
    at = chance.uniform(0.2, 0.7)
    sender.allow(int(at * len(entries)))
    sender.wait_for(int(at * len(entries)), 90)
    print(f"{at:.0%}: {faults.apply(Fault('freeze_batch', at))}")
    sender.allow(len(entries))
    sender.wait_for(len(entries), 120)
    suite.wait_counted(120)
    until(lambda: not last_not_newest(suite), "the last record of every key to be its newest", 60)

    epoch = suite.stack.request("status")["epoch"]
    minutes = iter(range(1, 1_000))

    async def tick() -> None:
        moment = END + timedelta(minutes=next(minutes))
        entry = {"specversion": "1.0", "type": "clock.ticked", "source": "test/clock", "subject": "clock", "data": {}}
        entry |= {"id": f"tick/{moment.isoformat()}", "time": moment.isoformat()}
        sent = await asyncio.to_thread(suite.post, "/v1/entries", orjson.dumps(entry))
        assert sent.status_code == 202, sent.text

    healed = sum(suite.metric(one, "motcua_processing_healed_rows_total") for one in suite.names("processing"))
    print(f"{healed:.0f} records were written again")
    dropped = asyncio.run(compact(suite.address("kafka"), lifecycle(epoch), suite.partitions, tick))
    print(f"{dropped} of the records were compacted away")
    assert dropped > len(entries) // 2
    suite.stack.request("replicas", name="metrics", count=2)
    suite.stack.wait_ready()
    suite.wait_counted(120)
    oracle = expected(suite.export(tmp_path / "journal.ndjson"), ZONE, suite.partitions)
    for unit, by in [(None, None), (None, "month"), ("H44", "procedure")]:
        wanted = oracle.indices(Period(FIRST_DAY, LAST_DAY, ZONE), unit=unit, children=True, by=by)
        for replica in suite.names("metrics"):
            told = suite.indices(str(FIRST_DAY), str(LAST_DAY), replica=replica, unit=unit, children="true", by=by)
            assert compare(told, wanted) == [], (replica, unit, by)
