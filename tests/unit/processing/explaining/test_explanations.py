"""Explanations: where each due value comes from, pauses, skipped days, versions and tests, in both languages."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from services.processing.engine import facts
from services.processing.explaining import Explanation, explain
from shared.instants import HOUR, parse_instant
from shared.messages.deadlines import FINDINGS, REJECTIONS, SENTENCES
from tests.unit.processing.driver import REFERENCE, Partition
from tests.unit.processing.known import calendar, knowing, procedure, route, rule, term
from tests.unit.processing.story import Line, at, facts_of, local
from tests.unit.processing.strategies import journals

Json = dict[str, Any]
ACCEPTED: Line = ("accepted", "11-16 09:00", {"procedure": "1.000001"})
PROMISED: Line = ("accepted", "11-16 09:00", {"promised_due": "2026-11-20"})
STORM = {"day": "2026-11-19", "working": False, "kind": "extra", "document": "12/QĐ-UBND"}


def _explained(*lines: Line, known: tuple[Json, ...] = (), clock: str | None = None) -> Explanation:
    reference = knowing(*known)
    return explain(facts_of(*lines, reference=reference), reference, None if clock is None else at(clock))


def _when(text: str | None) -> str | None:
    return None if text is None else local(parse_instant(text))


def _said(told: Explanation, vi: str, en: str) -> bool:
    """Whether one sentence says both, each in its language."""
    return any(vi in sentence.vi and en in sentence.en for sentence in told.sentences)


def test_versions_of_rule_procedure_and_calendar_are_named() -> None:
    known = (procedure(term("5"), version="v3"), rule(version="r5"), calendar(version="c7"))
    told = _explained(ACCEPTED, known=known)
    assert (told.rule, told.rule_version, told.procedure_version) == ("deadlines", "r5", "v3")
    assert (told.calendar, told.calendar_version, told.basis, told.counting) == (
        "vn-public",
        "c7",
        "statutory",
        "next-day",
    )
    assert _said(told, "phiên bản r5; lịch vn-public, phiên bản c7", "version r5; calendar vn-public, version c7")
    assert _said(told, "Thủ tục 1.000001, phiên bản v3", "Procedure 1.000001, version v3")
    assert _said(_explained(ACCEPTED), "Chưa có phiên bản thủ tục", "No version of the procedure")


def test_a_term_tells_the_days_it_passed_over_and_by_which_document() -> None:
    told = _explained(ACCEPTED, known=(procedure(term("5")), calendar(days=[STORM])))
    [due], [told_term] = told.dues, told.terms
    assert (_when(due.due), due.reason, _when(due.since), due.until) == (
        "11-25 17:00",
        "statutory",
        "11-16 09:00",
        None,
    )
    assert [(day.day, day.reason) for day in due.skipped] == [
        ("2026-11-19", "extra"),
        ("2026-11-21", "weekend"),
        ("2026-11-22", "weekend"),
        ("2026-11-24", "holiday"),
    ]
    assert (due.skipped[0].document, due.skipped[1].document) == ("12/QĐ-UBND", None)
    assert (told_term.amount, told_term.unit, told_term.kind) == ("5", "working_days", "statutory")
    assert _said(told, "12/QĐ-UBND", "12/QĐ-UBND")
    assert _said(told, "5 ngày làm việc", "5 working days")


def test_a_receipt_after_the_cut_off_is_told() -> None:
    told = _explained(("accepted", "11-16 15:30", {"procedure": "1.000001"}), known=(procedure(term("0")),))
    assert [_when(value.due) for value in told.dues] == ["11-17 17:00"]
    assert _said(told, "Tiếp nhận sau 15:00", "Received after 15:00")


def test_a_swapped_saturday_that_was_worked_is_told_with_its_pair() -> None:
    accepted: Line = ("accepted", "01-08 09:00", {"procedure": "1.000001"})
    told = _explained(accepted, known=(procedure(term("2"), time="2025-12-01"),))
    [due] = told.dues
    assert _when(due.due) == "01-10 17:00"
    assert [(day.day, day.pair, day.document) for day in due.worked] == [
        ("2026-01-10", "2026-01-02", "12729/VPCP-KGVX")
    ]


def test_each_due_value_names_its_entry_and_what_replaced_it() -> None:
    lines: tuple[Line, ...] = (
        PROMISED,
        ("supplement_requested", "11-17 08:00"),
        ("supplement_received", "11-17 16:00"),
        ("extended", "11-19 08:00", {"promised_due": "2026-12-01", "reason": "r"}),
        ("fee_requested", "11-30 08:00"),
        ("fee_paid", "11-30 10:00", {"channel": "national"}),
    )
    told = _explained(*lines, known=(rule(fee_pauses=True),))
    assert [
        (value.reason, _when(value.due), _when(value.since), _when(value.until), value.id) for value in told.dues
    ] == [
        ("promised", "11-20 17:00", "11-16 09:00", "11-17 16:00", "0"),
        ("supplement_pause", "11-23 15:30", "11-17 16:00", "11-19 08:00", "2"),
        ("extension", "12-01 17:00", "11-19 08:00", "11-30 10:00", "3"),
        ("fee_pause", "12-02 09:30", "11-30 10:00", None, "5"),
    ]
    assert [(day.day, day.reason) for day in told.dues[1].skipped] == [
        ("2026-11-21", "weekend"),
        ("2026-11-22", "weekend"),
    ]
    assert _said(told, "hạn cũ 15:30 Thứ Hai 23/11/2026", "the old due date Mon 2026-11-23 15:30")


def test_each_pause_tells_its_working_time() -> None:
    lines: tuple[Line, ...] = (
        PROMISED,
        ("fee_requested", "11-16 10:00"),
        ("supplement_requested", "11-16 16:00"),
        ("supplement_received", "11-17 09:00"),
        ("supplement_requested", "11-18 09:00"),
    )
    told = _explained(*lines, known=(rule(fee_pauses=True),))
    working = [(pause.kind, pause.working_us and pause.working_us / HOUR) for pause in told.pauses]
    assert working == [("fee", 4.5), ("supplement", 2.5), ("supplement", None)]
    assert _said(told, "Tạm dừng chờ nghĩa vụ tài chính", "Stopped for a fee from")
    assert _said(told, "2 giờ 30 phút", "2 h 30 min")
    assert _said(told, "Đang tạm dừng chờ công dân bổ sung", "Stopped for a supplement since")
    late = _explained(PROMISED, ("supplement_requested", "11-23 09:00"))
    assert (late.pauses, _said(late, "sau hạn nên không dời hạn", "came after the due date")) == ([], True)


def test_the_tests_stand_side_by_side_and_name_their_figures() -> None:
    """Ended the day of the due date, past its hour: on time by the date, late by the instant."""
    exact: Line = ("accepted", "11-16 09:00", {"promised_due": "2026-11-20T10:00:00+07:00"})
    told = _explained(exact, ("resolved", "11-20 11:00"))
    assert [(one.test, one.verdict, one.figures) for one in told.verdicts] == [
        ("instant", "late", ["on_time_by_instant"]),
        ("date", "same_day", ["early", "same_day", "late_by_date"]),
        ("original", "late", ["late_by_original_due"]),
    ]
    assert {(_when(one.compared), _when(one.against)) for one in told.verdicts} == {("11-20 11:00", "11-20 10:00")}


@pytest.mark.parametrize(
    ("lines", "clock", "verdicts"),
    [
        ((("resolved", "11-19 09:00"),), None, ["on_time", "early", "on_time"]),
        ((("withdrawn", "11-25 09:00"),), None, ["late", "same_day", "late"]),
        ((), None, []),
        ((), "11-20 17:00", ["within_term", "within_term"]),
        ((), "11-20 17:01", ["overdue", "overdue"]),
        ((("supplement_requested", "11-18 09:00"),), "11-30 17:01", ["within_term", "within_term"]),
        ((("supplement_requested", "11-18 09:00"), ("resolved", "11-30 09:00")), None, ["on_time", "early", "on_time"]),
        (
            (("extended", "11-18 09:00", {"promised_due": "2026-11-30", "reason": "r"}), ("resolved", "11-26 09:00")),
            None,
            ["on_time", "early", "late"],
        ),
    ],
)
def test_verdicts(lines: tuple[Line, ...], clock: str | None, verdicts: list[str]) -> None:
    assert [one.verdict for one in _explained(PROMISED, *lines, clock=clock).verdicts] == verdicts


def test_seconds_are_told_where_they_decide() -> None:
    steps = route({"step": "check", "unit": "H44.02", "budget": 60})
    accepted: Line = ("accepted", "11-16 09:00", {"procedure": "1.000001", "promised_due": "2026-11-20"})
    told = _explained(
        accepted,
        ("step.completed", "11-16 10:00:09", {"step": "check"}),
        ("resolved", "11-20 17:00:04"),
        known=(steps,),
    )
    assert _said(told, "quá hạn; so 17:00:04 Thứ Sáu 20/11/2026 với 17:00:00", "late; Fri 2026-11-20 17:00:04 against")
    assert _said(told, "1 giờ 9 giây trên định mức 1 giờ, vượt 9 giây", "1 h 9 s of a budget of 1 h, 9 s over it")
    open_ = _explained(PROMISED, clock="11-20 17:00:00.000001")
    assert _said(
        open_,
        "so 17:00:00.000001 Thứ Sáu",
        "overdue; Fri 2026-11-20 17:00:00.000001 against Fri 2026-11-20 17:00:00.000000",
    )
    submitted: Line = ("submitted", "11-16 09:00:00", {})
    late = _explained(submitted, ("accepted", "11-17 09:00:30", {"promised_due": "2026-11-20"}))
    assert _said(late, "09:00:00 Thứ Ba", "within 8 h of working time: Tue 2026-11-17 09:00:00")
    assert _said(late, "Đã trả lời lúc 09:00:30", "Answered at Tue 2026-11-17 09:00:30, late")


def test_a_second_request_is_late_for_one_test_only() -> None:
    lines: tuple[Line, ...] = (
        PROMISED,
        ("supplement_requested", "11-17 09:00"),
        ("supplement_received", "11-17 10:00"),
        ("supplement_requested", "11-17 11:00"),
        ("supplement_received", "11-17 11:15"),
        ("resolved", "11-18 09:00"),
    )
    told = _explained(*lines)
    assert [one.verdict for one in told.verdicts] == ["late", "early", "on_time"]
    assert _said(told, "Yêu cầu bổ sung lần hai", "Second supplement request")


def test_a_limit_is_told_where_nothing_is_due() -> None:
    told = _explained(ACCEPTED, ("resolved", "11-20 09:00"), known=(procedure(term("3", kind="maximum")),))
    assert told.limit is not None
    assert (_when(told.limit.limit), told.limit.amount, told.dues) == ("11-19 09:00", "3", [])
    assert [one.verdict for one in told.verdicts] == ["late", "same_day", "on_time"]
    assert _said(told, "tối đa 3 ngày làm việc", "at most 3 working days")


@pytest.mark.parametrize(
    ("answer", "clock", "verdict"),
    [
        (("accepted", "11-17 09:00"), None, "in_time"),
        (("refused", "11-17 09:01"), None, "late"),
        (None, "11-17 09:00", "open"),
        (None, "11-17 09:01", "overdue"),
    ],
)
def test_the_intake_clock_is_told(answer: Line | None, clock: str | None, verdict: str) -> None:
    told = _explained(("submitted", "11-16 09:00"), *(() if answer is None else (answer,)), clock=clock)
    assert told.intake is not None
    assert (told.intake.verdict, _when(told.intake.due), told.intake.minutes) == (verdict, "11-17 09:00", 480)
    assert _said(told, "trong 8 giờ làm việc", "within 8 h of working time")


def test_steps_are_told_against_their_budgets_beside_the_dossier() -> None:
    steps = route({"step": "check", "unit": "H44.02", "budget": 60}, {"step": "sign", "role": "leader", "budget": 60})
    accepted: Line = ("accepted", "11-16 09:00", {"procedure": "1.000001", "promised_due": "2026-11-20"})
    told = _explained(
        accepted, ("step.completed", "11-16 11:00", {"step": "check"}), known=(steps,), clock="11-16 11:15"
    )
    assert [(step.step, step.state, step.over_us and step.over_us / HOUR) for step in told.steps] == [
        ("check", "ended", 1.0),
        ("sign", "under_way", 0),
    ]
    assert _said(told, "2 giờ trên định mức 1 giờ, vượt 1 giờ", "2 h of a budget of 1 h, 1 h over it")
    assert _said(told, "Có bước vượt định mức nhưng hồ sơ không quá hạn", "yet the dossier is not late")
    quick = [("step.completed", "11-16 09:30", {"step": "check"}), ("step.completed", "11-16 10:00", {"step": "sign"})]
    late = _explained(accepted, *quick, ("resolved", "11-23 09:00"), known=(steps,))
    assert _said(late, "Mọi bước trong định mức nhưng hồ sơ quá hạn", "Every step kept its budget")


def test_findings_and_rejections_are_sentences() -> None:
    steps = route({"step": "check", "unit": "H44.02"})
    accepted: Line = ("accepted", "11-16 09:00", {"procedure": "1.000001", "promised_due": "2026-11-26"})
    act: Line = ("step.completed", "11-16 11:00", {"step": "check", "unit": "H44.03"})
    told = _explained(accepted, act, known=(steps, procedure(term("5"))))
    assert [finding.code for finding in told.findings] == [
        "promised_differs",
        "promised_later_than_law",
        "not_the_owner",
    ]
    assert _said(told, "H44.03 không thực hiện bước check", "H44.03 does not own step check")


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(entries=journals())
def test_whatever_the_entries_every_sentence_is_whole_and_in_both_languages(entries: list[Json]) -> None:
    partition = Partition().feed(entries)
    for code, state in partition.states.items():
        told = explain(facts(code, state.entries, REFERENCE), REFERENCE, at("12-01 08:00"))
        for sentence in told.sentences:
            assert sentence.vi
            assert sentence.en
            assert sentence.vi != sentence.en
            assert "{" not in sentence.vi + sentence.en
        assert Explanation.model_validate_json(told.model_dump_json()) == told


def test_every_text_is_in_both_languages_with_the_same_parameters() -> None:
    for texts in (SENTENCES, FINDINGS, REJECTIONS):
        for code, text in texts.items():
            assert text.vi, code
            assert text.en, code
            assert _parameters(text.vi) == _parameters(text.en), code


def _parameters(text: str) -> set[str]:
    return {part.split("}")[0] for part in text.split("{")[1:]}
