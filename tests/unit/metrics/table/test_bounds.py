"""What nobody may write into the lifecycle topic is refused when it is read, and what is let in ends no evaluation."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from services.metrics.follow.view import View
from services.metrics.http import holding, routing
from services.metrics.http.questions.indices import indices
from services.metrics.http.questions.rows import rows_told
from services.metrics.results.evaluate import evaluate
from services.metrics.results.live import live_figures
from services.metrics.table.decode import Decoder, PartitionClock, Unusable
from services.metrics.table.facts import Fact, StepFact
from services.metrics.table.periods import NEVER, containing
from services.metrics.units.tree import UnitTree
from shared.contract.bounds import MOST_WORK
from shared.instants import local_date, parse_instant, to_rfc3339
from tests.unit.metrics.build import AUGUST, ZONE, at, fact
from tests.unit.metrics.records import row_record

TOO_LONG = "x" * 257
FORGED: list[dict[str, Any]] = [
    {"due": "0001-01-01T00:00:00Z"},
    {"due": "9999-12-31T23:59:59Z"},
    {"due": "2301-01-01T00:00:00Z"},
    {"accepted_at": "1899-12-30T23:59:59Z"},
    {"pauses": [["2026-08-04T01:00:00Z", "9999-08-05T01:00:00Z"]]},
    {"blame": [{"unit": "H44", "delay_us": 2**62}]},
    {"blame": [{"unit": "H44", "delay_us": MOST_WORK + 1}]},
    {"steps": [{"step": "Ký", "used_us": 2**62}]},
    {"steps": [{"step": "Ký", "assigned_at": "0001-01-01T00:00:00+00:00"}]},
    {"steps": [{"step": TOO_LONG}]},
    {"unit": "." * 60_000},
    {"unit": TOO_LONG},
    {"procedure": TOO_LONG},
    {"holders": [TOO_LONG]},
    {"findings": [{"code": TOO_LONG, "source": "s", "id": "1"}]},
]


@pytest.mark.parametrize("row", FORGED)
def test_a_row_out_of_bounds_is_refused(row: dict[str, Any]) -> None:
    # Not by the contract, whose model refuses it as well.
    forged = orjson.loads(row_record("a", 1))
    forged["data"]["row"] |= row
    with pytest.raises(Unusable) as caught:
        Decoder(1)(0, b"a", orjson.dumps(forged))
    assert caught.value.reason == "malformed"


@pytest.mark.parametrize("clock", ["9999-12-31T23:59:59Z", "2200-01-01T00:00:00Z", "1899-12-31T23:59:59Z"])
def test_a_clock_of_a_year_that_no_entry_can_have_is_refused(clock: str) -> None:
    value = f'{{"type":"clock.advanced","data":{{"cause":{{"epoch":1,"partition":0,"offset":1}},"clock":"{clock}"}}}}'
    with pytest.raises(Unusable):
        Decoder(1)(0, b"clock:0", value.encode())


async def test_what_is_within_bounds_ends_no_evaluation_and_no_answer() -> None:
    view = View(1, 4, ZONE)
    read = Decoder(1)
    ends = ("1900-01-01T00:00:00Z", "2199-12-31T23:59:59.999999Z", "2300-12-31T23:59:59.999999Z")
    facts = []
    for number, (accepted, due) in enumerate((first, last) for first in ends for last in ends):
        row: dict[str, Any] = {"accepted_at": accepted, "due": due, "waiting_since": due, "holders": ["H44.01"]}
        if number % 2:
            row |= {"finished_at": ends[2], "judged_at": ends[2], "finish": "resolved", "status": 9}
        row["steps"] = [{"step": "Ký", "unit": "H44.01", "assigned_at": accepted, "due": due, "budget": 60}]
        row["blame"] = [{"unit": "H44.01", "delay_us": MOST_WORK}]
        code = f"a{number}"
        found = read(0, code.encode(), row_record(code, number + 1, **row))
        assert isinstance(found, Fact)
        facts.append(found)
    for offset, instant in enumerate((ends[0], ends[1]), 20):
        clock = PartitionClock(offset, parse_instant(instant))
        await view.apply(facts, [(partition, clock) for partition in range(4)], [])
        assert [result.kind for result in evaluate(view, simulated=False)] == ["month", "quarter", "year"]
        assert live_figures(view) is not None
        period = containing("year", local_date(clock.clock, ZONE), ZONE)
        holding.blame(view, period, None, units_on=None)
        list(holding.due_list(view, None, None, offset=0, limit=100, units_on=None)["dossiers"])
        indices(view, [period], None, children=True, by=None)
        routing.steps(view, period, None, by="unit-step", procedure=None, units_on=None)
        routing.bottlenecks(view, period, None, limit=10, units_on=None)
        assert len(list(rows_told(view, range(len(view.table)))())) == len(facts)
        assert to_rfc3339(view.clock or 0) == instant.replace("00Z", "00.000000Z")
    view.close()


async def test_no_sum_of_delays_overflows() -> None:
    """A thousand rows with the longest delay there may be come to more than 64 bits hold."""
    view = View(1, 4, ZONE)
    over = StepFact("Ký", "H44.01", 1, True, 0, at("2026-08-10 17:00"), NEVER, 60, MOST_WORK, MOST_WORK, 1)
    late = {"due": at("2026-08-09 17:00"), "finished": at("2026-08-10 17:00"), "steps": (over,)}
    facts = [fact(f"a{number}", blame=[("H44.01", MOST_WORK)], **late) for number in range(1_000)]
    await view.apply(facts, [(0, PartitionClock(5, at("2026-08-20 08:00")))], [])
    whole = 1_000 * MOST_WORK
    assert whole > 2**63
    told = holding.blame(view, AUGUST, None, units_on=None)
    assert (told["delay_us"], [part["delay_us"] for part in told["units"]]) == (whole, [whole])
    assert told["units"][0]["share"] == "100.00"
    assert routing.steps(view, AUGUST, None, by="unit", procedure=None, units_on=None)["total"]["over_us"] == whole
    found = live_figures(view)
    assert found is not None
    assert dict(found.delay) == {None: whole, "H44": whole, "H44.01": whole}
    view.close()


def test_a_chain_of_units_costs_as_much_as_units_side_by_side() -> None:
    chain = {f"u{number}": f"u{number - 1}" if number else None for number in range(3_000)}
    asked: list[str] = []

    def above(code: str) -> str | None:
        asked.append(code)
        return chain[code]

    tree = UnitTree([None, *chain], above)
    assert len(asked) == len(chain)
    assert tree.path("u2999")[-1] == "u0"
    inside = tree.inside("u1500")
    assert int(inside.sum()) == 1_500
