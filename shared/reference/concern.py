"""Which dossiers a reference entry may concern, so that a revision does not touch all of them. Pure.

Never too few: what cannot be told from the set of entries alone concerns all.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from shared.reference.entry import ReferenceEntry
from shared.reference.index import Index
from shared.reference.kinds.rules import DEADLINES
from shared.reference.kinds.units import parent_by_code

__all__ = ["NOTHING", "Concern", "narrow"]


@dataclass(frozen=True, slots=True)
class Concern:
    """The dossiers whose facts an entry may change.

    Attributes:
        all: every dossier, save where `units` narrows it.
        procedures: dossiers of these procedures, if not all.
        units: None, or: of all dossiers only those that name one of these units or one below it, in whatever entry.
        rights: dossiers with a sender who may not act for all units, whenever they ended, if they name one of these
            units, one below it, or one that it took over from.
    """

    all: bool = False
    procedures: frozenset[str] = frozenset()
    units: frozenset[str] | None = None
    rights: frozenset[str] = frozenset()

    @property
    def none(self) -> bool:
        """No dossier at all."""
        return not self.all and not self.procedures and not self.rights

    def __or__(self, other: Concern) -> Concern:
        """The dossiers of either."""
        units = self.units if self.all else other.units
        if self.all and other.all:
            units = None if self.units is None or other.units is None else self.units | other.units
        return Concern(self.all or other.all, self.procedures | other.procedures, units, self.rights | other.rights)


#: No dossier.
NOTHING = Concern()
_EVERYTHING = Concern(all=True)


def narrow(index: Index, entry: ReferenceEntry) -> Concern:
    """Whom an entry may concern; the index may have it already.

    A correction or withdrawal concerns whom any entry of its identity concerned.
    """
    index, identity = index.with_entry(entry), entry.identity
    procedures = [str(code) for code in index.procedures.about(identity)]
    procedures += [procedure for procedure, _ in cast("list[tuple[str, object]]", index.routes.about(identity))]
    found = Concern(procedures=frozenset(procedures))
    for unit in index.units.about(identity):
        found |= _of_unit(index, str(unit))
    if index.calendars.about(identity) or DEADLINES in index.rules.about(identity):
        found |= _EVERYTHING
    return found


def _of_unit(index: Index, unit: str) -> Concern:
    # Only the unit above it makes a difference to a dossier: by the calendar assigned up there, and by who may
    # act on it. Where nobody ever told another one than the code does, there is none. Who took over may act too.
    named = frozenset({unit})
    if index.parents.names(unit) != [parent_by_code(unit)]:
        return Concern(all=True, units=named, rights=named)
    return NOTHING if index.successors.names(unit) in ([], [None]) else Concern(rights=named)
