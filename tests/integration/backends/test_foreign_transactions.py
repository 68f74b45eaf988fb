"""Somebody else's transactions in topics that only services write: read as they stand, told, no lag, nothing held."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence

import orjson
import pytest
from aiokafka import AIOKafkaProducer, TopicPartition

from deploy.operations.epochs.reading import ends_of, first_since, read_topic
from deploy.operations.growth.copying import Copy
from services.processing.dispatch import dispatcher
from shared.broker.topics import lifecycle
from shared.broker.transactions import SEEN, measure_transactions, transaction_notes
from shared.catalogue.base import Meters
from shared.catalogue.processing import SPECS
from tests.integration.dispatch.office import Office
from tests.integration.processing.bench import Bench, dossier, of_partition
from tests.stack import Backends
from tests.waiting import until_async


@pytest.fixture
async def foreign(backends: Backends) -> AsyncIterator[AIOKafkaProducer]:
    """A producer that sends in transactions."""
    producer = AIOKafkaProducer(bootstrap_servers=backends.kafka, transactional_id=backends.unique("foreign"))
    await producer.start()
    yield producer
    await producer.stop()


async def roll_back(
    producer: AIOKafkaProducer, topic: str, partition: int, values: Sequence[bytes], key: bytes = b"x"
) -> int:
    """Send in a transaction and roll it back; the offset after the last record, behind which its end stands."""
    await producer.begin_transaction()
    for value in values:
        sent = await producer.send_and_wait(topic, value, key=key, partition=partition)
    await producer.abort_transaction()
    return int(sent.offset) + 1


async def test_ends_are_those_of_records(backends: Backends, foreign: AIOKafkaProducer) -> None:
    topic = await backends.topic("ends", 3)
    async with foreign.transaction():
        first = await foreign.send_and_wait(topic, b"committed", partition=0)
    assert await roll_back(foreign, topic, 0, [b"a", b"b"]) == 4
    await roll_back(foreign, topic, 2, [b"c"])
    assert await ends_of(backends.kafka, topic, 3) == {0: 4, 1: 0, 2: 1}
    read = [record.value async for record in read_topic(backends.kafka, topic, range(3))]
    assert read == [b"committed", b"a", b"b", b"c"]
    # Nothing but the end of a transaction is that young.
    async with asyncio.timeout(20):
        found = await first_since(backends.kafka, topic, 3, first.timestamp)
        none = await first_since(backends.kafka, topic, 3, first.timestamp + 3_600_000)
    assert [None if one is None else one.value for one in found.values()] == [b"committed", None, b"c"]
    assert none == {0: None, 1: None, 2: None}


async def test_processing_takes_it_as_it_stands_and_has_no_lag(bench: Bench, foreign: AIOKafkaProducer) -> None:
    replica = await bench.start()
    (number,) = of_partition(2, 1)
    await bench.send(dossier(number)[:1])
    end = await roll_back(
        foreign, bench.journal, 2, [orjson.dumps(one) for one in dossier(number)[1:]], f"H29-{number:05d}".encode()
    )

    def lags() -> bool:
        state = bench.state(2)
        return state is None or state.next != end or state.end != end or state.stored != end

    await until_async(lambda: not lags(), f"partition 2 to be at {end} without a lag")
    replica.stream.workers[2].measure()  # type: ignore[union-attr]
    assert replica.meters.registry.get_sample_value("motcua_processing_lag_entries", {"partition": "2"}) == 0
    held = await replica.find(f"H29-{number:05d}")
    assert held is not None
    assert len(held.state.entries) == 3, "rolled back or not: nobody waits for the end of a transaction here"
    seen = SEEN[TopicPartition(bench.journal, 2)]
    assert (seen.first, seen.batches) == (end - 2, 2)
    await bench.stop(replica)
    # The same place, read again by the next one, is told once.
    await bench.start()
    await until_async(lambda: not lags(), "the next one to be there without a lag")
    assert SEEN[TopicPartition(bench.journal, 2)].batches == 2
    (note,) = [each for each in transaction_notes() if bench.journal in each]
    assert (
        f"2 batches of transactions in {bench.journal}, partition 2, the first at offset {end - 2} by producer" in note
    )
    meters = Meters(SPECS)
    measure_transactions(meters)
    assert meters.registry.get_sample_value("motcua_transactional_batches", {"topic": bench.journal}) == 2


async def test_agencies_are_told_though_the_topics_end_with_transactions(
    backends: Backends, foreign: AIOKafkaProducer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dispatcher, "_LOOK_AGAIN_SECONDS", 0.2)
    office = Office(backends)
    await office.open()
    try:
        await office.add_agency()
        # The checkpoint stands behind the last entry, the journal's end one further.
        await office.read_journal_to(0, await roll_back(foreign, office.journal, 0, [b"{}", b"{}"]))
        await office.row(office.step())
        await roll_back(foreign, lifecycle(office.epoch), 0, [b"{}"])
        office.start()
        await office.until_told("task.assigned")
    finally:
        await office.close()


async def test_a_journal_grows_without_the_ends_of_transactions(backends: Backends, foreign: AIOKafkaProducer) -> None:
    source, target = await backends.topic("journal", 1), await backends.topic("journal", 2)
    wanted = [orjson.dumps(one) for one in dossier(7)]
    async with foreign.transaction():
        await foreign.send_and_wait(source, wanted[0], key=b"H29-00007", partition=0)
    await foreign.begin_transaction()
    await foreign.send_and_wait(source, wanted[1], key=b"H29-00007", partition=0)
    await foreign.abort_transaction()
    async with foreign.transaction():
        await foreign.send_and_wait(source, wanted[2], key=b"H29-00007", partition=0)
    copy = Copy(backends.kafka, source, target, 1, 2, told=lambda *_: None)
    await copy.run(await ends_of(backends.kafka, source, 1))
    assert copy.done == {0: 5}
    assert sorted(copy.ends.values()) == [0, 3]
    assert [record.value async for record in read_topic(backends.kafka, target, range(2))] == wanted
