"""Calendars as a whole: how large they may grow, whether they work at all, and what stands for one not to be made."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from services.processing.engine import facts
from shared.calendar import vn_public
from shared.reference import ReferenceEntry, ReferenceSet
from shared.reference.checks import check_entry
from shared.reference.kinds import calendars
from shared.reference.whole_calendar import LARGEST, never_works
from tests.unit.processing.driver import REFERENCE, ZONE
from tests.unit.processing.story import CODE, partition_of_story
from tests.unit.shared.reference.making import calendar, known

TODAY = date(2026, 11, 16)
WEEK = {"mon": ["08:00-12:00"]}


def _days(count: int, first: date = date(1950, 1, 1), **more: Any) -> list[dict[str, Any]]:
    return [{"day": (first + timedelta(n)).isoformat(), "working": False} | more for n in range(count)]


def _made(number: int, **data: Any) -> ReferenceEntry:
    return calendar({"calendar": "office", "version": str(number)} | data, id=str(number))


def _codes(entry: ReferenceEntry, before: ReferenceSet) -> list[str]:
    return [fault.code for fault in check_entry(entry.type, entry.model, before, TODAY)]


def test_a_calendar_may_grow_so_large_and_no_larger_with_what_lies_under_it() -> None:
    first = _made(1, week=WEEK, days=_days(LARGEST // 2))
    before = known(first)
    assert _codes(_made(2, days=_days(LARGEST // 4, date(1990, 1, 1))), before) == []
    more = _made(3, days=_days(LARGEST // 2))
    (fault,) = check_entry(more.type, more.model, before, TODAY)
    assert (fault.code, fault.parameters["limit"]) == ("calendar_too_large", "20,000")
    under = calendar({"calendar": "vn-public", "version": "x", "days": _days(LARGEST // 2)}, id="x")
    assert _codes(under, before) == ["calendar_too_large"], "it would lie under one that is large already"
    assert _codes(more, known(calendar({"calendar": "vn-public", "version": "x"}, id="x"))) == []


def test_twelve_months_without_a_working_day_have_to_be_meant() -> None:
    closed = {"days": _days(800, TODAY - timedelta(20))}
    assert _codes(_made(1, week=WEEK, **closed), known()) == ["calendar_never_works"]
    assert _codes(_made(1, **closed), known()) == ["calendar_never_works"], "laid over the built-in one"
    assert _codes(_made(1, week=WEEK, **closed, no_working_days=True), known()) == []
    assert _codes(_made(1, week=WEEK, days=_days(200, TODAY)), known()) == []
    # What is sent may as well mend what stands, or begin only later.
    standing = known(_made(1, week=WEEK, **closed))
    opened = [{"day": "2027-03-01", "working": True, "sessions": ["08:00-12:00"]}]
    assert _codes(_made(2, days=opened), standing) == []
    later = _made(2, week=WEEK, valid_from="2030-01-01")
    assert _codes(later, standing) == []


def test_one_that_stands_is_told_unless_it_is_meant() -> None:
    closed: dict[str, Any] = {"week": WEEK, "days": _days(800, TODAY - timedelta(20))}
    assert never_works("office", known(_made(1, **closed)), TODAY)
    assert not never_works("office", known(_made(1, **closed, no_working_days=True)), TODAY)
    assert not never_works("office", known(_made(1, week=WEEK)), TODAY)
    assert not never_works("vn-public", known(), TODAY)


def test_of_one_that_cannot_be_made_the_one_under_it_stands_in_and_it_is_not_tried_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    tried = []

    def fails(*_given: object, **_more: object) -> None:
        tried.append(1)
        raise OverflowError

    monkeypatch.setattr(calendars, "build", fails)
    reference = REFERENCE.with_known(
        ReferenceSet().with_entries([_made(1, unit="H44.01", week=WEEK), calendar({"calendar": "other"}, id="2")])
    )
    reference.make_calendars()
    assert len(tried) == 2
    entries = partition_of_story(("accepted", "11-16 09:00", {"promised_due": "2026-11-20"})).states[CODE].entries
    found = facts(CODE, entries, reference)
    assert [code for code, _, _ in found.findings] == ["calendar_not_made"]
    assert found.due == vn_public(ZONE).closing(date(2026, 11, 20))
    reference.with_known(reference.known.with_entry(_made(3, calendar="third"))).make_calendars()
    assert len(tried) == 3, "only what is new is tried"
