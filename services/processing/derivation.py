"""Which derivation this process works on, and that its topics and its database are fit for it. Knows no entries.

Nothing here guesses: while something is missing or does not fit, processing waits and says what.
"""

from __future__ import annotations

from typing import Final

from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import TopicAlreadyExistsError, for_code

from services.processing.settings import ProcessingSettings
from shared.broker.pointer import read_pointer
from shared.broker.topics import lifecycle, reference, topic_specs
from shared.contract.housekeeping import LiveEpoch
from shared.logging import get_logger

__all__ = ["NotFitError", "find_epoch", "live_epoch", "prepare_topics"]

_FIRST_EPOCH: Final = 1
_log = get_logger("processing.derivation")


class NotFitError(Exception):
    """What is there does not fit the settings; looked at again later."""


async def find_epoch(settings: ProcessingSettings) -> int:
    """The epoch set, else the live one by the pointer, else 1.

    Raises:
        KafkaError: the broker does not answer.
        NotFitError: the pointer names an epoch of another generation.
    """
    if settings.epoch is not None:
        return settings.epoch
    pointer = await _live(settings.kafka)
    _check_generation(pointer, settings)
    return pointer.epoch


async def live_epoch(kafka: str) -> int:
    """The live epoch by the pointer, else 1; may be of another generation than this process's.

    Raises:
        KafkaError: the broker does not answer.
    """
    return (await _live(kafka)).epoch


async def _live(kafka: str) -> LiveEpoch:
    return await read_pointer(kafka, "motcua-processing-epoch") or LiveEpoch(epoch=_FIRST_EPOCH)


def _check_generation(pointer: LiveEpoch, settings: ProcessingSettings) -> None:
    """Refuse to derive the live epoch from another journal than its own: its keys lie in other partitions there."""
    if pointer.generation not in (None, settings.generation):
        raise NotFitError(
            f"the live epoch {pointer.epoch} derives journal generation {pointer.generation}, MOTCUA_GENERATION is "
            f"{settings.generation}; set it to {pointer.generation}, and MOTCUA_PARTITIONS to {pointer.partitions}"
        )


async def prepare_topics(settings: ProcessingSettings, epoch: int, journal: str) -> None:
    """See that the journal is there with its partitions, and make the epoch's own topics where they are missing.

    Raises:
        KafkaError: the broker does not answer.
        NotFitError: a topic is missing or has another number of partitions.
    """
    admin = AIOKafkaAdminClient(bootstrap_servers=settings.kafka, client_id="motcua-processing-topics")
    await admin.start()
    try:
        counts = {
            topic["topic"]: len(topic["partitions"])
            for topic in await admin.describe_topics()
            if topic["error_code"] == 0
        }
        if journal not in counts:
            raise NotFitError(f"there is no topic {journal}; create the topics first")
        own = (lifecycle(epoch), reference(epoch))
        for name in (journal, *own):
            if counts.get(name, settings.partitions) != settings.partitions:
                raise NotFitError(
                    f"topic {name} has {counts[name]} partitions, MOTCUA_PARTITIONS is {settings.partitions}; "
                    "set it to the topic's, or derive a new epoch of the new generation"
                )
        for name in own:
            if name not in counts:
                await _create(admin, settings, epoch, name)
    finally:
        await admin.close()


async def _create(admin: AIOKafkaAdminClient, settings: ProcessingSettings, epoch: int, name: str) -> None:
    specs = topic_specs(epoch, settings.partitions, settings.replication, settings.generation)
    spec = next(spec for spec in specs if spec.name == name)
    topic = NewTopic(spec.name, spec.partitions, spec.replication, topic_configs=spec.config)
    response = (await admin.create_topics([topic])).to_object()
    for result in response["topics"] if "topics" in response else response["topic_errors"]:
        error = for_code(result["error_code"])
        if result["error_code"] and error is not TopicAlreadyExistsError:
            raise NotFitError(f"topic {spec.name} could not be created: {error.__name__}")
    _log.info("topic created", topic=spec.name, partitions=spec.partitions)
