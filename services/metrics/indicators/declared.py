"""All figures there are, from the modules of their groups: whoever shows or counts them begins here. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from services.metrics.indicators import handling, obligations, online, progress, states, work
from services.metrics.indicators.declaration import Count, Indicator, Measure, Share, State, Where

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["COUNTS", "INDICATORS", "LISTED", "MEASURES", "RULE", "SHARES", "STATES", "beside"]

#: The version of Decision 766's computation that the scores follow.
RULE: Final = "766-2026"

COUNTS: Final[tuple[Count, ...]] = (*handling.COUNTS, *obligations.COUNTS, *work.COUNTS)
SHARES: Final[tuple[Share, ...]] = (*handling.SHARES, *obligations.SHARES)
INDICATORS: Final[tuple[Indicator, ...]] = (*progress.INDICATORS, *online.INDICATORS)
STATES: Final[tuple[State, ...]] = states.STATES
MEASURES: Final[tuple[Measure, ...]] = work.MEASURES


def beside(population: str = "dossiers") -> tuple[Count, ...]:
    """The counts that stand beside every index of a population."""
    return tuple(count for count in COUNTS if count.population == population and count.beside)


def _listed() -> Mapping[str, Any]:
    """Every figure a list of dossiers can be asked for, by name: the counts, and both sides of what has two."""
    found: dict[str, Any] = {count.key: count.where for count in beside()}
    found |= {one.key: one.where for one in COUNTS if one.population == "dossiers" and not one.beside}
    for indicator in INDICATORS:
        for side, part in (("numerator", indicator.numerator), ("denominator", indicator.denominator)):
            if isinstance(part, Where) and indicator.population == "dossiers":
                found[f"{indicator.code}.{side}"] = part.predicate
    for share in SHARES:
        found |= {f"{share.key}.numerator": share.numerator, f"{share.key}.denominator": share.denominator}
    return found


LISTED: Final[Mapping[str, Any]] = _listed()
