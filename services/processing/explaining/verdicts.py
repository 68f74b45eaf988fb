"""How a dossier stands by each test, side by side, each named by the figures that use it (docs/rules.md, "Figures").

Pure. The figures themselves are counted elsewhere; this tells one dossier's part in them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, Literal, NamedTuple

from services.processing.explaining.model import Sentence, Verdict
from services.processing.explaining.words import moment, say, text
from services.processing.facts import Facts, InForce
from shared.instants import to_rfc3339
from shared.judging import by_date, by_instant
from shared.judging.instants import known as instant
from shared.messages.base import Text

__all__ = ["explain_verdicts"]

Test = Literal["instant", "date", "original"]
Judgement = Literal["on_time", "late", "early", "same_day", "within_term", "overdue"]

_FIGURES: Final[dict[tuple[Test, bool], list[str]]] = {
    ("instant", True): ["on_time_by_instant"],
    ("instant", False): ["open_within_term"],
    ("date", True): ["early", "same_day", "late_by_date"],
    ("date", False): ["open_within_term"],
    ("original", True): ["late_by_original_due"],
    ("original", False): ["late_by_original_due"],
}


class _Judged(NamedTuple):
    """A test, what it says, what is compared and with what, in UTC µs."""

    test: Test
    verdict: Judgement
    compared: int | None
    against: int | None


def explain_verdicts(known: Facts, force: InForce, clock: int | None) -> tuple[list[Verdict], list[Sentence]]:
    """The verdict of each test, and what is to be said beside them.

    Args:
        known: the facts of an accepted dossier.
        force: what it is judged by.
        clock: T for one that is open, in UTC µs; None: it has no verdict while it is open.
    """
    if known.finished_at is None and clock is None:
        return [], []
    ended = known.finished_at is not None
    return [_verdict(force, found, ended=ended) for found in _judged(known, force, clock)], list(_beside(known, force))


def _judged(known: Facts, force: InForce, clock: int | None) -> Iterator[_Judged]:
    due, original, judged = known.dues.due, known.due_original, known.judged_at
    bound = known.dues.limit if due is None else due
    by, second = by_instant.deadline(due, known.dues.limit), instant(known.dues.second_request_at)
    if judged is not None:
        in_time = by_instant.on_time(judged, by, second, instant(known.finished_at))
        yield _Judged("instant", "on_time" if in_time else "late", judged, bound)
        yield _Judged("date", _by_date(known, force, judged), judged, due)
        late = by_instant.late(judged, instant(original))
        yield _Judged("original", "late" if late else "on_time", judged, original)
    elif clock is not None:
        stopped = known.dues.frozen_at is not None
        within = by_instant.within_term_asked_once(by, clock, stopped, second)
        yield _Judged("instant", "within_term" if within else "overdue", clock, bound)
        within = by_instant.within_term(instant(due), clock, stopped)
        yield _Judged("date", "within_term" if within else "overdue", clock, due)


def _by_date(known: Facts, force: InForce, judged: int) -> Judgement:
    due, day = known.dues.due, force.calendar.local_date
    return by_date.class_by_date(known.finish, day(judged), None if due is None else day(due))


def _verdict(force: InForce, found: _Judged, *, ended: bool) -> Verdict:
    calendar, (test, verdict, compared, against) = force.calendar, found
    nothing: Text = text("nothing")
    return Verdict(
        test=test,
        figures=_FIGURES[test, ended],
        verdict=verdict,
        compared=None if compared is None else to_rfc3339(compared),
        against=None if against is None else to_rfc3339(against),
        sentence=say(
            f"verdict_{test}",
            verdict=text(verdict),
            compared=nothing if compared is None else moment(calendar, compared, against),
            due=nothing if against is None else moment(calendar, against, compared),
        ),
    )


def _beside(known: Facts, force: InForce) -> Iterator[Sentence]:
    second = known.dues.second_request_at
    if second is not None:
        yield say("second_request", since=moment(force.calendar, second))
    if known.judged_at != known.finished_at:
        yield say("judged_at_request")
    if known.finish is not None and known.finish not in by_date.RESULTS:
        yield say("end_by_kind")
