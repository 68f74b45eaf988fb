"""Settling many dead letters from the command line: few requests, what is unknown again, progress where it is piped."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx
import pytest

from motcua.cli.deadletters import resuming
from motcua.cli.deadletters import settling as deadletter_settling
from motcua.cli.deadletters.door import DeadLetterDoor, Settling
from motcua.cli.errors import CommandError
from motcua.cli.session import Session

IDS = [f"motcua.journal.v1:0:{number}" for number in range(3)]


def door(monkeypatch: pytest.MonkeyPatch, answer: Callable[[list[str]], httpx.Response]) -> DeadLetterDoor:
    """A door to an intake that answers so to the letters asked."""
    services: Any = SimpleNamespace(key="k", address=lambda _: "http://intake")
    made = DeadLetterDoor(Session(Path("nowhere"), "en"), services)
    transport = httpx.MockTransport(lambda request: answer(json.loads(request.content)["letters"]))
    made._client = httpx.Client(transport=transport)
    monkeypatch.setattr(time, "sleep", lambda _: None)
    return made


def test_only_what_is_not_known_is_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[list[str]] = []

    def answer(ids: list[str]) -> httpx.Response:
        asked.append(ids)
        if len(asked) == 1:
            raise httpx.ReadTimeout("no answer")
        if len(asked) == 2:
            return httpx.Response(503, json={"status": 503, "code": "broker_away"})
        told: list[dict[str, Any]] = [{"letter": id_, "answer": {"id": id_}, "problem": None} for id_ in ids]
        if len(asked) == 3:
            told[1] |= {"answer": None, "problem": {"status": 503, "code": "outcome_unknown"}}
            told[2] |= {"answer": None, "problem": {"status": 422, "code": "not_json"}}
        return httpx.Response(200, json={"letters": told})

    first, second, third = door(monkeypatch, answer).replay_many(IDS)
    assert asked == [IDS, IDS, IDS, [IDS[1]]]
    assert [one.letter for one in (first, second, third)] == IDS
    assert first.answer is not None
    assert second.answer is not None
    assert third.problem is not None
    assert third.problem["code"] == "not_json"
    assert not any(one.unknown for one in (first, second, third))


def test_a_refusal_of_the_whole_is_told_of_each(monkeypatch: pytest.MonkeyPatch) -> None:
    told = door(monkeypatch, lambda _: httpx.Response(403, json={"code": "not_admin"})).replay_many(IDS)
    assert [(one.problem or {})["code"] for one in told] == ["not_admin"] * 3


def test_progress_is_told_in_lines_where_nobody_sees_it_change(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    clock = iter(range(100_000))
    # Its own clock: others in this process look at the real one meanwhile.
    monkeypatch.setattr(deadletter_settling, "time", SimpleNamespace(monotonic=lambda: next(clock) * 0.7))
    asked: list[int] = []

    def settle(some: Sequence[str]) -> list[Settling]:
        asked.append(len(some))
        return [Settling(one, answer={}) for one in some]

    chosen = [f"t:0:{number}" for number in range(1_700)]
    told = deadletter_settling._each(Session(Path("nowhere"), "en"), chosen, settle, 500)
    assert [one.letter for one in told] == chosen
    assert asked == [500, 500, 500, 200]
    out, err = capsys.readouterr()
    assert out == ""
    assert "1000/1700 letters" in err


def test_a_position_is_one_partition_s(monkeypatch: pytest.MonkeyPatch) -> None:
    posted: list[str] = []
    places = {"2": {"state": "stopped", "reason": "deadletter_run: …"}}

    class Services:
        def __init__(self, _: Session) -> None: ...

        def replicas(self, _: str) -> list[str]:
            return ["http://one"]

        def get_at(self, *_: str) -> dict[str, Any]:
            return {"partitions": places}

        def post_at(self, address: str, path: str) -> dict[str, Any]:
            posted.append(address + path)
            return {"next": 7}

    context: Any = SimpleNamespace(obj=Session(Path("nowhere"), "en"))
    monkeypatch.setattr(resuming, "Services", Services)
    for partitions in (None, [1, 2]):
        with pytest.raises(CommandError, match="--to"):
            resuming.resume(context, partitions, count=None, to=7)
    resuming.resume(context, [2], count=20, to=48)
    resuming.resume(context, None, count=None, to=None)
    assert posted == ["http://one/v1/partitions/2/resume?count=20&to=48", "http://one/v1/partitions/2/resume"]
