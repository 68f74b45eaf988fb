"""Figures of a period as they are declared: what is counted of them, for any grouping, and how it is told. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from services.metrics.counting.question import Mask, Moment, Predicate
from services.metrics.counting.tally import Tally
from services.metrics.indicators import declared, duties, predicates
from services.metrics.indicators.declaration import Count, Distinct, Entered, Indicator, Part, Share, Test, Where
from services.metrics.indicators.scores import ratio_text, scored
from services.metrics.units.tree import UnitTree

__all__ = ["FIGURES", "INDEX", "STATES", "TESTS", "EnteredValue", "Figures", "nothing_entered", "test_of"]

_Counts = NDArray[np.int64]
#: What was entered under an indicator's code for the unit and period told: numerator and denominator, None for nothing.
EnteredValue = Callable[[str], "tuple[int, int] | None"]

#: Every figure a list of dossiers can be asked for, by name; and every state, by population and name.
FIGURES: Final[Mapping[str, Predicate]] = declared.LISTED
STATES: Final[Mapping[str, Mapping[str, Predicate]]] = {
    population: {state.key: state.where for state in declared.STATES if state.population == population}
    for population in dict.fromkeys(state.population for state in declared.STATES)
}


def nothing_entered(_indicator: str) -> None:
    """Of a group of which nothing can be entered."""
    return


class Figures:
    """Some figures of one population, counted together.

    Args:
        counts: told by their keys, in this order.
        indicators: told under `components`.
        shares: told under `shares`.
        within: a thing for which none of these predicates holds is in none of the counts; empty: any may be.
    """

    def __init__(
        self,
        counts: Sequence[Count] = (),
        indicators: Sequence[Indicator] = (),
        shares: Sequence[Share] = (),
        within: Sequence[Predicate] = (),
    ) -> None:
        self.counts, self.indicators, self.shares, self._within = counts, indicators, shares, within
        parts = [part for one in indicators for part in (one.numerator, one.denominator)]
        asked: list[Predicate] = [one.where for one in counts]
        asked += [part.predicate for part in parts if isinstance(part, Where)]
        asked += [side for one in shares for side in (one.numerator, one.denominator)]
        self._distinct = tuple(dict.fromkeys(part for part in parts if isinstance(part, Distinct)))
        asked += [part.predicate for part in self._distinct]
        #: The different predicates that are counted, in the order of the counts; several figures may share one.
        self.predicates: tuple[Predicate, ...] = tuple(dict.fromkeys(asked))
        self._place = {predicate: place for place, predicate in enumerate(self.predicates)}
        self._beyond = {part: len(self.predicates) + place for place, part in enumerate(self._distinct)}
        taken = {part.indicator for part in parts if isinstance(part, Entered)}
        #: The codes under which what was entered has a part in these figures.
        self.entered: frozenset[str] = frozenset(taken | {one.code for one in indicators if one.replaced})

    def tally(self, table: object, moment: Moment, units: Mask | None = None) -> Tally:
        """All counts of a period.

        Args:
            table: of the population, not updated while the tally lives.
            moment: period and T.
            units: for each number of the units' dictionary, whether it is meant; None is everything.
        """
        return Tally(table, moment, self.predicates, self._within, units)

    def total(self, tally: Tally) -> _Counts:
        """The counts of everything a tally is of, as `shown` takes them."""
        distinct = [tally.distinct_by(part.predicate, part.column)[0] for part in self._distinct]
        return np.append(tally.total(), np.array(distinct, dtype=np.int64))

    def by_node(self, tally: Tally, tree: UnitTree, units: int) -> tuple[_Counts, _Counts]:
        """The counts of everything, and a line of them for each node of the tree, with all below it.

        What is counted by things adds up; what is distinct is counted anew at every node.

        Args:
            tally: of these figures.
            tree: of the units.
            units: how many numbers the units' dictionary has.
        """
        counts = tally.by("unit", units)
        total, lines = counts.sum(axis=0), tree.roll_up(counts)
        for part in self._distinct:
            in_all, nodes = tally.distinct(part.predicate, part.column, tree)
            total, lines = np.append(total, in_all), np.column_stack([lines, nodes])
        return total, lines

    def by(self, tally: Tally, column: str, groups: int, units: Mask | None = None) -> _Counts:
        """A line of the counts for each number of a column, of some units or of all."""
        lines = tally.by(column, groups, units)
        for part in self._distinct:
            lines = np.column_stack([lines, tally.distinct_by(part.predicate, part.column, column, groups, units)])
        return lines

    def shown(self, counts: _Counts, *, future: bool, entered: EnteredValue = nothing_entered) -> dict[str, Any]:
        """One group's figures as they stand in answers and stored results.

        Args:
            counts: the group's line of counts.
            future: whether the period begins in the future: then ratios and scores are null.
            entered: what was entered for the group's unit and period.
        """
        values = counts.tolist()
        answer: dict[str, Any] = {one.key: values[self._place[one.where]] for one in self.counts}
        components = {}
        for one in self.indicators:
            instead = entered(one.code) if one.replaced else None
            numerator, denominator = instead or (self._side(values, one, side, entered) for side in (0, 1))
            ratio, score = (None, None) if future else scored(one.score, numerator, denominator)
            told = {"numerator": numerator, "denominator": denominator, "ratio": ratio, "score": score}
            components[one.code] = told if instead is None else told | {"entered": True}
        answer["components"] = components
        answer["shares"] = {one.key: self._share(values, one, future=future) for one in self.shares}
        return answer

    def _side(self, values: list[int], indicator: Indicator, side: int, entered: EnteredValue) -> int:
        part: Part = (indicator.numerator, indicator.denominator)[side]
        match part:
            case Where(predicate):
                return values[self._place[predicate]]
            case Distinct():
                return values[self._beyond[part]]
            case Entered(code):
                told = entered(code)
                return 0 if told is None else told[side]

    def _share(self, values: list[int], share: Share, *, future: bool) -> dict[str, Any]:
        numerator, denominator = values[self._place[share.numerator]], values[self._place[share.denominator]]
        ratio = None if future or not denominator else ratio_text(numerator, denominator)
        return {"numerator": numerator, "denominator": denominator, "ratio": ratio}


#: What stands in every index of dossiers; one that is neither in scope nor submitted in the period is in none of it.
INDEX: Final = Figures(
    declared.beside(),
    declared.INDICATORS,
    declared.SHARES,
    (predicates.scope, duties.intake_submitted),
)


def _tests() -> dict[Predicate, Test | None]:
    found: dict[Predicate, Test | None] = {}
    for share in declared.SHARES:
        found |= {share.numerator: share.test, share.denominator: share.of}
    for indicator in declared.INDICATORS:
        if isinstance(indicator.numerator, Where):
            found[indicator.numerator.predicate] = indicator.test
    # What a count or a state says of itself holds wherever else its predicate stands.
    found |= {one.where: one.test for one in declared.STATES}
    return found | {one.where: one.test for one in declared.COUNTS}


_TESTS: Final = _tests()


def test_of(predicate: Predicate) -> Test | None:
    """The test a figure or state judges by; None where nothing is judged, such as of what was received."""
    return _TESTS.get(predicate)


#: The test of each figure of an index, by its key on the wire.
TESTS: Final[Mapping[str, Mapping[str, Test | None]]] = {
    "counts": {one.key: one.test for one in INDEX.counts},
    "components": {one.code: one.test for one in INDEX.indicators},
    "shares": {one.key: one.test for one in INDEX.shares},
}
