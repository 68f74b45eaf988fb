"""What is to be announced of due instants, and from which clock on: warnings, breaches, recoveries.

Pure and free of any clock: each announcement comes with the smallest clock at which it is true. Knows dossiers, their
intake clock and their steps only as values of a due instant with pauses and an end.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final, Literal, NamedTuple

from services.processing.facts.stops import NO_STOPS, Stops
from services.processing.routing.model import StepFact

__all__ = ["Announcement", "AnnouncementKind", "Of", "Value", "announcements_of", "intake_announced", "steps_announced"]

AnnouncementKind = Literal["warning", "breach", "recovered"]
Of = Literal["dossier", "intake", "step", "petition"]

#: (from which clock on it is true, announcement).
Announced = list[tuple[int, "Announcement"]]


class Announcement(NamedTuple):
    """A warning, breach or recovery of a due instant, with its own instant (not that of the entry that showed it).

    Of a step with its name, occurrence and owner. `rung` says how long before due a warning is, in µs; None where it is
    the stack's built-in one, so that activating a rule that keeps it takes nothing back.
    """

    kind: AnnouncementKind
    due: int
    at: int
    of: Of = "dossier"
    step: str | None = None
    occurrence: int | None = None
    unit: str | None = None
    rung: int | None = None

    def to_stored(self) -> list[Any]:
        """A compact JSON-able form for the state document; `from_stored` reads it."""
        plain: list[Any] = [self.kind, self.due, self.at]
        if self.of == "dossier" and self.rung is None:
            return plain
        return [*plain, self.of, self.step, self.occurrence, self.unit, self.rung]

    @classmethod
    def from_stored(cls, stored: Sequence[Any]) -> Announcement:
        """The announcement written by `to_stored`."""
        return cls(*stored)


class Value(NamedTuple):
    """A due instant and from when on it was in force."""

    due: int
    since: int


#: Due values of a dossier's steps that warnings are looked for in: of many steps in hand at once each is moved by
#: every pause, so that there may be as many as steps times pauses.
_MOST_STEP_VALUES: Final = 10_000
#: What an announcement is of: step, occurrence and unit only of a step.
_Whose = tuple[Of, str | None, int | None, str | None]
_DOSSIER: Final[_Whose] = ("dossier", None, None, None)
_INTAKE: Final[_Whose] = ("intake", None, None, None)


def announcements_of(
    history: Sequence[Value | tuple[Any, ...]],
    stops: Stops,
    finished_at: int | None,
    judged_at: int | None,
    rungs: Sequence[int],
    *,
    plain_rung: int | None = None,
    whose: _Whose = _DOSSIER,
) -> Announced:
    """All announcements of one due instant and the values it had, in the order of their instants.

    A warning of a due value is due a rung ahead of it, or when the value came into force or the clock ran again if that
    is later; of rungs that fall on one instant the shortest is given. It is given if the value was still in force then,
    not yet passed, and the end not there. Each once per due value and rung. Only the last value can be passed in force:
    a request in time freezes, an extension comes days before. A breach is true once the clock is past the due; not
    while the clock is stopped, nor where the end was judged by then. What was breached and ended has recovered.

    Args:
        history: due values in order, each beginning with due and since.
        stops: when the clock was stopped.
        finished_at: the end; None while it is open.
        judged_at: what is compared with the due: the end, or the begin of the pause it fell into.
        rungs: how long before due to warn, in µs, descending.
        plain_rung: the built-in rung, which is not told.
        whose: what it is of.
    """
    found: Announced = (
        _warnings(history, stops, finished_at, rungs, plain_rung=plain_rung, whose=whose) if rungs else []
    )
    if history:
        due, since = history[-1][0], history[-1][1]
        if judged_at is None:
            stopped = finished_at is None and stops.open_since is not None and stops.open_since <= due
        else:
            stopped = judged_at <= due
        if not stopped:
            passed = due + 1
            # A pause without working time leaves the due inside it, also of what began in it.
            ended = stops.last_end(due)
            at = max(due, since) if ended is None else max(due, since, ended)
            found.append((passed, Announcement("breach", due, at, *whose)))
            if finished_at is not None:
                found.append((passed, Announcement("recovered", due, finished_at, *whose)))
    return found


def _warnings(
    history: Sequence[Value | tuple[Any, ...]],
    stops: Stops,
    finished_at: int | None,
    rungs: Sequence[int],
    *,
    plain_rung: int | None,
    whose: _Whose,
) -> Announced:
    found: Announced = []
    #: A due value may come again, as after a pause without working time.
    warned: set[tuple[int, int]] = set()
    last = len(history) - 1
    for index, value in enumerate(history):
        due, since = value[0], value[1]
        if since > due:
            continue
        until = min(due + 1, history[index + 1][1]) if index < last else due + 1
        if finished_at is not None and finished_at < until:
            until = finished_at
        shortest: dict[int, int] = {}
        for rung in rungs:
            at = due - rung if due - rung > since else since
            at = stops.running(at)
            if at < until:
                shortest[at] = rung
        for at, rung in shortest.items():
            if (due, rung) not in warned:
                warned.add((due, rung))
                found.append((at, Announcement("warning", due, at, *whose, None if rung == plain_rung else rung)))
    return found


def intake_announced(due: int, since: int, ended_at: int | None, rungs: Sequence[int]) -> Announced:
    """The announcements of an intake clock, which nothing stops."""
    if not rungs and ended_at is not None and ended_at <= due:
        return []
    return announcements_of([(due, since)], NO_STOPS, ended_at, ended_at, rungs, whose=_INTAKE)


def steps_announced(steps: Iterable[StepFact], stops: Stops, rungs: Sequence[int]) -> Announced:
    """The announcements of all occurrences that have a budget, each to its owner.

    Warnings are looked for in the first 10,000 due values of a dossier's steps, in the order of its occurrences;
    breaches and recoveries are told of all.
    """
    found: Announced = []
    looked_at = 0
    for step in steps:
        due, last = step.due, step.last_due
        # Most were done in time, and nothing is to be told of them.
        if due is None or last is None or not (rungs or step.judged_at is None or step.judged_at > due):
            continue
        whose: _Whose = ("step", step.step, step.occurrence, step.unit)
        history: Sequence[tuple[int, int]] = (last,)
        warned = rungs if looked_at < _MOST_STEP_VALUES else ()
        if warned:
            history = step.due_history
            looked_at += len(history)
        found += announcements_of(history, stops, step.ended_at, step.judged_at, warned, whose=whose)
    return found
