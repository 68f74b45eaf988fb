"""Which dossiers a reference entry may concern, so that a revision does not touch all of them. Pure.

Never too few: what cannot be told from the set of entries alone concerns all.
"""

from __future__ import annotations

from dataclasses import dataclass

from shared.contract.reference import Calendar, Procedure, Route, Rule, UnitData
from shared.reference.entry import ReferenceEntry
from shared.reference.index import Index
from shared.reference.rules import DEADLINES
from shared.reference.units import UnitVersion, parent_by_code

__all__ = ["NOTHING", "Concern", "narrow"]


@dataclass(frozen=True, slots=True)
class Concern:
    """The dossiers whose facts an entry may change.

    Attributes:
        all: every dossier, save where `units` narrows it.
        procedures: dossiers of these procedures, if not all.
        units: None, or: of all dossiers only those that name one of these units or one below it, in whatever entry.
    """

    all: bool = False
    procedures: frozenset[str] = frozenset()
    units: frozenset[str] | None = None

    @property
    def none(self) -> bool:
        """No dossier at all."""
        return not self.all and not self.procedures

    def __or__(self, other: Concern) -> Concern:
        """The dossiers of either."""
        units = self.units if self.all else other.units
        if self.all and other.all:
            units = None if self.units is None or other.units is None else self.units | other.units
        return Concern(self.all or other.all, self.procedures | other.procedures, units)


#: No dossier.
NOTHING = Concern()
_EVERYTHING = Concern(all=True)


def narrow(index: Index, entry: ReferenceEntry) -> Concern:
    """Whom an entry may concern; the index may have it already.

    A correction or withdrawal concerns whom any entry of its identity concerned.
    """
    index = index.with_entry(entry)
    found = NOTHING
    for other in index.chains[entry.identity].values():
        found |= _of_one(index, other)
    return found


def _of_one(index: Index, entry: ReferenceEntry) -> Concern:
    data = entry.model
    if isinstance(data, Procedure | Route):
        return Concern(procedures=frozenset({data.procedure}))
    if isinstance(data, UnitData):
        # Only the unit above it makes a difference to a dossier: by the calendar assigned up there, and by who may
        # act on a step. Where nobody ever told another one than the code does, there is none.
        told = {UnitVersion.of(data).parent_in_force for data in _every(index, data.unit)}
        unchanged = told == {parent_by_code(data.unit)}
        return NOTHING if unchanged else Concern(all=True, units=frozenset({data.unit}))
    if isinstance(data, Calendar) or (isinstance(data, Rule) and data.rule == DEADLINES):
        return _EVERYTHING
    return NOTHING


def _every(index: Index, unit: str) -> list[UnitData]:
    """All that was ever told of a unit, whether it holds or not."""
    models = (entry.model for entry in index.units.entries(unit))
    return [model for model in models if isinstance(model, UnitData)]
