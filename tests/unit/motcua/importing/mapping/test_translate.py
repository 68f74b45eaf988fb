"""Rows into entries: what each part of the mapping language does, and what is told of rows that cannot be used."""

from __future__ import annotations

from pathlib import Path

import orjson
import pytest

from motcua.importing.reasons import MappingMistakes
from shared.contract.entries import ENTRY_ADAPTER
from tests.unit.motcua.importing.fake_intake import EVENTS, entries_of, read

HEADER = "code,opened,unit,done,step,group\n"
DOSSIERS = """\
source: test/dossiers
row: dossier
dossier: "{code}"
formats: ["%d/%m/%Y %H:%M", "%d/%m/%Y"]
entries:
  - type: dossier.accepted
    time: "{opened}"
    data:
      unit: "{unit}"
      channel: direct
      PLACE
"""


def test_dossier_level_entries_come_once_and_steps_per_row(tmp_path: Path) -> None:
    csv = HEADER + "A,01/02/2025,U,01/02/2025 09:00,s1,\nA,01/02/2025,U,,s2,\nA,01/02/2025,U,02/02/2025,s3,G\n"
    made, refused = entries_of(tmp_path, csv, EVENTS)
    assert not refused
    assert [(e["type"], e["time"], e["data"]) for e in made] == [
        ("dossier.accepted", "2025-01-31T17:00:00.000000Z", {"unit": "U", "channel": "direct"}),
        ("step.completed", "2025-02-01T02:00:00.000000Z", {"step": "s1"}),
        ("step.completed", "2025-02-01T17:00:00.000000Z", {"step": "s3", "unit": "G"}),
    ]
    assert made[0]["id"] == "A/dossier.accepted"
    for entry in made:
        ENTRY_ADAPTER.validate_json(orjson.dumps(entry), strict=True)


def test_the_same_row_gives_the_same_id_wherever_it_stands(tmp_path: Path) -> None:
    one, two = "A,01/02/2025,U,01/02/2025,s1,G\n", "A,01/02/2025,U,02/02/2025,s2,G\n"
    first, _ = entries_of(tmp_path, HEADER + one + two, EVENTS)
    second, _ = entries_of(tmp_path, HEADER + "B,01/01/2025,U,,,\n" + two + one + one, EVENTS)
    assert {e["id"] for e in first} <= {e["id"] for e in second}
    assert len({e["id"] for e in second}) == len(first) + 1


def test_a_later_row_that_contradicts_is_a_note_and_the_first_is_kept(tmp_path: Path) -> None:
    csv = HEADER + "A,01/02/2025,U,,s,\nA,,U,,s,\nA,01/02/2025,V,,s,\nB,03/02/2025,U,,s,\n"
    made, refused = entries_of(tmp_path, csv, EVENTS)
    assert [(e["subject"], e["data"]["unit"]) for e in made] == [("A", "U"), ("B", "U")]
    (note,) = refused
    assert note.contradiction
    assert (note.line, note.entry, note.subject) == (4, "dossier.accepted", "A")
    assert note.reason.text("en") == (
        "This row contradicts line 2 about the dossier's 'dossier.accepted'; what line 2 says is kept."
    )


def test_one_row_a_dossier_means_once_too(tmp_path: Path) -> None:
    text = DOSSIERS.replace("      PLACE\n", "")
    made, refused = entries_of(tmp_path, "code,opened,unit\nA,01/02/2025,U\nA,01/02/2025,U\nA,02/02/2025,U\n", text)
    assert len(made) == 1
    assert [note.contradiction for note in refused] == [True]


@pytest.mark.parametrize(
    ("written", "cell", "wanted"),
    [
        ('procedure: "{x}"', " 1.2 ", "1.2"),
        ('procedure: "P-{x}"', "12", "P-12"),
        ('procedure: "P-{x}"', "", None),
        ("procedure: fixed", "", "fixed"),
        ('procedure: "{{{x}}}"', "7", "{7}"),
        ("procedure: {column: x}", "a", "a"),
        ('procedure: ["{x}", other]', "", "other"),
        ('procedure: ["{x}", other]', "a", "a"),
        ("procedure: {column: x, map: {a: b}}", "a", "b"),
        ("procedure: {column: x, map: {a: b}}", "c", "c"),
        ("procedure: {column: x, map: {a: }}", "a", None),
        ("procedure: {column: x, map: {a: b}, default: d}", "c", "d"),
        ("procedure: {column: x, map: {a: b}, default: d}", "", "d"),
        ('procedure: {column: x, map: {a: b, "": }, default: d}', "", None),
        ("procedure: {column: x, default: d}", "", "d"),
        ("procedure: {column: x, default: d}", "a", "a"),
        ('promised_due: "{x}"', "05/02/2025", "2025-02-05"),
        ('promised_due: "{x}"', "05/02/2025 16:00", "2025-02-05T09:00:00.000000Z"),
        ("promised_due: {column: x, as: date}", "05/02/2025 16:00", "2025-02-05"),
        ("promised_due: {column: x, as: instant}", "05/02/2025", "2025-02-04T17:00:00.000000Z"),
        ("promised_due: {column: x, formats: '%Y.%m.%d'}", "2025.02.05", "2025-02-05"),
        ("promised_due: {column: x, zone: UTC}", "05/02/2025 16:00", "2025-02-05T16:00:00.000000Z"),
        ('promised_due: "{x}"', "", None),
        ('promised_due: "{x} 17:00"', "05/02/2025", "2025-02-05T10:00:00.000000Z"),
    ],
)
def test_values(tmp_path: Path, written: str, cell: str, wanted: object) -> None:
    text = DOSSIERS.replace("PLACE", written)
    made, refused = entries_of(tmp_path, f"code,opened,unit,x\nA,01/02/2025,U,{cell}\n", text)
    assert not refused
    field = written.partition(":")[0]
    assert made[0]["data"].get(field) == wanted


@pytest.mark.parametrize(
    ("type_", "written", "cell", "wanted"),
    [
        ("dossier.fee_requested", 'amount: "{x}"', "150000", 150_000),
        ("dossier.fee_requested", 'amount: "{x}"', "150000.0", 150_000),
        ("dossier.fee_requested", "amount: {column: x, thousands: .}", "1.500.000", 1_500_000),
        ("dossier.resolved", 'e_result: "{x}"', "Có", True),
        ("dossier.resolved", 'e_result: "{x}"', "0", False),
        ("dossier.resolved", "e_result: {column: x, map: {đủ: true}, default: false}", "thiếu", False),
        ("quality.rated", 'score: "{x}"', "95", 95),
    ],
)
def test_typed_values(tmp_path: Path, type_: str, written: str, cell: str, wanted: object) -> None:
    text = EVENTS + f'  - type: {type_}\n    time: "{{opened}}"\n    data: {{{written}}}\n'
    made, refused = entries_of(tmp_path, f"{HEADER.strip()},x\nA,01/02/2025,U,,s,,{cell}\n", text)
    assert not refused
    assert list(made[-1]["data"].values()) == [wanted]


@pytest.mark.parametrize(
    ("row", "code", "said"),
    [
        (",01/02/2025,U,,s,", "no_dossier", "No dossier code (dossier: {code})"),
        ("A,31/02/2025,U,,s,", "time_not_understood", "time: '31/02/2025' fits none of the formats"),
        ("A,01/02/2025,,,s,", "missing_field", "data.unit"),
        ("A,01/02/2025,U,01/02/2025,,", "missing_field", "data.step"),
        ("A,01/02/2025," + "U" * 200 + ",,s,", "wrong_length", "data.unit"),
        ("A\x01,01/02/2025,U,,s,", "odd_sign", "subject"),
        ("A" * 200 + ",01/02/2025,U,,s,", "wrong_length", "subject"),
    ],
)
def test_what_cannot_be_an_entry_is_told_with_line_and_remedy(tmp_path: Path, row: str, code: str, said: str) -> None:
    _, refused = entries_of(tmp_path, f"{HEADER}B,01/02/2025,U,,s,\n{row}\n", EVENTS)
    assert [(one.line, one.reason.code) for one in refused][:1] == [(3, code)]
    assert said in refused[0].reason.text("en")
    assert refused[0].reason.text("vi") != refused[0].reason.text("en")


def test_a_bad_cell_costs_only_its_entry(tmp_path: Path) -> None:
    made, refused = entries_of(tmp_path, HEADER + "A,01/02/2025,U,soon,s,\n", EVENTS)
    assert [e["type"] for e in made] == ["dossier.accepted"]
    assert [one.entry for one in refused] == ["step.completed"]


def test_bytes_of_another_encoding_matter_only_where_they_are_used(tmp_path: Path) -> None:
    path = tmp_path / "d.csv"
    path.write_bytes(
        (HEADER.strip() + ",note\n").encode() + b"A,01/02/2025,U,,s,,caf\xe9\nB,01/02/2025,caf\xe9,,s,,x\n"
    )
    made, refused, _ = read(path, EVENTS)
    assert [e["subject"] for e in made] == ["A"]
    assert [one.reason.code for one in refused] == ["wrong_encoding"]


def test_strict_maps_refuse_what_nobody_listed(tmp_path: Path) -> None:
    text = DOSSIERS.replace("PLACE", "procedure: {column: x, map: {a: b}, strict: true}")
    _, refused = entries_of(tmp_path, "code,opened,unit,x\nA,01/02/2025,U,z\n", text)
    assert refused[0].reason.text("en").startswith("procedure: the value 'z' is not in the map.")


def test_filters_conditions_and_empty_words(tmp_path: Path) -> None:
    text = EVENTS.replace(
        "entries:",
        "empty: ['-', NULL]\nkeep: {column: unit, matches: '^U'}\ndrop: [{column: group, is: [X, Y]}, "
        "{column: step, empty: true}]\nentries:",
    ).replace("    once: true\n", "    once: true\n    when: {column: step, not: [s2]}\n")
    lines = [
        "A,01/02/2025,U,-,s1,",
        "B,01/02/2025,V,,s1,",
        "C,01/02/2025,U,,s1,X",
        "D,01/02/2025,U,,NULL,",
        "E,x,U,,s2,",
    ]
    path = tmp_path / "f.csv"
    path.write_text(HEADER + "\n".join(lines))
    made, refused, entries = read(path, text)
    assert [e["subject"] for e in made] == ["A"]
    assert not refused
    assert (entries.filtered, entries.dossiers, entries.rows) == (3, 2, 5)


@pytest.mark.parametrize(
    ("written", "wanted"),
    [("row", [1, 2]), ("row_reversed", [-1, -2]), ("first", [-(2**31)] * 2), ("7", [7, 7]), ('"{n}"', [30, 20])],
)
def test_sequence(tmp_path: Path, written: str, wanted: list[int]) -> None:
    text = f'source: s\nrow: event\ndossier: "{{c}}"\nsequence: {written}\nentries:\n'
    text += '  - {type: step.completed, time: "{t}", data: {step: "{s}"}}\n'
    made, _ = entries_of(tmp_path, "c,t,s,n\nA,2025-02-01,x,30\nA,2025-02-01,y,20\n", text)
    assert [e["sequence"] for e in made] == wanted


@pytest.mark.parametrize(
    ("written", "wanted"),
    [("3", 3), ('"{v}"', 5), ("{column: t, as: minutes}", 28_972_800), ('"{none}"', 0)],
)
def test_revision(tmp_path: Path, written: str, wanted: int) -> None:
    text = f'source: s\nrow: event\ndossier: "{{c}}"\nrevision: {written}\nentries:\n'
    text += '  - {type: step.completed, time: "{t}", data: {step: x}, id: "{@row}"}\n'
    made, _ = entries_of(tmp_path, "c,t,v,none\nA,2025-02-01T00:00Z,5,\n", text)
    assert (made[0]["revision"], made[0]["id"]) == (wanted, "1")


def test_simulated_data_say_so(tmp_path: Path) -> None:
    made, _ = entries_of(tmp_path, HEADER + "A,01/02/2025,U,,s,\n", EVENTS + "simulated: true\n")
    assert made[0]["simulated"] is True


@pytest.mark.parametrize(
    ("header", "said"),
    [
        ("Code,opened,unit,done,step,group", "m.yaml:3: dossier: The data file has no column 'code'. → 'Code'?"),
        ("code;opened;unit;done;step;group", '→ file.delimiter: ";"?'),
        ("code,opened,opened,unit,done,step,group", "m.yaml:8: entries[0].time: The data file has two columns named"),
    ],
)
def test_a_header_that_lacks_a_column_is_told_with_the_mappings_line(tmp_path: Path, header: str, said: str) -> None:
    with pytest.raises(MappingMistakes) as error:
        entries_of(tmp_path, f"{header}\n", EVENTS)
    assert said in error.value.text("en")


def test_no_header_and_no_cell_can_bring_in_other_columns(tmp_path: Path) -> None:
    """A template is filled once: braces in a cell stay braces."""
    made, _ = entries_of(tmp_path, HEADER + "{unit},01/02/2025,{code},,s,\n", EVENTS)
    assert (made[0]["subject"], made[0]["data"]["unit"]) == ("{unit}", "{code}")


PROCESS = """\
source: bpi
row: event
dossier: "{case}"
formats: "%Y/%m/%d %H:%M"
time: "{time}"
entries:
  - {type: dossier.accepted, once: earliest, data: {unit: "{org}", channel: direct}}
  - {type: step.completed, data: {step: "{activity}", unit: "{org}"}}
  - type: dossier.resolved
    once: latest
    when: {column: activity, not: [ping]}
"""


@pytest.mark.parametrize("order", [(0, 1, 2, 3, 4), (4, 3, 2, 1, 0), (2, 4, 0, 3, 1)])
def test_a_process_log_without_case_columns(tmp_path: Path, order: tuple[int, ...]) -> None:
    """The earliest event is the acceptance, the latest (but a ping) the end, in whatever order the rows stand."""
    rows = ["A,submit,2025/01/01 08:00,O1", "A,check,2025/01/02 08:00,O2", "A,ping,2025/01/04 08:00,O2"]
    rows += ["A,decide,2025/01/03 08:00,O3", "B,submit,2025/01/01 09:00,O1"]
    made, refused = entries_of(tmp_path, "case,activity,time,org\n" + "\n".join(rows[n] for n in order), PROCESS)
    assert not refused
    ends = {(e["id"], e["time"], e["data"].get("unit")) for e in made if e["type"] != "step.completed"}
    assert ends == {
        ("A/dossier.accepted", "2025-01-01T01:00:00.000000Z", "O1"),
        ("A/dossier.resolved", "2025-01-03T01:00:00.000000Z", None),
        ("B/dossier.accepted", "2025-01-01T02:00:00.000000Z", "O1"),
        ("B/dossier.resolved", "2025-01-01T02:00:00.000000Z", None),
    }
    assert len({e["id"] for e in made}) == len(made) == 9


def test_of_rows_at_the_same_time_the_first_is_earliest_and_the_last_latest(tmp_path: Path) -> None:
    text = PROCESS.replace("    when:", "    id: '{@row}'\n    when:")
    csv = "case,activity,time,org\nA,a,2025/01/01 08:00,O1\nA,b,2025/01/01 08:00,O2\nA,c,soon,O3\n"
    made, refused = entries_of(tmp_path, csv, text)
    assert [e["data"]["unit"] for e in made if e["type"] == "dossier.accepted"] == ["O1"]
    assert [e["id"] for e in made if e["type"] == "dossier.resolved"] == ["2"]
    assert {one.line for one in refused} == {4}
