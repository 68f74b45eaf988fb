"""The calendar a person names on the command line: one that is built in, or a file. Needs no service."""

from __future__ import annotations

from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from motcua.cli.errors import FAILURE, USAGE, CommandError
from shared.calendar import WorkCalendar, build
from shared.calendar.definition import zone_of
from shared.calendar.files.calendar_file import CalendarMistakes, read_calendar
from shared.calendar.vietnam import VN_PUBLIC, known_calendars, vn_public, vn_public_versions
from shared.contract.reference import Calendar

__all__ = ["DEFAULT_ZONE", "calendar_of", "versions_of"]

DEFAULT_ZONE: Final = ZoneInfo("Asia/Ho_Chi_Minh")


def calendar_of(named: str, option: str = "--calendar", default: ZoneInfo = DEFAULT_ZONE) -> WorkCalendar:
    """The calendar of a name or a file, in the zone it names, else in the default one.

    As in a stack, a file lies over the built-in calendar, which holds before the first version, or without any week.

    Raises:
        CommandError: neither; or what is wrong in the file, by line.
    """
    versions = versions_of(named, option)
    zone = default if named == VN_PUBLIC else zone_of(versions, default)
    return vn_public(zone) if named == VN_PUBLIC else build(versions[0].calendar, versions, zone, base=vn_public(zone))


def versions_of(named: str, option: str) -> tuple[Calendar, ...]:
    """The versions of a calendar that is built in, or in a file.

    Raises:
        CommandError: neither; or what is wrong in the file, by line.
    """
    if named == VN_PUBLIC:
        return vn_public_versions()
    path = Path(named)
    if not path.is_file():
        raise CommandError(
            f"{option}: {named!r} không phải tệp lịch hay lịch có sẵn; dùng đường dẫn tệp hoặc {VN_PUBLIC}",
            f"{option}: {named!r} is neither a calendar file nor a calendar that is built in; give the path of a file, "
            f"or {VN_PUBLIC}",
            USAGE,
        )
    try:
        return read_calendar(path.read_text(encoding="utf-8-sig"), known_calendars())
    except CalendarMistakes as mistakes:
        raise CommandError(mistakes.text("vi", named), mistakes.text("en", named), FAILURE) from mistakes
    except UnicodeDecodeError as error:
        raise CommandError(
            f"{option}: tệp {named} không phải UTF-8; lưu lại theo UTF-8",
            f"{option}: the file {named} is not UTF-8; save it as UTF-8",
        ) from error
    except OSError as error:
        reason = error.strerror or str(error)
        raise CommandError(
            f"{option}: không đọc được {named} ({reason})", f"{option}: {named} cannot be read ({reason})"
        ) from error
