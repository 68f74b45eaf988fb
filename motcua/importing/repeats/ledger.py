"""Finds equals among any number of things within a few megabytes."""

from __future__ import annotations

import struct
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path
from typing import Final

from motcua.importing.reasons import Reason, unwritten
from motcua.importing.tables.header import Places
from motcua.sorting import Sorter

__all__ = ["Equals", "Ledger", "digest"]

_RECORD = struct.Struct(">8s8sQ")
#: Bytes held before they are written: some 50,000 records.
_HELD: Final = 12 * 1_048_576
_SHOWN: Final = 3


def digest(text: str) -> bytes:
    """Eight bytes that stand for a text, the same on every run."""
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest()


@dataclass(slots=True)
class Equals:
    """How many of what was noted had come before, and the first places of these."""

    count: int = 0
    places: list[int] = field(default_factory=list[int])

    def add(self, place: int) -> None:
        """One more; keeps the smallest places."""
        self.count += 1
        if len(self.places) < _SHOWN or place < self.places[-1]:
            self.places = sorted([*self.places, place])[:_SHOWN]

    def add_all(self, places: Iterable[int]) -> None:
        """Several more."""
        for place in places:
            self.add(place)

    def reason(self, code: str, places: Places) -> Reason:
        """A note with `count` and `lines` (`7, 9, 12…`)."""
        more = "…" if self.count > len(self.places) else ""
        return Reason(code, {"count": self.count, "lines": ", ".join(map(places.text, self.places)) + more})


class Ledger:
    """Takes what may come again, in any order."""

    def __init__(self) -> None:
        self._sorter = Sorter(memory=_HELD)
        self._unwritten = unwritten(Path(tempfile.gettempdir()))

    def note(self, key: bytes, whole: bytes, place: int, *, counts: bool = True) -> None:
        """Note one thing.

        Args:
            key: eight bytes; what has the same ones is the same.
            whole: eight bytes of all that belongs to it: the same key may have others.
            place: where it stands.
            counts: whether it counts among equals: of several things of one place one does.

        Raises:
            ImportFailed: the disk does not take it.
        """
        with self._unwritten:
            self._sorter.add(_RECORD.pack(key, whole, place << 1 | counts))

    def ordered(self) -> Iterator[tuple[bytes, bytes, int]]:
        """All that was noted, by key, whole and place (its lowest bit: whether it counts); equals are neighbours.

        Raises:
            ImportFailed: the disk does not take it.
        """
        with self._unwritten:
            items = self._sorter.ordered()
        return (_RECORD.unpack(record) for record, _ in items)

    def repeated(self) -> Iterator[bytes]:
        """The keys that were noted more than once."""
        before = told = b""
        for key, _, _ in self.ordered():
            if key == before != told:
                told = key
                yield key
            before = key

    def equals(self) -> tuple[Equals, Equals]:
        """What came again: as it had been as a whole, and only by its key."""
        equal, alike = Equals(), Equals()
        before: tuple[bytes, bytes] = (b"", b"")
        #: The first place of each whole that the key had.
        firsts: list[int] = []
        for key, whole, place in self.ordered():
            if key != before[0]:
                alike.add_all(sorted(firsts)[1:])
                firsts = []
            if (key, whole) == before:
                if place & 1:
                    equal.add(place >> 1)
            else:
                firsts.append(place >> 1)
            before = (key, whole)
        alike.add_all(sorted(firsts)[1:])
        return equal, alike

    def close(self) -> None:
        """Let go of the files."""
        self._sorter.close()
