"""Whether a calendar is fit as a whole: with the versions it has already, and with what it lies over. Pure.

What one version says by itself is judged in shared/calendar; a reader of the journal takes every fit version, whatever
the whole is like, since it was accepted when this was not asked.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Final

from shared.calendar.layers import layer_of
from shared.calendar.plan import Plan
from shared.calendar.vietnam import VN_PUBLIC, vn_public_versions
from shared.calendar.zone_days import DAYS, FIRST
from shared.contract.reference import Calendar
from shared.reference.faults import Fault, fault
from shared.reference.known import ReferenceSet

__all__ = ["LARGEST", "check_whole", "never_works"]

#: Days named, seasons and versions of a calendar and of what it lies over: some centuries of holidays, and what can be
#: made in a fraction of a second.
LARGEST: Final = 20_000
_TWELVE_MONTHS: Final = 366


def check_whole(data: Calendar, known: ReferenceSet, today: date | None) -> list[Fault]:
    """What is wrong with a calendar once a version, which is fit by itself, is added to it.

    Args:
        data: the version.
        known: the entries there are, without it; of a correction the corrected one counts beside it.
        today: the local day; None does not ask what works from then on.
    """
    own, others = _own(data.calendar, known), _others(data.calendar, known)
    size = _size([data, *own]) + max(map(_size, others), default=0)
    if size > LARGEST:
        return [fault("calendar_too_large", "data.days", size, limit=f"{LARGEST:,}", calendar=data.calendar)]
    if data.no_working_days or today is None:
        return []
    day = max(today, data.valid_from or today)
    if _works(_under(data.calendar, known), [*own, data], day):
        return []
    return [fault("calendar_never_works", "data.days", None, calendar=data.calendar, first=day.isoformat())]


def never_works(calendar: str, known: ReferenceSet, today: date) -> bool:
    """Whether a calendar has no working day in twelve months, and nobody said that this is meant."""
    own = _own(calendar, known)
    meant = any(version.no_working_days for version in own)
    return not meant and not _works(_under(calendar, known), own, today)


def _size(versions: Iterable[Calendar]) -> int:
    return sum(1 + len(version.days) + len(version.seasons) for version in versions)


def _own(calendar: str, known: ReferenceSet) -> list[Calendar]:
    """The versions of a calendar that hold, the built-in ones included, in ascending precedence."""
    built_in = vn_public_versions() if calendar == VN_PUBLIC else ()
    return [*built_in, *known.versions_of_calendar(calendar)]


def _under(calendar: str, known: ReferenceSet) -> list[Calendar]:
    """The versions of what a calendar lies over."""
    return [] if calendar == VN_PUBLIC else _own(VN_PUBLIC, known)


def _others(calendar: str, known: ReferenceSet) -> list[list[Calendar]]:
    """What lies under a calendar; where it is the one under all others, what lies over it."""
    if calendar != VN_PUBLIC:
        return [_under(calendar, known)]
    return [_own(name, known) for name in known.calendars() if name != VN_PUBLIC]


def _works(under: Sequence[Calendar], own: Sequence[Calendar], first: date) -> bool:
    """Whether any of twelve months' days is worked; days outside of them do not matter and are left out."""
    last = first + timedelta(_TWELVE_MONTHS)
    layers = []
    # Sorting is stable, so that of versions with one beginning the later goes before.
    for versions in (under, sorted(own, key=lambda version: version.valid_from or date.min)):
        for version in versions:
            days = [day for day in version.days if first <= day.day <= last]
            layers.append(layer_of(version.model_copy(update={"days": days})))
    plan = Plan(layers)
    index = first.toordinal() - FIRST.toordinal()
    return any(plan.shapes[place].worked for place in plan.of_day[max(index, 0) : min(index + _TWELVE_MONTHS, DAYS)])
