"""A dossier is judged alike wherever it is shown: in figures, and in the columns of an export."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from motcua.exporting.judged import class_by_date, late_by_instant, on_time_by_instant
from services.metrics.counting.question import NOW, Question
from services.metrics.follow.view import View
from services.metrics.http.questions.rows import rows_told
from services.metrics.indicators import duties, predicates
from services.metrics.table.facts import Fact
from services.metrics.table.periods import NEVER
from tests.unit.metrics.build import ZONE, facts, unhurried


@unhurried
@given(st.lists(facts(), min_size=1, max_size=6))
def test_an_export_judges_as_the_figures_do(drawn: list[Fact]) -> None:
    rows = [row._replace(code=str(number)) for number, row in enumerate(drawn)]
    view = View(1, 1, ZONE)
    view.table.apply(rows)
    q = Question(view.table, NOW(0))
    judged = {
        name: q(predicate).tolist()
        for name, predicate in {
            "resolved": predicates.resolved,
            "on_time": predicates.on_time_by_instant,
            "late": duties.late_by_instant,
            "early": predicates.early,
            "same_day": predicates.same_day,
            "late_by_date": predicates.late_by_date,
        }.items()
    }
    for place, row in enumerate(rows_told(view, range(len(rows)))()):
        held = {name for name, mask in judged.items() if mask[place]}
        assert late_by_instant(row) == ("late" in held)
        if rows[place].finished == NEVER:
            assert (on_time_by_instant(row), class_by_date(row, ZONE), held) == (None, None, set())
            continue
        assert on_time_by_instant(row) == ("on_time" in held)
        by_date = {"late" if name == "late_by_date" else name for name in held & {"early", "same_day", "late_by_date"}}
        assert {class_by_date(row, ZONE)} == by_date
