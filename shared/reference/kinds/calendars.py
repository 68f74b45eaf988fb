"""Which calendar a unit uses, and calendars made from their versions, each content once.

Pure. Knows assignments and precedence; how a calendar computes is shared/calendar's business.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable
from copy import copy
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal
from zoneinfo import ZoneInfo

from shared.calendar import WorkCalendar
from shared.calendar.definition import build
from shared.contract.reference import Calendar
from shared.reference.entry import OrderKey, ReferenceEntry
from shared.reference.versions import Timeline

__all__ = ["Assignments", "CalendarVersion", "Compiled", "Purpose", "assign"]

Purpose = Literal["working", "reception"]
#: The calendar versions that name a unit, by unit and purpose.
Assignments = dict[tuple[str, Purpose], Timeline["CalendarVersion"]]

#: Compiled calendars kept; each holds prefix sums of six centuries.
_KEPT: Final = 128


@dataclass(frozen=True, slots=True)
class CalendarVersion:
    """A version of a calendar: its data, and place and digest of the entry they came with."""

    data: Calendar
    order: OrderKey
    digest: str
    valid_from: date | None
    valid_to: date | None = None

    @classmethod
    def of(cls, entry: ReferenceEntry, data: Calendar) -> CalendarVersion:
        """The version an entry's data give."""
        return cls(data, entry.order, entry.digest, data.valid_from)


class Compiled:
    """Calendars by content: of the same versions over the same base there is one. Answers do not depend on it."""

    __slots__ = ("_kept",)

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[object, ...], WorkCalendar] = OrderedDict()

    def get(
        self, calendar_id: str, versions: tuple[CalendarVersion, ...], zone: ZoneInfo, base: WorkCalendar | None
    ) -> WorkCalendar:
        """The calendar of these versions, later ones winning, over a base.

        Where it cannot be made, which is then not tried again, the base stands for it and says so (`instead_of`).
        """
        key = (calendar_id, tuple(version.digest for version in versions), zone, base)
        found = self._kept.get(key)
        if found is None:
            try:
                found = build(calendar_id, [version.data for version in versions], zone, base=base)
            except MemoryError:
                raise
            except Exception:
                # Whatever nobody foresaw of it: decided by the versions alone, so that every reading finds it alike.
                if base is None:
                    raise
                found = copy(base)
                found.instead_of = calendar_id
            # Another thread may have made it meanwhile; of each there is one.
            found = self._kept.setdefault(key, found)
            if len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        else:
            self._kept.move_to_end(key)
        return found


def assign(versions: Iterable[CalendarVersion]) -> Assignments:
    """The assignments made by versions of all calendars; of several the latest `valid_from`, then the later entry."""
    found: dict[tuple[str, Purpose], list[CalendarVersion]] = {}
    for version in versions:
        if version.data.unit is not None:
            found.setdefault((version.data.unit, version.data.purpose), []).append(version)
    return {
        key: Timeline(sorted(group, key=lambda version: (version.valid_from or date.min, version.order)))
        for key, group in found.items()
    }
