"""Files that are no workbook though they are called one, workbooks in disguise, locked ones, and bombs."""

from __future__ import annotations

import struct
import zipfile
from datetime import date
from pathlib import Path

import pytest

from motcua.importing.mapping.model import FileFormat
from motcua.importing.reasons import ImportFailed, MappingMistakes
from motcua.importing.tables import workbook_limits
from motcua.importing.tables.forms import form_of
from motcua.importing.tables.workbook import WorkbookRows
from tests.unit.motcua.importing.fake_intake import read
from tests.unit.motcua.importing.tables.workbooks import HEAD, REGISTER, sheet_of, workbook


def compound(content: bytes) -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504 + content + b"\0" * 512


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (compound("EncryptedPackage".encode("utf-16-le")), "is protected by a password"),
        (compound(b""), "cannot be read as a workbook"),
        (b"<html><body><form><input></form></body></html>", "is an HTML page without any table"),
        (b'\xef\xbb\xbf<?xml version="1.0"?><Workbook xmlns="urn:x"></Workbook>', "in the form XML Excel"),
        (b"PK\x03\x04 not really a zip", "damaged or incomplete"),
        (b"", "has no header at line 1"),
    ],
)
def test_what_is_called_a_workbook_and_is_none_is_one_sentence(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "so.xlsx"
    path.write_bytes(content)
    with pytest.raises(ImportFailed) as error:
        read(path, REGISTER)
    assert said in error.value.text("en")
    assert str(path) in error.value.text("vi")
    assert "\n" not in error.value.text("en")


def test_the_form_is_told_by_the_content(tmp_path: Path) -> None:
    """A CSV that is called .xlsx is read as what it is; an archive of other things is not."""
    text = tmp_path / "so.xlsx"
    text.write_text("Mã,Nhận,Hẹn\nD1,03/08/2026,\n")
    assert [one["subject"] for one in read(text, REGISTER)[0]] == ["D1"]
    book = workbook(tmp_path / "so.csv", so=sheet_of(HEAD, ["D1", date(2026, 8, 3), None]))
    assert [one["subject"] for one in read(book, REGISTER)[0]] == ["D1"]
    other = tmp_path / "x.zip"
    with zipfile.ZipFile(other, "w") as archive:
        archive.writestr("so.csv", "a,b\n")
    with pytest.raises(ImportFailed, match="Unpack it"):
        form_of(other)
    with pytest.raises(MappingMistakes, match=r"m\.yaml:9: file\.sheet: The data file is no workbook"):
        read(text, REGISTER + "file: {sheet: so}\n")


def part(xml: str) -> dict[str, bytes]:
    return {"[Content_Types].xml": b"<x/>", "xl/workbook.xml": b"<x/>", "xl/worksheets/sheet1.xml": xml.encode()}


@pytest.mark.parametrize(
    "parts",
    [
        part('<row r="1"><c r="A1"/></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'),
        part('<row r="4000000000"><c r="A4000000000"><v>1</v></c></row>'),
        part("<row>" + "<c/>" * 20_000 + "<c><v>1</v></c></row>" + "<row><c><v>1</v></c></row>" * 20_000),
        {"[Content_Types].xml": b"", "xl/a.bin": bytes(9_000_000)},
        {
            "content.xml": b'<o xmlns:t="urn:oasis:names:tc:opendocument:xmlns:table:1.0"><t:table>'
            b'<t:table-row t:number-rows-repeated="1000000"><t:table-cell t:number-columns-repeated="9999"'
            b' t:value-type="x"/></t:table-row></t:table></o>'
        },
    ],
)
def test_a_bomb_is_refused_before_it_is_built(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, parts: dict[str, bytes]
) -> None:
    monkeypatch.setattr(workbook_limits, "MOST_UNPACKED", 8_000_000)
    path = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    assert path.stat().st_size < 100_000
    with pytest.raises(ImportFailed, match="above the limit"):
        WorkbookRows(path, form_of(path), FileFormat(), None)


def test_repeated_empty_cells_of_open_documents_count_nothing(tmp_path: Path) -> None:
    table = (
        b'<o xmlns:t="urn:oasis:names:tc:opendocument:xmlns:table:1.0"><t:table><t:table-row><t:table-cell'
        b' t:value-type="string"/><t:table-cell t:number-columns-repeated="16383"/></t:table-row>'
        b'<t:table-row t:number-rows-repeated="1048575"><t:table-cell t:number-columns-repeated="16384"/></t:table-row>'
        b"</t:table></o>"
    )
    path = tmp_path / "t.ods"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("content.xml", table)
    assert workbook_limits.check_workbook(path) == workbook_limits.Survey(from_1904=False)


def test_a_part_with_a_password_is_told(tmp_path: Path) -> None:
    path = workbook(tmp_path / "t.xlsx", so=sheet_of(HEAD))
    content = bytearray(path.read_bytes())
    at = content.find(b"PK\x01\x02")
    struct.pack_into("<H", content, at + 8, 1)
    path.write_bytes(content)
    with pytest.raises(ImportFailed, match=r"password"):
        WorkbookRows(path, "xlsx", FileFormat(), None)
