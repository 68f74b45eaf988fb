"""Figures: counts and components as predicates over the fact table, evaluated for all groups in one pass.

Pure. A component is two predicates, numerator and denominator; a list of dossiers behind a figure uses the same ones.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from services.metrics.counting.question import Mask, Moment, Predicate
from services.metrics.counting.tally import Tally
from services.metrics.indicators import duties, predicates
from services.metrics.indicators.scores import ratio_text, score_text
from services.metrics.table.facts import FactTable

__all__ = [
    "COMPONENTS",
    "COUNTS",
    "FIGURES",
    "OTHERS",
    "PREDICATES",
    "RULE",
    "SHARES",
    "STATES",
    "WITHIN",
    "Component",
    "Share",
    "shown",
    "tally",
]

#: The version of Decision 766's computation that the scores follow.
RULE: Final = "766-2026"

#: Counts shown beside each index, by their keys on the wire (docs/rules.md, Figures).
COUNTS: Final[Mapping[str, Predicate]] = {
    "received": predicates.received,
    "carried_over": predicates.carried_over,
    "scope": predicates.scope,
    "resolved": predicates.resolved,
    "open": predicates.open_at_end,
    "open_within_term": predicates.open_within_term,
    "on_time_by_instant": predicates.on_time_by_instant,
    "early": predicates.early,
    "same_day": predicates.same_day,
    "late_by_date": predicates.late_by_date,
    "late_by_original_due": predicates.late_by_original_due,
    "on_time_by_date": predicates.on_time_by_date,
    "late_by_instant": duties.late_by_instant,
    "apology_due": duties.apology_due,
    "apologised": duties.apologised,
    "without_apology": duties.without_apology,
    "intake_submitted": duties.intake_submitted,
    "intake_in_time": duties.intake_in_time,
    "intake_overdue": duties.intake_overdue,
}


@dataclass(frozen=True, slots=True)
class Component:
    """A scored component of index 766.

    Args:
        code: as in Decision 766, `2.1`.
        numerator: predicate of the dossiers counted for.
        denominator: predicate of the dossiers counted.
        maximum: points for a full score.
        full_at: ratio in percent that gives them.
    """

    code: str
    numerator: Predicate
    denominator: Predicate
    maximum: int
    full_at: int


COMPONENTS: Final[tuple[Component, ...]] = (
    Component("2.1", predicates.on_time_or_within_term, predicates.scope, 20, 100),
    Component("3.3", predicates.accepted_online, predicates.received, 6, 50),
)


@dataclass(frozen=True, slots=True)
class Share:
    """A share that has no score: how many of which; of none there is no share."""

    numerator: Predicate
    denominator: Predicate


SHARES: Final[Mapping[str, Share]] = {
    "on_time_by_instant": Share(predicates.on_time_by_instant, predicates.resolved),
    "on_time_by_date": Share(predicates.on_time_by_date, predicates.resolved),
    "apology_coverage": Share(duties.apologised, duties.apology_due),
    "intake_in_time": Share(duties.intake_in_time, duties.intake_judged),
}

#: Figures of dossiers shown elsewhere than beside an index.
OTHERS: Final[Mapping[str, Predicate]] = {
    "intake_open": duties.intake_open,
    "on_time_with_step_over": duties.on_time_with_step_over,
    "late_within_budgets": duties.late_within_budgets,
}

#: Every figure a list of dossiers can be asked for, by name.
FIGURES: Final[Mapping[str, Predicate]] = {
    **COUNTS,
    **OTHERS,
    **{f"{component.code}.numerator": component.numerator for component in COMPONENTS},
    **{f"{component.code}.denominator": component.denominator for component in COMPONENTS},
    **{f"{name}.numerator": share.numerator for name, share in SHARES.items()},
    **{f"{name}.denominator": share.denominator for name, share in SHARES.items()},
}

#: States a list of dossiers can be asked for, at T = the clock.
STATES: Final[Mapping[str, Predicate]] = {
    "open": predicates.open_at_end,
    "overdue": predicates.overdue,
    "due-soon": predicates.due_soon,
    "waiting": predicates.waiting,
    "finding": predicates.finding,
    "overdue-without-apology": duties.overdue_without_apology,
    "intake-overdue": duties.intake_overdue_now,
}

_TALLIED: Final = [
    *COUNTS.values(),
    *(part for one in COMPONENTS for part in (one.numerator, one.denominator)),
    *(part for share in SHARES.values() for part in (share.numerator, share.denominator)),
]
#: The different predicates that are counted, in the order of the counts; several figures may share one.
PREDICATES: Final[tuple[Predicate, ...]] = tuple(dict.fromkeys(_TALLIED))
_PLACE: Final = {predicate: place for place, predicate in enumerate(PREDICATES)}
_SHOWN: Final = tuple((key, _PLACE[predicate]) for key, predicate in COUNTS.items())
#: A dossier for which neither holds is in none of these counts.
WITHIN: Final = (predicates.scope, duties.intake_submitted)


def tally(table: FactTable, moment: Moment, units: Mask | None = None) -> Tally:
    """All figures of a period.

    Args:
        table: the fact table, not updated while the tally lives.
        moment: period and T.
        units: for each number of the units' dictionary, whether it is meant; None is everything.
    """
    return Tally(table, moment, PREDICATES, WITHIN, units)


def shown(counts: NDArray[np.int64], *, future: bool) -> dict[str, Any]:
    """One group's figures as they stand in answers and stored results.

    Args:
        counts: the group's row of counts.
        future: whether the period begins in the future: then ratios and scores are null.
    """
    values, components = counts.tolist(), {}
    answer: dict[str, Any] = {key: values[place] for key, place in _SHOWN}
    for component in COMPONENTS:
        numerator, denominator = values[_PLACE[component.numerator]], values[_PLACE[component.denominator]]
        components[component.code] = {
            "numerator": numerator,
            "denominator": denominator,
            "ratio": None if future else ratio_text(numerator, denominator),
            "score": None if future else score_text(numerator, denominator, component.maximum, component.full_at),
        }
    answer["components"] = components
    answer["shares"] = {name: _shown_share(values, share, future=future) for name, share in SHARES.items()}
    return answer


def _shown_share(values: list[int], share: Share, *, future: bool) -> dict[str, Any]:
    numerator, denominator = values[_PLACE[share.numerator]], values[_PLACE[share.denominator]]
    ratio = None if future or not denominator else ratio_text(numerator, denominator)
    return {"numerator": numerator, "denominator": denominator, "ratio": ratio}
