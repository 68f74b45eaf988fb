"""How many patterns of units a key may need, since each of its entries carries them."""

from __future__ import annotations

from collections.abc import Sequence

from shared.access.patterns import MOST_PATTERNS
from shared.access.stamping import needed
from shared.problems.problem import Problem

__all__ = ["check_units"]


def check_units(units: Sequence[str]) -> None:
    """Refuse units of a key to be made that no grant can hold; keys of before go on, and cover every unit.

    Raises:
        Problem: 422 naming how many patterns they take, and what to name instead.
    """
    patterns = needed(tuple(units))
    if patterns > MOST_PATTERNS:
        raise Problem(422, "too_many_units", field="units", value=patterns, limit=MOST_PATTERNS)
