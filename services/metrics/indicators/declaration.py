"""The words figures are declared in: counts, shares, indicators with their scores, states. Pure, and imports no arrays.

Whoever shows, counts, lists or explains a figure reads its declaration; adding one is adding it to a module of this
folder, and to no other place.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from shared.messages.base import Text

if TYPE_CHECKING:
    from collections.abc import Callable

    from services.metrics.counting.question import Mask

__all__ = [
    "Count",
    "Distinct",
    "Empty",
    "Entered",
    "Indicator",
    "Measure",
    "Part",
    "Score",
    "Share",
    "Side",
    "State",
    "Test",
    "Where",
]

#: What is compared: the instant of the due (index 766), its local date (II.06a), a step's budget.
Test: TypeAlias = Literal["instant", "date", "budget"]
#: What there is where nothing is counted at all.
Empty: TypeAlias = Literal["null", "zero", "full"]
Side: TypeAlias = Literal["numerator", "denominator"]
_Holds: TypeAlias = "Callable[[Any], Mask]"


@dataclass(frozen=True, slots=True)
class Count:
    """A number of things of a population.

    Attributes:
        key: on the wire.
        name: what people call it, in a table.
        meaning: what is counted, a sentence for readers of the API.
        where: predicate of the things that are counted; lists of them use it too.
        test: what it judges by; None: it judges nothing.
        population: as in shared/populations, or steps.
        beside: whether it stands beside every index; the others are only listed, or stand in other answers.
    """

    key: str
    name: Text
    meaning: str
    where: _Holds
    test: Test | None = None
    population: str = "dossiers"
    beside: bool = True


@dataclass(frozen=True, slots=True)
class Where:
    """So many things of the population for which a predicate holds."""

    predicate: _Holds


@dataclass(frozen=True, slots=True)
class Distinct:
    """So many different values of a column among the things for which a predicate holds, counted anew at every unit."""

    column: str
    predicate: _Holds


@dataclass(frozen=True, slots=True)
class Entered:
    """What somebody entered for exactly this unit and period (`indicator.entered`); nothing entered counts nothing.

    Attributes:
        indicator: the code it was entered under.
    """

    indicator: str


Part: TypeAlias = Where | Distinct | Entered


@dataclass(frozen=True, slots=True)
class Share:
    """A share that has no score: how many of which; of none there is no share.

    Attributes:
        key: on the wire.
        name: see Count.
        numerator: predicate of those.
        denominator: predicate of which.
        test: what the numerator judges by.
        of: what the denominator judges by.
        population: see Count.
    """

    key: str
    name: Text
    numerator: _Holds
    denominator: _Holds
    test: Test | None = None
    of: Test | None = None
    population: str = "dossiers"


@dataclass(frozen=True, slots=True)
class Score:
    """How a ratio becomes points.

    Attributes:
        maximum: points of a full score.
        full_at: ratio in percent that gives them.
        empty: what points there are where the denominator is 0.
        empty_ratio: what ratio is shown then.
    """

    maximum: int
    full_at: int
    empty: Empty
    empty_ratio: Empty


@dataclass(frozen=True, slots=True)
class Indicator:
    """A scored component of an index.

    Attributes:
        code: as in the decision, `2.1`.
        name: as in the decision, in few words.
        numerator: what is counted for.
        denominator: what is counted.
        score: how it is scored.
        source: where in the decision.
        test: see Count.
        population: see Count.
        replaced: whether a share that was entered under its code, for exactly the unit and period, stands in for what
            is counted.
    """

    code: str
    name: Text
    numerator: Part
    denominator: Part
    score: Score
    source: str
    test: Test | None = None
    population: str = "dossiers"
    replaced: bool = False


@dataclass(frozen=True, slots=True)
class State:
    """What a thing is at T, whatever the period."""

    key: str
    name: Text
    where: _Holds
    test: Test | None = None
    population: str = "dossiers"


@dataclass(frozen=True, slots=True)
class Measure:
    """A number that is no count, such as working time over a budget."""

    key: str
    name: Text
    population: str
