"""Short notation for the steps of one dossier: "DD HH:MM what step unit ..." of November 2026, local time.

The 16th is a Monday; the 16th to the 20th are worked 07:30-11:30 and 13:00-17:00.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

from services.processing.record import EntryRecord
from services.processing.routing import Routing, StepFact, follow_steps, own_route
from shared.calendar import WorkCalendar
from shared.calendar.vietnam import vn_public
from shared.instants import MINUTE, parse_instant, to_rfc3339_local
from shared.reference.kinds.routes import RouteStep, RouteVersion

__all__ = [
    "CALENDAR",
    "ZONE",
    "at",
    "calendar_of",
    "course",
    "entry",
    "follow",
    "found",
    "hours",
    "local",
    "own",
    "owns",
    "route",
    "span",
    "told",
    "used",
]

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
CALENDAR = vn_public(ZONE)
ACCEPTED = "16 07:30"


def at(text: str) -> int:
    """The instant of "DD HH:MM"."""
    return parse_instant(f"2026-11-{text.replace(' ', 'T')}:00+07:00")


def local(instant: int | None) -> str | None:
    """The notation of an instant."""
    return None if instant is None else to_rfc3339_local(instant, ZONE)[8:16].replace("T", " ")


def span(text: str) -> tuple[int, int | None]:
    """A pause: "DD HH:MM - DD HH:MM", or open: "DD HH:MM -"."""
    begin, _, end = text.partition("-")
    return at(begin.strip()), at(end.strip()) if end.strip() else None


def calendar_of(_unit: str | None) -> WorkCalendar:
    """All units keep the public hours."""
    return CALENDAR


def owns(owner: str, unit: str) -> bool:
    """Units below others have longer codes."""
    return unit.startswith(f"{owner}.")


def route(*steps: str) -> RouteVersion:
    """A route of lines "step owner [minutes] [< before,...] [optional]"; an owner such as @clerk is a role.

    Without `<` a step comes after the one in the line before, with a bare `<` after none.
    """
    made: list[RouteStep] = []
    for line in steps:
        body, joined, before = line.replace(" optional", "").partition("<")
        words = body.split()
        after: tuple[str, ...] = (made[-1].step,) if made else ()
        if joined:
            after = tuple(name.strip() for name in before.split(",") if name.strip())
        role = words[1][1:] if words[1].startswith("@") else None
        made.append(
            RouteStep(
                step=words[0],
                unit=None if role else words[1],
                role=role,
                budget=int(words[2]) if len(words) > 2 else None,
                after=after,
                optional=" optional" in line,
            )
        )
    return RouteVersion(procedure="2.000815", version="v1", channel=None, steps=tuple(made))


def entry(number: int, type_: str, time: int, data: dict[str, Any]) -> EntryRecord:
    """An entry that holds; its id is its number."""
    return EntryRecord(type_, "one-stop", str(number), "H44-1", time, number, 0, data, "", None, None, False, number)


def course(lines: Sequence[str]) -> list[EntryRecord]:
    """The entries of the lines, in their order.

    What is `completed step [unit]`, `assigned step unit [minutes]`, `sent_back step [unit|-] [to]`, `handed_over unit`,
    or any other type: of the dossier, or (with a dot) as it is.
    """
    made = []
    for number, line in enumerate(lines):
        day, hour, what, *rest = line.split()
        data: dict[str, Any] = {}
        if what in ("completed", "assigned", "sent_back"):
            data["step"] = rest[0]
            if len(rest) > 1 and rest[1] != "-":
                data["unit"] = rest[1]
            if len(rest) > 2:
                data["to" if what == "sent_back" else "budget"] = rest[2] if what == "sent_back" else int(rest[2])
            what = f"step.{what}"
        elif what == "handed_over":
            data["unit"] = rest[0]
        made.append(entry(number, what if "." in what else f"dossier.{what}", at(f"{day} {hour}"), data))
    return made


def follow(
    plan: RouteVersion | None,
    *lines: str,
    finished: str | None = None,
    pauses: Sequence[str] = (),
    unit: str = "U",
    waiting: bool = False,
) -> Routing:
    """Follow a dossier accepted on the 16th at 07:30 by the unit U."""
    return follow_steps(
        course(lines),
        accepted_at=at(ACCEPTED),
        finished_at=None if finished is None else at(finished),
        unit=unit,
        route=plan,
        pauses=[span(text) for text in pauses],
        calendar_of=calendar_of,
        owns=owns,
        waiting=waiting,
    )


def told(routing: Routing) -> list[str]:
    """The occurrences: "step#number unit from > to outcome"; under way without what follows the >."""
    return [_told(fact) for fact in routing.steps]


def _told(fact: StepFact) -> str:
    line = f"{fact.step}#{fact.occurrence} {fact.unit} {local(fact.begun_at)} >"
    return line if fact.ended_at is None else f"{line} {local(fact.ended_at)} {fact.outcome}"


def found(routing: Routing) -> list[str]:
    """Findings as "code number of the line"."""
    return [f"{code} {about.id}" for code, about in routing.findings]


def hours(micros: int | None) -> float | None:
    """Working time in hours."""
    return None if micros is None else micros / (60 * MINUTE)


def used(routing: Routing) -> list[tuple[str, float | None, float | None]]:
    """(step, hours used, hours over) of the occurrences."""
    return [(fact.step, hours(fact.used_us), hours(fact.over_us)) for fact in routing.steps]


def own(*steps: str) -> RouteVersion | None:
    """A receipt's own route of lines "step unit [minutes]"."""
    given = []
    for line in steps:
        name, unit, *budget = line.split()
        given.append({"step": name, "unit": unit} | ({"budget": int(budget[0])} if budget else {}))
    return own_route(given)
