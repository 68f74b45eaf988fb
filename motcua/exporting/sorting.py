"""Sorts pairs of bytes within bounded memory: sorted runs in nameless files, merged. Knows nothing of what they are."""

from __future__ import annotations

import heapq
import struct
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, Final

__all__ = ["Item", "Sorter"]

#: A key, by whose bytes is sorted, and what belongs to it.
Item = tuple[bytes, bytes]

_HEAD: Final = struct.Struct("<II")
#: Runs merged at once: each is an open file.
_WIDTH: Final = 64
#: What an item takes in memory beside its bytes, about.
_OVERHEAD: Final = 200


class Sorter:
    """Takes items in any order and gives them back in the order of their keys; keys should differ.

    Args:
        directory: where runs are written when memory does not hold all; they vanish with the process.
        memory: bytes held in memory, about.
    """

    def __init__(self, directory: Path, memory: int = 64 * 1_048_576) -> None:
        self._directory = directory
        self._memory = memory
        self._held: list[Item] = []
        self._bytes = 0
        self._runs: list[IO[bytes]] = []

    def add(self, key: bytes, payload: bytes) -> None:
        """Take one item.

        Raises:
            OSError: the disk does not take a run.
        """
        self._held.append((key, payload))
        self._bytes += len(key) + len(payload) + _OVERHEAD
        if self._bytes > self._memory:
            self._held.sort()
            self._runs.append(self._write(self._held))
            self._held, self._bytes = [], 0

    def ordered(self) -> Iterator[Item]:
        """All items by their keys; the sorter is empty afterwards."""
        self._held.sort()
        while len(self._runs) > _WIDTH:
            merged = self._write(heapq.merge(*map(_read, self._runs[:_WIDTH])))
            for run in self._runs[:_WIDTH]:
                run.close()
            self._runs = [*self._runs[_WIDTH:], merged]
        yield from heapq.merge(*map(_read, self._runs), self._held) if self._runs else self._held
        self.close()

    def close(self) -> None:
        """Drop what is held."""
        for run in self._runs:
            run.close()
        self._runs, self._held, self._bytes = [], [], 0

    def _write(self, items: Iterable[Item]) -> IO[bytes]:
        run = tempfile.TemporaryFile(dir=self._directory, prefix=".export-", buffering=1 << 18)  # noqa: SIM115
        for key, payload in items:
            run.write(_HEAD.pack(len(key), len(payload)))
            run.write(key)
            run.write(payload)
        run.flush()
        return run


def _read(run: IO[bytes]) -> Iterator[Item]:
    run.seek(0)
    while head := run.read(_HEAD.size):
        key, payload = _HEAD.unpack(head)
        yield run.read(key), run.read(payload)
