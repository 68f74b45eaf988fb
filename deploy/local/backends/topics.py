"""Topics of a local stack and the pointer to its live epoch, made where missing and checked where there.

Names and guarantees come from shared/broker/topics.py; this module only carries them to the broker. As a program
(`python -m deploy.local.backends.topics`) it prepares any broker for the services and ends.
"""

from __future__ import annotations

import asyncio
import sys
from typing import Annotated

from aiokafka import AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import KafkaError
from pydantic import Field

from deploy.local.backends.fence import is_fenced, lower
from deploy.local.errors import StackError
from shared.broker.pointer import LIVE_KEY, next_number, read_pointer, read_pointers
from shared.broker.topic_care import mend
from shared.broker.topics import EPOCH, agency_specs, topic_specs
from shared.contract.housekeeping import LiveEpoch
from shared.settings import ServiceSettings, load_settings

__all__ = [
    "TopicSettings",
    "check_settings",
    "create",
    "create_agency",
    "live",
    "live_epoch",
    "main",
    "point_to",
    "prepare",
    "replication_of",
]

_CREATED, _EXISTS = 0, 36
_TIMEOUT_MS = 10_000
_FIRST_EPOCH = 1
_PAUSE_SECONDS = 1.0


class TopicSettings(ServiceSettings):
    """Makes the missing topics and the pointer to the live epoch, by MOTCUA_KAFKA and MOTCUA_PARTITIONS as above."""

    replication: Annotated[int, Field(ge=1, le=9, description="replicas of each topic; 3 on a cluster of three")] = 1
    wait_seconds: Annotated[float, Field(ge=0, description="seconds to wait for a broker that is not there yet")] = 60.0


async def create(kafka: str, epoch: int, partitions: int, replication: int = 1, generation: int = 1) -> None:
    """Create the topics of an epoch that are missing; harmless to repeat.

    Raises:
        StackError: a topic exists with another number of partitions, which would change who holds which dossier.
    """
    specs = topic_specs(epoch, partitions, replication, generation)
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka, request_timeout_ms=_TIMEOUT_MS)
    await admin.start()
    try:
        answer = await admin.create_topics(
            [NewTopic(spec.name, spec.partitions, spec.replication, topic_configs=spec.config) for spec in specs],
            timeout_ms=_TIMEOUT_MS,
        )
        for name, code, text in answer.topic_errors:
            if code not in (_CREATED, _EXISTS):
                raise StackError(f"topic {name} could not be created: {text or code}")
        found = {
            item["topic"]: len(item["partitions"]) for item in await admin.describe_topics([s.name for s in specs])
        }
    finally:
        await admin.close()
    for spec in specs:
        if found.get(spec.name, spec.partitions) not in (0, spec.partitions):
            raise StackError(
                f"topic {spec.name} has {found[spec.name]} partitions, not {spec.partitions}: "
                "a stack keeps the number it was made with; choose another --home"
            )


async def create_agency(kafka: str, unit: str, replication: int = 1) -> list[str]:
    """Make the topics of a unit that are not there; their names.

    Raises:
        StackError: the unit's code cannot be part of a topic name, or the broker refuses.
    """
    try:
        specs = agency_specs(unit, replication)
    except ValueError as error:
        raise StackError(str(error)) from error
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka, request_timeout_ms=_TIMEOUT_MS)
    await admin.start()
    try:
        answer = await admin.create_topics(
            [NewTopic(spec.name, spec.partitions, spec.replication, topic_configs=spec.config) for spec in specs],
            timeout_ms=_TIMEOUT_MS,
        )
    finally:
        await admin.close()
    for name, code, text in answer.topic_errors:
        if code not in (_CREATED, _EXISTS):
            raise StackError(f"topic {name} could not be created: {text or code}")
    return [spec.name for spec in specs]


async def replication_of(kafka: str, topic: str) -> int:
    """Replicas of a topic.

    Raises:
        StackError: there is no such topic.
    """
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka, request_timeout_ms=_TIMEOUT_MS)
    await admin.start()
    try:
        found = {one["topic"]: one["partitions"] for one in await admin.describe_topics([topic])}
    finally:
        await admin.close()
    if not found.get(topic):
        raise StackError(f"there is no topic {topic}: are MOTCUA_GENERATION and MOTCUA_PARTITIONS those of the stack?")
    return len(found[topic][0]["replicas"])


async def live_epoch(kafka: str) -> int | None:
    """The epoch that the pointer names; None when there is none yet."""
    found = await live(kafka)
    return None if found is None else found.epoch


async def live(kafka: str) -> LiveEpoch | None:
    """What the pointer says; None when there is none yet."""
    return await read_pointer(kafka, "motcua-topics")


async def point_to(kafka: str, epoch: int, partitions: int | None = None, generation: int | None = None) -> None:
    """Make an epoch the live one: a record with the pointer's next number names it, and of which journal it is.

    Raises:
        KafkaError: the broker does not answer; whether it has the record is not known, and doing it again is harmless.
        StackError: somebody else pointed elsewhere at the same time.
    """
    pointers, _ = await read_pointers(kafka, "motcua-topics")
    pointer = LiveEpoch(epoch=epoch, generation=generation, partitions=partitions, number=next_number(pointers))
    producer = AIOKafkaProducer(bootstrap_servers=kafka, acks="all", request_timeout_ms=_TIMEOUT_MS)
    await producer.start()
    try:
        await producer.send_and_wait(EPOCH, pointer.model_dump_json(exclude_none=True).encode(), key=LIVE_KEY)
    finally:
        await producer.stop()
    held = await live(kafka)
    if held != pointer:
        raise StackError(
            f"epoch {epoch} did not become the live one: somebody else made epoch {held and held.epoch} it meanwhile",
            vi=f"kỷ nguyên {epoch} không thành kỷ nguyên đang dùng: trong lúc đó có người chuyển sang "
            f"{held and held.epoch}",
        )


async def prepare(settings: TopicSettings) -> int:
    """Create the topics of the live epoch, of the first one on a new broker, and point to it; tells the epoch.

    Raises:
        StackError: a topic cannot be created, or is there with another number of partitions.
        KafkaError: the broker did not answer in time.
    """
    deadline = asyncio.get_running_loop().time() + settings.wait_seconds
    made = (settings.partitions, settings.replication, settings.generation)
    while True:
        try:
            pointer = await live(settings.kafka)
            if pointer is None:
                await create(settings.kafka, _FIRST_EPOCH, *made)
                await point_to(settings.kafka, _FIRST_EPOCH, settings.partitions, settings.generation)
            else:
                _check(pointer, settings)
                await create(settings.kafka, pointer.epoch, *made)
                # Left by a growth that was killed: one under way notices that its journal is written to.
                if await is_fenced(settings.kafka, settings.journal):
                    await lower(settings.kafka, settings.journal)
            await check_settings(settings.kafka)
        except KafkaError:
            if asyncio.get_running_loop().time() > deadline:
                raise
            await asyncio.sleep(_PAUSE_SECONDS)
        else:
            return _FIRST_EPOCH if pointer is None else pointer.epoch


async def check_settings(kafka: str) -> None:
    """Mend the topics of before that lack what their readers rely on.

    Raises:
        KafkaError: the broker does not answer.
        StackError: the broker refuses; names the topics.
    """
    refused = (await mend(kafka, "motcua-topics")).refused
    if refused:
        named = "; ".join(f"{name}: {why}" for name, why in sorted(refused.items()))
        raise StackError(
            f"topics do not have the settings they have to and the broker refuses to change them ({named}): let this "
            "user alter their configs, or set message.timestamp.type=LogAppendTime there",
            vi=f"chủ đề thiếu cấu hình bắt buộc và Kafka không cho đổi ({named}): cấp quyền đổi cấu hình, hoặc tự đặt "
            "message.timestamp.type=LogAppendTime ở đó",
        )


def _check(pointer: LiveEpoch, settings: TopicSettings) -> None:
    found, wanted = (pointer.generation, pointer.partitions), (settings.generation, settings.partitions)
    if pointer.partitions is not None and found != wanted:
        raise StackError(
            f"the live journal is generation {found[0]} and has {found[1]} partitions, not {wanted[1]} of generation "
            f"{wanted[0]}: set MOTCUA_GENERATION={found[0]} and MOTCUA_PARTITIONS={found[1]}"
        )


def main() -> int:
    """Prepare the broker of MOTCUA_KAFKA; 0 when its topics are as they should be."""
    settings = load_settings(TopicSettings)
    try:
        epoch = asyncio.run(prepare(settings))
    except StackError as error:
        sys.stderr.write(f"{error.message}\n")
        return 1
    except KafkaError as error:
        sys.stderr.write(f"MOTCUA_KAFKA: {settings.kafka} does not answer ({type(error).__name__}): start it\n")
        return 1
    sys.stdout.write(f"topics of epoch {epoch} are there\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
