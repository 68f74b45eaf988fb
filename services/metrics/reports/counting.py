"""The rows of a report: one for each value of its grouping column, by units if asked, and the total. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from services.metrics.counting.question import Mask, Moment
from services.metrics.counting.tally import Tally
from services.metrics.indicators import predicates
from services.metrics.reports.declaration import Report
from services.metrics.reports.ii06a import II06A

__all__ = ["REPORTS", "Counted", "count"]

REPORTS: Final = (II06A,)


@dataclass(frozen=True, slots=True)
class Counted:
    """What a report comes to.

    Attributes:
        rows: for each number of the grouping column that counts anything, the columns in the order of the form.
        total: the same of all of them.
    """

    rows: Mapping[int, list[int]]
    total: list[int]


def count(
    report: Report, table: object, moment: Moment, *, by: str | None = None, units: Mask | None = None
) -> Counted:
    """Count a report.

    Args:
        report: which.
        table: of its population.
        moment: period and T.
        by: another column of the table than the report's own.
        units: for each number of the units' dictionary, whether it is meant; None is everything.
    """
    asked = [column.where for column in report.columns]
    tally = Tally(table, moment, asked, (predicates.scope,), units)
    groups = tally.by_each(by or report.by)
    lines = zip(groups.keys[:, 0].tolist(), groups.counts.tolist(), strict=True)
    return Counted({number: line for number, line in lines if any(line)}, groups.counts.sum(axis=0).tolist())
