"""Figures: counts and components as predicates over the fact table, evaluated for all groups in one pass.

Pure. A component is two predicates, numerator and denominator; a list of dossiers behind a figure uses the same ones.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from services.metrics import predicates
from services.metrics.facts import FactTable
from services.metrics.predicates import Moment, Predicate, Question
from services.metrics.scores import ratio_text, score_text

__all__ = ["COMPONENTS", "COUNTS", "FIGURES", "RULE", "Component", "count_by", "counts_of", "rows_of", "shown"]

#: The version of Decision 766's computation that the scores follow.
RULE: Final = "766-2026"

#: Counts shown beside each index, by their keys on the wire (SEMANTICS.md, Figures).
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

#: Every figure a list of dossiers can be asked for, by name.
FIGURES: Final[Mapping[str, Predicate]] = {
    **COUNTS,
    **{f"{component.code}.numerator": component.numerator for component in COMPONENTS},
    **{f"{component.code}.denominator": component.denominator for component in COMPONENTS},
}

#: The different predicates, each with its bit; several figures may share one.
_PREDICATES: Final[tuple[Predicate, ...]] = tuple(dict.fromkeys(FIGURES.values()))
_PLACE: Final = {predicate: place for place, predicate in enumerate(_PREDICATES)}
#: For each combination of bits, which predicates hold.
_HOLDS: Final = (np.arange(1 << len(_PREDICATES))[:, None] >> np.arange(len(_PREDICATES))) & 1
#: Above this share of rows in scope, gathering them costs more than looking at all rows.
_DENSE: Final = 0.4


def count_by(table: FactTable, moment: Moment, column: str, groups: int) -> NDArray[np.int64]:
    """All figures of all groups in one pass: one row per number in a dictionary-encoded column.

    Every dossier counted lies in the period's scope, so only those rows are looked at. Each row's predicates become
    one class, and one counting of (group, class) gives every figure of every group.

    Args:
        table: the fact table.
        moment: period and T.
        column: unit, procedure or channel.
        groups: how many numbers the column can hold.
    """
    question = _question(table, moment, None)
    return _count(question, question[column], groups)


def counts_of(
    table: FactTable, moment: Moment, units: NDArray[np.bool_] | None, column: str | None = None, groups: int = 1
) -> NDArray[np.int64]:
    """All figures of the dossiers of some units, together or by the numbers of a column.

    Args:
        table: the fact table.
        moment: period and T.
        units: for each number of the units' dictionary, whether it is meant; None is everything.
        column: procedure or channel, or None for one group.
        groups: how many numbers the column can hold.
    """
    question = _question(table, moment, units)
    return _count(question, None if column is None else question[column], groups)


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


def _question(table: FactTable, moment: Moment, units: NDArray[np.bool_] | None) -> Question:
    everything = Question(table, moment)
    in_scope = everything(predicates.scope)
    if units is not None:
        in_scope = in_scope & units[table["unit"]]
    elif np.count_nonzero(in_scope) > _DENSE * len(table):
        return everything
    return Question(table, moment, np.flatnonzero(in_scope))


def _count(question: Question, group: NDArray[Any] | None, groups: int) -> NDArray[np.int64]:
    holds = np.zeros(question.size, dtype=np.uint16)
    for place, predicate in enumerate(_PREDICATES):
        holds |= question(predicate).astype(np.uint16) << np.uint16(place)
    occurring = np.flatnonzero(np.bincount(holds, minlength=len(_HOLDS)))
    if group is None:
        per_class = np.bincount(holds, minlength=len(_HOLDS))[occurring].reshape(1, -1)
    else:
        number = np.zeros(len(_HOLDS), dtype=np.int64)
        number[occurring] = np.arange(len(occurring))
        keys = group * np.int64(len(occurring)) + number[holds]
        per_class = np.bincount(keys, minlength=groups * len(occurring)).reshape(groups, -1)
    counted: NDArray[np.int64] = per_class @ _HOLDS[occurring]
    return counted


def shown(counts: NDArray[np.int64], *, future: bool) -> dict[str, Any]:
    """One group's figures as they stand in answers and stored results.

    Args:
        counts: the group's row of counts.
        future: whether the period begins in the future: then ratios and scores are null.
    """
    values = counts.tolist()
    answer: dict[str, Any] = {key: values[_PLACE[predicate]] for key, predicate in COUNTS.items()}
    components = {}
    for component in COMPONENTS:
        numerator, denominator = values[_PLACE[component.numerator]], values[_PLACE[component.denominator]]
        components[component.code] = {
            "numerator": numerator,
            "denominator": denominator,
            "ratio": None if future else ratio_text(numerator, denominator),
            "score": None if future else score_text(numerator, denominator, component.maximum, component.full_at),
        }
    answer["components"] = components
    return answer
