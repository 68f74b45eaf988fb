"""Facts by the engine against facts by the oracle, over journals in any order; announcements by their own rules."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.oracle.compare import compare_rows
from tests.oracle.dossier import all_facts
from tests.oracle.journal import read_journal
from tests.oracle_strategies import WINDOWS, Case, arrivals, entry_sets, journals, late_clocks
from tests.unit.oracle.depth import examples
from tests.unit.oracle.product import ZONE, Run, facts_form, row_form, run

END = datetime(2027, 1, 4, 8, 0, tzinfo=UTC)


def rows_of(result: Run) -> dict[str, dict[str, Any]]:
    return {code: row_form(row) for code, row in result.rows.items()}


def standing(result: Run) -> dict[str, Counter[str]]:
    """What was announced and not taken back, by dossier."""
    left: dict[str, Counter[str]] = {}
    for code, happened in result.happened.items():
        count: Counter[str] = Counter()
        for one in happened:
            if one["kind"] == "retracted":
                count[f"{one['retracts']} {one['due']}"] -= 1
            else:
                count[f"{one['kind']} {one['due']}"] += 1
        left[code] = +count
        assert all(number in (0, 1) for number in count.values()), f"{code} announced twice or taken back unsaid"
    return {code: count for code, count in left.items() if count}


@examples(400)
@given(journals())
def test_facts_are_those_of_the_oracle(case: Case) -> None:
    expected = all_facts(read_journal(case.lines, case.partitions), ZONE)
    differences = compare_rows(rows_of(run(case.lines)), {code: facts_form(facts) for code, facts in expected.items()})
    assert differences == []


@examples(150)
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
    assert standing(one) == standing(other), "what stands announced depends on facts and clock only"
