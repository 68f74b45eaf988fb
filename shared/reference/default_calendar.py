"""Whether anybody's working time is still measured by the stack's default calendar. Pure."""

from __future__ import annotations

from datetime import date

from shared.calendar import WorkCalendar
from shared.reference.known import ReferenceSet

__all__ = ["uses_default"]


def uses_default(known: ReferenceSet, default: WorkCalendar, day: date) -> bool:
    """Whether a unit is measured by the default calendar on a local day: its days are then worth asking for.

    That is so as long as no calendar is assigned at all; afterwards if a unit in force has none assigned, nor one above
    it, or one that is the default or only lays days over it (docs/rules.md, "Reference data").

    Args:
        known: the reference entries there are.
        default: the stack's default calendar.
        day: the local day of asking.
    """
    versions = [one for one in known.calendar_versions() if (one.valid_from or date.min) <= day]
    assigned = {one.unit for one in versions if one.unit is not None and one.purpose == "working"}
    if not assigned:
        return True
    defined = {one.calendar for one in versions if one.week is not None} - {default.id}
    units = known.units(None)
    for code in assigned.union(one for one in units.codes if units.version(one, day) is not None):
        found = known.calendar(code, None, zone=default.zone, default=default, day=day)
        if found is None or found.id not in defined:
            return True
    return False
