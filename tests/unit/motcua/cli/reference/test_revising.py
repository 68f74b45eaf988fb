"""What a reviser reads before a revision is tried or sent."""

from __future__ import annotations

from motcua.cli.reference.loading.revision_file import read_revision
from motcua.cli.reference.revise import revision_lines
from shared.instants import parse_instant

STORM = """
calendar: vn-public
version: storm
days:
  - {day: 2026-11-24, working: false, kind: extra, name: Bão, document: 1/QĐ}
"""


def test_each_revision_is_told_in_a_line() -> None:
    entries = read_revision(STORM, parse_instant("2026-11-20T00:00:00Z"), simulated=False)
    (vietnamese,), (english,) = revision_lines(entries, "vi"), revision_lines(entries, "en")
    assert vietnamese.startswith("lịch vn-public: ")
    assert english.startswith("calendar vn-public: ")
    assert "2026-11-24" in vietnamese
    assert "2026-11-24" in english


def test_what_is_unfit_is_left_to_intake_and_many_are_counted() -> None:
    (entry,) = read_revision(STORM, parse_instant("2026-11-20T00:00:00Z"), simulated=False)
    assert revision_lines([entry | {"data": {"calendar": 7}}], "en") == []
    lines = revision_lines([entry] * 23, "en")
    assert len(lines) == 21
    assert lines[-1] == "+ 3"
