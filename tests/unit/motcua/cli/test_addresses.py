"""A stack that variables name: where its services are, what needs which variable, and what only a local one can do."""

from __future__ import annotations

import contextlib
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from motcua.cli.addresses import find_addresses
from motcua.cli.errors import CommandError
from motcua.cli.main import main
from motcua.cli.services import Services
from motcua.cli.session import Session

CLOCK = {"mode": "data", "now": "2026-08-03T00:00:00.000000Z", "last_tick": None, "skew_seconds": 0, "simulated": True}
VARIABLES = {
    "MOTCUA_INTAKE": "http://intake:1/",
    "MOTCUA_PROCESSING": "http://processing:2, http://processing:3",
    "MOTCUA_METRICS": "http://metrics:4,http://metrics:5",
    "MOTCUA_KAFKA": "kafka:6,kafka:7",
    "MOTCUA_MONGO": "mongodb://mongo:8",
    "MOTCUA_KEY": "mc_secret",
    "MOTCUA_PARTITIONS": "6",
    "MOTCUA_ZONE": "Asia/Bangkok",
}


@pytest.fixture
def elsewhere(monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[httpx.Request]]:
    """Sets variables and answers for the services; what they were asked is kept."""
    asked: list[httpx.Request] = []
    real = httpx.Client

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        if request.url.port == 4:
            raise httpx.ConnectError("away")
        if request.url.path == "/v1/refused":
            return httpx.Response(403, json={"detail": "No.", "remedy": "Ask."})
        if request.url.path == "/v1/closed" and "Authorization" not in request.headers:
            return httpx.Response(401, json={"detail": "No key.", "remedy": "Send one."})
        if request.url.path == "/v1/empty":
            return httpx.Response(204)
        return httpx.Response(200, json=CLOCK)

    def client(**given: Any) -> httpx.Client:
        return real(**given, transport=httpx.MockTransport(answer))

    def become(**changes: str) -> list[httpx.Request]:
        for name in VARIABLES:
            monkeypatch.delenv(name, raising=False)
        for name, value in (VARIABLES | changes).items():
            monkeypatch.setenv(name, value)
        return asked

    monkeypatch.setattr(httpx, "Client", client)
    return become


def open_services(**given: Any) -> Services:
    return Services(Session(Path("nowhere"), "en", elsewhere=find_addresses(), **given))


def test_variables_name_the_stack(elsewhere: Callable[..., list[httpx.Request]]) -> None:
    elsewhere()
    services = open_services()
    assert services.address("intake") == "http://intake:1"
    assert services.replicas("processing") == ["http://processing:2", "http://processing:3"]
    assert (services.kafka, services.mongo, services.key) == ("kafka:6,kafka:7", "mongodb://mongo:8", "mc_secret")
    stack = services.stack
    assert (stack.clock, stack.simulated, stack.zone, stack.partitions) == ("data", True, "Asia/Bangkok", 6)
    assert (services.partitions, services.journal) == (6, "motcua.journal.v1")
    # As many as the brokers named, unless it is said.
    assert stack.replication == 2
    elsewhere(MOTCUA_REPLICATION="3", MOTCUA_GENERATION="2")
    assert (open_services().stack.replication, open_services().journal) == (3, "motcua.journal.v1.g2")


def test_the_zone_is_the_stacks_own_and_another_one_is_refused(
    elsewhere: Callable[..., list[httpx.Request]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(CLOCK, "zone", "Europe/London")
    elsewhere(MOTCUA_ZONE="")
    assert open_services().stack.zone == "Europe/London"
    elsewhere(MOTCUA_ZONE="Europe/London")
    assert open_services().stack.zone == "Europe/London"
    elsewhere(MOTCUA_ZONE="Asia/Bangkok")
    with pytest.raises(CommandError, match="MOTCUA_ZONE=Asia/Bangkok: the stack's zone is Europe/London"):
        open_services()


def test_the_key_is_shown_and_another_replica_of_metrics_asked(
    elsewhere: Callable[..., list[httpx.Request]],
) -> None:
    asked = elsewhere()
    services = open_services()
    assert services.get("metrics", "/v1/status", unit=None, day="2026-08-03") == CLOCK
    assert [str(one.url) for one in asked[-2:]] == [
        "http://metrics:4/v1/status?day=2026-08-03",
        "http://metrics:5/v1/status?day=2026-08-03",
    ]
    assert {one.headers["Authorization"] for one in asked} == {"Bearer mc_secret"}
    assert services.post("intake", "/v1/agencies", {"unit": "a"}) == CLOCK
    assert (asked[-1].method, json.loads(asked[-1].content)) == ("POST", {"unit": "a"})
    assert services.post_at("http://processing:3", "/v1/empty") is None
    with pytest.raises(CommandError, match=r"No\. Ask\."):
        services.post("intake", "/v1/refused", {})
    with pytest.raises(CommandError, match="does not answer"):
        services.get_at("http://metrics:4", "/v1/status")


@pytest.mark.parametrize(
    ("name", "ask"),
    [
        ("MOTCUA_KAFKA", lambda services: services.kafka),
        ("MOTCUA_MONGO", lambda services: services.mongo),
        ("MOTCUA_KEY", lambda services: services.key),
        ("MOTCUA_KEY", lambda services: services.get("processing", "/v1/closed")),
        ("MOTCUA_PROCESSING", lambda services: services.replicas("processing")),
        ("MOTCUA_METRICS", lambda services: services.get("metrics", "/v1/status")),
    ],
)
def test_what_is_not_named_is_asked_for_when_needed(
    name: str, ask: Callable[[Services], Any], elsewhere: Callable[..., list[httpx.Request]]
) -> None:
    asked = elsewhere(**{name: ""})
    services = open_services()
    with pytest.raises(CommandError, match=name):
        ask(services)
    if name == "MOTCUA_KEY":
        assert "Authorization" not in asked[0].headers


def test_local_things_are_refused(elsewhere: Callable[..., list[httpx.Request]]) -> None:
    elsewhere()
    with pytest.raises(CommandError, match="MOTCUA_INTAKE"):
        _ = open_services().local
    for command in ("up", "down", "demo", "demo-clean", "doctor"):
        err = io.StringIO()
        with contextlib.redirect_stderr(err):
            assert main([command, "--lang", "en"]) == 1
        assert "MOTCUA_INTAKE" in err.getvalue(), command


def test_status_tells_of_every_replica(elsewhere: Callable[..., list[httpx.Request]]) -> None:
    elsewhere()
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        assert main(["status", "--json"]) == 1
    told = json.loads(out.getvalue())
    assert [(one["service"], one["health"]) for one in told["replicas"]] == [
        ("intake", "ready"),
        ("processing", "ready"),
        ("processing", "ready"),
        ("metrics", "unreachable"),
        ("metrics", "ready"),
    ]
    elsewhere(MOTCUA_METRICS="http://metrics:5")
    with contextlib.redirect_stdout(io.StringIO()) as out:
        assert main(["status"]) == 0
    assert "http://processing:3" in out.getvalue()


def test_a_home_that_is_named_is_meant(elsewhere: Callable[..., list[httpx.Request]], tmp_path: Path) -> None:
    asked = elsewhere()
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()) as err:
        assert main(["index", "--home", str(tmp_path)]) == 1
    assert "motcua up" in err.getvalue()
    assert asked == []


def test_without_intake_there_is_no_stack_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MOTCUA_INTAKE", raising=False)
    monkeypatch.setenv("MOTCUA_KAFKA", "kafka:1")
    assert find_addresses() is None


def test_a_wrong_value_names_its_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MOTCUA_INTAKE", "http://intake:1")
    monkeypatch.setenv("MOTCUA_PARTITIONS", "many")
    with pytest.raises(CommandError, match="MOTCUA_PARTITIONS"):
        find_addresses()
