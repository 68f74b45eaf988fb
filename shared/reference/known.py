"""The set of reference entries a partition has, and what applies by it: calendars, procedures, routes, units, rules.

Pure: a function of the set, whatever the order its entries came in. What it keeps for speed changes no answer.
"""

from __future__ import annotations

import hashlib
from collections.abc import Hashable, Iterable, Iterator
from datetime import date
from itertools import chain
from typing import Final
from zoneinfo import ZoneInfo

from shared.calendar import WorkCalendar
from shared.contract.reference import Calendar, Channel
from shared.reference.concern import Concern, narrow
from shared.reference.entry import Identity, ReferenceEntry
from shared.reference.index import NOTHING_KNOWN, Index
from shared.reference.kinds.calendars import Assignments, Compiled, Purpose, assign
from shared.reference.kinds.procedures import ProcedureVersion
from shared.reference.kinds.routes import RouteVersion
from shared.reference.kinds.rules import DEADLINES, DeadlineRules
from shared.reference.kinds.units import Units, UnitVersion
from shared.reference.versions import Timeline

__all__ = ["EMPTY", "ReferenceSet"]

_BUILT_IN: Final = DeadlineRules()
#: Answers and views kept; past it, they are made anew.
_KEPT: Final = 16_384
_VIEWS: Final = 64


class ReferenceSet:
    """Reference entries and what applies by them; immutable, equal and hashed by `version`.

    `before` is the end of the dossier that asks, in UTC microseconds, None while it is open: only entries with a time
    before it are considered, then corrections and withdrawals are resolved among those.
    """

    __slots__ = ("_answers", "_assignments", "_compiled", "_entries", "_index", "_units")

    def __init__(self, index: Index = NOTHING_KNOWN, compiled: Compiled | None = None) -> None:
        self._index = index
        #: Handed on from set to set, as it goes by content.
        self._compiled = Compiled() if compiled is None else compiled
        self._entries: tuple[ReferenceEntry, ...] | None = None
        self._answers: dict[Hashable, WorkCalendar | None] = {}
        self._assignments: dict[int, Assignments] = {}
        self._units: dict[int, Units] = {}

    def with_entry(self, entry: ReferenceEntry) -> ReferenceSet:
        """The set with one more entry; this very object if it has it already."""
        return self.with_entries((entry,))

    def with_entries(self, entries: Iterable[ReferenceEntry]) -> ReferenceSet:
        """The set with more entries, by one step; this very object if it has them already."""
        index = self._index.with_entries(entries)
        return self if index is self._index else ReferenceSet(index, self._compiled)

    @property
    def version(self) -> str:
        """32 hex digits that depend on the set of entries alone."""
        return hashlib.sha256(self._index.sum.to_bytes(32, "big")).hexdigest()[:32]

    @property
    def entries(self) -> tuple[ReferenceEntry, ...]:
        """All distinct entries, superseded ones included, in the order of reference entries."""
        if self._entries is None:
            chains = self._index.chains
            every = chain.from_iterable(map(chains.of, chains))
            self._entries = tuple(sorted(every, key=lambda entry: entry.order))
        return self._entries

    @property
    def last(self) -> int:
        """The latest time of an entry (UTC µs): whatever ended after it is answered as if it were still open."""
        return self._index.last

    def revisions(self, identity: Identity) -> tuple[ReferenceEntry, ...]:
        """The distinct entries of one identity, in no particular order."""
        return tuple(self._index.chains.of(identity))

    def narrow(self, entry: ReferenceEntry) -> Concern:
        """Whom an entry may concern; the same whether the set has it already or not."""
        return narrow(self._index, entry)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ReferenceSet) and self._index.sum == other._index.sum

    def __hash__(self) -> int:
        return hash(self._index.sum)

    def __len__(self) -> int:
        return self._index.count

    def __repr__(self) -> str:
        return f"ReferenceSet({self.version}, {len(self)} entries)"

    def procedure(self, code: str, day: date, before: int | None) -> ProcedureVersion | None:
        """The procedure version in force on a local day."""
        versions = self._index.procedures.versions(code)
        return None if versions is None else versions.at(before).on(day)

    def procedure_versions(self, code: str, before: int | None = None) -> tuple[ProcedureVersion, ...]:
        """The versions of a procedure that hold, in ascending precedence, in force or not."""
        versions = self._index.procedures.versions(code)
        return () if versions is None else versions.at(before).versions

    def procedures(self) -> tuple[str, ...]:
        """The codes of all procedures that were ever published, sorted."""
        return tuple(sorted(str(code) for code in self._index.procedures.things()))

    def route(self, procedure: str, channel: Channel | None, day: date, before: int | None) -> RouteVersion | None:
        """The route in force on a local day: the channel's own, else that of all channels."""
        if channel is not None:
            versions = self._index.routes.versions((procedure, channel))
            own = None if versions is None else versions.at(before).on(day)
            if own is not None:
                return own
        versions = self._index.routes.versions((procedure, None))
        return None if versions is None else versions.at(before).on(day)

    def has_route(self, procedure: str, channel: Channel | None) -> bool:
        """Whether there is a route of a procedure for just this channel (None: for all), in force or not."""
        versions = self._index.routes.versions((procedure, channel))
        return versions is not None and bool(versions.open.versions)

    def rules(self, day: date, before: int | None, defaults: DeadlineRules = _BUILT_IN) -> DeadlineRules:
        """The deadline rules in force on a local day; what they leave out is as in `defaults`."""
        versions = self._index.rules.versions(DEADLINES)
        found = None if versions is None else versions.at(before).on(day)
        return defaults if found is None else found.over(defaults)

    def units(self, before: int | None) -> Units:
        """The registered units."""
        rank = self._index.units.rank(before)
        found = self._units.get(rank)
        if found is None:
            if len(self._units) >= _VIEWS:
                self._units.clear()
            family = self._index.units

            def timeline(code: str) -> Timeline[UnitVersion] | None:
                versions = family.versions(code)
                return None if versions is None else versions.at(before)

            def codes() -> Iterator[str]:
                yield from map(str, family.things())

            found = self._units[rank] = Units(codes(), timeline)
        return found

    def versions_of_calendar(self, name: str) -> tuple[Calendar, ...]:
        """The versions of one calendar that hold for what is open, in ascending precedence."""
        versions = self._index.calendars.versions(name)
        return () if versions is None else tuple(version.data for version in versions.open.versions)

    def calendars(self) -> tuple[str, ...]:
        """The names of all calendars that were ever revised, in no particular order."""
        return tuple(map(str, self._index.calendars.things()))

    def calendar_versions(self) -> tuple[Calendar, ...]:
        """The calendar versions that hold for what is open, of all calendars, each one's in ascending precedence."""
        return tuple(chain.from_iterable(map(self.versions_of_calendar, sorted(self.calendars()))))

    def calendar(
        self,
        unit: str | None,
        before: int | None,
        *,
        zone: ZoneInfo,
        purpose: Purpose = "working",
        default: WorkCalendar | None = None,
        day: date | None = None,
    ) -> WorkCalendar | None:
        """The calendar assigned to a unit, or to the nearest unit above it; None if none is.

        Args:
            unit: the unit's code; None has no calendar of its own.
            before: as everywhere.
            zone: zone of a calendar that names none.
            purpose: working time or reception sessions.
            default: the stack's calendar, as revised, under what the assigned one lays days over.
            day: assignments and parents on this local day; without, the latest ones.
        """
        if unit is None or not self._index.calendars:
            return None
        rank = self._index.calendars.rank(before)
        key = (unit, purpose, zone, default, day, rank, self._index.units.rank(before))
        try:
            return self._answers[key]
        except KeyError:
            pass
        found = None
        assignments = self._assigned(rank, before)
        for code in (unit, *self.units(before).above(unit, day)):
            timeline = assignments.get((code, purpose))
            version = None if timeline is None else timeline.latest if day is None else timeline.on(day)
            if version is not None:
                found = self.calendar_named(version.data.calendar, before, zone=zone, default=default)
                break
        return self._keep(key, found)

    def calendar_named(
        self, calendar_id: str, before: int | None, *, zone: ZoneInfo, default: WorkCalendar | None = None
    ) -> WorkCalendar | None:
        """A calendar by its id; None if nobody defined it.

        Versions of the default calendar's own id lie over it, those of another id over the default as revised.
        """
        versions = self._index.calendars.versions(calendar_id)
        own = default if default is not None and default.id == calendar_id else None
        if versions is None:
            return own
        key = (calendar_id, zone, default, self._index.calendars.rank(before))
        try:
            return self._answers[key]
        except KeyError:
            pass
        base = own
        if default is not None and own is None:
            base = self.calendar_named(default.id, before, zone=zone, default=default)
        timeline = versions.at(before)
        found = self._compiled.get(calendar_id, timeline.versions, zone, base) if timeline.versions else own
        return self._keep(key, found)

    def working_calendar(
        self, unit: str | None, before: int | None, *, default: WorkCalendar, day: date | None = None
    ) -> WorkCalendar:
        """The calendar a unit's working time is measured by: the one assigned, else the default as revised."""
        if not self._index.calendars:
            return default
        found = self.calendar(unit, before, zone=default.zone, default=default, day=day)
        if found is None:
            found = self.calendar_named(default.id, before, zone=default.zone, default=default)
        return default if found is None else found

    def _assigned(self, rank: int, before: int | None) -> Assignments:
        found = self._assignments.get(rank)
        if found is None:
            if len(self._assignments) >= _VIEWS:
                self._assignments.clear()
            every = (self._index.calendars.versions(key) for key in self._index.calendars.things())
            held = (versions.at(before).versions for versions in every if versions is not None)
            found = self._assignments[rank] = assign(chain.from_iterable(held))
        return found

    def _keep(self, key: Hashable, found: WorkCalendar | None) -> WorkCalendar | None:
        if len(self._answers) >= _KEPT:
            self._answers.clear()
        self._answers[key] = found
        return found


#: The set without entries.
EMPTY: Final = ReferenceSet()
