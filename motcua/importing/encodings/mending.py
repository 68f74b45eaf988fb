"""A table whose texts are mended as they are read, whatever its form: cells, and the names of its columns."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from typing import Protocol

from motcua.importing.encodings.names import Repair
from motcua.importing.encodings.readings import mended, of_words
from motcua.importing.mapping.templates import clean_name
from motcua.importing.reasons import Reason, Refused
from motcua.importing.tables.header import Header
from motcua.importing.tables.rows import Row

__all__ = ["MendedTable"]


class _Table(Protocol):
    blank: int

    @property
    def header(self) -> Header: ...

    @property
    def notes(self) -> tuple[Reason, ...]: ...

    @property
    def position(self) -> int: ...

    @property
    def size(self) -> int: ...

    def __iter__(self) -> Iterator[Row | Refused]: ...

    def close(self) -> None: ...


class MendedTable:
    """Another table with its texts mended.

    Args:
        table: as it is read.
        repair: what is wrong with its texts.
    """

    def __init__(self, table: _Table, repair: Repair) -> None:
        #: Empty rows, passed over.
        self.blank = 0
        self._table = table
        self._repair: Repair = repair
        self.header = replace(table.header, columns=[_name(name, repair) for name in table.header.columns])

    @property
    def notes(self) -> tuple[Reason, ...]:
        """What people should know of how the file was read."""
        return self._table.notes

    @property
    def position(self) -> int:
        """Bytes of the file on disk read so far, about."""
        return self._table.position

    @property
    def size(self) -> int:
        """Bytes of the file on disk."""
        return self._table.size

    def close(self) -> None:
        """Close the file."""
        self._table.close()

    def __iter__(self) -> Iterator[Row | Refused]:
        """Rows with their texts mended; raises ImportFailed where the file is damaged."""
        for row in self._table:
            if isinstance(row, Row):
                # What is ASCII stays the object it is: a stored time is known by its type.
                row.cells = [cell if cell.isascii() else mended(cell, self._repair) for cell in row.cells]
            self.blank = self._table.blank
            yield row
        self.blank = self._table.blank


#: A first byte whose second was a no-break space, which names of columns have lost as a blank.
_CUT = re.compile("(Ã|Æ|áº)(?: |$)")
_MOST_CUTS = 6


def _name(name: str, repair: Repair) -> str:
    """A column's name mended."""
    cuts = _CUT.findall(name)
    if repair != "mojibake" or not cuts or len(cuts) > _MOST_CUTS:
        return clean_name(mended(name, repair))
    made = []
    for blanks in product(("", " "), repeat=len(cuts)):
        left = iter(blanks)
        made.append(clean_name(mended(_CUT.sub(lambda cut, left=left: f"{cut[1]}\xa0{next(left)}", name), repair)))  # type: ignore[misc]
    # Whether a blank stood there as well, the syllables tell.
    return max(made, key=of_words)
