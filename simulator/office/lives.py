"""The life of one simulated dossier of an ordinary office: a pure function of (seed, day, running number).

Knows the habits of the fictitious province and the working calendar it is given; reads no clock, sends nothing.
Shares below are made up, close to what provinces report (DOMAIN: mostly on time, a few slow units, some late sending).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from random import Random
from typing import Any, Protocol

from shared.instants import DAY, HOUR, MINUTE, SECOND, to_rfc3339
from simulator.chance import dice, pick
from simulator.office.plan import Plan, Planned
from simulator.office.province import COMMUNES, DEPARTMENTS, PROCEDURES, Procedure, Unit
from simulator.office.steps import MINUTES_A_DAY, HandlingStep, steps_of, term_minutes

__all__ = ["Office", "delayed", "end", "life", "spoil"]

_CHANNELS = ("online", "direct", "postal")


class Office(Protocol):
    """Working time of the province's offices. Instants in UTC microseconds, minutes are working minutes."""

    def is_working(self, day: date) -> bool:
        """Whether offices work on a local date."""
        ...

    def at(self, day: date, minute: float) -> int:
        """The instant of a working day at which so many working minutes have passed."""
        ...

    def plus_days(self, day: date, days: int) -> date:
        """The working day so many working days later."""
        ...

    def plus_minutes(self, instant: int, minutes: float) -> int:
        """The instant so many working minutes later."""
        ...

    def day_of(self, instant: int) -> date:
        """The local date of an instant."""
        ...


def life(seed: int, day: date, number: int, office: Office) -> Plan:
    """All entries of the dossier that is the `number`-th of a working day, from submission to the returned result."""
    roll = dice(seed, day.isoformat(), number)
    procedure = pick(roll, PROCEDURES, [one.weight for one in PROCEDURES])
    unit = _unit_of(procedure, roll)
    channel = pick(roll, _CHANNELS, (procedure.online, 0.93 - procedure.online, 0.07))
    accepted = office.at(day, _minute_of_day(roll)) + roll.randrange(60) * SECOND
    plan = Plan(f"{unit.code}-{day:%y%m%d}-{number:04d}", f"sim/{unit.code}", accepted)
    about = {"procedure": procedure.code, "channel": channel, "unit": unit.code}
    if channel != "direct":
        submitted = accepted - int(roll.uniform(5 * MINUTE, 16 * HOUR))
        plan.add(submitted, "dossier.submitted", about, sent=delayed(roll, submitted))
        if roll.random() < 0.03:
            plan.add(accepted, "dossier.refused", {"reason": "INCOMPLETE"}, sent=delayed(roll, accepted))
            plan.ended = accepted
            return plan
    # Of its own, so that what goes wrong now and then changes nothing else about a life.
    odd = dice(seed, "odd", day.isoformat(), number)
    first = _accept(plan, roll, odd, procedure=procedure, about=about, office=office)
    _work(plan, roll, odd, procedure=procedure, unit=unit, office=office)
    _surroundings(plan, roll, procedure)
    spoil(plan, roll, first)
    return plan


def delayed(roll: Random, at: int) -> int:
    """When a source sends what happened at an instant: mostly at once, some minutes, hours or days later."""
    chance = roll.random()
    if chance < 0.90:
        return at + int(roll.uniform(1, 20) * SECOND)
    if chance < 0.96:
        return at + int(roll.uniform(5, 180) * MINUTE)
    if chance < 0.99:
        return at + int(roll.uniform(3, 20) * HOUR)
    return at + int(roll.uniform(1, 3) * DAY)


def spoil(plan: Plan, roll: Random, accepted: Planned) -> None:
    """What sources do wrong: duplicates, corrections by revision, withdrawn entries, two contents under one id."""
    for planned in tuple(plan.entries):
        if roll.random() < 0.015:
            plan.again(planned, sent=planned.sent + int(roll.uniform(1 * MINUTE, 8 * HOUR)))
    later = accepted.sent + int(roll.uniform(10 * MINUTE, 6 * HOUR))
    chance = roll.random()
    if chance < 0.02:
        other = pick(roll, _CHANNELS, (1, 1, 1))
        plan.again(accepted, sent=later, revision=1, data=accepted.entry["data"] | {"channel": other})
    elif chance < 0.023:
        plan.again(accepted, sent=later, data=accepted.entry["data"] | {"channel": "postal"})
    elif chance < 0.03:
        wrong = plan.add(later, "quality.rated", {"verdict": "dislike"}, sent=later)
        plan.again(wrong, sent=later + HOUR, revision=1, data=None)


def _unit_of(procedure: Procedure, roll: Random) -> Unit:
    if procedure.department is None:
        return pick(roll, COMMUNES, [unit.weight for unit in COMMUNES])
    return next(unit for unit in DEPARTMENTS if unit.code == procedure.department)


def _minute_of_day(roll: Random) -> float:
    """Two waves: the morning's (about 08:45) and a lower one in the early afternoon (about 14:00)."""
    centre, width = (75, 50) if roll.random() < 0.62 else (300, 55)
    return min(475.0, max(2.0, roll.gauss(centre, width)))


def _accept(
    plan: Plan, roll: Random, odd: Random, *, procedure: Procedure, about: dict[str, Any], office: Office
) -> Planned:
    if procedure.hours:
        due = to_rfc3339(office.plus_minutes(plan.accepted, procedure.hours * 60))
    else:
        # One receipt in a hundred promises another day than the committed term gives.
        days = procedure.days + (odd.choice((1, 1, 2)) if odd.random() < 0.01 else 0)
        due = office.plus_days(office.day_of(plan.accepted), days).isoformat()
    data = about | {"promised_due": due}
    if procedure.department and roll.random() < 0.15:
        data["receiving_unit"] = pick(roll, COMMUNES, [unit.weight for unit in COMMUNES]).code
    first = plan.add(plan.accepted, "dossier.accepted", data, sent=delayed(roll, plan.accepted))
    total = roll.randint(2, 9)
    digitised = total if roll.random() < 0.6 else roll.randint(0, total)
    components = {"total": total, "digitised": digitised, "reused": roll.choice((0, 0, 0, 1)), "personal_store": 0}
    at = plan.accepted + 2 * MINUTE
    plan.add(at, "quality.components_recorded", components, sent=delayed(roll, at))
    if roll.random() < 0.5:
        plan.add(plan.accepted, "quality.identity_verified", {"by": "vneid"}, sent=delayed(roll, plan.accepted))
    return first


def _work(plan: Plan, roll: Random, odd: Random, *, procedure: Procedure, unit: Unit, office: Office) -> None:
    """The steps with their pauses, then the end. Whoever is accountable at the moment reports its steps done."""
    minutes = term_minutes(procedure) * min(3.0, roll.lognormvariate(-0.45, 0.42)) * unit.slowness
    at = plan.accepted + 5 * MINUTE
    owner = unit.code
    peers = [peer.code for peer in (COMMUNES if unit.kind == "commune" else DEPARTMENTS) if peer.code != unit.code]
    trouble = pick(roll, ("", "supplement", "extension", "handover", "withdrawn", "stopped"), (81, 8, 4, 3, 2, 1))
    for step in steps_of(procedure):
        given = {"step": step.step, "unit": step.unit or owner, "budget": step.budget}
        # A moment after the step before was done: entries of one instant are taken in another order.
        plan.add(at + SECOND, "step.assigned", given, sent=delayed(roll, at + SECOND))
        at = office.plus_minutes(at, minutes * step.part / 2)
        if step.step == "tham_dinh" and trouble:
            at = _trouble(plan, roll, at, trouble=trouble, procedure=procedure, office=office)
            if plan.ended is not None:
                return
            if trouble == "handover":
                owner = roll.choice(peers)
                plan.add(at, "dossier.handed_over", {"unit": owner}, sent=delayed(roll, at))
        at = office.plus_minutes(at, minutes * step.part / 2)
        _done(plan, roll, odd, at, step=step, owner=owner, peers=peers)
    if trouble in ("", "handover"):
        _apologise(plan, odd, at, procedure=procedure, office=office)
    end(plan, roll, at, document=roll.random() < 0.9)


def _done(
    plan: Plan, roll: Random, odd: Random, at: int, *, step: HandlingStep, owner: str, peers: Sequence[str]
) -> None:
    """A step is reported done; now and then by a unit that does not own it first, or not at all."""
    unit, chance = step.unit or owner, odd.random()
    if chance < 0.005:
        stranger = odd.choice([code for code in peers if code not in (unit, owner)])
        wrong = {"step": step.step, "unit": stranger}
        plan.add(at - SECOND, "step.completed", wrong, sent=delayed(odd, at - SECOND))
    sent = delayed(roll, at)
    if chance < 0.998:
        plan.add(at, "step.completed", {"step": step.step, "unit": unit}, sent=sent)


def _apologise(plan: Plan, odd: Random, at: int, *, procedure: Procedure, office: Office) -> None:
    """Six in ten offices say an hour or more before closing of the promised day that they will be late."""
    promised = office.plus_days(office.day_of(plan.accepted), procedure.days)
    if procedure.days and office.day_of(at) > promised and odd.random() < 0.6:
        told = office.plus_minutes(plan.accepted, procedure.days * MINUTES_A_DAY - 60)
        new = {"form": "04", "promised_due": office.day_of(at).isoformat()}
        plan.add(told, "dossier.apologised", new, sent=delayed(odd, told))


def end(plan: Plan, roll: Random, at: int, *, document: bool) -> None:
    """Resolve a dossier and, mostly, hand the result back; a few are opened again and resolved a second time."""
    plan.ended = at
    result = {"result_document": document, "e_result": document and roll.random() < 0.75}
    plan.add(at, "dossier.resolved", result, sent=delayed(roll, at))
    if roll.random() < 0.004:
        again = at + int(roll.uniform(2, 20) * HOUR)
        plan.add(again, "dossier.reopened", {"reason": "ERROR_IN_RESULT"}, sent=delayed(roll, again))
        at = plan.ended = again + int(roll.uniform(3, 30) * HOUR)
        plan.add(at, "dossier.resolved", result, sent=delayed(roll, at))
    if roll.random() < 0.8:
        returned = at + int(roll.expovariate(1 / (6 * HOUR)))
        plan.add(returned, "dossier.returned", {}, sent=delayed(roll, returned))


def _trouble(plan: Plan, roll: Random, at: int, *, trouble: str, procedure: Procedure, office: Office) -> int:
    """What holds a dossier up; gives the instant from which work goes on."""
    if trouble in ("withdrawn", "stopped"):
        plan.add(at, f"dossier.{trouble}", {"reason": "APPLICANT"}, sent=delayed(roll, at))
        plan.ended = at
    elif trouble == "extension" and procedure.days >= 5:
        due = office.plus_days(office.day_of(plan.accepted), procedure.days + roll.randint(2, 5)).isoformat()
        reason = {"promised_due": due, "reason": "COMPLEX"}
        plan.add(at, "dossier.extended", reason, sent=delayed(roll, at))
        plan.add(at + MINUTE, "dossier.apologised", {"form": "04", "promised_due": due}, sent=delayed(roll, at))
        at = office.plus_minutes(at, roll.uniform(1, 4) * MINUTES_A_DAY)
    elif trouble == "supplement":
        for _ in range(1 if roll.random() < 0.9 else 2):
            plan.add(at, "dossier.supplement_requested", {"reason": "MISSING_PAPERS"}, sent=delayed(roll, at))
            if roll.random() < 0.06:  # the citizen never answers; after 20 working days the office stops
                at = office.plus_minutes(at, 20 * MINUTES_A_DAY)
                plan.add(at, "dossier.stopped", {"reason": "NO_ANSWER"}, sent=delayed(roll, at))
                plan.ended = at
                return at
            at = office.plus_minutes(at, roll.uniform(0.5, 6) * MINUTES_A_DAY)
            renewed: dict[str, Any] = {}
            if roll.random() < 0.5 and procedure.days:
                renewed["promised_due"] = office.plus_days(office.day_of(at), procedure.days).isoformat()
            plan.add(at, "dossier.supplement_received", renewed, sent=delayed(roll, at))
            at = office.plus_minutes(at, 30)
    return at


def _surroundings(plan: Plan, roll: Random, procedure: Procedure) -> None:
    """Fees, the portal's synchronisation and the citizen's rating."""
    start = plan.accepted + 3 * MINUTE
    if procedure.fee:
        plan.add(start, "dossier.fee_requested", {"amount": procedure.fee}, sent=delayed(roll, start))
        paid = start + int(roll.uniform(1, 40) * MINUTE)
        gateway = pick(roll, ("national", "provincial", "none"), (5, 2, 3))
        plan.add(paid, "dossier.fee_paid", {"channel": gateway, "amount": procedure.fee}, sent=delayed(roll, paid))
    if roll.random() < 0.3:
        plan.add(start, "portal.sent", {}, sent=delayed(roll, start))
        reply = start + MINUTE
        if roll.random() < 0.9:
            plan.add(reply, "portal.acknowledged", {}, sent=delayed(roll, reply))
        else:
            plan.add(reply, "portal.rejected", {"error_code": "E17"}, sent=delayed(roll, reply))
    if plan.ended is not None and roll.random() < 0.15:
        at = plan.ended + int(roll.uniform(1, 48) * HOUR)
        verdict = "like" if roll.random() < 0.93 else "dislike"
        plan.add(at, "quality.rated", {"verdict": verdict}, sent=delayed(roll, at))
