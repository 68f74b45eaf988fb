"""What reference data say to one dossier: calendars by unit, procedures, routes, units, rule versions.

Written from docs/rules.md "Reference data" and "Rule versions". Knows sets of entries and dates, not dossiers' entries.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from fractions import Fraction
from math import floor
from typing import Any
from zoneinfo import ZoneInfo

from tests.oracle.journal import HeldEntry, held_references
from tests.oracle.reference.calendars import PUBLIC, calendar_of
from tests.oracle.reference.versions import in_force, latest_last
from tests.oracle.reference.worktime import WalkedCalendar, vn_public

__all__ = ["Applying", "References", "Rules", "Term", "term_of"]


@dataclass(frozen=True)
class Term:
    """An amount and its unit."""

    amount: Fraction
    unit: str


PETITION_DAYS = ("petition_refuse_days", "petition_ask_days", "petition_answer_days", "petition_publish_days")


@dataclass(frozen=True)
class Rules:
    """Parameters of rule `deadlines`, with their defaults; `version` None is the built-in one."""

    version: str | None = None
    warnings: tuple[timedelta, ...] = (timedelta(hours=24),)
    step_warnings: tuple[timedelta, ...] = ()
    intake_warnings: tuple[timedelta, ...] = ()
    extension_days: int = 1
    fee_pauses: bool = False
    intake_minutes: int = 480
    intake_channels: tuple[str, ...] = ("online",)
    cutoff: str | None = "15:00"
    cutoff_shifts_start: bool = False
    counting: str = "next-day"
    petition_refuse_days: int = 2
    petition_ask_days: int = 5
    petition_answer_days: int = 15
    petition_publish_days: int = 2


def _rungs(text: Any) -> tuple[timedelta, ...]:
    """`72,24,4` hours, longest first, each once."""
    hours = {part.strip() for part in str(text).split(",")} - {"", "none"}
    return tuple(sorted({timedelta(hours=float(part)) for part in hours}, reverse=True))


def _rules(entry: HeldEntry | None) -> Rules:
    if entry is None:
        return Rules()
    given = entry.data.get("parameters", {})
    told: dict[str, Any] = {"version": entry.data["version"]}
    names = {"warning_hours": "warnings", "step_warning_hours": "step_warnings"}
    for name, field_name in {**names, "intake_warning_hours": "intake_warnings"}.items():
        if name in given:
            told[field_name] = _rungs(given[name])
    for name in ("extension_days", "fee_pauses", "intake_minutes", "cutoff_shifts_start", "counting", *PETITION_DAYS):
        if name in given:
            told[name] = given[name]
    if "intake_channels" in given:
        told["intake_channels"] = tuple(part.strip() for part in given["intake_channels"].split(","))
    if "cutoff" in given:
        told["cutoff"] = None if given["cutoff"] == "none" else given["cutoff"]
    return Rules(**told)


@dataclass
class Applying:
    """The reference entries that apply to a dossier which ended at some instant, or is open."""

    entries: list[HeldEntry]
    zone: ZoneInfo
    _calendars: dict[str, WalkedCalendar] = field(default_factory=dict)

    def _of(self, type_: str, **members: str) -> list[HeldEntry]:
        return [
            entry
            for entry in self.entries
            if entry.type == type_ and all(entry.data.get(name) == value for name, value in members.items())
        ]

    def rules(self, day: date) -> Rules:
        """The rule version of a date of receipt."""
        return _rules(in_force(self._of("rule.activated", rule="deadlines"), day))

    def procedure(self, code: str | None, day: date) -> HeldEntry | None:
        """The procedure version of a date of receipt."""
        return None if code is None else in_force(self._of("procedure.published", procedure=code), day)

    def route(self, procedure: str | None, channel: str | None, day: date) -> HeldEntry | None:
        """The route version of a date of receipt: one of the channel goes before one of all."""
        if procedure is None:
            return None
        routes = [
            entry for entry in self._of("route.revised", procedure=procedure) if _fits(entry.data.get("steps", []))
        ]
        own = in_force((entry for entry in routes if entry.data.get("channel") == channel), day)
        return own or in_force((entry for entry in routes if entry.data.get("channel") is None), day)

    def parent(self, unit: str, day: date | None) -> str | None:
        """The unit above as told on a day, else the code without its last dotted part; None at the top."""
        version = _told_on(self._of("unit.revised", unit=unit), day)
        above: str | None = unit.rpartition(".")[0] or None
        if version is not None and "parent" in version.data:
            above = version.data["parent"]
        return None if above == unit else above

    def chain(self, unit: str | None, day: date) -> list[str]:
        """The unit and all above it, nearest first."""
        found: list[str] = []
        while unit is not None and unit not in found:
            found.append(unit)
            unit = self.parent(unit, day)
        return found

    def successors(self, unit: str, day: date) -> set[str]:
        """Units named as successor by the version that tells about a unit on a day, or by one that begins later."""
        versions = self._of("unit.revised", unit=unit)
        told = _told_on(versions, day)
        later = [version for version in versions if version.data.get("valid_from", "") > day.isoformat()]
        naming = later if told is None else [told, *later]
        return {version.data["successor"] for version in naming if "successor" in version.data}

    def calendar(self, unit: str | None, day: date) -> WalkedCalendar:
        """The calendar assigned to the unit or to the nearest unit above, else the public one."""
        assigned = [
            entry for entry in self._of("calendar.revised") if entry.data.get("purpose", "working") == "working"
        ]
        for above in self.chain(unit, day):
            version = in_force((entry for entry in assigned if entry.data.get("unit") == above), day)
            if version is not None:
                return self.calendar_named(version.data["calendar"])
        return self.calendar_named(PUBLIC)

    def calendar_named(self, name: str) -> WalkedCalendar:
        """The calendar of an id."""
        if name not in self._calendars:
            versions = self._of("calendar.revised")
            self._calendars[name] = calendar_of(name, versions, self.zone) if versions else vn_public(self.zone)
        return self._calendars[name]


def _told_on(versions: list[HeldEntry], day: date | None) -> HeldEntry | None:
    """The version in force on a day, else the one that began last before it, else the first; without a day the last."""
    ordered = latest_last(versions)
    if day is None or not ordered:
        return ordered[-1] if ordered else None
    begun = [version for version in ordered if version.data.get("valid_from", "") <= day.isoformat()]
    return in_force(ordered, day) or (begun[-1] if begun else ordered[0])


class References:
    """All reference entries of a partition as they came.

    Args:
        received: the entries, any of them several times, in any order.
        zone: of day boundaries.
    """

    def __init__(self, received: Iterable[dict[str, Any]], zone: ZoneInfo) -> None:
        self.received = list(received)
        self.zone = zone
        self._known: dict[datetime | None, Applying] = {}

    def applying(self, before: datetime | None) -> Applying:
        """What applies to a dossier that ended at `before`; None: an open one."""
        if before not in self._known:
            self._known[before] = Applying(held_references(self.received, before), self.zone)
        return self._known[before]


def term_of(procedure: HeldEntry | None, kind: str, channel: str | None) -> Term | None:
    """The term of a procedure version for a channel: its own, else the one of all channels.

    A committed term not given is the statutory one less `cut_percent`.
    """
    if procedure is None:
        return None
    terms = [
        term for term in procedure.data.get("terms", []) if term.get("kind", "statutory") == kind and _countable(term)
    ]
    for wanted in (channel, None):
        for term in terms:
            if term.get("channel") == wanted:
                return Term(Fraction(term["amount"]), term["unit"])
    cut = procedure.data.get("cut_percent")
    if kind == "committed" and cut is not None:
        whole = term_of(procedure, "statutory", channel)
        return None if whole is None else _cut(whole, cut)
    return None


def _countable(term: dict[str, Any]) -> bool:
    """Part of a calendar day or month is no term."""
    return term["unit"] in ("working_days", "working_hours") or Fraction(term["amount"]).denominator == 1


def _fits(steps: list[dict[str, Any]]) -> bool:
    """Whether a route can be followed: steps with one owner each, named once, after steps that are there, no circle."""
    names = [step["step"] for step in steps]
    if not names or len(set(names)) < len(names) or any(("unit" in step) == ("role" in step) for step in steps):
        return False
    after = {
        step["step"]: step.get("after", names[place - 1 : place] if place else []) for place, step in enumerate(steps)
    }
    if any(name not in after for names_before in after.values() for name in names_before):
        return False
    left = set(names)
    while left:
        free = {name for name in left if not left.intersection(after[name])}
        if not free:
            return False
        left -= free
    return True


def _cut(whole: Term, percent: int) -> Term:
    """A term less so many percent: parts of a calendar day are left out, a month cut to a part counts as 30 days."""
    left = whole.amount * (100 - percent) / 100
    if left.denominator == 1 or whole.unit in ("working_days", "working_hours"):
        return Term(left, whole.unit)
    return Term(Fraction(floor(left * 30 if whole.unit == "months" else left)), "calendar_days")
