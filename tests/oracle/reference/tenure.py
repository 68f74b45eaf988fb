"""Whose something is from when to when: a row of units that one after the other were accountable for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from tests.oracle.journal import HeldEntry

__all__ = ["Tenures"]


@dataclass
class _Tenure:
    unit: str | None
    given_by: HeldEntry | None
    end: datetime | None = None


class Tenures:
    """Who had it, in order; the first from always.

    Args:
        unit: the first; None: nobody.
    """

    def __init__(self, unit: str | None = None) -> None:
        self._all = [_Tenure(unit, None)]

    @property
    def first(self) -> str | None:
        """Who had it first."""
        return self._all[0].unit

    @property
    def last(self) -> str | None:
        """Who had it last."""
        return self._all[-1].unit

    def pass_to(self, unit: str, entry: HeldEntry) -> None:
        """It passes to another by an entry."""
        self._all[-1].end = entry.time
        self._all.append(_Tenure(unit, entry))

    def now_or_later(self, moment: datetime) -> list[str | None]:
        """Who has it at an instant or later; at the very instant of passing on both who gives and who receives."""
        return [one.unit for one in self._all if one.end is None or one.end >= moment]

    def at(self, entry: HeldEntry) -> str | None:
        """Who has it at the place of an entry in the order of entries."""
        return [one.unit for one in self._all if one.given_by is None or one.given_by.order() < entry.order()][-1]
