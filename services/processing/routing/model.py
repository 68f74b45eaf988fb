"""What following a dossier's steps gives: occurrences, holders, rejected acts, what is still ahead.

Pure data. Decides nothing and knows neither entries' order nor calendars.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from services.processing.record import EntryRecord

__all__ = ["Ahead", "Outcome", "Pause", "RejectedAct", "Routing", "StepFact"]

Outcome = Literal["completed", "sent_back", "handed_over", "cut_off"]
#: [begin, end) in UTC microseconds; None while it lasts.
Pause = tuple[int, int | None]


@dataclass(slots=True)
class StepFact:
    """One occurrence of a step. Instants in UTC microseconds, budget in working minutes; as the contract's Step.

    `begun_at` is when holding began, also where nobody reported an assignment (`assigned_at` is absent then).
    `used_us` and `over_us` are there once it ended. `last_due` is the last value its due had while it was under way, as
    (due, in force since); `due` is also moved by pauses after that (never of a step that is late); both absent without
    budget. `judged_at` is what is compared with the due: the end, or the begin of the pause it ended in.
    """

    step: str
    unit: str | None
    begun_at: int
    role: str | None = None
    occurrence: int = 1
    planned: bool = False
    assigned_at: int | None = None
    completed_at: int | None = None
    sent_back_at: int | None = None
    ended_at: int | None = None
    outcome: Outcome | None = None
    budget: int | None = None
    due: int | None = None
    used_us: int | None = None
    over_us: int | None = None
    judged_at: int | None = None
    last_due: tuple[int, int] | None = None
    #: Makes all values of the due when asked; None where there is one at most.
    looking_back: Callable[[], Iterable[tuple[int, int]]] | None = field(default=None, repr=False, compare=False)

    @property
    def due_history(self) -> tuple[tuple[int, int], ...]:
        """All values its due had while it was under way; of many steps as many as there are pauses, each."""
        if self.looking_back is not None:
            return tuple(self.looking_back())
        return () if self.last_due is None else (self.last_due,)


@dataclass(frozen=True, slots=True)
class RejectedAct:
    """An entry without effect, since its unit may not do this: the contract's Rejection."""

    code: str
    source: str
    id: str
    step: str | None
    unit: str | None
    owner: str | None


class Ahead(NamedTuple):
    """A step of the route that is neither under way nor done: who would own it now, and its budget in working minutes.

    `again`: it was begun before and is to be done again.
    """

    step: str
    unit: str | None
    role: str | None
    budget: int | None
    optional: bool
    again: bool


@dataclass(slots=True)
class Routing:
    """Where a dossier is and was.

    `steps` are in the order they began to be told of (a completion alone is told when it was reported); `holders` are
    sorted codes, empty while the applicant has the dossier or after the finish. `route_version` is that of reference
    data, none of the receipt's own route. `findings` are (code, the entry it is about) in the order of the entries.
    """

    steps: list[StepFact] = field(default_factory=list)
    holders: list[str] = field(default_factory=list)
    rejections: list[RejectedAct] = field(default_factory=list)
    findings: list[tuple[str, EntryRecord]] = field(default_factory=list)
    route_version: str | None = None
    #: Makes what is ahead when asked; None without a route.
    looking_ahead: Callable[[], list[Ahead]] | None = field(default=None, repr=False, compare=False)

    @property
    def ahead(self) -> list[Ahead]:
        """The steps of the route that are neither under way nor done, in route order."""
        return [] if self.looking_ahead is None else self.looking_ahead()
