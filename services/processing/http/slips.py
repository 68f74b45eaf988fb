"""The routing slip of a dossier (phiếu kiểm soát, form 06) as an HTTP answer, made of its facts.

Pure. Instants in UTC and as the clock on the wall shows them; working time in µs, which is exact, and in whole minutes.
"""

from __future__ import annotations

from typing import Any, Final, Literal, NamedTuple

from pydantic import BaseModel, Field

from services.processing.facts import Facts, InForce, Reference
from services.processing.routing import blame, slip
from services.processing.routing.blame import Part
from services.processing.routing.measure import Stopwatch
from shared.calendar import WorkCalendar
from shared.instants import MINUTE, parse_instant, to_rfc3339, to_rfc3339_local

__all__ = ["SlipAnswer", "make_slip"]

_LINE_INSTANTS: Final = (("begun_at", "from"), ("ended_at", "to"), ("sent_back_at", "sent_back_at"), ("due", "due"))


class SlipLine(BaseModel):
    """Who had the dossier in one step, or will have it."""

    step: str
    unit: str | None = Field(description="null: unassigned")
    role: str | None
    occurrence: int | None = Field(description="of a step that lies ahead null")
    planned: bool = Field(description="whether the step is in the route")
    optional: bool | None = Field(description="of a step that lies ahead: passed over unless assigned")
    state: Literal["ended", "under_way", "not_begun", "to_repeat"]
    outcome: Literal["completed", "sent_back", "handed_over", "cut_off"] | None
    begun_at: str | None
    begun_at_local: str | None
    ended_at: str | None
    ended_at_local: str | None
    sent_back_at: str | None
    sent_back_at_local: str | None
    due: str | None = Field(description="when the budget is used up")
    due_local: str | None
    budget: int | None = Field(description="working minutes")
    used_us: int | None = Field(description="working time held, pauses left out, µs")
    used_minutes: int | None = Field(description="the same in whole minutes, rounded down")
    over_us: int | None = Field(description="what exceeds the budget, µs")
    over_minutes: int | None
    left_us: int | None = Field(description="what is left of the budget, µs")
    left_minutes: int | None
    pauses: list[tuple[str, str | None]] = Field(description="parts of pauses in which the unit had it")


class SlipPart(BaseModel):
    """A unit's part in the delay."""

    unit: str | None = Field(description="null: unassigned")
    delay_us: int
    delay_minutes: int


class SlipTotal(BaseModel):
    """The slip added up; working time in µs and in whole minutes, rounded down."""

    handled_us: int | None = Field(description="from acceptance by the dossier's calendar, pauses left out")
    handled_minutes: int | None
    held_us: int = Field(description="sum of the lines; steps side by side count each")
    held_minutes: int
    budget: int = Field(description="sum of the budgets of the steps begun, working minutes")
    over_us: int = Field(description="sum of what exceeds the budgets")
    over_minutes: int
    delay_us: int = Field(description="from due date to end, or to `as_of`; the parts of `blame` add up to it")
    delay_minutes: int


class SlipAnswer(BaseModel):
    """The routing slip: every line of it, who holds the dossier now, and whose the delay is."""

    code: str
    status: int
    unit: str | None = Field(description="the accountable unit")
    receiving_unit: str | None
    procedure: str | None
    channel: str | None
    route_version: str | None
    simulated: bool
    as_of: str | None = Field(description="what is under way is measured until then: the end, else the clock")
    as_of_local: str | None
    accepted_at: str | None = Field(description="null: not accepted, and then there are no lines")
    accepted_at_local: str | None
    due: str | None
    due_local: str | None
    finished_at: str | None
    finished_at_local: str | None
    finish: str | None
    lines: list[SlipLine]
    holders: list[str] = Field(description="who holds it now; nobody when it ended or waits for the applicant")
    waiting: bool = Field(description="open, and an answer of the applicant is awaited")
    blame: list[SlipPart] = Field(description="whose the delay is; empty without delay")
    total: SlipTotal


def make_slip(known: Facts, reference: Reference, clock: int | None) -> SlipAnswer:
    """The slip of a dossier.

    Readings: without a clock, what is under way is measured until the dossier's last entry. The delay of an open
    dossier is that it would have if it ended now; while its clock is stopped that is none.

    Args:
        known: its facts.
        reference: what they were derived with.
        clock: the partition's clock in UTC µs; None before the first tick.
    """
    force, as_of = known.force, _as_of(known, clock)
    measured = _NOTHING if force is None or as_of is None else _measure(known, force, reference, as_of)
    instants = {
        "as_of": None if force is None else as_of,
        "accepted_at": known.accepted_at,
        "due": known.due,
        "finished_at": known.finished_at,
    }
    waiting = known.waiting_since is not None or known.dues.frozen_at is not None
    return SlipAnswer.model_validate(
        {
            "code": known.code,
            "status": known.status,
            "unit": known.unit,
            "receiving_unit": known.receiving_unit,
            "procedure": known.procedure,
            "channel": known.channel,
            "route_version": known.routing.route_version,
            "simulated": known.simulated,
            "finish": known.finish,
            "lines": [_line(line, reference) for line in measured.lines],
            "holders": known.holders,
            "waiting": known.finished_at is None and waiting,
            "blame": [
                {"unit": unit, "delay_us": part, "delay_minutes": part // MINUTE} for unit, part in measured.blame
            ],
            "total": _total(measured),
            **_told(instants, reference),
        }
    )


class _Measured(NamedTuple):
    """The lines of `slip`, whose the delay is, and the working time since acceptance in µs."""

    lines: list[dict[str, Any]]
    blame: list[Part]
    handled: int | None


_NOTHING: Final = _Measured([], [], None)


def _measure(known: Facts, force: InForce, reference: Reference, as_of: int) -> _Measured:
    """What an accepted dossier's slip says at an instant."""
    before, due, pauses = reference.before(known.ended_at), known.due, known.pauses
    accepted_at = as_of if known.accepted_at is None else known.accepted_at

    def calendar_of(unit: str | None) -> WorkCalendar:
        return reference.calendar_of(unit, force.day, before)

    parts = known.blame
    if known.finished_at is None and due is not None and known.dues.frozen_at is None:
        parts = blame(
            known.steps,
            due,
            as_of,
            calendar=force.calendar,
            calendar_of=calendar_of,
            pauses=pauses,
            accountable=known.unit,
        )
    handled = Stopwatch(force.calendar, pauses).held(accepted_at, max(as_of, accepted_at))
    return _Measured(slip(known.routing, as_of=as_of, pauses=pauses, calendar_of=calendar_of), parts, handled)


def _as_of(known: Facts, clock: int | None) -> int | None:
    """The end, else the clock, else the last entry."""
    if known.finished_at is not None:
        return known.finished_at
    return clock if clock is not None else max((entry.time for entry in known.held), default=None)


def _line(line: dict[str, Any], reference: Reference) -> dict[str, Any]:
    """A line with its instants in both forms, and its working time in minutes too."""
    instants = {name: None if line[key] is None else parse_instant(line[key]) for name, key in _LINE_INSTANTS}
    told = {name: value for name, value in line.items() if name not in ("from", "to")}
    for name in ("used", "over", "left"):
        working = line[f"{name}_us"]
        told[f"{name}_minutes"] = None if working is None else working // MINUTE
    return told | _told(instants, reference)


def _total(measured: _Measured) -> dict[str, int | None]:
    begun = [line for line in measured.lines if line["used_us"] is not None]
    times = {
        "handled": measured.handled,
        "held": sum(line["used_us"] for line in begun),
        "over": sum(line["over_us"] or 0 for line in begun),
        "delay": sum(part for _, part in measured.blame),
    }
    told: dict[str, int | None] = {"budget": sum(line["budget"] or 0 for line in begun)}
    for name, working in times.items():
        told[f"{name}_us"] = working
        told[f"{name}_minutes"] = None if working is None else working // MINUTE
    return told


def _told(instants: dict[str, int | None], reference: Reference) -> dict[str, str | None]:
    """Each instant in UTC, and with `_local` at its name in the stack's zone."""
    told: dict[str, str | None] = {}
    for name, instant in instants.items():
        told[name] = None if instant is None else to_rfc3339(instant)
        told[f"{name}_local"] = None if instant is None else to_rfc3339_local(instant, reference.zone)
    return told
