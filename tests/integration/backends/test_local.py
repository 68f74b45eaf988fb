"""Broker and database of a local stack: they keep what they acknowledged, come back by themselves, and go when told."""

from __future__ import annotations

import asyncio
import signal
from pathlib import Path
from typing import Any

import pytest
from aiokafka import AIOKafkaProducer, TopicPartition
from aiokafka.consumer import AIOKafkaConsumer
from motor.motor_asyncio import AsyncIOMotorClient
from pymongo.errors import DuplicateKeyError

from deploy.local import processes
from deploy.local.backends import topics
from deploy.local.errors import StackError
from deploy.local.ports import is_free
from shared.broker.topics import JOURNAL, lifecycle
from tests.stack import Backends, StackFactory


async def test_topics_are_there_and_may_be_asked_for_again(backends: Backends) -> None:
    assert await topics.live_epoch(backends.kafka) == 1
    await topics.create(backends.kafka, 1, 4)
    await topics.create(backends.kafka, 2, 4)
    with pytest.raises(StackError, match="4 partitions, not 6"):
        await topics.create(backends.kafka, 1, 6)
    name = await backends.topic("probe", partitions=3)
    producer = AIOKafkaProducer(bootstrap_servers=backends.kafka, acks="all")
    await producer.start()
    try:
        assert len(await producer.partitions_for(name)) == 3
        assert len(await producer.partitions_for(JOURNAL)) == 4
        assert len(await producer.partitions_for(lifecycle(2))) == 4
    finally:
        await producer.stop()


async def test_the_database_refuses_an_older_position_as_mongodb_does(backends: Backends) -> None:
    client: AsyncIOMotorClient[dict[str, Any]] = AsyncIOMotorClient(backends.mongo)
    states = client[backends.unique("db")]["states"]
    await states.replace_one({"_id": "a", "position": {"$lt": 5}}, {"position": 5}, upsert=True)
    with pytest.raises(DuplicateKeyError):
        await states.replace_one({"_id": "a", "position": {"$lt": 5}}, {"position": 5}, upsert=True)
    client.close()


async def test_what_was_acknowledged_outlives_kill_9_freezes_and_restarts(
    local_stack: StackFactory, tmp_path: Path
) -> None:
    home = tmp_path / ("a-home-whose-path-is-too-long-for-a-unix-socket" * 3)
    stack = await asyncio.to_thread(local_stack, services=(), home=home)
    where = stack.addresses()
    producer = AIOKafkaProducer(bootstrap_servers=where["kafka"], acks="all")
    await producer.start()
    client: AsyncIOMotorClient[dict[str, Any]] = AsyncIOMotorClient(where["mongo"])
    for number in range(20):
        await producer.send_and_wait(JOURNAL, str(number).encode(), partition=0)
        await client["d"]["c"].insert_one({"_id": number})
    for name in ("kafka", "mongo"):
        stack.kill(name)
        await asyncio.to_thread(stack.wait_ready)
    await producer.send_and_wait(JOURNAL, b"20", partition=0)
    await client["d"]["c"].insert_one({"_id": 20})
    await producer.stop()

    stack.kill("kafka", signal.SIGSTOP)
    database = processes.read_pid_file(stack.home.pid_file("mongo"))
    stack.kill("supervisor")
    first = stack.addresses()
    await asyncio.to_thread(local_stack, services=(), home=home)
    assert stack.addresses() == first, "a stack keeps its ports"
    assert processes.read_pid_file(stack.home.pid_file("mongo")) == database, "what runs on is taken over"
    consumer = AIOKafkaConsumer(bootstrap_servers=where["kafka"], group_id=None)
    await consumer.start()
    try:
        partition = TopicPartition(JOURNAL, 0)
        consumer.assign([partition])
        consumer.seek(partition, 0)
        values: list[bytes] = []
        while len(values) < 21:
            found = await asyncio.wait_for(consumer.getmany(partition, timeout_ms=1_000), 20)
            values += [record.value for record in found.get(partition, [])]
    finally:
        await consumer.stop()
    assert values == [str(number).encode() for number in range(21)]
    assert await client["d"]["c"].count_documents({}) == 21
    client.close()

    await asyncio.to_thread(stack.down)
    assert stack.status().phase == "stopped"
    assert all(is_free(port) for port in stack.home.load().ports.values())
    assert list(stack.home.run.glob("*.pid.json")) == []


async def test_a_stack_is_not_turned_into_another_kind(local_stack: StackFactory) -> None:
    stack = await asyncio.to_thread(local_stack, services=())
    with pytest.raises(StackError, match="made with clock data"):
        stack.up(clock="live")
    with pytest.raises(StackError, match="made with simulated false"):
        stack.up(simulated=True)
