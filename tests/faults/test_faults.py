"""Figures hold whatever dies: an import under random faults, compared with the oracle over the journal's export.

Reference entries come in the middle of it; one agency sends half of the entries, and is told its tasks and what became
of its entries. MOTCUA_SEED repeats a run; MOTCUA_SOAK says how many faults instead of the default, MOTCUA_KINDS which
(names of `faults.KINDS` with commas between).
"""

from __future__ import annotations

import asyncio
import json
import os
import random
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from aiokafka.errors import KafkaError

from deploy.local.backends.topics import create_agency
from deploy.local.errors import StackError
from tests.faults import frozen, room
from tests.faults.faults import BROKERS, FULL_DISK, KINDS, REPLICAS, Faults, plan
from tests.faults.hostile import Hostile
from tests.faults.lives import AGENCY_SOURCE, END, FIRST_DAY, LAST_DAY, UNITS, stream
from tests.faults.reference import AGENCY
from tests.faults.sender import Sender
from tests.faults.told import (
    Told,
    agency_differences,
    agency_messages,
    answer_differences,
    entered_told,
    judged_answers,
    last_not_newest,
    lifecycle_told,
    wait_dispatched,
)
from tests.oracle.compare import compare, compare_rows
from tests.oracle.expected import Expected, expected
from tests.oracle.figures import Period
from tests.oracle.journal import REFERENCE_TYPES, content_hash
from tests.oracle.rows import form_of, row_form, standing
from tests.small_disk import small_disk
from tests.stack import StackFactory
from tests.suite import Suite
from tests.waiting import until

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
SEED = int(os.environ.get("MOTCUA_SEED") or 20_260_821)
WANTED = tuple(filter(None, os.environ.get("MOTCUA_KINDS", "").split(","))) or KINDS
COUNT = int(os.environ.get("MOTCUA_SOAK") or len(WANTED))
#: Entries of one dossier are about nine; a longer run gets a longer import.
DOSSIERS = 200 + 20 * COUNT

#: Quick to notice that a consumer is gone, so that many faults fit into a run; storing most of the time, so that many
#: strike in the middle of it.
SETTINGS = {
    "MOTCUA_SESSION_SECONDS": "3",
    "MOTCUA_STORE_SECONDS": "0.2",
    "MOTCUA_STORE_ENTRIES": "100",
    "MOTCUA_DISPATCH_SECONDS": "1",
    # Who is frozen has to wake with what it had in hand; test_upkeep.py freezes one for good.
    "MOTCUA_PATIENCE_SECONDS": "0",
    "MOTCUA_SPACE_LEAST": str(room.LEAST),
}


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path | None]:
    """A disk for the stack alone, which may run full; None where this machine lets none be mounted."""
    with small_disk(tmp_path / "disk", room.MEGABYTES) as mounted:
        yield tmp_path / "disk" if mounted else None


@pytest.mark.timeout(240 + 60 * COUNT)
def test_figures_hold_whatever_dies(
    disk: Path | None, local_stack: StackFactory, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in frozen.environment(tmp_path).items():
        monkeypatch.setenv(name, value)
    print(f"MOTCUA_SEED={SEED} repeats this run of {COUNT} faults")
    replicas = {"processing": REPLICAS, "metrics": REPLICAS}
    home = None if disk is None else disk / "home"
    suite = Suite(local_stack("data", home=home, settings=SETTINGS, brokers=BROKERS, replicas=replicas))
    entries = stream(SEED, DOSSIERS)
    keys = {AGENCY_SOURCE: _agency_key(suite)}
    sender = Sender(suite.address("intake"), suite.stack.admin_key(), entries, keys=keys)
    sender.start()
    beside: list[dict[str, Any]] = []
    hostile = Hostile(suite, beside.append)
    kinds = [kind for kind in WANTED if kind != FULL_DISK or disk is not None]
    _import_under_faults(suite, sender, len(entries), wishes=tmp_path, hostile=hostile, kinds=kinds)
    print(f"{len(entries)} + {len(beside)} entries acknowledged, {sender.repeated} times sent again")

    suite.stack.request("replicas", name="metrics", count=REPLICAS)
    suite.stack.wait_ready()
    until(lambda: not suite.get("intake", "/v1/reference/outbox").json()["waiting"], "reference entries to be sent", 60)
    suite.wait_counted(120)
    lines = suite.export(tmp_path / "journal.ndjson")
    _all_acknowledged_are_there(sender.acknowledged + beside, lines)
    oracle = expected(lines, ZONE, suite.partitions)
    assert set(oracle.journal.clocks.values()) == {END}
    told = lifecycle_told(suite)
    messages = _agency_knows_its_tasks(suite, told)
    answers = _agency_knows_what_became_of_its_entries(suite, told, lines)
    _rows_are_the_oracles(suite, told, oracle)
    until(lambda: _newest_are_last(suite), "the last record of every key to be its newest", 60)
    _figures_are_the_oracles(suite, oracle)

    rebuilt = suite.rebuild()
    assert (rebuilt["differences"], rebuilt["switched"]) == (0, True), rebuilt
    assert rebuilt["dossiers"] == len(oracle.dossiers)
    assert rebuilt["petitions"] == len(oracle.petitions) > 20
    assert rebuilt["indicators"] == len(oracle.figures)
    _figures_are_the_oracles(suite, oracle)
    wait_dispatched(suite)
    assert agency_messages(suite, AGENCY) == messages, "another epoch told an agency what it knew"
    assert judged_answers(suite, AGENCY) == answers, "another epoch answered an agency what it knew"


def _import_under_faults(
    suite: Suite, sender: Sender, total: int, *, wishes: Path, hostile: Hostile, kinds: list[str]
) -> None:
    """Let the sender go on to each fault's point; from there it sends on while the fault strikes."""
    faults = plan(SEED, COUNT, kinds)

    def more() -> None:
        """A few more batches, if any get through while something is away."""
        goal = min(len(sender.acknowledged) + 120, total)
        try:
            sender.wait_for(goal, 3)
        except AssertionError:
            assert sender.failure is None, sender.failure

    strike = Faults(suite, SEED, more, wishes, hostile)
    added = False
    for fault, following in zip(faults, [*faults[1:], None], strict=True):
        sender.allow(int(fault.at * total))
        sender.wait_for(int(fault.at * total), 120)
        if not added and fault.at > 0.3:
            added = bool(until(lambda: asyncio.run(_add_agency(suite)), "a broker to make the agency's topics", 90))
        sender.allow(total if following is None else int(following.at * total))
        print(f"{fault.at:.0%}: {fault.kind}: {strike.apply(fault)}")
    sender.allow(total)
    sender.wait_for(total, 180)


def _identity(entry: dict[str, Any]) -> tuple[str, str, str, int, str]:
    return entry["subject"], entry["source"], entry["id"], entry.get("revision", 0), content_hash(entry)


def _agency_key(suite: Suite) -> str:
    """The key of an agency that speaks for one source, whichever unit its entries name."""
    wanted = {"unit": AGENCY, "sources": [AGENCY_SOURCE], "units": ["*"]}
    made = suite.post("/v1/agencies", json.dumps(wanted).encode())
    assert made.status_code == 201, made.text
    key: str = made.json()["key"]
    return key


async def _add_agency(suite: Suite) -> list[str]:
    """In the middle of everything, so that what came before is told from the facts.

    Raises:
        LookupError: the brokers are still coming back from the fault before.
    """
    try:
        return await create_agency(suite.address("kafka"), AGENCY, suite.stack.home.load().replication)
    except (KafkaError, StackError) as error:
        raise LookupError(f"no topics yet: {error}") from error


def _all_acknowledged_are_there(acknowledged: list[dict[str, Any]], lines: list[dict[str, Any]]) -> None:
    """Each in its partition; reference entries and ticks in every one, and the same set of them in all."""
    held: dict[tuple[str, str, str, int, str], set[int]] = {}
    for line in lines:
        held.setdefault(_identity(line["entry"]), set()).add(line["partition"])
    partitions = {line["partition"] for line in lines}
    everywhere = {"clock.ticked", *REFERENCE_TYPES}
    for entry in acknowledged:
        found = held.get(_identity(entry), set())
        assert found == partitions if entry["type"] in everywhere else len(found) == 1, json.dumps(entry)
    wanted = {_identity(entry) for entry in acknowledged if entry["type"] in REFERENCE_TYPES}
    assert len(wanted) > 20
    for partition in partitions:
        of_one = [line["entry"] for line in lines if line["partition"] == partition]
        assert {_identity(entry) for entry in of_one if entry["type"] in REFERENCE_TYPES} == wanted


def _figures_are_the_oracles(suite: Suite, oracle: Expected) -> None:
    """Every unit and breakdown over the whole time, and random periods, by both replicas of metrics."""
    chance = random.Random(SEED + 2)
    periods = [Period(FIRST_DAY, LAST_DAY, ZONE), Period(FIRST_DAY, LAST_DAY + timedelta(days=30), ZONE)]
    for _ in range(6):
        first = FIRST_DAY + timedelta(days=chance.randint(0, 41))
        periods.append(Period(first, first + timedelta(days=chance.randint(0, 20)), ZONE))
    replicas = suite.names("metrics")
    assert len(replicas) == 2
    compared = 0
    for period in periods:
        for unit, by in [(None, None), (None, "month"), (None, "channel"), ("H44", "procedure"), ("H44.01", None)]:
            wanted = oracle.indices(period, unit=unit, children=True, by=by)
            for replica in replicas:
                told = suite.indices(
                    str(period.first), str(period.last), replica=replica, unit=unit, children="true", by=by
                )
                assert compare(told, wanted) == [], (replica, period, unit, by)
                compared += len(wanted)
    print(f"{compared} indices of {len(oracle.dossiers)} dossiers are the oracle's")
    assert oracle.entered()
    for replica in replicas:
        assert entered_told(suite, replica) == oracle.entered(), replica
    assert {dossier.unit for dossier in oracle.dossiers.values() if dossier.accepted_at} == set(UNITS)


def _rows_are_the_oracles(suite: Suite, told: Told, oracle: Expected) -> None:
    """The facts of every dossier and what stands announced of it; of every tenth also what processing keeps."""
    wanted = oracle.rows()
    assert compare_rows({key: form_of(key, row) for key, row in told.rows.items()}, wanted) == []
    for code, happened in told.happened.items():
        assert standing(happened) == oracle.announced(code), code
    codes = sorted(oracle.dossiers)[::10]
    kept = {code: row_form(suite.get("processing", f"/v1/dossiers/{code}").json()["row"]) for code in codes}
    assert compare_rows(kept, {code: wanted[code] for code in codes}) == []
    for what in ("rejections", "blame", "steps", "findings"):
        assert sum(bool(wanted[code][what]) for code in oracle.dossiers) > 10, what


def _newest_are_last(suite: Suite) -> bool:
    """What compaction would leave is what counts.

    Raises:
        LookupError: it is not; says of which keys.
    """
    if behind := last_not_newest(suite):
        raise LookupError(f"stale records are last: {behind}")
    return True


def _agency_knows_its_tasks(suite: Suite, told: Told) -> list[dict[str, Any]]:
    """By its messages it knows all steps it has under way, and nothing that is not so; the messages."""
    wait_dispatched(suite)
    messages = agency_messages(suite, AGENCY)
    assert agency_differences(messages, AGENCY, told) == []
    kinds = Counter(message["type"] for message in messages)
    print(f"{AGENCY} was told {dict(kinds)}")
    assert kinds["task.assigned"] > 5, "little was tried"
    return messages


def _agency_knows_what_became_of_its_entries(
    suite: Suite, told: Told, lines: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    """Its last answer about each entry is what the dossier's row says of it; the answers."""
    entries = [line["entry"] for line in lines if line["entry"].get("sender") == f"agency-{AGENCY}"]
    answers = judged_answers(suite, AGENCY)
    assert answer_differences(answers, entries, told) == []
    fates = Counter(answer["data"]["fate"] for answer in answers)
    again = sum(answer["data"]["version"] > 1 for answer in answers)
    print(f"{AGENCY} was answered {dict(fates)}, {again} of them about an entry answered before")
    assert min(fates[fate] for fate in ("counted", "finding", "rejected")) > 10, "little was tried"
    return answers
