"""Events that a row gives though an earlier row gave the same one: found, told, or given ids of their own.

The id of the nth of equal events carries its number among its equals, which does not depend on where they stand: the
same file, the file in another order, and the file with further rows give the same ids again.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from motcua.importing.reasons import Reason
from motcua.importing.repeats.ledger import Equals, Ledger, digest
from motcua.importing.seen import Seen
from motcua.importing.tables.header import Places
from motcua.importing.tables.rows import Row

__all__ = ["Repeats", "row_digest"]

_BETWEEN = "\x1f"


def row_digest(row: Row) -> bytes:
    """Eight bytes that stand for all cells of a row."""
    return digest(_BETWEEN.join(row.cells))


class Repeats:
    """What is known of the events of one file whose ids are made of what they say.

    Args:
        wanted: `once`: equal events are one; `count`: each is one. Then all rows are surveyed first.
    """

    def __init__(self, wanted: Literal["once", "count"]) -> None:
        self.counts_each = wanted == "count"
        self._ledger = Ledger()
        self._repeated = Seen(1)
        self._each = Equals()
        self._row: tuple[int, bytes] = (0, b"")
        self._told: tuple[Equals, Equals] | None = None

    def note(self, identity: str, row: Row) -> None:
        """An event that goes into the journal under an id made of what it says, or that the survey met."""
        number, whole = self._row
        first = number != row.number
        if first:
            whole = row_digest(row)
            self._row = row.number, whole
        # A row's first event stands for the row where equal rows are counted.
        self._ledger.note(digest(identity), whole, row.line, counts=first)
        self._told = None

    def surveyed(self) -> None:
        """All rows were met; from here on `number` knows the repeated ones."""
        for key in self._ledger.repeated():
            self._repeated.place(key.hex())
        self._ledger.close()
        self._row = (0, b"")

    def number(self, identity: str, row: Row) -> int:
        """Which of its equals an event is, from 1."""
        key = digest(identity).hex()
        if not self._repeated.holds(key):
            return 1
        place = self._repeated.place(key)
        number = self._repeated.number(place, 0) + 1
        self._repeated.keep(place, 0, number)
        if number > 1 and self._row[0] != row.number:
            self._row = row.number, b""
            self._each.add(row.line)
        return number

    def reasons(self, places: Places) -> Iterator[Reason]:
        """What people should know; `count` and `lines` as in other notes."""
        if self.counts_each:
            met = {"repeats_counted": self._each}
        else:
            if self._told is None:
                self._told = self._ledger.equals()
            met = dict(zip(("repeats_equal", "repeats_alike"), self._told, strict=True))
        for code, equals in met.items():
            if equals.count:
                yield equals.reason(code, places)
