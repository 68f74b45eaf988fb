"""The AsyncAPI document of metrics: the topics its own loops read, and the dead letters it sends. Starts nothing."""

from __future__ import annotations

from faststream.kafka import KafkaBroker
from faststream.specification import AsyncAPI

from shared.broker.topics import EPOCH, lifecycle, reference
from shared.contract.housekeeping import LiveEpoch
from shared.contract.lifecycle import Lifecycle, ReferenceRevised

__all__ = ["asyncapi"]


def asyncapi(broker: KafkaBroker) -> AsyncAPI:
    """The document; the topics read are declared on a second broker, which is never started.

    Args:
        broker: the one that sends dead letters.
    """
    reads = KafkaBroker("localhost")
    # The parameters have names without underscore in front: FastStream leaves those out of the document.

    @reads.subscriber(lifecycle(1), title="lifecycle", description="facts of epoch 1; each epoch has its own topic")
    async def on_lifecycle(event: Lifecycle) -> None: ...

    @reads.subscriber(reference(1), title="reference", description="reference entries, as the partitions took them in")
    async def on_reference(event: ReferenceRevised) -> None: ...

    @reads.subscriber(
        EPOCH, title="liveEpoch", description="which epoch readers follow; the record with the highest number counts"
    )
    async def on_epoch(pointer: LiveEpoch) -> None: ...

    return AsyncAPI(broker, reads, title="Một Cửa metrics", version="1", description="What metrics reads and writes.")
