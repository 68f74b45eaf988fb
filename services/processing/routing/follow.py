"""Who held a dossier in which step: its entries walked once in their order, by its route and as reported.

Pure. Reads neither due dates nor the clock; whatever an entry did is a function of the entries that hold.
"""

from __future__ import annotations

from collections.abc import Sequence

from services.processing.record import EntryRecord
from services.processing.routing.measure import CalendarOf, Stopwatches
from services.processing.routing.model import Pause, Routing
from services.processing.routing.occurrences import Occurrences
from services.processing.routing.plan import Plan, plan_of
from services.processing.routing.planned import Owns, Planned
from services.processing.routing.reported import Reported
from services.processing.routing.rights import StepRights
from shared.reference.kinds.routes import RouteVersion

__all__ = ["follow_steps"]

#: An end is told last: where it has the instant of the last step, the order of types would leave that step no time.
_ENDS = frozenset(f"dossier.{end}" for end in ("resolved", "returned", "withdrawn", "stopped", "refused"))


def follow_steps(
    held: Sequence[EntryRecord],
    *,
    accepted_at: int,
    finished_at: int | None,
    unit: str | None,
    route: RouteVersion | None,
    pauses: Sequence[Pause],
    calendar_of: CalendarOf,
    owns: Owns,
    waiting: bool = False,
    rights: StepRights | None = None,
) -> Routing:
    """Follow the steps of an accepted dossier (docs/rules.md, "Steps").

    Readings: step entries and hand-overs after the finish have no effect; those at its very instant have. What is
    under way is cut off after all of them. Holders are told once each, sorted by code.

    Args:
        held: all entries of the dossier that hold, in their order; those without a part in it are passed over.
        accepted_at: acceptance.
        finished_at: end of handling, not before acceptance; None while open.
        unit: the accountable unit at acceptance.
        route: the receipt's own route, else the one in force; None: steps are taken as reported.
        pauses: effective pauses of the due date.
        calendar_of: the calendar of a unit; None is unassigned.
        owns: called as `owns(owner, unit)` for two different units: whether the second is below the first.
        waiting: the open dossier waits for the applicant though its clock runs (a request made after the due).
        rights: who may act on a step; None: everybody whose entries hold.
    """
    walk = _Walk(accepted_at, unit, route, Stopwatches(calendar_of, pauses), owns)
    walk.rights = rights
    for entry in held:
        if entry.time < accepted_at:
            continue
        if finished_at is not None and entry.time > finished_at:
            break
        walk.take(entry)
    stopped = waiting or (bool(pauses) and pauses[-1][1] is None)
    return walk.end(finished_at, stopped=stopped)


class _Walk:
    """One dossier between two of its entries; `previous` is the instant of its last one, no end and not rejected."""

    __slots__ = ("accountable", "findings", "occurrences", "plan", "planned", "previous", "reported", "rights")

    def __init__(
        self,
        accepted_at: int,
        unit: str | None,
        route: RouteVersion | None,
        watches: Stopwatches,
        owns: Owns,
    ) -> None:
        self.rights: StepRights | None = None
        self.occurrences = Occurrences(watches)
        self.reported = Reported(self.occurrences)
        self.accountable = unit
        self.previous = accepted_at
        self.plan: Plan | None = None
        self.planned: Planned | None = None
        self.findings: list[tuple[str, EntryRecord]] = []
        if route is not None:
            self.plan = plan_of(route)
            self.planned = Planned(self.plan, self.occurrences, unit, owns, self.findings)
            self.planned.start(accepted_at)

    def take(self, entry: EntryRecord) -> None:
        """The next entry, from acceptance to the finish; of a kind without a part in steps it is passed over."""
        kind = entry.type
        if kind.startswith("step."):
            if not self._act(entry):
                return
        elif kind == "dossier.handed_over":
            self.accountable = unit = (entry.data or {})["unit"]
            if self.planned is not None:
                self.planned.hand_over(unit, entry.time)
        elif kind in _ENDS or not kind.startswith("dossier."):
            return
        self.previous = entry.time

    def end(self, finished_at: int | None, *, stopped: bool) -> Routing:
        """What came of it; `stopped`: an open dossier is with the applicant."""
        holders: list[str] = []
        if finished_at is not None:
            self.occurrences.finish(finished_at)
        elif not stopped:
            under_way = self.occurrences.under_way.values()
            holders = sorted({fact.unit for fact in under_way if fact.unit is not None})
            if not holders and self.accountable is not None:
                holders.append(self.accountable)
        self.occurrences.measure()
        routing = Routing(self.occurrences.all, holders, findings=self.findings)
        if self.plan is not None and self.planned is not None:
            routing.rejections = self.planned.rejections
            routing.looking_ahead = self.planned.ahead
            routing.route_version = self.plan.route.version or None
        return routing

    def _act(self, entry: EntryRecord) -> bool:
        """Let a step entry act; False where it is rejected."""
        under_way = self.occurrences.under_way
        if self.rights is not None and not self.rights.may(
            entry, under_way=under_way, plan=self.plan, accountable=self.accountable
        ):
            return False
        data = entry.data or {}
        step, unit, kind = data["step"], data.get("unit"), entry.type
        if self.plan is not None and self.planned is not None:
            place = self.plan.place.get(step)
            if place is not None:
                if kind == "step.completed":
                    return self.planned.complete(entry, place, unit)
                if kind == "step.assigned":
                    return self.planned.assign(entry, place, data["unit"], data.get("budget"))
                return self.planned.send_back(entry, place, unit, data.get("to"))
            self.findings.append(("step_not_in_route", entry))
        if kind == "step.completed":
            self.reported.complete(entry, step, unit, self.previous)
        elif kind == "step.assigned":
            self.reported.assign(entry, step, unit, data.get("budget"))
        else:
            self.reported.send_back(entry, step, unit)
        return True
