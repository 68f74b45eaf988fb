"""The old binary workbook (.xls): read by the same mapping, with a file put together here since nothing writes them."""

from __future__ import annotations

import struct
from pathlib import Path

from motcua.importing.tables.forms import form_of
from tests.unit.motcua.importing.fake_intake import read
from tests.unit.motcua.importing.tables.workbooks import HEAD, REGISTER

_SECTOR = 512
_FREE, _END, _FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
_GENERAL, _DATE = 0, 22


def record(kind: int, content: bytes) -> bytes:
    return struct.pack("<HH", kind, len(content)) + content


def cell(row: int, column: int, value: str | float, form: int = 0) -> bytes:
    place = struct.pack("<HHH", row, column, form)
    if isinstance(value, float):
        return record(0x0203, place + struct.pack("<d", value))
    return record(0x0204, place + struct.pack("<HB", len(value), 1) + value.encode("utf-16-le"))


def stream(cells: list[bytes]) -> bytes:
    """A workbook of one sheet: BIFF8, with the formats General and date with time."""
    begin = struct.pack("<HHHHII", 0x0600, 5, 0, 0, 0, 0)
    formats = b"".join(record(0x00E0, struct.pack("<HH16x", 0, number)) for number in (_GENERAL, _DATE))
    name = "Sổ".encode("utf-16-le")
    sheet_at = 4 + len(begin) + len(formats) + 4 + 8 + len(name) + 4
    sheet = record(0x0085, struct.pack("<IBBBB", sheet_at, 0, 0, 2, 1) + name)
    end = record(0x000A, b"")
    inner = record(0x0809, struct.pack("<HHHHII", 0x0600, 0x10, 0, 0, 0, 0)) + b"".join(cells) + end
    made = record(0x0809, begin) + formats + sheet + end + inner
    return made.ljust(8 * _SECTOR, b"\0")


def entry(name: str, kind: int, child: int, start: int, size: int) -> bytes:
    text = name.encode("utf-16-le") + b"\0\0"
    ends = struct.pack("<HBBIII36xIQ", len(text), kind, 1, _FREE, _FREE, child, start, size)
    return text.ljust(64, b"\0") + ends


def compound(content: bytes) -> bytes:
    """A compound file with one stream."""
    sectors = len(content) // _SECTOR
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + struct.pack(
        "<16xHHHHH6xIIIIIIIII", 0x3E, 3, 0xFFFE, 9, 6, 0, 1, 1, 0, 4096, _END, 0, _END, 0
    )
    head += struct.pack("<I", 0) + struct.pack("<I", _FREE) * 108
    chain = [_FAT, _END, *range(3, sectors + 2), _END]
    fat = struct.pack(f"<{len(chain)}I", *chain) + struct.pack("<I", _FREE) * (128 - len(chain))
    root = entry("Root Entry", 5, 1, _END, 0) + entry("Workbook", 2, _FREE, 2, len(content))
    unused = struct.pack("<64xHBBIII36xIQ", 0, 0, 0, _FREE, _FREE, _FREE, 0, 0)
    return head + fat + root + 2 * unused + content


def test_an_old_workbook(tmp_path: Path) -> None:
    cells = [cell(0, column, name) for column, name in enumerate(HEAD)]
    cells += [cell(1, 0, 12345.0), cell(1, 1, 46237 + 1 / 3, 1), cell(1, 2, "06/08/2026"), cell(2, 0, "H2")]
    path = tmp_path / "so.xls"
    path.write_bytes(compound(stream(cells)))
    assert form_of(path) == "xls"
    made, refused, entries = read(path, REGISTER)
    assert not refused
    assert [(one["subject"], one["time"], one["data"]["promised_due"]) for one in made] == [
        ("12345", "2026-08-03T01:00:00.000000Z", "2026-08-06")
    ]
    assert (entries.rows, entries.places.sheets) == (2, ("Sổ",))
