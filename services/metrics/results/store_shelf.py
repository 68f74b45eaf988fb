"""Sheets in pieces: a head and one row a unit, of which nobody ever sees those of two sheets together.

A writer notes the sheet it is going to write, writes the rows under a name of their own, and then changes the head in
one step, which names the rows. Rows are removed only once no head names them and none can any more. So a writer may be
frozen, or end, before any of these steps.
"""

from __future__ import annotations

import uuid
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from shared.clock import Clock
from shared.instants import MINUTE
from shared.mongo import Collection, Database, DuplicateKeyError

__all__ = ["Replaces", "Sheet", "Shelf"]

#: Head that stands, head that would: whether it may.
Replaces = Callable[[Mapping[str, Any], Mapping[str, Any]], bool]

#: Rows of one message.
_CHUNK: Final = 500
#: After so long a writer that has not come to its end is not waited for: its sheet is given up, and it may begin anew.
_LONGEST: Final = 60 * MINUTE
#: Times a sheet is read anew because another took its place meanwhile.
_TRIES: Final = 20


@dataclass(frozen=True, slots=True)
class Sheet:
    """A head and its rows, in their order."""

    head: Mapping[str, Any]
    rows: Sequence[Mapping[str, Any]]


class Shelf:
    """Sheets by key, in two collections.

    Heads: {_id: key, current: {id, units, and what the sheet says}, pending: [{id, at}], gone: [id]}: the sheet that
    stands, those that are being written, and those whose rows are to be removed. Rows: {_id: "id|unit", place, row}.

    Every method raises shared.mongo.DatabaseError when the database is away.

    Args:
        database: where they are.
        name: of the collection of heads; the rows' is `name_rows`.
        clock: the wall clock, for sheets that were given up.
    """

    def __init__(self, database: Database, name: str, clock: Clock) -> None:
        self._heads: Collection = database[name]
        self._rows: Collection = database[f"{name}_rows"]
        self._clock = clock
        #: Sheets this process began and did not end, by their key: the database went away meanwhile.
        self._begun: dict[str, str] = {}

    async def head(self, key: str) -> dict[str, Any] | None:
        """What the sheet that stands says, without its rows; None before the first."""
        slot = await self._heads.find_one({"_id": key})
        return None if slot is None else slot.get("current")

    async def sheet(self, key: str) -> Sheet | None:
        """The sheet that stands, whole; None before the first."""
        for _ in range(_TRIES):
            head = await self.head(key)
            if head is None:
                return None
            rows = await self.rows_of(head)
            if rows is not None:
                return Sheet(head, rows)
        raise LookupError(f"{self._heads.name} {key}: another sheet took its place {_TRIES} times while it was read")

    async def row(self, key: str, unit: str | None) -> tuple[Mapping[str, Any], Mapping[str, Any]] | None:
        """Head and row of one unit (None: of everything); None where there is no sheet, or no such unit in it."""
        for _ in range(_TRIES):
            head = await self.head(key)
            if head is None:
                return None
            found = await self._rows.find_one({"_id": _row_id(head["id"], unit)})
            if found is not None:
                return head, found["row"]
            if (again := await self.head(key)) is not None and again["id"] == head["id"]:
                return None
        raise LookupError(f"{self._heads.name} {key}: another sheet took its place {_TRIES} times while it was read")

    async def rows_of(self, head: Mapping[str, Any]) -> list[Mapping[str, Any]] | None:
        """The rows a head names, in their order; None if they are not all there any more, as it does not stand."""
        within = {"_id": {"$gte": f"{head['id']}|", "$lt": f"{head['id']}}}"}}
        found = [one async for one in self._rows.find(within).batch_size(1_000)]
        if len(found) != head["units"]:
            return None
        return [one["row"] for one in sorted(found, key=lambda one: one["place"])]

    async def put(
        self,
        key: str,
        head: Mapping[str, Any],
        rows: Sequence[Mapping[str, Any]],
        replaces: Replaces,
        before: Callable[[Mapping[str, Any]], Awaitable[None]] | None = None,
    ) -> bool:
        """Let a sheet stand.

        Args:
            key: which one.
            head: what it says.
            rows: of its units, each with the member unit; None there is everything.
            replaces: whether it may take the place of the one that stands.
            before: called with the very head that is replaced, before it is.

        Returns:
            False if one stands that it may not replace.
        """
        slot = await self._heads.find_one({"_id": key})
        if slot is not None and (held := slot.get("current")) is not None and not replaces(held, head):
            return False
        if (left := self._begun.get(key)) is not None:
            await self._give_up(key, left)
        name = uuid.uuid4().hex
        self._begun[key] = name
        await self._begin(key, name)
        await self._write(name, rows)
        current = {**head, "id": name, "units": len(rows)}
        stored = await self._swap(key, current, replaces, before)
        if not stored:
            await self._give_up(key, name)
        await self._clear(key)
        del self._begun[key]
        return stored

    async def tidy(self) -> None:
        """Remove what writers that ended in the middle left of any sheet; looks at every head, so not often."""
        left = {"$or": [{"pending.0": {"$exists": True}}, {"gone.0": {"$exists": True}}]}
        for key in [slot["_id"] async for slot in self._heads.find(left, {"_id": 1})]:
            await self._clear(key)

    async def _begin(self, key: str, name: str) -> None:
        noted = {"$push": {"pending": {"id": name, "at": self._clock.now()}}}
        try:
            await self._heads.update_one({"_id": key}, noted, upsert=True)
        except DuplicateKeyError:
            # Another replica made it at the same time.
            await self._heads.update_one({"_id": key}, noted)

    async def _write(self, name: str, rows: Sequence[Mapping[str, Any]]) -> None:
        for start in range(0, len(rows), _CHUNK):
            some = enumerate(rows[start : start + _CHUNK], start)
            documents = [{"_id": _row_id(name, row["unit"]), "place": place, "row": dict(row)} for place, row in some]
            await self._rows.insert_many(documents, ordered=False)

    async def _swap(
        self,
        key: str,
        current: Mapping[str, Any],
        replaces: Replaces,
        before: Callable[[Mapping[str, Any]], Awaitable[None]] | None,
    ) -> bool:
        """Change the head, if the one that stands is still the one that was looked at and ours was not given up."""
        name = current["id"]
        while True:
            slot = await self._heads.find_one({"_id": key})
            if slot is None or all(one["id"] != name for one in slot.get("pending", ())):
                return False
            held = slot.get("current")
            if held is not None:
                if not replaces(held, current):
                    return False
                if before is not None:
                    await before(held)
            same = {"current": {"$exists": False}} if held is None else {"current.id": held["id"]}
            change: dict[str, Any] = {"$set": {"current": current}, "$pull": {"pending": {"id": name}}}
            if held is not None:
                change["$push"] = {"gone": held["id"]}
            done = await self._heads.update_one({"_id": key, "pending.id": name, **same}, change)
            if done.matched_count:
                return True

    async def _give_up(self, key: str, name: str) -> None:
        """Let a sheet that does not stand never stand; its writer finds that out when it wants it to."""
        change = {"$pull": {"pending": {"id": name}}, "$push": {"gone": name}}
        await self._heads.update_one({"_id": key, "current.id": {"$ne": name}}, change)

    async def _clear(self, key: str) -> None:
        """Remove the rows of sheets that do not stand, also those of writers that ended in the middle."""
        slot = await self._heads.find_one({"_id": key})
        if slot is None:
            return
        gone = list(slot.get("gone", ()))
        for one in slot.get("pending", ()):
            if self._clock.now() - one["at"] > _LONGEST:
                await self._give_up(key, one["id"])
                gone.append(one["id"])
        for name in gone:
            await self._rows.delete_many({"_id": {"$gte": f"{name}|", "$lt": f"{name}}}"}})
            await self._heads.update_one({"_id": key}, {"$pull": {"gone": name}})


def _row_id(sheet: str, unit: str | None) -> str:
    """Rows of one sheet follow one another in the index there is; `}` comes right after `|`."""
    return f"{sheet}|{unit or ''}"
