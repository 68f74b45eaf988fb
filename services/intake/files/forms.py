"""Which form a data file has, told by its content and never by its name. Reads only its beginning."""

from __future__ import annotations

import errno
import zipfile
from pathlib import Path
from typing import Final, Literal

from services.intake.files.reasons import ImportFailed
from services.intake.files.source import DataFile, reading

__all__ = ["Form", "form_of"]

#: `xlsx`, `xls`, `ods`: workbooks; `xes`: a process log; `json`: lines of JSON; `csv`: any other text.
Form = Literal["csv", "xlsx", "xls", "ods", "xes", "json"]

_LOOKED_AT: Final = 65_536
_ZIP, _COMPOUND = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
#: The stream that holds an encrypted workbook, as the compound file's directory names it.
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_CHUNK = 1 << 20


def form_of(path: Path) -> Form:
    """The form of a file.

    Raises:
        ImportFailed: it cannot be read, is locked by a password, or is no table of data at all.
    """
    data = DataFile(path)
    try:
        with reading(path):
            start = data.content.read(_LOOKED_AT)
        packed = data.packed
    finally:
        data.close()
    if start.startswith((_ZIP, _COMPOUND)):
        if packed:
            raise ImportFailed("unpack_first", file=str(path), form="gzip")
        return _zip_form(path) if start.startswith(_ZIP) else _compound_form(path)
    return _text_form(path, start)


def _zip_form(path: Path) -> Form:
    try:
        with zipfile.ZipFile(path) as archive:
            names = {name.replace("\\", "/").lower() for name in archive.namelist()}
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise ImportFailed("file_broken", file=str(path), reason=str(error)) from error
    except OSError as error:
        # An archive whose places lie before its beginning is damaged, not away.
        code = "file_broken" if error.errno == errno.EINVAL else "file_away"
        raise ImportFailed(code, file=str(path), reason=error.strerror or str(error)) from error
    if "xl/workbook.bin" in names:
        raise ImportFailed("form_not_read", file=str(path), form="XLSB")
    if "[content_types].xml" in names and any(name.startswith("xl/") for name in names):
        return "xlsx"
    if "content.xml" in names:
        return "ods"
    raise ImportFailed("unpack_first", file=str(path), form="zip")


def _compound_form(path: Path) -> Form:
    with reading(path), path.open("rb") as opened:
        rest = b""
        while chunk := opened.read(_CHUNK):
            if _ENCRYPTED in rest + chunk:
                raise ImportFailed("workbook_locked", file=str(path))
            rest = chunk[-len(_ENCRYPTED) :]
    return "xls"


def _text_form(path: Path, start: bytes) -> Form:
    encoding = "utf-16" if start.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    text = start.decode(encoding, "replace").lstrip()
    if text.startswith("{"):
        return "json"
    if not text.startswith("<"):
        return "csv"
    low = text.lower()
    for mark, form in (("<html", "HTML"), ("<table", "HTML"), ("<!doctype html", "HTML"), ("<workbook", "XML Excel")):
        if mark in low:
            raise ImportFailed("form_not_read", file=str(path), form=form)
    if low.startswith(("<?xml", "<log", "<!--")) or "<log" in low:
        return "xes"
    return "csv"
