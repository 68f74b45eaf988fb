"""Metrics with the reference topic on a real broker: names, mergers and steps, after restarts and on every replica."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import orjson

from shared.broker.topics import reference
from tests.integration.metrics.replica import (
    DUE,
    IN_AUGUST,
    PARTITIONS,
    Pen,
    Replica,
    dead_letters,
    epoch_with,
    eventually,
    metric,
    pen,
    replica,
)
from tests.stack import Backends
from tests.unit.metrics.known import procedure, reference_record, unit

AUGUST = {"from": "2026-08-01", "to": "2026-08-31"}
AFTER = "2025-07-01"
UNITS = (
    unit("H44", name="Phú Thọ", kind="province"),
    unit("H44.100", name="Xã Cũ", parent="H44", valid_to="2025-06-30", successor="H44.200"),
    unit("H44.200", name="Phường Mới", parent="H44", valid_from=AFTER),
    procedure("2.000815", name="Cấp bản sao"),
)
STEP = {
    "step": "Thẩm định",
    "unit": "H44.100",
    "occurrence": 1,
    "planned": True,
    "assigned_at": "2026-08-03T01:00:00.000000Z",
    "budget": 480,
    "due": "2026-08-04T01:00:00.000000Z",
}
ENDED = {"ended_at": "2026-08-05T01:00:00.000000Z", "outcome": "completed", "used_us": 57_600_000_000}
LATE = "2026-08-11T09:00:00.000000Z"


async def history(hand: Pen) -> None:
    """One dossier late, with its blame and a step over budget; one open and overdue, its step under way."""
    blame = [{"unit": "H44.100", "delay_us": 3_600_000_000}, {"unit": "H44.01", "delay_us": 1}]
    over = {**STEP, **ENDED, "over_us": 28_800_000_000}
    ended: dict[str, Any] = {"finished_at": LATE, "judged_at": LATE, "finish": "resolved", "status": 9}
    await hand.row("late", 0, unit="H44.100", due=DUE, steps=[over], blame=blame, **ended)
    await hand.row("open", 1, unit="H44.200", due=DUE, steps=[STEP], holders=["H44.100"])
    await hand.clock(IN_AUGUST)


async def everything(one: Replica) -> dict[str, Any]:
    """Answers of all questions about steps, units and delays."""
    return {
        "steps": await one.get("/v1/steps", by="unit-step", **AUGUST),
        "merged": await one.get("/v1/steps", by="unit", units_on=AFTER, **AUGUST),
        "blame": await one.get("/v1/blame", units_on=AFTER, **AUGUST),
        "due": await one.get("/v1/due-list"),
        "bottlenecks": await one.get("/v1/bottlenecks", **AUGUST),
        "units": await one.get("/v1/units"),
        "unregistered": await one.get("/v1/unregistered"),
        "index": await one.get("/v1/indices", unit="H44.200", units_on=AFTER, **AUGUST),
    }


async def test_figures_by_the_reference_data_survive_restarts_on_every_replica(
    own: Backends, epoch: int, tmp_path: Path
) -> None:
    async with pen(own, epoch) as hand:
        for entry in UNITS:
            await hand.reference(entry)
        await history(hand)
        async with replica(own, tmp_path) as one:
            await one.read({0: hand.written[0], 1: hand.written[1]})
            told = await everything(one)
            text = await one.metrics()
            assert metric(text, "motcua_metrics_reference_entries") == len(UNITS)
            # Over budget under way, by the owner of the step and all above it.
            for code in ("*", "H44", "H44.100"):
                assert metric(text, f'motcua_steps_over_budget{{unit="{code}"}}') == 1
            # The late one's delay by who caused it; the overdue one by who holds it.
            assert metric(text, 'motcua_delay_seconds{unit="H44.100"}') == 3600
            assert metric(text, 'motcua_dossiers_held{state="overdue",unit="H44.100"}') == 1
            assert metric(text, 'motcua_share_percent{period="month",share="apology_coverage",unit="*"}') == 0
            name = 'motcua_dossiers{figure="without_apology",period="month",unit="*"}'
            assert metric(text, name) == 2
        groups = told["steps"]["groups"]
        assert [(group["unit"], group["unit_name"], group["ended"]) for group in groups] == [("H44.100", "Xã Cũ", 1)]
        assert (groups[0]["over_budget"], groups[0]["under_way"], groups[0]["over_now"]) == (1, 1, 1)
        assert [group["unit"] for group in told["merged"]["groups"]] == ["H44.200"]
        assert told["index"]["indices"][0]["received"] == 2
        assert [(part["unit"], part["delay_us"]) for part in told["blame"]["units"]] == [
            ("H44.200", 3_600_000_000),
            ("H44.01", 1),
        ]
        assert told["blame"]["delay_us"] == 3_600_000_001
        assert told["due"]["holders"] == [{"holder": "H44.100", "holder_name": "Xã Cũ", "due": 0, "overdue": 1}]
        assert told["bottlenecks"]["bottlenecks"][0]["rank"] == 1
        assert told["unregistered"]["units"]["codes"] == []
        # From the image, and from nothing.
        async with replica(own, tmp_path) as again, replica(own) as fresh:
            for each in (again, fresh):
                await each.read({0: hand.written[0], 1: hand.written[1]})
                assert await everything(each) == told
            assert metric(await again.metrics(), "motcua_metrics_records_total") == 0


async def test_a_revision_reaches_every_replica_while_it_answers(own: Backends, epoch: int) -> None:
    async with pen(own, epoch) as hand, replica(own) as one, replica(own) as other:
        await history(hand)
        for each in (one, other):
            await each.read(hand.written)
            found = {item["unit"]: item for item in (await each.get("/v1/units"))["units"]}
            assert (found["H44.100"]["unit_name"], found["H44.100"]["registered"]) == (None, False)
        # Only one partition took it in so far: that is enough to know it.
        await hand.reference(UNITS[1], [2])
        await hand.reference({**UNITS[1], "revision": 1, "data": {**UNITS[1]["data"], "name": "Xã Cũ (sửa)"}}, [3])

        async def named(each: Replica) -> bool:
            units = (await each.get("/v1/units"))["units"]
            return any(item["unit_name"] == "Xã Cũ (sửa)" and item["registered"] for item in units)

        for each in (one, other):
            await eventually(lambda each=each: named(each), "the corrected name")  # type: ignore[misc]


async def test_figures_that_an_older_engine_told_on_the_topic_are_passed_over(own: Backends, epoch: int) -> None:
    """Until they were cases, entered figures were reference data; an epoch of before is followed until the next one."""
    data = {"indicator": "1.4", "unit": "H44", "first_day": "2026-08-01", "last_day": "2026-08-31", "value": "7"}
    figure = {**UNITS[0], "type": "indicator.entered", "id": "figure", "data": data}
    before = await dead_letters(own)
    async with pen(own, epoch) as hand, replica(own) as one:
        for partition in range(PARTITIONS):
            _, value = reference_record(UNITS[0], partition=partition, epoch=epoch, offset=partition)
            event = orjson.loads(value)
            event["data"]["entry"] = figure
            await hand.producer.send_and_wait(reference(epoch), orjson.dumps(event), key=b"of old", partition=partition)
        await hand.reference(UNITS[0])
        await history(hand)
        await one.read(hand.written)

        async def named() -> bool:
            return any(item["registered"] for item in (await one.get("/v1/units"))["units"])

        await eventually(named, "the unit behind them")
        assert metric(await one.metrics(), "motcua_metrics_reference_entries") == 1
        assert await one.ready()
    assert await dead_letters(own) == before


async def test_an_epoch_without_reference_topic_has_figures_by_the_codes(own: Backends) -> None:
    epoch = await epoch_with(own, cleanup_policy="compact")
    async with pen(own, epoch) as hand, replica(own) as one:
        await history(hand)
        await one.read(hand.written)
        assert (await one.get("/v1/indices", unit="H44", **AUGUST))["indices"][0]["received"] == 2
        assert (await one.get("/v1/unregistered"))["units"]["share"] == "100.00"
        assert await one.ready()


async def test_bad_reference_records_are_dead_letters_and_stop_nothing(own: Backends, epoch: int) -> None:
    before = len(await dead_letters(own))
    async with pen(own, epoch) as hand, replica(own) as one:
        good = orjson.dumps({"type": "reference.revised"})
        for value in (b"", b"[]", b"\x00", good):
            await hand.producer.send_and_wait(reference(epoch), value, key=b"reference:0", partition=1)
        await hand.reference(UNITS[0], [1])
        await history(hand)
        await one.read({0: hand.written[0]})

        async def known() -> bool:
            return any(item["registered"] for item in (await one.get("/v1/units"))["units"])

        await eventually(known, "the good entry behind the bad ones")

        async def arrived() -> bool:
            return len(await dead_letters(own)) >= before + 4

        await eventually(arrived, "dead letters")
    letters = [orjson.loads(letter) for letter in (await dead_letters(own))[before:]]
    assert {letter["topic"] for letter in letters} == {reference(epoch)}
    assert sorted(letter["reason"] for letter in letters) == ["malformed", "malformed", "not_json", "not_json"]
    assert PARTITIONS > 1
