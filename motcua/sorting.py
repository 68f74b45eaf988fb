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
#: Bytes read of a run at once.
_BLOCK: Final = 1 << 18
#: Runs merged at once: each is an open file.
_WIDTH: Final = 64
#: What an item takes in memory beside its bytes, about.
_OVERHEAD: Final = 200


class Sorter:
    """Takes items in any order and gives them back in the order of their keys, those of one key by what belongs to it.

    Args:
        directory: where runs are written when memory does not hold all, None for the system's; they have no names, so
            they vanish with the process.
        memory: bytes held in memory, about.
    """

    def __init__(self, directory: Path | None = None, memory: int = 64 * 1_048_576) -> None:
        self._directory = directory
        self._memory = memory
        self._held: list[Item] = []
        self._bytes = 0
        self._runs: list[IO[bytes]] = []

    def add(self, key: bytes, payload: bytes = b"") -> None:
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
        """All items by their keys, as often as it is called, until the sorter is closed.

        Raises:
            OSError: the disk does not take a run of runs.
        """
        self._held.sort()
        while len(self._runs) > _WIDTH:
            merged = self._write(heapq.merge(*map(_read, self._runs[:_WIDTH])))
            for run in self._runs[:_WIDTH]:
                run.close()
            self._runs = [*self._runs[_WIDTH:], merged]
        return heapq.merge(*map(_read, self._runs), self._held) if self._runs else iter(self._held)

    def close(self) -> None:
        """Drop what is held."""
        for run in self._runs:
            run.close()
        self._runs, self._held, self._bytes = [], [], 0

    def _write(self, items: Iterable[Item]) -> IO[bytes]:
        run = tempfile.TemporaryFile(dir=self._directory, prefix=".sort-", buffering=1 << 18)  # noqa: SIM115
        try:
            for key, payload in items:
                run.write(_HEAD.pack(len(key), len(payload)))
                run.write(key)
                run.write(payload)
            run.flush()
        except OSError:
            run.close()
            raise
        return run


def _read(run: IO[bytes]) -> Iterator[Item]:
    run.seek(0)
    rest = b""
    while block := run.read(_BLOCK):
        rest += block
        begin, end = 0, len(rest)
        while begin + _HEAD.size <= end:
            of_key, of_payload = _HEAD.unpack_from(rest, begin)
            payload = begin + _HEAD.size + of_key
            if payload + of_payload > end:
                break
            yield rest[payload - of_key : payload], rest[payload : payload + of_payload]
            begin = payload + of_payload
        rest = rest[begin:]
