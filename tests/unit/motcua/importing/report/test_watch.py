"""What is seen of entries: ends before the acceptance, by whatever rows they come; units and procedures named."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from motcua.importing.inspecting.trial import try_mapping
from motcua.importing.report.names import Names
from motcua.importing.report.notebook import Notebook
from motcua.importing.report.watch import Watch
from motcua.importing.run import run_import
from motcua.importing.seen import Seen
from motcua.importing.tables.header import Places
from tests.unit.motcua.importing.fake_intake import FakeIntake, mapping, options

REGISTER = """\
source: test/register
row: dossier
dossier: "{code}"
formats: ["%Y-%m-%d %H:%M", "%Y-%m-%d"]
entries:
  - type: dossier.accepted
    time: "{opened}"
    data: {unit: "{unit}", channel: direct, procedure: "{procedure}", promised_due: "{due}"}
  - type: dossier.resolved
    time: "{closed}"
"""
ROWS = """\
code,opened,closed,due,unit,procedure
K1,2025-04-01 09:00,2025-04-02 10:00,2025-04-09,Q3,P1
K2,2025-04-01 09:00,2025-04-01,2025-04-09,Q3,P2
K3,2025-04-01 09:00,2025-04-01 09:00,2025-04-09,Q4,P1
K4,2025-04-01 09:00,2024-04-02 10:00,2025-04-09,Q3,P1
K5,2025-04-01 09:00,,2025-04-09,Q3,
"""


def told(book: Notebook) -> dict[str, tuple[object, object]]:
    return {one.code: (one.parameters["count"], one.parameters["lines"]) for one in book.reasons(Places())}


@pytest.mark.parametrize("seed", range(20))
def test_ends_before_acceptance_are_counted_whatever_the_order_of_rows(seed: int) -> None:
    chance = random.Random(seed)
    book = Notebook()
    table = Seen(3)
    watch = Watch(book, table, 1)
    acts = [
        (
            f"K{chance.randrange(40)}",
            chance.choice(("dossier.accepted", "dossier.resolved", "dossier.returned", "dossier.withdrawn")),
            chance.randrange(-50, 50) * 1_000_000,
        )
        for _ in range(150)
    ]
    for line, (subject, type_, time) in enumerate(acts, start=1):
        watch.see(type_, table.place(subject), time, {"promised_due": "2025-01-01"}, line, retyped=False)
    first: dict[tuple[str, bool], int] = {}
    for subject, type_, time in acts:
        key = subject, type_ == "dossier.accepted"
        first[key] = min(time, first.get(key, time))
    early = [
        subject
        for subject, accepted in first
        if not accepted and (subject, True) in first and first[subject, False] < first[subject, True]
    ]
    assert early
    assert told(book)["ends_before_start"][0] == len(early)


async def test_report_and_dry_run_name_the_first_lines(tmp_path: Path) -> None:
    file, rules = tmp_path / "r.csv", tmp_path / "m.yaml"
    file.write_text(ROWS)
    rules.write_text(REGISTER)
    summary = await run_import(options(FakeIntake(), tmp_path / "home", file, mapping=rules))
    trial = try_mapping(file, mapping(REGISTER), now=1_800_000_000_000_000, zone="UTC")
    for noted in (summary.noted, trial.noted):
        assert [(one.code, one.parameters) for one in noted] == [("ends_before_start", {"count": 2, "lines": "3, 5"})]
    for names in (summary.names, trial.names):
        assert names.unknown("unit", {"Q4"}) == [("Q3", 4)]
        assert names.unknown("procedure", set()) == [("P1", 3), ("P2", 1)]


def test_names_of_steps_and_receipts_count_and_those_the_file_registers_do_not() -> None:
    names = Names()
    assert not names.named("unit")
    names.see("dossier.accepted", {"unit": "A", "receiving_unit": "B", "procedure": "P"})
    names.see("step.completed", {"step": "S", "unit": "A"})
    names.see("step.completed", {"step": "S", "unit": None})
    names.see("unit.revised", {"unit": "B", "parent": "C"})
    names.see("procedure.published", {"procedure": "P"})
    names.see("route.revised", {"procedure": "R", "unit": "Z"})
    assert names.named("unit")
    assert names.unknown("unit", set()) == [("A", 2)]
    assert names.unknown("procedure", set()) == []


def test_a_column_of_ever_new_names_takes_bounded_memory() -> None:
    names = Names()
    for number in range(25_000):
        names.see("dossier.accepted", {"unit": f"U{number}"})
    assert len(names.unknown("unit", set())) == 20_000
