"""Which test each figure of dossiers judges by: the instant of the due, or its local date. Pure.

Index 766 and everything about apologies, intake and delays goes by the instant; report II.06a goes by the date. Source:
docs/rules.md, Figures.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal

from services.metrics.counting.question import Predicate
from services.metrics.indicators import duties, predicates
from services.metrics.indicators.figures import COMPONENTS, COUNTS, SHARES

__all__ = ["TESTS", "Test", "test_of"]

Test = Literal["instant", "date"]

_BY_DATE: Final = frozenset(
    {predicates.early, predicates.same_day, predicates.late_by_date, predicates.on_time_by_date},
)
_BY_INSTANT: Final = frozenset(
    {
        predicates.open_within_term,
        predicates.on_time_by_instant,
        predicates.on_time_or_within_term,
        predicates.late_by_original_due,
        predicates.overdue,
        predicates.due_soon,
        duties.late_by_instant,
        duties.apology_due,
        duties.apologised,
        duties.without_apology,
        duties.overdue_without_apology,
        duties.intake_in_time,
        duties.intake_judged,
        duties.intake_open,
        duties.intake_overdue,
        duties.intake_overdue_now,
        duties.on_time_with_step_over,
        duties.late_within_budgets,
    }
)


def test_of(predicate: Predicate) -> Test | None:
    """The test a figure or state judges by; None where nothing is judged, such as of what was received."""
    return "date" if predicate in _BY_DATE else "instant" if predicate in _BY_INSTANT else None


#: The test of each figure of an index, by its key on the wire.
TESTS: Final[Mapping[str, Mapping[str, Test | None]]] = {
    "counts": {name: test_of(predicate) for name, predicate in COUNTS.items()},
    "components": {component.code: test_of(component.numerator) for component in COMPONENTS},
    "shares": {name: test_of(share.numerator) for name, share in SHARES.items()},
}
