"""Facts for tests of figures: built by hand with few words, or by hypothesis around the boundaries of one period."""

from __future__ import annotations

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import settings
from hypothesis import strategies as st

from services.metrics.counting.question import Moment
from services.metrics.http.questions.desk import Desk
from services.metrics.settings import MetricsSettings
from services.metrics.table.columns import SEPARATOR
from services.metrics.table.facts import Fact, FactTable, StepFact
from services.metrics.table.periods import NEVER, period
from shared.catalogue.base import Meters
from shared.catalogue.metrics import SPECS
from shared.instants import DAY, HOUR, MINUTE, parse_instant

__all__ = [
    "AUGUST",
    "CLOCKS",
    "FIRST",
    "LAST",
    "UNITS",
    "ZONE",
    "a_desk",
    "at",
    "fact",
    "facts",
    "moment",
    "step",
    "table_of",
    "unhurried",
]

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
FIRST, LAST = date(2026, 8, 1), date(2026, 8, 31)
AUGUST = period(FIRST, LAST, ZONE)
UNITS = ("H44", "H44.01", "H44.01.02", "H44.100", "H38.08.05")


#: Times of single examples say nothing on a busy machine.
unhurried = settings(deadline=None)


def at(text: str) -> int:
    """An instant by its local date and time of day, `2026-08-05 16:00`."""
    return parse_instant(f"{text.replace(' ', 'T')}+07:00")


def fact(code: str = "H44-260801-0001", **given: Any) -> Fact:
    """A fact with the given fields; an accepted, open dossier without due otherwise. A finish judges itself."""
    finished = given.get("finished", NEVER)
    plain: dict[str, Any] = {
        "partition": 0,
        "offset": 0,
        "running": 0,
        "unit": "H44.01",
        "procedure": "2.000815",
        "channel": 1,
        "status": 4 if finished == NEVER else 9,
        "finish": 0 if finished == NEVER else 1,
        "simulated": False,
        "accepted": at("2026-08-03 08:00"),
        "finished": finished,
        "judged": finished,
        "due": NEVER,
        "due_original": given.get("due", NEVER),
        "waiting": NEVER,
        "second": NEVER,
        "findings": None,
        "pauses": (),
    }
    return Fact(code=code, **(plain | given))


def step(name: str = "Thẩm định", unit: str | None = "H44.01", **given: Any) -> StepFact:
    """An occurrence of a step with the given members; under way since 3 August, without budget, otherwise."""
    plain: dict[str, Any] = {"occurrence": 1, "planned": True, "began": at("2026-08-03 08:00")}
    if given.get("ended", NEVER) != NEVER:
        plain["outcome"] = 1
    return StepFact(name, unit, **(plain | given))


def table_of(*rows: Fact) -> FactTable:
    """A table of these facts."""
    table = FactTable(ZONE)
    table.apply(rows)
    return table


def moment(clock: int | None = None) -> Moment:
    """August 2026 as of a clock; none is long after."""
    if clock is None:
        return Moment(AUGUST.start, AUGUST.end, AUGUST.end)
    return Moment(AUGUST.start, AUGUST.end, min(AUGUST.end, clock), future=AUGUST.start > clock)


#: Instants at which something can differ: the period's borders, midnights, and one step beside each.
_POINTS = sorted(
    point + step
    for point in (AUGUST.start, AUGUST.end, at("2026-08-10 00:00"), at("2026-08-10 16:00"), at("2026-07-20 09:00"))
    for step in (-DAY, -HOUR, -1, 0, 1, 5 * MINUTE)
)
_instants = st.sampled_from(_POINTS)
_maybe = st.one_of(st.just(NEVER), _instants)
#: Clocks before, in and after the period.
CLOCKS = st.one_of(st.none(), _instants)


_BLAME = st.tuples(st.sampled_from((*UNITS, None)), st.integers(1, 10**9))


@st.composite
def facts(draw: st.DrawFn, code: str = "H44-260801-0001", *, beside: bool = False) -> Fact:
    """Any facts that processing can send, in any combination of order; with steps and blame if asked."""
    accepted = draw(_maybe)
    finished = NEVER
    if accepted != NEVER:
        finished = draw(_maybe)
        finished = finished if finished == NEVER else max(finished, accepted)
    submitted, due = draw(_maybe), draw(_maybe)
    start = draw(_instants)
    open_ended = draw(st.booleans())
    return fact(
        code,
        offset=draw(st.integers(0, 3)),
        running=draw(st.integers(0, 1)),
        unit=draw(st.sampled_from((*UNITS, None))),
        procedure=draw(st.sampled_from(("2.000815", "1.004", None))),
        channel=draw(st.integers(0, 3)),
        accepted=accepted,
        finished=finished,
        judged=finished if finished == NEVER else draw(st.sampled_from((finished, finished - HOUR))),
        finish=0 if finished == NEVER else draw(st.integers(1, 5)),
        due=due,
        limit=draw(_maybe) if due == NEVER else NEVER,
        submitted=submitted,
        intake_due=draw(_maybe) if submitted != NEVER else NEVER,
        intake_ended=draw(_maybe),
        apologised=draw(_maybe),
        holders=draw(st.sampled_from((None, "H44.01", f"H44.01{SEPARATOR}H44.100"))) if finished == NEVER else None,
        former=draw(st.sampled_from((None, "H44.100", f"H38.08.05{SEPARATOR}H44.01"))) if beside else None,
        steps=draw(st.lists(_steps(), max_size=3)) if beside else (),
        blame=draw(st.lists(_BLAME, max_size=2)) if beside else (),
        due_original=draw(_maybe),
        waiting=draw(_maybe) if finished == NEVER else NEVER,
        second=draw(_maybe),
        findings=draw(st.sampled_from((None, "second_end", f"second_acceptance{SEPARATOR}second_end"))),
        pauses=draw(st.sampled_from(((), ((start, NEVER if open_ended else start + HOUR),)))),
    )


@st.composite
def _steps(draw: st.DrawFn) -> StepFact:
    began = draw(_instants)
    ended = draw(_maybe)
    budget = draw(st.sampled_from((-1, 0, 480)))
    return step(
        draw(st.sampled_from(("Tiếp nhận", "Thẩm định", "Ký"))),
        draw(st.sampled_from((*UNITS, None))),
        occurrence=draw(st.integers(1, 2)),
        planned=draw(st.booleans()),
        began=began,
        ended=ended if ended == NEVER else max(ended, began),
        due=draw(_instants) if budget >= 0 else NEVER,
        budget=budget,
        used=draw(st.integers(0, 3)) * HOUR if ended != NEVER else 0,
        over=draw(st.integers(0, 2)) * HOUR if ended != NEVER and budget >= 0 else 0,
        outcome=draw(st.integers(1, 4)) if ended != NEVER else 0,
    )


def a_desk(**settings: Any) -> Desk:
    """Where questions are answered, with settings of a replica."""
    return Desk(MetricsSettings(**settings), Meters(SPECS))
