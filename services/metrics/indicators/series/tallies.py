"""The tallies of many periods from one evaluation of the predicates. Pure.

A dossier is in scope of the few periods it was open in, so what is looked at is each dossier with each of these, far
less than every dossier in every period. The predicates are the same ones; they compare with a period and a T by pair.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from services.metrics.counting.question import Array, Mask, Moment, Moments, Question
from services.metrics.counting.tally import Tally, held
from services.metrics.indicators.figures import INDEX
from services.metrics.table.facts import FactTable
from services.metrics.table.periods import NEVER

__all__ = ["tallies"]

#: Pairs looked at together: some 40 MB of columns, however many dossiers stay open for years.
_AT_ONCE: Final = 250_000


def tallies(
    table: FactTable, moments: Sequence[Moment], units: NDArray[np.bool_] | None = None, at_once: int = _AT_ONCE
) -> Iterator[Tally]:
    """The tally of each period, equal to one made for it alone.

    Args:
        table: the fact table, not updated meanwhile.
        moments: of periods in their order that do not overlap.
        units: as of a tally.
        at_once: pairs of dossier and period that may be looked at together; a single period may have more.
    """
    pairs = _Pairs(table, moments, units)
    first = 0
    while first < len(moments):
        end = first + 1
        while end < len(moments) and pairs.count[first : end + 1].sum() <= at_once:
            end += 1
        yield from pairs.tallies(first, end)
        first = end


class _Pairs:
    """Which periods each dossier is in scope of, as a range of them, and in which it was submitted."""

    def __init__(self, table: FactTable, moments: Sequence[Moment], units: NDArray[np.bool_] | None) -> None:
        self._table, self._moments = table, moments
        rows = np.arange(len(table)) if units is None else np.flatnonzero(units[table["unit"]])
        starts, ends = (np.array([getattr(one, side) for one in moments], dtype=np.int64) for side in ("start", "end"))
        self._starts, self._ends = starts, ends
        self._as_of = np.array([one.as_of for one in moments], dtype=np.int64)
        # Nothing is in any figure of a period to come; these are the last ones.
        known = sum(not one.future for one in moments)
        begin = np.searchsorted(ends, table["accepted"][rows], side="right")
        until = np.minimum(np.searchsorted(starts, table["finished"][rows], side="right"), known)
        submitted = table["submitted"][rows]
        place = np.searchsorted(starts, submitted, side="right") - 1
        asked = (table["intake_due"][rows] < NEVER) & (place >= 0) & (place < known)
        asked &= submitted < ends[np.maximum(place, 0)]
        # Submitted in a period and not in its scope: a pair of its own.
        asked &= (place < begin) | (place >= until)
        self._rows, self._begin, self._until = rows, begin, np.maximum(until, begin)
        self._asked_rows, self._asked = rows[asked], place[asked]
        size = len(moments) + 1
        change = np.bincount(self._begin, minlength=size) - np.bincount(self._until, minlength=size)
        self.count = np.cumsum(change)[:-1] + np.bincount(self._asked, minlength=size)[:-1]

    def tallies(self, first: int, end: int) -> Iterator[Tally]:
        """Those of the periods from one to before another."""
        begin, until = np.clip(self._begin, first, end), np.clip(self._until, first, end)
        lengths = until - begin
        places = np.arange(lengths.sum()) + np.repeat(begin - (np.cumsum(lengths) - lengths), lengths)
        also = (self._asked >= first) & (self._asked < end)
        rows = np.concatenate([np.repeat(self._rows, lengths), self._asked_rows[also]])
        places = np.concatenate([places, self._asked[also]])
        # Few periods fit into small numbers, which are sorted by counting.
        order = np.argsort(places.astype(np.int16), kind="stable")
        rows, places = rows[order], places[order]
        moments = Moments(self._starts[places], self._ends[places], self._as_of[places])
        question = _Spread(self._table, moments, rows)
        planes = held(question, INDEX.predicates)
        bounds = np.searchsorted(places, np.arange(first, end + 1)).tolist()
        for begins, ends in pairwise(bounds):
            part = slice(begins, ends)
            yield Tally.of(lambda name, part=part: question[name][part], planes[part], INDEX.predicates)  # type: ignore[misc]


class _Spread(Question):
    """Rows each with a moment of its own; a row may be there several times."""

    def beside(self, name: str, look: Callable[[Any, Any], Array]) -> Array:
        """For which of them its own T lies inside an effective pause of its row; all else does not hang on T."""
        return self._paused() if name == "paused" else super().beside(name, look)

    def _paused(self) -> Mask:
        assert isinstance(self._rows, np.ndarray) and isinstance(self.moment, Moments)  # noqa: S101, PT018 - as made
        pauses = self._table.pauses
        alive = self._whole.get("pauses")
        if alive is None:
            alive = np.flatnonzero(pauses["alive"])
            alive = self._whole["pauses"] = alive[np.argsort(pauses["row"][alive], kind="stable")]
        of = pauses["row"][alive]
        begin, until = np.searchsorted(of, self._rows, side="left"), np.searchsorted(of, self._rows, side="right")
        lengths = until - begin
        pair = np.repeat(np.arange(self.size), lengths)
        pause = alive[np.arange(len(pair)) + np.repeat(begin - (np.cumsum(lengths) - lengths), lengths)]
        as_of = self.moment.as_of[pair]
        inside = np.zeros(self.size, dtype=np.bool_)
        inside[pair[(pauses["start"][pause] <= as_of) & (as_of < pauses["end"][pause])]] = True
        return inside
