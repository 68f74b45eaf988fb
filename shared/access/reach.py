"""Of which units a bearer reads lists and cases: those its key covers and all below, as units are registered. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from shared.access.bearer import Bearer
from shared.reference.kinds.units import Units

__all__ = ["Reach"]


class Reach:
    """What a bearer reads, by unit; each unit is looked up once.

    A unit is read where the key covers it, or one above it by code or as registered, or one that took over from it:
    the new commune reads what the old ones did, as it may send their last days.

    Args:
        bearer: who asks.
        units: the registered units.
        day: local date on which they are looked at; None: as they are in the end.
    """

    __slots__ = ("_day", "_known", "_units", "bearer")

    def __init__(self, bearer: Bearer, units: Units, day: date | None) -> None:
        self.bearer = bearer
        self._units = units
        self._day = day
        self._known: dict[str | None, bool] = {}

    @property
    def all(self) -> bool:
        """Whether everything is read, also what names no unit."""
        return self.bearer.reads_all

    def __contains__(self, unit: str | None) -> bool:
        found = self._known.get(unit)
        if found is None:
            found = self._known[unit] = self._reads(unit)
        return found

    def any(self, units: Iterable[str | None]) -> bool:
        """Whether one of some units is read."""
        return self.all or any(unit in self for unit in units)

    def _reads(self, unit: str | None) -> bool:
        bearer, units, day = self.bearer, self._units, self._day
        if unit is None:
            return bearer.reads(None)
        if bearer.reads(unit, units.above(unit, day)):
            return True
        return any(bearer.reads(heir, units.above(heir, day)) for heir in units.successors(unit, day))
