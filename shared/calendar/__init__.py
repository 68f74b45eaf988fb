"""Working time: which days are worked, from when to when, and how much working time lies between two instants.

Pure: no clock, no I/O. Terms of procedures and their counting rules are not known here.
"""

from shared.calendar.vietnam import vn_public
from shared.calendar.work_calendar import Hours, WorkCalendar

__all__ = ["Hours", "WorkCalendar", "vn_public"]
