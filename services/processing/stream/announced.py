"""What the calendars of a partition lack for this year and, from autumn on, the next: swapped days and Tết.

A function of the reference entries and the clock's day; worked out anew when one of them changes.
"""

from __future__ import annotations

from services.processing.engine import Reference
from shared.calendar.announcements import missing_by_calendar
from shared.calendar.vietnam import vn_public_versions
from shared.instants import local_date
from shared.logging import get_logger
from shared.reference.default_calendar import uses_default

__all__ = ["Announced"]

_log = get_logger("processing.announced")


class Announced:
    """Counts what is missing in the calendars of one partition, and tells the log when that changes.

    Args:
        partition: the partition, for the log.
    """

    def __init__(self, partition: int) -> None:
        self._partition = partition
        self._of: tuple[object, ...] | None = None
        self._count = 0

    def missing(self, reference: Reference, clock: int) -> int:
        """How many things are missing in all calendars that open dossiers may be measured by.

        Args:
            reference: what the engine is given now.
            clock: the partition's clock, UTC microseconds.
        """
        today = local_date(clock, reference.zone)
        of = (reference.known, today)
        if of != self._of:
            # Nobody waits for the announcements of a country whose calendar measures nobody.
            built_in = vn_public_versions() if uses_default(reference.known, reference.calendar, today) else ()
            found = missing_by_calendar(reference.known.calendar_versions(), today, built_in)
            count = sum(len(faults) for faults in found.values())
            if count > self._count:
                told = {name: [f"{fault.code} {fault.value}" for fault in faults] for name, faults in found.items()}
                _log.warning("calendars lack announced days", partition=self._partition, missing=told)
            self._of, self._count = of, count
        return self._count
