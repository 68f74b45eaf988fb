"""The hours of a plan in the time that really elapses: as on the wall, save where the clock jumps. Pure."""

from __future__ import annotations

from array import array

from shared.calendar.plan import WIDEST, DayShape, Plan
from shared.calendar.zone_days import ZoneDays
from shared.instants import DAY

__all__ = ["elapsed_shapes", "has_nights", "instant_of"]


def has_nights(plan: Plan) -> bool:
    """Whether any shift of a plan goes over midnight."""
    return any(shape.worked and shape.hours[-1][1] > DAY for shape in plan.shapes)


def instant_of(days: ZoneDays, index: int, wall: int) -> int:
    """The first instant at which the wall clock shows a time of a day (µs, past 24 hours of the next) or later."""
    later, wall = divmod(wall, DAY) if wall > DAY else (0, wall)
    return days.instant(index + later, wall)


def elapsed_shapes(plan: Plan, days: ZoneDays) -> tuple[list[DayShape], array[int]]:
    """Shapes in µs since the day began, and each day's place among them: as on the wall, save where the clock jumps."""
    places = {shape: place for place, shape in enumerate(plan.shapes)}
    special = days.special
    if has_nights(plan):
        # A shift that begins the evening before goes through the jump.
        special |= {index - 1 for index in special if index}
    # Each of these may be of a shape of its own.
    of_day = plan.of_day[:] if len(plan.shapes) + len(special) <= WIDEST else array("I", plan.of_day)
    for index in special:
        wall = plan.shapes[plan.of_day[index]]
        start = days.starts[index]
        there = tuple(
            (instant_of(days, index, opening) - start, instant_of(days, index, closing) - start)
            for opening, closing in wall.hours
        )
        lasting = tuple(session for session in there if session[1] > session[0])
        # A day the zone leaves out altogether is not worked.
        shape = DayShape(wall.worked and bool(lasting), lasting or there)
        of_day[index] = places.setdefault(shape, len(places))
    return list(places), of_day
