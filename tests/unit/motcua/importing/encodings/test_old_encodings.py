"""Older Vietnamese encodings, misread UTF-8 and lost letters: recognised, read where a mapping says so, else named."""

from __future__ import annotations

import csv
import gzip
from pathlib import Path
from typing import get_args
from unicodedata import normalize

import pytest

from motcua.cli.main import main
from motcua.importing.encodings.guess import old_encoding, plain_encoding
from motcua.importing.encodings.letters import Letters, lost, winner
from motcua.importing.encodings.mojibake import is_made, unmade
from motcua.importing.encodings.names import Repair
from motcua.importing.encodings.readings import OLD, mended, words
from motcua.importing.encodings.syllables import is_syllable
from motcua.importing.encodings.tables import from_viscii
from motcua.importing.inspecting.first_mapping import first_mapping
from motcua.importing.inspecting.inspection import inspect_file
from motcua.importing.inspecting.trial import try_mapping
from motcua.importing.mapping.load import read_mapping
from motcua.importing.reasons import MappingMistakes
from motcua.importing.tables.header import Places
from tests.unit.motcua.importing.encodings.writing import WRITERS, misread
from tests.unit.motcua.importing.fake_intake import mistakes, read
from tests.unit.motcua.importing.tables.workbooks import sheet_of, workbook

CATALOGUE = Path(__file__).parents[5].parent / "shared/data/tthc_catalog.csv.gz"
SHORT = [
    "Đơn vị tiếp nhận hồ sơ", "Nguyễn Văn Hưởng", "Cấp giấy chứng nhận quyền sử dụng đất", "Đăng ký kết hôn",
    "Thủ tục đề nghị hỗ trợ người khuyết tật", "Phường Trần Hưng Đạo", "Chứng thực bản sao từ bản chính",
]  # fmt: skip
FOREIGN = [
    "Café déjà vu à Orléans, né en été: thé vert, Hôtel de Ville, élève, forêt, Noël, garçon, où, bébé, fête",
    "Zoë Müller Straße Ångström señor niño año São Paulo ação não João coração öl å ö är få två blå smörgås",
    "Dvořák Łódź Çağrı Ελλάδα Москва 河内市 北京 人民政府 東京都 김철수",
    "Resident asked: what? Why is the light out? Ok? See https://x.org/?id=1&b=2 for more",
]
REGISTER = "Mã hồ sơ,Đơn vị,Ngày tiếp nhận,Nội dung\n" + "".join(
    f"H{n},{SHORT[5]},{n + 3:02}/08/2026,{text}\n" for n, text in enumerate(SHORT)
)
MAPPING = """\
source: test/so
row: dossier
dossier: "{Mã hồ sơ}"
formats: "%d/%m/%Y"
file: {FILE}
entries:
  - type: dossier.accepted
    time: "{Ngày tiếp nhận}"
    data: { unit: "{Đơn vị}", procedure: "{Nội dung}", channel: direct }
"""


def samples() -> list[str]:
    """Names of procedures, where the catalogue stands beside the checkout."""
    if not CATALOGUE.exists():
        return SHORT
    with gzip.open(CATALOGUE, "rt") as opened:
        return [normalize("NFC", row["name"]) for row in csv.DictReader(opened)][::6] + SHORT


def odd(text: str) -> set[str]:
    return {word for word in words(text) if not is_syllable(word)}


@pytest.mark.parametrize("name", WRITERS)
def test_what_was_written_is_read_and_recognised(name: str) -> None:
    texts = samples()
    for text in texts:
        made = WRITERS[name](text)
        # A capital font has the small letters of TCVN3.
        assert OLD[name](made).lower() == text.lower()
        assert mended(made, name).lower() == text.lower()
        assert winner(odd(made)) in (name, None)
    assert sum(winner(odd(WRITERS[name](text))) == name for text in texts) > 0.9 * len(texts)
    assert old_encoding("\n".join(map(WRITERS[name], texts)).encode("latin-1", "replace")) == name


def test_viscii_by_its_standard() -> None:
    assert (
        from_viscii("Vi\xaet Nam, \xd0\xb5ng, h\xb0 s\xbd, \x02")
        == "Việt Nam, Động".replace("Động", "Độ") + "ng, hồ sơ, Ẳ"
    )
    assert old_encoding("Vi\xaet h\xb0 s\xbd \xd0\xb5c l\xa7p t\xf1 do".encode("latin-1")) == "viscii"


@pytest.mark.parametrize("page", ["windows-1252", "latin-1", "windows-1258"])
@pytest.mark.parametrize("times", [1, 2, 3])
def test_misread_utf8_is_undone(page: str, times: int) -> None:
    for text in samples()[:: 3 * times]:
        if not text.isascii():
            made = misread(text, page, times)
            assert is_made(made)
            assert unmade(made) == text
    assert unmade(misread("Café Noël", "windows-1252")) == "Café Noël"


def test_proper_texts_are_taken_for_nothing_else() -> None:
    for text in [*samples(), *FOREIGN]:
        assert winner(odd(text)) is None
        assert not is_made(text)
        assert not lost(text)
        assert mended(text, "mojibake") == text
    for text in samples():
        for repair in get_args(Repair):
            assert mended(text, repair) == text
        assert plain_encoding(text.encode(), "utf-8") is None
    for text in FOREIGN[:2]:
        assert old_encoding(text.encode("windows-1252", "ignore")) is None
    letters = Letters()
    for place, text in enumerate([*samples(), *FOREIGN]):
        letters.look([text, ""], place)
    assert letters.verdict() is None
    assert list(letters.reasons(Places())) == []


def test_lost_letters_are_seen() -> None:
    texts = samples()
    for code_page in ("ascii", "windows-1252"):
        broken = [text.encode(code_page, "replace").decode(code_page) for text in texts]
        assert sum(map(lost, broken)) > 0.98 * sum("?" in text for text in broken)
    assert lost("Nguy\ufffdn")


@pytest.mark.parametrize("name", WRITERS)
def test_a_file_in_an_older_encoding(tmp_path: Path, name: str) -> None:
    path = tmp_path / "so.csv"
    path.write_bytes(WRITERS[name](REGISTER).encode("latin-1"))
    found = inspect_file(path)
    assert found.main.written == {"encoding": name}
    assert found.main.guess.name("dossier") == "Mã hồ sơ"
    trial = try_mapping(path, read_mapping(first_mapping(found).encode(), Path("m.yaml")), now=1 << 62, zone="UTC")
    assert (trial.by_type["dossier.accepted"], trial.refused.total()) == (7, 0)
    made, refused, entries = read(path, MAPPING.replace("{FILE}", f"{{ encoding: {name} }}"))
    assert not refused
    assert [entry["data"]["procedure"].lower() for entry in made] == [text.lower() for text in SHORT]
    assert not [note for note in (*entries.notes, *entries.noted) if note.code.startswith(("letters", "encoding"))]
    for wrong in ("windows-1252", "utf-8"):
        with pytest.raises(MappingMistakes, match=rf"m\.yaml:5: file\.encoding: .*the encoding {name}, not {wrong}"):
            read(path, MAPPING.replace("{FILE}", f"{{ encoding: {wrong} }}"))
        columns = f"{{ encoding: {wrong}, header_line: 2, columns: [Mã hồ sơ, Đơn vị, Ngày tiếp nhận, Nội dung] }}"
        _, _, entries = read(path, MAPPING.replace("{FILE}", columns))
        assert [note.parameters["found"] for note in entries.notes if note.code == "encoding_differs"] == [name]


def test_utf8_that_a_mapping_reads_as_something_else(tmp_path: Path) -> None:
    path = tmp_path / "so.csv"
    path.write_text(REGISTER)
    for wrong in ("windows-1252", "tcvn3", "windows-1258"):
        with pytest.raises(MappingMistakes, match=r"file\.encoding: The file seems to be in the encoding utf-8"):
            read(path, MAPPING.replace("{FILE}", f"{{ encoding: {wrong} }}"))


@pytest.mark.parametrize("name", [*WRITERS, "mojibake"])
@pytest.mark.parametrize("form", ["csv", "xlsx", "xes"])
def test_cells_of_any_form(tmp_path: Path, name: str, form: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Text in an old font inside a workbook, a log or UTF-8; some cells beside it are proper Unicode."""

    def write(text: str) -> str:
        return WRITERS[name](text) if name in WRITERS else misread(text, "windows-1252")

    lines = [line.split(",") for line in REGISTER.splitlines()]
    old = [[write(cell) for cell in line] for line in lines]
    old[2][3] = lines[2][3]
    path, text = tmp_path / f"so.{form}", MAPPING
    if form == "csv":
        path.write_text("\n".join(map(",".join, old)))
    elif form == "xlsx":
        workbook(path, S=sheet_of(*old))
    else:
        cells = [zip(lines[0], line, strict=True) for line in old[1:]]
        events = "".join(
            "<event>" + "".join(f'<string key="{key}" value="{value}"/>' for key, value in line) + "</event>"
            for line in cells
        )
        path.write_text(f"<log><trace>{events}</trace></log>")
        text = text.replace("row: dossier", "row: event")
    assert inspect_file(path).main.written["repair"] == name
    made, refused, entries = read(path, text.replace("{FILE}", f"{{ repair: {name} }}"))
    assert not refused
    assert [entry["data"]["procedure"].lower() for entry in made] == [one.lower() for one in SHORT]
    assert not [note for note in entries.noted if note.code.startswith("letters")]
    if form == "xes":
        _, _, entries = read(path, text.replace("{FILE}", "{}"))
        assert [note.code for note in entries.noted if note.code.startswith("letters")] == [
            f"letters_{name.replace('-', '_')}"
        ]
    else:
        with pytest.raises(MappingMistakes, match=rf"Set file\.repair: {name}"):
            read(path, text.replace("{FILE}", "{}"))
    assert main(["--home", str(tmp_path / "none"), "--lang", "vi", "import", str(path), "--inspect"]) == 0
    assert f"repair: {name}" in capsys.readouterr().out


@pytest.mark.parametrize("name", WRITERS)
def test_a_page_in_an_older_encoding(tmp_path: Path, name: str) -> None:
    cells = (f"<tr>{''.join(f'<td>{cell}</td>' for cell in line.split(','))}</tr>" for line in REGISTER.splitlines())
    path = tmp_path / "so.xls"
    path.write_bytes(WRITERS[name](f"<html><body><table>{''.join(cells)}</table></body></html>").encode("latin-1"))
    inspect_file(path)
    made, refused, _ = read(path, MAPPING.replace("{FILE}", f"{{ encoding: {name} }}"))
    assert not refused
    assert [entry["data"]["procedure"].lower() for entry in made] == [text.lower() for text in SHORT]


def test_lost_letters_are_counted_and_told(tmp_path: Path) -> None:
    path = tmp_path / "so.csv"
    head, *rows = REGISTER.splitlines()
    path.write_text("\n".join([head, *(row.encode("ascii", "replace").decode() for row in rows[:4]), rows[4]]))
    _, _, entries = read(path, MAPPING.replace("{FILE}", "{}"))
    (note,) = [note for note in entries.noted if note.code.startswith("letters")]
    assert (note.code, note.parameters) == ("letters_lost", {"count": 4, "lines": "2, 3, 4…"})
    assert "cannot be brought back" in note.text("en")


def test_names_a_mapping_may_use() -> None:
    for name in ("tcvn3", "TCVN3", "vni", "viscii", "windows-1258", "abc"):
        assert mistakes(MAPPING.replace("{FILE}", f"{{ encoding: {name} }}")) == []
    assert "tcvn4" in mistakes(MAPPING.replace("{FILE}", "{ encoding: tcvn4 }"))[0]
    assert "mojibake" in mistakes(MAPPING.replace("{FILE}", "{ repair: latin }"))[0]
