"""Working time: which days are worked, from when to when, and how much working time lies between two instants.

Pure: no clock, no I/O. Terms are counted here; which term a procedure has is not known.
"""

from shared.calendar.definition import build
from shared.calendar.terms import Term, TermError, parse_term, term_due
from shared.calendar.vietnam import vn_public
from shared.calendar.work_calendar import Hours, WorkCalendar

__all__ = ["Hours", "Term", "TermError", "WorkCalendar", "build", "parse_term", "term_due", "vn_public"]
