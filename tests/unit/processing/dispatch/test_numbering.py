"""Versions of messages about tasks and notices: they count, over what was recorded, whatever the message is."""

from __future__ import annotations

from services.processing.dispatch.numbering import numbered
from services.processing.dispatch.wanted import Message, Sent, reconcile

CLOCK = 0
UNITS = frozenset({"H1"})


def row(due: str | None, outcome: str | None = None) -> dict[str, object]:
    step = {"step": "check", "unit": "H1", "planned": True, "assigned_at": "2026-08-20T02:00:00Z", "due": due}
    return {"code": "d", "unit": "H1", "steps": [step | {"outcome": outcome}]}


def test_messages_of_one_task_count_and_the_count_is_recorded() -> None:
    sent: list[Sent] = []
    told: list[Message] = []
    for given in (row("1"), row("2"), row("1"), row("2"), row("2", "completed")):
        before = [Sent.from_stored(one.to_stored()) for one in sent]
        fresh, sent = numbered(*reconcile(given, [], before, UNITS, CLOCK), before)
        told += fresh
    assert [message.data["version"] for message in told] == [1, 2, 3, 4, 5]
    assert len({message.id for message in told}) == 5, "changed back and forth, each is a message of its own"
    assert [one.version for one in sent] == [5]


def test_what_was_recorded_before_there_were_versions_counts_as_none() -> None:
    old = Sent.from_stored(["task d check 1 H1", "H1", "sent", 1, "check", 1, "1", None])
    (changed,), (now,) = numbered(*reconcile(row("2"), [], [old], UNITS, CLOCK), [old])
    assert changed.data["version"] == now.version == 1


def test_withheld_notices_keep_their_data_and_their_version() -> None:
    one = Sent("notice d", "H1", "withheld", data={"a": 1}, version=3)
    assert Sent.from_stored(one.to_stored()) == one
    bare = Sent("notice d", "H1", "withheld", data={"a": 1})
    assert Sent.from_stored(bare.to_stored()) == bare
