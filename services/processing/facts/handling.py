"""Who handles a dossier: its steps followed with what is in force for it, and its delay split among units.

Pure. Joins due date, life and reference data for the routing; decides nothing itself.
"""

from __future__ import annotations

from collections.abc import Sequence

from services.processing.facts.deadlines import Deadlines
from services.processing.facts.life import Life
from services.processing.facts.reference import InForce, Reference
from services.processing.record import EntryRecord
from services.processing.routing import Routing, follow_steps, own_route
from services.processing.routing.blame import Part, blame
from services.processing.routing.rights import StepRights
from shared.calendar import WorkCalendar

__all__ = ["handling_of"]

Blame = list[Part]


def handling_of(
    life: Life,
    accepted: EntryRecord,
    held: Sequence[EntryRecord],
    dues: Deadlines,
    *,
    reference: Reference,
    force: InForce,
    rights: StepRights | None = None,
) -> tuple[Routing, Blame]:
    """Steps, holders and rejections of an accepted dossier, and the blame of one that finished late.

    Args:
        life: its life.
        accepted: its acceptance.
        held: its entries that hold and may act.
        dues: its due date and pauses.
        reference: reference data.
        force: what of it is in force.
        rights: who may act on its steps; None: everybody.
    """
    data = accepted.data or {}
    unit = data["unit"]
    accountable = (life.handed_over[-1].data or {})["unit"] if life.handed_over else unit
    finished_at, judged_at = life.finished_at, life.finished_at if dues.frozen_at is None else dues.frozen_at
    waiting = dues.waiting_since is not None
    late = finished_at is not None and dues.due is not None and judged_at is not None and judged_at > dues.due
    route = own_route(data.get("route")) or force.route
    if route is None and not life.steps:
        stopped = finished_at is not None or waiting or dues.frozen_at is not None
        routing = Routing(holders=[] if stopped else [accountable])
        if not late:
            return routing, []
    before = reference.before(life.ended_at)

    def calendar_of(owner: str | None) -> WorkCalendar:
        if owner is None:
            # Of an unassigned step nobody's calendar is known but the one its dossier is counted by.
            return force.calendar
        return reference.calendar_of(owner, force.day, before)

    def owns(owner: str, other: str) -> bool:
        return reference.known.units(before).is_below(other, owner, force.day)

    if route is not None or life.steps:
        routing = follow_steps(
            held,
            accepted_at=accepted.time,
            finished_at=finished_at,
            unit=unit,
            route=route,
            pauses=dues.pauses,
            calendar_of=calendar_of,
            owns=owns,
            waiting=waiting,
            rights=rights,
        )
    if not late or dues.due is None or judged_at is None:
        return routing, []
    parts = blame(
        routing.steps,
        dues.due,
        judged_at,
        calendar=force.calendar,
        calendar_of=calendar_of,
        pauses=dues.pauses,
        accountable=accountable,
    )
    return routing, parts
