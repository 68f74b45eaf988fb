"""Texts of files however they were typed: one dossier, one step, one id; what was changed is told, odd signs refuse."""

from __future__ import annotations

import unicodedata
from pathlib import Path
from typing import Any, Literal

import orjson
import pytest

from motcua.importing.mapping.load import Loaded
from motcua.importing.mapping.translate import Prepared
from motcua.importing.reasons import Refused
from motcua.importing.stream import Entries, open_entries
from motcua.importing.tables.ndjson import NdjsonLines
from tests.unit.motcua.importing.fake_intake import EVENTS, entries_of, mapping

HEADER = "code,opened,unit,done,step,group\n"
#: Two rows of one dossier, typed in two ways: no-break and double blanks, thin ones.
PLAIN = "Hồ sơ 1,01/02/2025,Sở Nội vụ,01/02/2025,Thẩm định,\nHồ sơ 1,01/02/2025,Sở Nội vụ,02/02/2025,Ký,\n"
TYPED = (
    "Hồ\u00a0sơ 1,01/02/2025,Sở  Nội vụ,01/02/2025,Thẩm\u2009 định,\n"
    "Hồ sơ  1,01/02/2025,Sở Nội\u3000vụ,02/02/2025,Ký,\n"
)


def notes_of(path: Path, loaded: Loaded | None) -> tuple[list[str], list[str]]:
    """Codes of what the report tells, and the sentences."""
    entries: Entries = open_entries(path, loaded)
    list(entries.items())
    entries.close()
    told = (*entries.notes, *entries.noted)
    return [one.code for one in told], [one.text("en") for one in told]


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_a_table_typed_in_another_way_gives_the_same_entries(tmp_path: Path, form: Literal["NFC", "NFD"]) -> None:
    plain, refused = entries_of(tmp_path, HEADER + PLAIN, EVENTS)
    typed, others = entries_of(tmp_path, unicodedata.normalize(form, HEADER + TYPED), EVENTS)
    assert typed == plain
    assert not refused
    assert not others
    assert {one["subject"] for one in plain} == {"Hồ sơ 1"}
    assert plain[0]["id"] == "Hồ sơ 1/dossier.accepted"


def test_the_report_counts_what_was_brought_to_one_form(tmp_path: Path) -> None:
    path = tmp_path / "typed.csv"
    path.write_text(HEADER + TYPED + PLAIN, encoding="utf-8")
    codes, sentences = notes_of(path, mapping(EVENTS))
    assert "texts_retyped" in codes
    assert any(text.startswith("3 entries had codes or names brought to one form") for text in sentences)
    path.write_text(HEADER + unicodedata.normalize("NFD", PLAIN), encoding="utf-8")
    codes, sentences = notes_of(path, mapping(EVENTS))
    assert any(text.startswith("2 lines had accents beside their letters") for text in sentences)
    path.write_text(HEADER + PLAIN, encoding="utf-8")
    assert not {"texts_retyped", "lines_composed"} & set(notes_of(path, mapping(EVENTS))[0])


@pytest.mark.parametrize(
    ("cell", "field", "sign"),
    [
        ("H\u200b1", "subject", "U+200B"),
        ("H\u202e1", "data.unit", "U+202E"),
        ("H\x1b[31m", "data.unit", "U+001B"),
        ("H\u00ad1", "data.step", "U+00AD"),
        ("H\u20281", "data.step", "U+2028"),
    ],
)
def test_a_sign_nobody_sees_refuses_the_row_by_its_code_point(tmp_path: Path, cell: str, field: str, sign: str) -> None:
    cells = {"subject": "A", "data.unit": "U", "data.step": "s"} | {field: cell}
    row = f"{cells['subject']},01/02/2025,{cells['data.unit']},01/02/2025,{cells['data.step']},\n"
    made, refused = entries_of(tmp_path, HEADER + row + "B,01/02/2025,U,,,\n", EVENTS)
    assert [one["subject"] for one in made if one["subject"] == "B"] == ["B"]
    assert {one.reason.code for one in refused} == {"odd_sign"}
    for language in ("vi", "en"):
        text = refused[0].reason.text(language)
        assert field in text
        assert sign in text


def test_codes_of_dots_are_refused(tmp_path: Path) -> None:
    made, refused = entries_of(tmp_path, HEADER + "..,01/02/2025,U,,,\n", EVENTS)
    assert not made
    assert [one.reason.code for one in refused] == ["code_of_dots"]


@pytest.mark.parametrize(
    ("written", "wanted"),
    [
        ("{column: unit, map: {Sở Nội vụ: H1}, strict: true}", "H1"),
        ('{column: unit, map: {" Sở  Nội vụ": H1}, strict: true}', "H1"),
    ],
)
def test_maps_and_conditions_go_by_the_form_texts_are_kept_in(tmp_path: Path, written: str, wanted: str) -> None:
    text = EVENTS.replace('unit: "{unit}"', f"unit: {written}", 1) + 'drop:\n  - {column: step, is: ["Thẩm định"]}\n'
    made, refused = entries_of(tmp_path, HEADER + TYPED, text)
    assert not refused
    assert [one["data"].get("unit") for one in made if one["type"] == "dossier.accepted"] == [wanted]
    assert [one["data"]["step"] for one in made if one["type"] == "step.completed"] == ["Ký"]


def lines(path: Path, *entries: dict[str, Any]) -> tuple[NdjsonLines, list[dict[str, Any]], list[Refused]]:
    path.write_bytes(b"\n".join(map(orjson.dumps, entries)))
    made = NdjsonLines(path)
    items = list(made.items())
    sent = [orjson.loads(item.payload) for item in items if isinstance(item, Prepared)]
    return made, sent, [item for item in items if isinstance(item, Refused)]


def entry(subject: str, **more: Any) -> dict[str, Any]:
    made = {"specversion": "1.0", "id": "i\u00a0 1", "source": "s", "subject": subject, "type": "step.completed"}
    return {**made, "time": "2025-02-01T00:00:00Z", "data": {"step": "Thẩm định"}, **more}


def test_lines_of_entries_are_brought_to_form_too(tmp_path: Path) -> None:
    nfd = unicodedata.normalize("NFD", "Thẩm định")
    made, sent, refused = lines(
        tmp_path / "e.ndjson",
        entry("Hồ sơ 1"),
        entry(" Hồ\u00a0sơ 1", data={"step": nfd}),
        entry("A\u200b"),
        entry("A", source="s\x1b[2J"),
        entry("A", id="i\u2066"),
        entry("."),
    )
    assert sent[0] == sent[1] == entry("Hồ sơ 1")
    assert made.dossiers == 1
    assert [(one.line, one.reason.code) for one in refused] == [
        (3, "odd_sign"),
        (4, "odd_sign"),
        (5, "odd_sign"),
        (6, "code_of_dots"),
    ]
    assert [one.text("vi") for one in made.noted if one.code == "texts_retyped"] == [
        "1 bản ghi có mã hoặc tên được đưa về một dạng: NFC, một khoảng trắng giữa các từ (dòng 2)."
    ]
