"""The tables of a web page: how large each is, how it begins, and where its heading is. Keeps no rows but the first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from motcua.importing.html.encoding import LOOKED_AT, page_encoding
from motcua.importing.html.grid import Grid, Laid, group_name, is_numbering
from motcua.importing.html.page import MOST_CELLS, page_rows
from motcua.importing.mapping.model import FileFormat
from motcua.importing.reasons import ImportFailed
from motcua.importing.tables.heading import Merge, column_names, guess_heading, heading_rows
from motcua.importing.tables.source import DataFile, reading

__all__ = ["GROUP", "FoundTable", "Heading", "Survey", "encoding_of", "found_tables", "heading_of"]

#: The column that holds the name of the group above a row.
GROUP: Final = "@group"
#: Rows by which a heading is found, and tables whose first rows are kept.
_BEGINNING: Final = 40
_MOST_KEPT: Final = 64
_MOST_LEVELS: Final = 5


@dataclass(slots=True)
class FoundTable:
    """A table by its number (from 0), with its first rows laid out."""

    number: int
    rows: int = 0
    filled: int = 0
    has_groups: bool = False
    beginning: list[list[str]] = field(default_factory=list)
    merges: list[Merge] = field(default_factory=list)

    def add(self, row: Laid) -> None:
        """Take the next row."""
        self.rows += 1
        filled = sum(1 for text in row.own if text.strip())
        self.filled += filled
        if self.rows > 1 and filled and group_name(row, max(map(len, self.beginning), default=0)) is not None:
            self.has_groups = self.has_groups or self.wide
        if self.rows <= _BEGINNING:
            self.beginning.append(row.own)
            self.merges += row.merges

    @property
    def wide(self) -> bool:
        """Whether some row has several texts: only below such a row there are groups."""
        return any(sum(1 for text in row if text.strip()) > 2 for row in self.beginning)


@dataclass(slots=True)
class Survey:
    """What a page holds: its tables with any text, the largest of them, and how many there are in all."""

    tables: list[FoundTable]
    count: int
    from_1904: bool
    damage: ImportFailed | None = None


@dataclass(frozen=True, slots=True)
class Heading:
    """A table's columns, its first row of data (from 0), and the texts of the heading's rows."""

    columns: list[str]
    first_row: int
    texts: frozenset[tuple[str, ...]] = frozenset()
    #: Columns that rows may fill: those of the heading, or of most rows where these have more.
    width: int = MOST_CELLS


def encoding_of(path: Path, written: FileFormat) -> str:
    """The encoding of a page.

    Raises:
        ImportFailed: the file cannot be read.
    """
    data = DataFile(path)
    try:
        with reading(path):
            return page_encoding(data.content.read(LOOKED_AT), written)
    finally:
        data.close()


def found_tables(path: Path, encoding: str, wanted: Sequence[int] = ()) -> Survey:
    """Read a page to its end and tell which tables are in it.

    Args:
        path: the page.
        encoding: of its text.
        wanted: numbers of tables that are kept however small they are.

    Raises:
        ImportFailed: the file cannot be read at all.
    """
    kept: dict[int, FoundTable] = {}
    grids: dict[int, Grid] = {}
    survey = Survey([], 0, from_1904=False)
    data = DataFile(path)
    try:
        for row, survey.from_1904 in page_rows(data, encoding):
            if row.table not in kept:
                if row.row == 0 or row.table in grids:
                    kept[row.table] = FoundTable(row.table)
                    grids[row.table] = Grid()
                else:
                    continue
            survey.count = max(survey.count, row.table + 1)
            kept[row.table].add(grids[row.table].laid(row))
            if len(kept) > 2 * _MOST_KEPT:
                _drop_small(kept, grids, {*wanted, row.table})
    except ImportFailed as error:
        survey.damage = error
    finally:
        data.close()
    survey.tables = [table for _, table in sorted(kept.items()) if table.filled]
    if survey.damage is not None and not survey.tables:
        raise survey.damage
    return survey


def _drop_small(kept: dict[int, FoundTable], grids: dict[int, Grid], wanted: set[int]) -> None:
    """Forget the smaller half, so that a page of countless tables needs no more memory."""
    order = sorted(kept.values(), key=lambda table: (table.number in wanted, table.filled, -table.number))
    for table in order[:-_MOST_KEPT]:
        if table.number not in wanted:
            del kept[table.number], grids[table.number]


def heading_of(table: FoundTable, written: FileFormat, named: Sequence[str] | None) -> Heading:
    """Where a table's heading is: where the mapping says; else the rows that have the columns it names; else a guess.

    Args:
        table: with its first rows.
        written: how the mapping says the file is written.
        named: the columns that are wanted; None: not known.
    """
    said = "header_line" in written.model_fields_set
    start = written.header_line - 1
    if written.columns is not None:
        return Heading(list(written.columns), start if said else 0)
    if said:
        rows = table.beginning
        while start < len(rows) and not any(cell.strip() for cell in rows[start]):
            start += 1
        return _heading(table, start, written.header_rows)
    wanted = [name for name in named or () if name and name != GROUP]
    best: Heading | None = None
    for begin, levels in _places(table, written):
        made = _heading(table, begin, levels)
        if best is None:
            best = made
        if wanted and all(made.columns.count(name) == 1 for name in wanted):
            return made
        if not wanted:
            break
    return best or Heading([], 0)


def _places(table: FoundTable, written: FileFormat) -> Iterator[tuple[int, int]]:
    """Where a heading may begin and how many rows it may have, the likeliest first."""
    line, levels = guess_heading(table.beginning, table.merges)
    fixed = written.header_rows if "header_rows" in written.model_fields_set else None
    yield line - 1, fixed or levels
    for begin in range(len(table.beginning)):
        natural = heading_rows(begin, table.merges)
        yield from ((begin, levels) for levels in ((fixed,) if fixed else dict.fromkeys((natural, *_LEVELS))))


_LEVELS: Final = range(1, _MOST_LEVELS + 1)


def _heading(table: FoundTable, begin: int, levels: int) -> Heading:
    rows = table.beginning[begin : begin + levels]
    names = column_names(rows, begin, table.merges)
    while names and not names[-1]:
        names.pop()
    first = begin + len(rows)
    texts = [_texts(row) for row in rows]
    if first < len(table.beginning) and is_numbering(table.beginning[first]):
        texts.append(_texts(table.beginning[first]))
        first += 1
    widths = Counter(len(row) for row in table.beginning[first:])
    commonest = max(widths, key=lambda one: (widths[one], one), default=0)
    return Heading(
        names, first, frozenset(one for one in texts if len(one) > 1), max(commonest, *map(len, rows), len(names))
    )


def _texts(row: Sequence[str]) -> tuple[str, ...]:
    return tuple(text.strip() for text in row if text.strip())
