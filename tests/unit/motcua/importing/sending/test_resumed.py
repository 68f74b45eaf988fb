"""A resumed import tells the rows it skipped, and its rate is of the others."""

from __future__ import annotations

from pathlib import Path

import pytest

from motcua.importing.progress import Progress
from motcua.importing.reasons import ImportFailed
from motcua.importing.run import run_import
from tests.unit.motcua.importing.fake_intake import FakeIntake, options

RULES = """\
source: test/register
row: dossier
dossier: "{code}"
formats: ["%Y-%m-%d"]
entries:
  - {type: dossier.accepted, time: "{opened}", data: {unit: U, channel: direct}}
  - {type: dossier.resolved, time: "{closed}"}
"""


@pytest.mark.parametrize(("clock", "batches", "skipped"), [("live", 3, 30), ("data", 4, 25), ("live", 0, 0)])
async def test_rows_of_an_interrupted_run_are_in_no_rate(
    tmp_path: Path, clock: str, batches: int, skipped: int
) -> None:
    file, rules = tmp_path / "r.csv", tmp_path / "m.yaml"
    rows = [f"K{n},2025-03-0{1 + n % 2},2025-03-{10 + n % 2}\n" for n in range(100)]
    file.write_text("code,opened,closed\n" + "".join(rows))
    rules.write_text(RULES)
    intake = FakeIntake("data")
    intake.dies_after = batches
    made = options(
        intake, tmp_path / "home", file, mapping=rules, clock=clock, batch_size=20, in_flight=1, patience=1.0
    )
    with pytest.raises(ImportFailed):
        await run_import(made)
    intake.dies_after = None
    seen: list[Progress] = []
    summary = await run_import(made, seen.append)
    assert (summary.rows, summary.accepted, summary.skipped) == (100, 200, skipped)
    assert summary.rows_per_second * summary.seconds == pytest.approx(100 - skipped)
    assert seen[-1].rows_per_second * seen[-1].seconds == pytest.approx(100 - skipped)
    again = await run_import(made)
    assert (again.skipped, again.resumed) == (0, 0)
