"""What agencies are answered about their entries: each once, and again only when another verdict holds."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.processing.dispatch.judged import Answered, Heard, Verdict, heard_of, judge, verdicts_of
from services.processing.dispatch.wanted import Message
from shared.contract.answers import ANSWER_ADAPTER, AnswerJudged

ONE, TWO = "H1.01", "H1.02"
UNITS = frozenset({ONE, TWO})
NOBODY: frozenset[str] = frozenset()
REJECTED = {"code": "not_the_owner", "source": "s", "id": "1", "step": "check", "unit": ONE, "owner": TWO}


def row(**more: Any) -> dict[str, Any]:
    return {
        "code": "H1-1",
        "status": 4,
        "unit": TWO,
        "due": "2026-08-25T10:00:00Z",
        "due_basis": "promised",
        "findings": [],
        "rejections": [],
    } | more


def finding(code: str, id_: str = "1", source: str = "s") -> dict[str, Any]:
    return {"code": code, "source": source, "id": id_}


def entry(id_: str = "1", revision: int = 0, unit: str = ONE, source: str = "s") -> Heard:
    return Heard(unit, "step.completed", source, id_, revision)


def told(messages: list[Message]) -> list[tuple[str, int, int, str]]:
    return [(one.data["id"], one.data["revision"], one.data["version"], one.data["fate"]) for one in messages]


def test_only_what_an_agency_sent_is_heard() -> None:
    told_ = {"type": "step.completed", "source": "s", "id": "1", "revision": 2, "sender": "agency-H1.01"}
    assert heard_of(told_) == entry(revision=2)
    assert heard_of(told_ | {"sender": "one-stop"}) is None
    assert heard_of(told_ | {"sender": None}) is None
    assert heard_of(None) is None


@pytest.mark.parametrize(
    ("dossier", "fate", "findings", "rejection"),
    [
        (row(), "counted", [], None),
        (row(findings=[finding("second_end"), finding("entry_after_finish")]), "finding", None, None),
        (row(findings=[finding("second_end", "2"), finding("second_end", source="t")]), "counted", [], None),
        (row(rejections=[REJECTED]), "rejected", [], REJECTED),
        (row(rejections=[REJECTED], findings=[finding("conflicting_content")]), "rejected", None, REJECTED),
    ],
)
def test_the_row_judges(dossier: dict[str, Any], fate: str, findings: list[str] | None, rejection: Any) -> None:
    (message,), _ = judge(dossier, [entry()], [], UNITS, NOBODY)
    assert message.unit == ONE
    assert message.data["fate"] == fate
    expected = sorted(one["code"] for one in dossier["findings"]) if findings is None else findings
    assert message.data["findings"] == expected
    assert message.data["rejection"] == rejection


def test_who_is_not_entitled_is_told_that_and_not_where_the_dossier_stands() -> None:
    refused = REJECTED | {"code": "not_entitled", "step": None}
    other = finding("not_entitled", "2", "another")
    dossier = row(rejections=[refused], findings=[finding("not_entitled"), other], finish="resolved")
    (message,), _ = judge(dossier, [entry()], [], UNITS, NOBODY)
    data = message.data
    assert (data["fate"], data["findings"], data["rejection"]) == ("rejected", ["not_entitled"], refused)
    assert [data[name] for name in ("unit", "due", "due_basis", "finish")] == [None] * 4
    assert "another" not in orjson.dumps(data).decode()


def test_an_answer_is_of_the_contract_and_says_where_the_dossier_stands() -> None:
    (message,), _ = judge(row(rejections=[REJECTED]), [entry()], [], UNITS, NOBODY)
    event = {
        "specversion": "1.0",
        "id": message.id,
        "source": "motcua/dispatcher",
        "type": message.type,
        "subject": "H1-1",
        "time": "2026-08-21T03:00:00Z",
        "data": message.data,
    }
    answer = ANSWER_ADAPTER.validate_json(orjson.dumps(event))
    assert isinstance(answer, AnswerJudged)
    assert answer.data.unit == TWO
    assert answer.data.due_basis == "promised"
    assert answer.data.rejection is not None
    assert answer.data.rejection.owner == TWO


def test_a_rejected_act_made_valid_is_answered_again_and_then_no_more() -> None:
    first, answered = judge(row(rejections=[REJECTED]), [entry()], [], UNITS, NOBODY)
    assert judge(row(rejections=[REJECTED], status=5), [], answered, UNITS, NOBODY) == ([], answered)
    second, answered = judge(row(), [], answered, UNITS, NOBODY)
    assert told(first + second) == [("1", 0, 1, "rejected"), ("1", 0, 2, "counted")]
    assert [one.id for one in first + second] == ["H1-1/s/1/0/judged/1", "H1-1/s/1/0/judged/2"]
    assert judge(row(), [entry()], answered, UNITS, NOBODY) == ([], answered)


def test_each_revision_is_answered_once_and_the_highest_from_then_on() -> None:
    first, answered = judge(row(), [entry(), entry(revision=2)], [], UNITS, NOBODY)
    assert told(first) == [("1", 0, 1, "counted"), ("1", 2, 1, "counted")]
    second, answered = judge(row(findings=[finding("second_end")]), [entry(revision=1)], answered, UNITS, NOBODY)
    assert told(second) == [("1", 2, 2, "finding"), ("1", 1, 1, "finding")]
    third, _ = judge(row(), [], answered, UNITS, NOBODY)
    assert told(third) == [("1", 2, 3, "counted")]


def test_two_contents_of_a_revision_are_one_entry() -> None:
    other = Heard(ONE, "step.sent_back", "s", "1", 0)
    messages, _ = judge(row(findings=[finding("conflicting_content")]), [entry(), other], [], UNITS, NOBODY)
    assert told(messages) == [("1", 0, 1, "finding")]


def test_units_answer_for_themselves_and_others_are_neither_answered_nor_recorded() -> None:
    both = [entry(), entry(unit=TWO), entry(unit="H9")]
    messages, answered = judge(row(), both, [], UNITS, NOBODY)
    assert [message.unit for message in messages] == [ONE, TWO]
    assert [one.entry.unit for one in answered] == [ONE, TWO]


def test_identities_cannot_be_taken_for_one_another() -> None:
    messages, _ = judge(row(), [entry("b/c", source="a"), entry("c", source="a/b")], [], UNITS, NOBODY)
    assert len({message.id for message in messages}) == 2


def test_who_is_paused_is_answered_later_what_holds_then() -> None:
    _, before = judge(row(), [entry("0")], [], UNITS, NOBODY)
    nothing, kept = judge(row(rejections=[REJECTED]), [entry()], before, NOBODY, UNITS)
    assert nothing == []
    later, _ = judge(row(findings=[finding("second_end", "0")]), [], kept, UNITS, NOBODY)
    assert told(later) == [("0", 0, 2, "finding"), ("1", 0, 1, "counted")]


def test_what_is_stored_is_read_back() -> None:
    dossier = row(rejections=[REJECTED], findings=[finding("second_end", "2")])
    _, answered = judge(dossier, [entry(), entry("2"), entry("3")], [], UNITS, NOBODY)
    _, answered = judge(dossier, [entry("4")], answered, NOBODY, UNITS)
    stored = orjson.loads(orjson.dumps([one.to_stored() for one in answered]))
    assert [Answered.from_stored(one) for one in stored] == answered
    assert len(stored[2]) == 6, "what counts is stored in few words"


_ids = st.sampled_from(["1", "2"])
_heard = st.builds(entry, _ids, st.integers(0, 2), st.sampled_from([ONE, TWO]))
_findings = st.lists(st.builds(finding, st.sampled_from(["second_end", "step_out_of_order"]), _ids), max_size=2)
_rejections = st.lists(
    st.builds(lambda id_, owner: REJECTED | {"id": id_, "owner": owner}, _ids, st.sampled_from([ONE, TWO])), max_size=2
)
_rows = st.builds(lambda found, rejected: row(findings=found, rejections=rejected), _findings, _rejections)
_steps = st.one_of(
    st.tuples(st.just("event"), st.tuples(st.none() | _heard, _rows)),
    st.tuples(st.sampled_from(["tell", "again", "crash"]), st.none()),
    st.tuples(st.just("disable"), st.sets(st.sampled_from([ONE, TWO]))),
)


@dataclass
class _Office:
    """What the dispatcher does around the pure part: reads, tells, remembers, and reads again."""

    events: list[tuple[Heard | None, dict[str, Any]]] = field(default_factory=list)
    read: int = 0
    stored: list[Any] = field(default_factory=list)
    disabled: frozenset[str] = NOBODY
    topic: list[Message] = field(default_factory=list)

    def tell(self, *, recorded: bool = True) -> None:
        new, self.read = self.events[self.read :], len(self.events)
        if not new:
            return
        heard = [one for one, _ in new if one is not None]
        answered = [Answered.from_stored(one) for one in self.stored]
        messages, after = judge(new[-1][1], heard, answered, UNITS - self.disabled, self.disabled)
        assert not {message.unit for message in messages} & self.disabled
        if recorded:
            self.topic += messages
            self.stored = orjson.loads(orjson.dumps([one.to_stored() for one in after]))
        else:
            self.read -= len(new)

    def switch(self, disabled: frozenset[str]) -> None:
        if self.disabled - disabled:
            self.read = 0
        self.disabled = disabled


@given(st.lists(_steps, max_size=25))
def test_the_last_answer_is_what_the_last_row_says_and_nothing_is_said_twice(steps: list[tuple[str, Any]]) -> None:
    office = _Office()
    for kind, what in steps:
        if kind == "event":
            office.events.append(what)
        elif kind == "disable":
            office.switch(frozenset(what))
        elif kind == "again":
            office.read = 0
        else:
            office.tell(recorded=kind == "tell")
    office.switch(NOBODY)
    office.tell()
    ids = [message.id + message.unit for message in office.topic]
    assert len(ids) == len(set(ids))
    sent = {one for one, _ in office.events if one is not None}
    for one in sent:
        last = office.events[-1][1]
        about = [
            message.data
            for message in office.topic
            if (message.unit, message.data["source"], message.data["id"], message.data["revision"])
            == (one.unit, one.source, one.id, one.revision)
        ]
        assert [data["version"] for data in about] == list(range(1, len(about) + 1))
        verdicts = [(data["fate"], data["findings"], data["rejection"]) for data in about]
        assert verdicts, "every entry is answered"
        assert all(a != b for a, b in pairwise(verdicts))
        highest = max(
            other.revision for other in sent if (other.unit, other.source, other.id) == (one.unit, one.source, one.id)
        )
        if one.revision == highest:
            verdict = verdicts_of(last).get((one.source, one.id), Verdict())
            assert verdicts[-1][:2] == (verdict.fate, list(verdict.findings))
    count = len(office.topic)
    office.read = 0
    office.tell()
    assert len(office.topic) == count
