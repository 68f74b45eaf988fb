"""When a process is started anew: by what it said, and for how long it has not been well."""

from __future__ import annotations

import pytest

from shared.upkeep.vigil import Answer, Vigil, answer_of


@pytest.mark.parametrize(
    ("status", "body", "answer"),
    [(200, "ok", "ok"), (200, "loading\n", "loading"), (503, "{}", "ended"), (404, "", "ended"), (200, "", "ok")],
)
def test_what_an_answer_says(status: int, body: str, answer: Answer) -> None:
    assert answer_of(status, body) == answer


@pytest.mark.parametrize(
    ("answers", "restarted_at"),
    [
        (["ok", "silent", "silent", "silent", "silent"], 3),
        (["ok", "silent", "silent", "ok", "silent", "silent", "silent"], 6),
        (["ok", "ended", "silent", "ended"], 3),
        (["loading", *["silent"] * 20], None),
        (["loading", "ok", "silent", "silent", "silent"], 4),
        (["loading", "ended", "ended", "ended"], 3),
        (["silent", "silent", "silent", "silent"], 3),
    ],
)
def test_patience(answers: list[Answer], restarted_at: int | None) -> None:
    vigil = Vigil(30.0)
    found = [place for place, answer in enumerate(answers) if vigil.look(place * 10.0, answer)]
    assert found[:1] == ([] if restarted_at is None else [restarted_at])


def test_no_patience_is_no_watch() -> None:
    vigil = Vigil(0.0)
    assert not any(vigil.look(second, "silent") for second in range(0, 1_000, 10))


def test_who_slept_himself_accuses_nobody() -> None:
    vigil = Vigil(30.0)
    vigil.look(0, "ok")
    assert not vigil.look(3_600, "silent"), "the machine slept: one look is one look"
    assert vigil.look(3_615, "silent")


def test_what_was_seen_can_be_kept_between_looks() -> None:
    answers: list[Answer] = ["ok", "silent", "loading", "silent", "ok", "silent", "silent", "silent"]
    alone, kept = Vigil(30.0), Vigil(30.0).kept()
    for second, answer in enumerate(answers):
        vigil = Vigil(**kept)
        assert vigil.look(second * 10.0, answer) == alone.look(second * 10.0, answer)
        kept = vigil.kept()
