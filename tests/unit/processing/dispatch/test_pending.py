"""What waits to be told: quiet for a while, in code order, and from where a successor must read."""

from __future__ import annotations

from services.processing.dispatch.judged import Heard
from services.processing.dispatch.pending import Pending


def test_a_dossier_is_ripe_when_it_was_quiet() -> None:
    pending = Pending()
    pending.add("b", {"n": 1}, [], 5, now=10.0)
    pending.add("a", {"n": 1}, [], 6, now=11.0)
    assert not pending.any_ripe(9.9)
    assert list(pending.ripe(10.0)) == ["b"]
    assert list(pending.ripe(11.0)) == ["a", "b"]


def test_news_make_it_wait_again_and_keep_its_first_offset() -> None:
    pending = Pending()
    pending.position = 9
    pending.add("a", {"n": 1}, [], 5, now=10.0)
    pending.add("a", {"n": 2}, [], 8, now=20.0)
    assert not pending.any_ripe(10.0)
    assert pending.ripe(20.0)["a"].row == {"n": 2}
    assert pending.resume_at == 5
    pending.told(["a"])
    assert pending.resume_at == 9
    assert len(pending) == 0


def test_a_restart_forgets_what_waits() -> None:
    pending = Pending()
    pending.add("a", {}, [], 5, now=1.0)
    pending.restart(0)
    assert len(pending) == 0
    assert pending.resume_at == 0


def test_entries_heard_of_wait_with_their_dossier() -> None:
    pending = Pending()
    one, two = (Heard("H1", "step.completed", "s", id_, 0) for id_ in "12")
    pending.add("a", {}, [], 5, now=1.0, heard=one)
    pending.add("a", {}, [], 6, now=1.0)
    pending.add("a", {}, [], 7, now=1.0, heard=two)
    assert pending.ripe(1.0)["a"].heard == [one, two]
    assert pending.entries == 2
    pending.told(["a"])
    assert pending.entries == 0


def test_a_stale_row_behind_a_newer_one_is_nothing_new() -> None:
    pending = Pending()
    pending.add("a", {"n": 2}, [], 5, now=1.0, cause=20)
    pending.add("a", {"n": 1}, [], 6, now=2.0, cause=10)
    assert pending.ripe(1.0)["a"].row == {"n": 2}
    pending.add("a", {"n": 2, "healed": True}, [], 7, now=3.0, cause=20)
    assert pending.ripe(3.0)["a"].row == {"n": 2, "healed": True}
