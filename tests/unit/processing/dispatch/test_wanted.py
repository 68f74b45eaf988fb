"""What agencies are told of a dossier: once, whatever was read twice, and taken back when it proved wrong."""

from __future__ import annotations

from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.processing.dispatch.wanted import Message, Notice, Sent, concerns, notice_of, reconcile
from shared.contract.tasks import AGENCY_ADAPTER
from shared.instants import parse_instant

UNITS = frozenset({"H1.01", "H1.02"})
CLOCK = parse_instant("2026-08-21T03:00:00Z")


def step(name: str, unit: str | None, outcome: str | None = None, **more: Any) -> dict[str, Any]:
    return {
        "step": name,
        "unit": unit,
        "planned": True,
        "assigned_at": "2026-08-20T02:00:00Z",
        "outcome": outcome,
        "budget": 60,
        "due": "2026-08-20T03:00:00Z",
    } | more


def row(*steps: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "code": "H1-1",
        "unit": "H1.01",
        "procedure": "p",
        "due": "2026-08-25T10:00:00Z",
        "steps": list(steps),
    } | more


def breach(**more: Any) -> dict[str, Any]:
    return {"kind": "breach", "due": "2026-08-20T10:00:00Z", "at": "2026-08-20T10:00:00Z"} | more


def tell(
    dossier: dict[str, Any], *happened: dict[str, Any], sent: list[Sent] | None = None, units: frozenset[str] = UNITS
) -> tuple[list[Message], list[Sent]]:
    notices = [notice for one in happened if (notice := notice_of(dossier, one))]
    return reconcile(dossier, notices, sent or [], units, CLOCK)


def types(messages: list[Message]) -> list[tuple[str, str]]:
    return [(message.type, message.unit) for message in messages]


def test_a_running_step_is_given_once() -> None:
    messages, sent = tell(row(step("check", "H1.01")))
    assert types(messages) == [("task.assigned", "H1.01")]
    again, after = tell(row(step("check", "H1.01")), sent=sent)
    assert again == []
    assert after == sent


def test_parallel_steps_go_to_their_owners_and_reported_ones_to_nobody() -> None:
    messages, _ = tell(row(step("a", "H1.01"), step("b", "H1.02"), step("c", "H1.02", planned=False)))
    assert types(messages) == [("task.assigned", "H1.01"), ("task.assigned", "H1.02")]


def test_units_without_topic_are_told_nothing_and_nothing_is_recorded() -> None:
    assert tell(row(step("a", "H9")), breach(unit="H9")) == ([], [])


@pytest.mark.parametrize("outcome", ["completed", "sent_back", "handed_over", "cut_off"])
def test_an_ended_step_closes_its_task(outcome: str) -> None:
    _, sent = tell(row(step("a", "H1.01")))
    messages, sent = tell(row(step("a", "H1.01", outcome)), sent=sent)
    assert types(messages) == [("task.closed", "H1.01")]
    assert messages[0].data["outcome"] == outcome
    assert tell(row(step("a", "H1.01", outcome)), sent=sent)[0] == []


def test_a_step_that_never_was_is_cancelled_and_can_come_again_under_a_new_id() -> None:
    first, sent = tell(row(step("a", "H1.01")))
    cancelled, sent = tell(row(), sent=sent)
    assert types(cancelled) == [("task.cancelled", "H1.01")]
    again, sent = tell(row(step("a", "H1.01")), sent=sent)
    assert types(again) == [("task.assigned", "H1.01")]
    assert again[0].id != first[0].id
    assert again[0].data["task"] == first[0].data["task"]


def test_a_moved_due_is_told() -> None:
    _, sent = tell(row(step("a", "H1.01")))
    messages, sent = tell(row(step("a", "H1.01", due="2026-08-20T04:00:00Z")), sent=sent)
    assert types(messages) == [("task.changed", "H1.01")]
    assert tell(row(step("a", "H1.01", due="2026-08-20T04:00:00Z")), sent=sent)[0] == []


def test_another_epoch_that_knows_the_same_sends_nothing() -> None:
    _, sent = tell(row(step("a", "H1.01")), breach())
    stored = [Sent.from_stored(one.to_stored()) for one in sent]
    assert tell(row(step("a", "H1.01")), breach(), sent=stored)[0] == []


def test_a_notice_taken_back_before_anybody_was_told_is_told_to_nobody() -> None:
    retracted = breach(kind="retracted", retracts="breach")
    assert tell(row(), breach(), retracted) == ([], [])


def test_a_notice_taken_back_later_is_cancelled_once() -> None:
    retracted = breach(kind="retracted", retracts="breach")
    given, sent = tell(row(), breach())
    assert types(given) == [("notice.given", "H1.01")]
    cancelled, sent = tell(row(), retracted, sent=sent)
    assert types(cancelled) == [("notice.cancelled", "H1.01")]
    assert tell(row(), retracted, sent=sent)[0] == []


def test_a_notice_is_taken_back_from_the_unit_that_got_it_though_another_has_the_dossier_now() -> None:
    _, sent = tell(row(), breach())
    messages, after = tell(row(unit="H1.02"), breach(kind="retracted", retracts="breach"), sent=sent)
    assert types(messages) == [("notice.cancelled", "H1.01")]
    assert messages[0].data["notice"] == sent[0].id
    assert messages[0].data["unit"] == "H1.01"
    assert tell(row(unit="H1.02"), breach(kind="retracted", retracts="breach"), sent=after)[0] == []
    both = [notice_of(row(), breach()), notice_of(row(unit="H1.02"), breach(kind="retracted", retracts="breach"))]
    assert reconcile(row(unit="H1.02"), [one for one in both if one], [], UNITS, CLOCK) == ([], [])


def test_what_helps_nobody_any_more_is_not_sent() -> None:
    assert tell(row(finished_at="2026-08-21T02:00:00Z"), breach())[0] == []
    warning = breach(kind="warning", rung_us=1)
    assert tell(row(), warning)[0] == []
    assert types(tell(row(), warning | {"due": "2026-08-22T10:00:00Z"})[0]) == [("notice.given", "H1.01")]


def test_a_notice_of_a_step_that_ended_is_not_sent() -> None:
    late = breach(of="step", step="a", occurrence=2, unit="H1.02")
    ended = tell(row(step("a", "H1.02"), step("a", "H1.02", "completed", occurrence=2)), late)[0]
    assert types(ended) == [("task.assigned", "H1.02")]
    running = tell(row(step("a", "H1.02", "sent_back"), step("a", "H1.02", occurrence=2)), late)[0]
    assert types(running) == [("task.assigned", "H1.02"), ("notice.given", "H1.02")]


def test_a_notice_is_taken_back_where_nobody_is_accountable_any_more() -> None:
    _, sent = tell(row(), breach())
    messages, after = tell(row(unit=None), breach(kind="retracted", retracts="breach"), sent=sent)
    assert types(messages) == [("notice.cancelled", "H1.01")]
    assert messages[0].data["unit"] == "H1.01"
    assert tell(row(unit=None), breach(kind="retracted", retracts="breach"), sent=after)[0] == []


def test_a_recovery_is_no_notice() -> None:
    assert notice_of(row(), breach(kind="recovered")) is None
    assert notice_of(row(), breach(kind="retracted", retracts="recovered")) is None


def test_a_step_notice_goes_to_its_unit_and_rungs_are_told_apart() -> None:
    happened = [
        breach(of="step", step="a", occurrence=1, unit="H1.02"),
        breach(kind="warning", due="2026-08-22T10:00:00Z", rung_us=5),
    ]
    messages, _ = tell(row(step("a", "H1.02"), step("a", "H9", occurrence=2)), *happened, units=UNITS)
    assert types(messages) == [("task.assigned", "H1.02"), ("notice.given", "H1.02"), ("notice.given", "H1.01")]
    other, _ = tell(row(), happened[1] | {"rung_us": 6})
    assert other[0].id != messages[2].id


def test_messages_are_of_the_contract() -> None:
    _, sent = tell(row(step("a", "H1.01")), breach())
    all_: list[Message] = [
        *tell(row(step("a", "H1.01")), breach())[0],
        *tell(row(), breach(kind="retracted", retracts="breach"), sent=sent)[0],
        *tell(row(step("a", "H1.01", "completed")), sent=sent)[0],
        *tell(row(step("a", "H1.01", budget=5)), sent=sent)[0],
    ]
    assert {message.type for message in all_} == {
        "task.assigned",
        "task.changed",
        "task.closed",
        "task.cancelled",
        "notice.given",
        "notice.cancelled",
    }
    for message in all_:
        event = {
            "specversion": "1.0",
            "id": message.id,
            "source": "motcua/dispatcher",
            "type": message.type,
            "subject": "H1-1",
            "time": "2026-08-21T03:00:00Z",
            "data": message.data,
        }
        AGENCY_ADAPTER.validate_json(orjson.dumps(event))


def test_who_is_out_of_reach_keeps_its_task_until_it_can_be_told_that_it_ended() -> None:
    _, sent = tell(row(step("a", "H1.01")))
    assert tell(row(step("a", "H1.01", "completed")), sent=sent, units=frozenset({"H1.02"})) == ([], sent)
    assert types(tell(row(step("a", "H1.01", "completed")), sent=sent)[0]) == [("task.closed", "H1.01")]


def test_a_notice_to_who_is_out_of_reach_is_taken_back_all_the_same() -> None:
    _, sent = tell(row(), breach())
    messages, after = tell(row(), breach(kind="retracted", retracts="breach"), sent=sent, units=frozenset())
    assert types(messages) == [("notice.cancelled", "H1.01")], "it stays owed"
    assert tell(row(), breach(kind="retracted", retracts="breach"), sent=after)[0] == []


@pytest.mark.parametrize(
    ("dossier", "happened", "does"),
    [
        (row(step("a", "H1.01")), [], True),
        (row(step("a", "H9")), [breach()], True),
        (row(step("a", "H9")), [breach(unit="H9")], False),
        (row(step("a", "H1.01", "completed")), [], False),
        (row(step("a", "H1.01"), finished_at="2026-08-21T02:00:00Z"), [], False),
        (row(step("a", "H1.01", planned=False)), [breach(kind="recovered")], False),
    ],
)
def test_what_concerns_nobody_is_told_to_nobody(
    dossier: dict[str, Any], happened: list[dict[str, Any]], does: bool
) -> None:
    notices = [notice for one in happened if (notice := notice_of(dossier, one))]
    assert concerns(dossier, notices, UNITS) is does
    assert bool(reconcile(dossier, notices, [], UNITS, CLOCK)[0]) is does


def test_a_notice_without_unit_is_none() -> None:
    assert notice_of(row(unit=None), breach()) is None
    assert isinstance(notice_of(row(), breach()), Notice)


@pytest.mark.parametrize(
    ("code", "path"),
    [
        ("H1-1", "/v1/dossiers/H1-1/apology"),
        ("H1/7", "/v1/dossiers/H1/7/apology"),
        ("Hồ sơ 1%?#", "/v1/dossiers/H%E1%BB%93%20s%C6%A1%201%25%3F%23/apology"),
    ],
)
def test_the_path_of_a_draft_leads_to_the_dossier_whatever_its_code(code: str, path: str) -> None:
    notice = notice_of(row(code=code), breach(of="dossier"))
    assert notice is not None
    assert notice.data["apology"] == path


def test_a_notice_that_was_withheld_is_given_once_its_step_goes_on_after_all() -> None:
    late = breach(of="step", step="a", occurrence=1, unit="H1.01")
    messages, sent = tell(row(step("a", "H1.01", "completed")), late)
    assert messages == []
    messages, sent = tell(row(step("a", "H1.01")), sent=sent)
    assert types(messages) == [("task.assigned", "H1.01"), ("notice.given", "H1.01")]
    assert messages[1].id.endswith(" #1")
    assert tell(row(step("a", "H1.01")), late, sent=sent)[0] == []


def test_a_notice_that_was_withheld_and_taken_back_is_forgotten() -> None:
    late = breach(of="step", step="a", occurrence=1, unit="H1.01")
    _, sent = tell(row(step("a", "H1.01", "completed")), late)
    messages, sent = tell(row(), late | {"kind": "retracted", "retracts": "breach"}, sent=sent)
    assert (messages, sent) == ([], [])


def test_a_notice_that_was_withheld_goes_to_nobody_once_another_unit_is_accountable() -> None:
    _, sent = tell(row(finished_at="2026-08-21T01:00:00Z"), breach(unit="H1.01"))
    messages, sent = tell(row(), breach(unit="H1.02"), sent=sent)
    assert types(messages) == [("notice.given", "H1.02")]
    assert tell(row(), sent=sent)[0] == []


_STEPS = st.sampled_from([(), (step("a", "H1.01"),), (step("a", "H1.01", "completed"),)])
_ENDS = st.sampled_from([None, "2026-08-21T01:00:00Z"])


@given(st.lists(st.tuples(_STEPS, _ENDS, st.lists(st.sampled_from(["dossier", "step"]), max_size=2)), max_size=8))
def test_what_is_told_does_not_depend_on_when_it_was_looked_at(
    history: list[tuple[tuple[dict[str, Any], ...], str | None, list[str]]],
) -> None:
    """Whoever reads all of it at once afterwards, as another epoch does, has nothing to add."""
    stands: set[str] = set()
    sent: list[Sent] = []
    all_: list[dict[str, Any]] = []
    for steps, finished_at, changes in history:
        happened = []
        for of in changes:
            one = breach(of=of, unit="H1.01") | ({"step": "a", "occurrence": 1} if of == "step" else {})
            happened.append(one if of not in stands else one | {"kind": "retracted", "retracts": "breach"})
            stands ^= {of}
        all_ += happened
        _, sent = tell(row(*steps, finished_at=finished_at), *happened, sent=sent)
        messages, after = tell(row(*steps, finished_at=finished_at), *all_, sent=sent)
        assert messages == []
        assert sorted(map(repr, after)) == sorted(map(repr, sent))
