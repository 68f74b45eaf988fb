"""What comes of entries that are not entitled: rejections and findings, and steps that never were. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from services.processing.entitling.entitle import Entitled
from services.processing.facts.life import Life
from services.processing.facts.reference import InForce
from services.processing.record import EntryRecord
from services.processing.routing.model import RejectedAct, Routing
from services.processing.routing.plan import Plan, own_route, plan_of
from services.processing.routing.rights import StepRights, outside

__all__ = ["NOT_ENTITLED", "judge_steps", "rejections_of"]

NOT_ENTITLED: Final = "not_entitled"


def judge_steps(judged: Entitled, rights: StepRights, life: Life, routing: Routing, force: InForce | None) -> None:
    """Take in the acts on steps that the walk refused, and judge those it did not come to.

    Args:
        judged: the dossier's entries as judged; gets the refused steps.
        rights: the rights the walk asked.
        life: the dossier's life; loses the refused steps.
        routing: what the walk made of the steps.
        force: what an accepted dossier is judged by.
    """
    accepted, finished_at = life.accepted, life.finished_at
    beside = [
        entry
        for entry in judged.acting
        if entry.type.startswith("step.")
        and (accepted is None or entry.time < accepted.time or (finished_at is not None and entry.time > finished_at))
    ]
    refused = rights.refused
    if beside:
        refused = [*refused, *outside(judged, beside, _plan(accepted, force), routing.steps)]
    if not refused:
        return
    for entry in refused:
        judged.refuse(entry, judged.chain.at(entry))
    judged.acting = [entry for entry in judged.acting if (entry.source, entry.id) not in judged.beyond]
    life.without_steps(judged.beyond)


def _plan(accepted: EntryRecord | None, force: InForce | None) -> Plan | None:
    if accepted is None or force is None:
        return None
    route = own_route((accepted.data or {}).get("route")) or force.route
    return None if route is None else plan_of(route)


def rejections_of(judged: Entitled, held: Sequence[EntryRecord], routing: Routing) -> list[RejectedAct]:
    """All rejections in the order of the entries: of those not entitled, and of those who do not own their step."""
    acts = {(act.source, act.id): act for act in routing.rejections}
    for entry, owner in judged.refused:
        data = entry.data or {}
        acts[(entry.source, entry.id)] = RejectedAct(
            NOT_ENTITLED, entry.source, entry.id, data.get("step"), data.get("unit"), owner
        )
    return [acts[identity] for entry in held if (identity := (entry.source, entry.id)) in acts]
