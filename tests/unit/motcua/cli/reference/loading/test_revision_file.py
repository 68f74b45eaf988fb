"""A revision file: what each document is, and clear words for what is none."""

from __future__ import annotations

import re
from pathlib import Path

import orjson
import pytest

from motcua.cli.reference.loading.revision_file import RevisionFileError, read_revision
from shared.contract.entries import ENTRY_ADAPTER
from shared.reference import ReferenceEntry, ReferenceSet
from shared.reference.checks import check_entry

FILE = """\
calendar: vn-public
version: 2026-extra
days:
  - {day: 2026-11-23, working: false, kind: extra, document: 1/QĐ}
---
rule: deadlines
version: r2
valid_from: 2026-12-01
parameters: {warning_hours: "72,24", fee_pauses: true}
---
procedure: 1.000100
version: 2
terms: [{amount: 3, unit: working_days}, {amount: 1.5, unit: working_days, channel: online}]
---
procedure: "1.000100"
version: v2
channel: online
steps:
  - {step: check, role: one_stop, budget: 240}
  - {step: decide, unit: H38.08, budget: 480}
---
unit: H38.08
valid_from: 2025-07-01
revision: 3
"""


def test_every_kind_of_document() -> None:
    entries = read_revision(FILE, 0, simulated=True)
    assert [entry["type"] for entry in entries] == [
        "calendar.revised",
        "rule.activated",
        "procedure.published",
        "route.revised",
        "unit.revised",
    ]
    assert entries[0]["data"]["days"][0]["day"] == "2026-11-23"
    assert [entry["subject"] for entry in entries[2:]] == ["1.000100", "1.000100", "H38.08"]
    assert [term["amount"] for term in entries[2]["data"]["terms"]] == ["3", "1.5"]
    assert len({entry["id"] for entry in entries}) == 5
    assert entries[4]["revision"] == 3
    assert "revision" not in entries[4]["data"]
    assert all(entry["simulated"] for entry in entries)
    assert entries == read_revision(FILE, 0, simulated=True)


@pytest.mark.parametrize(
    ("text", "document", "path"),
    [
        ("", 1, ""),
        ("[1, 2", 1, ""),
        ("- 1", 1, ""),
        ("colour: red", 1, ""),
        ("unit: a\n---\nrule: deadlines", 2, "version"),
        ("procedure: '1'\nversion: v\nterms: [{amount: '-1', unit: working_days}]", 1, "terms.0.amount"),
        ("calendar: c\nversion: v\nweek: {mon: ['7-11']}", 1, "week.mon.0"),
        ("unit: a\nkindd: commune", 1, "kindd"),
    ],
)
def test_what_is_none_is_told_with_its_place(text: str, document: int, path: str) -> None:
    with pytest.raises(RevisionFileError) as caught:
        read_revision(text, 0, simulated=False)
    assert (caught.value.document, caught.value.path) == (document, path)
    assert caught.value.text("vi")
    assert caught.value.text("en")


def test_the_guide_s_revision_is_taken_as_it_stands() -> None:
    guide = (Path(__file__).resolve().parents[6] / "docs" / "guides" / "reference.md").read_text(encoding="utf-8")
    text = re.findall(r"^```yaml\n(.*?)^```", guide, re.MULTILINE | re.DOTALL)[0]
    known = ReferenceSet()
    units = "\n---\n".join(f"unit: H38.{number}" for number in ("08", "09", "10"))
    entries = read_revision(units, 0, simulated=False) + read_revision(text, 0, simulated=False)
    assert [entry["type"] for entry in entries[3:]] == [
        "calendar.revised",
        "rule.activated",
        "procedure.published",
        "route.revised",
    ]
    for entry in entries:
        model = ENTRY_ADAPTER.validate_python(entry)
        assert check_entry(entry["type"], model.data, known) == []
        known = known.with_entry(ReferenceEntry.of(orjson.dumps(entry)))


CALENDAR_FILE = """\
calendar: h38
unit: H38
version: 1
days_of: vn-public
week: {mon: [07:00-11:00], tue: [07:00-11:00]}
days: [{day: 2026-11-25, working: false, kind: extra}]
versions:
  - {version: 2, valid_from: 2026-01-05, week: {mon: [08:00-12:00]}, days_of: vn-public}
revision: 1
"""


def test_a_calendar_file_is_an_entry_for_each_version_with_the_days_it_takes_over() -> None:
    entries = read_revision(CALENDAR_FILE, 0, simulated=False)
    assert [entry["data"]["version"] for entry in entries] == ["1", "2"]
    assert len({entry["id"] for entry in entries}) == 2
    for entry in entries:
        assert entry["revision"] == 1
        assert entry["data"]["unit"] == "H38"
        assert entry["data"]["calendar"] == "h38"
        assert check_entry(entry["type"], ENTRY_ADAPTER.validate_python(entry).data, ReferenceSet()) == []
    first, second = ({day["day"]: day for day in entry["data"]["days"]} for entry in entries)
    assert first["2026-01-02"]["pair"] == "2026-01-10"
    assert first["2026-11-25"]["kind"] == "extra"
    # From 5 January on only one half of the swap is left, which is then a worked day by itself.
    assert "2026-01-02" not in second
    assert second["2026-01-10"]["working"]
    assert "pair" not in second["2026-01-10"]


def test_days_of_an_unknown_calendar_are_refused() -> None:
    with pytest.raises(RevisionFileError, match="vn-public") as caught:
        read_revision(CALENDAR_FILE.replace("days_of: vn-public\n", "days_of: vn-private\n"), 0, simulated=False)
    assert caught.value.path == "days_of"
    with pytest.raises(RevisionFileError) as caught:
        read_revision(CALENDAR_FILE.replace("08:00-12:00", "8-12"), 0, simulated=False)
    assert caught.value.path == "versions.0.week.mon.0"
