"""Figures over the facts: counts, 2.1 and 3.3 of a period, read straight from docs/rules.md "Clock" and "Figures".

Counts one dossier at a time. Knows nothing of entries.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

from tests.oracle.cases.facts import Dossier
from tests.oracle.reference.tree import Above, above_by_code, below, children_of

__all__ = ["Period", "index", "indices", "is_late", "months", "on_time"]

COUNTS = (
    "received",
    "carried_over",
    "scope",
    "resolved",
    "open",
    "open_within_term",
    "on_time_by_instant",
    "early",
    "same_day",
    "late_by_date",
    "late_by_original_due",
    "on_time_by_date",
    "late_by_instant",
    "apology_due",
    "apologised",
    "without_apology",
    "intake_submitted",
    "intake_in_time",
    "intake_overdue",
)


@dataclass(frozen=True)
class Period:
    """A period of local dates, both inclusive: the instants [start, end)."""

    first: date
    last: date
    zone: ZoneInfo

    @property
    def start(self) -> datetime:
        """The instant the first day begins."""
        return datetime.combine(self.first, time(0), self.zone).astimezone(UTC)

    @property
    def end(self) -> datetime:
        """The instant the day after the last begins."""
        return datetime.combine(self.last + timedelta(days=1), time(0), self.zone).astimezone(UTC)


def months(period: Period) -> list[Period]:
    """The months of a period, each a period of its own, cut to the period."""
    found = []
    first = period.first
    while first <= period.last:
        next_month = (first.replace(day=1) + timedelta(days=32)).replace(day=1)
        found.append(Period(first, min(period.last, next_month - timedelta(days=1)), period.zone))
        first = next_month
    return found


def within_term(dossier: Dossier, at: datetime) -> bool:
    """Whether an open dossier is within its term as of an instant: the instant test, with the second request."""
    if dossier.second_request_at is not None and dossier.second_request_at <= at:
        return False
    return not _overdue(dossier, at)


def _overdue(dossier: Dossier, at: datetime) -> bool:
    """Whether an open dossier is past its due, else its limit, and was not frozen by then."""
    for requested, received in dossier.pauses:
        if requested <= at and (received is None or at < received):
            return False  # frozen at a request made by the due
    binding = _binding(dossier)
    return binding is not None and binding < at


def _binding(dossier: Dossier) -> datetime | None:
    """What index 766 judges by: the due instant, else the limit."""
    return dossier.limit if dossier.due is None else dossier.due


def on_time(dossier: Dossier) -> bool:
    """Whether a finished dossier is on time for 766: judged by the due, and no second request."""
    if dossier.second_request_at is not None:
        return False
    return not is_late(dossier)


def is_late(dossier: Dossier) -> bool:
    """Whether a finished dossier was judged after its due, else its limit."""
    binding = _binding(dossier)
    return binding is not None and _judged(dossier) > binding


def _judged(dossier: Dossier) -> datetime:
    assert dossier.judged_at is not None
    return dossier.judged_at


def date_class(dossier: Dossier, zone: ZoneInfo) -> str:
    """Column 8, 9 or 10 of report II.06a of a finished dossier."""
    if dossier.finish in ("withdrawn", "stopped", "refused") or dossier.due is None:
        return "same_day"
    ended, due = (moment.astimezone(zone).date() for moment in (_judged(dossier), dossier.due))
    if ended < due:
        return "early"
    return "same_day" if ended == due else "late_by_date"


def index(dossiers: Iterable[Dossier], period: Period, clock: datetime | None) -> dict[str, Any]:
    """The counts and components of a period over some dossiers.

    Args:
        dossiers: those to count.
        period: the period.
        clock: lowest clock of the partitions that have seen a tick; None if none has.
    """
    start, end = period.start, period.end
    as_of = end if clock is None else min(end, clock)
    future = clock is not None and start > clock
    counts = dict.fromkeys(COUNTS, 0)
    online = judged = 0
    for dossier in dossiers if not future else ():
        accepted, finished = dossier.accepted_at, dossier.finished_at
        judged += _count_intake(counts, dossier, period, as_of)
        if accepted is None or accepted >= end or (finished is not None and finished < start):
            continue
        counts["scope"] += 1
        if accepted >= start:
            counts["received"] += 1
            online += dossier.channel == "online"
        else:
            counts["carried_over"] += 1
        if finished is None or finished >= end:
            counts["open"] += 1
            counts["open_within_term"] += within_term(dossier, as_of)
            _count_apology(counts, dossier, as_of, due=_overdue(dossier, as_of))
            continue
        counts["resolved"] += 1
        counts["on_time_by_instant"] += on_time(dossier)
        by_date = date_class(dossier, period.zone)
        counts[by_date] += 1
        counts["on_time_by_date"] += by_date != "late_by_date"
        counts["late_by_instant"] += is_late(dossier)
        if dossier.due_original is not None and _judged(dossier) > dossier.due_original:
            counts["late_by_original_due"] += 1
        _count_apology(counts, dossier, as_of, due=is_late(dossier))
    progress = counts["on_time_by_instant"] + counts["open_within_term"]
    return {
        "from": period.first.isoformat(),
        "to": period.last.isoformat(),
        "as_of": as_of.strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        **counts,
        "components": {
            "2.1": _component(progress, counts["scope"], Fraction(20), Fraction(20), future=future),
            "3.3": _component(online, counts["received"], Fraction(6), Fraction(12), future=future),
        },
        "shares": {
            "on_time_by_instant": _share(counts["on_time_by_instant"], counts["resolved"]),
            "on_time_by_date": _share(counts["on_time_by_date"], counts["resolved"]),
            "apology_coverage": _share(counts["apologised"], counts["apology_due"]),
            "intake_in_time": _share(counts["intake_in_time"], judged),
        },
        **({"future": True} if future else {}),
    }


def _count_apology(counts: dict[str, int], dossier: Dossier, as_of: datetime, *, due: bool) -> None:
    """Late or overdue dossiers owe an apology; it was sent by T or not."""
    if due:
        sent = dossier.apologised_at is not None and dossier.apologised_at <= as_of
        counts["apology_due"] += 1
        counts["apologised" if sent else "without_apology"] += 1


def _count_intake(counts: dict[str, int], dossier: Dossier, period: Period, as_of: datetime) -> bool:
    """Submissions of the period: answered by its end in time, or answered late or unanswered and past the due at T.

    Whether one of the two is so: otherwise it may still be answered in time.
    """
    due, submitted, ended = dossier.intake_due, dossier.submitted_at, dossier.intake_ended_at
    if due is None or submitted is None or not period.start <= submitted < period.end:
        return False
    counts["intake_submitted"] += 1
    if ended is not None and ended < period.end:
        counts["intake_in_time" if ended <= due else "intake_overdue"] += 1
    elif due < as_of:
        counts["intake_overdue"] += 1
    else:
        return False
    return True


def _share(numerator: int, denominator: int) -> dict[str, Any]:
    """A share in percent; of nothing there is none."""
    known = _component(numerator, denominator, Fraction(0), Fraction(0), future=False)["ratio"]
    return {"numerator": numerator, "denominator": denominator, "ratio": known if denominator else None}


def _component(
    numerator: int, denominator: int, maximum: Fraction, factor: Fraction, *, future: bool
) -> dict[str, Any]:
    """A scored figure: min(maximum, factor x share), computed exactly and rounded half-up to two decimals."""
    if future:
        return {"numerator": 0, "denominator": 0, "ratio": None, "score": None}
    share = Fraction(numerator, denominator) if denominator else Fraction(0)
    ratio = _two_decimals(share * 100)
    if share < 1 and ratio == "100.00":
        ratio = "99.99"
    return {
        "numerator": numerator,
        "denominator": denominator,
        "ratio": ratio,
        "score": _two_decimals(min(maximum, factor * share)),
    }


def _two_decimals(value: Fraction) -> str:
    """Two decimals, half-up, exactly."""
    hundredths = (value * 100 + Fraction(1, 2)).__floor__()
    return str((Decimal(hundredths) / 100).quantize(Decimal("0.01"), ROUND_HALF_UP))


def indices(
    dossiers: dict[str, Dossier],
    period: Period,
    clock: datetime | None,
    *,
    unit: str | None = None,
    children: bool = False,
    by: str | None = None,
    above: Above = above_by_code,
) -> list[dict[str, Any]]:
    """All indices of a query: the unit (none = everything), its children if asked, each broken down if asked."""
    units: list[str | None] = [unit]
    if children:
        named = (one.unit for one in dossiers.values() if one.unit and (one.accepted_at or one.intake_due))
        units += children_of(named, unit, above)
    found = []
    for name in units:
        chosen = [d for d in dossiers.values() if name is None or below(d.unit, name, above)]
        if by == "month":
            for month in months(period):
                key = month.first.strftime("%Y-%m")
                found.append({"unit": name, "month": key, **index(chosen, month, clock)})
        elif by is not None:
            keys = {getattr(dossier, by) for dossier in chosen if dossier.accepted_at or dossier.intake_due}
            for value in sorted(keys, key=str):
                of_key = [dossier for dossier in chosen if getattr(dossier, by) == value]
                found.append({"unit": name, by: value, **index(of_key, period, clock)})
        else:
            found.append({"unit": name, **index(chosen, period, clock)})
    return found
