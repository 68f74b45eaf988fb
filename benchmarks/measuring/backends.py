"""A broker and a database of one's own for a benchmark, and the bare loop every reader is compared to."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from aiokafka import TopicPartition

from benchmarks.measuring.workload import PARTITIONS, Record
from deploy.local.ports import PREFERRED, choose
from deploy.local.stack import LocalStack
from services.processing.stream.output import LifecycleWriter
from shared.broker.kafka import make_consumer, make_producer

__all__ = ["Backends", "bare_loop", "fill", "started"]

#: Records taken at once by the bare loop, as many as metrics takes.
_AT_ONCE: Final = 2_000
_BATCH_BYTES: Final = 786_432


@dataclass(frozen=True, slots=True)
class Backends:
    """Addresses of a broker and a database."""

    stack: LocalStack
    kafka: str
    mongo: str


@contextmanager
def started(services: Sequence[str] = ()) -> Iterator[Backends]:
    """A simulated stack on the data's clock in a temporary home and on free ports; it ends with the block."""
    with TemporaryDirectory(prefix="motcua-bench-") as home:
        stack = LocalStack(Path(home))
        first = choose(random.randrange(20_000, 31_000, 20))
        ports = {name: first + place for place, name in enumerate(PREFERRED)}
        try:
            stack.up(clock="data", simulated=True, services=services, preferred=ports, partitions=PARTITIONS)
            addresses = stack.addresses()
            yield Backends(stack, addresses["kafka"], addresses["mongo"])
        finally:
            stack.down()


async def fill(kafka: str, topic: str, partitions: Sequence[Sequence[Record]]) -> None:
    """Write records to a topic, each list to its partition."""
    producer = make_producer(kafka, "bench-fill", max_batch_size=_BATCH_BYTES)
    await producer.start()
    try:
        for partition, records in enumerate(partitions):
            writer = LifecycleWriter(producer, topic, partition)
            for record in records:
                writer.add(record)
            await writer.flush()
    finally:
        await producer.stop()


async def bare_loop(kafka: str, topic: str, validate: Callable[[bytes], Any]) -> int:
    """The least any service in this stack can cost: fetch all records with aiokafka and validate each with pydantic.

    Args:
        kafka: bootstrap server.
        topic: what is read, from beginning to end.
        validate: a TypeAdapter's validate_json.

    Returns:
        How many records there were.
    """
    consumer = make_consumer(kafka, "bench-bare")
    await consumer.start()
    try:
        places = [TopicPartition(topic, partition) for partition in range(PARTITIONS)]
        consumer.assign(places)
        for place in places:
            consumer.seek(place, 0)
        total = left = int(sum((await consumer.end_offsets(places)).values()))
        while left:
            fetched = await consumer.getmany(timeout_ms=200, max_records=_AT_ONCE)
            for records in fetched.values():
                for record in records:
                    validate(record.value)
                left -= len(records)
        return total
    finally:
        await consumer.stop()
