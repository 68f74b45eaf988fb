"""Events that stand in no trace: refused with their lines, or rows by the attribute that holds their case."""

from __future__ import annotations

import csv
import gzip
import subprocess
import sys
from pathlib import Path

import pytest

from motcua.importing.inspecting.first_mapping import first_mapping
from motcua.importing.inspecting.inspection import inspect_file
from motcua.importing.mapping.load import load_mapping
from motcua.importing.reasons import ImportFailed, MappingMistakes
from motcua.importing.run import run_import
from tests.unit.motcua.importing.fake_intake import FakeIntake, mistakes, options, read

ROOT = Path(__file__).parents[5]

STEPS = """\
source: log
row: event
dossier: "{case:concept:name}"
file: {}
entries:
  - type: step.completed
    time: "{time:timestamp}"
    data: {step: "{concept:name}"}
"""
CASES = """\
source: log
row: dossier
dossier: "{case:concept:name}"
entries:
  - type: dossier.accepted
    time: "{case:start}"
    data: {unit: U, channel: direct}
"""


def event(name: str, more: str = "") -> str:
    time = '<date key="time:timestamp" value="2026-02-03T09:30:00+07:00"/>'
    return f'<event><string key="concept:name" value="{name}"/>{time}{more}</event>\n'


def trace(name: str, inside: str) -> str:
    start = '<date key="start" value="2026-02-02T08:00:00+07:00"/>'
    return f'<trace><string key="concept:name" value="{name}"/>{start}{inside}</trace>\n'


def own(value: str) -> str:
    return f'<string key="ma" value="{value}"/>'


#: Lines 2, 5, 8 stand in the log itself; 4 and 9 in traces of it.
MIXED = "".join((
    "<log>\n", event("first"),
    trace("K1", "\n" + event("in K1")), event("second", own("K9")),
    trace("K2", "\n"), event("third"), trace("K3", event("in K3")), "</log>\n",
))  # fmt: skip


def write(directory: Path, text: str, *, packed: bool = False) -> Path:
    path = directory / "log.xes"
    path.write_bytes(gzip.compress(text.encode()) if packed else text.encode())
    return path


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("mapping", [STEPS, CASES], ids=["event", "dossier"])
def test_events_outside_traces_are_refused_with_their_lines(tmp_path: Path, mapping: str, *, packed: bool) -> None:
    made, refused, entries = read(write(tmp_path, MIXED, packed=packed), mapping)
    assert [(one.line, one.reason.code) for one in refused] == [
        (line, "event_outside_trace") for line in (2, 6, 9)
    ]  # fmt: skip
    told = [(one["subject"], one["data"].get("step")) for one in made]
    if mapping == STEPS:
        assert told == [("K1", "in K1"), ("K3", "in K3")]
    else:
        assert told == [("K1", None), ("K2", None), ("K3", None)]
    assert entries.rows == len(made) + len(refused)
    assert "line 6 of the file" in refused[1].reason.text("en")
    assert "dòng 6 của tệp" in refused[1].reason.text("vi")


def test_an_attribute_may_hold_their_case(tmp_path: Path) -> None:
    path = write(tmp_path, MIXED.replace(event("third"), event("third", own(" "))))
    made, refused, _ = read(path, STEPS.replace("{}", "{case: ma}"))
    assert [(one["subject"], one["data"]["step"]) for one in made] == [
        ("K1", "in K1"), ("K9", "second"), ("K3", "in K3")
    ]  # fmt: skip
    assert [(one.line, one.reason.code) for one in refused] == [(2, "event_without_case"), (9, "event_without_case")]


@pytest.mark.parametrize(
    ("inside", "where"),
    [
        (trace("K1", event("a") + event("b").replace("</event>", "\n" + event("lost") + "</event>")), "<trace><event>"),
        (trace("K1", event("a") + '<list key="l"><values>' + event("lost") + "</values></list>" + event("b")),
         "<trace><list><values>"),
        (trace("K1", event("a") + trace("K2", event("lost")) + event("b")), "<trace><trace>"),
        ('<list key="l">' + event("lost") + "</list>" + trace("K1", event("a") + event("b")), "<list>"),
        ('<global scope="event">' + event("lost") + "</global>" + trace("K1", event("a") + event("b")), "<global>"),
    ],
)  # fmt: skip
def test_what_stands_where_no_event_can_is_refused_whatever_it_says(tmp_path: Path, inside: str, where: str) -> None:
    """Neither the trace around it nor the next one takes it."""
    for mapping in (STEPS, STEPS.replace("{}", "{case: concept:name}")):
        made, refused, _ = read(write(tmp_path, f"<log>\n{inside}</log>"), mapping)
        assert [(one["subject"], one["data"]["step"]) for one in made] == [("K1", "a"), ("K1", "b")]
        (one,) = refused
        assert one.reason.code == "event_misplaced"
        assert f"stands in {where}," in one.reason.text("en")


def test_a_trace_within_a_trace_is_no_case(tmp_path: Path) -> None:
    inside = trace("K1", "\n" + trace("K2", "") + '<string key="late" value="x"/>')
    made, refused, _ = read(write(tmp_path, f"<log>\n{inside}</log>"), CASES)
    assert [one["subject"] for one in made] == ["K1"]
    assert [(one.line, one.reason.code) for one in refused] == [(3, "trace_misplaced")]


def test_events_before_what_the_log_declares_and_after_its_end(tmp_path: Path) -> None:
    head = '<extension name="Time" prefix="time" uri="x"/><global scope="trace"><string key="late" value=""/></global>'
    path = write(tmp_path, f"<log>\n{event('early')}{head}{trace('K1', event('a'))}</log>")
    assert [one.line for one in read(path, STEPS)[1]] == [2]
    path = write(tmp_path, f"<log>\n{trace('K1', event('a'))}</log>\n{event('after')}")
    with pytest.raises(ImportFailed, match="damaged or incomplete"):
        read(path, STEPS)


ONLY = f"<log>\n{event('one', own('K1'))}{event('two', own('K2'))}{event('three', own('K1'))}</log>"


def test_a_log_of_only_events_is_told_with_its_attributes(tmp_path: Path) -> None:
    path = write(tmp_path, ONLY)
    for mapping in (STEPS, CASES):
        with pytest.raises(ImportFailed) as failed:
            read(path, mapping)
        assert failed.value.text("en").startswith(f"{path} is a log of 3 events without traces")
        assert 'file: { case: "ma" }' in failed.value.text("vi")
        assert "concept:name, time:timestamp, ma" in failed.value.text("vi")
    made, refused, _ = read(path, STEPS.replace("{}", "{case: ma}"))
    assert not refused
    assert [(one["subject"], one["data"]["step"]) for one in made] == [("K1", "one"), ("K2", "two"), ("K1", "three")]
    with pytest.raises(MappingMistakes) as error:
        read(path, STEPS.replace("{}", "{case: mas}"))
    assert error.value.text("en").startswith(
        "m.yaml:4: file.case: No event outside the traces has an attribute 'mas'. → 'ma'?"
    )
    with pytest.raises(ImportFailed, match="a log of 1 events without traces"):
        read(write(tmp_path, f"<log>{trace('K1', '')}{event('a')}</log>"), STEPS)


def test_the_key_goes_with_events_of_logs_only(tmp_path: Path) -> None:
    (told,) = mistakes(CASES + "file: {case: ma}\n")
    assert told.startswith("m.yaml:8: file.case: file.case only goes with row: event")
    path = tmp_path / "log.csv"
    path.write_text("case:concept:name,time:timestamp,concept:name\n")
    with pytest.raises(MappingMistakes, match=r"file\.case: The data file is no process log"):
        read(path, STEPS.replace("{}", "{case: ma}"))


def test_inspecting_such_a_log_writes_a_mapping_that_reads_it(tmp_path: Path) -> None:
    path = write(tmp_path, ONLY)
    found = inspect_file(path)
    assert (found.main.rows, found.main.guess.name("dossier")) == (3, "case:concept:name")
    mapping = tmp_path / "m.yaml"
    mapping.write_text(first_mapping(found))
    assert load_mapping(mapping).mapping.file.case == "ma"
    assert {one["subject"] for one in read(path, mapping.read_text())[0]} == {"K1", "K2"}
    with pytest.raises(ImportFailed, match="a log of 1 events"):
        inspect_file(write(tmp_path, f"<log>{event('a')}</log>"))


async def test_an_import_reports_them_and_goes_on_after_a_stop(tmp_path: Path) -> None:
    mapping, intake = tmp_path / "m.yaml", FakeIntake()
    mapping.write_text(STEPS)
    path = write(
        tmp_path, "<log>" + "\n".join(event(f"x{n}") + trace(f"K{n}", event("a")) for n in range(20)) + "</log>"
    )
    intake.dies_after = 2
    with pytest.raises(ImportFailed, match="goes on where it stopped"):
        await run_import(options(intake, tmp_path, path, mapping=mapping, batch_size=4, patience=1.0))
    intake.dies_after = None
    summary = await run_import(options(intake, tmp_path, path, mapping=mapping, batch_size=4))
    assert (summary.accepted, summary.refused_by_reason) == (20, {"event_outside_trace": 20})
    assert summary.refused_file is not None
    with summary.refused_file.open(encoding="utf-8-sig", newline="") as opened:
        assert [row["line"] for row in csv.DictReader(opened)] == [str(1 + 4 * n) for n in range(20)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_lines_are_right_in_long_files(tmp_path: Path, encoding: str) -> None:
    """The parser of the rows counts to 65,535 only."""
    blank = "\n" * 65_540
    text = f"<log>\n{event('a')}{blank}{event('b')}{trace('K1', event('in'))}<!-- x\n -->{event('c')}</log>"
    path = tmp_path / "log.xes"
    path.write_bytes(text.encode(encoding))
    assert [one.line for one in read(path, STEPS)[1]] == [2, 65_543, 65_547]


PEAK = """\
import resource, sys
from pathlib import Path
from motcua.importing.tables.xes import XesRows
rows = XesRows(Path(sys.argv[1]), "event", None)
print(sum(1 for _ in rows), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def test_memory_is_flat_however_many_stand_outside(tmp_path: Path) -> None:
    peaks = []
    for count in (2_000, 24_000):
        path = tmp_path / "log.xes"
        with path.open("w") as opened:
            opened.write("<log>")
            opened.writelines(trace(f"K{number}", event("a")) + event("x") for number in range(count))
            opened.write("</log>")
        words = [sys.executable, "-c", PEAK, str(path)]
        told = subprocess.run(words, check=True, capture_output=True, text=True, cwd=ROOT).stdout.split()
        assert int(told[0]) == 2 * count
        peaks.append(int(told[1]))
    assert peaks[1] - peaks[0] < 2_048, f"kilobytes: {peaks}"
