"""Looks at a data file of any form: its sheets, columns, values and times, and what they probably are. Sends nothing.

Memory is bounded however long the file (a workbook apart, which is built as a whole).
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain, islice
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

import orjson

from motcua.importing.columns.nothing import Nothing, stands_for_none
from motcua.importing.encodings.letters import Letters
from motcua.importing.html.rows import page_tables
from motcua.importing.inspecting.csv_guess import guess_csv
from motcua.importing.inspecting.guesses import Guess, guess_case, guess_roles, only_numbers_rows, speaks_of_time
from motcua.importing.inspecting.profile import Profile, shown_text
from motcua.importing.inspecting.time_guess import guess_formats
from motcua.importing.mapping.model import FileFormat
from motcua.importing.mapping.times import TimeReader
from motcua.importing.mapping.translate import Prepared
from motcua.importing.moments.placeholders import placeholder_year
from motcua.importing.reasons import ImportFailed, Reason, Refused
from motcua.importing.repeats.ledger import Equals, Ledger
from motcua.importing.repeats.rows import row_digest
from motcua.importing.tables.cells import Stamp
from motcua.importing.tables.forms import Form, form_of
from motcua.importing.tables.heading import guess_heading
from motcua.importing.tables.ndjson import NdjsonLines
from motcua.importing.tables.opening import Table, mended_table, open_table
from motcua.importing.tables.rows import CsvRows, Row
from motcua.importing.tables.source import DataFile, reading
from motcua.importing.tables.workbook import beginnings
from motcua.importing.tables.xes import RowKind

__all__ = ["Inspection", "Part", "inspect_file"]

_START: Final = 262_144
#: Rows by which the formats of times are guessed, and different values of a column that are tried.
_JUDGED, _TRIED = 2_000, 400
#: Of times without offset, as in mappings.
ZONE: Final = ZoneInfo("Asia/Ho_Chi_Minh")


@dataclass(slots=True)
class Part:
    """A table of the file: a sheet of a workbook, or all of another file."""

    sheet: str
    #: How it is written, as a mapping's `file` says it; without what is the default.
    written: dict[str, Any]
    columns: list[Profile]
    rows: int = 0
    #: Lines that are no row of the table.
    refused: int = 0
    #: Rows equal to an earlier one in every column.
    equals: Equals = field(default_factory=Equals)
    notes: list[Reason] = field(default_factory=list[Reason])
    guess: Guess = field(default_factory=lambda: Guess({}, row_is_dossier=False))


@dataclass(slots=True)
class Inspection:
    """What was found in a file."""

    file: Path
    form: Form
    parts: list[Part]
    #: Why the file could not be read to its end, if so.
    damage: Reason | None = None

    @property
    def main(self) -> Part:
        """The part a mapping is written for: the one with most rows."""
        return max(self.parts, key=lambda part: part.rows)


def inspect_file(path: Path) -> Inspection:
    """Read a file to its end and tell what is in it.

    Raises:
        ImportFailed: it cannot be read at all.
    """
    form = form_of(path)
    made = Inspection(path, form, [])
    if form == "json":
        with contextlib.closing(NdjsonLines(path)) as lines:
            made.parts.append(_entries(lines, made))
        return made
    for sheet, written, kind in _tables(path, form):
        given = {**written, "sheet": sheet} if sheet else {**written, "multiline": form == "csv"}
        with contextlib.closing(open_table(path, form, FileFormat.model_validate(given), kind, None)) as table:
            part, letters = _part(table, sheet, written, made)
        if isinstance(table, CsvRows) and table.over_lines:
            part.written["multiline"] = sorted(table.over_lines, key=table.columns.index)
        repair = letters.verdict()
        if repair is not None:
            # Read again, as a mapping with what is proposed would.
            proposed = part.written | {"repair": repair}
            as_proposed = FileFormat.model_validate(given | {"repair": repair})
            with contextlib.closing(mended_table(path, form, as_proposed, kind, None)) as table:
                part, _ = _part(table, sheet, proposed, made)
        part.notes = [*letters.reasons(table.header.places), *part.notes]
        # One without a name cannot be mapped; what counts the rows is told all the same, so that nobody looks for it.
        part.columns = [one for n, one in enumerate(part.columns) if one.name or (n == 0 and only_numbers_rows(one))]
        part.guess = guess_roles(part.columns, is_log=form == "xes" and kind == "event")
        made.parts.append(part)
    if not made.parts:
        raise ImportFailed("no_sheet", file=str(path))
    return made


def _tables(path: Path, form: Form) -> Iterator[tuple[str, dict[str, Any], RowKind]]:
    """The file's tables: sheet, how it is written, and what a row is to be."""
    if form == "csv":
        data = DataFile(path)
        with contextlib.closing(data), reading(path):
            start = data.content.read(_START)
        yield "", dict(guess_csv(start).written), "event"
    elif form == "xes":
        yield "", *_log(path, form)
    elif form == "html":
        numbers = page_tables(path)
        yield from ((number if len(numbers) > 1 else "", {}, "event") for number in numbers)
    else:
        for name, rows, merges in beginnings(path, form):
            line, levels = guess_heading(rows, merges)
            written = {"header_line": line} if line > 1 else {}
            yield name, written | ({"header_rows": levels} if levels > 1 else {}), "event"


def _log(path: Path, form: Form) -> tuple[dict[str, Any], RowKind]:
    """How a log is to be read so that it has rows."""
    try:
        open_table(path, form, FileFormat(), "event", ()).close()
    except ImportFailed as error:
        if error.reason.code == "log_empty":
            return {}, "dossier"
        case = guess_case(str(error.reason.parameters.get("names", "")).split(", "))
        if error.reason.code != "log_without_traces" or case is None:
            raise
        return {"case": case}, "event"
    return {}, "event"


def _part(table: Table, sheet: str, written: dict[str, Any], made: Inspection) -> tuple[Part, Letters]:
    part = Part(sheet, written, [Profile(shown_text(name)) for name in table.header.columns])
    letters = Letters()
    letters.look(table.header.columns, 1)
    _read(table, part, made, letters)
    if part.equals.count:
        part.notes.append(part.equals.reason("repeats_seen", table.header.places))
    return part, letters


def _read(table: Table, part: Part, made: Inspection, letters: Letters) -> None:
    rows = iter(table)
    epoch_1904 = table.header.epoch_1904
    try:
        first = list(islice(rows, _JUDGED))
    except ImportFailed as error:
        made.damage, first, rows = error.reason, [], iter(())
    for place, column in enumerate(part.columns):
        texts = [text for row in first if isinstance(row, Row) and (text := row.cells[place].strip())]
        named_as_time = speaks_of_time(column.name)
        different = dict.fromkeys(str(text) for text in texts if type(text) is not Stamp)
        values = [text for text in different if not stands_for_none(text, named_as_time=named_as_time)][:_TRIED]
        column.formats = guess_formats(values, named_as_time=named_as_time)
        # A column in which nothing but "none" stands may still be one of times, of a table that has just been begun.
        for_none = not values and any(named_as_time or placeholder_year(text) is not None for text in different)
        if column.formats or for_none or any(type(text) is Stamp for text in texts):
            of_sheet = bool(table.header.places.sheets)
            column.reader = TimeReader(column.formats or ("iso",), ZONE, epoch_1904=epoch_1904, of_sheet=of_sheet)
    ledger = Ledger()
    try:
        for row in chain(first, rows):
            if isinstance(row, Refused):
                part.refused += 1
                continue
            part.rows += 1
            letters.look(row.cells, row.line, damaged=row.damaged)
            whole = row_digest(row)
            ledger.note(whole, whole, row.line)
            for column, cell in zip(part.columns, row.cells, strict=True):
                column.add(cell)
    except ImportFailed as error:
        made.damage = error.reason
    for column in part.columns:
        if column.stamps and not column.times and column.distinct > 1:
            # Times of day alone, among which midnight is one like the others.
            column.nothing = Nothing()
    part.equals, _ = ledger.equals()
    ledger.close()


def _entries(lines: NdjsonLines, made: Inspection) -> Part:
    """Entries are described by their members and those of their data."""
    columns: dict[str, Profile] = {}
    part = Part("", {}, [])
    try:
        for item in lines.items():
            if not isinstance(item, Prepared):
                part.refused += 1
                continue
            part.rows += 1
            entry = orjson.loads(item.payload)
            for name, value in chain(entry.items(), ((f"data/{key}", v) for key, v in (entry["data"] or {}).items())):
                if name not in ("data", "specversion", "id"):
                    column = columns.get(name)
                    if column is None:
                        column = columns[name] = Profile(name)
                        if name == "time":
                            column.formats, column.reader = ["iso"], TimeReader(("iso",), ZONE)
                    column.add(value if isinstance(value, str) else orjson.dumps(value).decode())
    except ImportFailed as error:
        made.damage = error.reason
    part.columns = list(columns.values())
    for column in part.columns:
        column.empty = part.rows - column.values
    return part
