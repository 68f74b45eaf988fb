"""Delays of what still runs: by the calendar a unit had when the dossier was accepted."""

from __future__ import annotations

import numpy as np

from services.metrics.indicators.delays import delays_of
from services.metrics.units.registry import Registry
from shared.instants import HOUR
from tests.unit.metrics.build import ZONE, at, fact, moment, table_of
from tests.unit.metrics.known import entry, known

#: The office of H44.01 works six hours a day since the sixth of August.
SHORT = entry(
    "calendar.revised",
    "short",
    {
        "calendar": "short",
        "version": "1",
        "unit": "H44.01",
        "valid_from": "2026-08-06",
        "week": {key: ["08:00-11:00", "13:00-16:00"] for key in ("mon", "tue", "wed", "thu", "fri")},
    },
)


def test_a_calendar_assigned_after_acceptance_measures_no_dossier_of_before() -> None:
    before = fact("a", unit="H44.01", accepted=at("2026-08-05 08:00"), due=at("2026-08-10 17:00"))
    since = fact("b", unit="H44.01", accepted=at("2026-08-06 08:00"), due=at("2026-08-10 17:00"))
    table = table_of(before, since)
    rows = np.array([table.codes.index("a"), table.codes.index("b")])
    delays = delays_of(table, rows, moment(at("2026-08-11 17:00")), Registry(ZONE, known(SHORT)))
    assert delays == [8 * HOUR, 6 * HOUR]
