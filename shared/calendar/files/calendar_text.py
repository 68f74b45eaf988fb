"""Writes a calendar as the text of a calendar file, one line for each day, so that a change of it reads well. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from shared.contract.calendar_data import Calendar, CalendarDay, Week

__all__ = ["calendar_text"]


def calendar_text(versions: Sequence[Calendar], comment: Iterable[str] = ()) -> str:
    """The text of a file that reads back as these versions.

    Args:
        versions: of one calendar, in ascending precedence.
        comment: lines to put in front.
    """
    first, *later = versions
    lines = [f"# {line}".rstrip() for line in comment]
    lines.append(f"calendar: {_quoted(first.calendar)}")
    lines.extend(
        f"{name}: {_quoted(value)}" for name in ("zone", "unit") if (value := getattr(first, name)) is not None
    )
    if first.purpose != "working":
        lines.append(f"purpose: {first.purpose}")
    lines.extend(_version(first))
    if later:
        lines.append("versions:")
        for version in later:
            inner = list(_version(version))
            lines.append(f"  - {inner[0]}")
            lines.extend(f"    {line}".rstrip() for line in inner[1:])
    return "\n".join(lines) + "\n"


def _version(version: Calendar) -> Iterator[str]:
    yield f"version: {_quoted(version.version)}"
    if version.valid_from is not None:
        yield f"valid_from: {version.valid_from}"
    if version.document is not None:
        yield f"document: {_quoted(version.document)}"
    if version.no_working_days:
        yield "no_working_days: true"
    if version.holidays is not None:
        told = version.holidays.model_dump(exclude_none=True)
        yield f"holidays: {_flow(told)}"
    if version.week is not None:
        yield "week:"
        yield from (f"  {line}" for line in _week(version.week))
    if version.seasons:
        yield "seasons:"
        for season in version.seasons:
            yield f'  - first: "{season.first}"'
            yield f'    last: "{season.last}"'
            if season.document is not None:
                yield f"    document: {_quoted(season.document)}"
            yield "    week:"
            yield from (f"      {line}" for line in _week(season.week))
    if version.days:
        yield "days:"
        yield from (f"  {line}" for line in _days(version.days))


def _week(week: Week) -> Iterator[str]:
    for name, sessions in week.model_dump().items():
        if sessions:
            yield f"{name}: [{', '.join(sessions)}]"


def _days(days: Sequence[CalendarDay]) -> Iterator[str]:
    year = None
    for day in days:
        if day.day.year != year:
            year = day.day.year
            yield f"# {year}"
        yield f"- {_flow(day.model_dump(exclude_none=True))}"


def _flow(members: dict[str, object]) -> str:
    return "{" + ", ".join(f"{name}: {_value(value)}" for name, value in members.items()) + "}"


def _value(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | date):
        return str(value)
    if isinstance(value, list):
        return f"[{', '.join(str(one) for one in value)}]"
    return _quoted(str(value))


def _quoted(text: str) -> str:
    """A text in quotes: a quoted YAML text is a JSON text."""
    return json.dumps(text, ensure_ascii=False)
