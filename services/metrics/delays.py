"""Working time over a due instant by the units' calendars: of open dossiers, and of steps under way.

Pure. What has ended was measured by processing and stands in the facts; only what still runs is measured here, at T.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from services.metrics.facts import FactTable
from services.metrics.predicates import Moment
from services.metrics.registry import Registry
from services.metrics.steps import StepQuestion, over_now

__all__ = ["delays_of", "over_so_far"]


def delays_of(table: FactTable, rows: NDArray[np.intp], moment: Moment, registry: Registry) -> list[int]:
    """Delay of overdue dossiers so far: working time from due (else limit) to T in microseconds, at least 0.

    Args:
        table: the fact table.
        rows: of dossiers past their due at T.
        moment: tells T.
        registry: calendars; a dossier is measured by that of its accountable unit.
    """
    units = table.units.values
    calendars = {number: registry.calendar(units[number]) for number in np.unique(table["unit"][rows]).tolist()}
    owners, dues = table["unit"][rows].tolist(), table["due"][rows].tolist()
    return [
        calendars[unit].working_between(due, moment.as_of) if due < moment.as_of else 0
        for unit, due in zip(owners, dues, strict=True)
    ]


def over_so_far(q: StepQuestion, registry: Registry) -> NDArray[np.int64]:
    """For each occurrence asked about: working time over its budget by T in microseconds, if it is under way; else 0.

    A step's due was moved by the pauses that began by then; those that began later are left out here.
    """
    over = np.zeros(len(q.places), dtype=np.int64)
    hit = np.flatnonzero(q(over_now))
    units, pauses, first = q.table.units.values, q.table.pauses, q.table["pause_first"]
    calendars = {number: registry.calendar(units[number]) for number in np.unique(q["unit"][hit]).tolist()}
    ends = q.stopped_at()[hit].tolist()
    rows, owners, dues = (q[name][hit].tolist() for name in ("row", "unit", "due"))
    for place, row, unit, due, end in zip(hit.tolist(), rows, owners, dues, ends, strict=True):
        between = calendars[unit].working_between
        taken = between(due, end)
        for start, stop in pauses.intervals(row, first):
            if due < start < end:
                taken -= between(start, min(stop, end))
        over[place] = taken
    return over
