"""The command about figures from outside, on answers of metrics' own API: what holds, and what it stands in for."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from motcua.cli.main import main
from services.metrics.follow.view import View
from services.metrics.table.decode import Decoder, PartitionClock
from shared.populations.indicators import INDICATORS
from tests.unit.metrics.build import ZONE, at
from tests.unit.metrics.entered.figures import figure, records
from tests.unit.motcua.cli.answering import answer_from

Run = Callable[..., str]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Run:
    """Runs commands on a view in memory: a share of July said twice, a value of a commune, one that was withdrawn."""
    view = View(1, 1, ZONE)
    july = {"first_day": "2026-07-01", "last_day": "2026-07-31"}
    sent = [
        figure("1", "1.4.reported", "H44", numerator=1, denominator=2, **july),
        figure("2", "1.4.reported", "H44", time="2026-08-02T01:00:00Z", numerator=3, denominator=4, **july),
        figure("3", "PAPI", "H44.01", value="42.5", document="12/BC-UBND [x]"),
        {**figure("4", "PAPI", "H44.02", value="9"), "data": None},
    ]
    view.tables[INDICATORS.name].apply([Decoder(1)(0, *record) for record in records(sent)])
    view.marks[0].clock = PartitionClock(5, at("2026-08-20 08:00"))
    view.caught_up.set()
    answer_from(monkeypatch, view, simulated=True)

    def ran(*words: str, code: int = 0) -> str:
        assert main(["--home", str(tmp_path), *words]) == code
        told = capsys.readouterr()
        return told.out + told.err

    return ran


def rows(screen: str, *cells: str) -> list[str]:
    """The lines of a table that have these cells."""
    return [" ".join(line.split()) for line in screen.splitlines() if all(cell in line for cell in cells)]


def test_what_holds_is_shown_with_whose_entry_it_is(run: Run) -> None:
    screen = run("entered", "--lang", "vi")
    assert "DỮ LIỆU MÔ PHỎNG / SIMULATED" in screen
    assert "Số liệu nhập: 2 · tính đến 20/08/2026 08:00" in screen
    assert rows(screen, "1.4.reported") == [
        "1.4.reported H44 01/07/2026 31/07/2026 3 / 4 02/08/2026 08:00 survey s 2 - -"
    ]
    assert rows(screen, "PAPI") == [
        "PAPI H44.01 01/08/2026 31/08/2026 42,5 01/08/2026 08:00 survey s 3 12/BC-UBND [x] -"
    ]
    assert "H44.02" not in screen, "a figure that was withdrawn is shown"


def test_what_another_entry_stands_in_for_is_shown_where_it_is_asked_for(run: Run) -> None:
    screen = run("entered", "H44", "--indicator", "1.4.reported", "--superseded", "--lang", "en")
    assert [line.split()[4] for line in rows(screen, "1.4.reported")] == ["✓", "-"]
    assert "Entered figures: 2" in screen


def test_figures_are_chosen_by_unit_code_and_exact_period(run: Run) -> None:
    def asked(*words: str) -> list[str]:
        return [one["id"] for one in json.loads(run("entered", *words, "--json"))["figures"]]

    assert asked() == ["3", "2"]
    assert asked("H44.01") == asked("--unit", "H44.01") == ["3"]
    assert asked("--period", "2026-07") == asked("--from", "01/07/2026", "--to", "31/07/2026") == ["2"]
    assert asked("--period", "2026-Q3") == [], "a figure of a month is none of the quarter"
    assert asked("--indicator", "papi") == []
    assert asked("--limit", "1", "--offset", "1") == ["2"]
    assert "1 more" in run("entered", "--limit", "1", "--lang", "en")
    assert "--period" in run("entered", "--period", "2026", "--from", "2026-01-01", code=2)
