"""Figures as declared: every kind of part is counted and told, scores follow their rule, everything has its words."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.metrics.http.figures_api import FIGURES_ANSWER
from services.metrics.indicators import declared, predicates
from services.metrics.indicators.declaration import Count, Distinct, Empty, Entered, Indicator, Score, Where
from services.metrics.indicators.figures import FIGURES, INDEX, STATES, Figures
from services.metrics.indicators.scores import scored
from services.metrics.reports.counting import REPORTS, count
from services.metrics.reports.ii06a import II06A
from services.metrics.table.facts import CHANNELS, Fact
from services.metrics.units.tree import UnitTree
from shared.messages.base import Text
from shared.populations.all import POPULATIONS
from tests.unit.metrics.build import CLOCKS, fact, facts, moment, table_of, unhurried

NAME = Text("tên", "name")
ANY = Score(10, 50, "null", "null")
#: Procedures with a dossier submitted online, of all with a dossier; dossiers of none; and what somebody entered.
OF_EACH_KIND = Figures(
    [Count("received", NAME, "accepted in the period", predicates.received)],
    [
        Indicator(
            "x.1",
            NAME,
            Distinct("procedure", predicates.accepted_online),
            Distinct("procedure", predicates.received),
            ANY,
            "test",
        ),
        Indicator("x.2", NAME, Where(predicates.accepted_online), Where(predicates.received), ANY, "test"),
        Indicator("x.3", NAME, Entered("x.3"), Entered("x.3"), ANY, "test"),
    ],
)
CODES = [f"H44-{number}" for number in range(8)]
MANY = st.tuples(*(facts(code) for code in CODES))


def plain(rows: list[Fact], at: Any) -> dict[str, tuple[int, int]]:
    """The first two components in plain Python."""
    received = [row for row in rows if at.start <= row.accepted < at.end and not at.future]
    online = [row for row in received if CHANNELS[row.channel] == "online"]
    distinct = [len({row.procedure for row in some} - {None}) for some in (online, received)]
    return {"x.1": (distinct[0], distinct[1]), "x.2": (len(online), len(received))}


def sides(told: dict[str, Any]) -> dict[str, tuple[int, int]]:
    return {code: (one["numerator"], one["denominator"]) for code, one in told["components"].items() if code != "x.3"}


@unhurried
@given(MANY, CLOCKS)
def test_every_kind_of_part_by_unit_and_by_group(drawn: tuple[Fact, ...], clock: int | None) -> None:
    rows, at = list(drawn), moment(clock)
    table = table_of(*rows)
    tree = UnitTree(table.units.values)
    tally = OF_EACH_KIND.tally(table, at)
    total, by_node = OF_EACH_KIND.by_node(tally, tree, len(table.units))
    assert total.tolist() == OF_EACH_KIND.total(tally).tolist()
    assert sides(OF_EACH_KIND.shown(total, future=False)) == plain(rows, at)
    for code in tree.codes:
        below = [row for row in rows if row.unit is not None and f"{row.unit}.".startswith(f"{code}.")]
        assert sides(OF_EACH_KIND.shown(by_node[tree.node(code)], future=False)) == plain(below, at)
        alone = OF_EACH_KIND.tally(table, at, tree.inside(code))
        assert OF_EACH_KIND.total(alone).tolist() == by_node[tree.node(code)].tolist()
    for chosen in (None, tree.inside("H44") if "H44" in tree else np.zeros(len(table.units), np.bool_)):
        lines = OF_EACH_KIND.by(tally, "channel", len(CHANNELS), chosen)
        for channel, line in enumerate(lines):
            inside = [row for row in rows if chosen is None or chosen[table.units.known(row.unit)]]
            of_channel = [row for row in inside if row.channel == channel]
            assert sides(OF_EACH_KIND.shown(line, future=False)) == plain(of_channel, at)


def test_what_was_entered_counts_for_its_unit_and_period_and_is_scored() -> None:
    counts = OF_EACH_KIND.total(OF_EACH_KIND.tally(table_of(), moment()))
    told = OF_EACH_KIND.shown(counts, future=False, entered={"x.3": (3, 8)}.get)
    assert told["components"]["x.3"] == {"numerator": 3, "denominator": 8, "ratio": "37.50", "score": "7.50"}
    for nothing in (OF_EACH_KIND.shown(counts, future=False), OF_EACH_KIND.shown(counts, future=True)):
        assert nothing["components"]["x.3"] == {"numerator": 0, "denominator": 0, "ratio": None, "score": None}


@pytest.mark.parametrize(
    ("empty", "empty_ratio", "shown"),
    [
        ("null", "null", (None, None)),
        ("zero", "zero", ("0.00", "0.00")),
        ("full", "zero", ("0.00", "6.00")),
        ("full", "full", ("100.00", "6.00")),
    ],
)
def test_an_empty_denominator_gives_what_the_rule_says(empty: Empty, empty_ratio: Empty, shown: Any) -> None:
    rule = Score(6, 80, empty, empty_ratio)
    assert scored(rule, 0, 0) == shown
    assert scored(rule, 0, 3) == ("0.00", "0.00")
    assert scored(rule, 2, 5) == ("40.00", "3.00")
    assert scored(rule, 5, 5) == ("100.00", "6.00")


def test_every_figure_has_its_words_and_its_population() -> None:
    known = {"steps", *(population.name for population in POPULATIONS)}
    for one in FIGURES_ANSWER["figures"]:
        assert one["population"] in known, one["key"]
        assert one["name"]["vi"].strip(), one["key"]
        assert one["name"]["en"].strip(), one["key"]
        assert one["kind"] != "count" or one["meaning"].strip(), one["key"]
    keys = [(one["population"], one["kind"], one["key"]) for one in FIGURES_ANSWER["figures"]]
    assert len(set(keys)) == len(keys)


def test_what_the_route_tells_is_what_is_counted_listed_and_scored() -> None:
    told = {kind: [one for one in FIGURES_ANSWER["figures"] if one["kind"] == kind] for kind in ("count", "component")}
    counts = INDEX.shown(np.zeros(len(INDEX.predicates), np.int64), future=True)
    beside = [one["key"] for one in told["count"] if one["beside"] and one["population"] == "dossiers"]
    assert beside == [key for key in counts if key not in ("components", "shares")]
    assert [one["key"] for one in told["component"]] == list(counts["components"])
    lists = {one[side]["figure"] for one in told["component"] for side in ("numerator", "denominator")}
    assert lists <= set(FIGURES)
    assert {one["key"] for one in told["count"] if one["population"] == "dossiers"} <= set(FIGURES)
    states = {(one["population"], one["key"]) for one in FIGURES_ANSWER["figures"] if one["kind"] == "state"}
    assert states == {(population, key) for population, of_it in STATES.items() for key in of_it}
    assert [one["score"]["maximum"] for one in told["component"]] == [20, 6]


@unhurried
@given(MANY, CLOCKS, st.sampled_from(("procedure", "unit", "channel")))
def test_report_ii06a_balances_in_every_row(drawn: tuple[Fact, ...], clock: int | None, by: str) -> None:
    """Per row 3 = 4 + 5 + 6 = 7 + 11, 7 = 8 + 9 + 10 and 11 = 12 + 13; rows add up to the total."""
    table, at = table_of(*drawn), moment(clock)
    counted = count(II06A, table, at, by=by)
    for line in (*counted.rows.values(), counted.total):
        cell = dict(zip((column.number for column in II06A.columns), line, strict=True))
        assert cell[3] == cell[4] + cell[5] + cell[6] == cell[7] + cell[11]
        assert cell[7] == cell[8] + cell[9] + cell[10]
        assert cell[11] == cell[12] + cell[13]
    assert counted.total == [sum(cells) for cells in zip(*counted.rows.values(), strict=True)] or not counted.rows
    in_scope = {row.code for row in drawn if row.accepted < at.end and max(row.finished, row.accepted) >= at.start}
    assert counted.total[0] == (0 if at.future else len(in_scope))
    for number, line in counted.rows.items():
        value = number if by == "channel" else {"unit": table.units, "procedure": table.procedures}[by].values[number]
        assert line[0] == len({row.code for row in drawn if getattr(row, by) == value} & in_scope)


def test_reports_are_told_with_their_columns() -> None:
    [report] = FIGURES_ANSWER["reports"]
    assert report["code"] == "II.06a/VPCP/KSTT"
    assert [column["number"] for column in report["columns"]] == list(range(3, 14))
    figures = {column["number"]: column["figure"] for column in report["columns"]}
    assert figures[8] == "early"
    assert figures[13] == "overdue"
    assert len(REPORTS) == len(FIGURES_ANSWER["reports"])


def test_predicates_are_declared_without_arrays() -> None:
    """Who only shows names needs no library of arrays."""
    import subprocess
    import sys

    told = "import services.metrics.indicators.declared, sys; print('numpy' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
    assert FIGURES_ANSWER["rule"] == declared.RULE


def test_report_ii06a_has_a_row_for_each_field_and_one_of_none() -> None:
    rows = [fact("a", field="Đất đai"), fact("b", field="Hộ tịch", channel=2)]
    table = table_of(*rows, fact("c", field="Đất đai"), fact("d", field=None))
    counted = count(II06A, table, moment())
    told = {table.words["fields"].values[number]: line for number, line in counted.rows.items()}
    assert {field: line[:3] for field, line in told.items()} == {
        "Đất đai": [2, 2, 0],
        "Hộ tịch": [1, 0, 1],
        None: [1, 1, 0],
    }
    assert counted.total[:3] == [4, 3, 1]
