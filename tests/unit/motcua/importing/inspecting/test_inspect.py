"""What --inspect finds in files of every form, and the first mapping it writes: it loads, and gives entries."""

from __future__ import annotations

import gzip
import json
import random
import unicodedata
from datetime import date
from pathlib import Path

import orjson
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from motcua.cli.main import main
from motcua.importing.inspecting.csv_guess import guess_csv
from motcua.importing.inspecting.first_mapping import first_mapping
from motcua.importing.inspecting.guesses import channel_of, folded, speaks_of_time
from motcua.importing.inspecting.inspection import inspect_file
from motcua.importing.inspecting.profile import Profile
from motcua.importing.inspecting.time_guess import guess_formats
from motcua.importing.inspecting.trial import try_mapping
from motcua.importing.mapping.load import load_mapping, read_mapping
from motcua.importing.tables.cells import Stamp
from motcua.importing.tables.heading import guess_heading
from tests.unit.motcua.importing.tables.workbooks import sheet_of, workbook

ROOT = Path(__file__).parents[5]
DATA = ROOT.parent / "shared" / "data"
NOW = 4_000_000_000_000_000

REGISTER = """\
SỔ THEO DÕI;;;;;
Mã hồ sơ;Đơn vị;Hình thức nộp;Ngày tiếp nhận;Hẹn trả;Ngày trả
H1;U1;Trực tuyến;03/08/2026 08:10;06/08/2026;05/08/2026 15:00
H2;U1;Trực tiếp;03/08/2026 09:00;13/08/2026;
H3;U2;Bưu chính công ích;04/08/2026 14:20;;07/08/2026 10:00
"""
STEPS = "Case ID,Activity,Complete Timestamp,Resource\n" + "".join(
    f"{n % 4},step {n % 7},2011/10/{1 + n:02} 00:38:44.546,R{n % 3}\n" for n in range(20)
)


def _two_signs(letter: str) -> str:
    """A letter as windows-1258 has it: the vowel, then the sign of its tone."""
    parts = unicodedata.normalize("NFD", letter)
    tones = [part for part in parts if part in "\u0300\u0301\u0303\u0309\u0323"]
    return unicodedata.normalize("NFC", "".join(part for part in parts if part not in tones)) + "".join(tones)


def tried(path: Path) -> tuple[dict[str, int], int]:
    """What the first mapping of a file gives: entries by type, and what it refuses."""
    found = inspect_file(path)
    for language in ("vi", "en"):
        loaded = read_mapping(first_mapping(found, language).encode(), Path("first.yaml"))
        made = try_mapping(path, loaded, now=NOW, zone="Asia/Ho_Chi_Minh")
    return dict(made.by_type), made.refused.total()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "windows-1258", "utf-16-le"])
def test_a_register_in_any_encoding(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "so.csv"
    text = "".join(map(_two_signs, REGISTER)) if encoding == "windows-1258" else REGISTER
    path.write_bytes(text.encode(encoding))
    (part,) = inspect_file(path).parts
    written = {"delimiter": ";", "header_line": 2}
    assert part.written == written | ({} if encoding.startswith("utf-8") else {"encoding": encoding})
    assert (part.rows, part.refused, part.guess.row_is_dossier) == (3, 0, True)
    assert tried(path) == ({"dossier.accepted": 3, "dossier.resolved": 2}, 0)
    if encoding == "utf-8":
        assert {role: column.name for role, column in part.guess.roles.items()} == {
            "dossier": "Mã hồ sơ", "accepted": "Ngày tiếp nhận", "due": "Hẹn trả", "ended": "Ngày trả",
            "channel": "Hình thức nộp", "unit": "Đơn vị",
        }  # fmt: skip
        text = first_mapping(inspect_file(path))
        assert '"Trực tuyến": online' in text
        assert '"Bưu chính công ích": postal' in text
        assert "H1" not in text, "no values but those of channels"


def test_an_event_log(tmp_path: Path) -> None:
    path = tmp_path / "log.csv.gz"
    path.write_bytes(gzip.compress(STEPS.encode()))
    (part,) = inspect_file(path).parts
    assert not part.guess.row_is_dossier
    time = next(column for column in part.columns if column.name == "Complete Timestamp")
    assert time.formats == ["%Y/%m/%d %H:%M:%S.%f"]
    assert tried(path) == ({"dossier.accepted": 4, "step.completed": 20}, 0)


def test_a_workbook_of_several_sheets_with_merged_headings(tmp_path: Path) -> None:
    def month(sheet: Worksheet) -> None:
        sheet.append(["UBND PHƯỜNG", None, None, "CỘNG HÒA"])
        sheet.append([])
        sheet.append(["Mã hồ sơ", "Đơn vị", "Thời hạn", None])
        sheet.append([None, None, "Ngày nhận", "Hẹn trả"])
        for number in range(3):
            sheet.append([1000 + number, "U", date(2026, 8, 3 + number), date(2026, 8, 20)])
        for cells in ("A1:B1", "A3:A4", "B3:B4", "C3:D3"):
            sheet.merge_cells(cells)

    path = workbook(tmp_path / "so.xlsx", **{"Tháng 7": month, "Tháng 8": month, "x": sheet_of(["a", "b"], [1, 2])})
    found = inspect_file(path)
    assert [(part.sheet, part.rows, part.written) for part in found.parts] == [
        ("Tháng 7", 3, {"header_line": 3, "header_rows": 2}),
        ("Tháng 8", 3, {"header_line": 3, "header_rows": 2}),
        ("x", 1, {}),
    ]
    dates = found.main.columns[2]
    assert (dates.name, dates.stamps, dates.formats) == ("Thời hạn / Ngày nhận", 3, [])
    assert '  sheet: "*"' in first_mapping(found)
    assert tried(path) == ({"dossier.accepted": 3}, 0), "the same dossiers on both sheets"


@pytest.mark.parametrize(
    ("name", "types"),
    [
        ("receipt.xes.gz", {"dossier.accepted": 1_434, "dossier.resolved": 1_329, "step.completed": 8_577}),
        ("boston311-100.csv", {"dossier.accepted": 100, "dossier.resolved": 85}),
    ],
)
def test_real_files_need_hardly_any_editing(name: str, types: dict[str, int]) -> None:
    if not (DATA / name).exists():
        pytest.skip(f"{name} is not beside the checkout")
    assert tried(DATA / name) == (types, 0)


@pytest.mark.parametrize(
    "content", ["a\n", "a,b\n1,2\n", 'x{y},"q""r"\n1,2\n', "a,a\n1,2\n", "ngày\nsoon\n", "a,b\n1\n"]
)
def test_the_first_mapping_of_any_table_loads(tmp_path: Path, content: str) -> None:
    path = tmp_path / 'a "b".csv'
    path.write_text(content)
    read_mapping(first_mapping(inspect_file(path)).encode(), Path("first.yaml"))


def test_entries_and_damage(tmp_path: Path) -> None:
    entry = {
        "specversion": "1.0", "id": "1", "source": "s", "subject": "A", "type": "step.completed",
        "time": "2025-01-01T00:00:00Z", "data": {"step": "x"},
    }  # fmt: skip
    path = tmp_path / "e.ndjson.gz"
    path.write_bytes(gzip.compress(b"\n".join(orjson.dumps({**entry, "id": f"{n:0200}"}) for n in range(9_000)))[:-9])
    found = inspect_file(path)
    assert found.damage is not None
    columns = {column.name: column for column in found.main.columns}
    assert columns["data/step"].commonest() == [("x", columns["data/step"].values)]
    assert columns["time"].earliest == 1_735_689_600_000_000


def test_counting_is_bounded_and_nearly_right() -> None:
    chance = random.Random(5)
    column = Profile("c")
    for number in range(30_000):
        column.add("often" if number % 3 == 0 else f"{chance.getrandbits(60)}")
        column.add("")
    assert column.lossy
    assert abs(column.distinct - 20_001) < 2_000
    assert column.commonest(1) == [("often", 10_000)]
    assert (column.values, column.empty, column.numbers) == (30_000, 30_000, 20_000)
    column = Profile("n")
    for text in ("10", "9", "-2.5", Stamp("2026-08-03")):
        column.add(text)
    assert (column.stamps, column.distinct, column.is_number) == (1, 4, False)


@pytest.mark.parametrize(
    ("values", "formats"),
    [
        (["2026-08-03", "2026-08-13"], ["iso"]),
        (["2026-08-03T08:00:00Z", "2026-08-03 08:00:00"], ["iso"]),
        (["03/08/2026", "13/08/2026"], ["%d/%m/%Y"]),
        (["03/08/2026", "08/13/2026", "08/14/2026"], ["%m/%d/%Y"]),
        (["03/08/2026", "13/08/2026 08:00"], ["%d/%m/%Y", "%d/%m/%Y %H:%M"]),
        (["08:00 13/08/2026"], ["%H:%M %d/%m/%Y"]),
        (["8/3/2026 10:15 PM", "8/23/2026 10:15 AM"], ["%m/%d/%Y %I:%M %p"]),
        (["46237", "46238.5"], ["excel"]),
        (["1785000000"], ["unix"]),
        (["20260803"], ["iso"]),
        (["soon", "03/08/2026"], []),
        (["12", "13"], []),
        ([], []),
    ],
)
def test_time_formats_are_recognised(values: list[str], formats: list[str]) -> None:
    assert guess_formats(values, named_as_time=True) == formats
    if all(value.isdigit() for value in values):
        assert guess_formats(values, named_as_time=False) == []


def test_words_of_names_and_values() -> None:
    assert folded("  Mã  HỒ SƠ (đất)") == "ma ho so dat"
    assert [speaks_of_time(name) for name in ("Ngày hẹn", "case:startdate", "closed_dt", "Mã", "latitude")] == [
        True, True, True, False, False
    ]  # fmt: skip
    values = ("Trực tuyến", "Dịch vụ BCCI / bưu chính", "e-mail", "Post", "Trực tiếp", "Desk")
    assert [channel_of(value) for value in values] == ["online", "postal", "online", "postal", None, None]
    assert guess_csv(b"").written == {}
    assert guess_csv("caf\xe9,d\xe9j\xe0\n1,2\n".encode("latin-1")).written == {"encoding": "windows-1252"}
    assert guess_csv(b"sep=;\na;b\n").written == {}
    assert guess_heading([["t", ""], ["a", "b"]], [(0, 0, 0, 1)]) == (2, 1)
    assert guess_heading([], []) == (1, 1)


def test_the_command_shows_and_writes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Without a stack; nothing is written over."""
    file, target = tmp_path / "so.csv", tmp_path / "so.yaml"
    file.write_text(REGISTER)
    home = ["--home", str(tmp_path / "none")]
    assert main([*home, "--lang", "vi", "import", "--inspect", str(file), "--write-mapping", str(target)]) == 0
    shown = capsys.readouterr().out
    assert "mã hồ sơ" in shown
    assert "2026-08-03 08:10:00 … 2026-08-04 14:20:00" in shown
    assert load_mapping(target).mapping.row == "dossier"
    assert main([*home, "--lang", "en", "import", str(file), "--mapping", str(target), "--dry-run"]) == 0
    shown = capsys.readouterr().out
    assert "3 rows → 5 entries of 3 dossiers; times in Asia/Ho_Chi_Minh" in shown
    assert "Nothing was sent." in shown
    assert main([*home, "--lang", "en", "import", "--inspect", str(file), "--write-mapping", str(target)]) == 1
    assert "exists; choose another name" in capsys.readouterr().err
    assert main([*home, "import", "--inspect", str(file), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["parts"][0]["roles"]["dossier"] == "Mã hồ sơ"
    assert told["parts"][0]["columns"][0]["distinct"] == 3
    file.write_text("{}\n")
    assert main([*home, "--lang", "en", "import", "--inspect", str(file), "--write-mapping", str(tmp_path / "x")]) == 2
    file.write_bytes(b"<html>")
    assert main([*home, "--lang", "vi", "import", "--inspect", str(file)]) == 1
    assert "HTML" in capsys.readouterr().err
