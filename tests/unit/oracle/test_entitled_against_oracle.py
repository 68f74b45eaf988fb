"""Who may act, by the engine against the oracle: dossiers that several claim, in any order, units revised anywhere."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.oracle.compare import compare_rows
from tests.oracle.expected import expected
from tests.oracle.rows import form_of
from tests.strategies.grants import Contest, contests
from tests.strategies.journals import numbered
from tests.unit.oracle.depth import examples
from tests.unit.oracle.product import ZONE, Run, run


def rejected(result: Run, code: str) -> list[Any]:
    """The rejections of a dossier that were told and not taken back."""
    left: list[Any] = []
    for act in result.acts.get(code, []):
        if act["kind"] == "entry.rejected":
            assert act["rejection"] not in left, "told twice"
            left.append(act["rejection"])
        else:
            left.remove(act["rejection"])
    return sorted(left, key=repr)


@examples(250)
@given(st.data(), contests())
def test_who_may_act_is_as_the_oracle_says_in_any_order(data: st.DataObject, contest: Contest) -> None:
    rows = []
    for _ in range(2):
        order = data.draw(st.permutations([*contest.entries, *contest.units]))
        lines = numbered([(0, entry) for entry in order])
        result = run(lines)
        told = {key: form_of(key, row) for key, row in result.rows.items()}
        assert compare_rows(told, expected(lines, ZONE).rows()) == []
        for key, row in result.rows.items():
            assert rejected(result, key) == sorted(row["rejections"], key=repr)
        rows.append(result.rows)
    assert rows[0] == rows[1], "the order of arrival has a part in it"
