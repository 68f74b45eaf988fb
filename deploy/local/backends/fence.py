"""A fence around a journal: the broker itself refuses every record, so that nobody writes while it is copied.

Knows one setting of a topic. A fence belongs to a process: when that ends without taking it down, it comes down.
"""

from __future__ import annotations

import asyncio
import logging
from typing import Final

from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from aiokafka.errors import KafkaError

from deploy.local import processes
from deploy.local.errors import StackError
from shared.broker.topics import generation_of, topic_specs

__all__ = ["Fence", "is_fenced", "lower", "put_up"]

logger = logging.getLogger(__name__)

_LIMIT: Final = "max.message.bytes"
_NOTHING: Final = "1"
_TIMEOUT_MS: Final = 10_000
_LOOK_SECONDS: Final = 0.5
#: Seconds in which a broker learns of a setting, and between two looks.
_TAKEN_SECONDS: Final = 15.0
_TAKEN_POLL: Final = 0.1
#: What DescribeConfigs calls a setting made for this topic.
_OF_TOPIC: Final = 1


async def put_up(kafka: str, topic: str) -> None:
    """Let the broker refuse every record for a topic; writers get an error, readers notice nothing."""
    await _set(kafka, topic, _NOTHING)


async def lower(kafka: str, topic: str) -> None:
    """Let records in again, of the size the journal is made with; harmless where no fence is up."""
    if not await is_fenced(kafka, topic):
        return
    made = topic_specs(1, 1, 1, generation_of(topic) or 1)
    await _set(kafka, topic, next(spec.config[_LIMIT] for spec in made if spec.name == topic))


async def is_fenced(kafka: str, topic: str) -> bool:
    """Whether a topic takes no record."""
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka, request_timeout_ms=_TIMEOUT_MS)
    await admin.start()
    try:
        return (await _settings(admin, topic)).get(_LIMIT) == _NOTHING
    finally:
        await admin.close()


async def _set(kafka: str, topic: str, limit: str) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka, request_timeout_ms=_TIMEOUT_MS)
    await admin.start()
    try:
        # The request replaces all settings of the topic, so those it has go with it.
        kept = await _settings(admin, topic)
        wanted = ConfigResource(ConfigResourceType.TOPIC, topic, kept | {_LIMIT: limit})
        for answer in await admin.alter_configs([wanted]):
            for code, text, *_ in answer.resources:
                if code:
                    raise StackError(f"topic {topic} could not be changed: {text or code}")
        # The controller has it; a broker learns of it a moment later, a starting one after all it missed.
        deadline = asyncio.get_running_loop().time() + _TAKEN_SECONDS
        while (await _settings(admin, topic)).get(_LIMIT) != limit:
            if asyncio.get_running_loop().time() > deadline:
                raise StackError(f"topic {topic}: the broker did not take {_LIMIT} {limit}; try again")
            await asyncio.sleep(_TAKEN_POLL)
    finally:
        await admin.close()


async def _settings(admin: AIOKafkaAdminClient, topic: str) -> dict[str, str]:
    """Settings made for this topic."""
    found: dict[str, str] = {}
    for answer in await admin.describe_configs([ConfigResource(ConfigResourceType.TOPIC, topic)]):
        for code, text, _, _, entries in answer.resources:
            if code:
                raise StackError(f"topic {topic} cannot be looked at: {text or code}")
            found |= {name: value for name, value, _, source, *_ in entries if source == _OF_TOPIC}
    return found


class Fence:
    """The fence of a stack, kept up for a process.

    Args:
        kafka: bootstrap servers.
    """

    def __init__(self, kafka: str) -> None:
        self._kafka = kafka
        self._guard: asyncio.Task[None] | None = None

    async def up_for(self, pid: int, topic: str) -> None:
        """Put it up; it comes down by itself when the process ends.

        Raises:
            StackError: the process is not there, or the broker refuses.
        """
        identity = processes.identify(pid)
        if identity is None:
            raise StackError(f"process {pid} does not run")
        self.forget()
        await put_up(self._kafka, topic)
        self._guard = asyncio.create_task(self._watch(identity, topic), name="fence")

    async def down(self, topic: str) -> None:
        """Take it down; harmless where none is up."""
        self.forget()
        await lower(self._kafka, topic)

    def forget(self) -> None:
        """Watch no process any more: what is fenced stays so."""
        if self._guard is not None:
            self._guard.cancel()
            self._guard = None

    async def _watch(self, identity: processes.Identity, topic: str) -> None:
        await processes.ended(identity)
        logger.warning("the process that fenced %s ended: entries are taken again", topic)
        while True:
            try:
                await lower(self._kafka, topic)
            except (KafkaError, StackError, OSError) as error:
                logger.warning("fence of %s: %r; again", topic, error)
                await asyncio.sleep(_LOOK_SECONDS)
            else:
                return
