"""The commands on calendars: pin a country's holidays into a file, check a file, show a month. Need no service."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Annotated, Any, Final
from zoneinfo import available_timezones

import typer

from motcua.cli.dates import parse_date
from motcua.cli.errors import FAILURE, USAGE, CommandError
from motcua.cli.front.commands import Commands
from motcua.cli.options import JsonOption
from motcua.cli.reference.calendar_choice import DEFAULT_ZONE, calendar_of, versions_of
from motcua.cli.session import Session, session_of
from shared.calendar import WorkCalendar
from shared.calendar.announcements import missing_announcements
from shared.calendar.explanation import note_of
from shared.calendar.files.calendar_file import told
from shared.calendar.files.calendar_text import calendar_text
from shared.calendar.files.hints import hints
from shared.calendar.hours import session_text
from shared.calendar.vietnam import VN_PUBLIC, vn_public_versions
from shared.clock import SystemClock
from shared.contract.reference import Calendar, Week
from shared.instants import HOUR, MINUTE, local_date
from shared.problems.field_errors import FieldError

__all__ = ["calendars"]

_WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_VI_WEEKDAYS: Final = ("T2", "T3", "T4", "T5", "T6", "T7", "CN")
#: Hours a pinned file begins with; whoever makes it puts the office's own.
_HOURS: Final = ["08:00-12:00", "13:00-17:00"]
#: Days off in the week of an office, where the library's week is taken for it.
_USUAL_DAYS_OFF: Final = 2
#: Years pinned where none are named: this one and so many after it.
_YEARS_AHEAD: Final = 5

calendars = Commands(no_args_is_help=True)


@calendars.callback()
def _calendars() -> None:
    """Lịch làm việc / working-time calendars."""


@calendars.command("pin", help="Tạo tệp lịch có ngày lễ / make a calendar file with a country's holidays.")
def pin_command(
    context: typer.Context,
    *,
    country: Annotated[str, typer.Option(help="Mã nước ISO 3166, như VN, FR, US / country code, such as VN, FR, US.")],
    subdivision: Annotated[
        list[str] | None, typer.Option(help="Mã vùng, lặp lại được / code of a subdivision, such as CA; repeatable.")
    ] = None,
    category: Annotated[
        list[str] | None,
        typer.Option(help="Loại ngày, lặp lại được / kind of day: public, government, half_day, bank…; repeatable."),
    ] = None,
    week: Annotated[
        str | None, typer.Option(help="Các ngày làm việc, như mon-fri / days worked, such as mon-fri or sun-thu.")
    ] = None,
    years: Annotated[str | None, typer.Option(help="Các năm, như 2026-2030 / years, such as 2026-2030.")] = None,
    zone: Annotated[
        str | None, typer.Option(help="Múi giờ, như America/New_York / time zone, such as America/New_York.")
    ] = None,
    name: Annotated[str | None, typer.Option(help="Tên lịch / name of the calendar.")] = None,
    output: Annotated[Path | None, typer.Option(help="Ghi vào tệp / write to a file.")] = None,
) -> None:
    """Ask the library of holidays once, and write down what it says; later versions of it change nothing."""
    from motcua.cli.reference.pinning import pin, zone_of_country

    session = session_of(context)
    first, last = _years(years)
    regions = list(dict.fromkeys(subdivision or ()))
    pinned = pin(country, regions, first, last, category or (), half_day=_HOURS[0])
    source = pinned.source
    place = "-".join((source.country, *regions))
    worked = _worked(week, pinned.weekend)
    if week is None:
        off = ", ".join(_WEEKDAYS[number] for number in sorted(pinned.weekend))
        session.note(
            f"Ngày nghỉ hằng tuần theo thư viện: {off}. Cơ quan làm việc khác thì thêm --week, ví dụ --week mon-fri.",
            f"Weekly days off as the library has them: {off}. Where the office's differ, add --week mon-fri or so.",
        )
    made = Calendar(
        calendar=name or place.lower(),
        version=str(first) if first == last else f"{first}-{last}",
        zone=_zone(zone) or zone_of_country(source.country),
        holidays=source,
        week=Week.model_validate(dict.fromkeys(worked, _HOURS)),
        days=pinned.days,
    )
    comment = (
        f"Public holidays of {place} from {first} to {last}, as {source.library} has them. Put in your own hours.",
        f"Outside {first}-{last} every holiday counts as a working day: pin further years in time.",
        "Check: motcua calendar check FILE",
    )
    text = calendar_text([made], comment)
    if output is None:
        sys.stdout.write(text)
        return
    if output.exists():
        raise CommandError(
            f"--output: {output} đã có; chọn tên khác hoặc xóa đi",
            f"--output: {output} is there already; choose another name or remove it",
        )
    try:
        output.write_text(text, encoding="utf-8")
    except OSError as error:
        raise CommandError(
            f"--output: không ghi được {output} ({error.strerror}); chọn nơi khác",
            f"--output: {output} cannot be written ({error.strerror}); choose another place",
        ) from error
    session.note(f"{len(pinned.days)} ngày: {output}", f"{len(pinned.days)} days: {output}")


@calendars.command("check", help="Kiểm tra lịch, nhắc ngày hoán đổi năm sau / check a calendar, and what it lacks.")
def check_command(
    context: typer.Context,
    *,
    calendar: Annotated[str, typer.Argument(help="Tệp lịch hoặc lịch có sẵn / calendar file or name.")] = VN_PUBLIC,
    on: Annotated[str | None, typer.Option(help="Kiểm tra như vào ngày / as if it were this day.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Tell mistakes by line, and from 1 October on whether next year's swapped days and Tết are still missing."""
    session = session_of(context)
    versions = versions_of(calendar, "CALENDAR")
    today = parse_date(on, "--on") if on else _today()
    missing = missing_announcements(_with_what_is_under(versions), today)
    made = calendar_of(calendar, "CALENDAR")
    if as_json:
        session.print_json(_checked(made, versions, missing))
    else:
        days = sum(len(version.days) for version in versions)
        typer.echo(
            session.say(
                f"Lịch {made.id} hợp lệ: số phiên bản {len(versions)}, số ngày riêng {days}, múi giờ {made.zone.key}",
                f"Calendar {made.id} is valid: versions {len(versions)}, days by name {days}, zone {made.zone.key}",
            )
        )
        if made.id != VN_PUBLIC and all(version.week is None for version in versions):
            typer.echo(
                session.say(
                    f"Không có week: ngày của tệp đặt lên trên {VN_PUBLIC}, giờ làm việc lấy từ đó.",
                    f"No week: the file's days are laid over {VN_PUBLIC}, whose hours hold.",
                )
            )
        for fault in (*(hint for version in versions for hint in hints(version)), *missing):
            typer.echo(told(fault, session.language))
    if missing:
        raise typer.Exit(FAILURE)


@calendars.command("show", help="Xem một tháng của lịch / show a month of a calendar.")
def show_command(
    context: typer.Context,
    *,
    calendar: Annotated[str, typer.Argument(help="Tệp lịch hoặc lịch có sẵn / calendar file or name.")] = VN_PUBLIC,
    month: Annotated[str | None, typer.Option(help="Tháng, như 2026-01 / month, such as 2026-01.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Show each day's hours, why it is off or worked, and the month's sum."""
    session = session_of(context)
    made = calendar_of(calendar, "CALENDAR")
    days = list(_days(month))
    if as_json:
        session.print_json([_day_json(made, day) for day in days])
        return
    typer.echo(session.say(f"Lịch {made.id} ({made.zone.key})", f"Calendar {made.id} ({made.zone.key})"))
    for day in days:
        typer.echo(_day_line(session, made, day))
    worked = [day for day in days if made.is_working_day(day)]
    total = sum(made.length(day) for day in worked)
    time = f"{total // HOUR} h {total % HOUR // MINUTE:02d}"
    typer.echo(session.say(f"{len(worked)} ngày làm việc, {time}", f"{len(worked)} working days, {time}"))


def _with_what_is_under(versions: tuple[Calendar, ...]) -> tuple[Calendar, ...]:
    """The versions, after the built-in calendar where they only lay days over it."""
    defines = any(version.week is not None for version in versions)
    return versions if defines else (*vn_public_versions(), *versions)


def _worked(text: str | None, weekend: frozenset[int]) -> list[str]:
    """The weekdays worked, as asked for, else all but the library's weekend where that can be an office's."""
    if text is None:
        if len(weekend) != _USUAL_DAYS_OFF:
            off = ", ".join(_WEEKDAYS[number] for number in sorted(weekend))
            raise CommandError(
                f"--week: thư viện chỉ ghi ngày nghỉ hằng tuần là {off}; cho biết ngày làm việc của cơ quan, ví dụ "
                f"--week mon-fri",
                f"--week: the library has {off} as the weekly day off; say which days the office works, such as "
                f"--week mon-fri",
                USAGE,
            )
        return [day for number, day in enumerate(_WEEKDAYS) if number not in weekend]
    found: list[str] = []
    for part in text.lower().split(","):
        first, dash, last = (word.strip() for word in part.partition("-"))
        if first not in _WEEKDAYS or (dash and last not in _WEEKDAYS):
            raise CommandError(
                f"--week: {text!r} không đọc được; viết như mon-fri hoặc sun-thu,sat (mon tue wed thu fri sat sun)",
                f"--week: {text!r} is not understood; write it as mon-fri or sun-thu,sat (mon tue wed thu fri sat sun)",
                USAGE,
            )
        begin, end = _WEEKDAYS.index(first), _WEEKDAYS.index(last or first)
        found += [_WEEKDAYS[number % 7] for number in range(begin, end + 1 + 7 * (end < begin))]
    return [day for day in _WEEKDAYS if day in found]


def _years(text: str | None) -> tuple[int, int]:
    if text is None:
        year = _today().year
        return year, year + _YEARS_AHEAD
    found = re.fullmatch(r"([0-9]{4})(?:-([0-9]{4}))?", text)
    first, last = (int(found[1]), int(found[2] or found[1])) if found else (0, 0)
    if not 1900 <= first <= last <= 2199:
        raise CommandError(
            f"--years: {text!r} không phải các năm trong 1900-2199; viết như 2026-2030",
            f"--years: {text!r} are no years in 1900-2199; write them as 2026-2030",
            USAGE,
        )
    return first, last


def _zone(text: str | None) -> str | None:
    if text is not None and text not in available_timezones():
        raise CommandError(
            f"--zone: không có múi giờ {text!r}; dùng tên IANA, ví dụ Asia/Ho_Chi_Minh",
            f"--zone: there is no time zone {text!r}; use an IANA name, such as Europe/Paris",
            USAGE,
        )
    return text


def _days(month: str | None) -> Iterator[date]:
    first = parse_date(f"{month}-01", "--month") if month else _today().replace(day=1)
    day = first
    while day.month == first.month:
        yield day
        day += timedelta(1)


def _today() -> date:
    return local_date(SystemClock().now(), DEFAULT_ZONE)


def _checked(made: WorkCalendar, versions: tuple[Calendar, ...], missing: list[FieldError]) -> dict[str, Any]:
    return {
        "calendar": made.id,
        "zone": made.zone.key,
        "versions": [version.version for version in versions],
        "hints": [_told(hint) for version in versions for hint in hints(version)],
        "missing": [_told(fault) | {"year": fault.value} for fault in missing],
    }


def _told(fault: FieldError) -> dict[str, Any]:
    return {"code": fault.code, "field": fault.field, "vi": told(fault, "vi"), "en": told(fault, "en")}


def _hours(made: WorkCalendar, day: date) -> list[str]:
    """The day's sessions by the wall clock."""
    return [session_text(session) for session in made.wall_sessions(day)]


def _day_json(made: WorkCalendar, day: date) -> dict[str, Any]:
    note = note_of(made, day)
    return {
        "day": day.isoformat(),
        "working": made.is_working_day(day),
        "sessions": _hours(made, day),
        "minutes": made.length(day) // MINUTE,
        "reason": None if note is None else note.reason,
        "name": None if note is None else note.name,
        "document": None if note is None else note.document,
    }


def _day_line(session: Session, made: WorkCalendar, day: date) -> str:
    note = note_of(made, day)
    english = _WEEKDAYS[day.weekday()].capitalize()
    weekday = session.say(f"{_VI_WEEKDAYS[day.weekday()]:<3}", english)
    hours = ", ".join(_hours(made, day)) or session.say("nghỉ", "off")
    why = "" if note is None else session.say(note.why.vi, note.why.en)
    return f"{weekday} {day}  {hours:<24} {why}".rstrip()
