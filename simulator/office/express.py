"""Live dossiers: a simulated office that never closes, so that figures move at any hour, and the backlog worked off.

Pure: a function of (seed, slot) and (seed, session, dossier). A slot is ten seconds of wall time, named by its number
since 1970; whether it is played is decided by whoever runs a live session.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from random import Random
from typing import Final
from zoneinfo import ZoneInfo

from shared.instants import HOUR, MINUTE, SECOND, local_date, to_rfc3339
from simulator.chance import dice, pick
from simulator.office.lives import delayed, end, spoil
from simulator.office.plan import Plan
from simulator.office.province import COMMUNES, DEPARTMENTS, EXPRESS

__all__ = ["LONGEST", "SLOT", "finish_early", "slot_plans"]

#: Length of a slot.
SLOT: Final = 10 * SECOND
#: No live dossier has entries later than this after its slot.
LONGEST: Final = 80 * HOUR
#: The backlog found at the start of a session is worked off within this time.
_BACKLOG: Final = 3 * HOUR
#: Dossiers a slot: with some ten entries each, spread over minutes, about five entries a second.
_FEWEST, _MOST = 5, 8


def slot_plans(seed: int, slot: int, zone: ZoneInfo) -> Iterator[Plan]:
    """The dossiers accepted in one slot. Handled within minutes; about one in eight later than promised."""
    roll = dice(seed, "live", slot)
    start = slot * SLOT
    day = local_date(start, zone)
    first = (start // SECOND) % 86_400 // 10 * 10
    for index in range(roll.randint(_FEWEST, _MOST)):
        yield _express(roll, start + int(roll.uniform(0, SLOT)), day, first + index)


def finish_early(plan: Plan, seed: int, session: int, until: int | None) -> None:
    """Let a live session finish a dossier that was open at its start, in place of what the office had planned.

    Seven of eight are taken, each at an instant of its own within three hours; one in eight keeps its office's plan
    and may pass its due. Nothing changes where the session ended first or the office is quicker.

    Args:
        plan: the dossier's planned life, changed in place.
        seed: the seed of the province.
        session: the instant the session began, UTC microseconds.
        until: the instant it ended, or None while it runs.
    """
    if plan.accepted > session or plan.ended is None or plan.ended <= session:
        return
    roll = dice(seed, "backlog", session, plan.code)
    at = session + int(roll.uniform(0, _BACKLOG))
    if roll.random() < 0.125 or at >= plan.ended or (until is not None and at >= until):
        return
    plan.cut(at)
    end(plan, roll, at, document=True)


def _express(roll: Random, accepted: int, day: date, number: int) -> Plan:
    units = (*DEPARTMENTS, *COMMUNES)
    unit = pick(roll, units, [one.weight for one in units])
    procedures = [one for one in EXPRESS if one.department == (unit.code if unit.kind == "department" else None)]
    procedure = pick(roll, procedures, [one.weight for one in procedures])
    channel = pick(roll, ("online", "direct", "postal"), (procedure.online, 0.93 - procedure.online, 0.07))
    plan = Plan(f"{unit.code}-{day:%y%m%d}-9{number:05d}", f"sim/{unit.code}", accepted)
    term = roll.choice((2, 2, 3, 5, 10, 20)) * MINUTE
    data = {
        "procedure": procedure.code,
        "channel": channel,
        "unit": unit.code,
        "promised_due": to_rfc3339(accepted + term),
    }
    first = plan.add(accepted, "dossier.accepted", data, sent=delayed(roll, accepted))
    components = {"total": roll.randint(2, 6), "digitised": 2, "reused": 0, "personal_store": 0}
    plan.add(accepted + SECOND, "quality.components_recorded", components, sent=delayed(roll, accepted))
    if procedure.fee:
        at = accepted + int(roll.uniform(5, 60) * SECOND)
        plan.add(at, "dossier.fee_requested", {"amount": procedure.fee}, sent=delayed(roll, at))
        gateway = pick(roll, ("national", "provincial", "none"), (5, 2, 3))
        plan.add(at + SECOND, "dossier.fee_paid", {"channel": gateway, "amount": procedure.fee}, sent=delayed(roll, at))
    at = accepted
    pace = term * min(2.5, roll.lognormvariate(-0.5, 0.42)) * unit.slowness
    for step, share in (("tham_dinh", 0.7), ("trinh_ky", 0.3)):
        plan.add(at, "step.assigned", {"step": step, "unit": unit.code}, sent=delayed(roll, at))
        if step == "trinh_ky" and roll.random() < 0.03:
            plan.add(at, "dossier.supplement_requested", {"reason": "MISSING_PAPERS"}, sent=delayed(roll, at))
            at += int(roll.uniform(1, 20) * MINUTE)
            plan.add(at, "dossier.supplement_received", {}, sent=delayed(roll, at))
        at += int(pace * share)
        plan.add(at, "step.completed", {"step": step, "unit": unit.code}, sent=delayed(roll, at))
    end(plan, roll, at, document=True)
    spoil(plan, roll, first)
    return plan
