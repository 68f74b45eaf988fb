"""Whole imports of one log as CSV, workbook and process log: the same entries and report, going on after a stop."""

from __future__ import annotations

import csv
import io
import random
import zipfile
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any
from xml.sax.saxutils import quoteattr

import openpyxl
import pytest

from motcua.importing.progress import Summary
from motcua.importing.reasons import ImportFailed
from motcua.importing.run import run_import
from tests.unit.motcua.importing.fake_intake import EVENTS, FakeIntake, options, read
from tests.unit.motcua.importing.tables.workbooks import HEAD, REGISTER, sheet_of, workbook

FORMS = ("csv", "xlsx", "xes")
NAMES = ("code", "opened", "unit", "done", "step", "group")
Rows = list[tuple[str, ...]]


@pytest.fixture
def rows() -> Rows:
    """Thirty events of ten dossiers over three days; one has a time that is none."""
    made: Rows = []
    for number in range(30):
        day = f"0{1 + number % 10 % 3}/02/2025"
        made.append((f"D{number % 10}", day, "U", f"{day} 1{number % 10}:00", f"s{number}", "G"))
    made.insert(20, ("D2", "03/02/2025", "U", "soon", "s", "G"))
    return made


def typed(text: str) -> Any:
    for written in ("%d/%m/%Y %H:%M", "%d/%m/%Y"):
        with suppress(ValueError):
            return datetime.strptime(text, written)  # noqa: DTZ007 (a cell has no zone)
    return text


def write(form: str, directory: Path, rows: Rows) -> Path:
    path = directory / f"log.{form}"
    if form == "xlsx":
        return workbook(path, log=sheet_of(list(NAMES), *[[typed(cell) for cell in row] for row in rows]))
    if form == "csv":
        text = io.StringIO()
        csv.writer(text).writerows([NAMES, *rows])
        path.write_text(text.getvalue())
        return path
    events = (
        "<trace><event>" + "".join(f"<string key='{n}' value={quoteattr(c)}/>" for n, c in zip(NAMES, row, strict=True))
        for row in rows
    )
    path.write_text("<log>" + "".join(f"{event}</event></trace>" for event in events) + "</log>")
    return path


def refused(summary: Summary) -> list[tuple[str, str, str]]:
    assert summary.refused_file is not None
    with summary.refused_file.open(encoding="utf-8-sig", newline="") as opened:
        return [(row["sheet"], row["line"], row["code"]) for row in csv.DictReader(opened)]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(("clock", "after"), [("live", 0), ("live", 4), ("data", 1), ("data", 9)])
async def test_an_interrupted_import_goes_on_with_the_same_report(
    tmp_path: Path, rows: Rows, form: str, clock: str, after: int
) -> None:
    mapping = tmp_path / "m.yaml"
    mapping.write_text(EVENTS)
    table = FakeIntake("data")
    wanted = await run_import(
        options(table, tmp_path / "csv", write("csv", tmp_path, rows), mapping=mapping, clock=clock)
    )
    intake, file = FakeIntake("data"), write(form, tmp_path, rows)
    intake.dies_after = after
    intake.forbidden = {"D3/dossier.accepted"}
    with pytest.raises(ImportFailed, match="goes on where it stopped"):
        await run_import(options(intake, tmp_path, file, mapping=mapping, clock=clock, patience=1.0))
    before = len(intake.journal)
    intake.dies_after = None
    summary = await run_import(options(intake, tmp_path, file, mapping=mapping, clock=clock))
    assert intake.identities == {one for one in table.identities if one[2] != "D3/dossier.accepted"}
    assert (summary.rows, summary.dossiers, summary.accepted) == (wanted.rows, wanted.dossiers, wanted.accepted - 1)
    assert summary.resumed <= before
    sheet, first = {"csv": ("", 2), "xlsx": ("log", 2), "xes": ("", 1)}[form]
    assert sorted(refused(summary)) == sorted(
        [(sheet, str(first + 3), "source_not_granted"), (sheet, str(first + 20), "time_not_understood")]
    )
    place = f"{'log!' if sheet else ''}{first + 20}: time: 'soon'"
    assert summary.examples["time_not_understood"].startswith(place)


async def test_the_summary_names_sheets_that_were_not_read(tmp_path: Path, rows: Rows) -> None:
    mapping = tmp_path / "m.yaml"
    mapping.write_text(EVENTS)
    file = write("xlsx", tmp_path, rows)
    book = openpyxl.load_workbook(file)
    book.create_sheet("Danh mục")["A1"] = "x"
    book.save(file)
    summary = await run_import(options(FakeIntake(), tmp_path, file, mapping=mapping))
    assert [note.text("vi").partition(".")[0] for note in summary.notes] == ["Không đọc các trang tính: Danh mục"]


SHEET = '<table:table table:name="so">{}</table:table>'
CELL = '<table:table-cell office:value-type="{}" {}><text:p>{}</text:p></table:table-cell>'


def test_an_open_document(tmp_path: Path) -> None:
    cells = [
        "".join(CELL.format("string", "", name) for name in HEAD),
        CELL.format("float", 'office:value="12345"', "12345")
        + CELL.format("date", 'office:date-value="2026-08-03T08:20:00"', "x")
        + CELL.format("date", 'office:date-value="2026-08-06"', "x"),
    ]
    table = SHEET.format("".join(f"<table:table-row>{row}</table:table-row>" for row in cells))
    names = "".join(
        f' xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text")
    )
    body = f"<office:body><office:spreadsheet>{table}</office:spreadsheet></office:body>"
    path = tmp_path / "so.ods"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr(
            "content.xml", f'<?xml version="1.0"?><office:document-content{names}>{body}</office:document-content>'
        )
        archive.writestr(
            "META-INF/manifest.xml",
            '<m:manifest xmlns:m="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>',
        )
    made, refused_rows, _ = read(path, REGISTER)
    assert not refused_rows
    assert [(one["subject"], one["time"], one["data"]["promised_due"]) for one in made] == [
        ("12345", "2026-08-03T01:20:00.000000Z", "2026-08-06")
    ]


@pytest.mark.parametrize("seed", range(40))
def test_mutated_workbooks_never_raise_anything_else(tmp_path: Path, seed: int) -> None:
    """Odd seeds change bytes of the archive, even ones the parts inside, so that the archive itself stays whole."""
    chance = random.Random(seed)
    path = workbook(tmp_path / "t.xlsx", so=sheet_of(HEAD, *[[f"D{n}", typed("03/08/2026"), n] for n in range(5)]))
    if seed % 2:
        path.write_bytes(_mutated(chance, path.read_bytes()))
    else:
        with zipfile.ZipFile(path) as archive:
            parts = {name: archive.read(name) for name in archive.namelist()}
        name = chance.choice(sorted(parts))
        parts[name] = _mutated(chance, parts[name])
        with zipfile.ZipFile(path, "w") as archive:
            for part, content in parts.items():
                archive.writestr(part, content)
    with suppress(ImportFailed):
        read(path, REGISTER)


@pytest.mark.parametrize("seed", range(40))
def test_mutated_tables_never_raise_anything_else(tmp_path: Path, rows: Rows, seed: int) -> None:
    path = write("csv", tmp_path, rows)
    path.write_bytes(_mutated(random.Random(seed), path.read_bytes()))
    with suppress(ImportFailed):
        read(path, EVENTS)


def _mutated(chance: random.Random, content: bytes) -> bytes:
    made = bytearray(content)
    for _ in range(chance.randrange(1, 9)):
        at = chance.randrange(max(len(made), 1))
        made[at : at + chance.randrange(4)] = chance.randbytes(chance.randrange(4))
    return bytes(made)
