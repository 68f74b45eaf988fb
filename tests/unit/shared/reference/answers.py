"""Every question a reference set can be asked about a small world, and its answers as text."""

from __future__ import annotations

from shared.calendar import vn_public
from shared.reference import ReferenceSet
from tests.unit.shared.reference.making import ZONE, at, day
from tests.unit.shared.reference.strategies import CALENDARS, DAYS, INSTANTS, PROCEDURES, UNITS

__all__ = ["answers"]


def answers(known: ReferenceSet) -> list[str]:
    """All answers, one a line."""
    base = vn_public(ZONE)
    told = [known.version, *(entry.digest for entry in known.entries)]
    for before in (None, *(at(when) for when in INSTANTS), at("12-31")):
        units = known.units(before)
        told.append(f"{before} {units.codes}")
        for when in (None, *map(day, DAYS)):
            told += [f"{units.latest(code, when)} {units.above(code, when)}" for code in UNITS]
            told += [f"{units.successors(code, when)} {units.below(code, when)}" for code in UNITS]
            told += [known.working_calendar(code, before, default=base, day=when).hash for code in UNITS]
            if when is None:
                continue
            told.append(str(known.rules(when, before)))
            for code in PROCEDURES:
                told.append(str(known.procedure(code, when, before)))
                told += [str(known.route(code, channel, when, before)) for channel in (None, "online", "direct")]
        for name in CALENDARS:
            found = known.calendar_named(name, before, zone=ZONE, default=base)
            told.append("none" if found is None else found.hash)
    return told
