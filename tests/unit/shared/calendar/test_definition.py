"""Calendars from versions: seasons, single days, what lies over what, and every fault with its field."""

from __future__ import annotations

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from shared.calendar import WorkCalendar, build, vn_public
from shared.calendar.definition import check, zone_of
from shared.contract.calendar_data import Calendar
from shared.instants import HOUR, MINUTE
from shared.messages import MESSAGES

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
WORKDAYS = {name: ["08:00-12:00", "13:00-17:00"] for name in ("mon", "tue", "wed", "thu", "fri")}
SHORT = {name: ["07:00-13:00"] for name in ("mon", "tue", "wed", "thu", "fri")}


def version(**members: Any) -> Calendar:
    return Calendar.model_validate({"calendar": "office", "version": "1", **members})


def made(*versions: Calendar, base: WorkCalendar | None = None) -> WorkCalendar:
    return build("office", versions, ZONE, base=base)


def hours(calendar: WorkCalendar, day: date) -> list[str]:
    return [f"{a // HOUR:02d}:{a % HOUR // MINUTE:02d}-{b // HOUR:02d}:{b % HOUR // MINUTE:02d}"
            for a, b in calendar.wall_sessions(day)]  # fmt: skip


def test_hours_by_weekday_and_season() -> None:
    summer = {"first": "04-15", "last": "10-15", "week": SHORT}
    calendar = made(version(week=WORKDAYS | {"sat": ["08:00-11:00"]}, seasons=[summer]))
    assert hours(calendar, date(2026, 4, 14)) == ["08:00-12:00", "13:00-17:00"]
    assert hours(calendar, date(2026, 4, 15)) == ["07:00-13:00"]
    assert hours(calendar, date(2026, 10, 15)) == ["07:00-13:00"]
    assert hours(calendar, date(2026, 10, 16)) == ["08:00-12:00", "13:00-17:00"]
    assert hours(calendar, date(2026, 4, 11)) == ["08:00-11:00"]
    assert hours(calendar, date(2026, 4, 18)) == []


def test_a_season_over_the_turn_of_the_year_and_one_to_29_february() -> None:
    winter = version(week=WORKDAYS, seasons=[{"first": "11-16", "last": "02-29", "week": SHORT}])
    calendar = made(winter)
    short = ["07:00-13:00"]
    for day in (date(2025, 11, 17), date(2025, 12, 31), date(2026, 1, 1), date(2026, 2, 27), date(2028, 2, 29)):
        assert hours(calendar, day) == short, day
    for day in (date(2026, 3, 2), date(2028, 3, 1), date(2025, 11, 14)):
        assert hours(calendar, day) != short, day


def test_each_day_takes_its_hours_from_the_latest_version_valid_on_it() -> None:
    calendar = made(
        version(week=WORKDAYS, days=[{"day": "2026-06-30", "working": False}, {"day": "2026-07-02", "working": False}]),
        version(version="2", valid_from="2026-07-01", week=SHORT, days=[{"day": "2026-07-03", "working": False}]),
    )
    assert hours(calendar, date(2026, 6, 29)) == ["08:00-12:00", "13:00-17:00"]
    assert not calendar.is_working_day(date(2026, 6, 30))
    assert hours(calendar, date(2026, 7, 1)) == ["07:00-13:00"]
    assert calendar.is_working_day(date(2026, 7, 2))  # the older version's day has no say any more
    assert not calendar.is_working_day(date(2026, 7, 3))
    assert calendar.version == "2"


def test_a_version_without_week_lays_its_days_over_whatever_is_there() -> None:
    day = {"day": "2026-07-02", "working": False, "document": "1/QĐ"}
    old = {"day": "2026-06-30", "working": False}
    over = version(version="over", valid_from="2026-07-01", days=[day, old])
    later = version(version="2", valid_from="2026-07-01", week=SHORT)
    for versions in ((version(week=WORKDAYS), over), (version(week=WORKDAYS), over, later)):
        calendar = made(*versions)
        assert not calendar.is_working_day(date(2026, 7, 2))
        note = calendar.day_note(date(2026, 7, 2))
        assert note is not None
        assert note.document == "1/QĐ"
        assert calendar.is_working_day(date(2026, 6, 30))  # before it is valid
    again = version(version="again", days=[{"day": "2026-07-02", "working": True}])
    assert made(version(week=WORKDAYS), over, again).is_working_day(date(2026, 7, 2))


def test_versions_over_a_base() -> None:
    public = vn_public(ZONE)
    day = {"day": "2026-12-31", "working": False}
    over = made(version(days=[day]), base=public)
    assert not over.is_working_day(date(2026, 12, 31))
    assert over.working_days_between(date(2026, 1, 1), date(2026, 12, 31)) == public.working_days_between(
        date(2026, 1, 1), date(2026, 12, 31)
    )
    since = made(version(week=SHORT, valid_from="2026-07-01"), base=public)
    assert hours(since, date(2026, 6, 30)) == ["07:30-11:30", "13:00-17:00"]
    assert hours(since, date(2026, 7, 1)) == ["07:00-13:00"]
    assert since.is_working_day(date(2026, 9, 2))  # a definition takes over no days


def test_hours_of_days_named_one_by_one() -> None:
    week = WORKDAYS | {"fri": ["08:00-12:00"]}
    calendar = made(
        version(
            week=week,
            days=[
                {"day": "2026-01-02", "working": False, "kind": "swap", "pair": "2026-01-10"},
                {"day": "2026-01-10", "working": True, "kind": "swap", "pair": "2026-01-02"},
                {"day": "2026-01-17", "working": True, "sessions": ["09:00-10:00"]},
                {"day": "2026-01-24", "working": True},
            ],
        )
    )
    assert hours(calendar, date(2026, 1, 10)) == ["08:00-12:00"]  # worked as the Friday it stands for
    assert hours(calendar, date(2026, 1, 17)) == ["09:00-10:00"]
    assert hours(calendar, date(2026, 1, 24)) == ["08:00-12:00", "13:00-17:00"]  # the usual hours
    assert hours(calendar, date(2026, 1, 2)) == []
    assert calendar.closing(date(2026, 1, 2)) == calendar.instant(date(2026, 1, 2), 12 * HOUR)
    assert calendar.closing(date(2026, 1, 3)) == calendar.instant(date(2026, 1, 3), 17 * HOUR)


def test_sessions_that_touch_are_one_and_a_night_shift_ends_at_midnight() -> None:
    night = {"mon": ["22:00-24:00"], "tue": ["00:00-04:00", "04:00-06:00"]}
    calendar = made(version(week=night))
    monday, tuesday = date(2026, 11, 16), date(2026, 11, 17)
    assert hours(calendar, tuesday) == ["00:00-06:00"]
    begun = calendar.opening(monday)
    assert calendar.add_working(begun, 2 * HOUR) == calendar.closing(monday) == calendar.opening(tuesday)
    assert calendar.add_working(begun, 2 * HOUR + 1) == calendar.opening(tuesday) + 1
    assert calendar.working_between(begun, calendar.closing(tuesday)) == 8 * HOUR
    assert calendar.open_from(calendar.closing(monday)) == calendar.opening(tuesday)


def test_the_hash_tells_what_decides_answers_and_nothing_else() -> None:
    day = {"day": "2026-07-02", "working": False}
    plain = made(version(week=WORKDAYS))
    assert plain.hash == made(version(version="other", week=WORKDAYS, document="1/QĐ")).hash
    assert plain.hash != made(version(week=WORKDAYS, days=[day])).hash
    assert plain.hash != made(version(week=SHORT)).hash
    assert made(version(week=WORKDAYS, days=[day])).hash == made(
        version(week=WORKDAYS), version(days=[{**day, "name": "Festival"}])
    ).hash  # fmt: skip


def test_the_zone_is_the_latest_named_one() -> None:
    some = version(week=WORKDAYS, zone="Europe/Paris")
    assert zone_of([version(week=WORKDAYS)], ZONE) is ZONE
    assert zone_of([some, version()], ZONE).key == "Europe/Paris"
    with pytest.raises(ValueError, match="Asia/Ho_Chi_Minh"):
        zone_of([version(zone="Mars/Base")], ZONE)


SWAP = {"day": "2026-01-02", "working": False, "kind": "swap", "pair": "2026-01-10"}


@pytest.mark.parametrize(
    ("members", "code", "field"),
    [
        ({"week": WORKDAYS, "zone": "Mars/Base"}, "calendar_zone_unknown", "zone"),
        ({"week": {}}, "calendar_without_hours", "week"),
        ({"seasons": [{"first": "04-01", "last": "05-01", "week": SHORT}]}, "calendar_seasons_without_week", "seasons"),
        ({"week": {"mon": ["13:00-05:00"]}}, "calendar_session_reversed", "week.mon[0]"),
        ({"week": {"mon": ["17:00-13:00"]}}, "calendar_session_reversed", "week.mon[0]"),
        (
            {"week": {"sun": ["08:00-12:00", "20:00-07:31"], "mon": ["13:00-17:00", "07:30-11:30"]}},
            "calendar_shift_runs_into_next",
            "week.sun[1]",
        ),
        ({"week": {"mon": ["20:00-04:00", "23:00-24:00"]}}, "calendar_sessions_overlap", "week.mon[1]"),
        ({"week": {"mon": ["08:00-08:00"]}}, "calendar_session_reversed", "week.mon[0]"),
        ({"week": {"tue": ["08:00-12:00", "11:00-13:00"]}}, "calendar_sessions_overlap", "week.tue[1]"),
        (
            {"week": WORKDAYS, "seasons": [{"first": "04-31", "last": "05-01", "week": SHORT}]},
            "calendar_no_such_day",
            "seasons[0].first",
        ),
        (
            {
                "week": WORKDAYS,
                "seasons": [
                    {"first": "11-01", "last": "02-01", "week": SHORT},
                    {"first": "01-15", "last": "03-01", "week": SHORT},
                ],
            },
            "calendar_seasons_overlap",
            "seasons[1].first",
        ),
        (
            {"week": WORKDAYS, "seasons": [{"first": "04-01", "last": "05-01", "week": {"sun": ["9:00"]}}]},
            "",
            "",
        ),
        ({"days": [{"day": "2026-01-02", "working": False}] * 2}, "calendar_day_twice", "days[1].day"),
        ({"days": [{"day": "1826-01-02", "working": False}]}, "calendar_day_out_of_range", "days[0].day"),
        (
            {"valid_from": "2026-02-01", "days": [{"day": "2026-01-02", "working": False}]},
            "calendar_day_before_version",
            "days[0].day",
        ),
        (
            {"days": [{"day": "2026-01-02", "working": False, "sessions": ["08:00-09:00"]}]},
            "calendar_hours_of_day_off",
            "days[0].sessions",
        ),
        ({"days": [{"day": "2026-01-02", "working": True, "sessions": []}]}, "calendar_hours_of_day_off",
         "days[0].sessions"),
        ({"days": [{"day": "2026-01-02", "working": True, "pair": "2026-01-03"}]}, "calendar_pair_without_swap",
         "days[0].pair"),
        ({"days": [{"day": "2026-01-02", "working": True, "kind": "swap"}]}, "calendar_swap_without_pair",
         "days[0].pair"),
        ({"days": [SWAP]}, "calendar_swap_unmatched", "days[0].pair"),
        (
            {"days": [SWAP, {"day": "2026-01-10", "working": False, "kind": "swap", "pair": "2026-01-02"}]},
            "calendar_swap_unmatched",
            "days[0].pair",
        ),
    ],
)  # fmt: skip
def test_a_fault_names_its_field(members: dict[str, Any], code: str, field: str) -> None:
    if not code:
        with pytest.raises(ValueError, match="pattern"):
            version(**members)
        return
    faults = check(version(**members))
    assert (code, field) in {(fault.code, fault.field) for fault in faults}
    for fault in faults:
        message = MESSAGES[fault.code]
        words = {"field": fault.field, "value": fault.value, **fault.parameters}
        for language in ("vi", "en"):
            told = message.detail.fill(language, words) + message.remedy.fill(language, words)
            names = {part.split("}")[0] for part in told.split("{")[1:]}
            assert not names & {"field", "value", *fault.parameters}


def test_sound_calendars_have_no_faults() -> None:
    swap = [SWAP, {"day": "2026-01-10", "working": True, "kind": "swap", "pair": "2026-01-02"}]
    assert check(version(week=WORKDAYS, days=swap, zone="Europe/Paris")) == []
    assert check(version(days=swap)) == []


def test_a_calendar_without_hours_is_no_calendar() -> None:
    with pytest.raises(ValueError, match="week"):
        made(version())
    with pytest.raises(ValueError, match="hours"):
        made(version(week={}))
    with pytest.raises(ValueError, match="ascending"):
        made(version(week={"mon": ["17:00-13:00"]}))
