"""Which of the accepted reference entries somebody asks for, page by page in the order of acceptance. Pure."""

from __future__ import annotations

import re
from bisect import bisect_right, insort
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from services.intake.reference.parcels import Place
from shared.instants import to_rfc3339
from shared.problems.problem import Problem
from shared.reference.entry import ReferenceEntry
from shared.texts.normal_form import spellings

__all__ = ["MOST_LISTED", "Kind", "Listing", "code_of"]

#: Entries of one page.
MOST_LISTED: Final = 1_000
Kind = Literal["calendar", "procedure", "route", "unit", "rule"]
#: The member of the data that names what an entry is about, by the first part of its type.
_CODES: Final = {
    "calendar": "calendar",
    "procedure": "procedure",
    "route": "procedure",
    "unit": "unit",
    "rule": "rule",
}
#: Entries that do not hold any more, beside as many as do, after which a row is made anew.
_PASSED_OVER: Final = 16
#: Above every digest.
_AFTER_ALL: Final = "~"
_CURSOR: Final = re.compile(r"(\d{1,15})\.(\d{1,6})")

#: Number of the parcel, index in it, and digest of the entry.
_Key = tuple[int, int, str]


def code_of(entry: ReferenceEntry) -> str:
    """What an entry is about: the code of its calendar, procedure, unit or rule; a route's procedure."""
    return "" if entry.data is None else str(entry.data[_CODES[_kind(entry)]])


@dataclass(slots=True)
class _Row:
    """Keys of entries in the order of acceptance, of which `count` still hold; those that do not are passed over."""

    keys: list[_Key] = field(default_factory=list)
    count: int = 0


class Listing:
    """The entries that hold, by kind and by what they are about: a page costs what it shows, however many there are."""

    def __init__(self) -> None:
        self._entries: dict[_Key, ReferenceEntry] = {}
        self._rows: dict[tuple[str | None, str | None], _Row] = {}

    def put(self, place: Place, entry: ReferenceEntry) -> None:
        """An entry that is no withdrawal holds from now on."""
        key = (place.number, place.index, entry.digest)
        self._entries[key] = entry
        for of in _rows_of(entry):
            row = self._rows.setdefault(of, _Row())
            if row.keys and row.keys[-1] > key:
                insort(row.keys, key)  # accepted earlier, and learnt of later
            else:
                row.keys.append(key)
            row.count += 1

    def remove(self, place: Place, entry: ReferenceEntry) -> None:
        """An entry that was put does not hold any more."""
        del self._entries[place.number, place.index, entry.digest]
        for of in _rows_of(entry):
            row = self._rows[of]
            row.count -= 1
            if len(row.keys) > 2 * row.count + _PASSED_OVER:
                row.keys = [key for key in row.keys if key in self._entries]

    def page(self, kind: Kind | None, code: str | None, after: str | None, limit: int) -> dict[str, Any]:
        """One page.

        Args:
            kind: only entries whose type begins so.
            code: only entries about this code, as asked, else in normal form: what was accepted by an older version
                may stand in another.
            after: `next` of the page before.
            limit: entries of the page.

        Raises:
            Problem: 422 `after` is not what a page gave.
        """
        begin = _place(after)
        asked = (None,) if code is None else spellings(code)
        rows = (self._rows.get((kind, one)) for one in asked)
        row = next((row for row in rows if row is not None and row.count), _Row())
        shown: list[_Key] = []
        for at in range(bisect_right(row.keys, (*begin, _AFTER_ALL)), len(row.keys)):
            if row.keys[at] in self._entries:
                shown.append(row.keys[at])
            if len(shown) > limit:
                break
        more = len(shown) > limit
        return {
            "total": row.count,
            "entries": [_told(self._entries[key]) for key in shown[:limit]],
            "next": f"{shown[limit - 1][0]}.{shown[limit - 1][1]}" if more else None,
        }


def _rows_of(entry: ReferenceEntry) -> tuple[tuple[str | None, str | None], ...]:
    kind, code = _kind(entry), code_of(entry)
    return (None, None), (kind, None), (None, code), (kind, code)


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
