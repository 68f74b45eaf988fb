"""Removes epochs that nobody needs any more: their databases, then their topics.

Never the live one and the one before, to which one can go back, nor one that a process derives or somebody compares: a
rebuild keeps its process until it has compared, and each process is a member of its epoch's consumer group. What is
needed is looked up anew before each epoch that goes. Databases go first: a number is free for another epoch only once
the lifecycle topic is gone, and states left behind would be taken for that epoch's.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass, replace
from typing import Final, TypeVar

from aiokafka import TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError, for_code

from deploy.local.errors import StackError
from deploy.operations.epochs.members import joined
from deploy.operations.epochs.reading import topics_of
from deploy.operations.epochs.standing import Epoch, standing
from shared.broker.kafka import make_consumer, stop_client
from shared.broker.pointer import read_pointers
from shared.broker.topics import lifecycle
from shared.mongo import Client, DatabaseError, connect, open_database

__all__ = ["Left", "Pruned", "Pruning"]

T = TypeVar("T")

_TIMEOUT_MS: Final = 10_000
_NO_TOPIC: Final = 3
_POLL: Final = 0.1
#: What metrics noted as carried over of each epoch's database; one of another version is named so.
_CARRIED: Final = ("motcua_metrics", "carried")
_OF_METRICS: Final = "motcua_metrics_e"


@dataclass(frozen=True, slots=True)
class Left:
    """A database that stays, and why in words."""

    name: str
    vi: str
    en: str


@dataclass(frozen=True, slots=True)
class Pruned:
    """What went, and what stayed though its epoch is not needed."""

    removed: Sequence[Epoch]
    left: Sequence[Left]


class Pruning:
    """The epochs of a stack.

    Args:
        kafka: bootstrap servers.
        mongo: connection string.
        kept_to: tells epochs that have a process which is started again when it ends.

    Every method raises StackError when the broker or the database does not answer.
    """

    def __init__(self, kafka: str, mongo: str, kept_to: Callable[[], Collection[int]] = tuple) -> None:
        self._kafka = kafka
        self._mongo = mongo
        self._kept_to = kept_to

    def look(self) -> list[Epoch]:
        """All epochs, with what may go of them. Changes nothing."""
        return asyncio.run(self._run(self._look))

    def after_a_switch(self) -> Pruned:
        """Remove what is older than the live epoch; what was broken off above it stays for people to look at."""
        live = max((one.number for one in self.look() if one.state == "live"), default=0)
        return self.remove(lambda epoch: epoch.state == "old" or epoch.number < live)

    def remove(self, wanted: Callable[[Epoch], bool] = lambda _: True) -> Pruned:
        """Remove the epochs that nobody needs.

        Args:
            wanted: which of them.
        """

        async def work(client: Client, admin: AIOKafkaAdminClient) -> Pruned:
            removed: list[Epoch] = []
            left: list[Left] = []
            numbers = [one.number for one in await self._look(client, admin) if not one.needed and wanted(one)]
            for number in numbers:
                for epoch in await self._look(client, admin):
                    if epoch.number == number and not epoch.needed and wanted(epoch):
                        gone, stays = await self._remove(client, admin, epoch)
                        left += stays
                        if gone.topics or gone.databases:
                            removed.append(gone)
            return Pruned(removed, left)

        return asyncio.run(self._run(work))

    async def _run(self, work: Callable[[Client, AIOKafkaAdminClient], Awaitable[T]]) -> T:
        client = connect(self._mongo, "motcua-prune")
        admin = AIOKafkaAdminClient(bootstrap_servers=self._kafka, request_timeout_ms=_TIMEOUT_MS)
        try:
            await admin.start()
            return await work(client, admin)
        except (KafkaError, TimeoutError) as error:
            raise StackError(f"the broker failed ({type(error).__name__}: {error}): `motcua prune` goes on") from error
        except DatabaseError as error:
            raise StackError(
                f"the database failed ({type(error).__name__}: {str(error)[:120]}): `motcua prune` goes on"
            ) from error
        finally:
            await admin.close()
            client.close()

    async def _look(self, client: Client, _admin: AIOKafkaAdminClient) -> list[Epoch]:
        pointers, topics = await read_pointers(self._kafka, "motcua-prune")
        databases = await client.list_database_names()
        numbers = [one.number for one in standing(pointers, topics, databases, ())]
        return standing(pointers, topics, databases, {*self._kept_to(), *await self._derived(numbers, topics)})

    async def _derived(self, numbers: Sequence[int], topics: Collection[str]) -> set[int]:
        """Epochs that a process has joined the group of, or whose topic is new: somebody is about to join."""
        groups = {f"motcua-processing-e{number}": number for number in numbers}
        found = {groups[name] for name in await joined(self._kafka, list(groups))}
        return found | await self._new(numbers, topics)

    async def _new(self, numbers: Sequence[int], topics: Collection[str]) -> set[int]:
        """Epochs whose facts' topic never had a record."""
        consumer = make_consumer(self._kafka, "motcua-prune")
        await consumer.start()
        try:
            found = set()
            for number in numbers:
                name = lifecycle(number)
                if name in topics:
                    places = [TopicPartition(name, one) for one in consumer.partitions_for_topic(name) or ()]
                    if places and not any((await consumer.end_offsets(places)).values()):
                        found.add(number)
            return found
        finally:
            await stop_client(consumer)

    async def _wait_gone(self, topics: set[str]) -> None:
        """The controller answers before every broker knows."""
        async with asyncio.timeout(_TIMEOUT_MS / 1000):
            while topics & await topics_of(self._kafka):  # noqa: ASYNC110 - nobody tells when they are gone
                await asyncio.sleep(_POLL)

    async def _remove(self, client: Client, admin: AIOKafkaAdminClient, epoch: Epoch) -> tuple[Epoch, list[Left]]:
        """Remove what is left of an epoch; what went of it, and what stays."""
        left: list[Left] = []
        for name in epoch.databases:
            if name.startswith(_OF_METRICS) and not await _is_carried(client, epoch.number):
                left.append(_not_carried(name))
            else:
                await client.drop_database(name)
        stays = {one.name for one in left}
        # The facts' topic last: while it is there its number is taken.
        for name in sorted(epoch.topics, key=lambda one: one == lifecycle(epoch.number)):
            answer = await admin.delete_topics([name], timeout_ms=_TIMEOUT_MS)
            for topic, code in answer.topic_error_codes:
                if code not in (0, _NO_TOPIC):
                    raise for_code(code)(topic)
        await self._wait_gone(set(epoch.topics))
        return replace(epoch, databases=tuple(one for one in epoch.databases if one not in stays)), left


async def _is_carried(client: Client, epoch: int) -> bool:
    """Whether metrics took over all that an epoch's database of versions of before has of results."""
    old = open_database(client, f"{_OF_METRICS}{epoch}")
    count = sum([int(await old[name].estimated_document_count()) for name in ("frozen", "results")])
    note = await open_database(client, _CARRIED[0])[_CARRIED[1]].find_one({"_id": epoch})
    return count == 0 or (note is not None and note["documents"] == count)


def _not_carried(name: str) -> Left:
    return Left(
        name,
        f"{name} còn số liệu đã công bố mà metrics chưa chuyển: bật metrics của phiên bản này rồi chạy lại",
        f"{name} holds published figures that metrics has not carried over: start metrics of this version, then again",
    )
