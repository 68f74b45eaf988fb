"""`motcua calendar pin|check|show` and what the doctor says of calendars."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from motcua.cli.main import main
from motcua.cli.reference.pinning import pin
from motcua.cli.stack.doctor_calendars import missing_days
from shared.calendar.files.calendar_file import read_calendar


def run(capsys: pytest.CaptureFixture[str], *words: str, lang: str = "en") -> tuple[int, str, str]:
    code = main(["--lang", lang, "calendar", *words])
    told = capsys.readouterr()
    return code, told.out, told.err


def test_a_pinned_country_is_a_calendar_file(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "pin", "--country", "sa", "--years", "2026-2027")
    (version,) = read_calendar(out, {})
    assert code == 0
    assert (version.calendar, version.zone) == ("sa", "Asia/Riyadh")
    assert version.week is not None
    assert (version.week.fri, version.week.sun) == ([], ["08:00-12:00", "13:00-17:00"])
    assert version.holidays is not None
    assert version.holidays.library is not None
    assert version.holidays.library.startswith("holidays ")


def test_dates_by_the_moon_are_marked_so_that_they_are_asked_for_again() -> None:
    days = pin("AE", (), 2035, 2035).days
    assert {day.document for day in days} == {"pinned until announced", None}
    assert next(day for day in days if day.day == date(2035, 1, 1)).document is None


def test_exchanged_days_are_pinned_as_swaps_even_at_the_turn_of_the_year() -> None:
    days = {day.day: day for day in pin("VN", (), 2014, 2015).days}
    assert (days[date(2014, 12, 27)].kind, days[date(2014, 12, 27)].pair) == ("swap", date(2015, 1, 2))
    # Pinned alone, a year has its half only, as a day of its own, and no days of other years.
    alone = {day.day: day for day in pin("VN", (), 2014, 2014).days}
    assert (alone[date(2014, 12, 27)].kind, alone[date(2014, 12, 27)].pair) == ("extra", None)
    assert {day.year for day in alone} == {2014}
    assert {day.day.year for day in pin("VN", (), 2027, 2027).days} == {2027}
    given = {day.day: day.kind for day in pin("VN", (), 2027, 2027).days}
    assert given[date(2027, 5, 3)] == "compensation"


def test_an_offices_days_are_asked_for_and_half_days_keep_their_morning() -> None:
    """Columbus Day closes an office though the library's public days of some do not have it; GR has half days."""
    public = {day.day for day in pin("CA", ["ON"], 2026, 2026, ["public"]).days}
    office = pin("CA", ["ON"], 2026, 2026)
    assert {day.day for day in office.days} - public >= {date(2026, 9, 30), date(2026, 11, 11)}
    assert office.source.library is not None
    assert office.source.library.endswith(": public, government")
    half = {day.day: day for day in pin("GR", (), 2026, 2026, half_day="07:00-11:00").days}
    eve = half[date(2026, 12, 24)]
    assert (eve.working, eve.sessions, eve.kind) == (True, ["07:00-11:00"], "holiday")
    assert date(2026, 12, 24) not in {day.day for day in pin("GR", (), 2026, 2026).days}
    # One that falls on the weekend is no day of work.
    assert date(2022, 12, 24) not in {day.day for day in pin("GR", (), 2022, 2022, half_day="07:00-11:00").days}


def test_several_subdivisions_are_off_together(capsys: pytest.CaptureFixture[str]) -> None:
    words = ("pin", "--country", "DE", "--years", "2026", "--zone", "Europe/Berlin")
    code, out, _ = run(capsys, *words, "--subdivision", "BE", "--subdivision", "BY")
    (version,) = read_calendar(out, {})
    both = {day.day for day in version.days}
    alone = [{day.day for day in pin("DE", [one], 2026, 2026).days} for one in ("BE", "BY")]
    assert (code, version.calendar) == (0, "de-be-by")
    assert both == alone[0] | alone[1]
    assert alone[0] - alone[1] == {date(2026, 3, 8)}
    assert version.holidays is not None
    assert version.holidays.subdivision == "BE+BY"
    assert [day.name for day in version.days if day.day == date(2026, 5, 1)] == ["Erster Mai"]


@pytest.mark.parametrize(
    ("asked", "worked", "said"),
    [
        ("FR --zone Europe/Paris", "mon tue wed thu fri", "Weekly days off as the library has them: sat, sun"),
        ("IL --zone Asia/Jerusalem", "mon tue wed thu sun", "fri, sat"),
        ("HK --zone Asia/Hong_Kong --week mon-fri", "mon tue wed thu fri", ""),
        ("OM --zone Asia/Muscat --week sat-mon,wed", "mon wed sat sun", ""),
    ],
)
def test_the_librarys_weekend_is_said_or_replaced(
    asked: str, worked: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = run(capsys, "pin", "--years", "2026", "--country", *asked.split())
    (version,) = read_calendar(out, {})
    assert version.week is not None
    assert (code, [day for day, hours in version.week.model_dump().items() if hours]) == (0, worked.split())
    assert said in err
    assert bool(err) == bool(said)


@pytest.mark.parametrize(
    ("words", "mentions"),
    [
        (["--country", "XX"], "ISO 3166"),
        (["--country", "HK", "--years", "2026"], "the library has sun as the weekly day off"),
        (["--country", "FR", "--week", "monday-friday"], "mon-fri"),
        (["--country", "FR", "--category", "government"], "--category: FR has no 'government'; it has: public"),
        (["--country", "DE", "--subdivision", "BE", "--subdivision", "XX"], "--subdivision: DE has no 'XX'"),
        (["--country", "FR", "--subdivision", "XX"], "57"),
        (["--country", "FR", "--years", "26"], "2026-2030"),
        (["--country", "US", "--years", "2026"], "America/New_York"),
        (["--country", "FR", "--zone", "Paris"], "Europe/Paris"),
    ],
)
def test_what_cannot_be_pinned_names_the_remedy(
    words: list[str], mentions: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = run(capsys, "pin", *words)
    assert (code, out) == (2, "")
    assert mentions in err


def test_a_file_is_never_overwritten(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "fr.yaml"
    words = ("pin", "--country", "FR", "--years", "2026", "--output", str(file))
    assert run(capsys, *words)[0] == 0
    before = file.read_text(encoding="utf-8")
    code, _, err = run(capsys, *words)
    assert (code, "--output" in err) == (1, True)
    assert file.read_text(encoding="utf-8") == before


def test_a_check_fails_from_october_on_until_the_swaps_are_there(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(capsys, "check", "--on", "2026-09-30")[0] == 0
    code, out, _ = run(capsys, "check", "--on", "2026-10-01", lang="vi")
    assert code == 1
    assert "hoán đổi của năm 2027" in out
    code, out, _ = run(capsys, "check", "--on", "2026-10-01", "--json")
    assert code == 1
    assert [(one["code"], one["year"]) for one in json.loads(out)["missing"]] == [
        ("calendar_days_estimated", 2027),
        ("calendar_swaps_missing", 2027),
    ]
    file = tmp_path / "office.yaml"
    file.write_text("calendar: a\ndays_of: vn-public\nweek: {mon: [08:00-12:00]}\n")
    assert run(capsys, "check", str(file), "--on", "2026-09-30")[0] == 0
    assert run(capsys, "check", str(file), "--on", "2026-10-01")[0] == 1


def test_mistakes_in_a_file_are_told_by_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "office.yaml"
    file.write_text("calendar: a\nweek:\n  mon: [12:00-08:00]\n")
    code, out, err = run(capsys, "check", str(file), lang="vi")
    assert (code, out) == (1, "")
    assert err.startswith(f"{file}:3: ")


def test_a_month_is_shown_with_reasons(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "show", "--month", "2026-01")
    lines = out.splitlines()
    assert code == 0
    assert "12729/VPCP-KGVX" in next(line for line in lines if "2026-01-02" in line)
    assert "07:30-11:30, 13:00-17:00" in next(line for line in lines if line.startswith("Sat 2026-01-10"))
    assert lines[-1] == "21 working days, 168 h 00"
    code, out, _ = run(capsys, "show", "--month", "2026-01", "--json")
    days = {day["day"]: day for day in json.loads(out)}
    assert len(days) == 31
    assert days["2026-01-10"] == {
        "day": "2026-01-10", "working": True, "sessions": ["07:30-11:30", "13:00-17:00"], "minutes": 480,
        "reason": "swap", "name": days["2026-01-10"]["name"], "document": "12729/VPCP-KGVX",
    }  # fmt: skip


def test_the_doctor_says_what_the_calendars_of_a_stack_lack() -> None:
    october, zone = date(2026, 10, 1), ZoneInfo("Asia/Ho_Chi_Minh")
    assert missing_days([], date(2026, 9, 30), zone, "en") == []
    assert len(missing_days([], october, zone, "en")) == 2
    tet = [{"day": f"2027-02-{n:02d}", "working": False, "kind": "holiday", "document": "1/TB"} for n in range(4, 11)]
    entry = held("calendar.revised", {"calendar": "vn-public", "version": "2027", "days": tet})
    assert missing_days([entry], october, zone, "en") == []
    newer = held("calendar.revised", {"calendar": "vn-public", "from": "a newer contract"})
    assert missing_days([newer, entry], october, zone, "vi") == []


def test_the_doctor_tells_of_a_calendar_without_working_days() -> None:
    day, zone = date(2026, 9, 1), ZoneInfo("Asia/Ho_Chi_Minh")
    off = [{"day": (day + timedelta(n)).isoformat(), "working": False} for n in range(400)]
    closed = {"calendar": "closed", "version": "1", "days": off}
    (line,) = missing_days([held("calendar.revised", closed)], day, zone, "en")
    assert "no working day" in line
    assert "no_working_days" in line
    assert missing_days([held("calendar.revised", closed | {"no_working_days": True})], day, zone, "en") == []


def test_the_doctor_asks_for_vietnamese_days_only_where_they_measure_somebody() -> None:
    october, zone = date(2026, 10, 1), ZoneInfo("Europe/London")
    week = {name: ["09:00-17:00"] for name in ("mon", "tue", "wed", "thu", "fri")}
    own = {"calendar": "uk", "version": "1", "unit": "FOI", "week": week}
    assigned = held("calendar.revised", own)
    office, desk = held("unit.revised", {"unit": "FOI"}), held("unit.revised", {"unit": "FOI.1"})
    other = held("unit.revised", {"unit": "TAX"})
    assert missing_days([assigned, office, desk], october, zone, "en") == []
    assert len(missing_days([assigned, office, desk, other], october, zone, "en")) == 2
    # A calendar nobody is assigned to measures nobody, so the default one still does.
    unassigned = held("calendar.revised", {name: value for name, value in own.items() if name != "unit"})
    assert len(missing_days([unassigned, office], october, zone, "en")) == 2


def held(type_: str, data: dict[str, Any]) -> dict[str, Any]:
    """A reference entry as processing lists it."""
    about = str(data.get("unit") or data["calendar"])
    place = {"time": "2026-01-01T00:00:00Z", "sequence": 0, "revision": 0}
    return {"type": type_, "source": "s", "id": f"{type_} {about}", "subject": about, **place, "data": data}


def test_days_without_hours_are_no_calendar_of_another_zone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "uk.yaml"
    days = "calendar: uk-any-part\ndays:\n  - {day: 2026-12-28, working: false, kind: holiday}\n"
    file.write_text(f"zone: Europe/London\n{days}", encoding="utf-8")
    code, out, err = run(capsys, "check", str(file), "--on", "2026-09-01")
    assert (code, out) == (1, "")
    assert f"{file}:1: zone: the zone is Europe/London but there is no week" in err
    file.write_text(days, encoding="utf-8")
    code, out, _ = run(capsys, "check", str(file), "--on", "2026-09-01")
    assert code == 0
    assert out.splitlines()[1:] == ["No week: the file's days are laid over vn-public, whose hours hold."]


def test_a_check_hints_at_a_lost_minute_and_a_night(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "guard.yaml"
    file.write_text('calendar: guard\nweek:\n  mon: [07:00-11:59, "19:00-05:00"]\n', encoding="utf-8")
    code, out, _ = run(capsys, "check", str(file), "--on", "2026-09-01")
    assert code == 0
    minute, night = out.splitlines()[1:]
    assert minute.startswith("week.mon[0]: session 07:00-11:59 leaves out its last minute")
    assert minute.endswith("write 07:00-12:00.")
    assert night.startswith("week.mon[1]: 19:00-05:00 is a shift over midnight of 10:00 hours")
    _, out, _ = run(capsys, "show", str(file), "--month", "2026-11")
    assert "07:00-11:59, 19:00-05:00" in out
