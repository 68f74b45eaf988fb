"""What a mapping would make of a file, row by row, with counts and warnings; sends nothing and knows no stack.

A file of more rows than the trial reads is judged by its beginning, and the trial says so.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

import orjson

from motcua.importing.mapping.load import Loaded, load_mapping
from motcua.importing.mapping.translate import Prepared
from motcua.importing.reasons import ImportFailed, Reason, Refused
from motcua.importing.report.names import Names
from motcua.importing.stream import Entries, TableEntries, open_entries
from motcua.importing.tables.header import Places
from shared.instants import local_date, local_midnight, to_rfc3339

__all__ = ["ShownRow", "Trial", "try_mapping"]

#: Rows that are read unless the caller wants more; a few seconds.
MOST_ROWS: Final = 50_000
#: Entries of which all lying at midnight is no accident any more.
_FEWEST_MIDNIGHTS: Final = 5


@dataclass(slots=True)
class ShownRow:
    """A row's place as people read it, the entries it gives, and what of it was refused."""

    place: str
    entries: list[dict[str, Any]] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)


@dataclass(slots=True)
class Trial:
    """What the part of the file that was read gives."""

    places: Places
    zone: ZoneInfo
    shown: list[ShownRow] = field(default_factory=list)
    rows: int = 0
    #: Whether the file was read to its end.
    whole: bool = False
    by_type: Counter[str] = field(default_factory=Counter)
    dossiers: int = 0
    filtered: int = 0
    contradictions: int = 0
    #: Refused rows and entries by reason, and the first of each.
    refused: Counter[str] = field(default_factory=Counter)
    examples: dict[str, Refused] = field(default_factory=dict)
    #: First and last instant of what would be sent.
    earliest: int | None = None
    latest: int | None = None
    warnings: list[Reason] = field(default_factory=list)
    #: What the part that was read holds that people should know (report/kinds.py).
    noted: tuple[Reason, ...] = ()
    #: Units and procedures that it names.
    names: Names = field(default_factory=Names)

    @property
    def entries(self) -> int:
        """Entries of all types."""
        return self.by_type.total()


@dataclass(slots=True)
class _Noted:
    """What only the warnings need."""

    now: int
    at_midnight: int = 0
    future: int = 0
    accepted: set[str] = field(default_factory=set)
    subjects: set[str] = field(default_factory=set)


def try_mapping(
    file: Path, mapping: Path | Loaded | None, *, now: int, zone: str, shown: int = 10, most: int = MOST_ROWS
) -> Trial:
    """Translate a file's rows without sending anything.

    Args:
        file: the data file.
        mapping: the mapping or its file; None for NDJSON.
        now: the present instant (UTC microseconds): later ones are told.
        zone: of times where no mapping says one.
        shown: rows to show with all they give.
        most: rows to read.

    Raises:
        ImportFailed: the file or the mapping cannot be used at all.
    """
    loaded = load_mapping(mapping, zone) if isinstance(mapping, Path) else mapping
    entries = open_entries(file, loaded)
    made = Trial(entries.places, ZoneInfo(zone if loaded is None else loaded.mapping.zone))
    noted = _Noted(now)
    try:
        for line, items in _by_row(entries):
            _take(made, noted, ShownRow(made.places.text(line)), items, shown)
            if made.rows >= most:
                break
        else:
            made.whole = True
    except ImportFailed as error:
        if not made.rows:
            raise
        made.warnings.append(error.reason)
    finally:
        entries.close()
    made.dossiers, made.filtered = entries.dossiers, entries.filtered
    made.noted, made.names = entries.noted, entries.names
    made.warnings += [*entries.notes, *_warnings(made, noted)]
    return made


def _by_row(entries: Entries) -> Iterator[tuple[int, Iterable[Prepared | Refused]]]:
    if isinstance(entries, TableEntries):
        for row, items in entries.by_row():
            yield row.line, items
    else:
        for item in entries.items():
            yield item.line, (item,)


def _take(made: Trial, noted: _Noted, row: ShownRow, items: Iterable[Prepared | Refused], shown: int) -> None:
    made.rows += 1
    for item in items:
        if isinstance(item, Refused):
            row.refused.append(item)
            if item.contradiction:
                made.contradictions += 1
            else:
                made.refused[item.reason.code] += 1
            made.examples.setdefault(item.reason.code, item)
            continue
        made.by_type[item.type] += 1
        made.earliest = item.time if made.earliest is None else min(made.earliest, item.time)
        made.latest = item.time if made.latest is None else max(made.latest, item.time)
        noted.future += item.time > noted.now
        noted.at_midnight += local_midnight(local_date(item.time, made.zone), made.zone) == item.time
        noted.subjects.add(item.subject)
        if item.type == "dossier.accepted":
            noted.accepted.add(item.subject)
        if len(made.shown) < shown:
            row.entries.append(orjson.loads(item.payload))
    if len(made.shown) < shown:
        made.shown.append(row)


def _warnings(made: Trial, noted: _Noted) -> Iterator[Reason]:
    if not made.entries:
        yield Reason("warn_nothing")
        return
    without = len(noted.subjects - noted.accepted)
    if not noted.accepted:
        yield Reason("warn_no_acceptance")
    elif without:
        yield Reason("warn_some_not_accepted", {"count": without, "dossiers": len(noted.subjects)})
    if noted.at_midnight == made.entries >= _FEWEST_MIDNIGHTS:
        yield Reason("warn_midnights")
    if noted.future and made.latest is not None:
        yield Reason("warn_future", {"count": noted.future, "latest": to_rfc3339(made.latest)})
