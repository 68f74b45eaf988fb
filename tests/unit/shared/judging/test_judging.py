"""The judgement is one for single values and for arrays: each case is asked both ways, and of plain words."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.judging import by_date, by_instant
from shared.judging.instants import NEVER, NO_DAY, known

INSTANT = st.one_of(st.integers(0, 4), st.just(NEVER))
DAY = st.one_of(st.integers(0, 3), st.just(NO_DAY))


def both(judge: Any, *values: Any) -> bool:
    """A judgement of single values, which is that of arrays of them."""
    single = judge(*values)
    assert type(single) is bool
    many = judge(*(np.array([value, value]) for value in values))
    assert many.dtype == np.bool_
    assert many.tolist() == [single, single]
    return single


@given(INSTANT, INSTANT, INSTANT, INSTANT)
def test_an_end_by_the_instant(judged: int, by: int, second: int, finished: int) -> None:
    late = both(by_instant.late, judged, by)
    assert late == (judged > by)
    on_time = both(by_instant.on_time, judged, by, second, finished)
    assert on_time == (not late and not second <= finished)
    assert both(by_instant.late_or_asked_twice, judged, by, second, finished) != on_time


@given(INSTANT, st.integers(0, 4), st.booleans(), INSTANT)
def test_an_open_one_by_the_instant(by: int, as_of: int, stopped: bool, second: int) -> None:
    within = both(by_instant.within_term, by, as_of, stopped)
    assert within == (stopped or not by < as_of)
    assert both(by_instant.overdue, by, as_of, stopped) != within
    assert both(by_instant.within_term_asked_once, by, as_of, stopped, second) == (within and second > as_of)


@given(st.booleans(), st.integers(0, 3), DAY)
def test_an_end_by_the_date(result: bool, judged: int, due: int) -> None:
    classes = [both(judge, result, judged, due) for judge in (by_date.early, by_date.same_day, by_date.late)]
    assert sum(classes) == 1
    expected = 1 if not result or due in (NO_DAY, judged) else 0 if judged < due else 2
    assert classes[expected]


@pytest.mark.parametrize(
    ("finish", "judged", "due", "found"),
    [
        ("resolved", date(2026, 8, 9), date(2026, 8, 10), "early"),
        ("returned", date(2026, 8, 10), date(2026, 8, 10), "same_day"),
        ("resolved", date(2026, 8, 11), date(2026, 8, 10), "late"),
        ("withdrawn", date(2026, 8, 11), date(2026, 8, 10), "same_day"),
        ("refused", date(2026, 8, 1), date(2026, 8, 10), "same_day"),
        (None, date(2026, 8, 1), date(2026, 8, 10), "same_day"),
        ("resolved", date(2026, 8, 11), None, "same_day"),
    ],
)
def test_the_class_of_one_dossier(finish: str | None, judged: date, due: date | None, found: str) -> None:
    assert by_date.class_by_date(finish, judged, due) == found


def test_what_is_none_is_after_everything() -> None:
    assert known(None) == NEVER > 2**60
    assert known(5) == 5
    assert by_instant.deadline(None, None) == NEVER
    assert by_instant.deadline(3, 2) == 3
    assert by_instant.deadline(None, 2) == 2
