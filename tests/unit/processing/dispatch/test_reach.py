"""Who can be told what, by the topics there are and what intake says of agencies."""

from __future__ import annotations

import httpx
import pytest

from services.processing.dispatch.judged import ANSWER, Heard
from services.processing.dispatch.reach import NOBODY, Reach, reach_of, topic_of
from services.processing.dispatch.roll import Roll
from services.processing.dispatch.wanted import Message
from shared.broker.topics import JOURNAL, agency_answers, agency_outbox, agency_tasks

UNIT = "H1.01"
TOPICS = [JOURNAL, agency_outbox(UNIT), agency_tasks(UNIT), agency_answers(UNIT), agency_tasks("H1.02")]
NO_ONE: frozenset[str] = frozenset()


def test_topics_decide_who_is_told_what() -> None:
    reach = reach_of(TOPICS, NO_ONE)
    assert reach == Reach(frozenset({UNIT, "H1.02"}), frozenset({UNIT}))
    assert reach.units == {UNIT, "H1.02"}
    assert reach_of([JOURNAL, agency_outbox(UNIT), "motcua.agency..tasks.v1"], NO_ONE) == NOBODY


def test_a_disabled_unit_is_told_nothing_and_its_entries_are_kept_in_mind() -> None:
    reach = reach_of(TOPICS, frozenset({UNIT}))
    assert reach == Reach(frozenset({"H1.02"}), NO_ONE, frozenset({UNIT}))
    assert reach != NOBODY
    assert reach_of(TOPICS, NO_ONE).covers(reach)
    assert not reach.covers(reach_of(TOPICS, NO_ONE))


def test_those_who_are_answered_now_or_later_are_heard() -> None:
    heard = Heard(UNIT, "step.completed", "s", "1", 0)
    assert reach_of(TOPICS, NO_ONE).hears(heard)
    assert reach_of(TOPICS, frozenset({UNIT})).hears(heard)
    assert not Reach(frozenset({UNIT})).hears(heard)
    assert not NOBODY.hears(None)


def test_messages_go_to_the_topics_they_are_for() -> None:
    task, answer = Message("1", UNIT, "task.assigned", {}), Message("2", UNIT, ANSWER, {})
    assert [topic_of(task), topic_of(answer)] == [agency_tasks(UNIT), agency_answers(UNIT)]
    only_tasks = Reach(frozenset({UNIT}))
    assert only_tasks.gets(task)
    assert not only_tasks.gets(answer)


@pytest.mark.parametrize(
    ("status", "content", "found"),
    [
        (200, b'{"agencies": [{"unit": "A", "enabled": true}, {"unit": "B", "enabled": false}]}', {"B"}),
        (200, b'{"agencies": []}', set()),
        (404, b"", None),
        (503, b"", None),
        (200, b"[]", None),
        (200, b"no JSON", None),
        (200, b'{"agencies": [{"unit": "A"}]}', None),
    ],
)
async def test_the_roll_says_who_is_disabled_or_that_it_does_not_know(
    status: int, content: bytes, found: set[str] | None
) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        assert request.url.path == "/v1/agencies"
        assert request.headers["Authorization"] == "Bearer mc_own"
        return httpx.Response(status, content=content)

    roll = Roll("http://intake", "mc_own", httpx.MockTransport(answer))
    assert await roll.disabled() == found
    assert await roll.disabled() == found
    await roll.close()
