"""Sorts entries by time within bounded memory. Knows no clock.

The order is total and the same on every run (time, sequence, rank of the type, place in the file), since a resumed
import counts on it.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from motcua.importing.mapping.translate import Prepared
from motcua.importing.reasons import unwritten
from motcua.sorting import Sorter
from shared.contract.entries import TYPE_RANK

__all__ = ["TimeSorter"]

#: Of reference entries of one instant those go first that others name: a route's units and procedure before it.
_NAMED_FIRST: Final = (
    "calendar.revised",
    "unit.revised",
    "rule.activated",
    "procedure.published",
    "procedure.made_public",
)
_RANK: Final = TYPE_RANK | {name: place - len(_NAMED_FIRST) for place, name in enumerate(_NAMED_FIRST)}
#: Time, sequence and rank are moved above zero, so that their bytes are in the order of the numbers.
_KEY: Final = struct.Struct(">QIIQ")
_TIMES: Final = 2**63
_NUMBERS: Final = 2**31
#: Line, last line, whether it is simulated, and the sizes of type, source and subject.
_HEAD: Final = struct.Struct("<qq?HHH")


class TimeSorter:
    """Takes entries in any order and gives them back in the order of time.

    Args:
        directory: where runs are written when memory does not hold all; they vanish with the process.
        memory: bytes held in memory, about.
    """

    def __init__(self, directory: Path, memory: int = 96 * 1_048_576) -> None:
        self._unwritten = unwritten(directory)
        self._sorter = Sorter(directory, memory)
        self._added = 0

    def add(self, entry: Prepared) -> None:
        """Take one entry.

        Raises:
            ImportFailed: the disk does not take a run.
        """
        rank = _RANK[entry.type] + _NUMBERS
        key = _KEY.pack(entry.time + _TIMES, entry.sequence + _NUMBERS, rank, self._added)
        self._added += 1
        with self._unwritten:
            self._sorter.add(key, _packed(entry))

    def ordered(self) -> Iterator[Prepared]:
        """All entries in the order of time; the sorter is empty afterwards.

        Raises:
            ImportFailed: the disk does not take a run.
        """
        with self._unwritten:
            items = self._sorter.ordered()
        for key, payload in items:
            time, sequence, _, _ = _KEY.unpack(key)
            yield _unpacked(time - _TIMES, sequence - _NUMBERS, payload)
        self.close()

    def close(self) -> None:
        """Drop what is held."""
        self._sorter.close()


def _packed(entry: Prepared) -> bytes:
    texts = [text.encode() for text in (entry.type, entry.source, entry.subject)]
    head = _HEAD.pack(entry.line, entry.last_line, entry.simulated, *map(len, texts))
    return b"".join((head, *texts, entry.payload))


def _unpacked(time: int, sequence: int, payload: bytes) -> Prepared:
    line, last_line, simulated, *sizes = _HEAD.unpack_from(payload)
    texts = []
    begin = _HEAD.size
    for size in sizes:
        texts.append(payload[begin : begin + size].decode())
        begin += size
    type_, source, subject = texts
    return Prepared(line, last_line, time, sequence, type_, source, subject, simulated, payload[begin:])
