"""What is kept of a case between two entries. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from services.processing.cases.case import Case
from services.processing.facts.announcements import Announcement
from services.processing.record import EntryRecord
from services.processing.routing.model import RejectedAct

__all__ = ["CaseState"]


@dataclass(frozen=True, slots=True)
class CaseState:
    """What the engine keeps of a case between two entries: a dossier, or another of the populations.

    `position` is the journal offset it is at; `entries` all distinct entries received, superseded ones too, in their
    canonical order; `announced` what was announced and not retracted; `timer` the smallest clock at which there is
    something to announce, None if never; `finished_at` its end in UTC µs for reference data: a reference entry applies
    only if its time is before it (docs/rules.md, "Reference data"; one never accepted ends when it was answered);
    `capped` says that entries were refused for their number, `crowded` that some were of senders not entitled to it;
    `rejected` are the acts rejected now, `contested` codes of findings that several sources claim the same.
    """

    case: Case
    position: int
    entries: tuple[EntryRecord, ...]
    announced: tuple[Announcement, ...]
    timer: int | None
    finished_at: int | None
    capped: bool
    rejected: tuple[RejectedAct, ...] = ()
    crowded: bool = False
    contested: tuple[str, ...] = ()

    @property
    def code(self) -> str:
        """The code of the case."""
        return self.case.code

    @property
    def key(self) -> str:
        """What the case is known by in its partition."""
        return self.case.key
