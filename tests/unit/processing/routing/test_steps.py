"""Steps as reported."""

from __future__ import annotations

from services.processing.routing import StepFact
from tests.unit.processing.story import Line, facts_of, local

ACCEPTED: Line = ("accepted", "11-16 09:00")


def _steps(
    *lines: tuple[str, str, str, str | None],
) -> list[tuple[str, str | None, str | None, str | None, str | None]]:
    made: list[Line] = []
    for kind, time, step, unit in lines:
        made.append((f"step.{kind}", f"11-17 {time}", {"step": step} | ({} if unit is None else {"unit": unit})))
    return [_plain(fact) for fact in facts_of(ACCEPTED, *made).steps]


def _plain(fact: StepFact) -> tuple[str, str | None, str | None, str | None, str | None]:
    def hour(instant: int | None) -> str | None:
        text = local(instant)
        return None if text is None else text[6:]

    return fact.step, fact.unit, hour(fact.assigned_at), hour(fact.completed_at), hour(fact.sent_back_at)


def test_assigned_then_completed() -> None:
    assert _steps(("assigned", "08:00", "a", "u"), ("completed", "09:00", "a", "u")) == [
        ("a", "u", "08:00", "09:00", None)
    ]
    assert _steps(("assigned", "08:00", "a", "u"), ("completed", "09:00", "a", None)) == [
        ("a", "u", "08:00", "09:00", None)
    ]


def test_only_completions_have_no_assignment_time() -> None:
    assert _steps(
        ("completed", "09:00", "b", "u"), ("completed", "08:00", "a", None), ("completed", "10:00", "b", "u")
    ) == [
        ("a", None, None, "08:00", None),
        ("b", "u", None, "09:00", None),
        ("b", "u", None, "10:00", None),
    ]


def test_done_by_another_unit_is_kept_as_reported() -> None:
    assert _steps(("assigned", "08:00", "a", "u"), ("completed", "09:00", "a", "v")) == [
        ("a", "u", "08:00", None, None),
        ("a", "v", None, "09:00", None),
    ]


def test_sent_back_and_done_again() -> None:
    assert _steps(
        ("assigned", "08:00", "a", "u"),
        ("completed", "09:00", "a", "u"),
        ("sent_back", "10:00", "a", "u"),
        ("assigned", "10:00", "a", "u"),
        ("sent_back", "10:30", "a", "u"),
        ("sent_back", "11:00", "b", "u"),
    ) == [
        # At the same instant an assignment sorts before a sending-back, which is of what is under way first.
        ("a", "u", "08:00", "09:00", "10:30"),
        ("a", "u", "10:00", None, "10:00"),
        ("b", "u", None, None, "11:00"),
    ]


def test_budget_is_minutes() -> None:
    given: Line = ("step.assigned", "11-17 08:00", {"step": "a", "unit": "u", "budget": 90})
    assert facts_of(ACCEPTED, given).steps[0].budget == 90
