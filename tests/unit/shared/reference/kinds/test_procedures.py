"""Terms of procedures by channel and kind, and what contradicts itself in a procedure."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from shared.calendar.terms import Term
from shared.contract.reference import Channel, Procedure
from shared.reference.kinds.procedures import ProcedureVersion, TermKind, check_procedure


def _data(*terms: dict[str, Any], **members: Any) -> Procedure:
    return Procedure.model_validate({"procedure": "2.000815", "version": "1", "terms": terms, **members})


def _term(
    amount: str, unit: str = "working_days", kind: str = "statutory", channel: str | None = None
) -> dict[str, Any]:
    return {"amount": amount, "unit": unit, "kind": kind, "channel": channel}


@pytest.mark.parametrize(
    ("channel", "kind", "expected"),
    [
        ("online", "statutory", "3"),
        ("direct", "statutory", "5"),
        (None, "statutory", "5"),
        ("online", "committed", "2.1"),
        ("direct", "committed", "4"),
        ("online", "maximum", None),
    ],
)
def test_the_channels_own_term_goes_before_that_of_all(channel: Channel, kind: TermKind, expected: str | None) -> None:
    data = _data(
        _term("5"), _term("3", channel="online"), _term("4", kind="committed", channel="direct"), cut_percent=30
    )
    found = ProcedureVersion.of(data)
    term = None if expected is None else Term(Fraction(expected), "working_days")
    assert found.term(channel, kind) == term
    assert found.term(channel, kind) == term


def test_the_cut_is_exact_and_only_where_no_committed_term_is_given() -> None:
    assert ProcedureVersion.of(_data(_term("10"), cut_percent=30)).term(None, "committed") == Term(
        Fraction(7), "working_days"
    )
    assert ProcedureVersion.of(_data(_term("7"), cut_percent=30)).term(None, "committed") == Term(
        Fraction(49, 10), "working_days"
    )
    uncut = ProcedureVersion.of(_data(_term("10")))
    assert uncut.term(None, "committed") is None
    assert uncut.promised(None) == Term(Fraction(10), "working_days")
    given = _data(_term("10"), _term("9", kind="committed"), cut_percent=30)
    assert ProcedureVersion.of(given).promised("online") == Term(Fraction(9), "working_days")
    assert ProcedureVersion.of(_data(cut_percent=30)).promised("online") is None


def test_a_term_nobody_can_count_is_left_out() -> None:
    data = _data(_term("1.5", "calendar_days"), _term("99999999", kind="committed"), _term("1.5", channel="online"))
    found = ProcedureVersion.of(data)
    assert found.term("direct", "statutory") is None
    assert found.term("direct", "committed") is None
    assert found.term("online", "statutory") == Term(Fraction(3, 2), "working_days")


def _faults(data: Procedure) -> list[tuple[str, str]]:
    return [(fault.code, fault.field) for fault in check_procedure(data)]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (_data(_term("5"), _term("3", channel="online")), []),
        (_data(_term("5"), _term("5", kind="committed")), []),
        (_data(_term("5"), _term("2")), [("term_twice", "data.terms[1]")]),
        (_data(_term("5"), _term("6", kind="committed")), [("committed_too_long", "data.terms[1].amount")]),
        (
            _data(_term("41", "working_hours", "committed"), _term("5")),
            [("committed_too_long", "data.terms[0].amount")],
        ),
        (_data(_term("40", "working_hours", "committed"), _term("5")), []),
        (_data(_term("2", "months", "committed"), _term("5")), []),
        (
            _data(_term("5"), _term("3", channel="online"), _term("4", kind="committed", channel="online")),
            [("committed_too_long", "data.terms[2].amount")],
        ),
        (_data(_term("1.5", "months")), [("term_not_countable", "data.terms[0].amount")]),
        (_data(_term("40000")), [("term_not_countable", "data.terms[0].amount")]),
        (_data(valid_from="2026-07-01", valid_to="2026-07-01"), []),
        (_data(valid_from="2026-07-01", valid_to="2026-06-30"), [("validity_reversed", "data.valid_to")]),
    ],
)
def test_what_contradicts_itself_is_told_by_field(data: Procedure, expected: list[tuple[str, str]]) -> None:
    assert _faults(data) == expected


def test_a_committed_term_for_all_channels_is_checked_against_each() -> None:
    data = _data(_term("5"), _term("3", channel="online"), _term("4", kind="committed"))
    assert _faults(data) == [("committed_too_long", "data.terms[2].amount")]
    own = _data(*_terms_of(data), _term("3", kind="committed", channel="online"))
    assert _faults(own) == []


def _terms_of(data: Procedure) -> list[dict[str, Any]]:
    return [term.model_dump() for term in data.terms]
