"""Due dates from terms of a procedure: by channel, cut, counting, cut-off hour; limits and what a receipt promised."""

from __future__ import annotations

from typing import Any

import pytest

from services.processing.explaining.verdicts import explain_verdicts
from services.processing.facts import Facts
from tests.unit.processing.known import calendar, knowing, procedure, rule, term
from tests.unit.processing.story import Line, facts_of, local, told

# Monday 2026-11-16; Tuesday the 24th is a day off. Worked 07:30-11:30 and 13:00-17:00.
Json = dict[str, Any]


def _facts(*known: Json, at: str = "11-16 09:00", lines: tuple[Line, ...] = (), **data: Any) -> Facts:
    accepted: Line = ("accepted", at, {"procedure": "1.000001"} | data)
    return facts_of(accepted, *lines, reference=knowing(*known))


def _due(*known: Json, at: str = "11-16 09:00", **data: Any) -> str | None:
    return local(_facts(*known, at=at, **data).due)


def test_without_a_promise_the_committed_then_the_statutory_term_is_due() -> None:
    law = _facts(procedure(term("10")))
    assert (local(law.due), law.dues.basis, law.dues.committed) == ("12-01 17:00", "statutory", None)
    both = _facts(procedure(term("10"), term("4", kind="committed")))
    assert (local(both.due), both.dues.basis) == ("11-20 17:00", "committed")
    assert (local(both.dues.statutory), local(both.dues.committed)) == ("12-01 17:00", "11-20 17:00")
    assert [(value.reason, local(value.since)) for value in both.due_history] == [("committed", "11-16 09:00")]


def test_the_cut_is_taken_from_the_statutory_term() -> None:
    """30 % of 10 days: 7 days."""
    cut = _facts(procedure(term("10"), cut_percent=30))
    assert (local(cut.due), cut.dues.basis, local(cut.dues.statutory)) == ("11-26 17:00", "committed", "12-01 17:00")
    given = procedure(term("10"), term("4", kind="committed"), cut_percent=30)
    assert _due(given) == "11-20 17:00"
    assert _due(procedure(cut_percent=30)) is None


@pytest.mark.parametrize(
    ("channel", "due"), [("online", "11-18 17:00"), ("postal", "11-23 17:00"), ("fax", "11-23 17:00")]
)
def test_a_channel_has_its_own_term_or_that_of_all(channel: str, due: str) -> None:
    assert _due(procedure(term("5"), term("2", channel="online")), channel=channel) == due


def test_the_cut_of_a_channel_is_that_of_its_own_term() -> None:
    known = procedure(term("10"), term("20", channel="postal"), cut_percent=50)
    assert (_due(known), _due(known, channel="postal")) == ("11-23 17:00", "12-01 17:00")


@pytest.mark.parametrize(
    ("counting", "received", "due"),
    [
        ("next-day", "11-16 12:00", "11-18 17:00"),
        ("same-time", "11-16 12:00", "11-18 13:00"),
        ("hours", "11-16 12:00", "11-18 11:30"),
        ("next-day", "11-21 10:00", "11-25 17:00"),
        ("same-time", "11-21 10:00", "11-26 07:30"),
        ("hours", "11-21 10:00", "11-25 17:00"),
    ],
)
def test_each_counting(counting: str, received: str, due: str) -> None:
    assert _due(procedure(term("2"), counting=counting), at=received) == due
    assert _due(procedure(term("2")), rule(counting=counting), at=received) == due
    other = rule(counting="hours" if counting == "next-day" else "next-day")
    assert _due(procedure(term("2"), counting=counting), other, at=received) == due, "the procedure's own goes before"


@pytest.mark.parametrize(
    ("amount", "unit", "due"),
    [
        ("8", "working_hours", "11-17 09:00"),
        ("0.5", "working_hours", "11-16 09:30"),
        ("8", "calendar_days", "11-25 17:00"),
        ("9", "calendar_days", "11-25 17:00"),
        ("1", "months", "12-16 17:00"),
    ],
)
def test_other_units_of_time(amount: str, unit: str, due: str) -> None:
    assert _due(procedure(term(amount, unit))) == due
    assert _due(procedure(term(amount, unit)), rule(counting="same-time")) == due


@pytest.mark.parametrize(
    ("received", "due"),
    [
        ("11-16 15:00", "11-16 17:00"),
        ("11-16 15:00:00.000001", "11-17 17:00"),
        ("11-21 09:00", "11-23 17:00"),
        ("11-23 16:00", "11-25 17:00"),
    ],
)
def test_no_days_end_on_the_day_unless_received_late_or_on_a_day_off(received: str, due: str) -> None:
    assert _due(procedure(term("0")), at=received) == due


def test_the_cut_off_hour_is_a_rule() -> None:
    same_day, one_day = procedure(term("0")), procedure(term("1"))
    assert _due(same_day, rule(cutoff="none"), at="11-16 16:59") == "11-16 17:00"
    assert _due(same_day, rule(cutoff="10:00"), at="11-16 10:01") == "11-17 17:00"
    assert _due(one_day, at="11-16 16:00") == "11-17 17:00"
    assert _due(one_day, rule(cutoff_shifts_start=True), at="11-16 16:00") == "11-18 17:00"
    assert _due(one_day, rule(cutoff_shifts_start=True), at="11-16 14:00") == "11-17 17:00"
    hours = procedure(term("8", "working_hours"))
    assert _due(hours, rule(cutoff_shifts_start=True), at="11-16 16:00") == "11-17 16:00"


def test_no_term_no_due_date() -> None:
    nothing = _facts(procedure())
    assert (nothing.due, nothing.dues.basis, nothing.dues.limit, told(nothing)) == (None, None, None, [])
    assert _facts().due is None


def test_the_maximum_is_a_limit_where_nothing_is_due() -> None:
    longest = procedure(term("3", kind="maximum"))
    assert local(_facts(longest).dues.limit) == "11-19 09:00"
    pause: tuple[Line, ...] = (("supplement_requested", "11-17 08:00"), ("supplement_received", "11-17 10:00"))
    assert local(_facts(longest, lines=pause).dues.limit) == "11-19 11:00"
    late: tuple[Line, ...] = (("supplement_requested", "11-20 08:00"), ("supplement_received", "11-20 10:00"))
    assert local(_facts(longest, lines=late).dues.limit) == "11-19 09:00"
    assert _facts(longest, promised_due="2026-11-30").dues.limit is None
    assert _facts(procedure(term("5"), term("3", kind="maximum"))).dues.limit is None


@pytest.mark.parametrize(
    ("requested", "limit"),
    [
        ("11-18 16:59:59.999999", "11-19 09:00"),
        ("11-18 17:00", "11-18 17:00"),
        ("11-18 17:00:00.000001", "11-18 17:00"),
        ("11-19 07:30", "11-18 17:00"),
    ],
)
def test_a_request_at_the_limit_moves_nothing(requested: str, limit: str) -> None:
    """The limit is the instant at which the working time is used up: here a closing time."""
    pause: tuple[Line, ...] = (("supplement_requested", requested), ("supplement_received", "11-19 09:00"))
    longest = procedure(term("2", kind="maximum"))
    assert local(_facts(longest, at="11-16 17:00", lines=pause).dues.limit) == limit


@pytest.mark.parametrize(("ended", "verdict"), [("11-18 17:00", "on_time"), ("11-18 17:00:00.000001", "late")])
def test_an_end_after_the_limit_is_late_though_no_working_time_passed(ended: str, verdict: str) -> None:
    longest = procedure(term("2", kind="maximum"))
    known = _facts(longest, at="11-16 17:00", lines=(("resolved", ended),))
    assert known.force is not None
    told, _ = explain_verdicts(known, known.force, None)
    assert {one.test: one.verdict for one in told}["instant"] == verdict


@pytest.mark.parametrize(
    ("promised", "due", "findings"),
    [
        ("2026-11-23", "11-23 17:00", []),
        ("2026-11-23T08:00:00+07:00", "11-23 08:00", []),
        ("2026-11-20", "11-20 17:00", ["promised_differs 0"]),
        ("2026-11-25", "11-25 17:00", ["promised_differs 0", "promised_later_than_law 0"]),
    ],
)
def test_the_promise_binds_and_is_compared_by_date(promised: str, due: str, findings: list[str]) -> None:
    known = _facts(procedure(term("5")), promised_due=promised)
    assert (local(known.due), known.dues.basis, told(known)) == (due, "promised", findings)


def test_a_promise_is_compared_with_commitment_and_law_apart() -> None:
    both = procedure(term("5"), term("3", kind="committed"))
    assert told(_facts(both, promised_due="2026-11-20")) == ["promised_differs 0"]
    assert told(_facts(both, promised_due="2026-11-19")) == []
    own = _facts(both, promised_due="2026-11-19", statutory_due="2026-11-18")
    assert (local(own.dues.statutory), told(own)) == ("11-18 17:00", ["promised_later_than_law 0"])


def test_law_and_commitment_move_with_the_pauses_only() -> None:
    pause: tuple[Line, ...] = (("supplement_requested", "11-17 08:00"), ("supplement_received", "11-18 08:00"))
    extended: Line = ("extended", "11-19 08:00", {"promised_due": "2026-12-10", "reason": "r"})
    known = _facts(procedure(term("10"), term("5", kind="committed")), lines=(*pause, extended))
    assert (local(known.due), local(known.due_original)) == ("12-10 17:00", "11-25 17:00")
    assert (local(known.dues.statutory), local(known.dues.committed)) == ("12-02 17:00", "11-25 17:00")


def test_the_version_in_force_at_receipt_holds() -> None:
    old, new = procedure(term("5")), procedure(term("3"), version="v2", valid_from="2026-11-17")
    assert _due(old, new, at="11-16 23:59:59") == "11-23 17:00"
    assert _due(old, new, at="11-17 00:00") == "11-20 17:00"
    assert _due(procedure(term("3"), valid_to="2026-11-15")) is None


def test_what_was_ordered_from_the_end_on_applies_no_more() -> None:
    ended: tuple[Line, ...] = (("resolved", "11-18 09:00"),)
    old = procedure(term("5"))
    for ordered, due in (("2026-11-18T08:59:59+07:00", "11-19 17:00"), ("2026-11-18T09:00:00+07:00", "11-23 17:00")):
        new = procedure(term("3"), version="v2", time=ordered)
        assert local(_facts(old, new, lines=ended).due) == due
        assert _due(old, new) == "11-19 17:00", "an open dossier is judged by all there is"


def test_days_off_are_those_of_the_calendar_assigned_above_the_unit() -> None:
    day = {"day": "2026-11-18", "working": False, "kind": "extra", "document": "1/QD"}
    assert _due(procedure(term("2")), calendar(days=[day])) == "11-19 17:00"
    own = calendar(name="festival", unit="H44", days=[day])
    assert _due(procedure(term("2")), own) == "11-19 17:00"
    assert _due(procedure(term("2")), own, unit="H45.01") == "11-18 17:00"
    handed: tuple[Line, ...] = (("handed_over", "11-16 10:00", {"unit": "H45.01"}),)
    assert local(_facts(procedure(term("2")), own, lines=handed).due) == "11-19 17:00"
