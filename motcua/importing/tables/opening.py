"""Opens a table of any form: rows of cells with a header, whether it is text, a workbook or a process log."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final, Protocol

from motcua.importing.encodings.mending import MendedTable
from motcua.importing.encodings.names import BY_BYTES, encoding_name
from motcua.importing.html.rows import HtmlRows
from motcua.importing.mapping.load import Loaded
from motcua.importing.mapping.model import FileFormat
from motcua.importing.mapping.named import named_columns
from motcua.importing.mapping.similar import did_you_mean
from motcua.importing.mapping.templates import clean_name
from motcua.importing.reasons import ImportFailed, MappingMistakes, Mistake, Reason, Refused
from motcua.importing.tables.forms import Form, form_of
from motcua.importing.tables.header import Header
from motcua.importing.tables.rows import CsvRows, Row
from motcua.importing.tables.workbook import WorkbookRows
from motcua.importing.tables.xes import RowKind, XesRows

__all__ = ["Table", "mapped_table", "mended_table", "open_table"]

#: What is wrong with a key of a mapping's `file`, found out when the file is opened.
_OF_KEY: Final = {
    "no_such_sheet": "sheet",
    "sheet_differs": "sheet",
    "html_no_such_table": "sheet",
    "no_case_attribute": "case",
}


#: Forms whose texts are characters, or are read as windows-1252 where they are in an older encoding.
_CHARACTERS: Final = frozenset({"xlsx", "xls", "ods", "xes", "html"})


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
        return XesRows(path, row, named, written.case)
    if form in ("xlsx", "xls", "ods"):
        return WorkbookRows(path, form, written, named)
    if form == "html":
        return HtmlRows(path, written, named)
    return CsvRows(path, written)


def mended_table(path: Path, form: Form, written: FileFormat, row: RowKind, named: Sequence[str] | None) -> Table:
    """A table by its form, its texts mended as `file.repair` says. Arguments and errors as those of `open_table`."""
    repair = written.repair
    encoding = encoding_name(written.encoding)
    if repair is None and form in _CHARACTERS and encoding in BY_BYTES:
        # Texts of these forms are characters already: what is in an older encoding was typed so.
        repair = "tcvn3" if encoding == "tcvn3" else "vni" if encoding == "vni" else "viscii"
    if repair is None:
        return open_table(path, form, written, row, named)
    # The names of the columns of a workbook are mended only after it was opened.
    return MendedTable(open_table(path, form, written, row, named if form == "xes" else None), repair)


def mapped_table(path: Path, loaded: Loaded) -> Table:
    """The table that a mapping is for.

    Raises:
        ImportFailed: the file cannot be read.
        MappingMistakes: the mapping names a sheet or an attribute that the file does not have.
    """
    mapping, form = loaded.mapping, form_of(path)
    wrong = [
        loaded.mistake(("file", key), Reason(code, {"key": key})) for key, code in _out_of_place(mapping.file, form)
    ]
    if wrong:
        raise MappingMistakes(wrong)
    try:
        table = mended_table(path, form, mapping.file, mapping.row, named_columns(mapping))
    except ImportFailed as error:
        key = _OF_KEY.get(error.reason.code)
        if key is None:
            raise
        raise MappingMistakes([loaded.mistake(("file", key), error.reason)]) from error
    unknown = _unknown_multiline(table, loaded) if form == "csv" else []
    if unknown:
        table.close()
        raise MappingMistakes(unknown)
    return table


def _unknown_multiline(table: Table, loaded: Loaded) -> list[Mistake]:
    """A name in `file.multiline` that no column has: its cells would go on being refused without a word why."""
    given, columns = loaded.mapping.file.multiline, [*table.header.columns]
    found = []
    for index, name in enumerate(map(clean_name, [] if isinstance(given, bool) else given)):
        if name not in columns:
            told = {"column": name, "hint": did_you_mean(name, columns), "columns": ", ".join(columns[:40])}
            reason = Reason("no_such_column", {**told, "delimiter_hint": ""})
            found.append(loaded.mistake(("file", "multiline", index), reason))
    return found


def _out_of_place(written: FileFormat, form: Form) -> Iterator[tuple[str, str]]:
    """Keys of a mapping's `file` that have no meaning for a form, and what is to be said."""
    if form in ("csv", "json"):
        if written.sheet is not None:
            yield "sheet", "only_for_workbooks"
        if written.header_rows > 1:
            yield "header_rows", "only_for_workbooks"
    if form != "xes" and written.case is not None:
        yield "case", "only_for_logs"
