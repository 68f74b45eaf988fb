"""What stands in a column, counted in bounded memory: values, distinct and commonest ones, extremes, times. Pure."""

from __future__ import annotations

import heapq
from collections import Counter
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import blake2b
from typing import Final

from services.intake.files.cells import Stamp
from services.intake.files.times import TimeReader

__all__ = ["Profile", "shown_text"]

#: Values counted one by one; beyond it the rare ones are dropped now and then.
_COUNTED: Final = 2_048
#: Smallest digests kept to estimate how many distinct values there are: about 3 % off.
_DIGESTS: Final = 1_024
_DIGEST_RANGE: Final = 1 << 64
#: Characters of a value that are kept.
_LONGEST: Final = 200


@dataclass(slots=True)
class Profile:
    """One column. Times are understood once `reader` is set."""

    name: str
    reader: TimeReader | None = None
    #: The time formats that were recognised; [] = no column of times.
    formats: list[str] = field(default_factory=list)
    values: int = 0
    empty: int = 0
    #: Values that the file stored as times, and those that are numbers.
    stamps: int = 0
    numbers: int = 0
    times: int = 0
    with_time_of_day: int = 0
    earliest: int | None = None
    latest: int | None = None
    least: str | None = None
    greatest: str | None = None
    least_number: float | None = None
    greatest_number: float | None = None
    #: Whether rare values were dropped, so that counts are lower bounds.
    lossy: bool = False
    _counts: Counter[str] = field(default_factory=Counter)
    _digests: list[int] = field(default_factory=list)
    _kept: set[int] = field(default_factory=set)

    def add(self, text: str) -> None:
        """Take one cell."""
        value = text.strip()
        if not value:
            self.empty += 1
            return
        self.values += 1
        self.stamps += type(value) is Stamp
        if self.reader is not None:
            self._time(value)
        value = shown_text(value[:_LONGEST])
        seen = value in self._counts
        self._counts[value] += 1
        if not seen or self.lossy:
            self._digest(value)
        if not seen:
            self._extremes(value)
            if len(self._counts) > 2 * _COUNTED:
                self._counts = Counter(dict(self._counts.most_common(_COUNTED)))
                self.lossy = True
        self.numbers += _number(value) is not None

    def _extremes(self, value: str) -> None:
        self.least = value if self.least is None else min(self.least, value)
        self.greatest = value if self.greatest is None else max(self.greatest, value)
        number = _number(value)
        if number is not None:
            self.least_number = number if self.least_number is None else min(self.least_number, number)
            self.greatest_number = number if self.greatest_number is None else max(self.greatest_number, number)

    def _time(self, value: str) -> None:
        reader = self.reader
        if reader is None:
            return
        try:
            moment = reader.stamp(value) if type(value) is Stamp else reader.read(value)
        except ValueError:
            return
        self.times += 1
        self.with_time_of_day += moment.has_time
        self.earliest = moment.instant if self.earliest is None else min(self.earliest, moment.instant)
        self.latest = moment.instant if self.latest is None else max(self.latest, moment.instant)

    def _digest(self, value: str) -> None:
        digest = int.from_bytes(blake2b(value.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big")
        if digest in self._kept:
            return
        if len(self._digests) < _DIGESTS:
            heapq.heappush(self._digests, -digest)
            self._kept.add(digest)
        elif digest < -self._digests[0]:
            self._kept.discard(-heapq.heappushpop(self._digests, -digest))
            self._kept.add(digest)

    @property
    def distinct(self) -> int:
        """How many different values; an estimate where `lossy`."""
        if not self.lossy:
            return len(self._counts)
        return round((len(self._digests) - 1) * _DIGEST_RANGE / -self._digests[0])

    @property
    def each_once(self) -> bool:
        """Whether every row has a value and, as far as was counted, no two the same."""
        most = self.commonest(1)
        return not self.empty and bool(most) and most[0][1] == 1 and 10 * self.distinct > 9 * self.values

    def commonest(self, most: int = 5) -> list[tuple[str, int]]:
        """The most frequent values, most frequent first; alike ones in the order of the file."""
        return self._counts.most_common(most)

    def sample(self) -> list[str]:
        """Different values met so far, in the order of the file where nothing was dropped."""
        return list(self._counts)

    @property
    def is_number(self) -> bool:
        """Whether nearly all values are numbers."""
        return 0 < 20 * self.values <= 21 * self.numbers

    @property
    def extremes(self) -> tuple[str, str] | None:
        """Least and greatest value, by number where all are numbers."""
        if self.least is None or self.greatest is None:
            return None
        if self.is_number and self.least_number is not None and self.greatest_number is not None:
            return f"{self.least_number:.15g}", f"{self.greatest_number:.15g}"
        return self.least, self.greatest


def shown_text(text: str) -> str:
    """A text that any terminal takes: bytes that were no text are question marks."""
    return str(text) if text.isascii() else text.encode("utf-8", "replace").decode()


@lru_cache(maxsize=65_536)
def _number(text: str) -> float | None:
    if not text[-1:].isdigit() or not text.isascii():
        return None
    try:
        return float(text)
    except ValueError:
        return None
