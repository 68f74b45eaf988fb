"""Intake against a real broker and database: what is acknowledged stands in the journal, whatever goes away."""

from __future__ import annotations

import asyncio
import json
import signal
import socket
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import orjson
import pytest
from aiokafka import TopicPartition

from deploy.local.stack import LocalStack
from services.intake.admission.admit import StackRules, admit
from services.intake.journal import Journal
from shared.access.bearer import Bearer
from shared.broker.kafka import make_consumer
from shared.broker.partition import partition_of
from shared.broker.topics import JOURNAL
from shared.catalogue.base import Meters
from shared.catalogue.intake import SPECS
from shared.clock import SystemClock
from tests.stack import Backends, StackFactory, free_ports, stop
from tests.waiting import until

PARTITIONS = 4
TIME = "2025-08-25T08:15:00+07:00"


def entry(code: str, number: int = 1, **changes: Any) -> dict[str, Any]:
    return {
        "specversion": "1.0",
        "type": "dossier.accepted",
        "source": "test/intake",
        "id": f"{code}/{number}",
        "subject": code,
        "time": TIME,
        "data": {"channel": "online", "unit": "hcm.q1"},
    } | changes


async def _read(kafka: str) -> dict[tuple[int, int], dict[str, Any]]:
    consumer = make_consumer(kafka, "test")
    await consumer.start()
    try:
        partitions = [TopicPartition(JOURNAL, number) for number in range(PARTITIONS)]
        consumer.assign(partitions)
        for each in partitions:
            consumer.seek(each, 0)
        ends = await consumer.end_offsets(partitions)
        found = {}
        while any([await consumer.position(each) < ends[each] for each in partitions]):
            for records in (await consumer.getmany(timeout_ms=200)).values():
                for record in records:
                    found[record.partition, record.offset] = {
                        "key": record.key,
                        "value": record.value,
                        "entry": json.loads(record.value),
                    }
        return found
    finally:
        await consumer.stop()


class Intake:
    """A stack with intake alone."""

    def __init__(self, stack: LocalStack) -> None:
        self.stack = stack
        self.http = httpx.Client(base_url=stack.addresses()["intake"], timeout=30)
        self.key = {"Authorization": f"Bearer {stack.admin_key()}", "Accept-Language": "en"}

    def send(self, sent: dict[str, Any]) -> httpx.Response:
        return self.http.post("/v1/entries", json=sent, headers=self.key)

    def batch(self, entries: list[dict[str, Any]]) -> httpx.Response:
        return self.http.post("/v1/entries:batch", content=b"\n".join(map(orjson.dumps, entries)), headers=self.key)

    def journal(self) -> dict[tuple[int, int], dict[str, Any]]:
        return asyncio.run(_read(self.stack.addresses()["kafka"]))

    def ready(self) -> bool:
        return self.status("/health/ready") == 200

    def status(self, path: str, headers: dict[str, str] | None = None) -> int:
        """Status of an answer; 0 while nothing listens."""
        try:
            return self.http.get(path, headers=headers).status_code
        except httpx.TransportError:
            return 0


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Intake]:
    stack = LocalStack(tmp_path_factory.mktemp("intake"))
    try:
        stack.up(clock="live", services=("intake",), preferred=free_ports())
        yield Intake(stack)
    finally:
        stop(stack)


def test_an_acknowledged_entry_stands_where_the_answer_says(live: Intake) -> None:
    code = Backends.unique("HS")
    answer = live.send(entry(code))
    assert answer.status_code == 202, answer.text
    place = answer.json()
    assert place["partition"] == partition_of(code, PARTITIONS)
    record = live.journal()[place["partition"], place["offset"]]
    assert record["key"] == code.encode()
    written = record["entry"]
    assert written["sender"] == "admin"
    assert written["recordedtime"]
    assert (written["subject"], written["time"]) == (code, "2025-08-25T01:15:00.000000Z")


def test_a_full_batch_stands_line_by_line(live: Intake) -> None:
    code = Backends.unique("HS")
    sent = [entry(f"{code}-{number}", number) for number in range(5_000)]
    answer = live.batch(sent)
    assert answer.status_code == 200
    assert answer.json()["accepted"] == 5_000
    journal = live.journal()
    for line, result in zip(sent, answer.json()["results"], strict=True):
        written = journal[result["partition"], result["offset"]]["entry"]
        assert (written["subject"], written["id"]) == (line["subject"], line["id"])
    orders: dict[int, list[int]] = {}
    for result in answer.json()["results"]:
        orders.setdefault(result["partition"], []).append(result["offset"])
    assert all(order == sorted(order) for order in orders.values())


def test_concurrent_senders_are_all_served(live: Intake) -> None:
    code = Backends.unique("HS")
    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(lambda number: live.send(entry(code, number)), range(200)))
    assert {answer.status_code for answer in answers} == {202}
    offsets = {answer.json()["offset"] for answer in answers}
    assert len(offsets) == 200
    ids = {record["entry"]["id"] for record in live.journal().values()}
    assert {f"{code}/{number}" for number in range(200)} <= ids


def test_the_live_clock_ticks_in_every_partition_at_once(live: Intake) -> None:
    until(lambda: live.http.get("/v1/clock", headers=live.key).json()["last_tick"], "the first tick")
    ticks = [place for place, record in live.journal().items() if record["entry"]["type"] == "clock.ticked"]
    assert {partition for partition, _ in ticks} == set(range(PARTITIONS))
    clock = live.http.get("/v1/clock", headers=live.key).json()
    assert clock["mode"] == "live"
    assert abs(clock["skew_seconds"]) < 5


def test_nasty_bodies_over_the_wire_leave_it_working(live: Intake) -> None:
    huge = live.http.post("/v1/entries", content=b"{" + b" " * 2_000_000 + b"}", headers=live.key)
    assert huge.status_code == 413
    for body in (b"\x00\xff" * 100, b"[" * 100_000, b'{"a":' * 5_000, b'"\\ud800"'):
        assert live.http.post("/v1/entries", content=body, headers=live.key).status_code == 400
    url = httpx.URL(live.stack.addresses()["intake"])
    for raw in (
        b"\x16\x03\x01\x02\x00\x01",
        b"GET / HTTP/9.9\r\n\r\n",
        b"POST /v1/entries HTTP/1.1\r\nhost: x\r\n\r\n{",
    ):
        with socket.create_connection((url.host, url.port or 80), timeout=5) as connection:
            connection.sendall(raw)
    assert live.send(entry(Backends.unique("HS"))).status_code == 202


def test_a_frozen_broker_gives_503_within_seconds_and_at_once_afterwards(live: Intake) -> None:
    code = Backends.unique("HS")
    live.stack.kill("kafka", signal.SIGSTOP)
    try:
        with ThreadPoolExecutor(2) as pool:
            one = pool.submit(live.send, entry(code))
            many = pool.submit(live.batch, [entry(code, number) for number in range(100)])
        for first in (one.result(), many.result()):
            assert first.status_code == 503, first.text
            assert first.json()["code"] in ("outcome_unknown", "broker_away")
            assert first.headers["retry-after"]
            assert first.elapsed.total_seconds() < 6
        until(lambda: not live.ready(), "intake to see that the broker is away")
        later = live.send(entry(code))
        assert (later.status_code, later.json()["code"]) == (503, "broker_away")
        assert later.elapsed.total_seconds() < 0.5
        batch = live.batch([entry(code, number) for number in range(3)])
        assert (batch.status_code, batch.json()["code"]) == (503, "broker_away")
    finally:
        live.stack.kill("kafka", signal.SIGCONT)
    until(lambda: live.send(entry(code)).status_code == 202, "intake to go on")
    assert live.ready()


def test_a_killed_broker_loses_nothing_that_was_acknowledged(live: Intake) -> None:
    code = Backends.unique("HS")
    accepted: list[tuple[int, dict[str, Any]]] = []
    done = threading.Event()

    def send_on() -> None:
        number = 0
        with httpx.Client(base_url=live.http.base_url, timeout=30) as http:
            while not done.is_set():
                number += 1
                answer = http.post("/v1/entries", json=entry(code, number), headers=live.key)
                if answer.status_code == 202:
                    accepted.append((number, answer.json()))
                else:
                    assert answer.status_code == 503, answer.text

    with ThreadPoolExecutor(1) as pool:
        sender = pool.submit(send_on)
        until(lambda: len(accepted) > 50, "entries before the kill")
        live.stack.kill("kafka")
        before = len(accepted)
        until(lambda: len(accepted) > before + 50, "entries after the broker's return", seconds=60)
        done.set()
        sender.result()
    journal = live.journal()
    for number, place in accepted:
        assert journal[place["partition"], place["offset"]]["entry"]["id"] == f"{code}/{number}"


def test_known_keys_work_without_the_database_and_new_ones_come_back_with_it(live: Intake) -> None:
    wanted = {"sender": Backends.unique("s"), "sources": ["test/*"], "units": ["hcm"], "roles": ["sender"]}
    made = live.http.post("/v1/senders", json=wanted, headers=live.key)
    assert made.status_code == 201, made.text
    own = {"X-Api-Key": made.json()["key"]}
    live.stack.request("stop", name="mongo")
    try:
        sent = live.http.post("/v1/entries", json=entry(Backends.unique("HS")), headers=own)
        assert sent.status_code == 202
        unknown = live.http.get("/v1/senders/me", headers={"X-Api-Key": "mc_nobody"})
        assert unknown.status_code in (401, 503)
        refused = live.http.post("/v1/senders", json=wanted | {"sender": "x"}, headers=live.key)
        assert (refused.status_code, refused.json()["code"]) == (503, "database_away")
        ready = live.http.get("/health/ready")
        assert ready.status_code == 200
    finally:
        live.stack.request("start", name="mongo")
    until(lambda: live.status("/v1/senders", live.key) == 200, "the database to answer")
    live.stack.request("restart", name="intake")
    until(lambda: live.status("/v1/senders/me", own) == 200, "the sender after a restart")
    assert live.http.delete(f"/v1/senders/{wanted['sender']}", headers=live.key).status_code == 204
    assert live.http.get("/v1/senders/me", headers=own).status_code == 401


def test_on_the_data_clock_the_data_bring_it(local_stack: StackFactory) -> None:
    replay = Intake(local_stack(clock="data", simulated=True, services=("intake",)))
    assert replay.http.get("/v1/clock", headers=replay.key).json() | {"now": "", "skew_seconds": 0} == {
        "mode": "data",
        "now": "",
        "last_tick": None,
        "skew_seconds": 0,
        "simulated": True,
        "zone": "Asia/Ho_Chi_Minh",
    }
    tick = entry("clock", type="clock.ticked", data={}, simulated=True)
    answer = replay.send(tick)
    assert answer.status_code == 202, answer.text
    assert answer.json()["positions"] == {str(number): 0 for number in range(PARTITIONS)}
    assert replay.http.get("/v1/clock", headers=replay.key).json()["last_tick"] == "2025-08-25T01:15:00.000000Z"
    assert replay.send(entry("HS-1")).json()["code"] == "real_on_simulated"
    assert {record["key"] for record in replay.journal().values()} == {b"clock"}


async def test_a_journal_with_other_partitions_is_not_written(backends: Backends) -> None:
    journal = Journal(backends.kafka, PARTITIONS + 1, Meters(SPECS))
    rules = StackRules(simulated=False, data_clock=True, future_tolerance=120)
    everything = Bearer("test", ("*",), ("*",), frozenset({"sender"}))
    admitted = admit(orjson.dumps(entry("HS-1")), everything, rules, SystemClock().now())
    await journal.start()
    try:
        journal.broker_answers = True
        refusal = journal.refusal()
        assert refusal is not None
        assert refusal.code == "broker_away"
        await journal.check_partitions()
        refusal = journal.refusal()
        assert refusal is not None
        assert (refusal.status, refusal.code) == (503, "journal_mismatch")
        assert f"{PARTITIONS + 1}" in refusal.body("en")["detail"]
        for write in (journal.write_one(admitted), journal.write_many([admitted])):
            with pytest.raises(type(refusal)) as refused:
                await write
            assert refused.value.code == "journal_mismatch"
    finally:
        await journal.close()
