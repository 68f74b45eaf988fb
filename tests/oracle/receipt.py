"""The permit log ../shared/data/receipt.csv.gz counted straight from its rows, with nothing between file and figure.

Shares no code with the product, nor with the oracle of the journal: it knows columns of the CSV, not entries.
`python -m tests.oracle.receipt receipt.csv.gz` prints the totals.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

__all__ = ["FIGURES", "FIRST_DAY", "LAST_DAY", "NOW", "Case", "by_month", "count", "read_cases"]

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
#: The data end on 23 January 2012; the figures are taken as the next day begins.
NOW = datetime(2012, 1, 24, tzinfo=ZONE)
FIRST_DAY, LAST_DAY = date(2010, 10, 1), date(2012, 1, 23)

FIGURES = (
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
    "online",
    "on_time",
)

CHANNELS = {"Internet": "online", "Post": "postal"}


@dataclass(frozen=True)
class Case:
    """One permit dossier: its labels, start, planned end and end. Instants are UTC."""

    code: str
    department: str
    channel: str
    start: datetime
    planned: datetime
    end: datetime | None


def read_cases(path: Path) -> list[Case]:
    """The dossiers of the log; case columns repeat on each row, so the first row of a case says all."""
    text = gzip.decompress(path.read_bytes()).decode("utf-8")
    cases: dict[str, Case] = {}
    for row in csv.DictReader(io.StringIO(text)):
        code = row["case:concept:name"]
        if code in cases:
            continue
        start = datetime.fromisoformat(row["case:startdate"]).astimezone(UTC)
        end = datetime.fromisoformat(row["case:enddate"]).astimezone(UTC) if row["case:enddate"] else None
        if end is not None and end < start:
            end = start  # two dossiers end before they start: a finish is never before the acceptance
        cases[code] = Case(
            code=code,
            department=row["case:department"],
            channel=CHANNELS.get(row["case:channel"], "direct"),
            start=start,
            planned=datetime.fromisoformat(row["case:enddate_planned"]).astimezone(UTC),
            end=end,
        )
    return list(cases.values())


def count(cases: Iterable[Case], first: date = FIRST_DAY, last: date = LAST_DAY) -> dict[str, int]:
    """What the figures of the local days `first` to `last` must be, as of the end of the period or of the data."""
    begin = datetime.combine(first, time(0), ZONE)
    after = datetime.combine(last + timedelta(days=1), time(0), ZONE)
    now = min(after, NOW)
    figures = dict.fromkeys(FIGURES, 0)
    for case in cases:
        if case.start >= after or (case.end is not None and case.end < begin):
            continue
        figures["scope"] += 1
        figures["received" if case.start >= begin else "carried_over"] += 1
        if case.start >= begin and case.channel == "online":
            figures["online"] += 1
        if case.end is None or case.end >= after:
            figures["open"] += 1
            figures["open_within_term"] += case.planned >= now
            continue
        figures["resolved"] += 1
        figures["on_time_by_instant"] += case.end <= case.planned
        figures["late_by_original_due"] += case.end > case.planned
        ended, due = case.end.astimezone(ZONE).date(), case.planned.astimezone(ZONE).date()
        figures["early" if ended < due else "same_day" if ended == due else "late_by_date"] += 1
    figures["on_time"] = figures["on_time_by_instant"] + figures["open_within_term"]
    return figures


def by_month(cases: Iterable[Case]) -> dict[str, dict[str, int]]:
    """Figures of each month of the log, the last one up to the end of the data."""
    cases = list(cases)
    found = {}
    first = FIRST_DAY
    while first <= LAST_DAY:
        following = date(first.year + first.month // 12, first.month % 12 + 1, 1)
        found[f"{first:%Y-%m}"] = count(cases, first, min(following - timedelta(days=1), LAST_DAY))
        first = following
    return found


def main() -> None:
    """Print totals, and figures by department, channel and month."""
    cases = read_cases(Path(sys.argv[1]))
    report: dict[str, Any] = {"all": count(cases)}
    for label in ("department", "channel"):
        values = sorted({getattr(case, label) for case in cases})
        report[label] = {value: count(case for case in cases if getattr(case, label) == value) for value in values}
    report["month"] = by_month(cases)
    json.dump(report, sys.stdout, indent=2)
    sys.stdout.write("\n")


if __name__ == "__main__":
    main()
