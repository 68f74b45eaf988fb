"""Instants as text: written as the standard library writes them, in UTC with six digits, at the limits too."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.instants import DAY, parse_instant, to_datetime, to_rfc3339

FIRST = parse_instant("0001-01-01T00:00:00Z")
LAST = parse_instant("9999-12-31T23:59:59.999999Z")


@given(st.integers(FIRST, LAST) | st.sampled_from([FIRST, LAST, -1, 0, 1, DAY - 1, DAY, -DAY, -DAY - 1]))
def test_the_text_is_that_of_the_standard_library_and_reads_back(instant: int) -> None:
    text = to_rfc3339(instant)
    assert text == to_datetime(instant).isoformat(timespec="microseconds").replace("+00:00", "Z")
    assert parse_instant(text) == instant


@pytest.mark.parametrize("beyond", [FIRST - 1, LAST + 1, 2**62])
def test_an_instant_beyond_all_years_is_refused(beyond: int) -> None:
    with pytest.raises(OverflowError):
        to_rfc3339(beyond)
