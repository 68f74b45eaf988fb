"""Working time over a due instant by the units' calendars: of open dossiers, and of steps under way.

Pure. What has ended was measured by processing and stands in the facts; only what still runs is measured here, at T.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

import numpy as np
from numpy.typing import NDArray

from services.metrics.counting.question import Moment
from services.metrics.indicators.held_steps import over_now
from services.metrics.indicators.steps import StepQuestion
from services.metrics.table.facts import Array, FactTable
from services.metrics.table.periods import NO_DAY, local_days
from services.metrics.units.registry import Registry
from shared.calendar import WorkCalendar

__all__ = ["delays_of", "over_so_far"]

_FIRST_DAY: Final = date(1970, 1, 1)


def delays_of(table: FactTable, rows: NDArray[np.intp], moment: Moment, registry: Registry) -> list[int]:
    """Delay of overdue dossiers so far: working time from due (else limit) to T in microseconds, at least 0.

    Args:
        table: the fact table.
        rows: of dossiers past their due at T.
        moment: tells T.
        registry: calendars; a dossier is measured by that of its accountable unit as of acceptance.
    """
    calendars = _calendars(table, table["unit"][rows], table["accepted"][rows], registry)
    dues = table["due"][rows].tolist()
    return [
        calendar.working_between(due, moment.as_of) if due < moment.as_of else 0
        for calendar, due in zip(calendars, dues, strict=True)
    ]


def over_so_far(q: StepQuestion, registry: Registry) -> NDArray[np.int64]:
    """For each occurrence asked about: working time over its budget by T in microseconds, if it is under way; else 0.

    Measured by its owner's calendar as of the dossier's acceptance. A step's due was moved by the pauses that began by
    then; those that began later are left out here.
    """
    over = np.zeros(len(q.places), dtype=np.int64)
    hit = np.flatnonzero(q(over_now))
    pauses, first = q.table.pauses, q.table["pauses_first"]
    rows: NDArray[np.int64] = q["row"][hit]
    calendars = _calendars(q.table, q["unit"][hit], q.table["accepted"][rows], registry)
    ends, dues = q.stopped_at()[hit].tolist(), q["due"][hit].tolist()
    for place, row, calendar, due, end in zip(hit.tolist(), rows.tolist(), calendars, dues, ends, strict=True):
        between = calendar.working_between
        taken = between(due, end)
        for start, stop in pauses.intervals(row, first):
            if due < start < end:
                taken -= between(start, min(stop, end))
        over[place] = taken
    return over


def _calendars(table: FactTable, units: Array, accepted: Array, registry: Registry) -> list[WorkCalendar]:
    """The calendar of each unit (by its number) for a dossier accepted at an instant."""
    known: dict[tuple[int, int], WorkCalendar] = {}
    found = []
    for key in zip(units.tolist(), local_days(registry.zone)(accepted).tolist(), strict=True):
        calendar = known.get(key)
        if calendar is None:
            day = None if key[1] == NO_DAY else _FIRST_DAY + timedelta(key[1])
            calendar = known[key] = registry.calendar(table.units.values[key[0]], day)
        found.append(calendar)
    return found
