"""What stands in a column for "none", counted: words such as NULL, and dates of years in which no dossier is. Pure."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Final

from motcua.importing.mapping.times import Moment
from motcua.importing.moments.placeholders import DOUBTFUL, is_word_for_none, placeholder_year

__all__ = ["Nothing", "is_null", "stands_for_none"]

#: Different texts that are kept of a column; a mapping with more of them helps nobody.
_MOST: Final = 50
#: The end of what spreadsheets can hold, and the numbers with which they begin to count.
_NUMBERS: Final = {"0": 1899, "0.0": 1899, "1": 1899, "2958465": 9999}
#: What is no name of anything, of a unit as little as of a channel.
_NULLS: Final = frozenset(
    {"null", "none", "nan", "nat", "n/a", "#n/a", "\\n", "(null)", "[null]", "<null>", "undefined"}
)


@dataclass(slots=True)
class Nothing:
    """The texts of a column of times that stand for none, with how often each occurs."""

    words: Counter[str] = field(default_factory=Counter)
    #: Dates for none, and the year of each.
    dates: Counter[str] = field(default_factory=Counter)
    years: dict[str, int] = field(default_factory=dict)
    #: Dates that may stand for none or may be meant.
    doubtful: Counter[str] = field(default_factory=Counter)

    @property
    def texts(self) -> list[str]:
        """What a mapping's `empty` would list, in the order of the file."""
        return [*self.words, *self.dates]

    def unread(self, text: str, year: int | None) -> None:
        """Take a text that no format reads; `year` is that of a date for none."""
        if year is not None:
            self.years[text] = year
            _count(self.dates, text)
        elif is_word_for_none(text):
            _count(self.words, text)

    def read(self, text: str, moment: Moment) -> None:
        """Take a time that was read."""
        if moment.day in DOUBTFUL:
            _count(self.doubtful, text)


def stands_for_none(text: str, *, named_as_time: bool) -> bool:
    """Whether a text says nothing about how a column's times are written."""
    if is_word_for_none(text) or placeholder_year(text) is not None:
        return True
    return named_as_time and text in _NUMBERS


def is_null(text: str) -> bool:
    """Whether a text is what a database or a program writes for none, also where it is no time."""
    return text.casefold() in _NULLS


def _count(counts: Counter[str], text: str) -> None:
    if text in counts or len(counts) < _MOST:
        counts[text] += 1
