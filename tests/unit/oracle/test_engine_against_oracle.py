"""Facts and announcements by the engine against those of the oracle, over journals in any order."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from shared.instants import to_datetime
from tests.oracle.cases.announcements import Announced
from tests.oracle.compare import compare_rows
from tests.oracle.expected import expected
from tests.oracle.rows import form_of, standing
from tests.strategies.journals import WINDOWS, Case, arrivals, entry_sets, journals, late_clocks
from tests.unit.oracle.depth import examples
from tests.unit.oracle.product import ZONE, Run, run

END = datetime(2027, 1, 4, 8, 0, tzinfo=UTC)


def rows_of(result: Run) -> dict[str, dict[str, Any]]:
    return {key: form_of(key, row) for key, row in result.rows.items()}


def told(result: Run) -> dict[str, set[Announced]]:
    """What stands announced, by the key of its case."""
    return {code: standing(happened) for code, happened in result.happened.items()}


@examples(200)
@given(journals())
def test_facts_are_those_of_the_oracle(case: Case) -> None:
    means = expected(case.lines, ZONE, case.partitions)
    result = run(case.lines)
    assert compare_rows(rows_of(result), means.rows()) == []
    clocks = {partition: to_datetime(clock) for partition, clock in result.clocks.items()}
    assert clocks == means.journal.clocks
    for key, announcements in told(result).items():
        assert announcements == means.announced(key), key


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
