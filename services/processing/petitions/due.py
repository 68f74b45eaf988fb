"""By when a petition is to be refused, answered and published, and what a request for more moves. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Final

from services.processing.facts.announcements import Value
from services.processing.facts.reference import InForce
from services.processing.petitions.life import PetitionLife
from services.processing.routing.model import Pause
from shared.calendar import Term, TermError, WorkCalendar, term_due
from shared.instants import parse_instant

__all__ = ["NO_TERMS", "PetitionTerms", "terms_of"]

_LAST_DAY: Final = parse_instant("2510-12-31T00:00:00Z")


@dataclass(slots=True)
class PetitionTerms:
    """The due instants of a petition in UTC microseconds; None where nobody received it.

    `due` is that of the answer and `refuse_due` that of a refusal, both moved by the working time of a pause that is
    over. `ask_due` is by when a request stops the clock, `publish_due` by when the answer is to be published. `history`
    holds the values in force, the last one that of the end. `judged_at` is what is compared: the end, or of an answer
    while the clock was stopped the request.
    """

    due: int | None = None
    refuse_due: int | None = None
    ask_due: int | None = None
    publish_due: int | None = None
    judged_at: int | None = None
    pauses: list[Pause] = field(default_factory=list)
    history: list[Value] = field(default_factory=list)


#: Of a petition nobody received; nobody changes them.
NO_TERMS: Final = PetitionTerms()


def terms_of(life: PetitionLife, force: InForce) -> PetitionTerms:
    """The terms of a petition (docs/rules.md, "Petitions").

    Readings: an end while the clock is stopped moves nothing, since the pause has no end; a refusal is judged at its
    own instant even then. Of a refusal by its due the value in force is that of refusals, from the refusal on.

    Args:
        life: its life; somebody received it.
        force: what is in force for it.
    """
    assert life.begun is not None  # noqa: S101 (asked only of one that was received)
    calendar, rules, begun = force.calendar, force.rules, life.begun.time
    terms = PetitionTerms(
        due=_after(calendar, begun, rules.petition_answer_days),
        refuse_due=_after(calendar, begun, rules.petition_refuse_days),
        ask_due=_after(calendar, begun, rules.petition_ask_days),
    )
    assert terms.due is not None  # noqa: S101 (as given)
    assert terms.refuse_due is not None  # noqa: S101 (as given)
    assert terms.ask_due is not None  # noqa: S101 (as given)
    terms.history.append(Value(terms.due, begun))
    if life.asked is not None and life.asked.time <= terms.ask_due:
        end = None if life.supplemented is None else life.supplemented.time
        terms.pauses.append((life.asked.time, end))
        if end is not None:
            paused = calendar.working_between(life.asked.time, end)
            terms.due, terms.refuse_due = (_later(calendar, due, paused) for due in (terms.due, terms.refuse_due))
            terms.history.append(Value(terms.due, end))
    if life.end is not None:
        terms.judged_at = life.end.time
        if life.ended == "refused":
            terms.history.append(Value(terms.refuse_due, life.end.time))
        else:
            terms.publish_due = _after(calendar, life.end.time, rules.petition_publish_days)
            if terms.pauses and terms.pauses[-1][1] is None:
                terms.judged_at = terms.pauses[-1][0]
    return terms


def _after(calendar: WorkCalendar, start: int, days: int) -> int:
    """The closing of a working day so many after the day of an instant, at the latest on the calendar's last day."""
    try:
        return term_due(calendar, start, Term(Fraction(days), "working_days"), "next-day")
    except (TermError, IndexError):
        return _LAST_DAY


def _later(calendar: WorkCalendar, instant: int, amount: int) -> int:
    try:
        return calendar.add_working(instant, amount)
    except IndexError:
        return _LAST_DAY
