"""Opens a table of any form: rows of cells with a header, whether it is text, a workbook or a process log."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final, Protocol

from services.intake.files.forms import Form, form_of
from services.intake.files.header import Header
from services.intake.files.mapping_load import Loaded
from services.intake.files.mapping_model import FileFormat
from services.intake.files.named import named_columns
from services.intake.files.reasons import ImportFailed, MappingMistakes, Reason, Refused
from services.intake.files.rows import CsvRows, Row
from services.intake.files.workbook import WorkbookRows
from services.intake.files.xes import RowKind, XesRows

__all__ = ["Table", "mapped_table", "open_table"]

#: What is wrong with a mapping's `file.sheet`, found out when the file is opened.
_OF_SHEET: Final = frozenset({"no_such_sheet", "sheet_differs"})


class Table(Protocol):
    """Rows of cells, and what was no row, in the order of the file."""

    #: Empty rows, passed over.
    blank: int

    @property
    def header(self) -> Header:
        """Columns, and how cells are to be read."""
        ...

    @property
    def notes(self) -> tuple[Reason, ...]:
        """What people should know of how the file was read."""
        ...

    @property
    def position(self) -> int:
        """Bytes of the file on disk read so far, about."""
        ...

    @property
    def size(self) -> int:
        """Bytes of the file on disk."""
        ...

    def __iter__(self) -> Iterator[Row | Refused]:
        """Rows; raises ImportFailed where the file is damaged."""
        ...

    def close(self) -> None:
        """Close the file."""
        ...


def open_table(path: Path, form: Form, written: FileFormat, row: RowKind, named: Sequence[str] | None) -> Table:
    """A table by its form.

    Args:
        path: the file.
        form: its form.
        written: how the mapping says it is written.
        row: what a row of a process log is to be.
        named: the columns that are wanted; None: all.

    Raises:
        ImportFailed: the file cannot be read.
    """
    if form == "xes":
        return XesRows(path, row, named)
    if form in ("xlsx", "xls", "ods"):
        return WorkbookRows(path, form, written, named)
    return CsvRows(path, written)


def mapped_table(path: Path, loaded: Loaded) -> Table:
    """The table that a mapping is for.

    Raises:
        ImportFailed: the file cannot be read.
        MappingMistakes: the mapping names a sheet that the file does not have.
    """
    mapping, form = loaded.mapping, form_of(path)
    if form in ("csv", "json"):
        given = [("sheet", mapping.file.sheet is not None), ("header_rows", mapping.file.header_rows > 1)]
        wrong = [
            loaded.mistake(("file", key), Reason("only_for_workbooks", {"key": key})) for key, said in given if said
        ]
        if wrong:
            raise MappingMistakes(wrong)
    try:
        return open_table(path, form, mapping.file, mapping.row, named_columns(mapping))
    except ImportFailed as error:
        if error.reason.code not in _OF_SHEET:
            raise
        raise MappingMistakes([loaded.mistake(("file", "sheet"), error.reason)]) from error
