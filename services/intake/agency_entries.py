"""What happens with the messages of an agency's outbox: admitted, written, answered, laid aside. Knows no consumer.

Either all of a portion is done, or it fails and the same portion comes again: entries known to be in the journal are
not written again, answers and dead letters are sent again under the same identities.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

from services.intake.admission import Admitted, admit
from services.intake.agencies import Agencies
from services.intake.agency_answers import Said, accepted, dead_letter, refused
from services.intake.cloudevents.mode import in_words_of_mode
from services.intake.door import Door
from services.intake.senders import Grant
from shared.logging import get_logger
from shared.problems import Problem
from shared.topics import DEADLETTER, agency_answers

__all__ = ["AgencyEntries", "Progress", "Voice"]

_log = get_logger("intake.agencies")
#: Messages admitted before others get a turn: about 2 ms.
_TURN: Final = 50


class Voice(Protocol):
    """How answers and dead letters go out; what is not confirmed raises KafkaError or TimeoutError."""

    async def exists(self, topic: str) -> bool:
        """Whether there is a topic."""

    async def send(self, topic: str, said: Sequence[Said]) -> None:
        """Send records to partition 0 of a topic, in order."""


@dataclass(slots=True)
class Progress:
    """What is known to be in the journal of an unfinished portion: value, entry and place, by offset in the outbox."""

    written: dict[int, tuple[bytes, Admitted, dict[str, Any]]] = field(default_factory=dict)

    def has(self, record: Any) -> bool:
        """Whether the entry of a message is known to be in the journal.

        The value is compared: after a topic was made anew, offsets stand for other messages.
        """
        return record.offset in self.written and self.written[record.offset][0] == record.value


class AgencyEntries:
    """The door for messages of outboxes.

    Args:
        door: what admits, writes and counts.
        voice: how it is answered.
    """

    def __init__(self, door: Door, voice: Voice) -> None:
        self._door = door
        self._voice = voice
        self._agencies = Agencies(door.directory, door.reference.registry)
        self._messages = door.meters.counter("motcua_intake_agency_messages_total")

    async def take(self, unit: str, records: Sequence[Any], progress: Progress) -> None:
        """Do all that is to be done about messages of one outbox, which are in order.

        Args:
            unit: whose outbox it is.
            records: messages as they were read.
            progress: what is known of an earlier try; kept up to date, and emptied when all is done.

        Raises:
            Problem: 503 the broker or the database does not answer, or did not confirm: bring the same messages again.
            KafkaError, TimeoutError: the same, for answers and dead letters.
        """
        grant = await self._agencies.grant(unit)
        fresh = [record for record in records if not progress.has(record)]
        entries, problems = await self._admit(fresh, grant)
        problems |= await self._write(fresh, entries, progress)
        await self._answer(unit, records, problems, progress)
        for record in records:
            problem = problems.get(record.offset)
            self._messages.labels("accepted" if problem is None else "refused").inc()
            if problem is None:
                self._door.accepted(progress.written[record.offset][1])
            else:
                self._door.refused(problem)
        progress.written.clear()

    async def _admit(
        self, records: Sequence[Any], grant: Grant | Problem
    ) -> tuple[dict[int, Admitted], dict[int, Problem]]:
        if isinstance(grant, Problem):
            return {}, dict.fromkeys((record.offset for record in records), grant)
        entries: dict[int, Admitted] = {}
        problems: dict[int, Problem] = {}
        for count, record in enumerate(records, start=1):
            if count % _TURN == 0:
                await asyncio.sleep(0)
            try:
                entries[record.offset] = admit(record.value or b"", grant, self._door.rules, self._door.clock.now())
            except Problem as problem:
                problems[record.offset] = in_words_of_mode(
                    problem, record.headers or (), record.value or b"", topic=True
                )
            except Exception:  # noqa: BLE001
                # Admission asks nobody: it would fail the same way for ever, and hold up all that comes after.
                _log.exception("a message cannot be judged", topic=record.topic, offset=record.offset)
                problems[record.offset] = Problem(500, "internal")
        return entries, problems

    async def _write(
        self, records: Sequence[Any], entries: dict[int, Admitted], progress: Progress
    ) -> dict[int, Problem]:
        """Write entries in the order of their messages; why some were refused after all."""
        told = await self._door.write(entries)
        problems: dict[int, Problem] = {}
        unknown: Problem | None = None
        for record in records:
            place = told.get(record.offset)
            if isinstance(place, Problem):
                if place.status == 503:
                    unknown = place
                else:
                    problems[record.offset] = place
            elif place is not None:
                progress.written[record.offset] = (record.value, entries[record.offset], place)
        if unknown is not None:
            raise unknown
        return problems

    async def _answer(
        self, unit: str, records: Sequence[Any], problems: dict[int, Problem], progress: Progress
    ) -> None:
        now, simulated = self._door.clock.now(), self._door.rules.simulated
        letters = [dead_letter(record, problems[record.offset], now) for record in records if record.offset in problems]
        if letters:
            await self._voice.send(DEADLETTER, letters)
        topic = agency_answers(unit)
        if not await self._voice.exists(topic):
            return
        said = []
        for record in records:
            problem = problems.get(record.offset)
            if problem is not None:
                said.append(refused(record, problem, now, simulated=simulated))
            else:
                _, entry, place = progress.written[record.offset]
                said.append(accepted(record, entry, place, now, simulated=simulated))
        await self._voice.send(topic, said)
