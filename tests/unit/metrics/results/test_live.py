"""Numbers of the moment by unit are those of the lists and answers, and every gauge shows what holds."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from prometheus_client import CollectorRegistry, Gauge, generate_latest
from prometheus_client.parser import text_string_to_metric_families

from services.metrics.follow.view import View
from services.metrics.http.holding import blame, due_list
from services.metrics.http.routing import steps
from services.metrics.indicators.held_steps import over_now
from services.metrics.indicators.steps import StepQuestion
from services.metrics.results.evaluate import evaluate
from services.metrics.results.exports import EXPORTED, figures_text
from services.metrics.results.live import Live, live_figures
from services.metrics.table.columns import SEPARATOR
from services.metrics.table.decode import PartitionClock
from services.metrics.table.facts import Fact
from services.metrics.table.periods import containing
from shared.catalogue.metrics import SPECS
from shared.instants import HOUR, SECOND
from tests.unit.metrics.build import UNITS, ZONE, at, fact, facts, step, unhurried

DUE = at("2026-08-10 16:00")
NOW = at("2026-08-10 17:00")


def view_of(rows: list[Fact], clock: int | None) -> View:
    view = View(1, 1, ZONE)
    view.table.apply([row._replace(code=f"d{number}") for number, row in enumerate(rows)])
    if clock is not None:
        view.marks[0].clock = PartitionClock(1, clock)
    return view


@unhurried
@given(
    st.lists(facts(beside=True), max_size=6),
    st.sampled_from((DUE - 24 * HOUR, DUE, NOW, at("2026-08-31 23:00"), at("2026-09-02 08:00"))),
)
def test_as_the_answers_say(rows: list[Fact], clock: int) -> None:
    view = view_of(rows, clock)
    found = live_figures(view)
    today, tree = view.today, view.tree()
    assert found is not None
    assert today is not None
    month = containing("month", today, ZONE)
    parts = {part["unit"]: part["delay_us"] for part in blame(view, month, None, units_on=None)["units"]}
    for code in (None, *tree.codes):
        total = steps(view, month, code, by="unit", units_on=None)["total"]
        assert found.steps_ended.get(code, 0) == total["with_budget"]
        assert found.steps_ended_over.get(code, 0) == total["over_budget"]
        inside = None if code is None else tree.inside(code)
        running = StepQuestion(view.table, view.now(), inside)
        assert found.steps_over.get(code, 0) == running(over_now).sum()
        listed = due_list(view, code, None, offset=0, limit=0, units_on=None)
        assert (found.due.get(code, 0), found.overdue.get(code, 0)) == (listed["due"], listed["overdue"])
        below = [unit for unit in parts if code is None or (unit is not None and code in tree.path(unit))]
        assert found.delay.get(code, 0) == sum(parts[unit] for unit in below)


def rows_of_a_day() -> list[Fact]:
    over = step("Ký", "H44.01", ended=DUE, budget=60, over=1, used=2)
    return [
        fact(due=DUE, holders=f"H44.01{SEPARATOR}H44.100", steps=(step("Ký", "H44.01", budget=60, due=DUE),)),
        fact(due=DUE + HOUR, holders=None, unit="H44.100"),
        fact(due=DUE - HOUR, finished=DUE, blame=[("H44.01", 3 * SECOND), (None, SECOND)], steps=(over,)),
    ]


def test_one_with_two_holders_counts_once_above_both() -> None:
    found = live_figures(view_of(rows_of_a_day(), NOW))
    assert found is not None
    assert dict(found.overdue) == {None: 1, "H44": 1, "H44.01": 1, "H44.100": 1}
    # The applicant's is with the accountable unit.
    assert dict(found.due) == {None: 1, "H44": 1, "H44.100": 1}
    assert dict(found.delay) == {None: 4 * SECOND, "H44": 3 * SECOND, "H44.01": 3 * SECOND}
    assert live_figures(view_of(rows_of_a_day(), None)) is None


def lines_of(text: bytes, name: str) -> dict[str, float]:
    lines = text.decode().splitlines()
    return {
        line[len(name) :].rpartition(" ")[0]: float(line.rpartition(" ")[2])
        for line in lines
        if line.startswith(f"{name}{{")
    }


def exported(view: View, most: int) -> tuple[bytes, Live | None]:
    found = live_figures(view)
    return figures_text(evaluate(view, simulated=False), found, most), found


def test_every_gauge_of_the_moment_is_shown_by_unit() -> None:
    text, _ = exported(view_of(rows_of_a_day(), NOW), 10)
    assert lines_of(text, "motcua_steps_over_budget") == {
        **{f'{{unit="{unit}"}}': 1.0 for unit in ("*", "H44", "H44.01")},
        '{unit="H44.100"}': 0.0,
    }
    ended = lines_of(text, "motcua_steps_ended")
    assert ended['{figure="over_budget",unit="H44"}'] == ended['{figure="with_budget",unit="*"}'] == 1
    held = lines_of(text, "motcua_dossiers_held")
    assert (held['{state="due",unit="H44"}'], held['{state="overdue",unit="*"}']) == (1, 1)
    assert lines_of(text, "motcua_delay_seconds")['{unit="*"}'] == 4
    shares = lines_of(text, "motcua_share_percent")
    assert shares['{period="month",share="on_time_by_date",unit="*"}'] == 100
    assert shares['{period="year",share="on_time_by_instant",unit="*"}'] == 0
    assert shares['{period="month",share="apology_coverage",unit="H44"}'] == 0
    # Of nothing there is no share.
    assert not any("intake_in_time" in labels for labels in shares)


def test_no_unit_beyond_the_limit_has_series_and_none_stays_behind() -> None:
    many = [fact(unit=unit, due=DUE, steps=(step(unit=unit, budget=1, due=DUE),)) for unit in UNITS]
    text, _ = exported(view_of(many, NOW), 2)
    names = ("motcua_dossiers", "motcua_steps_over_budget", "motcua_dossiers_held", "motcua_share_percent")
    for name in names:
        units = {labels.partition('unit="')[2].partition('"')[0] for labels in lines_of(text, name)}
        assert units <= {"*", "H38", "H38.08"}, name
    per_unit = [line for line in text.decode().splitlines() if 'unit="H38"' in line]
    # As many as the remedy of motcua_metrics_units_left_out says.
    assert len(per_unit) <= 90
    assert b"\nmotcua_metrics_units_left_out 5.0\n" in text
    text = figures_text(evaluate(view_of(many[:1], NOW), simulated=False), None, 2)
    assert not any("H38" in labels for name in names for labels in lines_of(text, name))
    assert lines_of(text, "motcua_steps_over_budget") == {}


def test_the_text_is_what_the_client_library_would_write() -> None:
    odd = 'H44.\\"\n'
    text, found = exported(view_of([fact(unit=odd, due=DUE), fact(due=DUE)], NOW), 10)
    registry = CollectorRegistry()
    gauges = {spec.name: Gauge(spec.name, spec.text, spec.labels, registry=registry) for spec in EXPORTED}
    for family in text_string_to_metric_families(text.decode()):
        for sample in family.samples:
            gauge = gauges[sample.name]
            (gauge.labels(**sample.labels) if sample.labels else gauge).set(sample.value)
    assert sorted(generate_latest(registry).splitlines()) == sorted(text.splitlines())
    assert found is not None


def test_labels_are_those_the_catalogue_counts() -> None:
    meters, _ = exported(view_of(rows_of_a_day(), NOW), 10)
    told: dict[str, set[Any]] = {}
    for spec in SPECS:
        if "unit" in spec.labels:
            for labels in lines_of(meters, spec.name):
                for pair in labels.strip("{}").split(","):
                    name, _, value = pair.partition("=")
                    told.setdefault(f"{spec.name} {name}", set()).add(value)
    assert len(told["motcua_dossiers figure"]) == 19
    assert len(told["motcua_dossiers period"]) == 3
    assert told["motcua_dossiers_held state"] == {'"due"', '"overdue"'}
    assert told["motcua_petitions state"] == {'"open"', '"waiting"', '"overdue"'}
