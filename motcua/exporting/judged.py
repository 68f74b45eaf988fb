"""How a dossier's row is judged, for the columns of an export: by the tests of the figures (shared/judging). Pure."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from shared.instants import local_date, parse_instant
from shared.judging import by_date, by_instant
from shared.judging.instants import known

__all__ = ["class_by_date", "delay_of", "late_by_instant", "on_time_by_instant"]


def _at(row: dict[str, Any], name: str) -> int | None:
    text = row.get(name)
    return None if text is None else parse_instant(text)


def _deadline(row: dict[str, Any]) -> int:
    return by_instant.deadline(_at(row, "due"), _at(row, "limit"))


def on_time_by_instant(row: dict[str, Any]) -> bool | None:
    """The test of index 766 for a dossier that ended, None for others (docs/rules.md, Figures)."""
    judged, finished = _at(row, "judged_at"), _at(row, "finished_at")
    if judged is None or finished is None:
        return None
    return by_instant.on_time(judged, _deadline(row), known(_at(row, "second_request_at")), finished)


def class_by_date(row: dict[str, Any], zone: ZoneInfo) -> by_date.ByDate | None:
    """The test of report II.06a by local dates for a dossier that ended, None for others (docs/rules.md, Figures)."""
    judged, due = row.get("judged_at"), row.get("due")
    if judged is None or row.get("accepted_at") is None:
        return None
    ended, wanted = (None if text is None else local_date(parse_instant(text), zone) for text in (judged, due))
    return None if ended is None else by_date.class_by_date(row.get("finish"), ended, wanted)


def late_by_instant(row: dict[str, Any]) -> bool:
    """Whether a dossier ended after its due instant, else the limit: what figures count as late."""
    judged = _at(row, "judged_at")
    if judged is None or row.get("finished_at") is None or row.get("accepted_at") is None:
        return False
    return by_instant.late(judged, _deadline(row))


def delay_of(row: dict[str, Any]) -> int | None:
    """Working time from due to end in microseconds of a dossier that ended late, zero included; None for others."""
    parts = row.get("blame") or ()
    return sum(part["delay_us"] for part in parts) if parts or late_by_instant(row) else None
