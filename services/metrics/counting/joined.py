"""A table with some columns in place of its own, such as the unit under which a petition counts. Pure."""

from __future__ import annotations

from typing import Any

from services.metrics.counting.question import Array

__all__ = ["Joined"]


class Joined:
    """The rows of a table, for questions and tallies.

    Args:
        table: whose rows; what stands beside it is asked of it.
        columns: by name, of as many rows.

    Raises:
        ValueError: a column has another length.
    """

    def __init__(self, table: Any, **columns: Array) -> None:
        if any(len(column) != len(table) for column in columns.values()):
            raise ValueError("a column has another length than the table it is put into")
        self._table = table
        self._columns = columns

    def __len__(self) -> int:
        return len(self._table)

    def __getitem__(self, name: str) -> Array:
        column: Array = self._columns[name] if name in self._columns else self._table[name]
        return column

    def __getattr__(self, name: str) -> Any:
        return getattr(self._table, name)
