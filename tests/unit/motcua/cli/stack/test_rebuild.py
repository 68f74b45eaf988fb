"""When a rebuild switches and when it does not; deriving and reading are played by stand-ins."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from deploy.local.errors import StackError
from deploy.local.home import Home, Stack
from deploy.local.stack import LocalStack
from deploy.operations.epochs.compare import Comparison, Difference
from deploy.operations.epochs.rebuild import Rebuild
from deploy.operations.epochs.site import LocalSite
from shared.clock import FixedClock
from shared.contract.housekeeping import LiveEpoch

SAME = Comparison(3, 0, [])
OTHER = Comparison(3, 1, [Difference("a", ["due"])])


class Supervised:
    """A stack that writes down what its supervisor is asked."""

    def __init__(self, folder: Path) -> None:
        self.home = Home(folder)
        self.home.create()
        self.home.save(Stack(ports={"kafka": 1, "metrics": 2, "processing": 3}))
        self.asked: list[tuple[str, Any]] = []

    def addresses(self) -> dict[str, str]:
        return {"kafka": "127.0.0.1:1", "metrics": "http://127.0.0.1:2", "processing": "http://127.0.0.1:3"}

    def admin_key(self) -> str:
        return "mc_admin"

    def request(self, command: str, **arguments: Any) -> dict[str, Any]:
        if command != "status":
            self.asked.append((command, arguments.get("epoch")))
        return {"epoch": 4, "processes": [{"name": "processing"}], "name": "processing-e5", "port": 9}

    def wait_ready(self) -> None:
        self.asked.append(("ready", None))


def rebuild(
    monkeypatch: pytest.MonkeyPatch,
    folder: Path,
    comparison: Comparison | Exception,
    topics: set[str] | None = None,
    lived: Sequence[int] = (),
) -> tuple[Supervised, Rebuild]:
    async def compared(*_: Any) -> Comparison:
        if isinstance(comparison, Exception):
            raise comparison
        return comparison

    async def known(*_: str) -> tuple[list[LiveEpoch], set[str]]:
        return [LiveEpoch(epoch=epoch) for epoch in lived], topics or set()

    monkeypatch.setattr(Rebuild, "_derive", lambda *_: {0: 1})
    monkeypatch.setattr(Rebuild, "_compare", compared)
    monkeypatch.setattr("deploy.operations.epochs.watching.read_pointers", known)
    stack = Supervised(folder)
    made = Rebuild(LocalSite(cast("LocalStack", stack)), FixedClock(0), lambda *_: None)
    assert made._watch.client.headers["Authorization"] == "Bearer mc_admin", "services tell nothing without a key"
    status = {"epoch": 5, "caught_up": True}
    client = SimpleNamespace(get=lambda _: SimpleNamespace(json=lambda: status))
    monkeypatch.setattr(made._watch, "client", client)
    return stack, made


def test_equal_epochs_are_switched(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    stack, made = rebuild(monkeypatch, tmp_path, SAME)
    done = made.run(accept_differences=False)
    assert (done.old, done.new, done.switched) == (4, 5, True)
    assert stack.asked == [("start-epoch", 5), ("live-epoch", 5), ("ready", None)]


def test_differences_leave_everything_as_it_was(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    stack, made = rebuild(monkeypatch, tmp_path, OTHER)
    assert made.run(accept_differences=False).switched is False
    assert stack.asked == [("start-epoch", 5), ("stop-epoch", 5)]


def test_differences_may_be_accepted(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    stack, made = rebuild(monkeypatch, tmp_path, OTHER)
    assert made.run(accept_differences=True).switched is True
    assert ("live-epoch", 5) in stack.asked


def test_a_rebuild_that_fails_ends_what_it_started(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    stack, made = rebuild(monkeypatch, tmp_path, StackError("stands"))
    with pytest.raises(StackError):
        made.run(accept_differences=True)
    assert stack.asked == [("start-epoch", 5), ("stop-epoch", 5)]


def test_numbers_of_broken_off_rebuilds_are_not_used_again(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    taken = {"motcua.lifecycle.v1.e4", "motcua.lifecycle.v1.e5", "motcua.lifecycle.v1.e6"}
    stack, made = rebuild(monkeypatch, tmp_path, OTHER, taken)
    assert made.run(accept_differences=False).new == 7
    assert stack.asked[0] == ("start-epoch", 7)


def test_numbers_of_epochs_that_went_are_not_used_again(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The pointer went back from 6 to 4, and 6 was removed since."""
    _, made = rebuild(monkeypatch, tmp_path, OTHER, {"motcua.lifecycle.v1.e4"}, lived=[4, 6, 4])
    assert made.run(accept_differences=False).new == 7


def test_an_epoch_another_engine_derived_is_not_waited_for(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    async def ends(*_: Any) -> dict[int, int]:
        return {0: 10, 1: 10}

    answers = {
        "http://127.0.0.1:9": {"0": {"next": 10, "state": "running"}, "1": {"next": 12, "state": "running"}},
        "http://127.0.0.1:3": {"0": {"next": 4, "state": "stopped"}, "1": {"next": 0, "state": "stopped"}},
    }

    def get(url: str) -> Any:
        partitions = answers[url.removesuffix("/v1/positions")]
        return SimpleNamespace(raise_for_status=lambda: None, json=lambda: {"partitions": partitions})

    monkeypatch.setattr("deploy.operations.epochs.rebuild.ends_of", ends)
    made = Rebuild(LocalSite(cast("LocalStack", Supervised(tmp_path))), FixedClock(0), lambda *_: None)
    monkeypatch.setattr(made._watch, "client", SimpleNamespace(get=get))
    assert made._derive("http://127.0.0.1:9", "processing-e5") == {0: 4, 1: 0}
