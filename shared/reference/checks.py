"""Whether a reference entry is fit to be taken, by itself and with what is known. Pure.

Intake refuses what these find; processing never relies on it having been asked.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Final

from shared.calendar.definition import check as check_calendar
from shared.calendar.terms import to_minutes
from shared.contract.envelope import Data
from shared.contract.reference import Calendar, Channel, Procedure, Route, Rule, UnitData
from shared.reference.entry import REVISABLE_TYPES
from shared.reference.faults import Fault
from shared.reference.kinds.procedures import ProcedureVersion, check_procedure
from shared.reference.kinds.routes import check_route
from shared.reference.kinds.rules import check_rule
from shared.reference.kinds.units import check_unit
from shared.reference.known import ReferenceSet
from shared.reference.whole_calendar import check_whole

__all__ = ["check_calendar", "check_entry", "check_procedure", "check_route", "check_rule", "check_unit"]

_CHANNELS: Final[tuple[Channel, ...]] = ("online", "postal", "direct")


def check_entry(entry_type: str, data: Data | None, known: ReferenceSet, today: date | None = None) -> list[Fault]:
    """What makes a reference entry unfit; nothing of a withdrawal, or of an entry of another kind.

    Args:
        entry_type: the entry's type.
        data: its data as the contract's model; None withdraws.
        known: the entries there are, without this one.
        today: the local day of asking; None does not ask what works in the coming twelve months.
    """
    found: list[Fault] = []
    if entry_type not in REVISABLE_TYPES:
        return found
    match data:
        case Calendar():
            found = [replace(fault, field=f"data.{fault.field}") for fault in check_calendar(data)]
            found = found or check_whole(data, known, today)
        case Procedure():
            found = check_procedure(data)
        case Route():
            found = check_route(data, units=known.units(None), term_minutes=_term_minutes(data, known))
        case UnitData():
            found = check_unit(data, known.units(None))
        case Rule():
            found = check_rule(data)
    return found


def _term_minutes(route: Route, known: ReferenceSet) -> int | None:
    """The shortest term in working minutes of the channels a route is for; None where there is none to compare."""
    procedure = _procedure(route, known)
    if procedure is None:
        return None
    found = []
    for channel in (route.channel,) if route.channel is not None else _CHANNELS:
        # A channel with a route of its own does not use that of all channels.
        if route.channel is None and known.has_route(route.procedure, channel):
            continue
        term = procedure.promised(channel)
        minutes = None if term is None else to_minutes(term)
        if minutes is not None:
            found.append(minutes)
    return min(found, default=None)


def _procedure(route: Route, known: ReferenceSet) -> ProcedureVersion | None:
    """The procedure version in force when a route begins, else the last one."""
    begun = None if route.valid_from is None else known.procedure(route.procedure, route.valid_from, None)
    return begun or next(reversed(known.procedure_versions(route.procedure)), None)
