"""The work on one dossier: its steps measured, who holds it, and whose the delay is (docs/rules.md "Steps")."""

from __future__ import annotations

from datetime import datetime, timedelta

from tests.oracle.cases.facts import ENDS, Dossier, find
from tests.oracle.cases.handling import Receipt
from tests.oracle.journal import HeldEntry
from tests.oracle.reference.worktime import WalkedCalendar
from tests.oracle.rights.entitled import Judged
from tests.oracle.rights.steps import may_act, may_tell
from tests.oracle.work.occurrences import MINUTE, Occurrence, blame_of, step_due, used
from tests.oracle.work.steps import PlannedStep, StepWalk, own_route, route_of

__all__ = ["refuse_steps", "take_steps"]


def refuse_steps(judged: Judged) -> None:
    """Of a dossier never accepted: steps by whoever is not entitled to it have no effect."""
    _keep(judged, {id(entry) for entry in _steps(judged) if not judged.acting.entitles(entry)})


def _steps(judged: Judged) -> list[HeldEntry]:
    return [entry for entry in judged.entries if entry.type.startswith("step.")]


def _keep(judged: Judged, refused: set[int]) -> None:
    """Reject the steps that are not entitled, and leave them out from now on."""
    for entry in judged.entries:
        if id(entry) in refused:
            judged.reject(entry, judged.acting.rejection(entry))
    judged.entries = [entry for entry in judged.entries if id(entry) not in refused]


def take_steps(dossier: Dossier, receipt: Receipt, by_the_end: list[HeldEntry], judged: Judged) -> None:
    """Fill in steps, holders, blame, rejections; leaves out of `judged` the steps that are not entitled.

    Args:
        dossier: whose due date is known already.
        receipt: its receipt.
        by_the_end: entries that have an effect and are not later than the finish.
        judged: its entries that may act, and who may.
    """
    accepted_at = receipt.entry.time

    def calendar_of(unit: str | None) -> WalkedCalendar:
        return receipt.calendar if unit is None else receipt.applying.calendar(unit, receipt.day)

    def owns(unit: str, owner: str | None) -> bool:
        return owner in receipt.applying.chain(unit, receipt.day)

    walk = StepWalk(_route(dossier, receipt), receipt.entry.data["unit"], dossier.pauses, calendar_of, owns)
    walk.start(accepted_at)
    since = [one for one in judged.entries if one.time >= accepted_at and one.type.split(".")[0] in ("dossier", "step")]
    previous: HeldEntry | None = None
    refused: set[int] = set()
    for entry in since:
        rejected = len(walk.rejections)
        if entry in by_the_end and (entry.type.startswith("step.") or entry.type == "dossier.handed_over"):
            if entry.type != "dossier.handed_over" and not may_act(judged.acting, walk, entry):
                refused.add(id(entry))
                continue
            walk.take(entry, previous)
        # An act that was rejected has no effect, not even that of being the previous entry; an end is none either.
        if len(walk.rejections) == rejected and entry.type not in ENDS:
            previous = entry
    if dossier.finished_at is not None:
        walk.finish(dossier.finished_at)
    outside = [entry for entry in _steps(judged) if entry not in by_the_end]
    refused |= {id(entry) for entry in outside if not may_tell(judged.acting, walk, entry)}
    _keep(judged, refused)
    for finding, entry in walk.findings:
        find(dossier, finding, entry)
    dossier.rejections += walk.rejections
    dossier.steps = walk.register.all
    for one in dossier.steps:
        _measure(one, dossier, calendar_of(one.unit))
    dossier.holders = _holders(dossier)
    dossier.blame = _blame(dossier, receipt)


def _route(dossier: Dossier, receipt: Receipt) -> list[PlannedStep]:
    """The receipt's own route goes before reference data."""
    own = receipt.entry.data.get("route")
    if own:
        return own_route(own)
    version = receipt.applying.route(dossier.procedure, dossier.channel, receipt.day)
    if version is None:
        return []
    dossier.route_version = version.data["version"]
    return route_of(version.data.get("steps", []))


def _measure(one: Occurrence, dossier: Dossier, calendar: WalkedCalendar) -> None:
    one.due = step_due(one, dossier.pauses, calendar)
    if one.end is not None:
        one.used = used(one.begin, one.end, dossier.pauses, calendar)
        if one.budget is not None:
            one.over = max(timedelta(0), one.used - one.budget * MINUTE)


def _holders(dossier: Dossier) -> list[str]:
    """Owners of what is under way, else the accountable unit; nobody of the office while the clock is stopped."""
    stopped = bool(dossier.pauses) and dossier.pauses[-1][1] is None
    if dossier.finished_at is not None or dossier.waiting_since is not None or stopped:
        return []
    under_way = sorted({one.unit for one in dossier.steps if one.end is None and one.unit is not None})
    return under_way or ([] if dossier.unit is None else [dossier.unit])


def _blame(dossier: Dossier, receipt: Receipt) -> list[tuple[str | None, int]]:
    """Of a dossier that finished late: the working time from due to the end, split among units."""
    due, end = dossier.due, dossier.judged_at
    if due is None or end is None or end <= due:
        return []

    def held(one: Occurrence, begin: datetime, until: datetime) -> timedelta:
        calendar = receipt.calendar if one.unit is None else receipt.applying.calendar(one.unit, receipt.day)
        return used(begin, until, dossier.pauses, calendar) if begin < until else timedelta(0)

    delay = receipt.calendar.working_time(due, end)
    return blame_of(dossier.steps, (due, end), dossier.unit, delay, held)
