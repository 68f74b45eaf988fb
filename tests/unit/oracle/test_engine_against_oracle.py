"""Facts and announcements by the engine against those of the oracle, over journals in any order."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from shared.instants import to_datetime
from tests.oracle.announcements import Announced, announced
from tests.oracle.compare import compare_rows
from tests.oracle.dossier import all_facts
from tests.oracle.journal import read_journal
from tests.oracle.rows import facts_form, row_form, standing
from tests.oracle_strategies import WINDOWS, Case, arrivals, entry_sets, journals, late_clocks
from tests.unit.oracle.depth import examples
from tests.unit.oracle.product import ZONE, Run, run

END = datetime(2027, 1, 4, 8, 0, tzinfo=UTC)


def rows_of(result: Run) -> dict[str, dict[str, Any]]:
    return {code: row_form(row) for code, row in result.rows.items()}


def told(result: Run) -> dict[str, set[Announced]]:
    """What stands announced, by dossier."""
    return {code: standing(happened) for code, happened in result.happened.items()}


@examples(200)
@given(journals())
def test_facts_are_those_of_the_oracle(case: Case) -> None:
    expected = all_facts(read_journal(case.lines, case.partitions), ZONE)
    result = run(case.lines)
    differences = compare_rows(rows_of(result), {code: facts_form(facts) for code, facts in expected.items()})
    assert differences == []
    clocks = {partition: to_datetime(clock) for partition, clock in result.clocks.items()}
    for code, announcements in told(result).items():
        assert announcements == announced(expected[code], clocks.get(result.owners[code])), code


@examples(100)
@given(st.data())
def test_any_order_and_any_partitions_give_the_same(data: st.DataObject) -> None:
    window = data.draw(st.sampled_from(WINDOWS))
    entries = data.draw(entry_sets(window))
    results = []
    for _ in range(2):
        partitions = data.draw(st.integers(1, 3))
        lines = data.draw(arrivals(entries, partitions, window))
        results.append(run(late_clocks(lines, partitions, END)))
    one, other = results
    assert one.rows == other.rows
    assert told(one) == told(other), "what stands announced depends on facts and clock only"
