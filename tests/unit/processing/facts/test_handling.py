"""Who may act and who answers: rejections and their retraction, hand-overs, successors, blame, drafts of apologies."""

from __future__ import annotations

from typing import Any

import pytest

from services.processing.explaining import ApologyDraft, apology_draft
from shared.instants import HOUR, parse_instant
from tests.unit.processing.driver import Partition
from tests.unit.processing.known import calendar, knowing, procedure, route, rule, unit
from tests.unit.processing.story import CODE, Line, at, entries_of, facts_of, local, partition_of_story, row_of_story

Json = dict[str, Any]
DUE: Line = ("accepted", "11-16 09:00", {"promised_due": "2026-11-20", "procedure": "1.000001"})
ROUTE = route(
    {"step": "check", "unit": "H44.02", "budget": 240},
    {"step": "sign", "role": "leader", "budget": 60},
)


def _acts(partition: Partition) -> list[tuple[str, str, str | None, str | None]]:
    acts = partition.acts[CODE]
    return [
        (act["kind"], act["rejection"]["step"], act["rejection"]["unit"], act["rejection"]["owner"]) for act in acts
    ]


def _done(time: str, step: str, by: str | None = None) -> Line:
    return ("step.completed", time, {"step": step} | ({} if by is None else {"unit": by}))


def test_an_act_by_another_unit_is_rejected_and_has_no_effect() -> None:
    partition = partition_of_story(DUE, _done("11-16 10:00", "check", "H44.03"), reference=knowing(ROUTE))
    row = partition.rows[CODE]
    assert _acts(partition) == [("entry.rejected", "check", "H44.03", "H44.02")]
    assert [act["code"] for act in row["rejections"]] == ["not_the_owner"]
    assert (row["holders"], [step.get("ended_at") for step in row["steps"]]) == (["H44.02"], [None])
    assert row["findings"] == []


@pytest.mark.parametrize("by", ["H44.02", "H44.02.07", None])
def test_the_owner_one_below_it_and_nobody_named_may_act(by: str | None) -> None:
    partition = partition_of_story(DUE, _done("11-16 10:00", "check", by), reference=knowing(ROUTE))
    assert (_acts(partition), partition.rows[CODE]["holders"]) == ([], ["H44.01"])


def test_a_rejection_is_taken_back_when_a_correction_makes_the_act_valid() -> None:
    act = entries_of(DUE, _done("11-16 10:00", "check", "H44.03"))[1]
    partition = partition_of_story(DUE, reference=knowing(ROUTE)).feed([act, act])
    partition.feed([act | {"revision": 1, "data": {"step": "check", "unit": "H44.02"}}])
    assert [kind for kind, *_ in _acts(partition)] == ["entry.rejected", "rejection.retracted"]
    assert partition.rows[CODE]["rejections"] == []


def test_a_rejection_is_taken_back_when_reference_data_make_the_act_valid() -> None:
    """By another unit above it, and by a route that gives the step to the unit that acted."""
    act = _done("11-16 10:00", "check", "H77")
    for later in (
        unit("H77", parent="H44.02"),
        route({"step": "check", "unit": "H77"}, version="w2", time="2026-01-02"),
    ):
        partition = partition_of_story(DUE, act, reference=knowing(ROUTE)).feed([later])
        assert [kind for kind, *_ in _acts(partition)] == ["entry.rejected", "rejection.retracted"]
        partition.feed([later | {"revision": 1, "data": None}])
        assert [kind for kind, *_ in _acts(partition)][2:] == ["entry.rejected"]


def test_a_unit_that_ends_hands_its_dossiers_over_by_an_entry_each() -> None:
    """The successor is told as data; the dossier goes over with its own entry, and its history stays."""
    merged = unit("H44.01", valid_to="2026-11-17", successor="H44.09", time="2026-11-17")
    partition = partition_of_story(DUE, _done("11-16 11:00", "check"), reference=knowing(ROUTE))
    before = partition.rows[CODE]
    assert partition.feed([merged]).rows[CODE] == before
    partition.feed(entries_of(DUE, DUE, ("handed_over", "11-16 11:15", {"unit": "H44.09"}))[2:])
    row = partition.rows[CODE]
    assert (row["unit"], row["holders"], row["due"]) == ("H44.09", ["H44.09"], before["due"])
    steps = [(step["step"], step["unit"], step.get("outcome"), step["budget"]) for step in row["steps"]]
    assert steps == [
        ("check", "H44.02", "completed", 240),
        ("sign", "H44.01", "handed_over", 60),
        ("sign", "H44.09", None, 45),
    ]
    partition.feed(entries_of(DUE, DUE, DUE, _done("11-16 11:20", "sign", "H44.01"))[3:])
    assert _acts(partition)[-1] == ("entry.rejected", "sign", "H44.01", "H44.09")


def test_a_step_is_measured_by_the_calendar_of_its_owner() -> None:
    """The 17th is off for the owner, so the step runs over later; the dossier's due date keeps its own days."""
    day = {"day": "2026-11-17", "working": False, "kind": "extra"}
    festival = calendar(name="festival", unit="H44.02", days=[day])
    done = _done("11-18 09:00", "check")
    used = [row_of_story(DUE, done, reference=knowing(ROUTE, *more))["steps"][0] for more in ([], [festival])]
    assert [step["used_us"] / HOUR for step in used] == [16.0, 8.0]
    known = knowing(ROUTE, festival, procedure({"kind": "statutory", "amount": "2", "unit": "working_days"}))
    undated: Line = ("accepted", "11-16 09:00", {"procedure": "1.000001"})
    assert local(facts_of(undated, reference=known).due) == "11-18 17:00"


def test_the_delay_is_split_among_those_over_their_budgets_and_adds_up() -> None:
    lines: tuple[Line, ...] = (
        DUE,
        _done("11-20 10:00", "check"),
        _done("11-23 10:00", "sign"),
        ("resolved", "11-23 11:00"),
    )
    row = row_of_story(*lines, reference=knowing(ROUTE))
    # 33 h held of a budget of 4 h, then 8 h of 1 h; the delay is 3 h 30.
    over = {step["unit"]: step["over_us"] / HOUR for step in row["steps"]}
    assert over == {"H44.02": 29.0, "H44.01": 7.0}
    parts = {part["unit"]: part["delay_us"] for part in row["blame"]}
    assert sum(parts.values()) == 3.5 * HOUR
    assert parts["H44.02"] == round(3.5 * HOUR * 29 / 36)
    assert row_of_story(*lines[:-1], ("resolved", "11-20 17:00"), reference=knowing(ROUTE))["blame"] == []


def test_without_anybody_over_budget_those_who_held_after_the_due_are_to_blame() -> None:
    roomy = route({"step": "check", "unit": "H44.02", "budget": 9000}, {"step": "sign", "unit": "H44.03"})
    lines: tuple[Line, ...] = (
        DUE,
        _done("11-23 08:30", "check"),
        _done("11-23 10:30", "sign"),
        ("resolved", "11-23 11:30"),
    )
    blame = row_of_story(*lines, reference=knowing(roomy))["blame"]
    assert [(part["unit"], part["delay_us"]) for part in blame] == [
        ("H44.02", round(4 * HOUR / 3)),
        ("H44.03", round(4 * HOUR * 2 / 3)),
    ]
    nobody = row_of_story(DUE, ("handed_over", "11-17 08:00", {"unit": "H45"}), ("resolved", "11-23 11:30"))["blame"]
    assert nobody == [{"unit": "H45", "delay_us": 4 * HOUR}]


def _draft(clock: str, *lines: Line, known: tuple[Json, ...] = ()) -> ApologyDraft | None:
    return apology_draft(facts_of(DUE, *lines, reference=knowing(*known)), at(clock))


def test_the_draft_of_an_apology_is_there_before_the_due_date() -> None:
    assert _draft("11-19 16:59") is None
    draft = _draft("11-19 17:00")
    assert draft is not None
    assert (draft.form, draft.overdue, draft.days_late, draft.hours_to_go) == ("04", False, 0, 24)
    assert local(parse_instant(draft.proposed_due)) == "11-23 17:00"
    assert (draft.code, draft.unit, draft.procedure, draft.reason) == (CODE, "H44.01", "1.000001", None)
    assert "24 giờ" in draft.sentence.vi
    assert "24 hours" in draft.sentence.en


def test_the_draft_of_an_overdue_dossier_counts_its_working_days() -> None:
    """The 24th is off, so the 25th is the second working day after the due date."""
    draft = _draft("11-25 08:00")
    assert draft is not None
    assert (draft.overdue, draft.days_late, draft.hours_to_go) == (True, 2, 0)
    assert local(parse_instant(draft.proposed_due)) == "11-26 17:00"


def test_when_and_by_which_form_is_a_rule() -> None:
    by_rule = rule(version="r9", apology_form="07", apology_hours=72)
    draft = _draft("11-17 17:00", known=(by_rule,))
    assert draft is not None
    assert (draft.form, draft.rule_version) == ("07", "r9")
    assert _draft("11-17 16:59", known=(by_rule,)) is None


@pytest.mark.parametrize(
    "line",
    [("apologised", "11-19 09:00"), ("resolved", "11-20 09:00"), ("supplement_requested", "11-18 09:00")],
)
def test_no_draft_once_apologised_ended_or_while_the_applicant_is_awaited(line: Line) -> None:
    assert _draft("11-20 10:00", line) is None
    assert _draft("11-20 10:00") is not None


def test_no_draft_without_due_date_or_clock() -> None:
    assert apology_draft(facts_of(("accepted", "11-16 09:00")), at("12-20 09:00")) is None
    assert apology_draft(facts_of(("submitted", "11-16 09:00")), at("12-20 09:00")) is None
    assert apology_draft(facts_of(DUE), None) is None
