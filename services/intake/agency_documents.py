"""The agencies' topics in the AsyncAPI document. Connects to nothing: agency_reader.py does the work."""

from __future__ import annotations

from faststream import AckPolicy
from faststream.kafka import KafkaBroker

from shared.contract.answers import Answer
from shared.contract.entries import Entry
from shared.contract.housekeeping import DeadLetter
from shared.topics import DEADLETTER, agency_answers, agency_outbox

__all__ = ["agency_topics"]


def agency_topics() -> KafkaBroker:
    """A broker that is never started, with what intake reads and writes for agencies."""
    broker = KafkaBroker("nowhere:9092", logger=None)

    @broker.subscriber(
        agency_outbox("UNIT"),
        title="agency outbox",
        description=(
            "What the agency UNIT reports, one entry a message (CloudEvents 1.0, JSON). Key: the dossier code. "
            "Kept for seven days."
        ),
        ack_policy=AckPolicy.MANUAL,
    )
    async def read(_entry: Entry) -> None:
        """What comes here is admitted as by HTTP, with the grant of `agency-UNIT`."""

    broker.publisher(
        agency_answers("UNIT"),
        title="agency answers",
        description=(
            "What became of each entry of the agency. Key: the dossier code, else the position in the outbox. "
            "Kept for 30 days."
        ),
        schema=Answer,
    )
    broker.publisher(
        DEADLETTER,
        title="dead letters",
        description="Messages of outboxes that were refused, with their bytes where these cannot tell about a person.",
        schema=DeadLetter,
    )
    return broker
