"""Takes over what versions of before kept of results in a database of each epoch, so that those databases can go."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import date
from typing import Any, Final

from services.metrics.results.evaluate import Result
from services.metrics.results.store import DATABASE, ResultStore
from shared.mongo import Client, Collection, Database, open_database

__all__ = ["carry_over"]

_OF_EPOCH: Final = re.compile(r"motcua_metrics_e(\d+)", re.ASCII)


async def carry_over(client: Client, store: ResultStore, database: str = DATABASE) -> int:
    """Carry over days' copies, and the last results, of every epoch's database that has any not carried yet.

    Harmless to repeat, by several replicas too. How many an epoch's database had is noted in the collection `carried`:
    `motcua prune` removes only databases that still have as many.

    Returns:
        How many documents were looked at.

    Raises:
        DatabaseError: the database is away; begin again.
    """
    notes = open_database(client, database)["carried"]
    looked = 0
    names = await client.list_database_names()
    epochs = sorted((int(found[1]), name) for name in names if (found := _OF_EPOCH.fullmatch(name)))
    for epoch, name in epochs:
        old = open_database(client, name)
        count = await _count(old)
        note = await notes.find_one({"_id": epoch})
        if note is not None and note["documents"] == count:
            continue
        async for document in _each(old["frozen"]):
            await store.freeze(_result(document))
            looked += 1
        async for document in _each(old["results"]):
            result = _result(document)
            if await store.publish(result) == "refused" and await _of_earlier_day(store, result):
                await store.freeze(result)
            looked += 1
        await notes.replace_one({"_id": epoch}, {"_id": epoch, "documents": count}, upsert=True)
    return looked


async def _count(old: Database) -> int:
    return sum([int(await old[name].estimated_document_count()) for name in ("frozen", "results")])


async def _each(collection: Collection) -> AsyncIterator[dict[str, Any]]:
    # One document may hold megabytes.
    async for document in collection.find({}).batch_size(1):
        yield document


def _result(document: dict[str, Any]) -> Result:
    said = {name: value for name, value in document.items() if name != "_id"}
    # Which record of the pointer named its epoch was not noted then.
    return Result(said["kind"], date.fromisoformat(said["day"]), {**said, "pointer": 0})


async def _of_earlier_day(store: ResultStore, result: Result) -> bool:
    standing = await store.said(result.kind)
    return standing is not None and result.document["day"] < standing["day"]
