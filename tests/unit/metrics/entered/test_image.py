"""Entered figures in a table image: what holds is the same after a restart, and what comes then goes on from it."""

from __future__ import annotations

import tempfile
from datetime import date
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from services.metrics.follow.image import load_image, snapshot
from services.metrics.follow.view import View
from services.metrics.http.entered import entered_figures
from services.metrics.table.decode import Decoder
from services.metrics.table.periods import period
from shared.populations.indicators import INDICATORS
from tests.unit.metrics.build import ZONE, unhurried
from tests.unit.metrics.entered.figures import records
from tests.unit.metrics.entered.test_settled import identities

JANUARY = period(date(2026, 1, 1), date(2026, 1, 31), ZONE)


def told(view: View) -> tuple[Any, list[dict[str, Any]]]:
    asked: dict[str, Any] = {"unit": None, "indicator": None, "first": None, "last": None, "offset": 0, "limit": 99}
    return view.entered(JANUARY), list(entered_figures(view, superseded=True, **asked)[1]())


def take(view: View, some: list[tuple[bytes, bytes]]) -> int:
    return sum(view.tables[INDICATORS.name].apply([Decoder(1)(0, *record)]) for record in some)


@unhurried
@given(identities(), st.integers(0, 12))
def test_an_image_between_any_two_figures_changes_nothing(entries: list[dict[str, Any]], at: int) -> None:
    made = records(entries)
    view, other = View(1, 1, ZONE), View(1, 1, ZONE)
    take(view, made[:at])
    with tempfile.TemporaryDirectory() as folder:
        snapshot(view)(Path(folder))
        assert load_image(other, Path(folder))
    assert told(other) == told(view)
    # Read again from a place before the image: rows it has are no news.
    assert take(other, made) == len(made[at:])
    take(view, made[at:])
    assert told(other) == told(view)


@unhurried
@given(identities(), identities())
def test_a_figure_that_is_corrected_after_a_restart_is_replaced(
    before: list[dict[str, Any]], after: list[dict[str, Any]]
) -> None:
    view, other = View(1, 1, ZONE), View(1, 1, ZONE)
    take(view, records(before))
    with tempfile.TemporaryDirectory() as folder:
        snapshot(view)(Path(folder))
        assert load_image(other, Path(folder))
    take(other, records(after, first=100))
    newest = {(one["subject"], one["source"], one["id"]): one for one in (*before, *after)}
    alone = View(1, 1, ZONE)
    take(alone, records(list(newest.values())))
    assert told(other) == told(alone)
