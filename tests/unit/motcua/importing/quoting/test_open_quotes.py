"""A quote that is not closed costs its own line and no other; cells over lines are read where they are meant."""

from __future__ import annotations

import csv
import io
import random
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from motcua.importing.inspecting.first_mapping import first_mapping
from motcua.importing.inspecting.inspection import inspect_file
from motcua.importing.inspecting.trial import try_mapping
from motcua.importing.mapping.load import read_mapping
from motcua.importing.mapping.model import FileFormat
from motcua.importing.quoting.line import Faulty, LineReader, Open
from motcua.importing.quoting.records import LONGEST_CELL, MOST_LINES
from motcua.importing.reasons import ImportFailed, Refused
from motcua.importing.refused import RefusedFile
from motcua.importing.tables.rows import CsvRows, Row
from shared.instants import local_midnight, to_rfc3339
from tests.unit.motcua.importing.fake_intake import entries_of, mistakes

MAPPING = """\
source: test/so
row: dossier
dossier: "{ma}"
formats: "%d/%m/%Y"
file: {FILE}
entries:
  - type: dossier.accepted
    time: "{nhan}"
    data: { unit: U, channel: direct, promised_due: "{hen}" }
  - type: dossier.resolved
    time: "{tra}"
"""
HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
ENDS = ["\n", "\r\n", "\r"]


def read(path: Path, content: str | bytes, **written: object) -> list[Row | Refused]:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    table = CsvRows(path, FileFormat.model_validate(written))
    try:
        return list(table)
    finally:
        table.close()


def shown(items: list[Row | Refused]) -> list[list[str] | tuple[int, int, str]]:
    """Cells of rows; place and code of what was refused."""
    return [item.cells if isinstance(item, Row) else (item.line, item.last_line, item.reason.code) for item in items]


@pytest.mark.parametrize("end", ENDS)
@pytest.mark.parametrize("sign", [",", ";", "\t", "|"])
@pytest.mark.parametrize("short", ["refuse", "fill"])
def test_the_lines_after_an_open_quote_are_read(tmp_path: Path, sign: str, end: str, short: str) -> None:
    lines = [["ma", "ten", "nhan"], ["B1", '"ống 21', "1"], ["B2", "x", "2"], ["B3", 'y"', "3"], ["B4", "z", "4"]]
    content = end.join(map(sign.join, lines)) + end
    items = read(tmp_path / "t.csv", content, delimiter=sign, short_rows=short)
    assert shown(items) == [(2, 4, "broken_quotes"), ["B2", "x", "2"], ["B3", 'y"', "3"], ["B4", "z", "4"]]


@pytest.mark.parametrize("short", ["refuse", "fill"])
def test_no_dossier_gets_the_dates_of_another(tmp_path: Path, short: str) -> None:
    """By random stray quotes, in any column, with any setting: what is read is what stands on the dossier's line."""
    chance = random.Random(11)
    for _ in range(25):
        truth, lines = {}, ["ma;ten;nhan;hen;tra"]
        for number in range(40):
            days = [f"{chance.randint(1, 28):02}/0{chance.randint(1, 9)}/2026" for _ in range(3)]
            truth[f"M{number}"] = days
            cells = [f"M{number}", chance.choice(["tách thửa", 'ống 14"', '"ống 14', 'ống "dài" 2', "", '""a']), *days]
            if chance.random() < 0.15:
                place = chance.randrange(1, 5)
                cells[place] = chance.choice(['"{}', '{}"', '"{}"x', '"{}"', ' "{}']).format(cells[place])
            lines.append(";".join(cells[: chance.choice([5, 5, 5, 4])]))
        multiline = chance.choice(["false", "true", "[ten]"])
        setting = f'{{ delimiter: ";", short_rows: {short}, multiline: {multiline} }}'
        made, _ = entries_of(tmp_path, "\n".join(lines), MAPPING.replace("{FILE}", setting))
        for entry in made:
            days = ["-".join(reversed(day.split("/"))) for day in truth[entry["subject"]]]
            if entry["type"] == "dossier.accepted":
                assert entry["data"].get("promised_due") in (None, days[1])
                assert entry["time"] == to_rfc3339(local_midnight(date.fromisoformat(days[0]), HANOI))


def test_the_reason_names_the_lines_and_the_remedy(tmp_path: Path) -> None:
    (one, *_) = [item for item in read(tmp_path / "t.csv", 'a,b\n1,"x\n2,y\n3,z"\n') if isinstance(item, Refused)]
    assert one.reason.text("en").startswith(
        "Column b: the quote that opens on this line is not closed on it; the cell would have taken lines 3 to 4, which"
        " are read by themselves."
    )
    assert "nuốt các dòng 3 đến 4" in one.reason.text("vi")
    file = RefusedFile(tmp_path / "r.csv", "en")
    file.write([one])
    assert (tmp_path / "r.csv").read_text("utf-8-sig").splitlines()[1].startswith("2,4,refused,,,broken_quotes,")
    (last,) = [item for item in read(tmp_path / "t.csv", 'a,b\n1,"x\n') if isinstance(item, Refused)]
    assert (last.line, last.last_line, last.reason.code) == (2, 2, "quote_at_end")


@pytest.mark.parametrize(
    ("line", "cells"),
    [
        ('1,14" pipe,x', ["1", '14" pipe', "x"]),
        ('1,"14"" pipe, long",x', ["1", '14" pipe, long', "x"]),
        ('1,"a" ,x', ["1", "a", "x"]),
        ('1, "a, b",x', ["1", "a, b", "x"]),
        ('"1","","x"', ["1", "", "x"]),
        ('1,,""', ["1", "", ""]),
        ('1,a"b"c,', ["1", 'a"b"c', ""]),
        ('1,"""",x', ["1", '"', "x"]),
    ],
)
def test_quotes_on_one_line(tmp_path: Path, line: str, cells: list[str]) -> None:
    assert shown(read(tmp_path / "t.csv", f"a,b,c\n{line}\n")) == [cells]


@pytest.mark.parametrize("line", ['1,"ab"cd,x', '1,"14" pipe",x', '1,"14 inch,x,"20 inch",y', '"a"b,2,3'])
@pytest.mark.parametrize("short", ["refuse", "fill"])
def test_text_after_a_closing_quote_is_refused_not_guessed(tmp_path: Path, line: str, short: str) -> None:
    items = read(tmp_path / "t.csv", f"a,b,c\n{line}\n2,x,y\n", short_rows=short)
    assert shown(items) == [(2, 2, "quote_inside"), ["2", "x", "y"]]


def test_a_short_row_with_a_delimiter_in_quotes_is_not_filled(tmp_path: Path) -> None:
    items = read(tmp_path / "t.csv", 'a,b,c,d\n1,"x,2",3\n4,"y, z",5,6\n7,w\n', short_rows="fill")
    assert shown(items) == [(2, 2, "short_and_quoted"), ["4", "y, z", "5", "6"], ["7", "w", "", ""]]


def test_quotes_that_mean_nothing_and_other_quotes(tmp_path: Path) -> None:
    assert shown(read(tmp_path / "t.csv", 'a,b\n1,"x\n2,y"\n', quote="none")) == [["1", '"x'], ["2", 'y"']]
    items = read(tmp_path / "t.csv", "a,b\n1,'x\n2,'y,z'\n", quote="'")
    assert shown(items) == [(2, 3, "broken_quotes"), ["2", "y,z"]]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("end", ENDS)
def test_cells_over_lines_where_they_are_meant(tmp_path: Path, end: str, encoding: str) -> None:
    table = ["mã,ghi chú,ngày", '1,"dòng một', 'dòng ""hai"", hết",2026', '2,"","x"', '3,"a', "", 'b"']
    content = (end.join(table) + end).encode(encoding)
    written = {} if encoding == "utf-8-sig" else {"encoding": encoding}
    for multiline in ("true", ["ghi chú"], "ghi chú"):
        items = read(tmp_path / "t.csv", content, multiline=multiline, short_rows="fill", **written)
        rows = [item for item in items if isinstance(item, Row)]
        assert [row.cells for row in rows] == [
            ["1", f'dòng một{end}dòng "hai", hết', "2026"],
            ["2", "", "x"],
            ["3", f"a{end}{end}b", ""],
        ]
        assert [(row.line, row.last_line) for row in rows] == [(2, 3), (4, 4), (5, 7)]
    for multiline in ("false", ["mã"]):
        items = read(tmp_path / "t.csv", content, multiline=multiline, **written)
        assert [row.cells for row in items if isinstance(row, Row)] == [["2", "", "x"]]


def test_the_end_of_a_cell_is_no_row_that_lacks_cells(tmp_path: Path) -> None:
    items = read(tmp_path / "t.csv", 'a,b,c,d\n1,"x\ny",2,3\n4,z\n', short_rows="fill")
    assert shown(items) == [(2, 3, "broken_quotes"), (3, 3, "rest_of_cell"), ["4", "z", "", ""]]


def test_a_cell_meant_to_run_on_takes_no_rows(tmp_path: Path) -> None:
    content = 'ma;ten;nhan\nC1;"a;1\nC2;b;2\nC3;c";3\nC4;"d\ne";4\n'
    items = read(tmp_path / "t.csv", content, delimiter=";", multiline=["ten"])
    assert shown(items) == [(2, 4, "quote_takes_rows"), ["C2", "b", "2"], ["C3", 'c"', "3"], ["C4", "d\ne", "4"]]


def test_several_cells_over_lines_in_one_row_and_at_its_ends(tmp_path: Path) -> None:
    content = '"1\n2",x,"3\n\n4"\n5,y,"6\n'
    items = read(tmp_path / "t.csv", "a,b,c\n" + content, multiline="true")
    assert shown(items) == [["1\n2", "x", "3\n\n4"], (6, 6, "quote_at_end")]


def test_a_cell_has_a_limit(tmp_path: Path) -> None:
    for many, length in ((MOST_LINES + 1, 1), (20, LONGEST_CELL // 10)):
        content = 'a,b\n1,"x\n' + ("y" * length + "\n") * many + 'z"\n2,w\n'
        items = read(tmp_path / "t.csv", content, multiline="true")
        assert isinstance(items[0], Refused)
        assert (items[0].line, items[0].reason.code) == (2, "broken_quotes")
        assert items[-1].line == many + 4
        assert shown(items)[-1] == ["2", "w"]


def test_many_open_quotes_cost_no_more_than_their_lines(tmp_path: Path) -> None:
    """Each line opens a quote that the next one closes badly: 20,000 of them within the time of a test."""
    items = read(tmp_path / "t.csv", "a,b\n" + '1,"x\n' * 20_000)
    assert len(items) == 20_000
    assert all(isinstance(item, Refused) for item in items)


def test_a_heading_may_be_broken_over_lines_but_not_open(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text('Sổ\n"Mã\nhồ sơ","Ngày\r\nnhận"\n1,2\n')
    table = CsvRows(path, FileFormat(header_line=2))
    assert table.columns == ["Mã hồ sơ", "Ngày nhận"]
    assert [item.line for item in table] == [5]
    path.write_text('a,"b\n1,2\n3,4\n')
    with pytest.raises(ImportFailed, match=r"heading at line 1 has a quote that is not closed"):
        CsvRows(path, FileFormat())


@pytest.mark.parametrize("seed", range(8))
def test_lines_are_read_as_the_standard_reader_does_where_all_is_well(seed: int) -> None:
    chance = random.Random(seed)
    reader = LineReader(",", '"')
    for _ in range(2_000):
        cells = ["".join(chance.choices('ab, "đ', k=chance.randrange(6))) for _ in range(chance.randrange(1, 6))]
        text = io.StringIO()
        csv.writer(text, quoting=chance.choice([csv.QUOTE_ALL, csv.QUOTE_MINIMAL]), lineterminator="\n").writerow(cells)
        assert reader.read(text.getvalue()) == cells


@pytest.mark.parametrize("seed", range(8))
def test_any_line_is_read_open_or_faulty(seed: int) -> None:
    """What the quick way and the slow way say of the same line is the same."""
    chance = random.Random(seed)
    reader = LineReader(";", '"')
    for _ in range(3_000):
        line = "".join(chance.choices('a;" ', weights=[3, 2, 3, 1], k=chance.randrange(12))) + "\n"
        made, told = reader.read(line), reader._told(line, [], 0)
        assert type(made) is type(told)
        if isinstance(made, list):
            assert made == told
            assert sum(map(len, made)) <= len(line)
        else:
            assert isinstance(made, Open | Faulty)


def test_inspection_proposes_what_the_file_plainly_has(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text(
        'Mã hồ sơ,Ghi chú,Ngày nhận\n1,"a\nb",03/08/2026\n2,c,13/08/2026\n3,"x,04/08/2026\n4,y",05/08/2026\n'
    )
    (part,) = (found := inspect_file(path)).parts
    assert part.written == {"multiline": ["Ghi chú"]}
    assert (part.rows, part.refused) == (3, 1)
    loaded = read_mapping(first_mapping(found).encode(), Path("m.yaml"))
    made = try_mapping(path, loaded, now=4_000_000_000_000_000, zone="Asia/Ho_Chi_Minh")
    assert made.by_type == {"dossier.accepted": 3}
    path.write_text('Mã,Ghi chú,Ngày\n1,"a,03/08/2026\n2,c",13/08/2026\n')
    assert inspect_file(path).main.written == {}


def test_a_column_that_is_not_there_is_a_mistake(tmp_path: Path) -> None:
    text = MAPPING.replace("{FILE}", "{ multiline: [ma, ghi] }")
    assert mistakes(text) == []
    (tmp_path / "m.yaml").write_text(text)
    (tmp_path / "t.csv").write_text("ma,ten,nhan,hen,tra\n")
    with pytest.raises(ImportFailed, match=r"m\.yaml:5: file\.multiline\[1\]: The data file has no column 'ghi'"):
        try_mapping(tmp_path / "t.csv", tmp_path / "m.yaml", now=0, zone="UTC")
