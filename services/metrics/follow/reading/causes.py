"""Whether the causes that lifecycle records claim can be true: none lies beyond the end of the journal.

The newer cause wins, so one false cause, forged or mistaken, would hide every true row of its dossier for good.
"""

from __future__ import annotations

from collections.abc import Mapping

from aiokafka import AIOKafkaConsumer, TopicPartition

__all__ = ["JournalEnds"]


class JournalEnds:
    """The ends of the journal's partitions, as far as anybody had to ask.

    A record is written after the journal entry that caused it, so an end asked for after the record was read lies
    behind its cause, or the cause is false: nothing has to be asked twice, and nothing while causes are old.

    Args:
        topic: the journal.
    """

    def __init__(self, topic: str) -> None:
        self.topic = topic
        self._known: dict[int, int] = {}

    async def beyond(self, consumer: AIOKafkaConsumer, highest: Mapping[int, int]) -> dict[int, int]:
        """Of the partitions with a cause beyond the journal: its end there.

        Args:
            consumer: asks the broker.
            highest: the highest cause read, by partition.

        Raises:
            KafkaError: the broker does not answer, or there is no such journal.
        """
        asked = [number for number, cause in highest.items() if cause >= self._known.get(number, 0)]
        if asked:
            places = [TopicPartition(self.topic, number) for number in asked]
            self._known |= {place.partition: end for place, end in (await consumer.end_offsets(places)).items()}
        return {number: self._known[number] for number in asked if highest[number] >= self._known[number]}
