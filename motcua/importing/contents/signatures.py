"""Forms that the first bytes of a file name. Pure.

The signatures are those that the forms' own descriptions give; longer ones stand before shorter ones.
"""

from __future__ import annotations

from typing import Final

from motcua.importing.contents.named import Named

__all__ = ["signature"]

#: Where the bytes stand, the bytes, the form.
_SIGNATURES: Final[tuple[tuple[int, bytes, Named], ...]] = (
    (0, b"Rar!\x1a\x07", Named("archive", "RAR")),
    (0, b"7z\xbc\xaf\x27\x1c", Named("archive", "7z")),
    (0, b"\xfd7zXZ\x00", Named("archive", "xz")),
    (0, b"\x28\xb5\x2f\xfd", Named("archive", "zstd")),
    (0, b"\x04\x22\x4d\x18", Named("archive", "lz4")),
    (0, b"LZIP\x01", Named("archive", "lzip")),
    (0, b"\x1f\x9d", Named("archive", "compress (.Z)")),
    (0, b"\x1f\x8b", Named("archive", "gzip")),
    (0, b"MSCF\x00\x00\x00\x00", Named("archive", "CAB")),
    (0, b"PK\x05\x06", Named("archive", "zip")),
    (0, b"PK\x07\x08", Named("archive", "zip")),
    (257, b"ustar\x00", Named("archive", "tar")),
    (257, b"ustar  \x00", Named("archive", "tar")),
    (0, b"PAR1", Named("data", "Parquet")),
    (0, b"PARE", Named("data", "Parquet")),
    (0, b"ORC", Named("data", "ORC")),
    (0, b"Obj\x01", Named("data", "Avro")),
    (0, b"ARROW1", Named("data", "Arrow/Feather")),
    (0, b"FEA1", Named("data", "Feather")),
    (0, b"\x89HDF\r\n\x1a\n", Named("data", "HDF5")),
    (0, b"$FL2@(#)", Named("data", "SPSS")),
    (0, b"$FL3@(#)", Named("data", "SPSS")),
    (0, b"<stata_dta>", Named("data", "Stata")),
    (0, b"RDX2\n", Named("data", "R")),
    (0, b"RDX3\n", Named("data", "R")),
    (0, b"SQLite format 3\x00", Named("database", "SQLite")),
    (4, b"Standard Jet DB", Named("database", "Access (MDB)")),
    (4, b"Standard ACE DB", Named("database", "Access (ACCDB)")),
    (0, b"PGDMP", Named("database", "PostgreSQL (pg_dump)")),
    (0, b"{\\rtf", Named("document", "RTF")),
    (0, b"%!PS", Named("document", "PostScript")),
    (0, b"AT&TFORM", Named("document", "DjVu")),
    (0, b"\x89PNG\r\n\x1a\n", Named("image", "PNG")),
    (0, b"\xff\xd8\xff", Named("image", "JPEG")),
    (0, b"GIF87a", Named("image", "GIF")),
    (0, b"GIF89a", Named("image", "GIF")),
    (0, b"II*\x00", Named("image", "TIFF")),
    (0, b"MM\x00*", Named("image", "TIFF")),
    (8, b"WEBPVP8", Named("image", "WebP")),
    (4, b"ftyphei", Named("image", "HEIC")),
    (4, b"ftypmif1", Named("image", "HEIC")),
    (4, b"ftypavif", Named("image", "AVIF")),
    (0, b"\x09\x00\x04\x00\x00\x00", Named("workbook", "Excel 2")),
    (0, b"\x09\x00\x04\x00\x02\x00", Named("workbook", "Excel 2")),
    (0, b"\x09\x02\x06\x00", Named("workbook", "Excel 3")),
    (0, b"\x09\x04\x06\x00", Named("workbook", "Excel 4")),
    (0, b"\x09\x08\x08\x00", Named("workbook", "Excel 5")),
    (0, b"\x09\x08\x10\x00", Named("workbook", "Excel 97 (BIFF8)")),
    (0, b"\x00\x00\x02\x00\x06\x04\x06\x00", Named("workbook", "Lotus 1-2-3")),
    (0, b"\x00\x00\x1a\x00", Named("workbook", "Lotus 1-2-3")),
)
#: Marks that a heading of a text table may begin with; what follows tells.
_LIKE_HEADINGS: Final = frozenset({b"PAR1", b"PARE", b"ORC", b"FEA1", b"ARROW1", b"PGDMP"})
_FOLLOWING: Final = 12
#: A mark of a PDF may stand a little further on.
_PDF, _PDF_WITHIN = b"%PDF-", 1_024
#: First bytes of dBASE tables by version, and what a table's description takes at least.
_DBASE: Final = frozenset(b"\x02\x03\x04\x05\x30\x31\x32\x43\x63\x83\x8b\xcb\xf5\xfb")
_DBASE_HEAD: Final = 65
#: The types of a dBASE table's fields.
_DBASE_TYPES: Final = frozenset(b"CNDLMFBGTYI0@+PQVW")


def signature(start: bytes) -> Named | None:
    """The form that the beginning of a file names; None where it names none."""
    for place, mark, form in _SIGNATURES:
        if start.startswith(mark, place) and not (mark in _LIKE_HEADINGS and _is_text(start[len(mark) :])):
            return form
    if start.startswith(b"BZh") and start[4:10] in (b"1AY&SY", b"\x17rE8P\x90"):
        return Named("archive", "bzip2")
    if start.startswith(b"BM") and len(start) > 30 and start[6:10] == b"\x00" * 4 and start[26:28] == b"\x01\x00":
        return Named("image", "BMP")
    pdf = start.find(_PDF, 0, _PDF_WITHIN)
    if pdf >= 0 and b"\n" not in start[:pdf].strip():
        return Named("document", "PDF")
    return Named("data", "DBF (dBASE)") if _is_dbase(start) else None


def _is_text(rest: bytes) -> bool:
    return all(sign in b"\t\r\n" or 32 <= sign < 127 for sign in rest[:_FOLLOWING])


def _is_dbase(start: bytes) -> bool:
    """Whether a dBASE table begins here: a version, a date, and lengths that fit each other."""
    if len(start) < _DBASE_HEAD or start[0] not in _DBASE or not (1 <= start[2] <= 12 and 1 <= start[3] <= 31):
        return False
    head, record = int.from_bytes(start[8:10], "little"), int.from_bytes(start[10:12], "little")
    ended = head > len(start) or start[head - 1] in (0, 13)
    return head >= _DBASE_HEAD and record > 1 and ended and start[12:14] == b"\0\0" and start[43] in _DBASE_TYPES
