"""Sorts entries by time within bounded memory: sorted runs in nameless files, merged. Knows no clock.

The order is total and the same on every run (time, sequence, rank of the type, place in the file), since a resumed
import counts on it.
"""

from __future__ import annotations

import heapq
import struct
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO

from motcua.importing.mapping.translate import Prepared
from motcua.importing.reasons import ImportFailed
from shared.contract.entries import TYPE_RANK

__all__ = ["TimeSorter"]

#: Of reference entries of one instant those go first that others name: a route's units and procedure before it.
_NAMED_FIRST = ("calendar.revised", "unit.revised", "rule.activated", "procedure.published", "procedure.made_public")
_RANK = TYPE_RANK | {name: place - len(_NAMED_FIRST) for place, name in enumerate(_NAMED_FIRST)}

_Key = tuple[int, int, int, int]
_Item = tuple[_Key, Prepared]
_HEAD = struct.Struct("<qiiqqq?HHHI")
#: Runs merged at once: each is an open file.
_WIDTH = 64
#: What an entry takes in memory beside its JSON, about.
_OVERHEAD = 600


class TimeSorter:
    """Takes entries in any order and gives them back in the order of time.

    Args:
        directory: where runs are written when memory does not hold all; they vanish with the process.
        memory: bytes held in memory, about.
    """

    def __init__(self, directory: Path, memory: int = 96 * 1_048_576) -> None:
        self._directory = directory
        self._memory = memory
        self._held: list[_Item] = []
        self._bytes = 0
        self._added = 0
        self._runs: list[IO[bytes]] = []

    def add(self, entry: Prepared) -> None:
        """Take one entry.

        Raises:
            ImportFailed: the disk does not take a run.
        """
        # The encoder's bytes keep the room of its buffer (4 KB, measured); a copy has its own size.
        entry.payload = bytes(memoryview(entry.payload))
        key = (entry.time, entry.sequence, _RANK[entry.type], self._added)
        self._held.append((key, entry))
        self._added += 1
        self._bytes += len(entry.payload) + _OVERHEAD
        if self._bytes > self._memory:
            self._held.sort()
            self._runs.append(self._write(self._held))
            self._held, self._bytes = [], 0

    def ordered(self) -> Iterator[Prepared]:
        """All entries in the order of time; the sorter is empty afterwards."""
        self._held.sort()
        while len(self._runs) > _WIDTH:
            merged = self._write(heapq.merge(*map(_read, self._runs[:_WIDTH])))
            for run in self._runs[:_WIDTH]:
                run.close()
            self._runs = [*self._runs[_WIDTH:], merged]
        for _, entry in heapq.merge(*map(_read, self._runs), self._held):
            yield entry
        self.close()

    def close(self) -> None:
        """Drop what is held."""
        for run in self._runs:
            run.close()
        self._runs, self._held, self._bytes = [], [], 0

    def _write(self, items: Iterable[_Item]) -> IO[bytes]:
        try:
            run = tempfile.TemporaryFile(dir=self._directory, prefix="sort-", buffering=1 << 18)  # noqa: SIM115
            for key, entry in items:
                run.write(_packed(key, entry))
            run.flush()
        except OSError as error:
            reason = error.strerror or str(error)
            raise ImportFailed("refused_unwritten", file=str(self._directory), reason=reason) from error
        return run


def _packed(key: _Key, entry: Prepared) -> bytes:
    texts = [text.encode() for text in (entry.type, entry.source, entry.subject)]
    head = _HEAD.pack(*key, entry.line, entry.last_line, entry.simulated, *map(len, texts), len(entry.payload))
    return b"".join((head, *texts, entry.payload))


def _read(run: IO[bytes]) -> Iterator[_Item]:
    run.seek(0)
    while head := run.read(_HEAD.size):
        time, sequence, rank, added, line, last_line, simulated, *sizes = _HEAD.unpack(head)
        type_, source, subject, payload = (run.read(size) for size in sizes)
        entry = Prepared(
            line, last_line, time, sequence, type_.decode(), source.decode(), subject.decode(), simulated, payload
        )
        yield (time, sequence, rank, added), entry
