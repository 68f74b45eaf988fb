"""The weeks of one version of a calendar, by the day of the year: looked up, not searched season by season. Pure."""

from __future__ import annotations

from calendar import isleap
from datetime import date
from typing import Final

from shared.calendar.hours import Hours, Week7, usual_hours
from shared.calendar.layers import Layer

__all__ = ["Weeks"]

_NO_WEEK: Final[Week7] = ((), (), (), (), (), (), ())
#: Any year of each length: which season a day lies in goes by the length of its year alone.
_LEAP: Final = 2000
_PLAIN: Final = 2001


class Weeks:
    """The weeks of a version that defines hours.

    Args:
        layer: the version.

    Attributes:
        weeks: the usual one, then that of each season.
        would: by the place in `weeks`, the hours that a day off in it would have.
        usual: the hours usual in the version; none where it has none at all.
    """

    __slots__ = ("_seasons", "_years", "usual", "weeks", "would")

    def __init__(self, layer: Layer) -> None:
        self.usual: Hours = layer.usual
        self.weeks: list[Week7] = [layer.week or _NO_WEEK, *(season.week for season in layer.seasons)]
        self.would: list[Hours] = [usual_hours(week) or self.usual for week in self.weeks]
        self._seasons = layer.seasons
        self._years: dict[bool, list[int]] = {}

    def of_year(self, *, leap: bool) -> list[int]:
        """For each day of a year the place of its week: of the last season it lies in, else of the usual one."""
        found = self._years.get(leap)
        if found is None:
            year = _LEAP if leap else _PLAIN
            found = self._years[leap] = [0] * (365 + leap)
            for place, season in enumerate(self._seasons, 1):
                begin, end = _of_year(season.days(year)[0]), _of_year(season.days(year)[1]) + 1
                if season.last < season.first:
                    # Over the turn of the year: the rest of this one, and what of the last one's reaches into it.
                    end = _of_year(season.days(year - 1)[1]) + 1
                    found[begin:] = [place] * (len(found) - begin)
                    found[:end] = [place] * end
                else:
                    found[begin:end] = [place] * max(0, end - begin)
        return found

    def on(self, day: date) -> Week7:
        """The week a day belongs to."""
        return self.weeks[self._place(day)]

    def hours_on(self, day: date) -> Hours:
        """The hours a day has by its weekday, or would have: those usual in its week, else in any of the version."""
        place = self._place(day)
        return self.weeks[place][day.weekday()] or self.would[place]

    def _place(self, day: date) -> int:
        return self.of_year(leap=isleap(day.year))[_of_year(day)]


def _of_year(day: date) -> int:
    """The day of the year, counted from 0."""
    return day.toordinal() - date(day.year, 1, 1).toordinal()
