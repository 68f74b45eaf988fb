"""Results in MongoDB, in a database that no epoch owns: the newest of each kind of period, and a copy of each day.

The copies are figures as they were published, which no journal can tell again; rebuild, growth and upgrade leave them
where they are. A stored result is replaced only by one that is not older (see order.py), so replicas and restarts never
put older figures over newer ones.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from services.metrics.results.evaluate import Result
from services.metrics.results.order import at_or_after, may_replace_copy
from services.metrics.results.store_shelf import Sheet, Shelf
from shared.clock import Clock
from shared.mongo import Client, open_database

__all__ = ["DATABASE", "ResultStore"]

DATABASE: Final = "motcua_metrics"


class ResultStore:
    """The results of a stack.

    What a result says: {kind, from, to, as_of, day, rule, simulated, epoch, pointer: number of the pointer's record
    that named the epoch, positions: {partition: next lifecycle offset}}, and a row a unit: {unit, counts, components,
    shares}. Keys: the kind of period; of a day's copy `kind:day`, which also says of which sheet it is the copy.

    Every method raises shared.mongo.DatabaseError when the database is away.

    Args:
        client: of shared.mongo.
        clock: the wall clock.
        database: its name.
    """

    def __init__(self, client: Client, clock: Clock, database: str = DATABASE) -> None:
        opened = open_database(client, database)
        self._results = Shelf(opened, "results", clock)
        self._frozen = Shelf(opened, "frozen", clock)

    async def publish(self, result: Result) -> str:
        """Store a result; what it replaces, if of an earlier local date, was the last of its day and is kept as that.

        Returns:
            `stored`, or `refused` when newer figures stand there already.
        """
        head = {name: value for name, value in result.document.items() if name != "rows"}

        async def keep(last: Mapping[str, Any]) -> None:
            if last["day"] < head["day"]:
                await self._keep_copy(result.kind, last)

        stored = await self._results.put(result.kind, head, result.document["rows"], at_or_after, keep)
        return "stored" if stored else "refused"

    async def freeze(self, result: Result) -> None:
        """Keep a result as the copy of its day, unless a later one of that day is kept."""
        head = {name: value for name, value in result.document.items() if name != "rows"}
        await self._freeze(result.kind, {**head, "of": None}, result.document["rows"])

    async def frozen(self, kind: str, day: str) -> dict[str, Any] | None:
        """The copy as published on a local date, or None."""
        return _whole(await self._frozen.sheet(f"{kind}:{day}"))

    async def current(self, kind: str) -> dict[str, Any] | None:
        """The newest stored result, or None."""
        return _whole(await self._results.sheet(kind))

    async def said(self, kind: str) -> Mapping[str, Any] | None:
        """What the newest stored result says, without its rows; None before the first."""
        return await self._results.head(kind)

    async def of_unit(self, kind: str, unit: str | None) -> tuple[Mapping[str, Any], Mapping[str, Any]] | None:
        """What the newest result says, and one unit's row of it (None: of everything)."""
        return await self._results.row(kind, unit)

    async def tidy(self) -> None:
        """Remove what writers that ended in the middle left; for a process that starts."""
        for shelf in (self._results, self._frozen):
            await shelf.tidy()

    async def _keep_copy(self, kind: str, last: Mapping[str, Any]) -> None:
        rows = await self._results.rows_of(last)
        if rows is not None:
            said = {name: value for name, value in last.items() if name not in ("id", "units")}
            await self._freeze(kind, {**said, "of": last["id"]}, rows)

    async def _freeze(self, kind: str, head: Mapping[str, Any], rows: Any) -> None:
        await self._frozen.put(f"{kind}:{head['day']}", head, rows, may_replace_copy)


def _whole(sheet: Sheet | None) -> dict[str, Any] | None:
    return None if sheet is None else {**sheet.head, "rows": list(sheet.rows)}
