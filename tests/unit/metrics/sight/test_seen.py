"""What a key sees of any list is what remains of the whole list once others' cases are taken out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.metrics.follow.view import View
from services.metrics.http import holding, queries, routing
from services.metrics.http.spelling.odd_codes import odd_codes
from services.metrics.indicators.figures import FIGURES, STATES
from services.metrics.indicators.steps import STEP_FIGURES
from services.metrics.table.columns import SEPARATOR, Fact
from services.metrics.table.decode import PartitionClock
from services.metrics.units.registry import Registry
from shared.access.bearer import Bearer
from shared.problems.problem import Problem
from tests.unit.metrics.build import AUGUST, UNITS, ZONE, at, fact, facts, step, unhurried
from tests.unit.metrics.known import known, unit

CLOCK = at("2026-08-20 08:00")
OFFICER = frozenset({"officer"})
EVERYBODY = Bearer("auditor", roles=frozenset({"auditor"}))
PAGE: dict[str, Any] = {"offset": 0, "limit": 10_000, "units_on": None}


def officer(*units: str) -> Bearer:
    return Bearer("officer", units=units, roles=OFFICER)


def view_of(rows: Iterable[Fact], *reference: dict[str, Any]) -> View:
    found = View(1, 1, ZONE)
    found.table.apply(list(rows))
    found.registry = Registry(ZONE, known(*reference))
    found.marks[0].clock = PartitionClock(5, CLOCK)
    return found


def codes(view: View, bearer: Bearer, name: str = "received", unit: str | None = None) -> list[str]:
    seen = view.sights.of(view, bearer)
    _, tell = queries.dossiers(view, FIGURES[name], view.moment(AUGUST), unit, **PAGE, seen=seen)
    return [row["code"] for row in tell()]


def may_see(row: Fact, units: Sequence[str]) -> bool:
    """By the words of docs/guides/keys.md, over one fact and dotted codes."""
    named = {row.unit, *(item.unit for item in row.steps)}
    named |= {*(row.holders or "").split(SEPARATOR), *(row.former or "").split(SEPARATOR)}
    return any(code == unit or code.startswith(unit + ".") for code in named if code for unit in units)


@unhurried
@given(
    rows=st.lists(facts(beside=True), max_size=8),
    units=st.lists(st.sampled_from(UNITS), max_size=2, unique=True),
    figure=st.sampled_from(sorted(FIGURES)),
    state=st.sampled_from(sorted(STATES["dossiers"])),
    of_steps=st.sampled_from(sorted(STEP_FIGURES)),
)
def test_a_list_is_the_whole_one_without_others_cases(
    rows: list[Fact], units: list[str], figure: str, state: str, of_steps: str
) -> None:
    rows = [row._replace(code=f"{place}", offset=place) for place, row in enumerate(rows)]
    view = view_of(rows)
    mine = {row.code for row in rows if may_see(row, units)}
    bearer = officer(*units)
    seen, everything = view.sights.of(view, bearer), view.sights.of(view, EVERYBODY)
    for predicate, moment in ((FIGURES[figure], view.moment(AUGUST)), (STATES["dossiers"][state], view.now())):
        total, tell = queries.dossiers(view, predicate, moment, None, **PAGE, seen=seen)
        _, tell_all = queries.dossiers(view, predicate, moment, None, **PAGE, seen=everything)
        wanted = [row for row in tell_all() if row["code"] in mine]
        assert (list(tell()), total) == (wanted, len(wanted))
    due, all_due = (holding.due_list(view, None, None, **PAGE, seen=one) for one in (seen, everything))
    wanted = [row for row in all_due["dossiers"] if row["code"] in mine]
    assert (list(due["dossiers"]), due["total"]) == (wanted, len(wanted))
    assert sum(one["overdue"] for one in due["holders"]) >= due["overdue"]
    more: dict[str, Any] = {"step": None, "procedure": None, **PAGE}
    (total, told), (_, all_told) = (
        routing.occurrences(view, AUGUST, STEP_FIGURES[of_steps], None, **more, seen=one) for one in (seen, everything)
    )
    wanted = [item for item in all_told if item["code"] in mine]
    assert (told, total) == (wanted, len(wanted))
    for row in rows:
        assert (queries.dossier(view, row.code, seen) is not None) == (row.code in mine)
        assert queries.dossier(view, row.code, everything) is not None


def test_who_reads_everything_sees_what_names_no_unit() -> None:
    view = view_of([fact("1", unit=None), fact("2")])
    assert codes(view, EVERYBODY) == ["1", "2"]
    assert codes(view, officer("*")) == ["2"]
    assert codes(view, officer()) == []
    assert codes(view, Bearer("counter", units=("*",), roles=frozenset({"reference"}))) == []


def test_a_unit_registered_below_another_one_is_read_with_it() -> None:
    rows = [fact("1", unit="H44.200"), fact("2", unit="H38.07")]
    plain = view_of(rows)
    assert codes(plain, officer("H44.01")) == []
    view = view_of(rows, unit("H44.01"), unit("H44.200", parent="H44.01"))
    assert codes(view, officer("H44.01")) == ["1"]
    assert codes(view, officer("H44.01"), unit="H44.200") == ["1"]


def test_who_took_over_a_unit_reads_its_cases() -> None:
    view = view_of(
        [fact("1", unit="H44.100"), fact("2", unit="H44.101")],
        unit("H44.100", valid_to="2026-06-30", successor="H44.200"),
        unit("H44.101", valid_to="2026-12-31", successor="H44.200"),
        unit("H44.200"),
    )
    assert codes(view, officer("H44.200")) == ["1"], "the second one is taken over next year"
    assert codes(view, officer("H44.200"), unit="H44.100") == ["1"]
    assert codes(view, officer("H44.100")) == ["1"]


def test_a_list_of_a_unit_that_is_not_read_is_refused_and_names_both() -> None:
    view = view_of([fact("1"), fact("2", unit="H44.02", steps=(step(unit="H44.01"),))])
    for ask in (
        lambda seen: queries.dossiers(view, FIGURES["scope"], view.now(), "H44.02", offset=0, limit=9, seen=seen),
        lambda seen: holding.due_list(view, "H44.02", None, **PAGE, seen=seen),
        lambda seen: routing.occurrences(
            view, AUGUST, STEP_FIGURES["ended"], "H44", step=None, procedure=None, **PAGE, seen=seen
        ),
    ):
        ask(view.sights.of(view, EVERYBODY))
        with pytest.raises(Problem) as refused:
            ask(view.sights.of(view, officer("H44.01", "H38*")))
        assert (refused.value.status, refused.value.code) == (403, "unit_not_readable")
        told = refused.value.body("en")
        assert (told["field"], told["units"]) == ("unit", ["H38*", "H44.01"])
        assert "H38*, H44.01" in told["detail"]
        assert "H38*, H44.01" in refused.value.body("vi")["detail"]
    assert codes(view, officer("H44.01")) == ["1", "2"], "it has a step in the other unit's dossier"


def test_a_step_that_is_told_no_more_gives_no_right_any_more() -> None:
    view = view_of([fact("1", unit="H44.02", steps=(step(unit="H44.01"),))])
    assert codes(view, officer("H44.01")) == ["1"]
    view.table.apply([fact("1", unit="H44.02", offset=1)])
    view.revision += 1
    assert codes(view, officer("H44.01")) == []


def test_who_handed_it_over_still_sees_it() -> None:
    view = view_of([fact("1", unit="H44.02", former=f"H44.01.05{SEPARATOR}H38.01"), fact("2", unit="H44.02")])
    assert [codes(view, officer(unit)) for unit in ("H44.01", "H38.01", "H38.02")] == [["1"], ["1"], []]


def test_only_what_is_seen_is_told_of_odd_codes() -> None:
    view = view_of([fact("a "), fact("b ", unit="H44.02")])
    assert odd_codes(view, view.sights.of(view, officer("H44.02")))["dossiers"] == {
        "count": 1,
        "codes": [{"code": "b ", "why": "blanks"}],
    }
    assert odd_codes(view)["dossiers"]["count"] == 2


def test_rows_are_looked_through_once_for_each_revision(monkeypatch: pytest.MonkeyPatch) -> None:
    view = view_of([fact("1"), fact("2", unit="H44.02")])
    made: list[date | None] = []

    def counted(view: View, _reach: Any) -> Any:
        made.append(view.today)
        return np.ones(len(view.table), np.bool_)

    monkeypatch.setattr("services.metrics.sight.seen.rows_seen", counted)
    for _ in range(3):
        view.sights.of(view, officer("H44.01"))
        view.sights.of(view, Bearer("another", units=("H44.01",), roles=OFFICER))
        view.sights.of(view, EVERYBODY)
    assert len(made) == 1
    view.revision += 1
    view.sights.of(view, officer("H44.01"))
    assert len(made) == 2
    for number in range(40):
        view.sights.of(view, officer(f"H{number}"))
    assert len(view.sights._rows) == len(view.sights._reaches) == 16
