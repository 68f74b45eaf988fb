"""Figures hold whatever dies: an import under random faults, compared with the oracle over the journal's export.

MOTCUA_SEED repeats a run; MOTCUA_SOAK says how many faults instead of the default.
"""

from __future__ import annotations

import json
import os
import random
from datetime import timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.faults.faults import KINDS, Faults, plan
from tests.faults.lives import END, FIRST_DAY, LAST_DAY, UNITS, stream
from tests.faults.sender import Sender
from tests.oracle.compare import compare, compare_rows
from tests.oracle.expected import Expected, expected
from tests.oracle.figures import Period
from tests.oracle.journal import content_hash
from tests.oracle.rows import row_form
from tests.stack import StackFactory
from tests.suite import Suite

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
SEED = int(os.environ.get("MOTCUA_SEED") or 20_260_821)
COUNT = int(os.environ.get("MOTCUA_SOAK") or len(KINDS))
#: Entries of one dossier are about nine; a longer run gets a longer import.
DOSSIERS = 300 + 20 * COUNT

#: Quick to notice that a consumer is gone, so that many faults fit into a run; storing most of the time, so that many
#: strike in the middle of it.
SETTINGS = {"MOTCUA_SESSION_SECONDS": "3", "MOTCUA_STORE_SECONDS": "0.2", "MOTCUA_STORE_ENTRIES": "100"}


@pytest.mark.timeout(240 + 60 * COUNT)
def test_figures_hold_whatever_dies(local_stack: StackFactory, tmp_path: Path) -> None:
    print(f"MOTCUA_SEED={SEED} repeats this run of {COUNT} faults")
    suite = Suite(local_stack("data", settings=SETTINGS))
    entries = stream(SEED, DOSSIERS)
    sender = Sender(suite.address("intake"), suite.stack.admin_key(), entries)
    sender.start()
    _import_under_faults(suite, sender, len(entries))
    print(f"{len(entries)} entries acknowledged, {sender.repeated} times sent again")

    suite.stack.request("replicas", name="metrics", count=2)
    suite.stack.wait_ready()
    suite.wait_counted(120)
    lines = suite.export(tmp_path / "journal.ndjson")
    _all_acknowledged_are_there(sender.acknowledged, lines)
    told = expected(lines, ZONE, suite.partitions)
    assert set(told.journal.clocks.values()) == {END}
    _figures_are_the_oracles(suite, told)
    _rows_are_the_oracles(suite, told)

    rebuilt = suite.rebuild()
    assert (rebuilt["differences"], rebuilt["switched"]) == (0, True), rebuilt
    assert rebuilt["dossiers"] == len(told.dossiers)
    _figures_are_the_oracles(suite, told)


def _import_under_faults(suite: Suite, sender: Sender, total: int) -> None:
    """Let the sender go on to each fault's point; from there it sends on while the fault strikes."""
    faults = plan(SEED, COUNT)

    def more() -> None:
        """A few more batches, if any get through while something is away."""
        goal = min(len(sender.acknowledged) + 120, total)
        try:
            sender.wait_for(goal, 3)
        except AssertionError:
            assert sender.failure is None, sender.failure

    strike = Faults(suite, SEED, more)
    for fault, following in zip(faults, [*faults[1:], None], strict=True):
        sender.allow(int(fault.at * total))
        sender.wait_for(int(fault.at * total), 120)
        sender.allow(total if following is None else int(following.at * total))
        print(f"{fault.at:.0%}: {fault.kind}: {strike.apply(fault)}")
    sender.allow(total)
    sender.wait_for(total, 180)


def _identity(entry: dict[str, Any]) -> tuple[str, str, str, int, str]:
    return entry["subject"], entry["source"], entry["id"], entry.get("revision", 0), content_hash(entry)


def _all_acknowledged_are_there(acknowledged: list[dict[str, Any]], lines: list[dict[str, Any]]) -> None:
    """Also each tick in every partition."""
    held: dict[tuple[str, str, str, int, str], set[int]] = {}
    for line in lines:
        held.setdefault(_identity(line["entry"]), set()).add(line["partition"])
    partitions = {line["partition"] for line in lines}
    for entry in acknowledged:
        found = held.get(_identity(entry), set())
        assert found == partitions if entry["type"] == "clock.ticked" else len(found) == 1, json.dumps(entry)


def _figures_are_the_oracles(suite: Suite, told: Expected) -> None:
    """Every unit and breakdown over the whole time, and random periods, by both replicas of metrics."""
    chance = random.Random(SEED + 2)
    periods = [Period(FIRST_DAY, LAST_DAY, ZONE), Period(FIRST_DAY, LAST_DAY + timedelta(days=30), ZONE)]
    for _ in range(6):
        first = FIRST_DAY + timedelta(days=chance.randint(0, 41))
        periods.append(Period(first, first + timedelta(days=chance.randint(0, 20)), ZONE))
    replicas = suite.names("metrics")
    assert len(replicas) == 2
    for period in periods:
        for unit, by in [(None, None), (None, "month"), (None, "channel"), ("H44", "procedure"), ("H44.01", None)]:
            wanted = told.indices(period, unit=unit, children=True, by=by)
            for replica in replicas:
                found = suite.indices(
                    str(period.first), str(period.last), replica=replica, unit=unit, children="true", by=by
                )
                assert compare(found, wanted) == [], (replica, period, unit, by)
    assert {dossier.unit for dossier in told.dossiers.values() if dossier.accepted_at} == set(UNITS)


def _rows_are_the_oracles(suite: Suite, told: Expected) -> None:
    """The facts that processing keeps of every third dossier."""
    wanted = told.rows()
    codes = sorted(wanted)[::3]
    rows = {code: row_form(suite.get("processing", f"/v1/dossiers/{code}").json()["row"]) for code in codes}
    assert compare_rows(rows, {code: wanted[code] for code in codes}) == []
