"""The units that a dossier concerns, by its facts: whoever reads one of them sees it whole. Pure.

What has no effect concerns nobody: else whoever names a unit in an entry could show the dossier to that unit.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from services.processing.facts import Facts
from services.processing.record import EntryRecord
from shared.access.bearer import Bearer
from shared.access.reach import Reach

__all__ = ["Sight", "units_of"]

_PETITION: Final = "petition."


def units_of(known: Facts) -> set[str]:
    """The accountable unit, those the dossier was handed over from, and those that have or had a step in it."""
    found = {known.unit, *(step.unit for step in known.steps), *known.holders, *known.handed_over_from}
    return {unit for unit in found if unit is not None}


class Sight:
    """What a bearer sees of one dossier.

    Args:
        bearer: who asks.
        reach: the units it reads.
        known: makes the dossier's facts; asked only of who does not read everything.
    """

    def __init__(self, bearer: Bearer, reach: Reach, known: Callable[[], Facts]) -> None:
        self._bearer = bearer
        self._reach = reach
        self._known = known

    def dossier(self) -> bool:
        """Whether it sees the dossier: by one of its units; what is only a petition's by that one's unit."""
        if self._reach.all:
            return True
        known = self._known()
        life = known.life
        if life.accepted is None and life.submitted is None and self._reach.any(self._petitions().values()):
            return True
        return self._reach.any(units_of(known))

    def entries(self) -> Callable[[EntryRecord], bool]:
        """Tells of an entry whether it is seen: all of a dossier that is; else its own, and those of own petitions."""
        if self.dossier():
            return lambda _: True
        petitions = {code for code, unit in self._petitions().items() if unit in self._reach}
        name = self._bearer.name

        def seen(entry: EntryRecord) -> bool:
            return entry.sender == name or (entry.type.startswith(_PETITION) and _petition(entry) in petitions)

        return seen

    def _petitions(self) -> dict[str | None, str | None]:
        """The unit of each petition, by its code: the last one named by an entry that has an effect."""
        found: dict[str | None, str | None] = {}
        for entry in self._known().acting:
            if entry.type.startswith(_PETITION):
                unit = _unit(entry)
                if unit is not None or _petition(entry) not in found:
                    found[_petition(entry)] = unit
        return found


def _unit(entry: EntryRecord) -> str | None:
    told = (entry.data or {}).get("unit")
    return told if isinstance(told, str) else None


def _petition(entry: EntryRecord) -> str | None:
    told = (entry.data or {}).get("petition")
    return told if isinstance(told, str) else None
