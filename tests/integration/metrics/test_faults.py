"""Metrics when broker, database or topic are away, another one, shortened or compacted."""

from __future__ import annotations

import asyncio
from pathlib import Path

from aiokafka import TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.admin.records_to_delete import RecordsToDelete

from deploy.local.backends import topics
from services.metrics.results.store import ResultStore
from shared.broker.topics import lifecycle
from shared.clock import SystemClock
from shared.mongo import connect
from tests.integration.metrics.replica import (
    DUE,
    IN_AUGUST,
    PARTITIONS,
    Pen,
    epoch_with,
    eventually,
    metric,
    pen,
    replica,
)
from tests.stack import Backends


async def test_a_recreated_topic_is_read_anew(own: Backends, epoch: int, tmp_path: Path) -> None:
    async with pen(own, epoch) as hand, replica(own, tmp_path) as one:
        await hand.history(12)
        await one.read(hand.written)
    await recreate(own, epoch)
    async with pen(own, epoch) as hand:
        # More records than before: only the anchor tells that these are others.
        await hand.history(30, seed=2)
        async with replica(own, tmp_path) as one:
            await one.read(hand.written)
            assert (await one.index())["scope"] == 30
            assert metric(await one.metrics(), "motcua_metrics_reloads_total") == 1
            await recreate(own, epoch)
            other = Pen(hand.producer, epoch)
            await other.row("only")
            await other.clock(IN_AUGUST)

            async def anew() -> bool:
                return bool((await one.index())["scope"] == 1)

            await eventually(anew, "the shorter topic read anew", 60)
            assert metric(await one.metrics(), "motcua_metrics_reloads_total") == 2
            # It reads on, and says for as long as that epoch is read what is to be done.
            told = (await one.client.get("/health/ready")).text
            assert told.startswith("ready\n")
            assert "was shortened or made anew" in told
            assert "→ derive them anew: `motcua rebuild`" in told


async def recreate(own: Backends, epoch: int) -> None:

    admin = AIOKafkaAdminClient(bootstrap_servers=own.kafka)
    await admin.start()
    try:
        await admin.delete_topics([lifecycle(epoch)])

        async def gone() -> bool:
            return lifecycle(epoch) not in await admin.list_topics()

        await eventually(gone, "the topic deleted")
    finally:
        await admin.close()
    await topics.create(own.kafka, epoch, PARTITIONS)


async def test_a_topic_whose_beginning_is_gone(own: Backends) -> None:
    epoch = await epoch_with(own, cleanup_policy="compact,delete")

    async with pen(own, epoch) as hand:
        await hand.history(20)
        await hand.row("kept", due=DUE)
        await hand.clock(IN_AUGUST)
        admin = AIOKafkaAdminClient(bootstrap_servers=own.kafka)
        await admin.start()
        try:
            await admin.delete_records({TopicPartition(lifecycle(epoch), 0): RecordsToDelete(before_offset=4)})
        finally:
            await admin.close()
        async with replica(own) as one:
            status = await one.read(hand.written)
            assert status["caught_up"]
            assert (await one.get("/v1/dossiers/kept"))["row"]["due"] == DUE


async def test_broker_and_database_may_go_and_come_back(own: Backends, epoch: int) -> None:
    async with pen(own, epoch) as hand, replica(own) as one:
        await hand.history(8)
        await one.read(hand.written)
        await asyncio.to_thread(own.stack.request, "stop", name="mongo")
        await hand.row("while the database is away", 2)
        await hand.clock(IN_AUGUST)
        await one.read(hand.written)
        assert (await one.index())["scope"] == 9

        async def says_so() -> bool:
            return not await one.ready()

        await eventually(says_so, "the database missed in /health/ready")
        await asyncio.to_thread(own.stack.request, "start", name="mongo")
        store = ResultStore(connect(own.mongo, "test"), SystemClock())

        async def stored() -> bool:
            found = await store.current("month")
            return found is not None and (found["epoch"], found["rows"][0]["scope"]) == (epoch, 9)

        await eventually(stored, "results stored after the database came back", 60)
        await asyncio.to_thread(own.stack.request, "stop", name="kafka")
        await eventually(says_so, "the broker missed in /health/ready", 60)
        assert (await one.index())["scope"] == 9
        await asyncio.to_thread(own.stack.request, "start", name="kafka")
        await asyncio.to_thread(own.stack.wait_ready)
        await hand.row("after the broker came back", 2)
        await one.read(hand.written, 60)
        assert (await one.index())["scope"] == 10
        await eventually(one.ready, "ready again", 60)


async def test_a_wrong_number_of_partitions_is_said(own: Backends, epoch: int) -> None:
    async with replica(own, partitions=PARTITIONS - 1) as one:

        async def said() -> bool:
            return any("partitions" in text for text in (await one.get("/v1/status"))["away"])

        await eventually(said, "the wrong number in the status")
        assert (
            await one.client.get("/v1/indices", params={"from": "2026-08-01", "to": "2026-08-31"})
        ).status_code == 503


async def test_a_compacted_topic_gives_the_newest_rows(own: Backends) -> None:

    number = await epoch_with(
        own,
        cleanup_policy="compact",
        segment_ms="100",
        min_cleanable_dirty_ratio="0.001",
        max_compaction_lag_ms="100",
    )
    async with pen(own, number) as hand:
        for turn in range(3):
            for code in "abc":
                await hand.row(code, due=DUE, unit=f"H44.{turn}")
            await hand.clock(IN_AUGUST + turn)

        async def compacted() -> bool:
            # Each look adds a record, which closes the segment before it.
            await hand.clock(IN_AUGUST + 10, [0])
            async with replica(own) as looking:
                await looking.read(hand.written)
                return metric(await looking.metrics(), "motcua_metrics_records_total") < sum(hand.next.values())

        await eventually(compacted, "the cleaner", 90)
        async with replica(own) as one:
            await one.read(hand.written)
            rows = (await one.get("/v1/dossiers", figure="received", **{"from": "2026-08-01", "to": "2026-08-31"}))[
                "dossiers"
            ]
            assert [(row["code"], row["unit"]) for row in rows] == [(code, "H44.2") for code in "abc"]
