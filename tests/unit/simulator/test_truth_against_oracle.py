"""The simulator's own truth is what its entries say to somebody who only reads entries and the rules."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest
from pydantic import ValidationError

from shared.contract.entries import ENTRY_ADAPTER
from simulator.course import plans
from simulator.score import Score
from simulator.world import habits
from tests.oracle.expected import Expected, expected
from tests.oracle.figures import Period
from tests.unit.simulator.played import ZONE, Played, play, year

FACTS = {
    "accepted": "accepted_at",
    "finished": "finished_at",
    "judged": "judged_at",
    "second_request": "second_request_at",
}
SAME = ("unit", "procedure", "channel", "due", "due_original", "finish")
NOT_COUNTS = ("line", "unit", "month", "from", "to", "2.1", "3.3")


def read(played: Played) -> Expected:
    """What the oracle makes of everything intake takes, all in one partition, the clock at the end."""
    lines: list[dict[str, Any]] = []
    for entry in played.entries:
        try:
            ENTRY_ADAPTER.validate_python(entry)
        except ValidationError:
            continue
        lines.append({"partition": 0, "offset": len(lines), "entry": entry})
    end = datetime.fromtimestamp(played.simulation.horizon / 1_000_000, ZONE).isoformat()
    tick = {"type": "clock.ticked", "source": "t", "id": "t", "subject": "clock", "time": end, "data": {}}
    lines.append({"partition": 0, "offset": len(lines), "entry": tick})
    return expected(lines, ZONE)


def moment(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)


def of_dossier(line: dict[str, Any], row: dict[str, Any]) -> list[str]:
    """Where a dossier's truth and what the oracle says of it differ."""
    told: dict[str, Any] = {name: row[FACTS.get(name, name)] for name in (*FACTS, *SAME)}
    if line["accepted"] is None:
        return [] if told["accepted"] is None else [f"{line['code']}: accepted"]
    ours = {name: line[name] for name in told}
    for name in (*FACTS, "due", "due_original"):
        ours[name] = moment(ours[name])
    if "holders" in line:
        ours["holders"], told["holders"] = line["holders"], row["holders"]
        ours["delay"], told["delay"] = list(line["delay"].items()), row["blame"]
    return [f"{line['code']}: {name} {ours[name]} {told[name]}" for name in ours if ours[name] != told[name]]


def of_figures(line: dict[str, Any], index: dict[str, Any]) -> list[str]:
    ours = {name: value for name, value in line.items() if name not in NOT_COUNTS}
    told = {name: index[name] for name in ours}
    for code in ("2.1", "3.3"):
        ours[code] = line[code]
        told[code] = [index["components"][code][side] for side in ("numerator", "denominator")]
    return [
        f"{line['unit']} {line['month']}: {name} {ours[name]} {told[name]}" for name in ours if ours[name] != told[name]
    ]


#: Small things that are frequent in an eventful world, so that few dossiers meet all there is.
FREQUENT = {"extended_too_late": 0.5, "unanswered": 0.2, "asked_meanwhile": 0.3, "asked_again": 0.4, "new_date": 0.5}


def eventful(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nearly every dossier has trouble, or its source gets something wrong, each kind about as often."""
    for bounds, names, share in (("_TROUBLE_BOUNDS", plans._TROUBLES, 0.6), ("_MISTAKE_BOUNDS", plans._MISTAKES, 0.95)):
        monkeypatch.setattr(plans, bounds, tuple(share * number / len(names) for number in range(1, len(names) + 1)))
    for name, share in FREQUENT.items():
        monkeypatch.setitem(habits.SHARES, name, share)


@pytest.mark.parametrize(
    ("score", "busy"),
    [
        (year("province", seed=1, dossiers=250, communes=4), False),
        (year("commune", seed=2, dossiers=200), True),
        (year("province", seed=3, dossiers=300, communes=6), True),
        (Score("country", 4, date(2026, 5, 11), date(2026, 8, 20), 1.0, 500, 50), True),
    ],
    ids=["province", "eventful-commune", "eventful-province", "eventful-country"],
)
def test_every_dossier_and_every_figure_is_what_the_rules_make_of_the_entries(
    score: Score, *, busy: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if busy:
        eventful(monkeypatch)
    played = play(score)
    told = read(played)
    rows = told.rows()
    dossiers = played.lines("dossier")
    differences = [problem for line in dossiers for problem in of_dossier(line, rows[line["code"]])]
    assert differences == []
    accepted = {code for code, row in rows.items() if row.get("accepted_at") is not None}
    assert accepted == {line["code"] for line in dossiers if line["accepted"] is not None}
    assert len(accepted) > 100

    period = Period(score.first, score.last, ZONE)
    indices: dict[Any, dict[str, Any]] = {}
    # Of units without dossiers there is nothing to ask.
    asked = {line["unit"] for line in played.lines("figures") if line["scope"]}
    for unit in asked:
        whole = told.indices(period, unit=unit)
        for index in (*whole, *told.indices(period, unit=unit, by="month")):
            indices[unit, index.get("month")] = index
    figures = [line for line in played.lines("figures") if line["unit"] in asked]
    assert [problem for line in figures for problem in of_figures(line, indices[line["unit"], line["month"]])] == []
