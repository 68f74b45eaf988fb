"""The file of refused rows: line, entry, dossier, code, reason, sheet. Holds no cells, so no personal data."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from pathlib import Path

from motcua.importing.reasons import ImportFailed, Refused
from motcua.importing.tables.header import Places
from shared.messages import Language
from shared.texts.signs import visible

__all__ = ["HEADER", "RefusedFile"]

HEADER = ("line", "last_line", "kind", "entry", "dossier", "code", "reason", "sheet")
#: Spreadsheets know UTF-8 by its mark.
_START = b"\xef\xbb\xbf" + ",".join(HEADER).encode() + b"\r\n"


class RefusedFile:
    """Appends refused rows; exists only if there are any.

    Args:
        path: the file.
        size: bytes that hold from an interrupted import; what was written after them is cut off, since it will come
            again.

        places: how the places of rows are told.

    Raises:
        ImportFailed: the path is taken by something else, or cannot be written.
    """

    def __init__(self, path: Path, language: Language, size: int = 0, places: Places | None = None) -> None:
        self.path = path
        self._places = places or Places()
        self.size = 0
        self._language = language
        try:
            if path.exists():
                self._take_over(size)
        except OSError as error:
            raise self._unwritten(error) from error

    def _take_over(self, size: int) -> None:
        with self.path.open("rb") as held:
            start = held.read(len(_START))
        if start and start != _START:
            raise ImportFailed("refused_not_ours", file=str(self.path))
        if len(_START) <= size <= self.path.stat().st_size:
            with self.path.open("r+b") as held:
                held.truncate(size)
            self.size = size
        else:
            self.path.unlink()

    def _unwritten(self, error: OSError) -> ImportFailed:
        return ImportFailed("refused_unwritten", file=str(self.path), reason=error.strerror or str(error))

    def write(self, refused: Iterable[Refused]) -> None:
        """Append rows.

        Raises:
            ImportFailed: the disk does not take them.
        """
        text = io.StringIO(newline="")
        writer = csv.writer(text)
        for one in refused:
            kind = "contradiction" if one.contradiction else "refused"
            reason = one.reason.text(self._language)
            lines = self._places.row(one.line), self._places.row(one.last_line)
            sheet = self._places.sheet(one.line)
            row = (*lines, kind, one.entry or "", one.subject or "", one.reason.code, reason, sheet)
            writer.writerow([_harmless(cell) for cell in row])
        content = text.getvalue().encode("utf-8", "replace")
        if not content:
            return
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with self.path.open("ab") as held:
                self.size += held.write(content if self.size else _START + content)
        except OSError as error:
            raise self._unwritten(error) from error


def _harmless(cell: object) -> object:
    """A spreadsheet takes a text that begins with one of these for a formula; a sign nobody sees is shown."""
    if not isinstance(cell, str):
        return cell
    return f"'{visible(cell)}" if cell[:1] in ("=", "+", "-", "@") else visible(cell)
