"""Which calendar a unit's time is measured by, and that each content is compiled once."""

from __future__ import annotations

from typing import Any

import pytest

from shared.calendar import WorkCalendar, vn_public
from shared.calendar.definition import build
from shared.reference import EMPTY, ReferenceSet
from shared.reference.kinds import calendars as compiling
from tests.unit.shared.reference.making import ZONE, at, calendar, day, known, procedure, unit

BASE = vn_public(ZONE)
WEEK = {name: ["08:00-12:00"] for name in ("mon", "tue", "wed", "thu", "fri", "sat")}


def _off(*days: str) -> dict[str, Any]:
    return {"days": [{"day": f"2026-{text}", "working": False} for text in days]}


def _calendar(reference: ReferenceSet, code: str | None, before: str | None = None, when: str | None = None) -> str:
    found = _full(reference, code, before, when)
    return found.id


def _full(reference: ReferenceSet, code: str | None, before: str | None, when: str | None) -> WorkCalendar:
    return reference.working_calendar(
        code, None if before is None else at(before), default=BASE, day=None if when is None else day(when)
    )


def test_without_entries_it_is_the_stacks_calendar() -> None:
    assert EMPTY.working_calendar("H38", None, default=BASE) is BASE
    assert EMPTY.calendar("H38", None, zone=ZONE) is None
    assert EMPTY.calendar_named("vn-public", None, zone=ZONE) is None
    assert EMPTY.calendar_named("vn-public", None, zone=ZONE, default=BASE) is BASE
    assert EMPTY.calendar_named("hue", None, zone=ZONE, default=BASE) is None


def test_the_calendar_of_the_unit_or_of_the_nearest_unit_above() -> None:
    reference = known(
        calendar({"calendar": "province", "unit": "H38"}, "1"),
        calendar({"calendar": "land", "unit": "H38.7"}, "2"),
        calendar({"calendar": "nobody"}, "3"),
        unit({"unit": "LAND-OFFICE", "parent": "H38.7"}),
    )
    assert _calendar(reference, "H38") == "province"
    assert _calendar(reference, "H38.9.1") == "province"
    assert _calendar(reference, "H38.7.1") == "land"
    assert _calendar(reference, "LAND-OFFICE") == "land"
    assert _calendar(reference, "H50") == "vn-public"
    assert _calendar(reference, None) == "vn-public"


def test_reception_is_another_purpose() -> None:
    reference = known(calendar({"calendar": "saturdays", "unit": "H38", "purpose": "reception", "week": WEEK}))
    assert _calendar(reference, "H38") == "vn-public"
    found = reference.calendar("H38", None, zone=ZONE, purpose="reception")
    assert found is not None
    assert found.id == "saturdays"
    assert found.is_working_day(day("08-22"))


def test_days_lie_over_the_default_as_revised() -> None:
    reference = known(
        calendar({"calendar": "vn-public"} | _off("11-25"), "1"),
        calendar({"calendar": "hue", "unit": "H46"} | _off("11-26"), "2"),
    )
    national, hue = _full(reference, "H38", None, None), _full(reference, "H46.1", None, None)
    texts = ("11-23", "11-24", "11-25", "11-26")
    assert [national.is_working_day(day(text)) for text in texts] == [True, False, False, True]
    assert [hue.is_working_day(day(text)) for text in texts] == [True, False, False, False]
    assert BASE.is_working_day(day("11-25"))


def test_a_week_defines_the_calendar_from_its_first_day() -> None:
    reference = known(calendar({"unit": "H46", "week": WEEK, "valid_from": "2026-07-01"}))
    found = _full(reference, "H46", None, None)
    assert [found.is_working_day(day(text)) for text in ("06-27", "07-04")] == [False, True]


def test_a_day_ordered_after_the_end_does_not_apply() -> None:
    reference = known(
        calendar({"calendar": "vn-public"} | _off("11-25"), "1", "08-01"),
        calendar({"calendar": "vn-public"} | _off("11-26"), "1", "09-01", revision=1),
    )
    assert _full(reference, "H38", "08-01", None) is BASE
    early, late = _full(reference, "H38", "09-01", None), _full(reference, "H38", None, None)
    assert [early.is_working_day(day(text)) for text in ("11-25", "11-26")] == [False, True]
    assert [late.is_working_day(day(text)) for text in ("11-25", "11-26")] == [True, False]


def test_of_several_assignments_the_latest_that_began_by_the_day() -> None:
    reference = known(
        calendar({"calendar": "old", "unit": "H38"}, "1", "02-01"),
        calendar({"calendar": "new", "unit": "H38", "valid_from": "2026-07-01"}, "2"),
        calendar({"calendar": "later", "unit": "H38.1", "valid_from": "2026-07-01"}, "3", "01-01"),
        calendar({"calendar": "latest", "unit": "H38.1", "valid_from": "2026-07-01"}, "0", "01-02"),
    )
    assert [_calendar(reference, "H38", None, text) for text in ("06-30", "07-01")] == ["old", "new"]
    assert _calendar(reference, "H38") == "new"
    assert [_calendar(reference, "H38.1", None, text) for text in ("06-30", "07-01")] == ["old", "latest"]


def test_the_unit_above_on_the_day() -> None:
    reference = known(
        calendar({"calendar": "lao-cai", "unit": "LC"}, "1"),
        unit({"unit": "X", "parent": "YB"}, "2"),
        unit({"unit": "X", "parent": "LC", "valid_from": "2026-07-01"}, "3"),
    )
    assert [_calendar(reference, "X", None, text) for text in ("06-30", "07-01")] == ["vn-public", "lao-cai"]


def test_the_unit_above_as_ordered_before_the_end() -> None:
    reference = known(
        calendar({"calendar": "lao-cai", "unit": "LC"}, "1"), unit({"unit": "X", "parent": "LC"}, "2", "07-01")
    )
    assert [_calendar(reference, "X", end) for end in ("06-30", "08-01")] == ["vn-public", "lao-cai"]


def test_one_calendar_over_several_others() -> None:
    hue = calendar({"unit": "H46"} | _off("11-26"), "hue")
    national = calendar({"calendar": "vn-public"} | _off("11-25"), "vn", "03-01")
    reference = known(hue)
    before, after = (_full(found, "H46", None, None) for found in (reference, reference.with_entry(national)))
    assert [found.is_working_day(day("11-25")) for found in (before, after)] == [True, False]
    assert _full(reference.with_entry(national), "H46", "03-01", None) is before


def test_a_calendar_that_cannot_be_computed_is_not_there() -> None:
    overlapping = {"mon": ["08:00-12:00", "11:00-13:00"]}
    reference = known(calendar({"unit": "H38", "week": overlapping}, "1"))
    assert _full(reference, "H38", None, None) is BASE
    assert reference.calendar_named("hue", None, zone=ZONE, default=BASE) is None


def test_each_content_is_compiled_once(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []

    def counting(calendar_id: str, *args: Any, **options: Any) -> WorkCalendar:
        made.append(calendar_id)
        return build(calendar_id, *args, **options)

    monkeypatch.setattr(compiling, "build", counting)
    reference = known(calendar({"unit": "H38"} | _off("11-19"), "once"))
    first = _full(reference, "H38", None, None)
    for place in range(20):
        reference = reference.with_entry(procedure({}, f"p{place}", f"03-{place + 1:02}"))
        reference = reference.with_entry(unit({"unit": f"H38.{place}"}, None, f"04-{place + 1:02}"))
        assert _full(reference, f"H38.{place}", None, "08-21") is first
        assert _full(reference, "H38", "12-31", None) is first
    assert made == ["hue"]
