"""What is still missing of a year's swapped days and Tết, and since when it is asked for."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from shared.calendar.announcements import missing_announcements, missing_by_calendar
from shared.calendar.vietnam import vn_public_versions
from shared.contract.calendar_data import Calendar

BUILT_IN = list(vn_public_versions())
TET = [f"2027-02-{n:02d}" for n in range(4, 11)]


def version(*days: dict[str, Any], **members: Any) -> Calendar:
    return Calendar.model_validate({"calendar": "vn-public", "version": "more", "days": list(days), **members})


def codes(versions: list[Calendar], today: date) -> list[tuple[str, object]]:
    return [(fault.code, fault.value) for fault in missing_announcements(versions, today)]


def test_next_year_is_asked_for_from_october_on() -> None:
    wanted = [("calendar_days_estimated", 2027), ("calendar_swaps_missing", 2027)]
    assert codes(BUILT_IN, date(2026, 9, 30)) == []
    assert codes(BUILT_IN, date(2026, 10, 1)) == wanted
    assert codes(BUILT_IN, date(2026, 12, 31)) == wanted
    assert codes(BUILT_IN, date(2027, 1, 15)) == wanted
    # Estimated days that have passed are no longer worth correcting, the swaps of the rest of the year are.
    assert codes(BUILT_IN, date(2027, 3, 1)) == wanted[1:]


def test_years_before_the_first_announced_one_are_history() -> None:
    assert codes(BUILT_IN, date(2025, 12, 20)) == []
    assert codes(BUILT_IN, date(2012, 11, 1)) == []


SWAP = [
    {"day": "2027-02-03", "working": False, "kind": "swap", "pair": "2027-02-20", "document": "1/TB"},
    {"day": "2027-02-20", "working": True, "kind": "swap", "pair": "2027-02-03", "document": "1/TB"},
]


def test_a_swap_with_its_document_and_confirmed_days_silence_it() -> None:
    confirmed = [{"day": day, "working": False, "kind": "holiday", "document": "1/TB"} for day in TET]
    assert codes([*BUILT_IN, version(*SWAP)], date(2026, 11, 21)) == [("calendar_days_estimated", 2027)]
    assert codes([*BUILT_IN, version(*SWAP, *confirmed)], date(2026, 11, 21)) == []
    # A year without swaps: the announcement stands at the days of Tết.
    assert codes([*BUILT_IN, version(*confirmed)], date(2026, 11, 21)) == []


def test_a_day_of_the_agencys_own_announces_nothing() -> None:
    storm = {"day": "2027-01-05", "working": False, "kind": "extra", "document": "1234/QĐ-UBND"}
    assert ("calendar_swaps_missing", 2027) in codes([*BUILT_IN, version(storm)], date(2026, 11, 21))


def test_a_pinned_calendar_that_ends_is_to_be_pinned_on() -> None:
    source = {"country": "FR", "first_year": 2025, "last_year": 2026}
    pinned = version({"day": "2026-07-14", "working": False}, holidays=source)
    assert codes([pinned], date(2026, 9, 1)) == []
    assert codes([pinned], date(2026, 11, 1)) == [("calendar_year_not_pinned", 2027)]
    assert codes([version({"day": "2026-07-14", "working": False})], date(2026, 11, 1)) == []


def test_days_estimated_by_the_library_are_asked_for_in_any_country() -> None:
    source = {"country": "AE", "first_year": 2026, "last_year": 2027}
    days = [
        {"day": "2027-03-09", "working": False, "name": "Eid al-Fitr (estimated)"},
        {"day": "2026-12-02", "working": False, "name": "National Day"},
    ]
    assert codes([version(*days, holidays=source)], date(2026, 10, 1)) == [("calendar_days_estimated", 2027)]


def test_what_is_laid_over_the_default_calendar_holds_for_others_too() -> None:
    own = BUILT_IN[0].model_copy(update={"calendar": "h38"})
    confirmed = [{"day": day, "working": False, "kind": "holiday", "document": "1/TB"} for day in TET]
    today = date(2026, 11, 21)
    found = missing_by_calendar([own], today, BUILT_IN)
    assert {name: [fault.code for fault in faults] for name, faults in found.items()} == {
        "h38": ["calendar_days_estimated", "calendar_swaps_missing"],
        "vn-public": ["calendar_days_estimated", "calendar_swaps_missing"],
    }
    found = missing_by_calendar([own, version(*SWAP, *confirmed)], today, BUILT_IN)
    # Its own estimated days lie over those of the default calendar, so they are still to be corrected.
    assert {name: [fault.code for fault in faults] for name, faults in found.items()} == {
        "h38": ["calendar_days_estimated"]
    }
    assert missing_by_calendar([version()], date(2026, 9, 1), BUILT_IN) == {}


@pytest.mark.parametrize("day", TET)
def test_the_days_of_tet_are_off_before_they_are_announced(day: str) -> None:
    assert next(one for one in BUILT_IN[0].days if one.day.isoformat() == day).working is False
