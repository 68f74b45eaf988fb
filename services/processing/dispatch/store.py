"""What was sent to agencies, in a database of its own that no epoch owns and no rebuild empties."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from services.processing.dispatch.wanted import Message, Sent
from shared.mongo import Client, ReplaceOne, open_database

__all__ = ["DATABASE", "Remembered", "SentStore"]

DATABASE: Final = "motcua_dispatch"
#: `$in` is quadratic in some servers.
_IN: Final = 50


class Remembered(NamedTuple):
    """What was sent about a dossier; of the messages owed nobody knows whether the broker has them."""

    sent: Sequence[Sent]
    owed: Sequence[Message] = ()


class SentStore:
    """A document per dossier with what was sent or is about to be, and for which agencies a partition was read.

    Every method may raise `DatabaseError`.
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
                )
        return found

    async def save(self, remembered: Mapping[str, Remembered]) -> None:
        """Record what is sent about dossiers."""
        writes = []
        for code, one in remembered.items():
            document = {"_id": code, "sent": [sent.to_stored() for sent in one.sent]}
            if one.owed:
                document["owed"] = [message.to_stored() for message in one.owed]
            writes.append(ReplaceOne({"_id": code}, document, upsert=True))
        if writes:
            await self._sent.bulk_write(writes, ordered=False)

    async def agencies(self, topic: str, partition: int) -> frozenset[str]:
        """Units for which a partition of a lifecycle topic was read from its beginning."""
        found = await self._agencies.find_one({"_id": f"{topic} {partition}"})
        return frozenset(found["units"]) if found is not None else frozenset()

    async def save_agencies(self, topic: str, partition: int, units: frozenset[str]) -> None:
        """Record for which units a partition was read from its beginning."""
        key = f"{topic} {partition}"
        await self._agencies.replace_one({"_id": key}, {"_id": key, "units": sorted(units)}, upsert=True)
