"""The life of a petition: whose it is and since when, what it waited for, how it ended, what was thought of it.

Pure. Before and after are by the order of entries. Knows no due date; which request stops the clock is told by a bound.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal, NamedTuple

from services.processing.record import EntryRecord

__all__ = ["End", "Judged", "PetitionLife", "Verdict", "follow", "is_own"]

_RECEIVED: Final = "petition.received"
_HANDED_OVER: Final = "petition.handed_over"

End = Literal["answered", "refused"]
Verdict = Literal["satisfied", "disliked", "raised_again"]


class Judged(NamedTuple):
    """What the petitioner said of it, and when."""

    at: int
    verdict: Verdict


@dataclass(slots=True)
class PetitionLife:
    """What the entries that hold say. Instants in UTC microseconds.

    `received` is None where nobody received it; `begun` is what its terms run from: the first `received`, or the last
    hand-over to another unit, by which all that came before counts no more for terms and end. `unit` has it now, None:
    nobody named one; `former` had it before. `end` is the entry that ends it, `asked` the first request for more before
    it, `supplemented` the answer to that, `published` the first publication after the answer. `dossier` is the one it
    is about; `judgements` are in their order.
    """

    received: EntryRecord | None = None
    begun: EntryRecord | None = None
    unit: str | None = None
    former: list[str] = field(default_factory=list)
    end: EntryRecord | None = None
    asked: EntryRecord | None = None
    supplemented: EntryRecord | None = None
    published: EntryRecord | None = None
    dossier: str | None = None
    judgements: list[Judged] = field(default_factory=list)

    @property
    def ended(self) -> End | None:
        """How it ended."""
        if self.end is None:
            return None
        return "answered" if self.end.type == "petition.answered" else "refused"


def is_own(entry: EntryRecord) -> bool:
    """Whether an entry is about the petition that its subject names, as against one of the old form."""
    told = (entry.data or {}).get("petition")
    return told is None or told == entry.subject


def follow(entries: Sequence[EntryRecord]) -> PetitionLife:
    """Read a petition's life off its entries that hold and may act, in their order (docs/rules.md, "Petitions").

    Args:
        entries: its own ones.
    """
    life = PetitionLife()
    life.dossier = next((code for entry in entries if (code := _told(entry, "dossier")) is not None), None)
    life.judgements = [
        Judged(entry.time, (entry.data or {})["verdict"]) for entry in entries if entry.type == "petition.judged"
    ]
    place = next((place for place, entry in enumerate(entries) if entry.type == _RECEIVED), None)
    if place is None:
        return life
    life.received = life.begun = entries[place]
    life.unit = _told(entries[place], "unit")
    for later in range(place + 1, len(entries)):
        entry = entries[later]
        unit = _told(entry, "unit")
        if entry.type == _HANDED_OVER and unit is not None and unit != life.unit:
            if life.unit is not None:
                life.former.append(life.unit)
            life.unit, life.begun, place = unit, entry, later
    _end(life, entries[place + 1 :])
    return life


def _end(life: PetitionLife, since: Sequence[EntryRecord]) -> None:
    """Take the end and what came before and after it: the earliest answer, else the earliest refusal."""
    life.end = _first(since, "petition.answered") or _first(since, "petition.refused")
    before, after = since, since[:0]
    if life.end is not None:
        place = next(place for place, entry in enumerate(since) if entry is life.end)
        before, after = since[:place], since[place + 1 :]
    life.asked = _first(before, "petition.more_asked")
    if life.asked is not None:
        asked = life.asked
        life.supplemented = _first((entry for entry in before if entry.key > asked.key), "petition.supplemented")
    if life.ended == "answered":
        life.published = _first(after, "petition.published")


def _first(entries: Iterable[EntryRecord], kind: str) -> EntryRecord | None:
    return next((entry for entry in entries if entry.type == kind), None)


def _told(entry: EntryRecord, name: str) -> str | None:
    told: str | None = (entry.data or {}).get(name)
    return told
