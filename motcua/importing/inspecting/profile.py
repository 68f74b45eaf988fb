"""What stands in a column, counted in bounded memory: values, distinct and commonest ones, extremes, times. Pure."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from motcua.importing.columns.distinct import Distinct
from motcua.importing.columns.nothing import Nothing
from motcua.importing.mapping.times import TimeReader
from motcua.importing.moments.placeholders import NoDate
from motcua.importing.tables.cells import Stamp

__all__ = ["Profile", "shown_text"]

#: Values counted one by one; beyond it the rare ones are dropped now and then.
_COUNTED: Final = 2_048
#: Characters of a value that are kept.
_LONGEST: Final = 200
#: Digits of a number beyond any row's.
_LONGEST_NUMBER: Final = 16


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
    #: What stands for none among the times.
    nothing: Nothing = field(default_factory=Nothing)
    _counts: Counter[str] = field(default_factory=Counter)
    _distinct: Distinct = field(default_factory=Distinct)
    #: The whole number that stood last in a column whose numbers rise from row to row; None: it is no such column.
    _last: int | None = -1
    _gaps: bool = False

    def add(self, text: str) -> None:
        """Take one cell."""
        value = text.strip()
        if self._last is not None:
            self._count_on(self._last, value)
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
            self._distinct.add(value)
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
        except NoDate as error:
            self.nothing.unread(str(value), error.year)
            return
        except ValueError:
            self.nothing.unread(str(value), None)
            return
        self.nothing.read(str(value), moment)
        self.times += 1
        self.with_time_of_day += moment.has_time
        self.earliest = moment.instant if self.earliest is None else min(self.earliest, moment.instant)
        self.latest = moment.instant if self.latest is None else max(self.latest, moment.instant)

    def _count_on(self, last: int, value: str) -> None:
        number = int(value) if value.isascii() and value.isdigit() and len(value) < _LONGEST_NUMBER else -1
        # The first row has 0 or 1, or whatever is left of a table of which rows were taken out.
        self._gaps = self._gaps or number - last not in ((1, 2) if not self.values else (1,))
        self._last = number if number > last and not self.empty else None

    @property
    def rises(self) -> bool:
        """Whether the values are whole numbers that rise from row to row, one in every row."""
        return self._last is not None and self.values > 0

    @property
    def counts_rows(self) -> bool:
        """Whether the values are 0, 1, 2 … or 1, 2, 3 … in the order of the file, one in every row."""
        return self.rises and not self._gaps

    @property
    def is_time(self) -> bool:
        """Whether the column is one of times, if only of such as stand for none."""
        return bool(self.formats or self.stamps or self.nothing.texts)

    @property
    def distinct(self) -> int:
        """How many different values; an estimate where `approximate`."""
        return self._distinct.count if self.lossy else len(self._counts)

    @property
    def approximate(self) -> bool:
        """Whether there are too many different values to be counted exactly."""
        return self.lossy and not self._distinct.exact

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
