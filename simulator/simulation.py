"""A whole simulation: entries in the order of sending, and beside them the lines of the truth.

Opens no files and knows no stack; what becomes of lines is the caller's business.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import orjson

from shared.calendar import WorkCalendar
from simulator.course.casefile import Case
from simulator.course.course import Course, OnWork
from simulator.score import Score
from simulator.truth.tally import Tally, periods_of
from simulator.truth.truth import dossier_line, end_line, figure_lines, head_line
from simulator.world.introducing import introducing
from simulator.world.places import World, make_world

__all__ = ["Simulation"]


class Simulation:
    """Plays a score once.

    Args:
        score: what is played.
        calendar: of all its offices, in the zone of its days.
        truth: takes the lines of the truth as they become known; None: nobody wants them.
        on_work: called whenever somebody begins with a piece of work.
    """

    def __init__(
        self,
        score: Score,
        calendar: WorkCalendar,
        truth: Callable[[dict[str, Any]], None] | None = None,
        on_work: OnWork | None = None,
    ) -> None:
        self.score = score
        self.world: World = make_world(
            score.size, score.seed, dossiers=score.dossiers, communes=score.communes, scale=score.scale
        )
        self._calendar = calendar
        self._truth = truth
        self._tally = Tally(periods_of(score.first, score.last, calendar.zone), calendar)
        days = (score.first, score.last)
        self.course = Course(self.world, score.seed, days, calendar, closed=self._closed, on_work=on_work)
        self.dossiers = 0
        self.entries = 0

    def entries_sent(self) -> Iterator[tuple[int, bytes]]:
        """Every entry as a line with its instant of sending, in that order; what the world makes known first."""
        truth = self._truth
        if truth is not None:
            truth(head_line(self.score, self._calendar.zone.key))
        for entry in introducing(self.world, self._calendar.zone):
            self.entries += 1
            yield self.course.begin, orjson.dumps(entry, option=orjson.OPT_APPEND_NEWLINE)
        for sent in self.course.play():
            self.entries += 1
            yield sent
        if truth is not None:
            for line in figure_lines(self._tally, self.world):
                truth(line)
            truth(end_line(self.entries, self.dossiers, self.course.surroundings.portal))

    @property
    def horizon(self) -> int:
        """The instant after the last day: nothing told happens at or after it."""
        return self.course.horizon

    def _closed(self, case: Case) -> None:
        self.dossiers += case.accepted is not None
        if self._truth is not None:
            self._tally.take(case)
            self._truth(dossier_line(case, self._calendar))
