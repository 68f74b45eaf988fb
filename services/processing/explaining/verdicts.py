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
#: Ends report II.06a counts as on time whatever their date.
_BY_KIND: Final = frozenset(("withdrawn", "stopped", "refused"))


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
    due, original = known.dues.due, known.due_original
    bound = due if due is not None else known.dues.limit
    second, judged = known.dues.second_request_at, known.judged_at
    if judged is not None:
        late = (bound is not None and judged > bound) or second is not None
        yield _Judged("instant", "late" if late else "on_time", judged, bound)
        yield _Judged("date", _by_date(known, force, judged), judged, due)
        late = original is not None and judged > original
        yield _Judged("original", "late" if late else "on_time", judged, original)
    elif clock is not None:
        frozen = known.dues.frozen_at is not None
        over = (not frozen and bound is not None and bound < clock) or (second is not None and second <= clock)
        yield _Judged("instant", "overdue" if over else "within_term", clock, bound)
        over = not frozen and due is not None and due < clock
        yield _Judged("date", "overdue" if over else "within_term", clock, due)


def _by_date(known: Facts, force: InForce, judged: int) -> Judgement:
    due = known.dues.due
    if due is None or known.finish in _BY_KIND:
        return "same_day"
    end, last = force.calendar.local_date(judged), force.calendar.local_date(due)
    return "early" if end < last else "same_day" if end == last else "late"


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
    if known.finish in _BY_KIND:
        yield say("end_by_kind")
