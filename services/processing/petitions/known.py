"""What is known of one petition: each fact of its row by its name, and what the engine asks beside. Pure."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Final

from services.processing.facts.announcements import Announcement
from services.processing.facts.known import Odd, calendar_label
from services.processing.facts.reference import InForce
from services.processing.petitions.due import PetitionTerms
from services.processing.petitions.life import End, Judged, PetitionLife
from services.processing.record import EntryRecord
from services.processing.routing.model import Pause, RejectedAct

__all__ = ["PetitionFacts"]

#: What judgements weigh against one another.
_WEIGHTS: Final = {"disliked": 1, "satisfied": -1}


@dataclass(slots=True)
class PetitionFacts:
    """Everything known of a petition. Instants in UTC microseconds.

    Every fact that its row has is an attribute of its name on the topic, and means what is said there. `held` are the
    entries that hold, `acting` those of them that may act, be they about it or of the old form, `force` what one that
    was received is judged by. `to_announce` is what becomes true of its due instants and from which clock on.
    """

    code: str
    life: PetitionLife
    terms: PetitionTerms
    force: InForce | None
    held: Sequence[EntryRecord]
    acting: Sequence[EntryRecord]
    findings: list[Odd]
    simulated: bool
    to_announce: list[tuple[int, Announcement]]
    rejections: list[RejectedAct] = field(default_factory=list)
    beyond: Collection[tuple[str, str]] = ()

    @property
    def unit(self) -> str | None:
        """Whose it is; None: nobody named one."""
        return self.life.unit

    @property
    def dossier(self) -> str | None:
        """The dossier it is about."""
        return self.life.dossier

    @property
    def received_at(self) -> int | None:
        """When it was first received."""
        return None if self.life.received is None else self.life.received.time

    @property
    def begun_at(self) -> int | None:
        """When its terms began: when it was received, or last handed over to another unit."""
        return None if self.life.begun is None else self.life.begun.time

    @property
    def ended_at(self) -> int | None:
        """When it was answered, else refused."""
        return None if self.life.end is None else self.life.end.time

    @property
    def end(self) -> End | None:
        """How it ended."""
        return self.life.ended

    @property
    def judged_at(self) -> int | None:
        """What is compared with the due instant."""
        return self.terms.judged_at

    @property
    def due(self) -> int | None:
        """By when it is to be answered."""
        return self.terms.due

    @property
    def refuse_due(self) -> int | None:
        """By when it may be refused in time."""
        return self.terms.refuse_due

    @property
    def pauses(self) -> list[Pause]:
        """When the clock was stopped; one at most."""
        return self.terms.pauses

    @property
    def published_at(self) -> int | None:
        """The first publication after the answer."""
        return None if self.life.published is None else self.life.published.time

    @property
    def publish_due(self) -> int | None:
        """By when the answer is to be published."""
        return self.terms.publish_due

    @property
    def judgements(self) -> list[Judged]:
        """What the petitioner said of it, in order."""
        return self.life.judgements

    @property
    def raised_again_at(self) -> int | None:
        """When it was first raised again."""
        return next((one.at for one in self.life.judgements if one.verdict == "raised_again"), None)

    @property
    def disliked(self) -> list[Pause]:
        """From when to when more judgements said disliked than satisfied."""
        spans: list[Pause] = []
        balance = 0
        for at, said in groupby(self.life.judgements, key=lambda one: one.at):
            balance += sum(_WEIGHTS.get(one.verdict, 0) for one in said)
            if balance > 0 and (not spans or spans[-1][1] is not None):
                spans.append((at, None))
            elif balance <= 0 and spans and spans[-1][1] is None:
                spans[-1] = (spans[-1][0], at)
        return spans

    @property
    def handed_over_from(self) -> list[str]:
        """The units that had it before; sorted."""
        return sorted(set(self.life.former) - {self.life.unit})

    @property
    def rule_version(self) -> str | None:
        """The version of the rules in force."""
        return None if self.force is None else self.force.rules.version

    @property
    def calendar(self) -> str | None:
        """The calendar its terms are counted by, with its version."""
        return None if self.force is None else calendar_label(self.force.calendar)

    @property
    def entries(self) -> int:
        """How many entries hold."""
        return len(self.held)
