"""Who may act on a step of a dossier at its place among the entries (issue 13, section 3)."""

from __future__ import annotations

from tests.oracle.journal import HeldEntry
from tests.oracle.rights.entitled import Acting
from tests.oracle.work.steps import PlannedStep, StepWalk

__all__ = ["may_act", "may_tell"]


def _planned(walk: StepWalk, name: str) -> PlannedStep | None:
    return next((step for step in walk.route if step.name == name), None)


def _owner_by_route(walk: StepWalk, name: str) -> str | None:
    step = _planned(walk, name)
    if step is None:
        return None
    return walk.accountable if step.unit is None else step.unit


def may_act(acting: Acting, walk: StepWalk, entry: HeldEntry) -> bool:
    """Whether an entry is entitled to its step as the walk stands: to the dossier, as owner, or as who holds it.

    Who holds a step may assign or send back what is right before or after it by the route; who holds any may do so
    with a step that is in no route.
    """
    name = entry.data["step"]
    units = [_owner_by_route(walk, name)]
    for one in walk.register.all:
        near = entry.type != "step.completed" and _near(walk, one.step, name)
        if one.end is None and (one.step == name or near):
            units.append(one.unit)
    return acting.entitles(entry) or any(acting.register.covers(entry, unit) for unit in units)


def _near(walk: StepWalk, held: str, name: str) -> bool:
    step, other = _planned(walk, name), _planned(walk, held)
    if step is None:
        return True
    return other is not None and (held in step.after or name in other.after)


def may_tell(acting: Acting, walk: StepWalk, entry: HeldEntry) -> bool:
    """Whether a step entry from before acceptance or after the finish, without effect anyhow, is entitled."""
    name = entry.data["step"]
    planned = _planned(walk, name)
    # By role it is who is accountable, whom the dossier knows.
    units = [None if planned is None else planned.unit, *(one.unit for one in walk.register.all if one.step == name)]
    return acting.entitles(entry) or any(acting.register.covers(entry, unit) for unit in units)
