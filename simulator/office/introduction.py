"""What the simulated province makes known before its first day: its units, procedures with their terms, and routes.

Pure. Every entry has a fixed identity, so that sending it again is harmless; knows nothing of how entries travel.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any, Final
from zoneinfo import ZoneInfo

from motcua.cli.reference.loading.entries import reference_entry
from shared.instants import DAY, SECOND, local_midnight
from simulator.office.province import EXPRESS, PROCEDURES, PROVINCE, UNITS, Procedure, unit_name
from simulator.office.steps import steps_of

__all__ = ["introduction"]

_VERSION: Final = "sim-1"
#: Offices knew it a day before the first, so that it goes before what is handed in the evening before.
_AHEAD: Final = DAY
#: An import sorts by time, so what others name is earlier.
_AFTER: Final = {"unit.revised": 0, "procedure.published": SECOND, "route.revised": 2 * SECOND}


def introduction(first: date, zone: ZoneInfo) -> list[dict[str, Any]]:
    """The reference entries of the province, those that others name first.

    Args:
        first: the first simulated day.
        zone: zone of local days.
    """
    time = local_midnight(first, zone) - _AHEAD
    return [
        reference_entry(type_, subject, _VERSION, time + _AFTER[type_], data, simulated=True)
        for type_, subject, data in (*_units(), *_procedures(), *_routes())
    ]


def _units() -> Iterator[tuple[str, str, dict[str, Any]]]:
    for unit in UNITS:
        parent = None if unit.code == PROVINCE else PROVINCE
        data = {"unit": unit.code, "parent": parent, "name": unit.name, "kind": unit.kind}
        yield "unit.revised", unit.code, data


def _procedures() -> Iterator[tuple[str, str, dict[str, Any]]]:
    for procedure in (*PROCEDURES, *EXPRESS):
        data = {
            "procedure": procedure.code,
            "version": _VERSION,
            "name": procedure.name,
            "levels": ["commune" if procedure.kind == "commune" else "province"],
            "authority": None if procedure.department is None else unit_name(procedure.department),
            "applicants": ["citizen", "business"],
            "terms": _terms(procedure),
            "fee": procedure.fee > 0,
            "online": "full",
        }
        yield "procedure.published", procedure.code, data


def _terms(procedure: Procedure) -> list[dict[str, str]]:
    """What the province promises, and the law's term, which is mostly the longer by the 30 % cut."""
    if procedure.hours:
        promised, law = (str(procedure.hours), "working_hours"), ("1", "working_days")
    elif procedure.days:
        longer = procedure.days if procedure.days < 3 else -(-procedure.days * 10 // 7)
        promised, law = (str(procedure.days), "working_days"), (str(longer), "working_days")
    else:
        return []
    return [
        {"kind": kind, "amount": amount, "unit": unit}
        for kind, (amount, unit) in (("statutory", law), ("committed", promised))
    ]


def _routes() -> Iterator[tuple[str, str, dict[str, Any]]]:
    for procedure in PROCEDURES:
        steps = [
            {"step": step.step, "budget": step.budget}
            | ({"role": step.role} if step.unit is None else {"unit": step.unit})
            for step in steps_of(procedure)
        ]
        yield "route.revised", procedure.code, {"procedure": procedure.code, "version": _VERSION, "steps": steps}
