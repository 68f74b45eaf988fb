"""The fact table: newest cause wins in any order and any batches, pauses follow their row, memory stays small."""

from __future__ import annotations

import sys
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from services.metrics.facts import COLUMNS, Fact, FactTable
from services.metrics.periods import NEVER, NO_DAY
from services.metrics.queries import dossier
from services.metrics.view import View
from shared.instants import DAY, HOUR
from tests.unit.metrics.build import ZONE, at, fact, facts, table_of, unhurried

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
            rows.append(draw(facts(code))._replace(partition=partition, offset=offset, running=running))
    return rows


def content(table: FactTable) -> dict[str, Any]:
    """Everything a table says, by code."""
    view = View(1, 2, ZONE)
    view.table = table
    paused = table.pauses.containing(at("2026-08-10 16:00"), table["pause_first"])
    days = zip(table["judged_day"].tolist(), table["due_day"].tolist(), paused.tolist(), strict=True)
    return {code: (dossier(view, code), *day) for code, day in zip(table.codes, days, strict=True)}


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
    assert table.pauses.containing(last, table["pause_first"]).all()
    assert not table.pauses.containing(last - 1, table["pause_first"]).any()
    table.apply([fact("b", offset=5_000)])
    assert table.pauses.containing(last, table["pause_first"]).tolist() == [True, False, True]


def test_several_pauses_of_a_row_survive_compaction() -> None:
    table = FactTable(ZONE)
    table.apply([fact("keep", offset=1, pauses=((1, 2), (5, 6), (9, NEVER)))])
    for offset in range(2_000):
        table.apply([fact("a", offset=offset, pauses=((100, 200),))])
    inside = [bool(table.pauses.containing(instant, table["pause_first"])[0]) for instant in (0, 1, 2, 5, 6, 9, 10**9)]
    assert inside == [False, True, False, True, False, True, True]


def test_a_row_costs_about_a_hundred_bytes() -> None:
    assert sum(kind().itemsize for kind in COLUMNS.values()) <= 100
    table = FactTable(ZONE)
    table.apply([fact(str(number)) for number in range(20_000)])
    assert table.nbytes / len(table) < 160
    assert sys.getsizeof(table.codes) / len(table) < 16
