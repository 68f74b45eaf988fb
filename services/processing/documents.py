"""The AsyncAPI document of processing's topics. Those of its own loops are declared on brokers that never start."""

from __future__ import annotations

from faststream.kafka import KafkaBroker
from faststream.specification import AsyncAPI

from shared.asyncapi import AgencyAsyncAPI
from shared.broker.topics import DEADLETTER, EPOCH, JOURNAL, agency_answers, agency_tasks, lifecycle, reference
from shared.contract.answers import AnswerJudged
from shared.contract.entries import Entry
from shared.contract.housekeeping import DeadLetter, LiveEpoch
from shared.contract.lifecycle import Lifecycle, ReferenceRevised
from shared.contract.tasks import AgencyMessage

__all__ = ["asyncapi"]


def asyncapi(epoch: int | None = None) -> AsyncAPI:
    """The document; the names of the epoch's own topics end in it, 1 where none is given."""
    declared = KafkaBroker("localhost")
    # The parameters have names without underscore in front: FastStream leaves those out of the document.

    @declared.subscriber(
        JOURNAL,
        title="journal",
        description="Entries, in offset order, each partition by one replica. Clock and reference entries are in all.",
    )
    async def on_entry(entry: Entry) -> None: ...

    @declared.subscriber(
        EPOCH, title="liveEpoch", description="Which epoch to work on where MOTCUA_EPOCH is not set; read at start."
    )
    async def on_epoch(pointer: LiveEpoch) -> None: ...

    @declared.subscriber(
        lifecycle(epoch or 1),
        title="lifecycleOfTheLiveEpoch",
        description="Read back by each partition's owner, whether newest rows are last; and while the epoch is the "
        "live one by the dispatcher: what agencies are to be told of.",
    )
    async def on_lifecycle(event: Lifecycle) -> None: ...

    declared.publisher(
        lifecycle(epoch or 1),
        title="lifecycle",
        description=(
            "Facts of each dossier and petition after each entry or tick that changed it, and the clock of each "
            "partition. Key: the dossier code, `petition:<code>`, or `clock:<partition>`. Partition: the journal's. "
            "Compacted after 30 days. One an epoch."
        ),
        schema=Lifecycle,
    )
    declared.publisher(
        reference(epoch or 1),
        title="reference",
        description=(
            "Reference entries as each partition took them in. Key: `reference:<digest>`, one for each distinct entry. "
            "Partition: the journal's. Compacted. One an epoch."
        ),
        schema=ReferenceRevised,
    )
    declared.publisher(
        agency_tasks("{unit}"),
        title="agencyTasks",
        description=(
            "Work and notices for a unit that has such a topic: tasks given, changed, closed and cancelled, due dates "
            "that come near or were passed. Key: the dossier code. One partition. Sent on the live epoch only; an `id` "
            "seen before is a repeat. Kept for 30 days."
        ),
        schema=AgencyMessage,
    )
    declared.publisher(
        agency_answers("{unit}"),
        title="agencyAnswers",
        description=(
            "What became of each entry a unit with such a topic sent: counted, odd or rejected, and where its dossier "
            "stands; again with a higher version when that changes. Key: the dossier code. One partition. Sent on the "
            "live epoch only; an `id` seen before is a repeat. Kept for 30 days. Intake's answers are there too."
        ),
        schema=AnswerJudged,
    )
    declared.publisher(
        DEADLETTER,
        title="deadletter",
        description="Records that could not be understood: bytes, position, reason. Kept for 30 days.",
        schema=DeadLetter,
    )
    return AgencyAsyncAPI(
        declared,
        of_units=("agencyTasks", "agencyAnswers"),
        title="motcua processing",
        version="1",
        description="What processing reads and writes.",
    )
