"""What a dry run tells is what the revision then does; and what is known can be asked for. Real broker and database."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import httpx
import orjson
import pytest_asyncio
from fastapi import FastAPI

from services.processing.app import make_app
from services.processing.http.keys import Keys
from services.processing.settings import ProcessingSettings
from tests.integration.processing.bench import PARTITIONS, Bench, Json, revision, tick
from tests.integration.reference_entries import day_off, due_of, published, without_promise
from tests.unit.intake.parts import make_parts
from tests.waiting import until_async

NOW = "2026-03-10T08:00:00+07:00"
#: Asks where nobody says who; a dry run says it.
READER = {"X-Api-Key": "mc_sender"}


@pytest_asyncio.fixture
async def app(bench: Bench) -> AsyncIterator[FastAPI]:
    """A replica with its routes; the journal holds a procedure, 24 open dossiers, 6 finished ones, and the clock."""
    settings = ProcessingSettings(
        kafka=bench.backends.kafka,
        mongo=bench.backends.mongo,
        partitions=PARTITIONS,
        epoch=bench.epoch,
        store_seconds=0.1,
    )
    made = make_app(settings, keys=Keys("http://intake", httpx.ASGITransport(make_parts().app)), journal=bench.journal)
    await bench.send([published(), published("1.002", "9")])
    await bench.send([one for number in range(24) for one in without_promise(number, f"1.00{1 + number % 2}")[:2]])
    await bench.send([one for number in range(24, 30) for one in without_promise(number, "1.002")])
    await bench.send([tick(NOW)])
    bench.replicas.append(made.state.service)
    await made.state.service.start()
    await bench.caught_up()
    yield made


@pytest_asyncio.fixture
async def client(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url="http://processing", headers=READER
    ) as made:
        yield made


async def preview(client: httpx.AsyncClient, entries: list[Json], who: str = "reference") -> list[Json]:
    """The lines of a dry run."""
    headers = {"Authorization": f"Bearer mc_{who}", "Accept-Language": "en"}
    answer = await client.post("/v1/revisions:preview", json={"entries": entries}, headers=headers)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/x-ndjson"
    return [orjson.loads(line) for line in answer.content.splitlines()]


async def test_a_dry_run_tells_what_the_revision_then_does(bench: Bench, client: httpx.AsyncClient) -> None:
    before = due_of(await bench.check())
    # 1.001 is due on 9 March and overdue on the 10th; a day off makes that the 10th, 17:00.
    entries = [day_off(), published("1.002", "6", revision=1)]
    *lines, told = await preview(client, entries, "admin")
    assert lines[0] == {"done": 0, "of": 30}
    assert {name: told[name] for name in told if name not in ("examples", "as_of", "moves", "findings")} == {
        "looked_at": 30,
        "dossiers": 30,
        "open": 24,
        "due_moved": 30,
        "due_gained": 0,
        "due_lost": 0,
        "become_late": 6,
        "cease_late": 0,
        "become_overdue": 0,
        "cease_overdue": 12,
        "other_moves": 0,
    }
    assert told["as_of"] == "2026-03-10T01:00:00.000000Z"
    # Nine days without the 4th are due on Friday 13th, six with it on Wednesday 11th.
    assert told["moves"] == [
        {"days": -2, "working_minutes": -960, "count": 18},
        {"days": 1, "working_minutes": 480, "count": 12},
    ]
    assert [example["code"] for example in told["examples"]] == [f"H29-{number:05d}" for number in range(20)]
    first = told["examples"][0]
    assert (first["due_before"], first["due_after"]) == ("2026-03-09T10:00:00.000000Z", "2026-03-10T10:00:00.000000Z")
    assert set(first["why"]) == {"calendar"}
    assert (await preview(client, entries))[-1] == told | {"examples": []}, "who reads no case is shown none"
    assert due_of(await bench.check()) == before, "a dry run changes nothing"
    await bench.send(entries)
    await bench.caught_up()
    after = due_of(await bench.check())
    assert sum(after[code] != due for code, due in before.items()) == told["due_moved"]
    shown = {example["code"]: example["due_after"] for example in told["examples"]}
    assert {code: after[code] for code in shown} == shown
    (*_, again) = await preview(client, entries, "admin")
    assert (again["looked_at"], again["dossiers"], again["examples"]) == (0, 0, [])


async def test_a_dry_run_looks_only_at_those_it_can_concern(client: httpx.AsyncClient) -> None:
    (*_, told) = await preview(client, [published("1.001", "5", revision=1)], "admin")
    assert (told["looked_at"], told["dossiers"]) == (12, 0)
    (*_, told) = await preview(client, [published("1.002", "6", revision=1, time="2026-03-12T08:00:00+07:00")])
    assert (told["looked_at"], told["dossiers"]) == (12, 12)
    (*_, told) = await preview(client, [revision("procedure.made_public", {"procedure": "1.001"})])
    assert told["looked_at"] == 0


async def test_only_who_revises_may_try_and_unfit_entries_are_told_before(client: httpx.AsyncClient) -> None:
    async def refused(body: Any, who: str = "reference") -> Json:
        headers = {"Authorization": f"Bearer mc_{who}", "Accept-Language": "en"}
        answer = await client.post("/v1/revisions:preview", json=body, headers=headers)
        found: Json = answer.json()
        assert answer.status_code == found["status"]
        return found

    assert (await refused({"entries": [day_off()]}, "sender"))["code"] == "right_missing"
    cycle = [{"step": "1", "unit": "A", "after": ["2"]}, {"step": "2", "unit": "A", "after": ["1"]}]
    unfit = await refused(
        {
            "entries": [
                day_off(),
                revision("route.revised", {"procedure": "1.001", "version": "1", "steps": cycle}),
                day_off() | {"time": "2026"},
                tick(NOW),
            ]
        }
    )
    assert unfit["status"] == 422
    fields = [error["field"] for error in unfit["errors"]]
    assert fields[0].startswith("entries[1].data")
    assert {"entries[2].time", "entries[3].type"} <= set(fields)
    assert (await refused({"entries": []}))["code"] == "wrong_length"
    assert (await refused({"entries": [day_off() | {"type": ["x"]}]}))["field"] == "entries[0].type"


async def test_a_dry_run_refuses_what_intake_would(client: httpx.AsyncClient) -> None:
    headers = {"Authorization": "Bearer mc_reference", "Accept-Language": "vi"}
    london = revision("calendar.revised", {"calendar": "uk", "version": "1", "zone": "Europe/London"})
    cases = [
        (london, "other_zone", "data.zone"),
        (day_off() | {"simulated": True}, "simulated_on_real", "simulated"),
        (day_off(time="2030-01-01T00:00:00+07:00"), "future_time", "time"),
        (day_off() | {"subject": "x" * 300_000}, "line_too_long", ""),
    ]
    for entry, code, field in cases:
        answer = await client.post("/v1/revisions:preview", json={"entries": [day_off(), entry]}, headers=headers)
        told = answer.json()
        assert (answer.status_code, told["code"]) == (422, code)
        assert told["field"] == f"entries[1].{field}".rstrip(".")
    big = b'{"entries": [{"type": "unit.revised", "revision": 1e400, "id": "\\ud800"}]}'
    answer = await client.post(
        "/v1/revisions:preview", content=big, headers=headers | {"Content-Type": "application/json"}
    )
    assert (answer.status_code, answer.json()["field"]) == (422, "entries[0]")


async def test_a_second_dry_run_has_to_wait(app: FastAPI, client: httpx.AsyncClient) -> None:
    app.state.service.previewing = True
    headers = {"Authorization": "Bearer mc_admin", "Accept-Language": "en"}
    answer = await client.post("/v1/revisions:preview", json={"entries": [day_off()]}, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (409, "preview_under_way")
    app.state.service.previewing = False
    assert (await preview(client, [day_off()], "admin"))[-1]["dossiers"] == 30


async def test_what_is_known_is_told_by_partition_and_page(bench: Bench, client: httpx.AsyncClient) -> None:
    units = [revision("unit.revised", {"unit": f"U{number}"}, id=f"U{number}") for number in range(5)]
    await bench.send([*units, units[0] | {"revision": 1, "data": None}])
    await bench.caught_up()

    async def ask(**asked: Any) -> Json:
        answer = await client.get("/v1/reference", params=asked)
        assert answer.status_code == 200, answer.text
        found: Json = answer.json()
        return found

    told = await ask()
    assert told["types"] == {"procedure.published": 2, "unit.revised": 4}
    assert told["total"] == 6
    assert told["partitions"] == {str(place): {"version": told["version"], "entries": 8} for place in range(PARTITIONS)}
    positions = (await client.get("/v1/positions")).json()["partitions"]
    assert {place["reference"] for place in positions.values()} == {told["version"]}
    assert {place["revision"] for place in positions.values()} == {None}
    (procedure,) = (await ask(kind="procedure", code="1.002"))["entries"]
    assert procedure["data"]["terms"][0]["amount"] == "9"
    first = await ask(kind="unit", limit=3)
    second = await ask(kind="unit", limit=3, after=first["next"])
    assert [one["id"] for one in (*first["entries"], *second["entries"])] == ["U1", "U2", "U3", "U4"]
    assert second["next"] is None
    wrong = await client.get("/v1/reference", params={"after": "nowhere"})
    assert (wrong.status_code, wrong.json()["field"]) == (422, "after")


async def test_one_partition_ahead_of_the_others_is_seen(bench: Bench, client: httpx.AsyncClient) -> None:
    await bench.send_raw(1, orjson.dumps(day_off()), b"reference")

    async def differs() -> bool:
        told = (await client.get("/v1/reference")).json()
        return told["version"] is None and len({place["version"] for place in told["partitions"].values()}) == 2

    await until_async(differs, "the partitions to differ")
