"""Which form a zip archive or a compound file (OLE) holds, by the names of its parts. Reads no part but their names."""

from __future__ import annotations

import errno
import zipfile
from pathlib import Path
from typing import Final, Literal

from motcua.importing.contents.named import Named, not_read
from motcua.importing.reasons import ImportFailed
from motcua.importing.tables.source import reading

__all__ = ["COMPOUND", "ZIP", "compound_form", "zip_form"]

ZIP, COMPOUND = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_CHUNK: Final = 1 << 20
#: Parts that tell what an archive is.
_OF_ZIP: Final[tuple[tuple[str, Named], ...]] = (
    ("xl/workbook.bin", Named("workbook", "XLSB")),
    ("word/document.xml", Named("document", "DOCX")),
    ("ppt/presentation.xml", Named("slides", "PPTX")),
    ("index/document.iwa", Named("workbook", "Apple Numbers/Pages")),
    ("index.zip", Named("workbook", "Apple Numbers/Pages")),
    ("meta-inf/container.xml", Named("document", "EPUB")),
)
#: What open documents that are no spreadsheets call themselves.
_OPEN: Final[tuple[tuple[str, Named], ...]] = (
    ("opendocument.text", Named("document", "ODT")),
    ("opendocument.presentation", Named("slides", "ODP")),
    ("opendocument.graphics", Named("image", "ODG")),
    ("opendocument.database", Named("database", "ODB")),
    ("opendocument.formula", Named("document", "ODF")),
    ("opendocument.chart", Named("image", "ODC")),
)
_LONGEST_TYPE: Final = 256


def zip_form(path: Path) -> Literal["xlsx", "ods"]:
    """The workbook an archive is.

    Raises:
        ImportFailed: it is damaged, or no workbook.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            names = {name.replace("\\", "/").lower() for name in archive.namelist()}
            said = _said(archive)
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise ImportFailed("file_broken", file=str(path), reason=str(error)) from error
    except OSError as error:
        # An archive whose places lie before its beginning is damaged, not away.
        code = "file_broken" if error.errno == errno.EINVAL else "file_away"
        raise ImportFailed(code, file=str(path), reason=error.strerror or str(error)) from error
    for part, form in _OF_ZIP:
        if part in names:
            raise not_read(path, form)
    if "[content_types].xml" in names and any(name.startswith("xl/") for name in names):
        return "xlsx"
    for word, form in _OPEN:
        if word in said:
            raise not_read(path, form)
    if "content.xml" in names:
        return "ods"
    raise not_read(path, Named("archive", "zip"))


def _said(archive: zipfile.ZipFile) -> str:
    """What an open document calls itself; "" where it does not, or where that part cannot be read."""
    try:
        with archive.open("mimetype") as opened:
            return opened.read(_LONGEST_TYPE).decode("latin-1")
    except (KeyError, RuntimeError, zipfile.BadZipFile, EOFError, OSError, NotImplementedError):
        return ""


def _wide(name: str) -> bytes:
    """A name as the directory of a compound file holds it: a whole one, not the beginning of another."""
    return (name + "\0").encode("utf-16-le")


#: The stream that holds an encrypted workbook.
_ENCRYPTED: Final = "EncryptedPackage".encode("utf-16-le")
_WORKBOOKS: Final = (_wide("Workbook"), _wide("Book"), _wide("WORKBOOK"), _wide("BOOK"))
#: Streams of other documents. A workbook may hold such documents, so its own come first.
_OF_COMPOUND: Final[tuple[tuple[bytes, Named], ...]] = (
    (_wide("WordDocument"), Named("document", "DOC")),
    (_wide("PowerPoint Document"), Named("slides", "PPT")),
    (_wide("__properties_version1.0"), Named("mail", "MSG (Outlook)")),
    (_wide("VisioDocument"), Named("document", "Visio")),
    (_wide("HwpSummaryInformation"), Named("document", "HWP")),
    (_wide("\x05HwpSummaryInformation"), Named("document", "HWP")),
)


def compound_form(path: Path) -> Literal["xls"]:
    """The old workbook a compound file is; what has no name of another document is tried as one.

    Raises:
        ImportFailed: it is locked, or another document.
    """
    workbook, others = False, set[Named]()
    with reading(path), path.open("rb") as opened:
        rest = b""
        while chunk := opened.read(_CHUNK):
            looked = rest + chunk
            if _ENCRYPTED in looked:
                raise ImportFailed("workbook_locked", file=str(path))
            workbook = workbook or any(name in looked for name in _WORKBOOKS)
            others.update(form for name, form in _OF_COMPOUND if name in looked)
            rest = chunk[-64:]
    if not workbook and others:
        raise not_read(path, next(form for _, form in _OF_COMPOUND if form in others))
    return "xls"
