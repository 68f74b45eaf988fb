"""The truth of a simulation as lines of JSON: a head, a line for each dossier, the figures, an end. Pure.

Comes from case files alone; never from the entries, nor from what judges them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from datetime import date
from typing import Any, Final

from shared.calendar import WorkCalendar
from shared.instants import to_rfc3339
from simulator.course.casefile import Case
from simulator.score import Score
from simulator.truth.tally import Tally, date_class
from simulator.world.places import World

__all__ = ["FORMAT", "dossier_line", "end_line", "figure_lines", "head_line"]

#: Raised when the form of the file changes.
FORMAT: Final = 1


def head_line(score: Score, zone: str) -> dict[str, Any]:
    """The first line: what was simulated."""
    told = {name: value.isoformat() if isinstance(value, date) else value for name, value in asdict(score).items()}
    return {"line": "head", "format": FORMAT, "simulated": True, "zone": zone, **told}


def dossier_line(case: Case, calendar: WorkCalendar) -> dict[str, Any]:
    """What is true of a dossier at the end of the simulation, after all corrections.

    Of one that was never accepted there is only the code; `holders` and `delay` (µs by unit) stand where they are
    sure: not where an office forgot to report a step.
    """
    found: dict[str, Any] = {"line": "dossier", "code": case.code, "accepted": _text(case.accepted)}
    if case.accepted is None:
        return found
    judged, binding = case.judged, case.binding(calendar)
    found |= {
        "unit": case.unit,
        "procedure": case.service.code,
        "channel": case.channel,
        "due": _text(case.due),
        "due_original": _text(case.due_original),
        "finished": _text(case.finished),
        "finish": case.finish,
        "judged": _text(judged),
        "second_request": _text(case.promise.second),
    }
    if judged is not None:
        late = binding is not None and judged > binding
        found["on_time_by_instant"] = not late and case.promise.second is None
        found["class"] = date_class(case, calendar)
    if case.sure:
        found["holders"] = case.holders()
        found["delay"] = case.delays(calendar)
    return found


def figure_lines(tally: Tally, world: World) -> Iterator[dict[str, Any]]:
    """Figures of everything, of each province and each unit, by period."""
    below: dict[str, list[str]] = {"": list(world.places)}
    for province in world.provinces:
        below[province] = [code for code, place in world.places.items() if place.parent == province]
    below |= {code: [code] for code in world.places}
    for figures in tally.figures(below):
        yield {"line": "figures", **figures}


def end_line(entries: int, dossiers: int, portal: dict[str, int]) -> dict[str, Any]:
    """The last line: how much there is, and what the portal made of it; without it the file is cut off."""
    return {"line": "end", "entries": entries, "dossiers": dossiers, "portal": portal}


def _text(instant: int | None) -> str | None:
    return None if instant is None else to_rfc3339(instant)
