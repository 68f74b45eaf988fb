"""Periods of local dates and local dates of instants, in zones with and without summer time."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.metrics.table.periods import NEVER, NO_DAY, LocalDays, containing, months, period
from shared.instants import from_datetime, local_date, parse_instant
from tests.unit.metrics.build import ZONE, unhurried

ZONES = {name: (ZoneInfo(name), LocalDays(ZoneInfo(name))) for name in ("Asia/Ho_Chi_Minh", "Europe/Amsterdam", "UTC")}


def test_a_period_is_half_open_in_the_zone() -> None:
    august = period(date(2026, 8, 1), date(2026, 8, 31), ZONE)
    assert august.start == parse_instant("2026-07-31T17:00:00Z")
    assert august.end == parse_instant("2026-08-31T17:00:00Z")


def test_a_reversed_period_is_refused() -> None:
    with pytest.raises(ValueError, match="before it begins"):
        period(date(2026, 8, 2), date(2026, 8, 1), ZONE)


@pytest.mark.parametrize(
    ("kind", "day", "first", "last"),
    [
        ("month", date(2026, 2, 10), date(2026, 2, 1), date(2026, 2, 28)),
        ("month", date(2026, 12, 31), date(2026, 12, 1), date(2026, 12, 31)),
        ("quarter", date(2026, 11, 16), date(2026, 10, 1), date(2026, 12, 31)),
        ("quarter", date(2026, 3, 31), date(2026, 1, 1), date(2026, 3, 31)),
        ("year", date(2028, 2, 29), date(2028, 1, 1), date(2028, 12, 31)),
    ],
)
def test_calendar_periods(kind: str, day: date, first: date, last: date) -> None:
    found = containing(kind, day, ZONE)  # type: ignore[arg-type]
    assert (found.first, found.last) == (first, last)


def test_months_are_cut_to_the_range() -> None:
    found = months(date(2025, 12, 15), date(2026, 2, 3), ZONE)
    assert [(one.first.isoformat(), one.last.isoformat()) for one in found] == [
        ("2025-12-15", "2025-12-31"),
        ("2026-01-01", "2026-01-31"),
        ("2026-02-01", "2026-02-03"),
    ]


@pytest.mark.parametrize("name", ZONES)
@unhurried
@given(moment=st.datetimes(timezones=st.just(ZoneInfo("UTC"))).filter(lambda moment: 1900 < moment.year < 2199))
def test_local_days_are_those_of_the_zone(name: str, moment: object) -> None:
    zone, local_days = ZONES[name]
    instant = from_datetime(moment)  # type: ignore[arg-type]
    expected = (local_date(instant, zone) - date(1970, 1, 1)).days
    assert local_days(np.array([instant])).tolist() == [expected]


def test_the_day_changes_at_local_midnight_also_when_clocks_change() -> None:
    zone, local_days = ZONES["Europe/Amsterdam"]
    for day in (date(2026, 3, 29), date(2026, 10, 25), date(2012, 1, 24)):
        edge = period(day, day, zone)
        before, first, last, after = local_days(np.array([edge.start - 1, edge.start, edge.end - 1, edge.end])).tolist()
        assert (before + 1, first, last, after - 1) == (first, first, first, first)


def test_never_has_no_day() -> None:
    assert ZONES["UTC"][1](np.array([NEVER])).tolist() == [NO_DAY]
