"""Calendar files: what is read, what is written reads back, and every mistake by its line, in both languages."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

import pytest
from jsonschema import Draft202012Validator

from shared.calendar import build
from shared.calendar.files.calendar_file import CalendarMistakes, read_calendar, schema
from shared.calendar.files.calendar_text import calendar_text
from shared.calendar.files.yaml_tree import read_tree
from shared.calendar.vietnam import known_calendars, vn_public_versions
from shared.instants import HOUR

KNOWN = known_calendars()
FILE = """\
calendar: office
zone: America/New_York
unit: H1
purpose: reception
version: "1"
document: "order: 1"
holidays: {country: US, subdivision: NY, first_year: 2026, last_year: 2027}
week:
  mon: [08:00-12:00, 13:00-17:00]
  sat: [08:00-10:00]
seasons:
  - first: "07-01"
    last: "08-31"
    week: {mon: [07:00-13:00]}
days:
  - {day: 2026-07-04, working: false, kind: holiday, name: "Independence: Day", document: law}
  - {day: 2026-12-24, working: true, kind: swap, pair: 2026-12-28, sessions: [08:00-09:00]}
  - {day: 2026-12-28, working: false, kind: swap, pair: 2026-12-24}
versions:
  - version: "2"
    valid_from: 2027-01-01
    week: {tue: [09:00-24:00]}
"""


def test_a_file_is_its_versions() -> None:
    first, second = read_calendar(FILE, KNOWN)
    assert (first.version, first.valid_from, first.unit, first.purpose) == ("1", None, "H1", "reception")
    assert (second.version, second.valid_from, second.unit, second.zone) == (
        "2", date(2027, 1, 1), "H1", "America/New_York",
    )  # fmt: skip
    assert first.holidays is not None
    assert first.holidays.subdivision == "NY"
    calendar = build("office", [first, second], ZoneInfo("America/New_York"))
    assert calendar.length(date(2026, 7, 6)) == 6 * HOUR
    assert calendar.length(date(2026, 9, 7)) == 8 * HOUR
    assert calendar.length(date(2027, 1, 5)) == 15 * HOUR
    assert calendar.length(date(2027, 1, 4)) == 0


def test_what_is_written_reads_back() -> None:
    versions = read_calendar(FILE, KNOWN)
    assert read_calendar(calendar_text(versions, ["a comment", ""]), {}) == versions
    assert read_calendar(calendar_text(vn_public_versions()), {}) == vn_public_versions()


def test_the_schema_knows_what_the_guide_shows() -> None:
    Draft202012Validator.check_schema(schema())
    validator = Draft202012Validator(schema())
    tree = read_tree('calendar: a\ndays_of: vn-public\nweek: {mon: ["07:30-11:30"]}')
    assert validator.is_valid(tree.root)
    assert not validator.is_valid({"calendar": "a", "weeks": {}})
    assert not validator.is_valid({"calendar": "a", "week": {"mon": ["7-11"]}})


def test_days_taken_over_come_with_where_they_came_from() -> None:
    text = "calendar: a\ndays_of: vn-public\nweek: {mon: [08:00-12:00]}\ndays: [{day: 2026-01-02, working: true}]"
    (version,) = read_calendar(text, KNOWN)
    days = {day.day: day for day in version.days}
    assert version.holidays == vn_public_versions()[0].holidays
    assert days[date(2026, 9, 2)].name == "Quốc khánh"
    assert days[date(2026, 1, 2)].working
    # The other half of the swap stays worked, but is half of nothing any more.
    assert (days[date(2026, 1, 10)].working, days[date(2026, 1, 10)].pair) == (True, None)


@pytest.mark.parametrize(
    ("change", "line", "code"),
    [
        (("[08:00-12:00, 13:00-17:00]", "[08:00-12:00, 11:00-17:00]"), 9, "calendar_sessions_overlap"),
        (("sat: [08:00-10:00]", "sat: [8-10]"), 10, "calendar_session_form"),
        (('first: "07-01"', 'first: "1.7."'), 12, "calendar_month_day_form"),
        (("zone: America/New_York", "zone: New York"), 2, "calendar_zone_unknown"),
        (("purpose: reception", "purposes: reception"), 4, "calendar_unknown_key"),
        (("working: false, kind: holiday", "working: perhaps"), 16, "wrong_type"),
        (("day: 2026-07-04", "day: 04/07/2026"), 16, "wrong_date"),
        (("pair: 2026-12-24}", "pair: 2026-12-25}"), 18, "calendar_swap_unmatched"),
        (("unit: H1", "calendar: again"), 3, "calendar_key_twice"),
        (("    week: {tue: [09:00-24:00]}", "    days_of: nowhere"), 22, "calendar_days_of_unknown"),
        (("unit: H1", "unit: [H1"), 4, "calendar_not_yaml"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_by_its_line(change: tuple[str, str], line: int, code: str) -> None:
    assert FILE.count(change[0]) == 1
    text = FILE.replace(*change)
    with pytest.raises(CalendarMistakes) as caught:
        read_calendar(text, KNOWN)
    assert (line, code) in {(one.line, one.fault.code) for one in caught.value.mistakes}
    told = [caught.value.text(language, "office.yaml") for language in ("vi", "en")]
    assert told[0] != told[1]
    assert all(row.startswith("office.yaml:") for text in told for row in text.split("\n"))
    assert "{" not in told[0].replace("{day:", "")


def test_all_mistakes_are_told_at_once_in_the_order_of_lines() -> None:
    text = (
        FILE.replace("08:00-10:00", "11:00-10:00").replace("New_York", "Nowhere").replace("2026-12-24}", "2026-12-25}")
    )
    with pytest.raises(CalendarMistakes) as caught:
        read_calendar(text, KNOWN)
    assert [mistake.line for mistake in caught.value.mistakes] == [2, 10, 17, 18]


@pytest.mark.parametrize(
    "text", ["", "- 1", "just words", "calendar: [a", "a: &x [*x]", f"calendar: {'[' * 50}{']' * 50}"]
)
def test_what_is_no_calendar_file_is_told(text: str) -> None:
    with pytest.raises(CalendarMistakes) as caught:
        read_calendar(text, KNOWN)
    assert "deadlines.md" in str(caught.value) or "calendar" in str(caught.value)


def test_only_what_lies_over_a_calendar_may_have_no_hours() -> None:
    text = "calendar: vn-public\ndays: [{day: 2026-11-25, working: false}]"
    assert read_calendar(text, KNOWN)[0].week is None
    with pytest.raises(CalendarMistakes, match="hours"):
        read_calendar(text, {})


@pytest.mark.parametrize("wrong", ["{day: 2026-01-01, working: maybe}", "{day: 2026-01-05, working: false}"])
def test_of_many_mistakes_the_first_are_told_and_how_many_more_there_are(wrong: str) -> None:
    text = "calendar: c\nweek: {mon: ['07:30-11:30']}\ndays:\n" + f"  - {wrong}\n" * 61
    with pytest.raises(CalendarMistakes) as caught:
        read_calendar(text, {})
    lines = caught.value.text("vi", "c.yaml").splitlines()
    assert len(lines) == 21
    assert lines[-1] in ("+ 41", "+ 40")
