"""What the reference data say of units and procedures: names, parents, successors, calendars. Pure; kept per set.

The data of now are meant, as for an open dossier: figures of what has ended were judged by processing already.
"""

from __future__ import annotations

from datetime import date
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from shared.calendar import WorkCalendar, vn_public
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

    @cached_property
    def procedures(self) -> tuple[str, ...]:
        """Codes of the procedures published and not withdrawn, sorted."""
        return tuple(code for code in self.known.procedures() if self.knows_procedure(code))

    def knows_procedure(self, code: str) -> bool:
        """Whether a procedure was published in any version."""
        return bool(self.known.procedure_versions(code))

    def procedure_name(self, code: str | None) -> str | None:
        """The name of a procedure by its latest version that has one, None if none has."""
        versions = () if code is None else self.known.procedure_versions(code)
        return next((version.name for version in reversed(versions) if version.name), None)

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
