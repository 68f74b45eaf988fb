"""Acceptance, ends, reopening, hand-over, findings and status codes."""

from __future__ import annotations

import pytest

from tests.unit.processing.story import Line, facts_of, local, told

ACCEPTED: Line = ("accepted", "11-16 09:00")


def test_first_acceptance_decides() -> None:
    known = facts_of(
        ("submitted", "11-15 20:00", {"unit": "H44.09", "channel": "postal", "procedure": "2.000815"}),
        ("accepted", "11-16 09:00", {"receiving_unit": "H44.77", "channel": "zalo"}),
        ("accepted", "11-16 10:00", {"unit": "H44.02", "promised_due": "2026-11-20"}),
    )
    assert (known.unit, known.receiving_unit, known.channel, known.procedure) == (
        "H44.01",
        "H44.77",
        "direct",
        "2.000815",
    )
    assert (local(known.submitted_at), local(known.accepted_at), known.due) == ("11-15 20:00", "11-16 09:00", None)
    assert told(known) == ["second_acceptance 2"]


def test_only_submitted() -> None:
    known = facts_of(("submitted", "11-15 20:00"), ("step.assigned", "11-15 21:00", {"step": "a", "unit": "u"}))
    assert (known.accepted_at, known.unit, known.channel, known.status, known.steps) == (
        None,
        "H44.01",
        "online",
        1,
        [],
    )


@pytest.mark.parametrize(
    ("end", "status", "findings"),
    [
        ("refused", 3, []),
        ("withdrawn", 1, ["end_without_acceptance 1"]),
        ("resolved", 1, ["end_without_acceptance 1"]),
    ],
)
def test_end_without_acceptance(end: str, status: int, findings: list[str]) -> None:
    known = facts_of(("submitted", "11-15 20:00"), (end, "11-16 20:00"))
    assert (known.status, told(known), known.finished_at, known.finish) == (status, findings, None, None)


@pytest.mark.parametrize(
    ("ends", "finish", "finished_at", "status", "findings"),
    [
        (["resolved 11-18", "returned 11-19"], "resolved", "11-18", 10, []),
        (["returned 11-18"], "returned", "11-18", 10, []),
        (["returned 11-18", "resolved 11-19"], "resolved", "11-19", 10, ["second_end 2"]),
        (["resolved 11-19", "resolved 11-18"], "resolved", "11-18", 9, ["second_end 1"]),
        (["withdrawn 11-17", "resolved 11-19"], "resolved", "11-19", 9, ["second_end 2"]),
        (["withdrawn 11-17", "resolved 11-18", "returned 11-19"], "resolved", "11-18", 10, ["second_end 2"]),
        (["resolved 11-17", "returned 11-18", "returned 11-19"], "resolved", "11-17", 10, ["second_end 3"]),
        (["stopped 11-17", "withdrawn 11-18"], "stopped", "11-17", 8, ["second_end 2"]),
        (["refused 11-17"], "refused", "11-17", 3, []),
        (["resolved 11-17", "reopened 11-18"], None, None, 4, []),
        (["resolved 11-17", "reopened 11-18", "resolved 11-19"], "resolved", "11-19", 9, []),
        (["resolved 11-15"], "resolved", "11-16", 9, ["finish_before_acceptance 1"]),
        (["refused 11-15"], None, None, 2, ["entry_before_acceptance 1"]),
        (["withdrawn 11-15", "resolved 11-19"], "resolved", "11-19", 9, ["second_end 2"]),
        (["resolved 11-17", "reopened 11-15"], "resolved", "11-17", 9, ["entry_before_acceptance 2"]),
        (["resolved 11-15", "reopened 11-18"], None, None, 4, []),
    ],
)
def test_ends(ends: list[str], finish: str | None, finished_at: str | None, status: int, findings: list[str]) -> None:
    lines: list[Line] = [(end.split()[0], f"{end.split()[1]} 09:00") for end in ends]
    known = facts_of(ACCEPTED, *lines)
    assert (known.finish, known.status, told(known)) == (finish, status, findings)
    assert local(known.finished_at) == (finished_at and f"{finished_at} 09:00")


def test_entries_before_acceptance_have_no_effect() -> None:
    known = facts_of(
        ACCEPTED,
        ("handed_over", "11-16 08:59", {"unit": "H44.02"}),
        ("supplement_requested", "11-16 08:00"),
        ("step.completed", "11-15 08:00", {"step": "a"}),
        ("quality.rated", "11-15 08:00", {"verdict": "like"}),
    )
    assert (known.unit, known.waiting_since, known.steps, known.status, len(known.held)) == ("H44.01", None, [], 2, 5)
    assert told(known) == ["entry_before_acceptance 3", "entry_before_acceptance 2", "entry_before_acceptance 1"]


def test_entries_after_the_finish_have_no_effect() -> None:
    known = facts_of(
        ("accepted", "11-16 09:00", {"promised_due": "2026-11-30"}),
        ("resolved", "11-18 09:00"),
        ("supplement_requested", "11-18 09:01"),
        ("supplement_received", "11-18 09:02"),
        ("extended", "11-18 09:03", {"promised_due": "2026-12-10", "reason": "r"}),
        ("handed_over", "11-18 09:04", {"unit": "H44.02"}),
        ("step.completed", "11-18 09:05", {"step": "a", "unit": "H44.01"}),
        ("step.completed", "11-18 09:00", {"step": "b", "unit": "H44.01"}),
        ("fee_paid", "11-18 09:06", {"channel": "none"}),
    )
    assert (known.unit, known.pauses, known.extended_at, local(known.due)) == ("H44.01", [], None, "11-30 17:00")
    assert [step.step for step in known.steps] == ["b"]
    assert told(known) == [*(f"entry_after_finish {number}" for number in (2, 3, 4, 5)), "step_after_finish 6"]


def test_hand_over_changes_the_accountable_unit_up_to_the_finish() -> None:
    handed: list[Line] = [("handed_over", f"11-{day} 09:00", {"unit": f"H44.{day}"}) for day in (17, 18, 20)]
    assert facts_of(ACCEPTED, *handed).unit == "H44.20"
    assert facts_of(ACCEPTED, *handed, ("resolved", "11-18 09:00")).unit == "H44.18"
    steps: Line = ("step.assigned", "11-17 09:00", {"step": "a", "unit": "H44.55"})
    assert facts_of(ACCEPTED, steps).unit == "H44.01"


@pytest.mark.parametrize(
    ("lines", "status"),
    [
        ([], 2),
        ([("step.assigned", "11-17 09:00", {"step": "a", "unit": "u"})], 4),
        ([("supplement_requested", "11-17 09:00")], 5),
        ([("supplement_requested", "11-17 09:00"), ("supplement_received", "11-18 09:00")], 4),
        ([("fee_requested", "11-17 09:00")], 6),
        ([("fee_requested", "11-17 09:00"), ("fee_paid", "11-18 09:00", {"channel": "none"})], 4),
        ([("fee_requested", "11-17 09:00"), ("supplement_requested", "11-18 09:00")], 5),
        ([("quality.rated", "11-17 09:00", {"verdict": "like"})], 2),
    ],
)
def test_status_of_an_open_dossier(lines: list[Line], status: int) -> None:
    assert facts_of(ACCEPTED, *lines).status == status
