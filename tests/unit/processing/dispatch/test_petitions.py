"""What agencies are told of petitions: warnings and breaches of their own kinds, taken back when they prove wrong."""

from __future__ import annotations

from typing import Any

import orjson

from services.processing.dispatch.judged import Heard, judge
from services.processing.dispatch.news import News, read_news
from services.processing.dispatch.reach import Reach
from services.processing.dispatch.wanted import Message, Sent, reconcile
from services.processing.engine import CaseState, Outcome, apply_clock, apply_entry
from services.processing.record import read_entry
from services.processing.stream.output import Records
from shared.contract.answers import ANSWER_ADAPTER, Judged
from shared.contract.tasks import AGENCY_ADAPTER, NoticeData
from tests.unit.processing.driver import REFERENCE
from tests.unit.processing.petitions.acts import at, pet

UNITS = frozenset({"H38.08", "H38.100"})
REACH = Reach(tasks=UNITS, answers=UNITS)
FIRST = pet("received", "08-03 09:00", unit="H38.08", dossier="D-1")


class Played:
    """A petition by engine and topic, and what its units were told."""

    def __init__(self) -> None:
        self.state: CaseState | None = None
        self.clock: int | None = None
        self.sent: list[Sent] = []
        self.told: list[Message] = []
        self.offset = 0

    def enter(self, entry: dict[str, Any]) -> Played:
        self.offset += 1
        record = read_entry(orjson.dumps(entry), self.offset)
        return self._take(apply_entry(self.state, record, self.clock, REFERENCE))

    def tick(self, time: str) -> Played:
        self.offset += 1
        self.clock = at(time)
        assert self.state is not None
        return self._take(apply_clock(self.state, self.offset, self.clock, REFERENCE))

    def _take(self, outcome: Outcome) -> Played:
        self.state = outcome.state
        if outcome.emit:
            _, value = Records(1, 0).case(outcome.state.case, self.offset, 0, outcome.row, outcome.happened)
            news = read_news(value, self.offset, REACH)
            assert isinstance(news, News)
            assert news.whole
            assert news.key == "petition:PA-1"
            told, self.sent = reconcile(news.row, news.notices, self.sent, UNITS, self.clock or 0)
            self.told += told
        return self

    def lines(self) -> list[tuple[str, str, str]]:
        return [(message.type, message.unit, message.data["kind"]) for message in self.told]


def test_its_unit_is_warned_and_told_of_the_breach() -> None:
    played = Played().enter(FIRST).tick("08-21 18:00").tick("08-22 18:00")
    assert played.lines() == [
        ("notice.given", "H38.08", "petition_warning"),
        ("notice.given", "H38.08", "petition_breach"),
    ]
    for message in played.told:
        event = {"specversion": "1.0", "source": "s", "subject": "PA-1", "time": "2026-08-22T11:00:00Z"}
        read = AGENCY_ADAPTER.validate_python(event | {"id": message.id, "type": message.type, "data": message.data})
        assert isinstance(read.data, NoticeData)
        assert (read.data.petition, read.data.dossier, read.data.of) == ("PA-1", "D-1", "petition")
        assert read.data.apology is None


def test_without_a_dossier_its_own_code_stands_for_it() -> None:
    played = Played().enter(pet("received", "08-03 09:00", unit="H38.08")).tick("08-22 18:00")
    assert {message.data["dossier"] for message in played.told} == {"PA-1"}
    assert Played().enter(pet("received", "08-03 09:00")).tick("08-22 18:00").told == [], "of no unit: nobody"


def test_what_proves_wrong_is_taken_back_from_who_was_told() -> None:
    played = Played().enter(FIRST).tick("08-22 18:00")
    given = len(played.told)
    played.enter(pet("handed_over", "08-20 09:00", unit="H38.100"))
    cancelled = [(message.type, message.unit) for message in played.told[given:]]
    assert set(cancelled) == {("notice.cancelled", "H38.08")}


def test_the_fate_of_an_entry_names_petition_and_dossier() -> None:
    state = apply_entry(None, read_entry(orjson.dumps(FIRST), 0), None, REFERENCE)
    _, value = Records(1, 0).case(state.state.case, 0, 0, state.row, [])
    news = read_news(value, 0, REACH)
    assert isinstance(news, News)
    heard = Heard("H38.08", "petition.received", "pakn", "r", 0)
    [answer], _ = judge(news.row, [heard], [], UNITS, frozenset())
    event = {"specversion": "1.0", "source": "s", "subject": "PA-1", "time": "2026-08-22T11:00:00Z"}
    read = ANSWER_ADAPTER.validate_python(event | {"id": answer.id, "type": answer.type, "data": answer.data})
    assert isinstance(read.data, Judged)
    assert (read.data.petition, read.data.dossier, read.data.status, read.data.fate) == ("PA-1", "D-1", 4, "counted")
    assert "petition:PA-1" in answer.id, "an entry of the same identity about the dossier PA-1 is answered apart"
