"""The rows of a web page's largest table, or of the tables a mapping names. Knows no mapping values.

The page is read as a stream: first to learn which tables it has, then for its rows.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from motcua.importing.html.grid import Grid, Laid, group_name
from motcua.importing.html.page import LONGEST_CELL, MOST_CELLS, page_rows
from motcua.importing.html.tables import GROUP, FoundTable, Heading, Survey, encoding_of, found_tables, heading_of
from motcua.importing.mapping.model import FileFormat
from motcua.importing.reasons import ImportFailed, Reason, Refused
from motcua.importing.tables.cells import LostDigits
from motcua.importing.tables.header import MOST_SHEETS, Header, Places
from motcua.importing.tables.rows import Row
from motcua.importing.tables.source import DataFile

__all__ = ["HtmlRows", "page_tables"]

_ALL = "*"


@dataclass(slots=True)
class _Read:
    """A table that is read, and where each wanted column stands in it; -1 where it does not."""

    found: FoundTable
    heading: Heading
    places: list[int] = field(default_factory=list)
    grid: Grid = field(default_factory=Grid)
    group: str = ""


@dataclass(slots=True)
class _Passed:
    """Rows that are no data: of groups, repeated headings, and the first of them."""

    groups: int = 0
    headings: int = 0
    place: str = ""
    example: str = ""


class HtmlRows:
    """The rows of the wanted tables, in the order of the page. Opening it finds their headings.

    Args:
        named: the columns that a table must have; None: whatever the largest has.

    Raises:
        ImportFailed: the page cannot be read, or has no such table.
    """

    def __init__(self, path: Path, written: FileFormat, named: Sequence[str] | None) -> None:
        self._path = path
        self._written = written
        self.blank = 0
        self._encoding = encoding_of(path, written)
        numbers = [int(one) - 1 for one in written.sheet or () if one.strip().isdigit()]
        survey = found_tables(path, self._encoding, numbers)
        if not survey.tables:
            raise ImportFailed("html_no_table", file=str(path))
        self._left: tuple[Reason, ...] = ()
        self._tables = self._chosen(survey, named)
        columns = self._columns(named)
        for table in self._tables.values():
            own = [*table.heading.columns, GROUP] if GROUP in columns else table.heading.columns
            table.places = _positions(own, columns)
        many = len(self._tables) > 1
        places = Places(tuple(str(1 + number) for number in range(survey.count))) if many else Places()
        self.header = Header(columns, self._encoding, "", places, epoch_1904=survey.from_1904)
        self._passed = _Passed()
        self._data = DataFile(path)

    @property
    def notes(self) -> tuple[Reason, ...]:
        """Other tables that fit, and rows that were passed over."""
        passed = self._passed
        count = passed.groups + passed.headings
        if not count:
            return self._left
        told = {"groups": passed.groups, "headings": passed.headings, "place": passed.place, "example": passed.example}
        return (*self._left, Reason("html_passed_over", {"count": count, **told}))

    @property
    def position(self) -> int:
        """Bytes of the file on disk read so far."""
        return self._data.position

    @property
    def size(self) -> int:
        """Bytes of the file on disk."""
        return self._data.size

    def close(self) -> None:
        """Close the file."""
        self._data.close()

    def _chosen(self, survey: Survey, named: Sequence[str] | None) -> dict[int, _Read]:
        """The tables to read, by number."""
        read = [_Read(table, heading_of(table, self._written, named)) for table in survey.tables]
        wanted = self._written.sheet
        largest = max(read, key=lambda one: one.found.filled)
        needed = [name for name in (largest.heading.columns if named is None else named) if name and name != GROUP]
        fitting = [one for one in read if _lacking(one.heading.columns, needed) is None]
        if wanted is None:
            chosen = [max(fitting, key=lambda one: one.found.filled)] if fitting and named is not None else [largest]
            others = [str(1 + one.found.number) for one in fitting if one is not chosen[0]]
            if others and named is not None:
                told = {"table": 1 + chosen[0].found.number, "others": ", ".join(others)}
                self._left = (Reason("html_tables_left", told),)
        elif wanted == [_ALL]:
            chosen = fitting or [largest]
            if survey.count > MOST_SHEETS:
                raise ImportFailed("workbook_too_large", file=str(self._path), what=survey.count, limit=MOST_SHEETS)
        else:
            chosen = [self._table(one, read, survey) for one in wanted]
            for one in chosen[1:]:
                lacking = _lacking(one.heading.columns, chosen[0].heading.columns if named is None else needed)
                if lacking is not None:
                    raise ImportFailed("sheet_differs", sheet=1 + one.found.number, column=lacking)
        return {one.found.number: one for one in chosen}

    def _table(self, wanted: str, read: Sequence[_Read], survey: Survey) -> _Read:
        for one in read:
            if str(1 + one.found.number) == wanted.strip():
                return one
        raise ImportFailed("html_no_such_table", file=str(self._path), table=wanted, count=survey.count)

    def _columns(self, named: Sequence[str] | None) -> list[str]:
        first = next(iter(self._tables.values()))
        groups = any(one.found.has_groups for one in self._tables.values()) if named is None else GROUP in named
        return [*first.heading.columns, *([GROUP] if groups else [])]

    def __iter__(self) -> Iterator[Row | Refused]:
        """Rows with content, each with its own number in its table.

        Raises:
            ImportFailed: the page is damaged, went away, or breaks off within a table.
        """
        number = 0
        for row, _ in page_rows(self._data, self._encoding):
            table = self._tables.get(row.table)
            if table is None:
                continue
            laid = table.grid.laid(row)
            if row.row < table.heading.first_row:
                continue
            place = Places.of(row.table, row.row + 1) if self.header.places.sheets else row.row + 1
            if laid.fault is not None:
                limit = LONGEST_CELL if laid.fault == "html_cell_too_long" else MOST_CELLS
                yield Refused(place, place, Reason(laid.fault, {"limit": limit}))
            elif any(text.strip() for text in laid.own[table.heading.width :]):
                told = {"cells": len(laid.own), "columns": table.heading.width}
                yield Refused(place, place, Reason("html_row_ragged", told))
            elif self._is_data(table, laid, place):
                number += 1
                yield _row(number, place, [*laid.texts], table)

    def _is_data(self, table: _Read, laid: Laid, place: int) -> bool:
        filled = tuple(text for cell in laid.own if (text := cell.strip()))
        if not filled:
            self.blank += 1
            return False
        if filled in table.heading.texts:
            self._passed.headings += 1
            self._note(place, filled[0])
            return False
        group = group_name(laid, len(table.heading.columns))
        if group is None:
            return True
        table.group = group
        self._passed.groups += 1
        self._note(place, group)
        return False

    def _note(self, place: int, text: str) -> None:
        if not self._passed.place:
            self._passed.place, self._passed.example = self.header.places.text(place), text


def page_tables(path: Path) -> list[str]:
    """The numbers (from 1) of a page's tables that may be inspected: those with several rows, or else the largest.

    Raises:
        ImportFailed: the page cannot be read, or has no table.
    """
    survey = found_tables(path, encoding_of(path, FileFormat()))
    if not survey.tables:
        raise ImportFailed("html_no_table", file=str(path))
    several = [table for table in survey.tables if table.rows > 1 and table.wide]
    return [str(1 + table.number) for table in several or [max(survey.tables, key=lambda table: table.filled)]]


def _row(number: int, place: int, texts: list[str], table: _Read) -> Row:
    width = len(table.heading.columns)
    texts += [""] * (width - len(texts))
    texts[width:] = [table.group]
    cells = [texts[at] if at >= 0 else "" for at in table.places]
    damaged = any(type(text) is LostDigits or "\udcff" in text for text in cells)
    return Row(number, place, place, cells, damaged)


def _positions(columns: Sequence[str], wanted: Sequence[str]) -> list[int]:
    """Where each wanted column stands in a table; the same columns stand where they stand."""
    if list(columns) == list(wanted):
        return list(range(len(wanted)))
    where = {name: place for place, name in reversed([*enumerate(columns)])}
    return [where.get(name, -1) if name else -1 for name in wanted]


def _lacking(columns: Sequence[str], needed: Sequence[str]) -> str | None:
    return next((name for name in needed if name and columns.count(name) != 1), None)
