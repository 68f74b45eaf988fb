"""Metrics on a real broker and database: same figures on every replica, whatever the topic does."""

from __future__ import annotations

import asyncio
import os
from datetime import date
from pathlib import Path

import orjson
from aiokafka import AIOKafkaProducer

from deploy.local.backends import topics
from services.metrics.results.evaluate import Result
from services.metrics.results.store import ResultStore
from services.processing.derivation import live_epoch
from shared.broker.topics import EPOCH, lifecycle, reference
from shared.clock import SystemClock
from shared.instants import DAY
from shared.mongo import connect
from tests.integration.metrics.replica import (
    DUE,
    IN_AUGUST,
    PARTITIONS,
    dead_letters,
    eventually,
    metric,
    new_epoch,
    pen,
    replica,
)
from tests.stack import Backends
from tests.unit.metrics.known import unit
from tests.unit.metrics.records import BAD


async def test_two_replicas_give_the_same_figures_and_results(own: Backends, epoch: int) -> None:
    async with pen(own, epoch) as hand, replica(own) as one, replica(own, simulated=True) as other:
        await hand.history(60)
        for each in (one, other):
            await each.read(hand.written)
        query = {"unit": "H44", "children": "true", "from": "2026-08-01", "to": "2026-08-31"}
        figures = await one.get("/v1/indices", **query)
        assert figures["indices"] == (await other.get("/v1/indices", **query))["indices"]
        assert (figures["simulated"], (await other.get("/v1/indices", **query))["simulated"]) == (False, True)
        total = figures["indices"][0]
        assert total["scope"] == 60
        assert total["open_within_term"] == 0
        assert total["scope"] == sum(index["scope"] for index in figures["indices"][1:])
        overdue = await one.get("/v1/dossiers", state="overdue", limit=1000)
        assert overdue["total"] == total["open"] == len(overdue["dossiers"])
        positions = {key: mark["position"] for key, mark in (await one.get("/v1/status"))["partitions"].items()}
        store = ResultStore(connect(own.mongo, "test"), SystemClock())

        async def stored() -> bool:
            found = [await store.current(kind) for kind in ("month", "quarter", "year")]
            return all(one is not None and (one["epoch"], one["positions"]) == (epoch, positions) for one in found)

        await eventually(stored, "results at the last positions")
        month = await store.current("month")
        assert month is not None
        assert (month["day"], month["from"], month["to"]) == ("2026-08-20", "2026-08-01", "2026-08-31")
        [row] = [row for row in month["rows"] if row["unit"] == "H44"]
        assert {**row, "unit": None} == month["rows"][0]
        assert row == {key: total[key] for key in row}
        text = await one.metrics()
        assert metric(text, 'motcua_dossiers{figure="scope",period="month",unit="*"}') == 60
        assert metric(text, 'motcua_dossiers{figure="open",period="year",unit="H44"}') == total["open"]
        ratio = metric(text, 'motcua_component_ratio_percent{component="2.1",period="month",unit="H44.01"}')
        assert f"{ratio:.2f}" == figures["indices"][2]["components"]["2.1"]["ratio"]
        assert metric(text, 'motcua_metrics_lag_records{partition="0"}') == 0
        assert await one.ready()


async def test_repeats_and_older_rows_change_nothing(own: Backends, epoch: int) -> None:
    async with pen(own, epoch) as hand, replica(own) as one:
        old = await hand.row("a", due=DUE)
        await hand.row("a", finished_at=DUE, judged_at=DUE, due=DUE, finish="resolved", status=9)
        await hand.clock(IN_AUGUST)
        await one.read(hand.written)
        before = await one.index()
        await hand.clock(IN_AUGUST - DAY, [1])
        await hand.raw(b"a", old)
        await hand.row("b", 2)
        await one.read(hand.written)
        after = await one.index()
        assert (before["resolved"], after["resolved"], after["received"]) == (1, 1, 2)
        # The newer cause of partition 1 set its clock back, as a correction does.
        assert after["as_of"] == "2026-08-19T01:00:00.000000Z"


async def test_bad_records_are_dead_letters_and_stop_nothing(own: Backends, epoch: int) -> None:
    before = len(await dead_letters(own))
    # The broker itself refuses records without key on a compacted topic.
    bad = [record for record in BAD if record[0] is not None]
    async with pen(own, epoch) as hand, replica(own) as one:
        await hand.row("first")
        for key, value, _ in bad:
            await hand.raw(key, value)
            await hand.raw(key, value, partition=3)
        await hand.row("last")
        await hand.row("last", 3)
        await hand.clock(IN_AUGUST)
        await one.read(hand.written)
        assert (await one.index())["received"] >= 2
        exposition = await one.metrics()
        counted = sum(
            float(line.rsplit(" ", 1)[1])
            for line in exposition.splitlines()
            if line.startswith("motcua_metrics_deadletters_total{")
        )
        assert counted == 2 * len(bad)

        async def arrived() -> list[bytes]:
            letters = (await dead_letters(own))[before:]
            return letters if len(letters) >= 2 * len(bad) else []

        letters = [orjson.loads(letter) for letter in await eventually(arrived, "dead letters")]
        assert {letter["topic"] for letter in letters} == {lifecycle(epoch)}
        assert {letter["reason"] for letter in letters} >= {"tombstone", "not_json", "malformed", "wrong_epoch"}


async def test_a_restart_reads_only_what_came_since(own: Backends, epoch: int, tmp_path: Path) -> None:
    async with pen(own, epoch) as hand:
        await hand.history(40)
        async with replica(own, tmp_path) as one:
            await one.read(hand.written)
            before = await one.index()
        await hand.row("new", 1, due=DUE)
        await hand.clock(IN_AUGUST + DAY)
        async with replica(own, tmp_path) as one:
            await one.read(hand.written)
            after = await one.index()
            assert after["received"] == before["received"] + 1
            assert after["as_of"] == "2026-08-21T01:00:00.000000Z"
            assert metric(await one.metrics(), "motcua_metrics_records_total") == PARTITIONS + 1
        async with replica(own) as fresh:
            await fresh.read(hand.written)
            assert await fresh.index() == after


async def test_the_pointer_moves_and_answers_never_stop(own: Backends, epoch: int, tmp_path: Path) -> None:
    following = await new_epoch(own, live=False)
    async with pen(own, epoch) as hand, pen(own, following) as new_hand, replica(own, tmp_path) as one:
        await hand.history(10)
        await new_hand.history(25, seed=3)
        await one.read(hand.written)
        assert (await one.index())["scope"] == 10
        seen: list[tuple[int, int]] = []
        await topics.point_to(own.kafka, following)

        async def flipped() -> bool:
            seen.append((await one.get("/v1/status"))["epoch"])
            scope = (await one.index())["scope"]
            assert scope in (10, 25), "never a half-loaded epoch"
            return bool(scope == 25)

        await eventually(flipped, "the new epoch live")
        assert (await one.get("/v1/status"))["loading_epoch"] is None
        store = ResultStore(connect(own.mongo, "test"), SystemClock())

        async def stored() -> bool:
            found = await store.current("year")
            return found is not None and found["epoch"] == following and found["rows"][0]["scope"] == 25

        await eventually(stored, "results of the new epoch")
        before = await store.current("year")
        assert before is not None
        # A replica that has not read the pointer yet, or was frozen: the old epoch's figures come back no more.
        ahead = {partition: place + 1_000 for partition, place in before["positions"].items()}
        late = {**before, "epoch": epoch, "pointer": 0, "positions": ahead}
        assert await store.publish(Result("year", date.fromisoformat(late["day"]), late)) == "refused"
        assert await stored()
    assert os.listdir(tmp_path) == [f"e{following}"]  # noqa: PTH208 (a directory of one entry)


async def test_older_results_never_replace_newer_ones_and_days_are_frozen(own: Backends, epoch: int) -> None:
    store, other = (ResultStore(connect(own.mongo, "test"), SystemClock()) for _ in range(2))
    async with pen(own, epoch) as hand, replica(own) as one:
        await hand.history(8)
        await one.read(hand.written)

        async def day(expected: str, scope: int) -> bool:
            found = await store.current("month")
            if found is None or found["epoch"] != epoch:
                return False
            return bool(found["day"] == expected and found["rows"][0]["scope"] == scope)

        await eventually(lambda: day("2026-08-20", 8), "the first day stored")
        await hand.row("late-comer", 3)
        await hand.clock(IN_AUGUST + DAY)
        await eventually(lambda: day("2026-08-21", 9), "the second day stored")
    frozen = await store.frozen("month", "2026-08-20")
    assert frozen is not None
    assert frozen["epoch"] == epoch
    assert frozen["rows"][0]["scope"] in (8, 9)
    assert frozen["as_of"] == "2026-08-20T01:00:00.000000Z"
    assert await store.frozen("month", "2026-08-21") is None

    newest = await store.current("month")
    assert newest is not None
    document = {key: value for key, value in newest.items() if key not in ("id", "units")}

    def result(scope: int, **positions: int) -> Result:
        rows = [{"unit": None, "scope": scope}]
        changed = {**document, "rows": rows, "positions": document["positions"] | positions}
        return Result("month", date.fromisoformat(document["day"]), changed)

    behind = document["positions"]["0"] - 1
    ahead = document["positions"]["1"] + 5
    assert await other.publish(result(-1, **{"0": behind, "1": ahead})) == "refused"
    assert await other.publish(result(77, **{"1": ahead})) == "stored"
    assert await store.publish(result(-1)) == "refused"
    assert await store.publish(result(78, **{"1": ahead})) == "stored"
    outcomes = await asyncio.gather(*(each.publish(result(99, **{"1": ahead, "2": 10**6})) for each in (store, other)))
    assert outcomes == ["stored", "stored"]


async def test_topics_that_end_with_somebody_s_transactions_are_read_to_their_end(own: Backends, epoch: int) -> None:
    producer = AIOKafkaProducer(bootstrap_servers=own.kafka, transactional_id="somebody")
    await producer.start()
    async with pen(own, epoch) as hand:
        await hand.history(8)
        causes = hand.written
        await hand.reference(unit("H44.00"))
        await producer.begin_transaction()
        for topic in (lifecycle(epoch), reference(epoch), EPOCH):
            await producer.send_and_wait(topic, b"{}", key=b"somebody", partition=0)
        await producer.abort_transaction()
        await producer.stop()
        assert await live_epoch(own.kafka) == epoch
        async with replica(own) as one:
            status = await one.read(causes)
            assert status["epoch"] == epoch
            await eventually(one.ready, "the replica to be ready")
            shown = await one.metrics()
            assert metric(shown, 'motcua_metrics_lag_records{partition="0"}') == 0
            assert metric(shown, f'motcua_transactional_batches{{topic="{lifecycle(epoch)}"}}') == 1
            notes = (await one.client.get("/health/ready")).text.splitlines()
    for topic in (lifecycle(epoch), reference(epoch), EPOCH):
        assert [note for note in notes if f"transactions in {topic}, partition 0, the first at offset" in note]
