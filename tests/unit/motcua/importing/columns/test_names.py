"""Names of columns however they are written together, rows that are only numbered, and what comes online."""

from __future__ import annotations

from pathlib import Path

import pytest

from motcua.importing.columns.words import Vocabulary, words_of
from motcua.importing.inspecting.first_mapping import first_mapping
from motcua.importing.inspecting.guesses import channel_of, speaks_of_time
from motcua.importing.inspecting.inspection import inspect_file
from motcua.importing.inspecting.trial import try_mapping
from motcua.importing.mapping.load import read_mapping
from tests.unit.motcua.importing.tables.workbooks import sheet_of, workbook

NOW = 4_000_000_000_000_000
ROLES = ("dossier", "accepted", "due", "ended", "unit")


def roles_of(path: Path, heading: str, *rows: str) -> dict[str, str]:
    path.write_text("\n".join((heading, *rows)) + "\n")
    (part,) = inspect_file(path).parts
    return {role: column.name for role, column in part.guess.roles.items()}


@pytest.mark.parametrize(
    "heading",
    [
        "caseId,openedAt,dueAt,closedAt,unitName",
        "RequestNumber,ReceivedDate,DueDate,CloseDate,Department",
        "request_id,created_on,due_date,resolved_at,agency_name",
        "TICKET-ID,DATE-OPENED,DATE-DUE,DATE-CLOSED,OFFICE",
        "Case Number,Date Received,Deadline,Date Completed,Agency",
        "SRNUMBER,CREATEDDATE,DUEDATE,CLOSEDDATE,DEPARTMENTNAME",
        "ma_ho_so,ngay_tiep_nhan,ngay_hen_tra,ngay_ket_thuc,don_vi",
        "MaHoSo,NgayTiepNhan,NgayHenTra,NgayTraKetQua,DonVi",
        "MAHOSO,NGAYNOP,HANTRA,NGAYHOANTHANH,COQUAN",
        "Số biên nhận,NgàyNhận,HẹnTrả,NgàyTrả,CơQuan",
        "ma-ho-so,ngay-nop,thoi-han,hoan-tat,phong-ban",
    ],
)  # fmt: skip
def test_roles_are_found_in_any_way_of_writing_names(tmp_path: Path, heading: str) -> None:
    rows = [f"H{n},2025-03-0{n},2025-03-1{n},2025-03-0{n + 1},U{n % 2}" for n in range(1, 5)]
    assert roles_of(tmp_path / "t.csv", heading, *rows) == dict(zip(ROLES, heading.split(","), strict=True))


def test_a_log_of_a_city(tmp_path: Path) -> None:
    found = roles_of(
        tmp_path / "t.csv",
        "SRNumber,SRType,SRStatus,RequestSource,OwnerDepartment,CreatedDate,UpdatedDate,ClosedDate",
        "1-22,Pothole,Open,Call,PW,2025-03-01T08:00:00,2025-03-02T08:00:00,",
        "1-23,Graffiti,Closed,Mobile App,PW,2025-03-01T09:00:00,2025-03-04T08:00:00,2025-03-04T08:00:00",
    )
    assert found == {
        "dossier": "SRNumber", "procedure": "SRType", "channel": "RequestSource", "unit": "OwnerDepartment",
        "accepted": "CreatedDate", "ended": "ClosedDate",
    }  # fmt: skip


def test_words_of_names() -> None:
    assert [words_of(name) for name in ("dueAt", "SRStatus", "NgàyHẹnTrả", "ĐơnVị", "case_ID", "HTTPCode2")] == [
        "due at", "sr status", "ngay hen tra", "don vi", "case id", "http code2",
    ]  # fmt: skip
    words = Vocabulary(["ngay hen tra", "start date"]).words
    assert [words(name) for name in ("NGAYHENTRA", "startdate", "startled", "hen")] == [
        "ngay hen tra", "start date", "startled", "hen",
    ]  # fmt: skip
    times = ("closedAt", "CREATEDDATE", "thoigian", "NgayNop", "case:enddate")
    assert all(map(speaks_of_time, times))
    assert not any(map(speaks_of_time, ("status", "category", "location", "ward", "MaHoSo")))


@pytest.mark.parametrize("name", ["", "Unnamed: 0", "STT", "index", "Số thứ tự", "No."])
def test_row_numbers_are_neither_a_code_nor_an_id(tmp_path: Path, name: str) -> None:
    rows = [f"{n},S{n % 3},step {n % 2},2025-03-0{n}" for n in range(1, 7)]
    path = tmp_path / "t.csv"
    found = roles_of(path, f"{name},so,buoc,ngay", *rows)
    assert found["numbering"] == name
    assert found.get("dossier") != name
    text = first_mapping(inspect_file(path))
    assert "only numbers the rows: not used" in text
    loaded = read_mapping(text.encode(), Path("m.yaml"))
    assert try_mapping(path, loaded, now=NOW, zone="Asia/Ho_Chi_Minh").refused.total() == 0
    assert loaded.mapping.dossier.text == "{so}"


def test_an_index_of_a_table_of_which_rows_were_taken_out(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    assert roles_of(path, ",ma,ngay", "4,A,2025-01-01", "9,B,2025-01-02")["numbering"] == ""
    assert "numbering" not in roles_of(path, ",ma,ngay", "9,A,2025-01-01", "4,B,2025-01-02")
    assert "numbering" not in roles_of(path, "ma,ngay", "1,2025-01-01", "2,2025-01-02"), "codes may count on"
    assert "numbering" not in roles_of(path, "STT,ma,ngay", "1,A,2025-01-01", "1,B,2025-01-02")


@pytest.mark.parametrize(
    ("value", "channel"),
    [
        ("City Worker App", None), ("CityWorkerApp", None), ("Employee Generated", None), ("Employee Mobile App", None),
        ("Constituent Call", None), ("Internal web form", None), ("Field Crew", None), ("Inspector", None),
        ("Cán bộ nhập trên app", None), ("Voice Mail", None), ("Walk-in", None), ("Phone", None),
        ("Citizens Connect App", "online"), ("Self Service", "online"), ("Self-Service", "online"),
        ("WebForm", "online"),
        ("Mobile", "online"), ("Open311", "online"), ("Zalo", "online"), ("Trực tuyến (cán bộ hỗ trợ)", "online"),
        ("Mail", "postal"), ("Qua bưu chính", "postal"), ("Letter", "postal"),
    ],
)  # fmt: skip
def test_channels_that_values_mean(value: str, channel: str | None) -> None:
    assert channel_of(value) == channel


def test_an_index_in_a_workbook(tmp_path: Path) -> None:
    path = workbook(
        tmp_path / "t.xlsx", so=sheet_of([None, "ma", "ngay_nhan"], [0, "A", "2025-01-01"], [1, "B", "2025-01-02"])
    )
    found = inspect_file(path).main
    assert (found.rows, found.written) == (2, {})
    assert {role: column.name for role, column in found.guess.roles.items()} == {
        "numbering": "", "dossier": "ma", "accepted": "ngay_nhan",
    }  # fmt: skip
