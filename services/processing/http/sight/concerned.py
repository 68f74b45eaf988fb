"""The units that a dossier or petition concerns, by its facts: whoever reads one of them sees it whole. Pure.

What has no effect concerns nobody: else whoever names a unit in an entry could show the case to that unit.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from services.processing.facts import Facts
from services.processing.petitions import PetitionFacts
from services.processing.petitions.life import is_own
from services.processing.record import EntryRecord
from shared.access.bearer import Bearer
from shared.access.reach import Reach

__all__ = ["PetitionSight", "Sight", "units_of"]


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
        """Whether it sees the dossier: by one of its units."""
        return self._reach.all or self._reach.any(units_of(self._known()))

    def entries(self) -> Callable[[EntryRecord], bool]:
        """Tells of an entry whether it is seen: all of a dossier that is, else its own."""
        if self.dossier():
            return lambda _: True
        name = self._bearer.name
        return lambda entry: entry.sender == name


class PetitionSight:
    """What a bearer sees of one petition.

    Args:
        bearer: who asks.
        reach: the units it reads.
        known: makes the petition's facts; asked only of who does not read everything.
    """

    def __init__(self, bearer: Bearer, reach: Reach, known: Callable[[], PetitionFacts]) -> None:
        self._bearer = bearer
        self._reach = reach
        self._known = known

    def petition(self) -> bool:
        """Whether it sees the petition: by its unit, one it was handed over from, or one that who may act on it names.

        Never by the dossier it is about.
        """
        if self._reach.all:
            return True
        known = self._known()
        return self._reach.any((known.unit, *known.handed_over_from, *_units(known.acting).values()))

    def entries(self, *, dossier: bool) -> Callable[[EntryRecord], bool]:
        """Tells of an entry whether it is seen: what is about a petition that is, and its own.

        Args:
            dossier: whether the dossier under the same code is seen: then what is of the old form is, too.
        """
        if self._reach.all:
            return lambda _: True
        units = _units(self._known().acting)
        whole, name = self.petition(), self._bearer.name

        def seen(entry: EntryRecord) -> bool:
            if entry.sender == name or units.get(_petition(entry)) in self._reach:
                return True
            return whole if is_own(entry) else dossier

        return seen


def _units(acting: Sequence[EntryRecord]) -> dict[str, str | None]:
    """The unit of each petition, by its code: the last one named by an entry that has an effect."""
    found: dict[str, str | None] = {}
    for entry in acting:
        unit, code = (entry.data or {}).get("unit"), _petition(entry)
        if unit is not None or code not in found:
            found[code] = unit
    return found


def _petition(entry: EntryRecord) -> str:
    told: str = (entry.data or {}).get("petition", entry.subject)
    return told
