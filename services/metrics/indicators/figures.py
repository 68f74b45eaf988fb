"""Figures: counts and components as predicates over the fact table, evaluated for all groups in one pass.

Pure. A component is two predicates, numerator and denominator; a list of dossiers behind a figure uses the same ones.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from services.metrics.indicators import duties, predicates
from services.metrics.indicators.predicates import Moment, Predicate, Question
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
    "Component",
    "Share",
    "Tally",
    "held",
    "occupied",
    "rows_of",
    "shown",
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
#: The different predicates, each with its bit; several figures may share one.
PREDICATES: Final[tuple[Predicate, ...]] = tuple(dict.fromkeys(_TALLIED))
_PLACE: Final = {predicate: place for place, predicate in enumerate(PREDICATES)}
_SHOWN: Final = tuple((key, _PLACE[predicate]) for key, predicate in COUNTS.items())
_NOTHING: Final = np.zeros((1, len(PREDICATES)), dtype=np.int64)
#: Above this share of rows in scope, gathering them costs more than looking at all rows.
_DENSE: Final = 0.4
#: Below so many rows, sorting their combinations costs less than a place for each combination that could be.
_FEW: Final = 300_000


class Tally:
    """All figures of a period, for any grouping of its dossiers, from one evaluation of the predicates.

    Every dossier counted lies in the period's scope or was submitted in it, so only those rows are looked at. Each
    row's predicates become one class, and one counting of (group, class) gives every figure of every group.

    Args:
        table: the fact table, not updated while the tally lives.
        moment: period and T.
        units: for each number of the units' dictionary, whether it is meant; None is everything.
    """

    def __init__(self, table: FactTable, moment: Moment, units: NDArray[np.bool_] | None = None) -> None:
        everything = Question(table, moment)
        in_scope = everything(predicates.scope) | everything(duties.intake_submitted)
        if units is not None:
            in_scope = in_scope & units[table["unit"]]
        dense = units is None and np.count_nonzero(in_scope) > _DENSE * len(table)
        question = everything if dense else Question(table, moment, np.flatnonzero(in_scope))
        self._take(question.__getitem__, *held(question))

    @classmethod
    def of(cls, column: Callable[[str], NDArray[Any]], classes: NDArray[np.int64], holds: NDArray[np.int64]) -> Tally:
        """A tally of rows that were looked at already.

        Args:
            column: gives a column of these rows.
            classes: see held, of these rows.
            holds: see held.
        """
        made = cls.__new__(cls)
        made._take(column, classes, holds)  # noqa: SLF001 - of this class
        return made

    def _take(
        self, column: Callable[[str], NDArray[Any]], classes: NDArray[np.int64], holds: NDArray[np.int64]
    ) -> None:
        self._column, self._classes, self._holds = column, classes, holds
        self._by_unit: tuple[NDArray[np.intp], NDArray[np.intp]] | None = None

    def total(self, units: NDArray[np.bool_] | None = None) -> NDArray[np.int64]:
        """All figures together, of some units or of all."""
        classes = self._classes if units is None else self._classes[self._rows(units)]
        counted: NDArray[np.int64] = np.bincount(classes, minlength=len(self._holds)) @ self._holds
        return counted

    def by(self, column: str, groups: int, units: NDArray[np.bool_] | None = None) -> NDArray[np.int64]:
        """All figures by the numbers of a column, one row each, of some units or of all.

        Args:
            column: unit, procedure or channel.
            groups: how many numbers the column can hold.
            units: as of the tally, within those it was made for.
        """
        group, classes = self._column(column), self._classes
        if units is not None:
            rows = self._rows(units)
            group, classes = group[rows], classes[rows]
        kinds = len(self._holds)
        counts = np.bincount(group * np.int64(kinds) + classes, minlength=groups * kinds)
        counted: NDArray[np.int64] = counts.reshape(groups, -1) @ self._holds if kinds else _NOTHING.repeat(groups, 0)
        return counted

    def _rows(self, units: NDArray[np.bool_]) -> NDArray[np.intp]:
        """Rows of some units, from an order by unit made once: asked for each of many units, each row is read once."""
        if self._by_unit is None:
            unit = self._column("unit")
            order = np.argsort(unit, kind="stable")
            self._by_unit = order, np.searchsorted(unit[order], np.arange(len(units) + 1))
        order, bounds = self._by_unit
        parts = [order[bounds[number] : bounds[number + 1]] for number in np.flatnonzero(units)]
        return np.concatenate(parts) if parts else order[:0]


def held(question: Question) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Which class each row is of, and which predicates hold for each class.

    Few combinations of predicates occur at all; only those are classes.
    """
    holds = np.zeros(question.size, dtype=np.uint32)
    for place, predicate in enumerate(PREDICATES):
        mask = question(predicate)
        # Many hold for none, such as those of intake where nothing comes online.
        if mask.any():
            holds |= mask.astype(np.uint32) << np.uint32(place)
    if len(holds) < _FEW:
        found, classes = np.unique(holds, return_inverse=True)
        occurring = found.astype(np.int64)
    else:
        counts = np.bincount(holds)
        occurring = np.flatnonzero(counts)
        number = np.zeros(len(counts), dtype=np.int64)
        number[occurring] = np.arange(len(occurring))
        classes = number[holds]
    return classes, (occurring[:, None] >> np.arange(len(PREDICATES))) & 1


def occupied(counts: NDArray[np.int64]) -> list[int]:
    """Which groups count any dossier."""
    return np.flatnonzero(counts.any(axis=1)).tolist()


def rows_of(
    table: FactTable,
    moment: Moment,
    predicate: Predicate,
    units: NDArray[np.bool_] | None = None,
    **numbers: int,
) -> NDArray[np.intp]:
    """Rows of the dossiers behind a figure or a state.

    Args:
        table: the fact table.
        moment: period and T.
        predicate: of the figure or state.
        units: which units are meant; None is everything.
        numbers: column = number, such as procedure or channel, that a row must have.
    """
    mask = Question(table, moment)(predicate)
    if units is not None:
        mask = mask & units[table["unit"]]
    for column, number in numbers.items():
        mask = mask & (table[column] == number)
    return np.flatnonzero(mask)


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
