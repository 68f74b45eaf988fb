"""Figures by the metrics view against figures by the oracle: journal → engine → lifecycle records → view → indices."""

from __future__ import annotations

import asyncio
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from services.metrics.follow.view import View
from services.metrics.http import holding, routing
from services.metrics.http.queries import UnknownUnitError
from services.metrics.http.questions.indices import By, indices
from services.metrics.table.decode import Decoder, PartitionClock
from services.metrics.table.periods import months, period
from shared.reference import EMPTY, ReferenceSet
from tests.oracle.cases.dossier import all_facts
from tests.oracle.compare import compare
from tests.oracle.expected import Expected, expected
from tests.oracle.figures import Period
from tests.oracle.figures import indices as expected_indices
from tests.oracle.journal import read_journal
from tests.oracle.work.figures import blame_figures, step_figures
from tests.strategies.grid import Grid, grids
from tests.strategies.journals import UNITS, Case, journals, periods
from tests.strategies.reference import worlds
from tests.unit.oracle.depth import examples
from tests.unit.oracle.product import EPOCH, ZONE, run

GROUPINGS: tuple[By | None, ...] = (None, "procedure", "channel", "month")


def viewed(partitions: int, records: list[tuple[int, bytes, bytes]], again: int, known: ReferenceSet = EMPTY) -> View:
    """A view that read the records in batches of three, the last `again` of them a second time, as after a restart."""

    async def read() -> View:
        view = View(EPOCH, partitions, ZONE)
        decoder = Decoder(EPOCH)
        every = records + records[len(records) - again :]
        for place in range(0, len(every), 3):
            facts: list[Any] = []
            clocks: list[tuple[int, PartitionClock]] = []
            for partition, key, value in every[place : place + 3]:
                decoded = decoder(partition, key, value)
                if isinstance(decoded, PartitionClock):
                    clocks.append((partition, decoded))
                else:
                    facts.append(decoded)
            await view.apply(facts, clocks, [])
        await view.refer(known)
        return view

    return asyncio.run(read())


def asked(view: View, chosen: Period, unit: str | None, by: By | None, *, children: bool) -> list[dict[str, Any]]:
    whole = period(chosen.first, chosen.last, ZONE)
    periods = months(chosen.first, chosen.last, ZONE) if by == "month" else [whole]
    try:
        return indices(view, periods, unit, children=children, by=by)
    except UnknownUnitError:
        return []


@examples(120)
@given(st.data(), st.sampled_from([None, None, *UNITS]), st.integers(0, 5))
def test_figures_are_those_of_the_oracle(data: st.DataObject, unit: str | None, again: int) -> None:
    case = data.draw(journals())
    produced = run(case.lines).records
    view = viewed(case.partitions, produced, min(again, len(produced)))
    read = read_journal(case.lines, case.partitions)
    facts, clock = all_facts(read, ZONE), min(read.clocks.values(), default=None)
    for _ in range(3):
        chosen = Period(*data.draw(periods(case.window)), ZONE)
        by = data.draw(st.sampled_from(GROUPINGS))
        children = data.draw(st.booleans())
        expected = expected_indices(facts, chosen, clock, unit=unit, children=children, by=by)
        assert compare(asked(view, chosen, unit, by, children=children), expected) == [], (unit, chosen, by, children)
    view.close()


@examples(80)
@given(grids())
def test_figures_at_their_boundaries(grid: Grid) -> None:
    view = viewed(grid.partitions, run(grid.lines).records, 0)
    read = read_journal(grid.lines, grid.partitions)
    facts, clock = all_facts(read, ZONE), min(read.clocks.values(), default=None)
    chosen = Period(grid.first, grid.last, ZONE)
    for by in GROUPINGS:
        expected = expected_indices(facts, chosen, clock, by=by)
        assert compare(asked(view, chosen, None, by, children=False), expected) == [], by
    view.close()


@examples(60)
@given(worlds(), st.data(), st.sampled_from([None, None, *UNITS]))
def test_figures_with_reference_data_and_steps(case: Case, data: st.DataObject, unit: str | None) -> None:
    result, told = run(case.lines), expected(case.lines, ZONE)
    known = next((reference.known for _, reference in sorted(result.references.items())), EMPTY)
    view = viewed(case.partitions, result.records, 0, known)
    for _ in range(2):
        chosen = Period(*data.draw(periods(case.window)), ZONE)
        by, children = data.draw(st.sampled_from(GROUPINGS)), data.draw(st.booleans())
        wanted = told.indices(chosen, unit=unit, children=children, by=by)
        assert compare(asked(view, chosen, unit, by, children=children), wanted) == [], (unit, chosen, by, children)
        _work_is_the_same(view, chosen, unit, told)
    view.close()


def _work_is_the_same(view: View, chosen: Period, unit: str | None, told: Expected) -> None:
    """Steps by owner and step, and whose delay it was."""
    whole, dossiers = period(chosen.first, chosen.last, ZONE), told.dossiers.values()
    steps = step_figures(dossiers, chosen, told.clock, unit=unit, above=told.above)
    blame = blame_figures(dossiers, chosen, told.clock, unit=unit, above=told.above)
    try:
        groups = routing.steps(view, whole, unit, by="unit-step", units_on=None)["groups"]
        delay = holding.blame(view, whole, unit, units_on=None)
    except UnknownUnitError:
        assert (steps, blame["late"]) == ({}, 0)
        return
    names = next(iter(steps.values()), {})
    assert {(one["unit"], one["step"]): {name: one[name] for name in names} for one in groups} == steps
    assert {one["unit"]: (one["delay_us"], one["dossiers"]) for one in delay["units"]} == blame["units"]
    assert delay["delay_us"] == sum(part for part, _ in blame["units"].values()), "the parts come to the whole"
    for name in ("late", "late_within_budgets", "on_time_with_step_over"):
        assert delay[name] == blame[name], name
