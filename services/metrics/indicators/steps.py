"""Figures of steps: predicates over occurrences of steps, and what a group of occurrences comes to.

Pure. Counting, listing and ranking use the same predicates; percentiles are of the occurrences themselves, never of
other percentiles. Source: docs/rules.md, Steps and Figures.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from services.metrics.counting.question import Mask, Moment
from services.metrics.indicators.held_steps import ended, under_way
from services.metrics.indicators.scores import ratio_text
from services.metrics.indicators.series.sums import exact_sums
from services.metrics.indicators.work import COUNTS
from services.metrics.table.facts import Array, FactTable
from shared.instants import MINUTE

__all__ = [
    "STEP_FIGURES",
    "StepPredicate",
    "StepQuestion",
    "groups_of",
    "nothing",
]


class StepQuestion:
    """Occurrences of steps and a moment; answers predicates, each computed once.

    Args:
        table: the fact table, not updated while the question lives.
        moment: period and T.
        units: for each number of the units' dictionary, whether an owner is meant; None is everything.
        procedure: number of the procedure whose dossiers are meant; None is everything.
    """

    def __init__(
        self, table: FactTable, moment: Moment, units: NDArray[np.bool_] | None = None, procedure: int | None = None
    ) -> None:
        self.table = table
        self.moment = moment
        # What began after the period, or ended before it, is in no figure of steps. Of a step that its source told only
        # when it was done nobody knows when it began.
        steps = table.steps
        by_the_end = (steps["began"] < moment.end) | (steps["ended"] < moment.end)
        places = np.flatnonzero(steps["alive"] & (steps["ended"] >= moment.start) & by_the_end)
        if units is not None:
            places = places[units[table.steps["unit"][places]]]
        if procedure is not None:
            places = places[table["procedure"][table.steps["row"][places]] == procedure]
        #: Places of the occurrences asked about, in the list beside the table.
        self.places = places
        self._columns: dict[str, Array] = {}
        self._masks: dict[StepPredicate, Mask] = {}

    def __getitem__(self, name: str) -> Array:
        """A column of the occurrences asked about."""
        if name not in self._columns:
            self._columns[name] = self.table.steps[name][self.places]
        return self._columns[name]

    def of_dossier(self, name: str) -> Array:
        """A column of the dossiers the occurrences belong to."""
        column: Array = self.table[name][self["row"]]
        return column

    def stopped_at(self) -> NDArray[np.int64]:
        """Up to when working time runs at T: T itself, or since when the dossier's clock is stopped then."""
        stopped = self.table.pauses.stopped_at(self.moment.as_of, len(self.table))
        held: NDArray[np.int64] = stopped[self["row"]]
        return held

    def __call__(self, predicate: StepPredicate) -> Mask:
        """For which occurrences a predicate holds; for none when the period lies in the future."""
        if predicate not in self._masks:
            future = self.moment.future
            self._masks[predicate] = np.zeros(len(self.places), np.bool_) if future else predicate(self)
        return self._masks[predicate]


StepPredicate = Callable[[StepQuestion], Mask]


#: Every figure a list of occurrences can be asked for.
STEP_FIGURES: Final[Mapping[str, StepPredicate]] = {count.key: count.where for count in COUNTS}


def groups_of(q: StepQuestion, group: NDArray[np.int64], over_so_far: NDArray[np.int64]) -> dict[int, dict[str, Any]]:
    """What each group of occurrences comes to; groups that nothing is counted of are left out.

    Args:
        q: the occurrences.
        group: the number of each occurrence's group.
        over_so_far: of each occurrence under way, working time over its budget by T in microseconds.
    """
    counted = np.flatnonzero(q(ended) | q(under_way))
    numbers, which = np.unique(group[counted], return_inverse=True)
    size = len(numbers)
    counts = {
        name: np.bincount(which[q(predicate)[counted]], minlength=size).tolist()
        for name, predicate in STEP_FIGURES.items()
    }
    over = exact_sums(which, q["over"][counted] * q(ended)[counted], size)
    running = exact_sums(which, over_so_far[counted], size)
    used = _sorted_used(which, q["used"][counted], q(ended)[counted], size)
    return {
        number: _told(
            {name: values[place] for name, values in counts.items()}, over[place], running[place], used[place]
        )
        for place, number in enumerate(numbers.tolist())
    }


def nothing() -> dict[str, Any]:
    """What no occurrence comes to."""
    return _told(dict.fromkeys(STEP_FIGURES, 0), 0, 0, np.zeros(0, dtype=np.int64))


def _told(counts: dict[str, int], over: int, running: int, used: NDArray[np.int64]) -> dict[str, Any]:
    return {
        **counts,
        "over_share": ratio_text(counts["over_budget"], counts["with_budget"]),
        **_time("over", over),
        **_time("over_so_far", running),
        **_time("median", _median(used)),
        **_time("p90", _p90(used)),
    }


def _sorted_used(which: NDArray[np.intp], used: NDArray[np.int64], kept: Mask, size: int) -> list[NDArray[np.int64]]:
    """The time held of the occurrences that ended, ascending, by group."""
    if size == 1:
        # Everything together needs no order of groups, which is most of the time.
        return [np.sort(used[kept])]
    order = np.lexsort((used[kept], which[kept]))
    bounds = np.searchsorted(which[kept][order], np.arange(size + 1))
    ascending = used[kept][order]
    return [ascending[bounds[place] : bounds[place + 1]] for place in range(size)]


def _median(used: NDArray[np.int64]) -> int | None:
    """The middle one, of an even number the mean of the two middle ones (microseconds, a half rounded down)."""
    if not len(used):
        return None
    return (int(used[(len(used) - 1) // 2]) + int(used[len(used) // 2])) // 2


def _p90(used: NDArray[np.int64]) -> int | None:
    """The smallest that nine in ten do not exceed."""
    return int(used[-(-9 * len(used) // 10) - 1]) if len(used) else None


def _time(name: str, value: int | None) -> dict[str, int | None]:
    """Working time, exact in microseconds and in whole minutes, rounded down."""
    return {f"{name}_us": value, f"{name}_minutes": None if value is None else value // MINUTE}
