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

from tests.oracle.dossier import Dossier

__all__ = ["Period", "below", "children_of", "index", "indices", "months"]

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


def below(unit: str | None, ancestor: str) -> bool:
    """Whether a unit is the ancestor itself or lies below it by its dotted code."""
    return unit is not None and (unit == ancestor or unit.startswith(ancestor + "."))


def children_of(units: Iterable[str], parent: str | None) -> list[str]:
    """The direct children of a unit, or the topmost units, among all units named and what lies above them."""
    every: set[str] = set()
    for unit in units:
        parts = unit.split(".")
        every.update(".".join(parts[:length]) for length in range(1, len(parts) + 1))
    return sorted(unit for unit in every if (unit.rpartition(".")[0] or None) == parent)


def within_term(dossier: Dossier, at: datetime) -> bool:
    """Whether an open dossier is within its term as of an instant: the instant test, with the second request."""
    if dossier.second_request_at is not None and dossier.second_request_at <= at:
        return False
    for requested, received in dossier.pauses:
        if requested <= at and (received is None or at < received):
            return True  # frozen at a request made by the due
    return dossier.due is None or dossier.due >= at


def on_time(dossier: Dossier) -> bool:
    """Whether a finished dossier is on time for 766: judged by the due, and no second request."""
    if dossier.second_request_at is not None:
        return False
    return dossier.due is None or _judged(dossier) <= dossier.due


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
    online = 0
    for dossier in dossiers if not future else ():
        accepted, finished = dossier.accepted_at, dossier.finished_at
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
            continue
        counts["resolved"] += 1
        counts["on_time_by_instant"] += on_time(dossier)
        counts[date_class(dossier, period.zone)] += 1
        if dossier.due_original is not None and _judged(dossier) > dossier.due_original:
            counts["late_by_original_due"] += 1
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
        **({"future": True} if future else {}),
    }


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
) -> list[dict[str, Any]]:
    """All indices of a query: the unit (none = everything), its children if asked, each broken down if asked."""
    units: list[str | None] = [unit]
    if children:
        units += children_of((d.unit for d in dossiers.values() if d.unit and d.accepted_at), unit)
    found = []
    for name in units:
        chosen = [d for d in dossiers.values() if name is None or below(d.unit, name)]
        if by == "month":
            for month in months(period):
                key = month.first.strftime("%Y-%m")
                found.append({"unit": name, "month": key, **index(chosen, month, clock)})
        elif by is not None:
            keys = {getattr(dossier, by) for dossier in chosen if dossier.accepted_at is not None}
            for value in sorted(keys, key=str):
                of_key = [dossier for dossier in chosen if getattr(dossier, by) == value]
                found.append({"unit": name, by: value, **index(of_key, period, clock)})
        else:
            found.append({"unit": name, **index(chosen, period, clock)})
    return found
