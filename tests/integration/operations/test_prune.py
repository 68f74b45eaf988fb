"""Epochs that nobody needs go by themselves after a switch and by a command; figures and copies of days stay.

One stack with a broker and a database of its own, rebuilt again and again.
"""

from __future__ import annotations

import asyncio
import json
from datetime import date, timedelta
from typing import Any

import pytest

from deploy.operations.epochs.reading import topics_of
from services.metrics.results.store import ResultStore
from shared.broker.topics import lifecycle, reference
from shared.clock import SystemClock
from shared.mongo import connect, open_database
from tests.faults.lives import FIRST_DAY, LAST_DAY, stream
from tests.faults.sender import Sender
from tests.faults.told import entered_told
from tests.stack import StackFactory
from tests.suite import Suite
from tests.waiting import until

pytestmark = pytest.mark.timeout(400)

DAY = date(2020, 2, 1)


def test_old_epochs_go_and_none_that_is_needed(local_stack: StackFactory) -> None:
    suite = Suite(local_stack("data", partitions=2))
    entries = stream(7, 20)
    sender = Sender(suite.address("intake"), suite.stack.admin_key(), entries)
    sender.start()
    sender.allow(len(entries))
    sender.wait_for(len(entries), 60)
    suite.wait_counted()
    figures, entered = _figures(suite), entered_told(suite)
    assert entered
    asyncio.run(_publish(suite, "motcua_metrics_e1"))
    assert _states(suite) == {1: "live"}

    # The first two rebuilds make one old: of it goes all but what metrics has not taken over, which is named.
    assert [_rebuild(suite, epoch) for epoch in (2, 3)] == [[], [1]]
    assert _there(suite) == _whole(2, 3) | {"motcua_metrics_e1"}
    assert json.loads(suite.motcua_here("prune", "--json", "--yes"))["left"] == ["motcua_metrics_e1"]
    suite.stack.request("restart", name="metrics")
    suite.stack.wait_ready()
    until(lambda: asyncio.run(_copy(suite)), "the copy of the day carried over", 60)
    suite.motcua_here("prune", "--yes")
    assert _there(suite) == _whole(2, 3)

    # One that is derived stays, also while its process is away for a moment, and goes once it was broken off.
    suite.stack.request("start-epoch", epoch=4)
    until(lambda: lifecycle(4) in _there(suite) and "motcua_processing_e4" in _there(suite), "epoch 4 begun", 60)
    assert _states(suite) == {2: "before", 3: "live", 4: "derived"}
    suite.motcua_here("prune", "--yes")
    assert _there(suite) == _whole(2, 3, 4)
    assert _rebuild(suite, 5) == [2]
    assert _there(suite) == _whole(3, 4, 5), "a switch took what another derivation was making"
    suite.stack.request("stop-epoch", epoch=4)
    until(lambda: _states(suite)[4] == "broken-off", "nobody derives it any more", 60)
    assert _there(suite) == _whole(3, 4, 5), "only said"
    assert "Epoch 4: broken off, goes:" in suite.motcua_here("prune", "--yes")
    assert _there(suite) == _whole(3, 5)
    assert "Nothing to remove" in suite.motcua_here("prune", "--yes")

    # What was published is where it was, and so are the figures; a number that went is not used again.
    assert asyncio.run(_copy(suite)) is not None
    assert _figures(suite) == figures
    assert _rebuild(suite, 6) == [3]
    assert _figures(suite) == figures
    assert entered_told(suite) == entered


def _rebuild(suite: Suite, expected: int) -> list[int]:
    """Rebuild; the epochs that went by themselves."""
    told = json.loads(suite.motcua_here("rebuild", "--json"))
    assert (told["new"], told["differences"], told["switched"]) == (expected, 0, True)
    removed: list[int] = told["removed"]
    return removed


def _states(suite: Suite) -> dict[int, str]:
    told = json.loads(suite.motcua_here("prune", "--dry-run", "--json"))
    assert told["removed"] == []
    return {one["epoch"]: one["state"] for one in told["epochs"]}


def _whole(*epochs: int) -> set[str]:
    names = ((lifecycle(epoch), reference(epoch), f"motcua_processing_e{epoch}") for epoch in epochs)
    return {name for some in names for name in some}


def _there(suite: Suite) -> set[str]:
    """Topics and databases that bear an epoch's number."""

    async def names() -> set[str]:
        client = connect(suite.address("mongo"), "test")
        found = {*await client.list_database_names(), *await topics_of(suite.address("kafka"))}
        client.close()
        return found

    return {name for name in asyncio.run(names()) if name.rpartition("e")[2].isdigit()}


def _figures(suite: Suite) -> list[dict[str, Any]]:
    suite.wait_counted()
    return suite.indices(str(FIRST_DAY), str(LAST_DAY + timedelta(days=30)), children="true")


async def _publish(suite: Suite, database: str) -> None:
    """A day's copy in a database of an epoch, as versions of before kept it."""
    client = connect(suite.address("mongo"), "test")
    said = {"kind": "month", "day": DAY.isoformat(), "epoch": 1, "positions": {"0": 5}}
    copy = {"_id": f"month:{DAY}", **said, "rows": [{"unit": None, "scope": 7}]}
    await open_database(client, database)["frozen"].insert_one(copy)
    client.close()


async def _copy(suite: Suite) -> dict[str, Any] | None:
    client = connect(suite.address("mongo"), "test")
    found = await ResultStore(client, SystemClock()).frozen("month", DAY.isoformat())
    client.close()
    return found
