"""Figures by the reference data: names, registered parents, mergers as of a date, what nobody registered."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from services.metrics.follow.view import View
from services.metrics.http.holding import blame, due_list
from services.metrics.http.queries import UnknownUnitError, dossiers, units, unregistered
from services.metrics.http.questions.indices import indices
from services.metrics.http.routing import occurrences, steps
from services.metrics.indicators.steps import STEP_FIGURES
from services.metrics.table.facts import Fact
from services.metrics.units.registry import Registry
from services.metrics.units.tree import UnitTree
from tests.unit.metrics.build import AUGUST, ZONE, at, fact, step
from tests.unit.metrics.indicators.test_figures import view_of
from tests.unit.metrics.known import known, procedure, unit
from tests.unit.processing.heavy import steps_of

DUE = at("2026-08-10 17:00")
BEFORE, AFTER = date(2025, 6, 30), date(2025, 7, 1)
#: Xã Cũ was merged into Phường Mới on 1 July 2025; Phòng A stands below Sở A though its code does not say so.
MERGED = (
    unit("H44", name="Phú Thọ", kind="province"),
    unit("H44.100", name="Xã Cũ", kind="commune", parent="H44", valid_to="2025-06-30", successor="H44.200"),
    unit("H44.200", name="Phường Mới", kind="commune", parent="H44", valid_from="2025-07-01"),
    unit("H44.300", name="Xã không hồ sơ", kind="commune", parent="H44"),
    unit("S1", name="Sở A", kind="department", parent="H44"),
    unit("P1", name="Phòng A", parent="S1"),
    procedure("2.000815", name="Cấp bản sao"),
)


async def referring(rows: list[Fact], *entries: dict[str, Any], clock: int | None = DUE + 1) -> View:
    view = view_of(rows, clock)
    await view.refer(known(*entries))
    return view


def own(view: View, unit_code: str | None, **asked: Any) -> dict[str, Any]:
    return indices(view, [AUGUST], unit_code, children=False, by=None, **asked)[0]


async def test_parents_are_the_registered_ones_else_those_of_the_code() -> None:
    rows = [fact("a", unit="P1"), fact("b", unit="X9.01")]
    view = await referring(rows, *MERGED)
    assert own(view, "H44")["received"] == own(view, "S1")["received"] == 1
    assert own(view, "X9")["received"] == 1
    found = {item["unit"]: item for item in units(view)}
    assert (found["P1"]["parent"], found["P1"]["registered"], found["P1"]["unit_name"]) == ("S1", True, "Phòng A")
    assert (found["X9"]["parent"], found["X9"]["registered"], found["X9"]["unit_name"]) == (None, False, None)
    # Registered without dossiers: among all units and asked for by name, yet no row of its own beside others.
    assert (found["H44.300"]["dossiers"], found["H44.300"]["kind"]) == (0, "commune")
    assert own(view, "H44.300")["scope"] == 0
    below = indices(view, [AUGUST], "H44", children=True, by=None)
    assert [(item["unit"], item["unit_name"]) for item in below] == [("H44", "Phú Thọ"), ("S1", "Sở A")]
    assert indices(view, [AUGUST], "H44.300", children=True, by=None)[0]["scope"] == 0
    with pytest.raises(UnknownUnitError):
        own(view, "H44.400")


async def test_history_stays_with_the_old_unit_unless_a_day_is_chosen() -> None:
    item = step(unit="H44.100", ended=DUE)
    late = {"finished": DUE + 1, "due": DUE}
    rows = [
        fact("a", unit="H44.100", steps=(item,), blame=[("H44.100", 7)], **late),
        fact("b", unit="H44.200", due=DUE, holders="H44.100"),
    ]
    view = await referring(rows, *MERGED)
    assert [own(view, code)["received"] for code in ("H44.100", "H44.200", "H44")] == [1, 1, 2]
    assert own(view, "H44.200", units_on=BEFORE)["received"] == 1
    assert own(view, "H44.200", units_on=AFTER)["received"] == own(view, "H44", units_on=AFTER)["received"] == 2
    assert own(view, "H44.100", units_on=AFTER)["received"] == 0
    children = indices(view, [AUGUST], "H44", children=True, by=None, units_on=AFTER)
    assert [(index["unit"], index["received"]) for index in children] == [("H44", 2), ("H44.200", 2)]
    by_channel = indices(view, [AUGUST], "H44", children=True, by="channel", units_on=AFTER)
    assert [(index["unit"], index["received"]) for index in by_channel] == [("H44", 2), ("H44.200", 2)]
    # A list says the same as its number, and shows the units as recorded.
    predicate, moment = (lambda q: q["accepted"] < 2**62), view.moment(AUGUST)
    total, rows_listed = dossiers(view, predicate, moment, "H44.200", offset=0, limit=9, units_on=AFTER)
    assert (total, [row["unit"] for row in rows_listed()]) == (2, ["H44.100", "H44.200"])
    for day, code in ((None, "H44.100"), (BEFORE, "H44.100"), (AFTER, "H44.200")):
        assert [group["unit"] for group in steps(view, AUGUST, code, by="unit", units_on=day)["groups"]] == [code]
        ended = STEP_FIGURES["ended"]
        asked: dict[str, Any] = {"step": None, "procedure": None, "offset": 0, "limit": 9}
        assert occurrences(view, AUGUST, ended, code, units_on=day, **asked)[0] == 1
        told = blame(view, AUGUST, "H44", units_on=day)
        assert [(part["unit"], part["delay_us"]) for part in told["units"]] == [(code, 7)]
        assert [holder["holder"] for holder in told["overdue"]["holders"]] == [code]
        assert due_list(view, code, None, offset=0, limit=9, units_on=day)["overdue"] == 1


async def test_a_chain_of_successors_ends_with_who_is_there_on_the_day() -> None:
    chain = (
        unit("A", valid_to="2025-06-30", successor="B"),
        unit("B", valid_from="2025-07-01", valid_to="2025-12-31", successor="C"),
        unit("C", valid_from="2026-01-01"),
    )
    view = await referring([fact("a", unit="A")], *chain)
    found = {day: own(view, code, units_on=day)["scope"] for day, code in ((BEFORE, "A"), (AFTER, "B"))}
    assert found == {BEFORE: 1, AFTER: 1}
    assert own(view, "C", units_on=date(2026, 1, 1))["scope"] == 1


def test_parents_in_a_circle_end_somewhere() -> None:
    above = {"A": "B", "B": "C", "C": "A", "D": "A"}
    tree = UnitTree([None, "A", "D"], above.get)
    assert sorted(tree.codes) == ["A", "B", "C", "D"]
    assert [code for code in tree.codes if tree.parent(code) is None] == ["C"]
    assert tree.inside("C").tolist() == [False, True, True]


async def test_what_nobody_registered_is_counted() -> None:
    rows = [
        fact("a", unit="H44.200"),
        fact("b", unit="Lạ", procedure="9.9"),
        fact("c", unit="Lạ", procedure=None),
        fact("d", unit="Không tiếp nhận", accepted=2**62),
        fact("e", unit=None),
    ]
    found = unregistered(await referring(rows, *MERGED))
    assert found["dossiers"] == 4
    assert found["units"] == {
        "dossiers": 2,
        "share": "50.00",
        "named_by_none": 1,
        "codes": [{"unit": "Lạ", "dossiers": 2}],
    }
    assert found["procedures"]["codes"] == [{"procedure": "9.9", "dossiers": 1}]
    assert (found["procedures"]["share"], found["procedures"]["named_by_none"]) == ("25.00", 1)


async def test_names_stand_beside_codes() -> None:
    view = await referring([fact("a", unit="P1", steps=(step(unit="P1", ended=DUE),))], *MERGED)
    [row] = indices(view, [AUGUST], None, children=False, by="procedure")
    assert row["procedure_name"] == "Cấp bản sao"
    [group] = steps(view, AUGUST, None, by="unit-step", units_on=None)["groups"]
    assert group["unit_name"] == "Phòng A"
    [group] = steps(view, AUGUST, None, by="procedure", units_on=None)["groups"]
    assert group["procedure_name"] == "Cấp bản sao"


def test_a_procedure_is_named_by_the_version_that_begins_last_and_not_by_a_withdrawn_one() -> None:
    versions = (
        procedure("1", "a", name="cũ", valid_from="2020-01-01"),
        procedure("1", "b", name="mới", valid_from="2026-01-01"),
        procedure("1", "c", valid_from="2026-02-01"),
        procedure("2", "a", name="rút"),
        {**procedure("2", "a"), "data": None, "revision": 1},
    )
    registry = Registry(ZONE, known(*versions))
    assert registry.procedure_name("1") == "mới"
    assert not registry.knows_procedure("2")


async def test_another_set_of_reference_data_changes_the_tree() -> None:
    view = await referring([fact("a", unit="P1")])
    assert units(view)[0]["parent"] is None
    view.changed.clear()
    await view.refer(known(*MERGED))
    assert view.changed.is_set()
    assert next(item for item in units(view) if item["unit"] == "P1")["parent"] == "S1"


def test_a_registry_of_many_entries_costs_what_one_of_few_does() -> None:
    few, many = (known(*(procedure(f"1.{number}", name=f"TTHC {number}") for number in range(n))) for n in (10, 500))
    assert steps_of(lambda: Registry(ZONE, many)) <= steps_of(lambda: Registry(ZONE, few)) + 10
    assert Registry(ZONE, many).procedure_name("1.499") == "TTHC 499"
    assert len(Registry(ZONE, many).procedures) == 500
