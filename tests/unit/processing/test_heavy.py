"""A dossier of very many entries: deriving it is linear in them, whatever they are."""

from __future__ import annotations

from dataclasses import replace

import pytest

from services.processing.engine import Reference, apply_entry
from services.processing.facts.announcements import Announcement, steps_announced
from services.processing.facts.stops import Stops
from services.processing.routing.model import Pause, StepFact
from shared.instants import HOUR
from tests.unit.processing.driver import REFERENCE
from tests.unit.processing.heavy import MIXES, steps_of

FEW, MANY = 150, 600


def _work(mix: str, count: int, reference: Reference) -> int:
    """Steps of deriving a dossier once more with its last entry, and of making its row."""
    entries = MIXES[mix](count)
    state = apply_entry(None, entries[0], entries[-1].time, reference).state
    state = replace(state, entries=entries[:-1])

    def derive() -> None:
        apply_entry(state, entries[-1], entries[-1].time, reference)

    # What calendars and texts remember from one derivation to the next is there in each but the first.
    derive()
    return steps_of(derive)


@pytest.mark.parametrize("mix", MIXES)
def test_four_times_the_entries_are_four_times_the_work(mix: str) -> None:
    few, many = _work(mix, FEW, REFERENCE), _work(mix, MANY, REFERENCE)
    assert many < few * (MANY / FEW) * 1.15, f"{few} steps for {FEW} entries, {many} for {MANY}"


def _steps(count: int, values: int) -> list[StepFact]:
    return [
        StepFact(
            f"s{number}",
            "U",
            0,
            budget=60,
            due=values * HOUR + 5 * HOUR,
            last_due=(values * HOUR + 5 * HOUR, (values - 1) * HOUR),
            looking_back=lambda: [(value * HOUR + 6 * HOUR, value * HOUR) for value in range(values)],
        )
        for number in range(count)
    ]


def _kinds(steps: list[StepFact], pauses: list[Pause]) -> list[str]:
    told: list[tuple[int, Announcement]] = steps_announced(steps, Stops(pauses), (HOUR * 8,))
    return [one.kind for _, one in told]


def test_warnings_of_steps_are_looked_for_in_so_many_due_values() -> None:
    few = _kinds(_steps(20, 100), [])
    assert (few.count("warning"), few.count("breach")) == (2_000, 20)
    many = _kinds(_steps(300, 100), [])
    assert (many.count("warning"), many.count("breach")) == (10_000, 300)
