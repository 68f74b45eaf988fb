"""Figures of many periods from one evaluation equal those of each period alone, whatever the rows."""

from __future__ import annotations

from datetime import date

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from services.metrics.counting.question import Moment
from services.metrics.indicators.figures import INDEX
from services.metrics.indicators.series.tallies import tallies
from services.metrics.table.facts import Fact
from services.metrics.table.periods import Period, months, period
from tests.unit.metrics.build import CLOCKS, UNITS, ZONE, facts, table_of, unhurried

CODES = [f"H44-{number}" for number in range(14)]
ROWS = st.tuples(*(facts(code) for code in CODES))
#: The months around that in which everything of the rows happens, the outer ones cut; and single days.
PERIODS = (
    months(date(2026, 5, 17), date(2026, 10, 3), ZONE),
    [period(date(2026, 8, day), date(2026, 8, day), ZONE) for day in range(8, 13)],
    months(date(2027, 1, 1), date(2027, 2, 1), ZONE),
)


@unhurried
@given(
    ROWS,
    CLOCKS,
    st.sampled_from(PERIODS),
    st.none() | st.sets(st.sampled_from((*UNITS, None))),
    st.sampled_from((1, 9, 10_000)),
)
def test_each_is_the_tally_of_its_period_alone(
    rows: tuple[Fact, ...], clock: int | None, wanted: list[Period], units: set[str | None] | None, at_once: int
) -> None:
    table = table_of(*rows)
    moments = [
        Moment(one.start, one.end, one.end)
        if clock is None
        else Moment(one.start, one.end, min(one.end, clock), future=one.start > clock)
        for one in wanted
    ]
    mask = None if units is None else np.array([code in units for code in table.units.values])
    found = list(tallies(table, moments, mask, at_once))
    assert len(found) == len(moments)
    for moment, part in zip(moments, found, strict=True):
        alone = INDEX.tally(table, moment, mask)
        assert part.total().tolist() == alone.total().tolist()
        for column, size in (("unit", len(table.units)), ("channel", 4), ("procedure", len(table.procedures))):
            assert part.by(column, size).tolist() == alone.by(column, size).tolist()


def test_no_dossier_and_no_period() -> None:
    moments = [Moment(one.start, one.end, one.end) for one in PERIODS[0]]
    assert [part.total().any() for part in tallies(table_of(), moments)] == [False] * len(moments)
    assert list(tallies(table_of(), [])) == []
