"""The doors of a running stack for the senders of a province, each with its key: HTTP, outboxes, and what they hear.

Knows no meaning of entries.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import httpx
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition

from deploy.local.backends.topics import create_agency
from shared.broker.topics import agency_answers, agency_outbox
from tests.suite import Suite

__all__ = ["Doors"]

Data = dict[str, Any]


class Doors:
    """The ways in for all agencies and senders that were made through it.

    Args:
        suite: the running stack.
    """

    def __init__(self, suite: Suite) -> None:
        self.suite = suite
        self.keys: dict[str, str] = {}
        self.agencies: list[str] = []

    def add_agencies(self, named: Mapping[str, list[str]]) -> None:
        """Make units agencies with their topics, as `motcua agency add` does; each may name itself, or some units."""
        for unit, units in named.items():
            answer = self.suite.post("/v1/agencies", json.dumps({"unit": unit, "units": units}).encode())
            assert answer.status_code == 201, answer.text
            self.keys[unit] = answer.json()["key"]
            self.agencies.append(unit)

        async def topics() -> None:
            await asyncio.gather(*(create_agency(self.suite.address("kafka"), unit) for unit in named))

        asyncio.run(topics())

    def add_sender(self, name: str, sources: list[str], units: list[str]) -> None:
        """Make a sender that comes by HTTP only."""
        wanted = {"sender": name, "sources": sources, "units": units, "roles": ["sender"]}
        answer = self.suite.post("/v1/senders", json.dumps(wanted).encode())
        assert answer.status_code == 201, answer.text
        self.keys[name] = answer.json()["key"]

    def send(self, name: str, entries: Sequence[Data]) -> list[Data]:
        """Send entries by HTTP with a sender's own key; the result of each."""
        answer = httpx.post(
            f"{self.suite.address('intake')}/v1/entries:batch",
            content="\n".join(json.dumps(entry) for entry in entries).encode(),
            headers={"Authorization": f"Bearer {self.keys[name]}", "Accept-Language": "en"},
            timeout=60,
            trust_env=False,
        )
        assert answer.status_code == 200, answer.text
        found: list[Data] = answer.json()["results"]
        return found

    def put(self, messages: Iterable[tuple[str, Data]]) -> list[tuple[str, int]]:
        """Put entries into outboxes, each of the unit that sends it; where they stand."""

        async def all_() -> list[tuple[str, int]]:
            async with AIOKafkaProducer(bootstrap_servers=self.suite.address("kafka"), acks="all") as producer:
                sent = [
                    (unit, await producer.send(agency_outbox(unit), json.dumps(entry).encode()))
                    for unit, entry in messages
                ]
                return [(unit, (await place).offset) for unit, place in sent]

        return asyncio.run(all_())

    def answers(self) -> list[tuple[str, Data]]:
        """All that was answered so far, with whom."""

        async def all_() -> list[tuple[str, Data]]:
            units = {TopicPartition(agency_answers(unit), 0): unit for unit in self.agencies}
            consumer = AIOKafkaConsumer(bootstrap_servers=self.suite.address("kafka"), group_id=None)
            found: list[tuple[str, Data]] = []
            async with consumer:
                ends = await consumer.end_offsets(list(units))
                consumer.assign(list(units))
                await consumer.seek_to_beginning(*units)
                while any([await consumer.position(place) < end for place, end in ends.items()]):
                    for place, records in (await consumer.getmany(timeout_ms=200)).items():
                        found += [(units[place], json.loads(record.value)) for record in records]
            return found

        return asyncio.run(all_())
