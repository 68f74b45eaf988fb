"""The routing slip (phiếu kiểm soát quá trình giải quyết hồ sơ, form 06): who held the dossier, from when to when.

Pure and JSON-able; its words for people, in Vietnamese and English, belong to those who show it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from services.processing.routing.measure import CalendarOf, Stopwatches
from services.processing.routing.model import Ahead, Pause, Routing, StepFact
from shared.instants import MINUTE, to_rfc3339

__all__ = ["slip"]


def slip(routing: Routing, *, as_of: int, pauses: Sequence[Pause], calendar_of: CalendarOf) -> list[dict[str, Any]]:
    """The lines of the routing slip as it stands at an instant.

    Occurrences come in the order they were told of, then the steps of the route not under way and not done. `state` is
    `ended`, `under_way`, `not_begun` or `to_repeat` (done before, sent back since). `used_us` is working time held
    until then, pauses left out; `over_us` what exceeds the budget, `left_us` what is left of it (one of them is 0).
    `pauses` are the parts of pauses in which the unit had the step. Reading: what began after the instant is told as
    ahead, what ended after it as under way.

    Args:
        routing: the dossier's.
        as_of: the instant it is told for; what is under way is measured until then.
        pauses: effective pauses of the dossier.
        calendar_of: the calendar of a unit; None is unassigned.

    Returns:
        One dict a line: instants RFC 3339 in UTC, budget in working minutes, working time in µs; null where unknown.
    """
    watches = Stopwatches(calendar_of, pauses)
    lines = [_line(fact, as_of, pauses, watches) for fact in routing.steps if fact.begun_at <= as_of]
    ahead = {step.step: step for step in (*_begun_later(routing.steps, as_of), *routing.ahead)}
    return lines + [_ahead(step) for step in ahead.values()]


def _begun_later(steps: Sequence[StepFact], as_of: int) -> Iterator[Ahead]:
    """Steps of the route that began after the instant and were not under way at it."""
    told = {fact.step for fact in steps if fact.begun_at <= as_of}
    under_way = {
        fact.step for fact in steps if fact.begun_at <= as_of and (fact.ended_at is None or fact.ended_at > as_of)
    }
    for fact in steps:
        if fact.planned and fact.begun_at > as_of and fact.step not in under_way:
            yield Ahead(fact.step, fact.unit, fact.role, fact.budget, optional=False, again=fact.step in told)


def _line(fact: StepFact, as_of: int, pauses: Sequence[Pause], watches: Stopwatches) -> dict[str, Any]:
    ended_at = fact.ended_at if fact.ended_at is not None and fact.ended_at <= as_of else None
    last = as_of if ended_at is None else ended_at
    used = watches.of(fact.unit).held(fact.begun_at, last)
    margin = None if fact.budget is None else fact.budget * MINUTE - used
    return {
        "step": fact.step,
        "unit": fact.unit,
        "role": fact.role,
        "occurrence": fact.occurrence,
        "planned": fact.planned,
        "optional": None,
        "state": "under_way" if ended_at is None else "ended",
        "from": to_rfc3339(fact.begun_at),
        "to": _text(ended_at),
        "outcome": None if ended_at is None else fact.outcome,
        "sent_back_at": _text(fact.sent_back_at) if (fact.sent_back_at or 0) <= as_of else None,
        "budget": fact.budget,
        "due": _text(fact.due),
        "used_us": used,
        "over_us": None if margin is None else max(0, -margin),
        "left_us": None if margin is None else max(0, margin),
        "pauses": [
            [to_rfc3339(max(begin, fact.begun_at)), _text(_pause_end(end, ended_at, as_of))]
            for begin, end in pauses
            if begin < last and (end is None or end > fact.begun_at)
        ],
    }


def _ahead(step: Ahead) -> dict[str, Any]:
    return {
        "step": step.step,
        "unit": step.unit,
        "role": step.role,
        "occurrence": None,
        "planned": True,
        "optional": step.optional,
        "state": "to_repeat" if step.again else "not_begun",
        "from": None,
        "to": None,
        "outcome": None,
        "sent_back_at": None,
        "budget": step.budget,
        "due": None,
        "used_us": None,
        "over_us": None,
        "left_us": None,
        "pauses": [],
    }


def _pause_end(end: int | None, ended_at: int | None, as_of: int) -> int | None:
    """Where a pause stopped counting for an occurrence; None while it lasts."""
    if ended_at is not None:
        return ended_at if end is None else min(end, ended_at)
    return None if end is None or end > as_of else end


def _text(instant: int | None) -> str | None:
    return None if instant is None else to_rfc3339(instant)
