"""The fact table: newest cause wins in any order and any batches, pauses follow their row, memory stays small."""

from __future__ import annotations

import sys
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from services.metrics.follow.view import View
from services.metrics.http.queries import dossier
from services.metrics.http.questions.rows import rows_told
from services.metrics.table.columns import STEPS
from services.metrics.table.facts import COLUMNS, Fact, FactTable
from services.metrics.table.periods import NEVER, NO_DAY
from shared.instants import DAY, HOUR
from tests.unit.metrics.build import ZONE, at, fact, facts, step, table_of, unhurried

CODES = ("a", "b", "c")


@st.composite
def histories(draw: st.DrawFn) -> list[Fact]:
    """Rows of a few dossiers, each with its own cause."""
    rows = []
    for code in CODES:
        causes = draw(
            st.lists(st.tuples(st.integers(0, 1), st.integers(0, 9), st.integers(0, 1)), unique=True, max_size=4)
        )
        for partition, offset, running in causes:
            rows.append(draw(facts(code, beside=True))._replace(partition=partition, offset=offset, running=running))
    return rows


def content(table: FactTable) -> dict[str, Any]:
    """Everything a table says, by code."""
    view = View(1, 2, ZONE)
    view.table = table
    paused = table.pauses.containing(at("2026-08-10 16:00"), len(table))
    days = zip(table["judged_day"].tolist(), table["due_day"].tolist(), paused.tolist(), strict=True)
    return {
        code: (dossier(view, code), *day, beside(table, row))
        for row, (code, day) in enumerate(zip(table.codes, days, strict=True))
    }


def beside(table: FactTable, row: int) -> dict[str, Any]:
    """Pauses, steps and blame of a row, with names instead of numbers, without the row itself."""
    found: dict[str, Any] = {}
    words = {"unit": table.units.values, "step": table.step_names.values}
    for name, (held, first) in table.beside().items():
        places = held.of(row, first)
        assert held["alive"][places].all()
        columns = [
            [words[column][number] for number in held[column][places]]
            if column in words
            else held[column][places].tolist()
            for column in held.names[1:]
        ]
        found[name] = list(zip(*columns, strict=True))
    return found


@unhurried
@given(histories(), st.randoms(use_true_random=False), st.integers(1, 4))
def test_the_newest_cause_wins_in_any_order_and_batches(rows: list[Fact], random: Any, size: int) -> None:
    newest = {row.code: row for row in sorted(rows, key=lambda row: row[1:4])}
    shuffled = rows * 2
    random.shuffle(shuffled)
    table = FactTable(ZONE)
    changed = sum(table.apply(shuffled[start : start + size]) for start in range(0, len(shuffled), size))
    assert content(table) == content(table_of(*newest.values()))
    assert changed >= len(newest)
    assert table.apply(shuffled) == 0


def test_a_finish_before_the_acceptance_is_the_acceptance() -> None:
    table = table_of(fact(accepted=at("2026-08-03 08:00"), finished=at("2026-08-01 08:00")))
    assert table["finished"][0] == table["accepted"][0]


def test_local_dates_are_kept_with_the_row() -> None:
    table = table_of(fact("a", due=at("2026-08-10 06:30")), fact("b"))
    assert table["due_day"].tolist() == [(at("2026-08-10 12:00") // DAY), NO_DAY]


def test_pauses_of_replaced_rows_are_forgotten_and_their_memory_is_reused() -> None:
    table = FactTable(ZONE)
    start = at("2026-08-10 08:00")
    for offset in range(3_000):
        rows = [
            fact(code, offset=offset, pauses=((start + offset * HOUR, start + (offset + 1) * HOUR),)) for code in CODES
        ]
        table.apply(rows)
    assert len(table.pauses) < 2_000
    last = start + 2_999 * HOUR
    assert table.pauses.containing(last, len(table)).all()
    assert not table.pauses.containing(last - 1, len(table)).any()
    table.apply([fact("b", offset=5_000)])
    assert table.pauses.containing(last, len(table)).tolist() == [True, False, True]


def test_several_pauses_of_a_row_survive_compaction() -> None:
    table = FactTable(ZONE)
    table.apply([fact("keep", offset=1, pauses=((1, 2), (5, 6), (9, NEVER)))])
    for offset in range(2_000):
        table.apply([fact("a", offset=offset, pauses=((100, 200),))])
    inside = [bool(table.pauses.containing(instant, len(table))[0]) for instant in (0, 1, 2, 5, 6, 9, 10**9)]
    assert inside == [False, True, False, True, False, True, True]


def test_steps_and_blame_of_replaced_rows_are_forgotten() -> None:
    table = FactTable(ZONE)
    for offset in range(2_000):
        blame = [("H44.01", offset + 1), (None, 5)]
        table.apply([fact(code, offset=offset, steps=(step("a"), step("b", None)), blame=blame) for code in CODES])
    assert len(table.steps) < 3_000
    assert beside(table, 1)["blame"] == [("H44.01", 2_000), (None, 5)]
    assert [item[:2] for item in beside(table, 2)["steps"]] == [("a", "H44.01"), ("b", None)]
    assert len(table.steps.living()) == len(table.blame.living()) == 2 * len(CODES)
    table.apply([fact("b", offset=5_000)])
    assert beside(table, 1) == {"pauses": [], "steps": [], "blame": []}
    assert len(table.steps.living()) == 4


def test_a_limit_stands_for_a_due_by_the_instant_and_has_no_day() -> None:
    table = table_of(fact("a", limit=7), fact("b", due=8, limit=7), fact("c"))
    assert table["due"].tolist() == [7, 8, NEVER]
    assert table["due_day"].tolist() == [NO_DAY, 0, NO_DAY]
    view = View(1, 1, ZONE)
    view.table = table
    shown = list(rows_told(view, range(3))())
    assert [row["due"] is not None for row in shown] == [False, True, False]
    assert [row["limit"] is not None for row in shown] == [True, False, False]


def test_a_row_costs_about_a_hundred_and_seventy_bytes() -> None:
    # Three instants and a choice of fees, and the field, came to the 146 of before.
    assert sum(kind().itemsize for kind in COLUMNS.values()) <= 176
    assert sum(kind().itemsize for kind in STEPS.values()) <= 60
    table = FactTable(ZONE)
    table.apply([fact(str(number)) for number in range(20_000)])
    assert table.nbytes / len(table) < 220
    assert sys.getsizeof(table.codes) / len(table) < 16
