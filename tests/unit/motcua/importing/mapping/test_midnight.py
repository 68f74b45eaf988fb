"""A workbook's dates at midnight are dates, however they are stored; those with a zone are understood."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest

from tests.unit.motcua.importing.fake_intake import read
from tests.unit.motcua.importing.tables.test_old_workbook import cell, compound, stream
from tests.unit.motcua.importing.tables.workbooks import HEAD, REGISTER, open_document, rewritten, sheet_of, workbook

STORED = [
    ("2026-08-06", "2026-08-06"),
    ("2026-08-06T00:00:00", "2026-08-06"),
    ("2026-08-06T00:00:00.000", "2026-08-06"),
    ("2026-08-06T00:00", "2026-08-06"),
    ("2026-08-06T00:00:00Z", "2026-08-06"),
    ("2026-08-06Z", "2026-08-06"),
    ("2026-08-06+07:00", "2026-08-06"),
    ("2026-08-06T00:00:00+07:00", "2026-08-06"),
    # Midnight of the zone, as programs write it that store every date as an instant.
    ("2026-08-05T17:00:00.000Z", "2026-08-06"),
    ("2026-08-06T10:30:00Z", "2026-08-06T10:30:00.000000Z"),
    ("2026-08-06T10:30:00.500+02:00", "2026-08-06T08:30:00.500000Z"),
    ("2026-08-06T16:30:00", "2026-08-06T09:30:00.000000Z"),
]


def due(path: Path, mapping: str = REGISTER) -> list[str]:
    made, refused, _ = read(path, mapping)
    assert not refused
    return [one["data"]["promised_due"] for one in made]


@pytest.mark.parametrize(("stored", "wanted"), STORED)
def test_cells_that_store_iso_8601(tmp_path: Path, stored: str, wanted: str) -> None:
    path = workbook(tmp_path / "t.xlsx", so=sheet_of(HEAD, ["D1", date(2026, 8, 3), 7]))
    assert due(rewritten(path, '<c r="C2" t="n"><v>7</v></c>', f'<c r="C2" t="d"><v>{stored}</v></c>')) == [wanted]


@pytest.mark.parametrize(("stored", "wanted"), STORED)
def test_cells_of_open_documents(tmp_path: Path, stored: str, wanted: str) -> None:
    cells = "".join(
        f'<table:table-cell office:value-type="date" office:date-value="{value}"><text:p>x</text:p></table:table-cell>'
        for value in ("2026-08-03", stored)
    )
    code = '<table:table-cell office:value-type="string"><text:p>D1</text:p></table:table-cell>'
    path = open_document(tmp_path / "t.ods", f"<table:table-row>{code}{cells}</table:table-row>")
    assert due(path) == [wanted]


def test_a_library_that_writes_iso_dates(tmp_path: Path) -> None:
    book = openpyxl.Workbook(iso_dates=True)
    sheet = book.active
    assert sheet is not None
    for row in (HEAD, ["D1", date(2026, 8, 3), datetime(2026, 8, 6)], ["D2", date(2026, 8, 3), date(2026, 8, 6)]):  # noqa: DTZ001
        sheet.append(row)
    path = tmp_path / "t.xlsx"
    book.save(path)
    assert due(path) == ["2026-08-06", "2026-08-06"]


def test_numbers_that_are_shown_as_dates_with_and_without_times(tmp_path: Path) -> None:
    path = workbook(
        tmp_path / "t.xlsx", so=sheet_of(HEAD, ["D1", date(2026, 8, 3), 46240], ["D2", date(2026, 8, 3), 46240.75])
    )
    book = openpyxl.load_workbook(path)
    book["so"]["C2"].number_format = "dd/mm/yyyy hh:mm"
    book["so"]["C3"].number_format = "dd/mm/yyyy"
    book.save(path)
    assert due(path) == ["2026-08-06", "2026-08-06T11:00:00.000000Z"]


def test_an_old_workbook(tmp_path: Path) -> None:
    cells = [cell(0, column, name) for column, name in enumerate(HEAD)]
    cells += [cell(1, 0, "D1"), cell(1, 1, 46237.0, 1), cell(1, 2, 46240.0, 1)]
    path = tmp_path / "so.xls"
    path.write_bytes(compound(stream(cells)))
    assert due(path) == ["2026-08-06"]


def test_a_date_stored_with_midnight_goes_together_with_a_time_of_day(tmp_path: Path) -> None:
    stored = datetime(2026, 8, 3)  # noqa: DTZ001
    path = workbook(tmp_path / "t.xlsx", so=sheet_of(["Mã", "Nhận", "Giờ", "Hẹn"], ["D1", stored, "08:15", stored]))
    made, _, _ = read(path, REGISTER.replace('"{Nhận}"', '"{Nhận} {Giờ}"'))
    assert [one["time"] for one in made] == ["2026-08-03T01:15:00.000000Z"]


def test_formats_that_a_mapping_has_for_texts_go_first(tmp_path: Path) -> None:
    """A text that only looks like one with a zone is read as the mapping says."""
    path = workbook(tmp_path / "t.xlsx", so=sheet_of(HEAD, ["D1", date(2026, 8, 3), "2026-08-06T10:30:00Z"]))
    assert due(path, REGISTER.replace("%d/%m/%Y", "%Y-%m-%dT%H:%M:%SZ")) == ["2026-08-06T03:30:00.000000Z"]
