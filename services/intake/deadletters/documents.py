"""The dead letters' topic in the AsyncAPI document. Connects to nothing: deadletter_register.py does the work."""

from __future__ import annotations

from faststream import AckPolicy
from faststream.kafka import KafkaBroker

from shared.broker.kafka import servers
from shared.broker.topics import DEADLETTER
from shared.contract.housekeeping import DeadLetter

__all__ = ["deadletter_topic"]


def deadletter_topic(bootstrap: str) -> KafkaBroker:
    """A broker that is never started, with what intake reads of dead letters."""
    broker = KafkaBroker(servers(bootstrap), logger=None)

    @broker.subscriber(
        DEADLETTER,
        title="deadLetterRegister",
        description=(
            "What no service could understand, kept in a register until it is replayed or discarded. "
            "Key: the position of the record it is about, the same for every copy."
        ),
        ack_policy=AckPolicy.MANUAL,
    )
    async def read(letter: DeadLetter) -> None:
        """Each copy counts once; what is no letter is kept as such."""

    return broker
