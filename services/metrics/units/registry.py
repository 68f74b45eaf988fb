"""What the reference data say of units and procedures: names, parents, successors, calendars. Pure; kept per set.

The data of now are meant, as for an open dossier: figures of what has ended were judged by processing already.
"""

from __future__ import annotations

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from shared.calendar import WorkCalendar, vn_public
from shared.contract.reference import Procedure
from shared.reference.entry import ReferenceEntry
from shared.reference.known import EMPTY, ReferenceSet

__all__ = ["Registry"]


class Registry:
    """Names and relations by one set of reference entries.

    Args:
        zone: of the stack's own calendar, which is meant where no other is assigned.
        known: the reference entries.
    """

    def __init__(self, zone: ZoneInfo, known: ReferenceSet = EMPTY) -> None:
        self.known = known
        self.units = known.units(None)
        self.zone = zone
        self._procedures = _procedures(known)

    @property
    def procedures(self) -> list[str]:
        """Codes of the procedures published and not withdrawn."""
        return list(self._procedures)

    def knows_procedure(self, code: str) -> bool:
        """Whether a procedure was published in any version."""
        return code in self._procedures

    def procedure_name(self, code: str | None) -> str | None:
        """The name of a procedure by its latest version, None if it has none."""
        return None if code is None else self._procedures.get(code)

    def unit_name(self, code: str | None, day: date | None = None) -> str | None:
        """The name of a unit on a day, None if it has none."""
        return None if code is None else self.units.name(code, day)

    def calendar(self, unit: str | None, day: date | None = None) -> WorkCalendar:
        """The calendar a unit's working time is measured by, for an open dossier accepted on a local date."""
        return self.known.working_calendar(unit, None, default=vn_public(self.zone), day=day)

    def described(self, code: str, day: date | None) -> dict[str, Any]:
        """What is registered of a unit, for its line among all units."""
        version = self.units.latest(code, day)
        if version is None:
            return dict.fromkeys(("unit_name", "kind", "valid_from", "valid_to", "successor"))
        return {
            "unit_name": version.name,
            "kind": version.kind,
            "valid_from": None if version.valid_from is None else version.valid_from.isoformat(),
            "valid_to": None if version.valid_to is None else version.valid_to.isoformat(),
            "successor": version.successor,
        }


def _procedures(known: ReferenceSet) -> dict[str, str | None]:
    """Names of all procedures published and not withdrawn; of several versions the one that begins last names it."""
    holding: dict[tuple[str, str, str], ReferenceEntry] = {}
    for entry in known.entries:
        if entry.type == "procedure.published":
            other = holding.get(entry.identity)
            if other is None or entry.beats(other):
                holding[entry.identity] = entry
    found: dict[str, tuple[date, str | None]] = {}
    # In the order of reference entries, so that of versions that begin on one day the later entry counts.
    for entry in sorted(holding.values(), key=lambda entry: entry.order):
        if isinstance(entry.model, Procedure):
            begins = entry.model.valid_from or date.min
            held = found.get(entry.model.procedure)
            if held is None or begins >= held[0]:
                found[entry.model.procedure] = begins, entry.model.name or (held[1] if held else None)
    return {code: name for code, (_, name) in found.items()}
