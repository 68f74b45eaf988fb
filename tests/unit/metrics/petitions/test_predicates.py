"""The predicates over petitions by the examples of the reading, from entries by engine, topic and table."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import orjson
from hypothesis import given
from hypothesis import strategies as st

from services.metrics.counting.question import Moment, Question
from services.metrics.petitions import predicates as petitions
from services.metrics.table.decode import Decoder
from services.metrics.table.facts import Table, tables
from services.processing.cases import petition_case
from services.processing.facts.row import encoder
from services.processing.stream.output import Records
from shared.instants import to_datetime
from shared.populations.petitions import PETITIONS
from tests.oracle.cases.petition import Petition, all_petitions
from tests.oracle.journal import read_journal
from tests.unit.metrics.build import AUGUST, ZONE, unhurried
from tests.unit.processing.petitions.acts import at, facts, pet

Json = dict[str, Any]


def table_of(cases: dict[str, list[Json]]) -> Table:
    table = tables(ZONE)[PETITIONS.name]
    encode, decoder = encoder(PETITIONS.facts), Decoder(1)
    for offset, (code, entries) in enumerate(cases.items()):
        known = facts(*({**entry, "subject": code} for entry in entries))
        record = Records(1, 0).case(petition_case(code), offset, 0, encode(known), [])
        table.apply([decoder(0, *record)])
    return table


def counts(cases: dict[str, list[Json]], as_of: str = "08-31 23:59") -> dict[str, list[str]]:
    """The codes in each of the numbers of August."""
    table = table_of(cases)
    question = Question(table, Moment(AUGUST.start, AUGUST.end, min(AUGUST.end, at(as_of))))
    return {
        name: sorted(code for code, there in zip(table.codes, question(getattr(petitions, name)), strict=True) if there)
        for name in ("population", "in_time", "bad", "open_at_end", "waiting", "overdue", "ended_late")
    }


FIRST = pet("received", "08-03 09:00", unit="H38.08")


def test_the_examples_of_dues() -> None:
    pause = [pet("more_asked", "08-10 17:00"), pet("supplemented", "08-17 17:00")]
    found = counts({
        "refused": [FIRST, pet("refused", "08-05 17:00")],
        "refused late": [FIRST, pet("refused", "08-06 09:00")],
        "answered": [FIRST, pet("answered", "08-22 17:00")],
        "paused": [FIRST, *pause, pet("answered", "08-28 17:00")],
        "asked late": [FIRST, pet("more_asked", "08-11 08:00"), pet("answered", "08-25 09:00")],
    })  # fmt: skip
    assert len(found["population"]) == 5
    assert found["in_time"] == ["answered", "paused", "refused"]
    assert found["ended_late"] == found["bad"] == ["asked late", "refused late"]


def test_the_examples_of_judgements_and_of_the_period() -> None:
    judged = [pet("judged", "08-20 09:00", verdict="disliked"), pet("judged", "08-21 09:00", verdict="satisfied")]
    answered = [FIRST, pet("answered", "08-10 09:00")]
    found = counts({
        "both": [*answered, *judged],
        "disliked": [*answered, judged[0]],
        "after": [*answered, pet("judged", "09-01 00:00", verdict="disliked")],
        "again": [*answered, pet("judged", "08-31 23:59", verdict="raised_again")],
        "july, answered in august": [pet("received", "07-27 09:00"), pet("answered", "08-03 09:00")],
        "july": [pet("received", "07-20 09:00"), pet("answered", "07-28 09:00")],
        "waiting": [FIRST, pet("more_asked", "08-10 17:00")],
        "overdue": [FIRST],
        "open": [pet("received", "08-27 09:00")],
        "refused after it": [FIRST, pet("refused", "09-03 09:00")],
        "nobody": [pet("answered", "08-10 09:00")],
        "old": [pet("received", "08-03 09:00", petition="P")],
    })  # fmt: skip
    assert set(found["population"]) == {
        *("both", "disliked", "after", "again", "july, answered in august"),
        *("waiting", "overdue", "open", "refused after it"),
    }
    assert found["bad"] == ["again", "disliked", "overdue", "refused after it"]
    assert found["overdue"] == ["overdue", "refused after it"], "not ended before P1: by the 15 days"
    assert found["waiting"] == ["waiting"]


KINDS = st.sampled_from(
    [*("received", "more_asked", "supplemented", "refused", "answered", "published"), *(["judged"] * 3), "handed_over"]
)
DAYS = ("07-28", "08-03", "08-05", "08-10", "08-22", "08-28", "08-31", "09-01")
TIMES = st.sampled_from([f"{day} {hour}" for day in DAYS for hour in ("09:00", "17:00")])


@st.composite
def entries(draw: st.DrawFn) -> list[Json]:
    found = [FIRST]
    for number in range(draw(st.integers(0, 7))):
        kind, data = draw(KINDS), {}
        if kind == "judged":
            data["verdict"] = draw(st.sampled_from(["disliked", "satisfied", "raised_again"]))
        elif kind == "handed_over":
            data["unit"] = draw(st.sampled_from(["H38.08", "H38.100"]))
        found.append(pet(kind, draw(TIMES), id_=f"e{number}", **data))
    return found


def in_plain_words(one: Petition, end: datetime, clock: datetime) -> dict[str, bool]:
    """5.2 and 5.3 of one petition of the period before `end`, by the oracle's facts."""
    ended = one.ended_at is not None and one.ended_at < end
    if ended:
        due = one.refuse_due if one.end == "refused" else one.due
        in_time = one.judged_at is not None and due is not None and one.judged_at <= due
    else:
        stopped = any(begin <= clock and (stop is None or clock < stop) for begin, stop in one.pauses)
        in_time = stopped or (one.due is not None and one.due >= clock)
    raised = one.raised_again_at is not None and one.raised_again_at < end
    return {"in_time": in_time, "bad": not in_time or raised or one.disliked_before(end)}


@unhurried
@given(st.lists(entries(), min_size=1, max_size=4), st.sampled_from(["08-22 17:00", "08-25 10:00", "12-31 09:00"]))
def test_figures_are_those_of_plain_words_over_the_oracles_facts(cases: list[list[Json]], as_of: str) -> None:
    named = {f"PA-{number}": some for number, some in enumerate(cases)}
    found = counts(named, as_of)
    lines = [
        {"partition": 0, "offset": offset, "entry": orjson.loads(orjson.dumps({**entry, "subject": code}))}
        for offset, (code, entry) in enumerate((code, entry) for code, some in named.items() for entry in some)
    ]
    end, clock = to_datetime(AUGUST.end), to_datetime(min(AUGUST.end, at(as_of)))
    begin = to_datetime(AUGUST.start)
    for code, one in all_petitions(read_journal(lines), ZONE).items():
        assert one.received_at is not None
        there = one.received_at < end and (one.ended_at is None or one.ended_at >= begin)
        assert (code in found["population"]) == there
        if there:
            for name, wanted in in_plain_words(one, end, clock).items():
                assert (code in found[name]) == wanted, (code, name)
