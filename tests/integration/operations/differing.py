"""What may make an epoch differ from the journal, made on purpose: an import that was killed, a row that lies."""

from __future__ import annotations

import asyncio
import json
import subprocess

from deploy.local.stack import LocalStack
from deploy.operations.epochs.reading import ends_of, read_topic
from shared.broker.kafka import make_producer
from shared.broker.topics import journal, lifecycle
from tests.waiting import until

__all__ = ["kill_an_import", "tell_otherwise"]


def kill_an_import(stack: LocalStack, line: list[str]) -> None:
    """Kill an import once something of it is in the journal."""

    def written() -> int:
        return sum(asyncio.run(ends_of(stack.addresses()["kafka"], journal(1), 4)).values())

    begun = written()
    importing = subprocess.Popen(line, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    until(lambda: written() > begun, "entries of the import", 60)
    importing.kill()
    importing.wait()


async def tell_otherwise(kafka: str, epoch: int) -> str:
    """Let the newest row of a dossier of an epoch say another channel; which dossier."""
    ends = await ends_of(kafka, lifecycle(epoch), 4)
    rows = [
        (record.partition, event)
        async for record in read_topic(kafka, lifecycle(epoch), range(4), ends)
        if (event := json.loads(record.value or b"{}")).get("type") == "dossier.changed"
    ]
    partition, event = rows[-1]
    cause, row = event["data"]["cause"], event["data"]["row"]
    row["channel"] = "postal" if row.get("channel") != "postal" else "direct"
    cause["index"] = cause.get("index", 0) + 1
    producer = make_producer(kafka, "test-cli")
    await producer.start()
    try:
        await producer.send_and_wait(
            lifecycle(epoch), json.dumps(event).encode(), key=row["code"].encode(), partition=partition
        )
    finally:
        await producer.stop()
    return str(row["code"])
