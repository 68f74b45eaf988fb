"""What a dossier is judged by: the stack's calendar and built-in rules, and over them the reference entries known.

Pure. Knows which version is in force for a dossier; applies none of them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Hashable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any, Final
from zoneinfo import ZoneInfo

from services.processing.entitling.covering import covers_named, covers_registered
from services.processing.entitling.naming import CODE_FORMS
from shared.calendar import WorkCalendar
from shared.contract.reference import Channel
from shared.instants import DAY
from shared.reference.kinds.procedures import ProcedureVersion
from shared.reference.kinds.routes import RouteVersion
from shared.reference.kinds.rules import DeadlineRules
from shared.reference.kinds.units import Units
from shared.reference.known import EMPTY, ReferenceSet

__all__ = ["InForce", "Reference"]

#: Answers kept; past it, they are made anew.
_KEPT: Final = 16_384


@dataclass(slots=True)
class InForce:
    """What is in force for a dossier received by a unit on a day; procedure and route None where none is known.

    `ends` keeps the ends of the procedure's terms by receipt, `intake_ends` those of the intake clock by submission;
    `plain_rung` is the stack's built-in warning, in µs.
    """

    day: date
    rules: DeadlineRules
    calendar: WorkCalendar
    procedure: ProcedureVersion | None
    route: RouteVersion | None
    plain_rung: int
    ends: dict[int, Any] = field(default_factory=dict)
    intake_ends: dict[int, int | None] = field(default_factory=dict)


@dataclass(frozen=True)
class Reference:
    """Reference data and rule parameters of a derivation.

    Args:
        calendar: the stack's working time, where no other calendar is assigned; its zone must be `zone`.
        zone: the zone of day boundaries.
        warning_before: built-in rung: how long before the due instant a warning is given, in µs of wall clock.
        extension_days: built-in: working days before the due date by which an extension must be made [r].
        entry_cap: entries a dossier may have; a brake against a flooding sender, set when a journal is begun.
        code_forms: forms of dossier codes that name a unit (entitling/naming.py), set when a journal is begun.
        known: the reference entries of the partition.
    """

    calendar: WorkCalendar
    zone: ZoneInfo
    warning_before: int = DAY
    extension_days: int = 1
    entry_cap: int = 2_000
    code_forms: tuple[str, ...] = CODE_FORMS
    known: ReferenceSet = EMPTY
    _kept: dict[Hashable, Any] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if self.calendar.zone.key != self.zone.key:
            raise ValueError(f"calendar {self.calendar.id} is of zone {self.calendar.zone.key}, not {self.zone.key}")

    def with_known(self, known: ReferenceSet) -> Reference:
        """The same stack with other reference entries; this very object if they are the same."""
        if known is self.known:
            return self
        other = replace(self, known=known)
        # The static part stays, and a rule version tells by the object whether its defaults are still the same.
        vars(other).update(version=self.version, defaults=self.defaults)
        return other

    @cached_property
    def version(self) -> str:
        """Hash of the static part of what decides an output: calendar, parameters, the zone on this machine."""
        offsets = [
            datetime(year, month, 1, tzinfo=self.zone).utcoffset() or timedelta(0)
            for year in range(1900, 2200)
            for month in range(1, 13)
        ]
        told = (
            self.calendar.id,
            self.calendar.version,
            self.calendar.hash,
            self.zone.key,
            [offset // timedelta(microseconds=1) for offset in offsets],
            self.warning_before,
            self.extension_days,
            self.entry_cap,
            # The version of a stack with the forms of all stacks of before stays what it was.
            *(() if self.code_forms == CODE_FORMS else (self.code_forms,)),
        )
        return hashlib.sha256(repr(told).encode()).hexdigest()[:16]

    @cached_property
    def defaults(self) -> DeadlineRules:
        """The rules where no rule version is in force, and what a version leaves out."""
        return DeadlineRules(rungs=(self.warning_before,), extension_days=self.extension_days)

    @cached_property
    def _built_in(self) -> InForce:
        """What is in force where no reference entry is known; then nothing goes by the day."""
        return InForce(date.min, self.defaults, self.calendar, None, None, self.warning_before)

    def before(self, end: int | None) -> int | None:
        """The instant before which a reference entry must lie to apply to a dossier; None where all do."""
        return end if end is not None and end <= self.known.last else None

    def in_force(
        self, at: int, end: int | None, *, unit: str | None, procedure: str | None, channel: Channel | None
    ) -> InForce:
        """What is in force on the local date of an instant (docs/rules.md, "Reference data").

        Args:
            at: the acceptance, or for the intake clock the submission, in UTC µs.
            end: the dossier's end, None while it is open.
            unit: who received it.
            procedure: its procedure as reported.
            channel: its channel.
        """
        if not self.known:
            return self._built_in
        day = self.calendar.local_date(at)
        before = self.before(end)
        key = (day, before, unit, procedure, channel)
        found = self._kept.get(key)
        if found is None:
            found = InForce(
                day,
                self.known.rules(day, before, self.defaults),
                self.calendar_of(unit, day, before),
                None if procedure is None else self.known.procedure(procedure, day, before),
                None if procedure is None else self.known.route(procedure, channel, day, before),
                self.warning_before,
            )
            if before is None:
                self._keep(key, found)
        return found

    def calendar_of(self, unit: str | None, day: date, before: int | None) -> WorkCalendar:
        """The calendar a unit's working time is measured by, for dossiers received on a day."""
        if not self.known:
            return self.calendar
        key = (unit, day, before)
        found = self._kept.get(key)
        if found is None:
            found = self.known.working_calendar(unit, before, default=self.calendar, day=day)
            if before is None:
                self._keep(key, found)
        return found

    def make_calendars(self) -> None:
        """Make the calendars of what is still open, which may take a moment where they are new; may be in a thread."""
        for name in {version.calendar for version in self.known.calendar_versions()}:
            self.known.calendar_named(name, None, zone=self.zone, default=self.calendar)

    def units(self, before: int | None) -> Units:
        """The registered units."""
        return self.known.units(before)

    def covers(self, grant: str | None, unit: str | None, at: int) -> bool:
        """Whether a grant covers a unit on the local date of an instant (docs/rules.md, "Who may act").

        By all unit entries, whatever their time: who may end a dossier must not hang on its end.

        Args:
            grant: the grant in the engine's form, None: all.
            unit: the unit; None is covered by all only.
            at: the instant in UTC µs.
        """
        if grant is None:
            return True
        if unit is None:
            return False
        if covers_named(grant, unit):
            return True
        # Without registered units what is above is what the code says, which patterns cover already.
        if not self.known:
            return False
        day = self.calendar.local_date(at)
        key = ("covers", grant, unit, day)
        found = self._kept.get(key)
        if found is None:
            found = covers_registered(self.units(None), grant, unit, day)
            self._keep(key, found)
        return bool(found)

    def _keep(self, key: Hashable, found: Any) -> None:
        if len(self._kept) >= _KEPT:
            self._kept.clear()
        self._kept[key] = found
