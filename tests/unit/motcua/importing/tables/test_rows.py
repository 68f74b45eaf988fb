"""CSV as it is found: encodings, delimiters, quotes, preambles; broken rows are told with their lines."""

from __future__ import annotations

import gzip
import random
import unicodedata
from pathlib import Path

import pytest

from motcua.importing.mapping.model import FileFormat
from motcua.importing.reasons import ImportFailed, Refused
from motcua.importing.tables.rows import LONGEST_LINE, CsvRows, Row


def rows(path: Path, content: bytes, **written: object) -> tuple[CsvRows, list[Row | Refused]]:
    path.write_bytes(content)
    made = CsvRows(path, FileFormat.model_validate(written))
    return made, list(made)


def cells(items: list[Row | Refused]) -> list[list[str]]:
    return [item.cells for item in items if isinstance(item, Row)]


@pytest.mark.parametrize(
    ("content", "written"),
    [
        (b"a,b\n1,x y\n", {}),
        (b"a,b\r\n1,x y\r\n", {}),
        (b"a,b\r1,x y", {}),
        (b"\xef\xbb\xbfa,b\n1,x y\n", {}),
        (b"a;b\n1;x y\n", {"delimiter": ";"}),
        (b"a\tb\n1\tx y\n", {"delimiter": "tab"}),
        (b"sep=;\na;b\n1;x y\n", {}),
        (b"a,b,\n1,x y,\n", {}),
        (b"B\xc3\xa1o c\xc3\xa1o\n\na,b\n1,x y\n", {"header_line": 3}),
        (b"1,x y\n", {"columns": ["a", "b"]}),
        (b"ignored\n1,x y\n", {"columns": ["a", "b"], "header_line": 2}),
        (b" a , b \n\n1,x y\n,\n", {}),
        (b'a,"b"\n1,"x y"\n', {}),
        (b"a,'b'\n1,'x y'\n", {"quote": "'"}),
        ("a\tb\n1\tx y\n".encode("utf-16"), {"delimiter": "tab"}),
        (gzip.compress(b"a,b\n1,x y\n", mtime=0), {}),
    ],
)
def test_the_same_table_in_many_hands(tmp_path: Path, content: bytes, written: dict[str, object]) -> None:
    made, items = rows(tmp_path / "t.csv", content, **written)
    assert made.columns == ["a", "b"]
    assert cells(items) == [["1", "x y"]]


def test_windows_encodings_and_combining_accents(tmp_path: Path) -> None:
    made, items = rows(tmp_path / "t.csv", "tên\nHồ".encode("windows-1258", "ignore"), encoding="windows-1258")
    assert made.columns == [unicodedata.normalize("NFC", "tên".encode("windows-1258", "ignore").decode("windows-1258"))]
    assert len(cells(items)) == 1
    made, items = rows(tmp_path / "t.csv", unicodedata.normalize("NFD", "Mã hồ sơ\nĐã xử lý").encode())
    assert made.columns == ["Mã hồ sơ"]
    assert cells(items) == [["Đã xử lý"]]


def test_line_numbers_count_lines_inside_quotes_and_above_the_header(tmp_path: Path) -> None:
    _, items = rows(tmp_path / "t.csv", b'title\na,b\n1,"x\ny"\n2,z\n3\n', header_line=2, multiline="true")
    assert [(item.line, item.last_line) for item in items] == [(3, 4), (5, 5), (6, 6)]
    assert isinstance(items[2], Refused)


def test_ragged_rows_are_told_and_the_others_read(tmp_path: Path) -> None:
    _, items = rows(tmp_path / "t.csv", b"a,b\n1\n2,x\n3,y,z\n4,w,,\n")
    assert cells(items) == [["2", "x"], ["4", "w"]]
    refused = [item for item in items if isinstance(item, Refused)]
    assert [(item.line, item.reason.code) for item in refused] == [(2, "ragged_row"), (4, "ragged_row")]
    assert refused[0].reason.text("en").startswith("The row has 1 cells, the header 2.")
    _, items = rows(tmp_path / "t.csv", b"a,b\n1\n", short_rows="fill")
    assert cells(items) == [["1", ""]]


def test_an_open_quote_costs_only_what_it_swallows(tmp_path: Path) -> None:
    swallowed = b"".join(b"%d,row\n" % number for number in range(40_000))
    _, items = rows(tmp_path / "t.csv", b'a,b\n1,x\n2,"open\n' + swallowed)
    assert ["1", "x"] in cells(items)
    broken = [item for item in items if isinstance(item, Refused) and item.reason.code == "broken_quotes"]
    assert broken[0].line == 3
    assert broken[0].last_line > 10_000
    assert cells(items)[-1] == ["39999", "row"]


def test_an_endless_line_is_told(tmp_path: Path) -> None:
    content = b"a,b\n1,x\n" + b"y" * (2 * LONGEST_LINE + 5) + b"\n2,z\n"
    _, items = rows(tmp_path / "t.csv", content)
    assert cells(items) == [["1", "x"], ["2", "z"]]
    assert [(i.line, i.reason.code) for i in items if isinstance(i, Refused)] == [(3, "line_too_long")]


@pytest.mark.parametrize("content", [b"", b"\n", b"   \n1,2", b"\xef\xbb\xbf"])
def test_a_file_without_header_is_one_sentence(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(ImportFailed, match="has no header at line 1"):
        rows(tmp_path / "t.csv", content)


def test_a_cut_archive_is_told_after_what_could_be_read(tmp_path: Path) -> None:
    chance = random.Random(7)
    table = b"a,b\n" + b"".join(b"%d,%d\n" % (n, chance.getrandbits(60)) for n in range(20_000))
    path = tmp_path / "t.csv.gz"
    path.write_bytes(gzip.compress(table)[:-20_000])
    seen: list[Row | Refused] = []
    with pytest.raises(ImportFailed, match="damaged or incomplete"):
        seen.extend(CsvRows(path, FileFormat()))
    assert len(seen) > 1_000


@pytest.mark.parametrize("seed", range(20))
def test_random_bytes_never_raise_anything_else(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    content = b"a,b\n" + chance.randbytes(20_000)
    _, items = rows(tmp_path / "t.csv", content)
    assert items
    with pytest.raises(ImportFailed):
        rows(tmp_path / "t.csv", b"\x1f\x8b" + content)


def test_a_folder_and_a_missing_file_are_one_sentence(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "gone.csv"):
        with pytest.raises(ImportFailed, match="Cannot read"):
            CsvRows(path, FileFormat())


def test_a_header_that_is_no_text_is_refused_in_one_line(tmp_path: Path) -> None:
    noise = random.Random(766).randbytes(20_000)
    with pytest.raises(ImportFailed, match=r"file\.encoding"):
        rows(tmp_path / "noise.csv", b"code\x01\x02,name\n" + noise)
