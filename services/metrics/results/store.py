"""Results in MongoDB, one database per epoch: the newest per kind of period, and one frozen copy per kind and day.

The only module of metrics that talks to the database. A stored result is replaced only by one whose positions are at or
after its own in every partition, so replicas and restarts never put older figures over newer ones.
"""

from __future__ import annotations

from typing import Any

from services.metrics.results.evaluate import Result
from shared.mongo import Client, Collection, DuplicateKeyError, open_database

__all__ = ["ResultStore"]


class ResultStore:
    """Results of all epochs.

    Documents: {_id: kind, kind, from, to, as_of, day, rule, simulated, epoch, positions: {partition: next lifecycle
    offset}, rows: [{unit, counts, components, shares}]}; frozen copies the same with _id `kind:day`.

    Every method raises shared.mongo.DatabaseError when the database is away.
    """

    def __init__(self, client: Client) -> None:
        self._client = client
        self._stored_day: dict[tuple[int, str], str] = {}

    async def publish(self, result: Result) -> str:
        """Store a result, and first freeze what was published last on an earlier local date.

        Returns:
            `stored`, or `refused` when newer figures stand there already.
        """
        document = result.document
        epoch = document["epoch"]
        if self._stored_day.get((epoch, result.kind)) != document["day"]:
            await self._freeze(epoch, result.kind, document["day"])
        stored, before = await self._replace(self._collection(epoch, "results"), result.kind, document)
        if before is not None and before["day"] < document["day"]:
            # Another replica stored this one after the day's copy was made: it is the last of its day.
            await self._keep_copy(epoch, result.kind, before)
        self._stored_day[epoch, result.kind] = document["day"]
        return "stored" if stored else "refused"

    async def frozen(self, epoch: int, kind: str, day: str) -> dict[str, Any] | None:
        """The copy as published on a local date, or None."""
        return await self._collection(epoch, "frozen").find_one({"_id": f"{kind}:{day}"})

    async def current(self, epoch: int, kind: str) -> dict[str, Any] | None:
        """The newest stored result, or None."""
        return await self._collection(epoch, "results").find_one({"_id": kind})

    async def _freeze(self, epoch: int, kind: str, day: str) -> None:
        last = await self.current(epoch, kind)
        if last is None or last["day"] >= day:
            return
        await self._keep_copy(epoch, kind, last)

    async def _keep_copy(self, epoch: int, kind: str, last: dict[str, Any]) -> None:
        """Keep the copy of a day, unless one with positions that are not all at or before its own stands there."""
        content = {name: value for name, value in last.items() if name != "_id"}
        await self._replace(self._collection(epoch, "frozen"), f"{kind}:{last['day']}", content)

    async def _replace(
        self, collection: Collection, key: str, document: dict[str, Any]
    ) -> tuple[bool, dict[str, Any] | None]:
        """Whether it stands there now, and what it replaced, in one step: a writer may be frozen before any of them."""
        older = {f"positions.{partition}": {"$lte": place} for partition, place in document["positions"].items()}
        replacement = {"_id": key, **document}
        try:
            before = await collection.find_one_and_replace({"_id": key, **older}, replacement, upsert=True)
        except DuplicateKeyError:
            # Either a newer one stands there, or another replica created it at the same time: once more
            # as a plain update, which tells the two apart.
            before = await collection.find_one_and_replace({"_id": key, **older}, replacement)
            return before is not None, before
        return True, before

    def _collection(self, epoch: int, name: str) -> Collection:
        return open_database(self._client, f"motcua_metrics_e{epoch}")[name]
