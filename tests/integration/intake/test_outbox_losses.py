"""What an outbox lost on a real broker: told with its number, kept for all replicas, and read on behind."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiokafka.admin import AIOKafkaAdminClient, RecordsToDelete
from aiokafka.structs import TopicPartition

from services.intake.agencies.state.store_losses import Loss, LossStore
from services.intake.senders.store import StoreAway
from shared.broker.topics import agency_outbox
from tests.integration.intake.outboxes import PARTITIONS, Outboxes, step
from tests.stack import Backends
from tests.waiting import until_async


@pytest.fixture
async def outboxes(backends: Backends) -> AsyncIterator[Outboxes]:
    made = Outboxes(backends, await backends.topic("agencies", PARTITIONS))
    await made.open()
    yield made
    await made.close()


async def delete(outboxes: Outboxes, unit: str, before: int) -> None:
    """Delete the messages before an offset, as the broker does when their time is over."""
    admin = AIOKafkaAdminClient(bootstrap_servers=outboxes.backends.kafka)
    await admin.start()
    try:
        await admin.delete_records({TopicPartition(agency_outbox(unit), 0): RecordsToDelete(before_offset=before)})
    finally:
        await admin.close()


async def answered(outboxes: Outboxes, unit: str, count: int) -> bool:
    return len(await outboxes.answers(unit)) >= count


async def test_what_was_deleted_unread_is_told_with_its_number(outboxes: Outboxes) -> None:
    a = outboxes.unit("a")
    await outboxes.topics(a)
    async with outboxes.replica([a]) as one:
        await outboxes.put(a, step(a, 0), step(a, 1))
        await until_async(lambda: answered(outboxes, a, 2), "the first answers")
        assert one.losses.notes() == []
    assert await outboxes.passed(a) == (2, 2)
    await outboxes.put(a, *(step(a, number) for number in range(2, 7)))
    await delete(outboxes, a, 5)
    async with outboxes.replica() as one:
        told = await until_async(lambda: _answers(outboxes, a, 4), "the answers of what is left")
        assert [each["data"]["outbox_offset"] for each in told] == [0, 1, 5, 6]
        assert one.losses.of(a) == 3
        (note,) = one.losses.notes()
        assert f"3 messages of the outbox of {a} are lost" in note
        assert "offsets 2 to 4" in note
        assert one.door.meters.gauge("motcua_intake_agency_lost").labels(a)._value.get() == 3
    async with outboxes.replica() as other:
        await other.losses.refresh()
        assert other.losses.of(a) == 3, "kept over restarts"


async def test_an_outbox_never_read_can_lose_too(outboxes: Outboxes) -> None:
    a = outboxes.unit("a")
    await outboxes.topics(a)
    await outboxes.put(a, *(step(a, number) for number in range(3)))
    await delete(outboxes, a, 3)
    async with outboxes.replica([a]) as one:
        await until_async(lambda: _async(one.losses.of(a) == 3), "the loss to be told")
        await outboxes.put(a, step(a, 3))
        await until_async(lambda: answered(outboxes, a, 1), "the next answer")
        assert one.losses.of(a) == 3


async def test_reading_goes_on_only_once_a_loss_is_kept(outboxes: Outboxes, monkeypatch: pytest.MonkeyPatch) -> None:
    a = outboxes.unit("a")
    await outboxes.topics(a)
    await outboxes.put(a, step(a, 0), step(a, 1))
    await delete(outboxes, a, 1)
    tried: list[int] = []
    add = LossStore.add

    async def away(_self: LossStore, loss: Loss) -> None:
        tried.append(loss.count)
        raise StoreAway("away")

    with monkeypatch.context() as patched:
        patched.setattr(LossStore, "add", away)
        async with outboxes.replica([a]) as one:
            await until_async(lambda: _async(len(tried) > 1), "two tries")
            assert await outboxes.answers(a) == []
            patched.setattr(LossStore, "add", add)
            await until_async(lambda: answered(outboxes, a, 1), "the answer")
            assert one.losses.of(a) == 1


async def test_the_ends_of_transactions_are_no_loss(outboxes: Outboxes) -> None:
    a = outboxes.unit("a")
    await outboxes.topics(a)
    async with outboxes.replica([a]) as one:
        async with outboxes.transactions("a") as producer:
            for number in range(3):
                await producer.begin_transaction()
                await producer.send_and_wait(agency_outbox(a), step(a, number), key=b"HS-1")
                await (producer.abort_transaction() if number == 1 else producer.commit_transaction())
        await outboxes.put(a, step(a, 3))
        await until_async(lambda: answered(outboxes, a, 3), "the answers")
        assert one.losses.notes() == []


async def _answers(outboxes: Outboxes, unit: str, count: int) -> list[dict[str, Any]]:
    found = await outboxes.answers(unit)
    return found if len(found) >= count else []


async def _async(value: bool) -> bool:
    return value
