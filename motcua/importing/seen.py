"""Which once-per-dossier entries were made, from which line, with which content: a hash table of numbers.

Takes 8 bytes, and 8 more per entry, for each dossier (about 40 in all), where a dictionary would take 200. Pure.
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from hashlib import blake2b

__all__ = ["Extremes", "Seen"]

_START = 4_096
_HALF = 0xFFFF_FFFF
#: Instants before 1970 are negative; kept numbers are not.
_BIAS = 1 << 62


def _number(content: bytes, size: int) -> int:
    # Zero marks a free place.
    return int.from_bytes(blake2b(content, digest_size=size).digest(), "big") or 1


class Seen:
    """A table from dossier codes to what was made for them.

    Args:
        entries: how many once-per-dossier entries the mapping has.
    """

    def __init__(self, entries: int) -> None:
        self._entries = entries
        #: Distinct dossiers met.
        self.dossiers = 0
        self._reset(_START)

    def _reset(self, places: int) -> None:
        self._mask = places - 1
        self._keys = array("Q", bytes(8 * places))
        self._made = array("Q", bytes(8 * places * self._entries))

    def place(self, code: str) -> int:
        """The place of a dossier, valid until the next call."""
        key = _number(code.encode("utf-8", "surrogatepass"), 8)
        at = self._find(key)
        if self._keys[at] == 0:
            if 4 * self.dossiers > 3 * self._mask:
                self._grow()
                at = self._find(key)
            self._keys[at] = key
            self.dossiers += 1
        return at

    def holds(self, code: str) -> bool:
        """Whether a dossier was met."""
        return self._keys[self._find(_number(code.encode("utf-8", "surrogatepass"), 8))] != 0

    def compare(self, place: int, entry: int, content: bytes) -> int | None:
        """Compare an entry with the one made before at a dossier's place.

        Returns:
            None if there is none; 0 if it said the same; its line if this one contradicts it.
        """
        held = self._made[place * self._entries + entry]
        if held == 0:
            return None
        return 0 if held & _HALF == _number(content, 4) else held >> 32

    def note(self, place: int, entry: int, content: bytes, line: int) -> None:
        """Note that an entry was made."""
        self._made[place * self._entries + entry] = (line & _HALF) << 32 | _number(content, 4)

    def number(self, place: int, entry: int) -> int:
        """The number kept at a dossier's place; 0 = none."""
        return self._made[place * self._entries + entry]

    def keep(self, place: int, entry: int, number: int) -> None:
        """Keep a number of 64 bits at a dossier's place."""
        self._made[place * self._entries + entry] = number

    def _find(self, key: int) -> int:
        keys, mask = self._keys, self._mask
        at = key & mask
        while keys[at] not in (0, key):
            at = (at + 1) & mask
        return at

    def _grow(self) -> None:
        keys, made, width = self._keys, self._made, self._entries
        self._reset(2 * len(keys))
        for old, key in enumerate(keys):
            if key:
                new = self._find(key)
                self._keys[new] = key
                self._made[new * width : (new + 1) * width] = made[old * width : (old + 1) * width]


class Extremes:
    """The row with the earliest or latest time of each dossier, for the entries that come from such a row.

    Args:
        latest: for each of these entries, whether the latest row is wanted (else the earliest).
    """

    def __init__(self, latest: Sequence[bool]) -> None:
        self._latest = tuple(latest)
        self._table = Seen(2 * len(self._latest))

    def offer(self, code: str, entry: int, time: int, row: int) -> None:
        """A row that could give the entry: its instant and its number, from 1.

        Of several rows with the same time the earliest is the first in the file, the latest the last.
        """
        place = self._table.place(code)
        held, moment = self._table.number(place, 2 * entry), time + _BIAS
        before = self._table.number(place, 2 * entry + 1)
        if held == 0 or (moment >= before if self._latest[entry] else moment < before):
            self._table.keep(place, 2 * entry, row)
            self._table.keep(place, 2 * entry + 1, moment)

    def row(self, code: str, entry: int) -> int:
        """Number of the row that gives the entry; 0 = none does."""
        return self._table.number(self._table.place(code), 2 * entry)
