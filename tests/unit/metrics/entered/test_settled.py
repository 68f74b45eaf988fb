"""Which of several identities holds: against the oracle, in whatever order they were read, and as it is listed."""

from __future__ import annotations

import random
from datetime import date
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from services.metrics.entered.settled import Entered, of_period, share_of
from services.metrics.follow.view import View
from services.metrics.http.entered import entered_figures
from services.metrics.results.evaluate import count_all
from services.metrics.table.decode import Decoder
from services.metrics.table.facts import tables
from services.metrics.table.periods import period
from shared.populations.indicators import INDICATORS
from tests.oracle.expected import expected
from tests.strategies.entered import entered
from tests.unit.metrics.build import ZONE, unhurried
from tests.unit.metrics.entered.figures import figure, records

_TIMES = ("2026-02-01T00:00:00Z", "2026-02-01T00:00:00.000001Z", "2026-02-03T00:00:00Z")


@st.composite
def identities(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Entries of different identities, some withdrawn, that mostly say the same."""
    found = {}
    for number in range(draw(st.integers(0, 12))):
        type_, data = draw(entered())
        one: dict[str, Any] = {
            "specversion": "1.0",
            "type": type_,
            "subject": draw(st.sampled_from(["H38", "a|b", "%"])),
            "source": draw(st.sampled_from(["survey", "x|y"])),
            "id": draw(st.sampled_from(["1", "2", "|"])),
            "time": draw(st.sampled_from(_TIMES)),
            "data": draw(st.sampled_from([data, data, data, data, None])),
            "sequence": draw(st.integers(-1, 1)),
            "revision": number,
        }
        found[one["subject"], one["source"], one["id"]] = one
    return list(found.values())


@unhurried
@given(identities(), st.randoms(use_true_random=False))
def test_the_last_in_the_order_of_entries_holds(entries: list[dict[str, Any]], chance: random.Random) -> None:
    means = expected([{"partition": 0, "offset": at, "entry": one} for at, one in enumerate(entries)], ZONE)
    wanted = means.entered()
    by_identity = {one.identity: one.entry for one in means.figures}
    told = records(entries)
    chance.shuffle(told)
    table = tables(ZONE)[INDICATORS.name]
    for record in told:
        table.apply([Decoder(1)(0, *record)])
    for first, last in (("2026-01-01", "2026-01-31"), ("2026-01-01", "2026-12-31"), ("2026-01-02", "2026-01-31")):
        found = of_period(table, date.fromisoformat(first), date.fromisoformat(last))
        of_it = {says[:2]: identity for says, identity in wanted.items() if says[2:] == (first, last)}
        assert found.keys() == of_it.keys()
        for says, identity in of_it.items():
            entry = by_identity[identity]
            assert entry is not None
            data = entry.data
            assert found[says] == Entered(data.get("numerator"), data.get("denominator"), data.get("value"))
            share = share_of(found, says[1])(says[0])
            assert share == (None if "value" in data else (data["numerator"], data["denominator"]))
            assert share_of(found, "H38.2")(says[0]) is None


@unhurried
@given(identities())
def test_the_list_says_which_holds(entries: list[dict[str, Any]]) -> None:
    view = View(1, 1, ZONE)
    view.tables[INDICATORS.name].apply([Decoder(1)(0, *record) for record in records(entries)])
    means = expected([{"partition": 0, "offset": at, "entry": one} for at, one in enumerate(entries)], ZONE)
    holding = set(means.entered().values())
    asked: dict[str, Any] = {"unit": None, "indicator": None, "first": None, "last": None, "offset": 0, "limit": 50}
    total, tell = entered_figures(view, superseded=True, **asked)
    every = list(tell())
    assert total == len(every) == sum(one["data"] is not None for one in entries)
    assert {(one["subject"], one["source"], one["id"]) for one in every if one["holds"]} == holding
    total, tell = entered_figures(view, superseded=False, **asked)
    assert [one for one in every if one["holds"]] == list(tell())
    assert total == len(holding)
    if every:
        total, tell = entered_figures(view, superseded=True, **asked | {"unit": "H38", "indicator": "5.1", "limit": 1})
        wanted = [one for one in every if one["indicator"] == "5.1"]
        assert total == len(wanted)
        assert list(tell()) == wanted[:1]


def test_figures_of_a_period_are_counted_with_what_was_entered_for_it() -> None:
    january = {"first_day": "2026-01-01", "last_day": "2026-01-31"}
    sent = figure("1", "x", "H38", numerator=1, denominator=2, **january)
    view = View(1, 1, ZONE)
    view.tables[INDICATORS.name].apply([Decoder(1)(0, *record) for record in records([sent])])
    counted = count_all(view, period(date(2026, 1, 1), date(2026, 1, 31), ZONE))
    assert "H38" in counted.units, "a unit of which something was entered is a unit that figures are of"
    assert counted.entered == {("x", "H38"): Entered(1, 2, None)}
    assert count_all(view, period(date(2026, 1, 1), date(2026, 3, 31), ZONE)).entered == {}
