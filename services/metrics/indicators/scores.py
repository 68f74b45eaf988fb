"""Ratios and scores of Decision 766 from exact fractions, in decimal arithmetic, rounded half-up once at the end.

Pure integers: no binary fraction ever appears. Knows no dossier.
"""

from __future__ import annotations

from services.metrics.indicators.declaration import Empty, Score

__all__ = ["ratio_text", "score_text", "scored"]


def _half_up(numerator: int, denominator: int) -> int:
    """The nearest integer to a non-negative fraction, halves upwards."""
    return (2 * numerator + denominator) // (2 * denominator)


def _text(hundredths: int) -> str:
    return f"{hundredths // 100}.{hundredths % 100:02d}"


def ratio_text(numerator: int, denominator: int) -> str:
    """The ratio in percent with two decimals, half-up; below 100 it never shows 100.00; of nothing it is 0.00.

    `1989/2080` is exactly 95.625 and gives 95.63; `24999/25000` is 99.996 and gives 99.99.
    """
    if denominator == 0:
        return _text(0)
    hundredths = _half_up(10_000 * numerator, denominator)
    if numerator < denominator:
        hundredths = min(hundredths, 9_999)
    return _text(hundredths)


def score_text(numerator: int, denominator: int, maximum: int, full_at: int) -> str:
    """Points with two decimals, half-up: min(maximum, maximum × R / full_at), from the exact fraction.

    Args:
        numerator: of the component.
        denominator: of the component; zero gives 0.00, as the portal does for 2.1 and 3.3.
        maximum: points for a full score (20 for 2.1).
        full_at: ratio in percent that gives them (100 for 2.1, 50 for 3.3).
    """
    if denominator == 0:
        return _text(0)
    hundredths = _half_up(10_000 * maximum * numerator, denominator * full_at)
    return _text(min(hundredths, 100 * maximum))


def scored(rule: Score, numerator: int, denominator: int) -> tuple[str | None, str | None]:
    """The ratio in percent and the points of a component by its rule, as they are shown; None is none."""
    if denominator:
        return ratio_text(numerator, denominator), score_text(numerator, denominator, rule.maximum, rule.full_at)
    return _of_nothing(rule.empty_ratio, 100), _of_nothing(rule.empty, rule.maximum)


def _of_nothing(empty: Empty, full: int) -> str | None:
    return None if empty == "null" else _text(100 * full if empty == "full" else 0)
