"""How many different values there are: exactly as long as memory allows it, then nearly. Pure."""

from __future__ import annotations

import heapq
from array import array
from hashlib import blake2b
from typing import Final

__all__ = ["Distinct"]

#: Different values that are counted exactly: 8 bytes each, twice that before they are sorted out.
_EXACT: Final = 1_000_000
#: Smallest digests kept to estimate beyond that: about 3 % off.
_DIGESTS: Final = 1_024
_DIGEST_RANGE: Final = 1 << 64
#: Digests gathered before those alike are dropped for the first time.
_FIRST: Final = 8_192


class Distinct:
    """Counts different texts by digests of 64 bits, of which two alike are rarer than an error of the disk."""

    def __init__(self, most: int = _EXACT) -> None:
        self._most = most
        self._all: array[int] | None = array("Q")
        self._clean = 0
        self._smallest: list[int] = []
        self._kept: set[int] = set()

    def add(self, text: str) -> None:
        """Take a text."""
        digest = int.from_bytes(blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big")
        if self._all is not None:
            self._all.append(digest)
            if len(self._all) >= max(_FIRST, 2 * self._clean):
                self._tidy()
        if digest in self._kept:
            return
        if len(self._smallest) < _DIGESTS:
            heapq.heappush(self._smallest, -digest)
            self._kept.add(digest)
        elif digest < -self._smallest[0]:
            self._kept.discard(-heapq.heappushpop(self._smallest, -digest))
            self._kept.add(digest)

    def _tidy(self) -> None:
        """Drop what is there twice; let go of all once there are too many."""
        if self._all is None:
            return
        self._all = array("Q", set(self._all))
        self._clean = len(self._all)
        if self._clean > self._most:
            self._all = None

    @property
    def exact(self) -> bool:
        """Whether the count is no estimate."""
        self._tidy()
        return self._all is not None

    @property
    def count(self) -> int:
        """How many different texts were taken."""
        self._tidy()
        if self._all is not None:
            return len(self._all)
        return round((len(self._smallest) - 1) * _DIGEST_RANGE / -self._smallest[0])
