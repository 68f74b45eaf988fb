"""The agencies' topics in the AsyncAPI document. Connects to nothing: agency_reader.py does the work."""

from __future__ import annotations

from typing import Final

from faststream import AckPolicy
from faststream.kafka import KafkaBroker

from shared.broker.kafka import servers
from shared.broker.topics import DEADLETTER, agency_answers, agency_outbox
from shared.contract.answers import Answer
from shared.contract.entries import Entry
from shared.contract.housekeeping import DeadLetter

__all__ = ["OF_UNITS", "agency_topics"]

#: Titles of the channels that every agency has.
OF_UNITS: Final = ("agencyOutbox", "agencyAnswers")


def agency_topics(bootstrap: str) -> KafkaBroker:
    """A broker that is never started, with what intake reads and writes for agencies."""
    broker = KafkaBroker(servers(bootstrap), logger=None)

    @broker.subscriber(
        agency_outbox("{unit}"),
        title="agencyOutbox",
        description=(
            "What the agency of a unit reports, one entry a message (CloudEvents 1.0, JSON). Key: the dossier code. "
            "Kept for seven days."
        ),
        ack_policy=AckPolicy.MANUAL,
    )
    async def read(entry: Entry) -> None:
        """What comes here is admitted as by HTTP, with the rights of `agency-<unit>`."""

    broker.publisher(
        agency_answers("{unit}"),
        title="agencyAnswers",
        description=(
            "What became of each entry of the agency. Key: the dossier code, else the position in the outbox. "
            "Kept for 30 days."
        ),
        schema=Answer,
    )
    broker.publisher(
        DEADLETTER,
        title="deadLetters",
        description="Messages of outboxes that were refused, with their bytes where these cannot tell about a person.",
        schema=DeadLetter,
    )
    return broker
