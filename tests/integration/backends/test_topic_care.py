"""Settings of topics on a real broker: what others made, or an older version, is mended and nothing else touched."""

from __future__ import annotations

import json

import pytest
from aiokafka import AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType

from deploy.local.backends import topics
from deploy.local.errors import StackError
from shared.broker.kafka import make_consumer
from shared.broker.topic_care import Care, mend, wrong_settings
from shared.broker.topics import agency_outbox, agency_specs, collides, required, topic_specs
from tests.stack import Backends

LONG_AGO = 1_420_070_400_000


async def settings(kafka: str, topic: str) -> dict[str, str]:
    """Settings made for a topic."""
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka)
    await admin.start()
    try:
        (told,) = await admin.describe_configs([ConfigResource(ConfigResourceType.TOPIC, topic)])
    finally:
        await admin.close()
    return {name: value for name, value, _, source, *_ in told.resources[0][4] if source == 1}


async def made(kafka: str, name: str, **config: str) -> str:
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka)
    await admin.start()
    try:
        await admin.create_topics(
            [NewTopic(name, 1, 1, topic_configs={key.replace("_", "."): value for key, value in config.items()})]
        )
    finally:
        await admin.close()
    return name


async def test_every_topic_we_make_bears_the_broker_s_time(backends: Backends) -> None:
    unit = backends.unique("H1.")
    await topics.create(backends.kafka, 1, 4)
    await topics.create_agency(backends.kafka, unit)
    wrong = await wrong_settings(backends.kafka, "test")
    names = {spec.name for spec in [*topic_specs(1, 4, 1), *agency_specs(unit, 1)]}
    assert not names & wrong.keys()
    assert all(required(name)["message.timestamp.type"] == "LogAppendTime" for name in names)


async def test_topics_of_before_are_mended_setting_by_setting(backends: Backends) -> None:
    old = await made(backends.kafka, agency_outbox(backends.unique("old")), retention_ms="600000")
    strange = await made(backends.kafka, backends.unique("motcua.strange"))
    assert (await wrong_settings(backends.kafka, "test"))[old] == {"message.timestamp.type": "LogAppendTime"}
    assert old in (await mend(backends.kafka, "test")).mended
    assert await settings(backends.kafka, old) == {"retention.ms": "600000", "message.timestamp.type": "LogAppendTime"}
    assert await settings(backends.kafka, strange) == {}
    assert await mend(backends.kafka, "test") == Care()


async def test_a_sender_s_clock_decides_nothing(backends: Backends) -> None:
    unit = backends.unique("wrong-clock")
    await topics.create_agency(backends.kafka, unit)
    producer = AIOKafkaProducer(bootstrap_servers=backends.kafka, acks="all")
    await producer.start()
    try:
        sent = await producer.send_and_wait(agency_outbox(unit), json.dumps({}).encode(), timestamp_ms=LONG_AGO)
    finally:
        await producer.stop()
    assert sent.timestamp_type == 1
    consumer = make_consumer(backends.kafka, "test")
    await consumer.start()
    try:
        place = TopicPartition(agency_outbox(unit), 0)
        consumer.assign([place])
        consumer.seek(place, 0)
        assert (await consumer.getone(place)).timestamp > LONG_AGO + 86_400_000
    finally:
        await consumer.stop()


@pytest.mark.parametrize(
    "name", ["orders", "motcua.journal.v1.g2x", "motcua.agency.a.outbox.v2", "motcua.lifecycle.v1"]
)
def test_nothing_is_asked_of_others_topics(name: str) -> None:
    assert required(name) == {}


async def test_for_the_broker_a_dot_and_an_underscore_are_the_same(backends: Backends) -> None:
    """So intake makes no two such units agencies (shared.broker.topics.collides)."""
    unit = backends.unique("k.")
    await topics.create_agency(backends.kafka, unit)
    assert collides(unit, unit.replace(".", "_"))
    with pytest.raises(StackError, match="collides"):
        await topics.create_agency(backends.kafka, unit.replace(".", "_"))
