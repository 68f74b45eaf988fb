"""A workbook's file as it may be built in memory: itself, or a copy in which wide sheets have only filled cells."""

from __future__ import annotations

import shutil
import tempfile
import zipfile
from contextlib import AbstractContextManager
from pathlib import Path
from types import TracebackType
from typing import IO, Final

from lxml import etree

from motcua.importing.sheets.area import MOST_CELLS, Area, TooMuch
from motcua.importing.sheets.office_open import BlankStrings, FilledCells, NoSheet
from motcua.importing.sheets.open_document import OpenDocument
from motcua.importing.sheets.pieces import pass_by
from motcua.importing.tables.forms import Form
from motcua.importing.tables.workbook_limits import check_workbook, told, too_large

__all__ = ["Readable"]

#: What the reader of workbooks needs; pictures and the like are left out.
_NEEDED: Final = (".xml", ".rels", "mimetype")


class Readable(AbstractContextManager["Readable"]):
    """The file to be given to the reader of workbooks, for as long as it is read.

    Raises:
        ImportFailed: the workbook is larger than the limits, damaged, or locked.
    """

    def __init__(self, path: Path, form: Form) -> None:
        self.path = path
        self.from_1904 = False
        self._copy: IO[bytes] | None = None
        if form not in ("xlsx", "ods"):
            return
        survey = check_workbook(path)
        self.from_1904 = survey.from_1904
        if survey.wide:
            self._copy = tempfile.NamedTemporaryFile(suffix=f".{form}")  # noqa: SIM115 (closed by close)
            try:
                _copied(path, self._copy, survey.wide)
            except BaseException:
                self.close()
                raise
            self.path = Path(self._copy.name)

    def close(self) -> None:
        """Drop the copy, if one was made."""
        if self._copy is not None:
            self._copy.close()
            self._copy = None

    def __exit__(
        self, _type: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self.close()


def _copied(path: Path, target: IO[bytes], wide: dict[str, Area]) -> None:
    with (
        told(path),
        zipfile.ZipFile(path) as archive,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as copy,
    ):
        cutting = _Cutting(path, archive, _blank_strings(archive))
        for part in archive.infolist():
            if not part.filename.lower().endswith(_NEEDED):
                continue
            area = wide.get(part.filename)
            if area is not None and cutting.part(part, area, copy):
                continue
            with archive.open(part) as opened, copy.open(part.filename, "w", force_zip64=True) as written:
                shutil.copyfileobj(opened, written)
    target.flush()


def _blank_strings(archive: zipfile.ZipFile) -> set[int]:
    strings = BlankStrings()
    for part in archive.infolist():
        if part.filename.lower().endswith("sharedstrings.xml"):
            with archive.open(part) as opened:
                pass_by(opened, strings)
            break
    return strings.blank


class _Cutting:
    """Cuts the sheets of one workbook down to what is filled."""

    def __init__(self, path: Path, archive: zipfile.ZipFile, blank: set[int]) -> None:
        self._path = path
        self._archive = archive
        self._blank = blank

    def part(self, part: zipfile.ZipInfo, area: Area, copy: zipfile.ZipFile) -> bool:
        """Write a part with its filled cells only; False if it is no sheet, so that nothing was written.

        Raises:
            ImportFailed: what is filled is larger than the limits.
        """
        try:
            with self._archive.open(part) as opened, tempfile.TemporaryFile() as kept:
                if part.filename.lower() == "content.xml":
                    pass_by(opened, OpenDocument(kept.write))
                else:
                    pass_by(opened, FilledCells(kept.write, self._blank))
                kept.seek(0)
                with copy.open(part.filename, "w", force_zip64=True) as written:
                    shutil.copyfileobj(kept, written)
        except TooMuch as error:
            raise too_large(self._path, f"{error} ({part.filename})", f"{MOST_CELLS:,}") from error
        except (NoSheet, etree.XMLSyntaxError) as error:
            if area.too_large:
                # Nothing that could be cut down, and too large by all that can be seen of it.
                raise too_large(self._path, f"{area} ({part.filename})", f"{MOST_CELLS:,}") from error
            if isinstance(error, NoSheet):
                return False
            raise
        return True
