"""Writes tables as Parquet within bounded memory: parts of a fixed number of rows, brought into one file at the end."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

import polars as pl
from polars.exceptions import PolarsError

from motcua.exporting.tables import Column

__all__ = ["ParquetFile", "schema"]

#: Rows of a part, and of a row group of the file.
_ROWS: Final = 50_000
_TYPES: Final[Mapping[str, Any]] = {
    "text": pl.String,
    "integer": pl.Int64,
    "boolean": pl.Boolean,
    "time": pl.Datetime("us", "UTC"),
}


def schema(columns: Sequence[Column]) -> dict[str, Any]:
    """The Polars type of each column."""
    return {column.name: _TYPES[column.kind] for column in columns}


class ParquetFile:
    """Takes rows; the file is there after `finish`. Parts vanish when the context ends.

    Args:
        path: the file.
        columns: names and kinds.
        metadata: what the file says of itself.
    """

    def __init__(self, path: Path, columns: Sequence[Column], metadata: Mapping[str, str]) -> None:
        self._path = path
        self._columns = columns
        self._metadata = dict(metadata)
        self._rows: list[Sequence[Any]] = []
        self._folder = tempfile.TemporaryDirectory(prefix=".export-", dir=path.parent)
        self._parts: list[Path] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._folder.cleanup()

    def add(self, row: Sequence[Any]) -> None:
        """Take one row.

        Raises:
            OSError: the disk is full.
        """
        self._rows.append(row)
        if len(self._rows) == _ROWS:
            self._write()

    def finish(self) -> None:
        """Bring the parts into the file.

        Raises:
            OSError: the disk is full.
        """
        self._write()
        try:
            pl.scan_parquet(self._parts).sink_parquet(self._path, row_group_size=_ROWS, metadata=self._metadata)
        except PolarsError as error:
            raise OSError(str(error)) from error

    def _write(self) -> None:
        cells = zip(*self._rows, strict=True) if self._rows else ((),) * len(self._columns)
        made = []
        for column, values in zip(self._columns, cells, strict=True):
            plain = pl.Int64 if column.kind == "time" else _TYPES[column.kind]
            made.append(pl.Series(column.name, values, dtype=plain).cast(_TYPES[column.kind]))
        part = Path(self._folder.name) / f"{len(self._parts):06}.parquet"
        pl.DataFrame(made).write_parquet(part, compression="lz4")
        self._parts.append(part)
        self._rows = []
