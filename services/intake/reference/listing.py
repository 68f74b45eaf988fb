"""Which of the accepted reference entries somebody asks for, page by page in the order of acceptance. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Final, Literal

from services.intake.reference.parcels import Place
from shared.instants import to_rfc3339
from shared.problems.problem import Problem
from shared.reference.entry import ReferenceEntry
from shared.texts.normal_form import spellings

__all__ = ["MOST_LISTED", "Kind", "code_of", "page"]

#: Entries of one page.
MOST_LISTED: Final = 1_000
Kind = Literal["calendar", "procedure", "route", "unit", "rule", "indicator"]
#: The member of the data that names what an entry is about, by the first part of its type.
_CODES: Final = {
    "calendar": "calendar",
    "procedure": "procedure",
    "route": "procedure",
    "unit": "unit",
    "rule": "rule",
    "indicator": "indicator",
}
_CURSOR: Final = re.compile(r"(\d{1,15})\.(\d{1,6})")


def code_of(entry: ReferenceEntry) -> str:
    """What an entry is about: the code of its calendar, procedure, unit, rule or indicator; a route's procedure."""
    return "" if entry.data is None else str(entry.data[_CODES[_kind(entry)]])


def page(
    held: Sequence[tuple[Place, ReferenceEntry]], kind: Kind | None, code: str | None, after: str | None, limit: int
) -> dict[str, Any]:
    """One page of the entries that hold.

    Args:
        held: them all, in order.
        kind: only entries whose type begins so.
        code: only entries about this code.
        after: `next` of the page before.
        limit: entries of the page.

    Raises:
        Problem: 422 `after` is not what a page gave.
    """
    begin = _place(after)
    chosen = [(place, entry) for place, entry in held if kind is None or _kind(entry) == kind]
    if code is not None:
        # As asked, else in normal form: what was accepted by an older version may stand in another.
        about = ([one for one in chosen if code_of(one[1]) == asked] for asked in spellings(code))
        chosen = next(filter(None, about), [])
    rest = [(place, entry) for place, entry in chosen if (place.number, place.index) > begin]
    shown = rest[:limit]
    last = shown[-1][0] if len(rest) > limit else None
    return {
        "total": len(chosen),
        "entries": [_told(entry) for _, entry in shown],
        "next": None if last is None else f"{last.number}.{last.index}",
    }


def _kind(entry: ReferenceEntry) -> str:
    return entry.type.partition(".")[0]


def _place(cursor: str | None) -> tuple[int, int]:
    if cursor is None:
        return (0, 0)
    found = _CURSOR.fullmatch(cursor)
    if found is None:
        raise Problem(
            422,
            "wrong_form",
            field="after",
            value=cursor,
            form_vi="giá trị next của trang trước, ví dụ 12.0",
            form_en="the value of next of the page before, such as 12.0",
        )
    return int(found[1]), int(found[2])


def _told(entry: ReferenceEntry) -> dict[str, Any]:
    return {
        "type": entry.type,
        "source": entry.source,
        "id": entry.id,
        "subject": entry.subject,
        "time": to_rfc3339(entry.time),
        "sequence": entry.sequence,
        "revision": entry.revision,
        "data": entry.data,
    }
