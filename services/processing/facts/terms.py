"""What the terms of a procedure give for one receipt: the instants they end, by version, channel and rules.

Pure. Knows no promised date and no pause; all instants are as of the receipt.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from services.processing.facts.reference import InForce
from shared.calendar import Term, TermError, WorkCalendar, term_due
from shared.contract.reference import Channel, Counting
from shared.instants import parse_instant

__all__ = ["NO_TERMS", "Terms", "counting_of", "late_in_the_day", "start_of", "terms_of"]

#: Receipts whose ends are kept with what is in force, as they are asked for again with every entry of a dossier.
_KEPT: Final = 1_024
#: A term that ends later, beyond every date of the contract, is as if there were none.
_LAST: Final = parse_instant("2199-12-31T23:59:59Z")


class Terms(NamedTuple):
    """The end of each term in UTC µs; None where the procedure has no such term.

    `maximum` is the instant at which so much working time is used up if nothing stops the clock.
    """

    statutory: int | None
    committed: int | None
    maximum: int | None


#: Of a dossier whose procedure is unknown or has no term.
NO_TERMS: Final = Terms(None, None, None)


def counting_of(force: InForce) -> Counting:
    """How working days count: as the procedure version says, else the rule version."""
    own = None if force.procedure is None else force.procedure.counting
    return force.rules.counting if own is None else own


def terms_of(force: InForce, channel: Channel | None, received: int) -> Terms:
    """Where the terms end for what was received at an instant (docs/rules.md, "Due date").

    Readings: the cut-off moves the start of working and calendar days, not of hours and months, to the opening of the
    next working day. The maximum counts in working minutes from the receipt, whatever the counting; given in calendar
    days or months it ends as such a term does. A term that ends after 2199 is none.

    Args:
        force: what is in force for the dossier.
        channel: its channel.
        received: the acceptance in UTC µs.
    """
    procedure = force.procedure
    if procedure is None or not procedure.terms:
        return NO_TERMS
    known = force.ends.get(received)
    if known is None:
        if len(force.ends) >= _KEPT:
            force.ends.clear()
        known = force.ends[received] = Terms(
            _end(force, received, procedure.term(channel, "statutory"), counting_of(force)),
            _end(force, received, procedure.term(channel, "committed"), counting_of(force)),
            _end(force, received, procedure.term(channel, "maximum"), "hours", plain=True),
        )
    return known


def late_in_the_day(calendar: WorkCalendar, received: int, cutoff: int | None) -> bool:
    """Whether something was received after the cut-off of its day, in a shift over midnight that of its beginning."""
    return cutoff is not None and calendar.work_day(received)[1] > cutoff


def start_of(force: InForce, received: int, term: Term) -> int:
    """The instant a term is counted as received at.

    After the cut-off that is the next working day's opening: of no days always, of days where the rule says so.
    """
    rules, calendar = force.rules, force.calendar
    if (
        term.unit in ("working_days", "calendar_days")
        and (rules.cutoff_shifts_start or not term.amount)
        and late_in_the_day(calendar, received, rules.cutoff)
    ):
        return calendar.opening(calendar.next_working_day(calendar.work_day(received)[0]))
    return received


def _end(force: InForce, received: int, term: Term | None, counting: Counting, *, plain: bool = False) -> int | None:
    if term is None:
        return None
    if plain and not term.amount and term.unit == "working_days":
        # No working time at all is used up at once; "no days" to an end of the day is of terms promised only.
        return received
    try:
        start = received if plain else start_of(force, received, term)
        end = term_due(force.calendar, start, term, counting)
    except (TermError, IndexError):
        return None
    return end if end <= _LAST else None
