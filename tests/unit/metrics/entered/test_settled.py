"""Which of several identities holds: against the oracle, in whatever order they were read, and as it is listed."""

from __future__ import annotations

import random
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.metrics.entered.settled import Entered, of_period, share_of
from services.metrics.follow.view import View
from services.metrics.http.entered import entered_figures
from services.metrics.http.questions import indices
from services.metrics.indicators.declaration import Entered as Entered_
from services.metrics.indicators.declaration import Indicator, Score, Where
from services.metrics.indicators.figures import Figures
from services.metrics.indicators.predicates import accepted_online, received
from services.metrics.results import evaluate
from services.metrics.table.decode import Decoder
from services.metrics.table.facts import tables
from services.metrics.table.periods import period
from shared.messages.base import Text
from shared.populations.indicators import INDICATORS
from shared.populations.keys import indicator_code
from tests.oracle.expected import expected
from tests.strategies.entered import entered
from tests.unit.metrics.build import AUGUST, FIRST, ZONE, fact, unhurried
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

    def place(one: dict[str, Any]) -> tuple[Any, ...]:
        days = (-date.fromisoformat(one[name]).toordinal() for name in ("first_day", "last_day"))
        code = indicator_code(one["subject"], one["source"], one["id"])
        return *days, one["indicator"], one["unit"], not one["holds"], code

    assert every == sorted(every, key=place)
    pages = (asked | {"offset": begin, "limit": 3} for begin in range(0, total, 3))
    assert [one for page in pages for one in entered_figures(view, superseded=True, **page)[1]()] == every
    total, tell = entered_figures(view, superseded=False, **asked)
    assert [one for one in every if one["holds"]] == list(tell())
    assert total == len(holding)
    if every:
        total, tell = entered_figures(view, superseded=True, **asked | {"unit": "H38", "indicator": "5.1", "limit": 1})
        wanted = [one for one in every if one["indicator"] == "5.1"]
        assert total == len(wanted)
        assert list(tell()) == wanted[:1]


NAME, RULE = Text("tên", "name"), Score(10, 100, "null", "null")
#: One component that is only entered, and one that is counted unless something was entered under its code.
DECLARED = Figures(
    [],
    [
        Indicator("x", NAME, Entered_("x"), Entered_("x"), RULE, "test"),
        Indicator("3.3", NAME, Where(accepted_online), Where(received), RULE, "test", replaced=True),
        Indicator("2.1", NAME, Where(received), Where(received), RULE, "test"),
    ],
)


def test_what_was_entered_has_its_part_in_figures_as_declared(monkeypatch: pytest.MonkeyPatch) -> None:
    """In results and in answers, of exactly the unit and period: never of units above, parts or other periods."""
    monkeypatch.setattr(evaluate, "INDEX", DECLARED)
    monkeypatch.setattr(indices, "INDEX", DECLARED)
    sent = [
        figure("1", "x", "H38", numerator=1, denominator=2),
        figure("2", "3.3", "H44.01", numerator=5, denominator=8),
        figure("3", "2.1", "H44.01", numerator=0, denominator=9),
        figure("4", "3.3", "H44", value="7"),
        figure("5", "not declared", "H44.01", numerator=1, denominator=1),
    ]
    view = View(1, 1, ZONE)
    view.table.apply([fact("a"), fact("b", channel=2)])
    view.tables[INDICATORS.name].apply([Decoder(1)(0, *record) for record in records(sent)])
    counted = evaluate.count_all(view, AUGUST)
    assert set(counted.entered) == {("x", "H38"), ("3.3", "H44.01"), ("3.3", "H44")}, "what no figure takes is left"
    assert "H38" in counted.units, "a unit of which something was entered is a unit that figures are of"
    told = {unit: told["components"] for unit, told in counted.told()}
    assert told["H38"]["x"] == {"numerator": 1, "denominator": 2, "ratio": "50.00", "score": "5.00"}
    stands_in = {"numerator": 5, "denominator": 8, "ratio": "62.50", "score": "6.25", "entered": True}
    assert told["H44.01"]["3.3"] == stands_in
    computed = {"numerator": 1, "denominator": 2, "ratio": "50.00", "score": "5.00"}
    assert told["H44"]["3.3"] == told[None]["3.3"] == computed, "a value is no share, and nothing is summed"
    assert told["H44.01"]["2.1"]["numerator"] == 2, "the declaration does not let it be replaced"
    assert evaluate.count_all(view, period(FIRST, date(2026, 9, 30), ZONE)).entered == {}

    def asked(**more: Any) -> list[dict[str, Any]]:
        kept: dict[str, Any] = {"children": False, "by": None} | more
        return indices.indices(view, [AUGUST], "H44.01", **kept)

    assert asked()[0]["components"]["3.3"] == stands_in
    by_unit = indices.indices(view, [AUGUST], "H44", children=True, by=None)
    assert [one["components"]["3.3"] for one in by_unit] == [computed, stands_in]
    of_channels = [one["components"]["3.3"] for one in asked(by="channel")]
    assert all("entered" not in one for one in of_channels)
    assert {one["denominator"] for one in of_channels} == {1}
