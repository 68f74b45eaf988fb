"""How our own loops and FastStream's brokers connect to Kafka: one place for the client settings.

A producer here is plain (not idempotent): exactness comes from identities and positions, and an idempotent producer
keeps a timed-out batch and sends it minutes later.
"""

from __future__ import annotations

import asyncio
from typing import Any, Final, Protocol

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

from shared.logging import get_logger

__all__ = ["make_consumer", "make_producer", "servers", "stop_client"]

_STOP_SECONDS: Final = 5.0
_log = get_logger("kafka")


class _Client(Protocol):
    async def stop(self) -> None: ...


def servers(bootstrap: str) -> list[str]:
    """Bootstrap servers one by one, as FastStream must be given them: it takes a text for one address."""
    return [address.strip() for address in bootstrap.split(",")]


def make_producer(
    bootstrap: str,
    client_id: str,
    *,
    linger_ms: int = 0,
    max_request_size: int = 4_194_304,
    max_batch_size: int = 16_384,
) -> AIOKafkaProducer:
    """A producer that counts a record as sent only when all in-sync replicas have it; gives up after 3 s.

    Args:
        bootstrap: host:port[,host:port].
        client_id: name seen by the broker.
        linger_ms: milliseconds to wait for more records of a partition.
        max_request_size: bytes of one request.
        max_batch_size: bytes of one record batch, below the topic's max.message.bytes.
    """
    return AIOKafkaProducer(
        bootstrap_servers=bootstrap,
        client_id=client_id,
        acks="all",
        linger_ms=linger_ms,
        request_timeout_ms=3000,
        retry_backoff_ms=100,
        metadata_max_age_ms=30_000,
        max_request_size=max_request_size,
        max_batch_size=max_batch_size,
    )


def make_consumer(
    bootstrap: str, client_id: str, *topics: str, group: str | None = None, **options: Any
) -> AIOKafkaConsumer:
    """A consumer that never commits by itself and never guesses an offset (`auto_offset_reset=none`)."""
    settings: dict[str, Any] = {
        "bootstrap_servers": bootstrap,
        "client_id": client_id,
        "group_id": group,
        "enable_auto_commit": False,
        "auto_offset_reset": "none",
        "request_timeout_ms": 10_000,
        "retry_backoff_ms": 100,
        "metadata_max_age_ms": 30_000,
        "fetch_max_wait_ms": 100,
        "max_partition_fetch_bytes": 2_097_152,
    }
    return AIOKafkaConsumer(*topics, **(settings | options))


async def stop_client(client: _Client) -> None:
    """Let a client (a consumer, a producer, FastStream's broker) stop; leave it to itself if it does not in 5 s.

    On a broker that accepts connections and answers nothing it can take for ever, and a client can swallow its
    cancellation and wait on. What it fails with is logged: whoever stops it has no more use for it.
    """
    stopping = asyncio.ensure_future(client.stop())
    try:
        await asyncio.wait({stopping}, timeout=_STOP_SECONDS)
    finally:
        stopping.cancel()
    if not stopping.done():
        _log.warning("a client does not stop", client=type(client).__name__, seconds=_STOP_SECONDS)
    elif not stopping.cancelled() and (error := stopping.exception()) is not None:
        _log.warning("a client did not stop cleanly", client=type(client).__name__, error=type(error).__name__)
