"""Intake's part in the AsyncAPI document, and the FastStream broker that carries its probes.

Entries go by a producer of our own (journal.py): FastStream sends one batch a call to one partition.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from faststream.kafka import KafkaBroker
from faststream.specification import AsyncAPI

from shared.asyncapi import AgencyAsyncAPI
from shared.broker.kafka import servers
from shared.broker.topics import JOURNAL, PROBE
from shared.contract.entries import Entry

__all__ = ["Stream", "make_stream"]


@dataclass(frozen=True, slots=True)
class Stream:
    """The broker, started and stopped with the application; the probe's publisher; the document of the topics."""

    broker: KafkaBroker
    probe: Any
    document: AsyncAPI


def make_stream(bootstrap: str, *readers: KafkaBroker, of_units: Sequence[str] = ()) -> Stream:
    """The stream side of intake for a Kafka address; nothing connects before the broker is started.

    Args:
        bootstrap: host:port[,host:port].
        readers: brokers of those who read topics, for the document only.
        of_units: titles of their topics of which every agency has its own.
    """
    broker = KafkaBroker(
        servers(bootstrap),
        client_id="motcua-intake-probe",
        acks="all",
        request_timeout_ms=3000,
        retry_backoff_ms=100,
        metadata_max_age_ms=30_000,
        allow_auto_create_topics=False,
        logger=None,
    )
    broker.publisher(
        JOURNAL,
        title="journal",
        description=(
            "Entries: what was reported, by whom, and when it happened (CloudEvents 1.0, JSON). "
            "Key: the dossier code, or `clock` and `reference` for clock and reference entries, which go to every "
            "partition. "
            "Partition: CRC-32 of the dossier code modulo the partition count. Kept for ever, never compacted."
        ),
        schema=Entry,
    )
    probe = broker.publisher(
        PROBE,
        title="probe",
        description="Empty records; their append time tells a writer the broker's clock.",
        schema=bytes,
    )
    document = AgencyAsyncAPI(
        broker,
        *readers,
        of_units=of_units,
        title="motcua intake",
        version="1",
        schema_version="3.0.0",
        description="The topics intake writes and reads.",
    )
    return Stream(broker, probe, document)
