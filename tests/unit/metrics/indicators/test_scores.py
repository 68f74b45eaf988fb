"""Ratios and scores: half-up from exact fractions, against figures the national portal published."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.metrics.indicators.scores import ratio_text, score_text
from tests.unit.metrics.build import unhurried


@pytest.mark.parametrize(
    ("numerator", "denominator", "ratio"),
    [
        (1989, 2080, "95.63"),
        (144_625, 184_513, "78.38"),
        (1004, 1434, "70.01"),
        (24_999, 25_000, "99.99"),
        (99_999_999, 100_000_000, "99.99"),
        (7, 7, "100.00"),
        (0, 7, "0.00"),
        (0, 0, "0.00"),
        (1, 200_000, "0.00"),
        (1, 20_000, "0.01"),
    ],
)
def test_ratio(numerator: int, denominator: int, ratio: str) -> None:
    assert ratio_text(numerator, denominator) == ratio


@pytest.mark.parametrize(
    ("numerator", "denominator", "maximum", "full_at", "score"),
    [
        (1989, 2080, 20, 100, "19.13"),
        (144_625, 184_513, 20, 100, "15.68"),
        (150_956, 152_595, 6, 50, "6.00"),
        (1004, 1434, 20, 100, "14.00"),
        (1, 4, 6, 50, "3.00"),
        (0, 0, 20, 100, "0.00"),
        (0, 0, 6, 50, "0.00"),
        (8, 32, 2, 80, "0.63"),
    ],
)
def test_score(numerator: int, denominator: int, maximum: int, full_at: int, score: str) -> None:
    assert score_text(numerator, denominator, maximum, full_at) == score


@unhurried
@given(st.integers(0, 10**7), st.integers(1, 10**7))
def test_ratio_is_decimal_half_up_and_never_a_false_hundred(part: int, whole: int) -> None:
    part = min(part, whole)
    exact = Decimal(100 * part) / Decimal(whole)
    if (Fraction(20_000 * part, whole)).denominator == 1:
        # A tie is exact in decimal, so Python's own half-up can be asked.
        expected = exact.quantize(Decimal("0.01"), ROUND_HALF_UP)
    else:
        expected = Decimal(round(Fraction(10_000 * part, whole))) / 100
    shown = Decimal(ratio_text(part, whole))
    assert shown == (expected if part == whole else min(expected, Decimal("99.99")))
