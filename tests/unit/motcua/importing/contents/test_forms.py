"""What is no table is named for what it is, by its content, with what to do about it."""

from __future__ import annotations

import gzip
import io
import random
import sqlite3
import tarfile
import zipfile
from pathlib import Path

import polars as pl
import pytest

from motcua.importing.inspecting.inspection import inspect_file
from motcua.importing.reasons import ImportFailed
from motcua.importing.stream import open_entries
from motcua.importing.tables.forms import form_of
from tests.unit.motcua.importing.fake_intake import mapping, read

TABLE = """\
source: so
row: dossier
dossier: "{Mã}"
formats: "%d/%m/%Y"
entries:
  - type: dossier.accepted
    time: "{Nhận}"
    data: {unit: U, channel: direct}
"""


def zipped(**parts: str) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/").replace("_dot_", "."), content)
    return made.getvalue()


def compound(*names: str) -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + b"".join((f"{n}\0").encode("utf-16-le") for n in names)


def tar() -> bytes:
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w") as archive:
        archive.addfile(tarfile.TarInfo("so.csv"), io.BytesIO())
    return made.getvalue()


def polars(form: str) -> bytes:
    made = io.BytesIO()
    frame = pl.DataFrame({"Mã": ["A"], "Nhận": ["03/02/2026"]})
    if form == "parquet":
        frame.write_parquet(made)
    elif form == "arrow":
        frame.write_ipc(made)
    else:
        frame.write_avro(made)
    return made.getvalue()


def sqlite(directory: Path) -> bytes:
    path = directory / "made.db"
    with sqlite3.connect(path) as made:
        made.execute("create table so (ma text)")
    made.close()
    return path.read_bytes()


DBF = (
    bytes([3, 126, 2, 3, 1, 0, 0, 0, 65, 0, 11, 0])
    + bytes(20)
    + b"MA\0\0\0\0\0\0\0\0\0C"
    + bytes(20)
    + b"\r A-1       "
)
MHTML = "MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=x\r\n\r\n--x\r\n\r\n<html><table>"
MAIL = "From: a@b.vn\r\nSubject: Sổ\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n--x"
SHEET = '<?xml version="1.0"?>\n<?mso-application progid="Excel.Sheet"?>\n<ss:Workbook xmlns:ss="urn:x"><ss:Worksheet/>'
PNG = b"\x89PNG\r\n\x1a\n" + bytes(30)

NAMED: list[tuple[bytes | str, str, str]] = [
    (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj", "a document (PDF)", "exported as .xlsx or CSV"),
    (b"\xef\xbb\xbf\n%PDF-1.4\n1 0 obj", "a document (PDF)", "exported as .xlsx or CSV"),
    (r"{\rtf1\ansi Mã}", "a document (RTF)", "exported as .xlsx or CSV"),
    (b"Rar!\x1a\x07\x01\x00" + bytes(20), "an archive (RAR)", "Unpack it"),
    (b"7z\xbc\xaf\x27\x1c\x00\x04" + bytes(20), "an archive (7z)", "Unpack it"),
    (b"\xfd7zXZ\x00\x00\x04", "an archive (xz)", "Unpack it"),
    (b"BZh91AY&SY\x01\x02", "an archive (bzip2)", "Unpack it"),
    (b"\x28\xb5\x2f\xfd\x24\x01", "an archive (zstd)", "Unpack it"),
    (tar(), "an archive (tar)", "Unpack it"),
    (gzip.compress(tar()), "an archive (tar)", "Unpack it"),
    (gzip.compress(gzip.compress(b"a,b\n1,2\n")), "an archive (gzip)", "Unpack it"),
    (zipped(so_dot_csv="Mã,Nhận\n"), "an archive (zip)", "Unpack it"),
    (zipped(), "an archive (zip)", "Unpack it"),
    (zipped(word__document_dot_xml="<w/>"), "a document (DOCX)", "exported as .xlsx or CSV"),
    (zipped(ppt__presentation_dot_xml="<p/>"), "a presentation (PPTX)", "exported as .xlsx or CSV"),
    (zipped(xl__workbook_dot_bin="x"), "a workbook in the form XLSB", "save it as .xlsx"),
    (zipped(mimetype="application/vnd.oasis.opendocument.text", content_dot_xml="<o/>"), "a document (ODT)", "export"),
    (compound("Root Entry", "WordDocument"), "a document (DOC)", "exported as .xlsx or CSV"),
    (compound("PowerPoint Document"), "a presentation (PPT)", "exported as .xlsx or CSV"),
    (compound("__properties_version1.0"), "an e-mail (MSG (Outlook))", "Save the file attached"),
    (polars("parquet"), "a data file of the form Parquet", "Convert it to CSV"),
    (polars("arrow"), "a data file of the form Arrow/Feather", "Convert it to CSV"),
    (polars("avro"), "a data file of the form Avro", "Convert it to CSV"),
    (b"ORC\x08\x03\x10\x05" + bytes(30), "a data file of the form ORC", "Convert it to CSV"),
    (DBF, "a data file of the form DBF (dBASE)", "Convert it to CSV"),
    (b"\x00\x01\x00\x00Standard ACE DB\x00" + bytes(30), "a database (Access (ACCDB))", "Export the table or query"),
    (PNG, "an image (PNG)", "exported as .xlsx or CSV"),
    (gzip.compress(PNG), "an image (PNG)", "exported as .xlsx or CSV"),
    (b"\xff\xd8\xff\xe0\x00\x10JFIF", "an image (JPEG)", "exported as .xlsx or CSV"),
    (b"\x09\x04\x06\x00\x00\x00\x10\x00", "a workbook in the form Excel 4", "save it as .xlsx"),
    ('ID;PWXL;N;E\r\nP;PGeneral\r\nC;Y1;X1;K"Mã"\r\nE\r\n', "a workbook in the form SYLK", "save it as .xlsx"),
    ('TABLE\r\n0,1\r\n"EXCEL"\r\n', "a workbook in the form DIF", "save it as .xlsx"),
    ("-- MySQL dump\n/*!40101 SET x */;\nINSERT INTO `so` VALUES ('A');\n", "a database (SQL)", "Export the table"),
    (MHTML, "a web page saved as one file (MHTML)", "save it as .xlsx"),
    ("X-Document-Type: Workbook\n" + MHTML, "a web page saved as one file (MHTML)", "save it as .xlsx"),
    (MAIL, "an e-mail (EML)", "Save the file attached"),
    (SHEET, "a workbook in the form XML Excel 2003", "save it as .xlsx"),
    (SHEET.replace("1.0", '1.0" encoding="UTF-16').encode("utf-16"), "form XML Excel 2003", "save it as .xlsx"),
    ("<!-- " + "-" * 90_000 + "--><bc:So xmlns:bc='x'><so/></bc:So>", "root element <bc:So>", "row of a CSV"),
    ('<?xml version="1.0"?><table><dong><ma>A</ma></dong></table>', "root element <table>", "one row of a CSV"),
    ("<hoSo><ma>A-1</ma></hoSo>", "XML with the root element <hoSo>", "one row of a CSV"),
    ("<hoSo><ma>A-1</ma></hoSo>".encode("utf-16-le"), "XML with the root element <hoSo>", "one row of a CSV"),
    ("<svg xmlns='http://www.w3.org/2000/svg'><g/></svg>", "an image (SVG)", "exported as .xlsx or CSV"),
    ('[{"ma": "A-1"}]', "a JSON list", "jq -c '.[]'"),
    ('\ufeff [\n  {"ma": "A-1"}\n]', "a JSON list", "jq -c '.[]'"),
    ("[]", "a JSON list", "jq -c '.[]'"),
    ('{\n  "specversion": "1.0",\n  "id": "x"\n}\n', "a JSON object that goes over several lines", "jq -c ."),
    ('{"hoSo": [\n{"ma": "A"},\n{"ma": "B"}\n]}', "a JSON object that goes over several lines", "jq -c ."),
    ('{"hoSo": [\n{"ma": "A"}\n]}', "a JSON object that goes over several lines", "jq -c ."),
    (random.Random(1).randbytes(5_000), "neither text nor of a form that is known", "Check the file"),
    (b"\x7fELF\x02\x01\x01" + bytes(60), "neither text nor of a form that is known", "Check the file"),
    (b"Ma" + bytes(300) + b"Nhan", "neither text nor of a form that is known", "Check the file"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("content", "said", "remedy"), NAMED, ids=lambda value: value if isinstance(value, str) else ""
)
def test_what_is_no_table_is_named_with_the_remedy(
    tmp_path: Path, content: bytes | str, said: str, remedy: str
) -> None:
    """With a mapping, without one, and when it is inspected; whatever it is called."""
    for name in ("so.xls", "so.csv"):
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        for opened in (lambda: read(path, TABLE), lambda: open_entries(path, None), lambda: inspect_file(path)):  # noqa: B023
            with pytest.raises(ImportFailed) as failed:
                opened()
            text = failed.value.text("en")
            assert said in text
            assert remedy in text
            assert text.startswith(str(path))
            assert failed.value.text("vi").startswith(str(path))
            assert "{" not in failed.value.text("vi")


def test_a_database_is_named(tmp_path: Path) -> None:
    path = tmp_path / "so.csv"
    path.write_bytes(sqlite(tmp_path))
    with pytest.raises(ImportFailed, match=r"a database \(SQLite\).*Export the table"):
        form_of(path)


def test_words_in_both_languages(tmp_path: Path) -> None:
    path = tmp_path / "so.xls"
    path.write_bytes(b"%PDF-1.5\n")
    with pytest.raises(ImportFailed) as failed:
        form_of(path)
    assert failed.value.text("vi") == (
        f"{path} là văn bản PDF, không phải bảng dữ liệu đọc được ở đây. Lấy lại dữ liệu từ phần mềm đã lập ra nó, xuất"
        " dạng .xlsx hoặc CSV."
    )


@pytest.mark.parametrize(
    "text",
    [
        "<TICKER>,<DATE>,<CLOSE>\nA,1,2\n",
        "<Mã>;<Nhận>\nA;03/02/2026\n",
        "<b>Mã</b>,<i>Nhận</i>\nA,03/02/2026\n",
        "<5 ngày,>5 ngày\n1,2\n",
        "[Mã],[Nhận]\nA,03/02/2026\n",
        "{mã},{nhận}\n1,2\n",
        "ID;Phòng\n1;P\n",
        "ID;PHÒNG;N\n1;P;C\n",
        "PAR1,PAR2\n1,2\n",
        "ORCHID,n\n1,2\n",
        "BMI,BMX,n\n" + "1,2,3\n" * 9,
        "From: ai,To: ai\n1,2\n",
        "--,Mã\n1,2\n",
        "Mã,Nội dung\nA,<table><tr><td>x</td></tr></table>\n",
        'Mã,Nội dung\nA,"\n<table><tr><td>x</td></tr></table>"\n',
        "0\t\t\t\t\n" + "1\t2\t3\t4\t5\n" * 30,
        "M\xe3,Nh\x02n\n" + "A,03/02/2026\n" * 40,
    ],
)
def test_tables_that_begin_like_something_else_stay_tables(tmp_path: Path, text: str) -> None:
    path = tmp_path / "so.bin"
    path.write_text(text)
    assert form_of(path) == "csv"


@pytest.mark.parametrize(
    "text",
    [
        '{"specversion":"1.0"}\n',
        '{"specversion": broken\n{"specversion":"1.0"}\n',
        '{"specversion": broken}\n{"specversion": again}\n',
        '{"a":"x\n{"a":"y"}\n',
        "{}\n",
    ],
)
def test_lines_of_json_stay_lines_though_one_is_broken(tmp_path: Path, text: str) -> None:
    path = tmp_path / "x"
    path.write_text(text)
    assert form_of(path) == "json"
    with pytest.raises(ImportFailed, match=r"lines of JSON and is no table|is NDJSON"):
        open_entries(path, mapping(TABLE))


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-16", "utf-32-le"])
def test_wide_letters_are_known_without_a_mark(tmp_path: Path, encoding: str) -> None:
    """The mapping says nothing, or something else."""
    path = tmp_path / "so.csv"
    path.write_bytes("Mã,Nhận\nHS-1,03/02/2026\nĐẤT-2,04/02/2026\n".encode(encoding))
    for written in ("", "file: {encoding: utf-8}\n", "file: {encoding: windows-1258}\n"):
        made, refused, _ = read(path, TABLE + written)
        assert [one["subject"] for one in made] == ["HS-1", "ĐẤT-2"]
        assert not refused
    assert [column.name for column in inspect_file(path).main.columns] == ["Mã", "Nhận"]


def test_a_locked_or_real_old_workbook_is_not_taken_for_what_it_holds(tmp_path: Path) -> None:
    path = tmp_path / "so.doc"
    path.write_bytes(compound("Workbook", "WordDocument"))
    assert form_of(path) == "xls"
    with pytest.raises(ImportFailed, match="is not NDJSON"):
        open_entries(path, None)
