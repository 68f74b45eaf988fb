"""One export from a stack to a file: reads what is wanted, writes it in the form asked for, counts. Asks nobody."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Protocol
from zoneinfo import ZoneInfo

from motcua.exporting.csv_file import CsvFile
from motcua.exporting.dossiers import Dossier
from motcua.exporting.formats import Chosen
from motcua.exporting.logs.mapping import mapping_of
from motcua.exporting.logs.ocel_json import OcelJson
from motcua.exporting.logs.ocel_sqlite import OcelSqlite
from motcua.exporting.logs.xes import XesLog
from motcua.exporting.reading import Reader, Stack, Told
from motcua.exporting.selection import Selection
from motcua.exporting.tables import FACT_TABLES, JOURNAL, RAW, Column, Row, entry_row, raw_row
from motcua.exporting.target import folder_of, stream, whole_file
from shared.populations.dossiers import DOSSIERS

__all__ = ["Done", "Export", "run"]


@dataclass(frozen=True, slots=True)
class Export:
    """What to export.

    Attributes:
        what: `journal`, or a table of facts.
        file: a path, or `-` for standard output.
        chosen: its form.
        selection: which dossiers.
        raw: journal records as they stand, instead of the entries that hold.
        mapping: path for the mapping that brings an XES log in again; None for none.
        zone: of local dates.
    """

    what: str
    file: str
    chosen: Chosen
    selection: Selection
    raw: bool
    zone: ZoneInfo
    mapping: str | None = None


@dataclass(slots=True)
class Done:
    """What was written: rows of a table, or dossiers and entries of a log; `unfit` counts records that are no entry."""

    rows: int = 0
    dossiers: int = 0
    entries: int = 0
    reference: int = 0
    unfit: Counter[str] = field(default_factory=Counter)


class _Log(Protocol):
    def add(self, dossier: Dossier) -> None: ...

    def finish(self) -> None: ...


class _Table(Protocol):
    def add(self, row: Row) -> None: ...


async def run(export: Export, stack: Stack, told: Told) -> Done:
    """Do one export; what is not finished leaves nothing behind.

    Raises:
        OSError: the file cannot be written.
    """
    reader = Reader(stack, export.selection, folder_of(export.file), told)
    done = Done(unfit=reader.unfit)
    if export.chosen.table:
        await _table(export, reader, done)
    else:
        with _log(export, stack) as log:
            async for dossier in reader.dossiers(facts=True):
                life = dossier.life
                if life is not None:
                    log.add(life)
                    done.dossiers += life.is_one
                    done.entries += len(life.entries)
            log.finish()
        if isinstance(log, XesLog) and export.mapping is not None:
            with stream(export.mapping, packed=False) as out:
                out.write(mapping_of(log.members, simulated=stack.simulated).encode())
    return done


async def _table(export: Export, reader: Reader, done: Done) -> None:
    columns: Sequence[Column]
    if export.what != "journal":
        columns = FACT_TABLES[export.what].columns
        rows = _fact_rows(export, reader, done)
    elif export.raw:
        columns, rows = RAW, _raw_rows(reader)
    else:
        columns, rows = JOURNAL, _entry_rows(reader, done)
    with _table_file(export, columns, simulated=reader.stack.simulated) as table:
        async for row in rows:
            table.add(row)
            done.rows += 1


async def _fact_rows(export: Export, reader: Reader, done: Done) -> AsyncIterator[Row]:
    table = FACT_TABLES[export.what]
    async for case in reader.cases(table.population):
        done.dossiers += table.population is DOSSIERS
        if case.facts is not None:
            for row in table.rows(case.code, case.partition, case.facts, export.zone):
                yield row


async def _entry_rows(reader: Reader, done: Done) -> AsyncIterator[Row]:
    async for dossier in reader.dossiers(facts=False):
        done.dossiers += dossier.is_one
        for entry in dossier.entries:
            done.entries += 1
            yield entry_row(entry)
    for entry in reader.reference():
        done.reference += 1
        yield entry_row(entry)


async def _raw_rows(reader: Reader) -> AsyncIterator[Row]:
    async for record in reader.records():
        yield raw_row(record)


@contextmanager
def _table_file(export: Export, columns: Sequence[Column], *, simulated: bool) -> Iterator[_Table]:
    if export.chosen.format == "csv":
        with stream(export.file, packed=export.chosen.packed) as out:
            yield CsvFile(out, columns)
        return
    # Loading Polars takes longer than all else a command line needs to start.
    from motcua.exporting.parquet_file import ParquetFile  # noqa: PLC0415

    metadata = {"motcua.export": export.what, "motcua.simulated": str(simulated).lower()}
    with whole_file(export.file) as path, ParquetFile(path, columns, metadata) as table:
        yield table
        table.finish()


@contextmanager
def _log(export: Export, stack: Stack) -> Iterator[_Log]:
    if export.chosen.format == "ocel-sqlite":
        with whole_file(export.file) as path, OcelSqlite(path, export.zone, simulated=stack.simulated) as database:
            yield database
        return
    with stream(export.file, packed=export.chosen.packed) as out:
        if export.chosen.format == "xes":
            yield XesLog(out, export.zone, simulated=stack.simulated)
        else:
            folder = folder_of(export.file)
            with OcelJson(out, folder, export.zone, simulated=stack.simulated) as log:
                yield log
