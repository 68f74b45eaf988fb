"""What was sent to agencies, in a database of its own that no epoch owns and no rebuild empties."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

from services.processing.dispatch.judged import Answered
from services.processing.dispatch.reach import NOBODY, Reach
from services.processing.dispatch.wanted import Message, Sent
from shared.mongo import Client, ReplaceOne, open_database

__all__ = ["DATABASE", "Remembered", "SentStore"]

DATABASE: Final = "motcua_dispatch"
#: `$in` is quadratic in some servers.
_IN: Final = 50
_DISABLED: Final = "disabled"


class Remembered(NamedTuple):
    """What was sent about a dossier, what is owed, and what was answered about its entries.

    Of what is owed nobody knows whether the broker has it; what is owed to a unit out of reach waits until it is not.
    `told` is by which row: its epoch, and the journal offset of its cause. `revision` counts what was recorded.
    """

    sent: Sequence[Sent]
    owed: Sequence[Message] = ()
    answers: Sequence[Answered] = ()
    told: tuple[int, int] | None = None
    revision: int | None = None


class SentStore:
    """A document per dossier with what was sent or is about to be; for whom a partition was read; who is disabled.

    What is recorded replaces what was read before only: of two dispatchers, one of them frozen for a while, the second
    to record is refused. Every method may raise `DatabaseError`; being refused is one.
    """

    def __init__(self, client: Client) -> None:
        database = open_database(client, DATABASE)
        self._sent = database["sent"]
        self._agencies = database["agencies"]

    async def load(self, codes: Sequence[str]) -> dict[str, Remembered]:
        """What was sent about those dossiers that anything was sent about."""
        found: dict[str, Remembered] = {}
        for start in range(0, len(codes), _IN):
            async for document in self._sent.find({"_id": {"$in": list(codes[start : start + _IN])}}):
                found[document["_id"]] = Remembered(
                    [Sent.from_stored(one) for one in document["sent"]],
                    [Message.from_stored(one) for one in document.get("owed") or ()],
                    [Answered.from_stored(one) for one in document.get("answers") or ()],
                    tuple(document["told"]) if document.get("told") else None,
                    document.get("revision"),
                )
        return found

    async def known(self, codes: Sequence[str]) -> frozenset[str]:
        """Those dossiers that anything was sent about."""
        found = set()
        for start in range(0, len(codes), _IN):
            async for document in self._sent.find({"_id": {"$in": list(codes[start : start + _IN])}}, {"_id": 1}):
                found.add(document["_id"])
        return frozenset(found)

    async def save(self, remembered: Mapping[str, Remembered]) -> None:
        """Record what is sent about dossiers, each as its next revision.

        Raises:
            DatabaseError: somebody else recorded one of them since it was loaded; the others are recorded.
        """
        writes = []
        for code, one in remembered.items():
            document: dict[str, Any] = {"_id": code, "sent": [sent.to_stored() for sent in one.sent]}
            document["revision"] = (one.revision or 0) + 1
            if one.told is not None:
                document["told"] = list(one.told)
            if one.owed:
                document["owed"] = [message.to_stored() for message in one.owed]
            if one.answers:
                document["answers"] = [answered.to_stored() for answered in one.answers]
            # Where another revision stands, an insert is tried, and refused.
            writes.append(ReplaceOne({"_id": code, "revision": one.revision}, document, upsert=True))
        if writes:
            await self._sent.bulk_write(writes, ordered=False)

    async def read_for(self, topic: str, partition: int) -> Reach:
        """For whom a partition of a lifecycle topic was read from its beginning and since."""
        found = await self._agencies.find_one({"_id": f"{topic} {partition}"})
        if found is None:
            return NOBODY
        return Reach(frozenset(found.get("tasks") or ()), frozenset(found.get("answers") or ()))

    async def save_read_for(self, topic: str, partition: int, reach: Reach, before: Reach) -> None:
        """Record for whom a partition was read from its beginning and since, where `before` stands recorded."""
        known, now = (
            {"_id": f"{topic} {partition}", "tasks": sorted(one.tasks), "answers": sorted(one.answers)}
            for one in (before, reach)
        )
        await self._agencies.replace_one(known, now, upsert=True)

    async def disabled(self) -> frozenset[str]:
        """The disabled units as they were last heard of."""
        found = await self._agencies.find_one({"_id": _DISABLED})
        return frozenset() if found is None else frozenset(found["units"])

    async def save_disabled(self, units: frozenset[str]) -> None:
        """Record the disabled units."""
        await self._agencies.replace_one({"_id": _DISABLED}, {"_id": _DISABLED, "units": sorted(units)}, upsert=True)
