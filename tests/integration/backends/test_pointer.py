"""The pointer to the live epoch on a real broker: its highest number holds, whoever wrote last."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from aiokafka import AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType

from deploy.local.backends import topics
from deploy.local.errors import StackError
from services.processing.derivation import live_epoch
from shared.broker.topics import EPOCH
from tests.integration.metrics.replica import eventually, new_epoch, replica
from tests.stack import Backends


@pytest_asyncio.fixture
async def moved(backends: Backends) -> AsyncIterator[Backends]:
    """A broker whose pointer may be moved: it is put back."""
    yield backends
    await topics.point_to(backends.kafka, 1)


async def test_a_writer_that_was_frozen_moves_nobody_back(moved: Backends, monkeypatch: pytest.MonkeyPatch) -> None:
    stale, following = [await new_epoch(moved, live=False) for _ in range(2)]
    frozen, woken = asyncio.Event(), asyncio.Event()

    class Frozen(AIOKafkaProducer):  # type: ignore[misc]
        async def start(self) -> None:
            frozen.set()
            await woken.wait()
            await super().start()

    with monkeypatch.context() as patched:
        patched.setattr(topics, "AIOKafkaProducer", Frozen)
        late = asyncio.create_task(topics.point_to(moved.kafka, stale))
        await asyncio.wait_for(frozen.wait(), 30)
    await topics.point_to(moved.kafka, following)
    woken.set()
    with pytest.raises(StackError, match=f"made epoch {following} it"):
        await late
    assert await topics.live_epoch(moved.kafka) == await live_epoch(moved.kafka) == following
    async with replica(moved) as one:

        async def followed() -> bool:
            return (await one.get("/v1/status"))["epoch"] is not None

        await eventually(followed, "a replica to follow an epoch")
        assert (await one.get("/v1/status"))["epoch"] == following
    await topics.point_to(moved.kafka, stale)
    assert await live_epoch(moved.kafka) == stale, "whoever asks again is heard"


async def test_a_record_without_a_number_moves_nobody_back(moved: Backends) -> None:
    await topics.point_to(moved.kafka, 1)
    producer = AIOKafkaProducer(bootstrap_servers=moved.kafka, acks="all")
    await producer.start()
    try:
        await producer.send_and_wait(EPOCH, b'{"epoch":77}', key=b"live")
    finally:
        await producer.stop()
    assert await live_epoch(moved.kafka) == 1


async def test_compaction_never_keeps_the_last_record_for_the_one_that_holds(moved: Backends) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=moved.kafka)
    await admin.start()
    try:
        (told,) = await admin.describe_configs([ConfigResource(ConfigResourceType.TOPIC, EPOCH)])
    finally:
        await admin.close()
    settings = {name: value for name, value, *_ in told.resources[0][4]}
    assert (settings["cleanup.policy"], settings["retention.ms"]) == ("delete", "-1")
