"""Which hours every day has, from the versions of a calendar: the plan on the wall, no zone and no instants yet.

Pure. A day takes its hours from the latest version with a week that is valid on it. Days named one by one hold beside
them: of all versions valid on a day that name it, the latest; a version without week only names days.
"""

from __future__ import annotations

import hashlib
from array import array
from bisect import bisect_right
from calendar import isleap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from shared.calendar.hours import Hours
from shared.calendar.layers import DayRule, Layer
from shared.calendar.weeks import Weeks
from shared.calendar.zone_days import DAYS, FIRST, day_of, index_of
from shared.contract.calendar_data import HolidaySource
from shared.instants import DAY

__all__ = ["WIDEST", "DayShape", "Plan"]

#: Shapes that two bytes a day can tell apart.
WIDEST = 1 << 16


@dataclass(frozen=True, slots=True)
class DayShape:
    """How a day is worked: its hours, or, of a day off, those it would have."""

    worked: bool
    hours: Hours


@dataclass(frozen=True, slots=True)
class _Stretch:
    """Days from one number to another (exclusive) that take their hours from one layer, and its place in the order."""

    first: int
    end: int
    place: int
    layer: Layer
    weeks: Weeks


class Plan:
    """Every covered day's shape.

    Args:
        layers: versions in ascending precedence; the first with a week holds for the days before all others, too.

    Raises:
        ValueError: no version has hours.

    Attributes:
        shapes: the distinct shapes.
        of_day: for each day the place of its shape in `shapes`.
    """

    def __init__(self, layers: Sequence[Layer]) -> None:
        self.layers = tuple(layers)
        self._stretches = _stretches(self.layers)
        self._firsts = [stretch.first for stretch in self._stretches]
        if not self._stretches or any(not stretch.weeks.usual for stretch in self._stretches):
            raise ValueError("a calendar needs a week with hours; give at least one weekday a session")
        self._places: dict[DayShape, int] = {}
        self.of_day: array[int] = array("I", bytes(4 * DAYS))
        self._named: dict[int, DayRule] = {}
        for stretch in self._stretches:
            self._fill(stretch)
        self._lay_days()
        self._end_nights()
        self.shapes = tuple(self._places)
        if len(self.shapes) <= WIDEST:
            self.of_day = array("H", self.of_day)

    @property
    def usual(self) -> Hours:
        """The hours usual in the week of the latest definition."""
        return self._stretches[-1].weeks.usual

    @property
    def version(self) -> str:
        """The name of the latest version."""
        return self.layers[-1].version

    @cached_property
    def hash(self) -> str:
        """SHA-256 of every day's shape."""
        told = f"{FIRST}|{[(shape.worked, shape.hours) for shape in self.shapes]!r}|".encode()
        return hashlib.sha256(told + self.of_day.tobytes()).hexdigest()

    def rule(self, day: date) -> DayRule | None:
        """What was said of a day by name, where it holds."""
        return self._named.get(index_of(day))

    def pinned(self, day: date) -> tuple[HolidaySource, ...]:
        """Where the holidays of a day's definition, and of what is laid over it, were pinned from; () if nowhere."""
        index = min(max(day.toordinal() - FIRST.toordinal(), 0), DAYS - 1)
        own = self._stretch(index).layer
        layers = (layer for layer in self.layers if layer is own or layer.week is None)
        return tuple(layer.holidays for layer in layers if layer.holidays is not None)

    def weekday_hours(self, day: date) -> Hours:
        """The hours of a day by its weekday and season alone; none where the weekday is off."""
        return self._stretch(index_of(day)).weeks.on(day)[day.weekday()]

    def _fill(self, stretch: _Stretch) -> None:
        """Hours by weekday and season: a year is like all others of its length that begin on its weekday."""
        weeks = stretch.weeks
        shapes = [
            [self._place(DayShape(bool(hours), hours or would)) for hours in week]
            for week, would in zip(weeks.weeks, weeks.would, strict=True)
        ]
        years: dict[tuple[bool, int], array[int]] = {}
        for year in range(day_of(stretch.first).year, day_of(stretch.end - 1).year + 1):
            start = date(year, 1, 1)
            kind = isleap(year), start.weekday()
            if kind not in years:
                table = enumerate(weeks.of_year(leap=kind[0]), kind[1])
                years[kind] = array("I", [shapes[week][day % 7] for day, week in table])
            index = start.toordinal() - FIRST.toordinal()
            first, end = max(index, stretch.first), min(index + len(years[kind]), stretch.end)
            self.of_day[first:end] = years[kind][first - index : end - index]

    def _lay_days(self) -> None:
        """Days named one by one: by the version in force, and by those laid over."""
        for place, layer in enumerate(self.layers):
            start = layer.start or date.min
            for day, rule in layer.days.items():
                index = day.toordinal() - FIRST.toordinal()
                if day < start or not 0 <= index < DAYS:
                    continue
                stretch = self._stretch(index)
                # A definition that a later one replaced has no say; one laid over stays, whatever is under it.
                if layer.week is None or stretch.place == place:
                    self._named[index] = rule
        for index, rule in self._named.items():
            self.of_day[index] = self._place(self._shape(index, rule))

    def _end_nights(self) -> None:
        """A shift over midnight ends where the hours of the next day begin, so that no time counts twice."""
        shapes = list(self._places)
        if not any(shape.hours[-1][1] > DAY for shape in shapes):
            return
        for index in range(DAYS - 1):
            shape, after = shapes[self.of_day[index]], shapes[self.of_day[index + 1]]
            begins = after.hours[0][0]
            if after.worked and shape.hours[-1][1] - DAY > begins:
                cut = (*shape.hours[:-1], (shape.hours[-1][0], DAY + begins))
                place = self.of_day[index] = self._place(DayShape(shape.worked, cut))
                if place == len(shapes):
                    shapes.append(DayShape(shape.worked, cut))

    def _shape(self, index: int, rule: DayRule) -> DayShape:
        """A named day's hours: its own; worked in exchange, those of its pair; else those of its weekday."""
        if rule.hours:
            return DayShape(rule.working, rule.hours)
        day, weeks = day_of(index), self._stretch(index).weeks
        if rule.working and rule.pair is not None and not weeks.on(day)[day.weekday()]:
            return DayShape(True, weeks.hours_on(rule.pair))
        return DayShape(rule.working, weeks.hours_on(day))

    def _place(self, shape: DayShape) -> int:
        return self._places.setdefault(shape, len(self._places))

    def _stretch(self, index: int) -> _Stretch:
        return self._stretches[bisect_right(self._firsts, index) - 1]


def _stretches(layers: Iterable[Layer]) -> list[_Stretch]:
    """Which layer defines the hours from when to when; the first one also holds before its start."""
    found: list[tuple[int, int, Layer]] = []
    for place, layer in enumerate(layers):
        if layer.week is None:
            continue
        start = 0 if layer.start is None else layer.start.toordinal() - FIRST.toordinal()
        while found and found[-1][0] >= start:
            found.pop()
        if start < DAYS:
            found.append((max(start, 0) if found else 0, place, layer))
    ends = [*(first for first, _, _ in found[1:]), DAYS][: len(found)]
    return [
        _Stretch(first, end, place, layer, Weeks(layer)) for (first, place, layer), end in zip(found, ends, strict=True)
    ]
