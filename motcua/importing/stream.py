"""A file as one stream of entries and refused rows, whatever its form; and that stream in the order of time."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Protocol
from zoneinfo import ZoneInfo

from motcua.importing.encodings.letters import Letters
from motcua.importing.mapping.load import Loaded
from motcua.importing.mapping.translate import Prepared, Translator
from motcua.importing.reasons import ImportFailed, MappingMistakes, Mistake, Reason, Refused
from motcua.importing.repeats.rows import Repeats
from motcua.importing.report.names import Names
from motcua.importing.report.notebook import Notebook
from motcua.importing.sort import TimeSorter
from motcua.importing.tables.forms import form_of
from motcua.importing.tables.header import Places
from motcua.importing.tables.ndjson import NdjsonLines
from motcua.importing.tables.opening import mapped_table
from motcua.importing.tables.rows import Row
from motcua.importing.ticks.tick import Tick
from shared.instants import local_date, local_midnight

__all__ = ["DataClock", "Entries", "TableEntries", "Tick", "open_entries"]


class Entries(Protocol):
    """A file of entries with what is known of it so far."""

    rows: int
    clock_entries: int
    last_clock: int | None

    @property
    def dossiers(self) -> int:
        """Distinct dossiers met."""
        ...

    @property
    def filtered(self) -> int:
        """Rows left out by the mapping."""
        ...

    @property
    def places(self) -> Places:
        """How the places of rows are told."""
        ...

    @property
    def notes(self) -> tuple[Reason, ...]:
        """What people should know of how the file was read."""
        ...

    @property
    def noted(self) -> tuple[Reason, ...]:
        """What people should know of what the file holds, as far as it was read (report/kinds.py)."""
        ...

    @property
    def names(self) -> Names:
        """Units and procedures that the entries name."""
        ...

    @property
    def position(self) -> int:
        """Bytes of the file on disk read so far."""
        ...

    @property
    def size(self) -> int:
        """Bytes of the file on disk."""
        ...

    def items(self) -> Iterator[Prepared | Refused]:
        """Entries and refused rows in the order of the file."""
        ...

    def close(self) -> None:
        """Close the file."""
        ...


class TableEntries:
    """The entries a mapping makes of a table, whatever its form.

    Raises:
        ImportFailed: the file cannot be read.
        MappingMistakes: the mapping names columns or sheets the file does not have.
    """

    clock_entries = 0
    last_clock: int | None = None

    def __init__(self, path: Path, loaded: Loaded) -> None:
        self._path = path
        self._loaded = loaded
        self._table = mapped_table(path, loaded)
        self.rows = 0
        self._notebook = Notebook()
        self._letters, self._repeats = Letters(), Repeats(loaded.mapping.repeats)
        self._misencoded = [note for note in self._table.notes if note.code == "encoding_differs"]
        try:
            self._translator = Translator(loaded, self._table.header, self._notebook, self._repeats)
        except MappingMistakes as error:
            self._table.close()
            raise MappingMistakes([*self._misread(), *error.mistakes]) from error

    def _misread(self) -> Iterator[Mistake]:
        """Where names are not those the mapping means because the file's texts are read wrongly: so, first of all."""
        self._letters.look(self._table.header.columns, 1)
        for note in self._misencoded or self._letters.reasons(self.places):
            yield self._loaded.mistake(("file", "encoding" if self._misencoded else "repair"), note)

    @property
    def places(self) -> Places:
        """How the places of rows are told."""
        return self._table.header.places

    @property
    def notes(self) -> tuple[Reason, ...]:
        """What people should know of how the file was read."""
        return self._table.notes

    @property
    def noted(self) -> tuple[Reason, ...]:
        """What people should know of what the file holds, as far as it was read."""
        of_file = self._letters.reasons(self.places, by_bytes=bool(self._misencoded))
        return (*of_file, *self._notebook.reasons(self.places), *self._repeats.reasons(self.places))

    @property
    def dossiers(self) -> int:
        """Distinct dossiers met."""
        return self._translator.dossiers

    @property
    def filtered(self) -> int:
        """Rows left out by the mapping."""
        return self._translator.filtered

    @property
    def names(self) -> Names:
        """Units and procedures that the entries name."""
        return self._translator.names

    @property
    def position(self) -> int:
        """Bytes of the file on disk read so far."""
        return self._table.position

    @property
    def size(self) -> int:
        """Bytes of the file on disk."""
        return self._table.size

    def items(self) -> Iterator[Prepared | Refused]:
        """Entries and refused rows in the order of the file; read twice where entries need a dossier's extreme row.

        Raises:
            ImportFailed: the file is damaged or went away while it was read.
        """
        for _, made in self.by_row():
            yield from made

    def by_row(self) -> Iterator[tuple[Row | Refused, Iterable[Prepared | Refused]]]:
        """Each row, or what was no row, with what it gives.

        Raises:
            ImportFailed: the file is damaged or went away while it was read.
        """
        if self._translator.wants_survey:
            self._survey()
        for row in self._table:
            self.rows += 1
            if isinstance(row, Row):
                self._letters.look(row.cells, row.line, damaged=row.damaged)
            yield row, self._translator.entries(row) if isinstance(row, Row) else (row,)

    def _survey(self) -> None:
        with contextlib.closing(mapped_table(self._path, self._loaded)) as table:
            rows = iter(table)
            while True:
                try:
                    row = next(rows, None)
                except ImportFailed:
                    # A damaged file is told by the second reading, after what could be read of it.
                    break
                if row is None:
                    break
                if isinstance(row, Row):
                    self._translator.survey(row)
        self._repeats.surveyed()

    def close(self) -> None:
        """Close the file."""
        self._table.close()


def open_entries(path: Path, loaded: Loaded | None) -> Entries:
    """The entries of a file: a table with a mapping, NDJSON without one.

    Raises:
        ImportFailed: the file cannot be read, or is of the other form.
    """
    if loaded is None:
        # What is no table is named before it is said to be no NDJSON.
        form_of(path)
        return NdjsonLines(path)
    try:
        return TableEntries(path, loaded)
    except MappingMistakes:
        if _is_ndjson(path):
            raise ImportFailed("no_mapping_wanted", file=str(path)) from None
        if form_of(path) == "json":
            raise ImportFailed("json_no_table", file=str(path)) from None
        raise


def _is_ndjson(path: Path) -> bool:
    try:
        lines = NdjsonLines(path)
    except ImportFailed:
        return False
    try:
        return isinstance(next(lines.items(), None), Prepared)
    finally:
        lines.close()


class DataClock:
    """The stream of a file in the order of time, with ticks where it passes local midnights and one at its end.

    Args:
        entries: the file.
        zone: of day boundaries.
        until: the last instant, UTC microseconds; later entries are counted and not sent. None: the last entry's.
        sorter: sorts more than memory holds.
        on_read: called now and then while the file is read.
    """

    def __init__(
        self, entries: Entries, zone: ZoneInfo, until: int | None, sorter: TimeSorter, on_read: Callable[[], None]
    ) -> None:
        self._entries = entries
        self._zone = zone
        self._until = until
        self._sorter = sorter
        self._on_read = on_read
        #: Entries later than `until`; and entries and refused rows that the stream has, ticks left out.
        self.after_until = 0
        self.items_read = 0

    def items(self) -> Iterator[Prepared | Refused | Tick]:
        """What was refused first, in the order of the file; then entries in the order of time, and ticks."""
        for item in self._entries.items():
            self.items_read += 1
            if isinstance(item, Refused):
                yield item
            elif self._until is not None and item.time > self._until:
                self.after_until += 1
                self.items_read -= 1
            else:
                self._sorter.add(item)
            if self._entries.rows % 1_000 == 0:
                self._on_read()
        yield from self._ticked()

    def _ticked(self) -> Iterator[Prepared | Tick]:
        last: Prepared | None = None
        ticked = midnight = 0
        for entry in self._sorter.ordered():
            if last is None or entry.time >= midnight:
                day = local_date(entry.time, self._zone)
                if last is not None:
                    ticked = local_midnight(day, self._zone)
                    yield Tick(ticked, entry.source, entry.simulated)
                midnight = local_midnight(day + timedelta(days=1), self._zone)
            last = entry
            yield entry
        if last is not None:
            end = self._until if self._until is not None else max(last.time, self._entries.last_clock or last.time)
            if end != ticked:
                yield Tick(end, last.source, last.simulated)
