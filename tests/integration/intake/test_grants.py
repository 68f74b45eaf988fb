"""Which grant the journal's records carry, by every way into it: intake alone, with a real broker and real keys."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import Iterator
from typing import Any

import httpx
import orjson
import pytest
from aiokafka import AIOKafkaProducer, TopicPartition

from deploy.local.backends.topics import create_agency
from deploy.local.stack import LocalStack
from shared.broker.kafka import make_consumer
from shared.broker.topics import DEADLETTER, JOURNAL, agency_outbox
from shared.contract.entries import ENTRY_ADAPTER, content_hash
from tests.stack import Backends, free_ports, stop
from tests.waiting import until

PARTITIONS = 4
UNIT = "H44"
OF_AGENCY = '["H44","K01.2"]'
OF_COUNTER = '["H44.01","H44.02"]'
FORGED = '["*"]'


def entry(code: str, number: int, **changes: Any) -> dict[str, Any]:
    return {
        "specversion": "1.0",
        "type": "dossier.accepted",
        "source": f"agency/{UNIT}",
        "id": f"{code}/{number}",
        "subject": code,
        "time": "2025-08-25T08:15:00+07:00",
        "data": {"channel": "online", "unit": "H44.01"},
        "grant": FORGED,
    } | changes


class Intake:
    """A stack with intake alone, its senders, and its agency."""

    def __init__(self, stack: LocalStack) -> None:
        self.stack = stack
        self.kafka = stack.addresses()["kafka"]
        self.http = httpx.Client(base_url=stack.addresses()["intake"], timeout=30)
        self.keys = {"admin": stack.admin_key()}
        for sender, units in (("counter", ["H44.02", "H44.01.5", "H44.01"]), ("kiosk", [])):
            wanted = {"sender": sender, "sources": ["*"], "units": units, "roles": ["agency"]}
            self.keys[sender] = self.ask("/v1/senders", wanted)["key"]
        self.ask("/v1/agencies", {"unit": UNIT, "units": [UNIT, "K01.2"]})
        asyncio.run(create_agency(self.kafka, UNIT))

    def ask(self, path: str, sent: Any = None, key: str = "admin") -> Any:
        headers = {"Authorization": f"Bearer {self.keys[key]}"}
        content = sent if isinstance(sent, bytes) else b"" if sent is None else orjson.dumps(sent)
        headers["Content-Type"] = "application/json"
        answer = self.http.post(path, content=content, headers=headers)
        assert answer.status_code in (200, 201, 202), answer.text
        return answer.json()

    def put(self, topic: str, value: bytes) -> int:
        """Write one record to a topic's first partition; its offset."""

        async def send() -> int:
            producer = AIOKafkaProducer(bootstrap_servers=self.kafka)
            await producer.start()
            try:
                placed = await producer.send_and_wait(topic, value, key=b"x", partition=0)
            finally:
                await producer.stop()
            return int(placed.offset)

        return asyncio.run(send())

    def records(self, code: str) -> list[dict[str, Any]]:
        """The journal's entries of a dossier, in order."""

        async def read() -> list[dict[str, Any]]:
            consumer = make_consumer(self.kafka, "test")
            await consumer.start()
            try:
                places = [TopicPartition(JOURNAL, number) for number in range(PARTITIONS)]
                consumer.assign(places)
                for place in places:
                    consumer.seek(place, 0)
                ends = await consumer.end_offsets(places)
                found: list[bytes] = []
                while any([await consumer.position(place) < ends[place] for place in places]):
                    for records in (await consumer.getmany(timeout_ms=200)).values():
                        found += [record.value for record in records if record.key == code.encode()]
                return [json.loads(value) for value in found]
            finally:
                await consumer.stop()

        return asyncio.run(read())

    def stamps(self, code: str) -> list[tuple[str, str | None]]:
        """Who sent a dossier's entries, and the grant of each, in order."""
        return [(one["sender"], one.get("grant")) for one in self.records(code)]

    def letter(self, topic: str, offset: int) -> str:
        """The id of a dead letter about a record of a first partition, once it is in the register."""
        id_ = f"{topic}/0/{offset}"
        headers = {"Authorization": f"Bearer {self.keys['admin']}"}
        until(lambda: self.http.get(f"/v1/deadletters/{id_}", headers=headers).status_code == 200, "a letter", 30)
        return id_


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Intake]:
    stack = LocalStack(tmp_path_factory.mktemp("intake"))
    try:
        stack.up(clock="live", services=("intake",), preferred=free_ports())
        yield Intake(stack)
    finally:
        stop(stack)


def test_by_http_each_carries_that_of_its_key_also_what_comes_again(live: Intake) -> None:
    code = Backends.unique("HS")
    live.ask("/v1/entries", entry(code, 1), "counter")
    given = entry(code, 2, type="dossier.handed_over", data={"unit": "H99"})
    batch = [given, entry(code, 3, type="dossier.returned", data={}), entry(code, 1)]
    told = live.ask("/v1/entries:batch", b"\n".join(map(orjson.dumps, batch)), "counter")
    assert told["accepted"] == 3
    live.ask("/v1/entries", entry(code, 4, type="quality.rated", data=None, revision=1), "kiosk")
    live.ask("/v1/entries", entry(code, 1), "admin")
    assert live.stamps(code) == [
        ("counter", OF_COUNTER),
        ("counter", OF_COUNTER),
        ("counter", OF_COUNTER),
        ("counter", OF_COUNTER),
        ("kiosk", "[]"),
        ("admin", '["*"]'),
    ]
    same = [ENTRY_ADAPTER.validate_python(one) for one in live.records(code) if one["id"].endswith("/1")]
    assert len(same) == 3
    assert len({content_hash(one.type, one.time, one.data.model_dump()) for one in same}) == 1


def test_by_outbox_each_carries_that_of_the_agency_its_further_units_included(live: Intake) -> None:
    code = Backends.unique("HS")
    live.put(agency_outbox(UNIT), orjson.dumps(entry(code, 1, data={"channel": "direct", "unit": "K01.2"})))
    until(lambda: live.records(code), "the entry of an outbox in the journal", 30)
    assert live.stamps(code) == [(f"agency-{UNIT}", OF_AGENCY)]


@pytest.mark.parametrize("bulk", [False, True])
def test_a_replayed_letter_carries_its_own_or_that_of_whoever_it_is_admitted_for(live: Intake, *, bulk: bool) -> None:
    code = Backends.unique("HS")
    live.ask(f"/v1/agencies/{UNIT}/disable")
    refused = live.put(agency_outbox(UNIT), orjson.dumps(entry(code, 1, sender="admin")))
    letters = [live.letter(agency_outbox(UNIT), refused)]
    live.ask(f"/v1/agencies/{UNIT}/enable")
    stamps = {"sender": "counter", "recordedtime": "2025-08-25T01:15:01.000000Z", "time": "2025-08-25T01:15:00.000000Z"}
    for number, changes in ((2, {"grant": '["H01"]'}), (3, {"grant": ...}), (4, {"grant": ..., "sender": "gone"})):
        kept = {name: value for name, value in entry(code, number, **stamps | changes).items() if value is not ...}
        letters.append(live.letter(JOURNAL, _laid_aside(live, orjson.dumps(kept))))
    if bulk:
        told = live.ask("/v1/deadletters/replay", {"letters": [id_.replace("/", ":") for id_ in letters]})
        assert [one["answer"]["state"] for one in told["letters"]] == ["replayed"] * 4
    else:
        for id_ in letters:
            live.ask(f"/v1/deadletters/{id_}/replay")
            live.ask(f"/v1/deadletters/{id_}/replay")
    by_id = {one["id"]: (one["sender"], one.get("grant")) for one in live.records(code)}
    assert len(live.records(code)) == 4
    assert by_id == {
        f"{code}/1": (f"agency-{UNIT}", OF_AGENCY),
        f"{code}/2": ("counter", '["H01"]'),
        f"{code}/3": ("counter", OF_COUNTER),
        f"{code}/4": ("gone", None),
    }


_places = iter(range(1_000_000, 2_000_000))


def _laid_aside(live: Intake, value: bytes) -> int:
    """A letter of processing's about a record of the journal; the offset it names."""
    offset = next(_places)
    letter = {
        "service": "processing",
        "topic": JOURNAL,
        "partition": 0,
        "offset": offset,
        "reason": "too_many_entries",
        "detail": "more than a dossier may have",
        "key": None,
        "value": base64.b64encode(value).decode(),
        "seen_at": "2026-11-30T00:00:00Z",
    }
    live.put(DEADLETTER, orjson.dumps(letter))
    return offset
