"""What happens with the messages of an agency's outbox: admitted, written, answered, laid aside. Knows no consumer.

Either all of a portion is done, or it fails and the same portion comes again: entries known to be in the journal are
not written again, answers and dead letters are sent again under the same identities.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

from aiokafka.errors import KafkaError

from services.intake.admission.admit import Admitted
from services.intake.agencies.agencies import Agencies
from services.intake.agencies.answers import Said, accepted, dead_letter, refused
from services.intake.doors.cloudevents.mode import in_words_of_mode
from services.intake.doors.door import Door
from services.intake.doors.rates.allowance import Owing
from services.intake.senders.store import StoreAway
from shared.access.bearer import Bearer
from shared.broker.topics import DEADLETTER, agency_answers
from shared.logging import get_logger
from shared.mongo import DatabaseError
from shared.problems.problem import Problem
from shared.serving.spent import Spent
from shared.turns import Turns

__all__ = ["AgencyEntries", "Progress", "Voice"]

_log = get_logger("intake.agencies")
#: Whatever is away, or did not confirm: the same messages come again, and none is a dead letter for it.
_AWAY: Final = (Problem, KafkaError, TimeoutError, OSError, StoreAway, DatabaseError)


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

    async def take(self, unit: str, records: Sequence[Any], progress: Progress) -> Owing | None:
        """Do all that is to be done about messages of one outbox, which are in order.

        Returns:
            How long no more is to be read of it, where it brought more than its sender's rate.

        Args:
            unit: whose outbox it is.
            records: messages as they were read.
            progress: what is known of an earlier try; kept up to date, and emptied when all is done.

        Raises:
            Problem: 503 the broker or the database does not answer, or did not confirm: bring the same messages again.
            KafkaError, TimeoutError: the same, for answers and dead letters.
        """
        bearer = await self._agencies.bearer(unit)
        if isinstance(bearer, Problem):
            await self._take(unit, bearer, records, progress)
            return None
        work = Spent(self._take(unit, bearer, records, progress))
        try:
            await work
        finally:
            self._door.costs.spent(bearer, work.seconds, records[0].topic)
        self._door.allowance.charge(bearer, len(records), sum(len(record.value or b"") for record in records))
        return self._door.allowance.owing(bearer)

    async def _take(self, unit: str, bearer: Bearer | Problem, records: Sequence[Any], progress: Progress) -> None:
        fresh = [record for record in records if not progress.has(record)]
        entries, problems = await self._admit(fresh, bearer)
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
        self, records: Sequence[Any], bearer: Bearer | Problem
    ) -> tuple[dict[int, Admitted], dict[int, Problem]]:
        if isinstance(bearer, Problem):
            return {}, dict.fromkeys((record.offset for record in records), bearer)
        entries: dict[int, Admitted] = {}
        problems: dict[int, Problem] = {}
        turns = Turns()
        for record in records:
            await turns.give()
            try:
                judged = self._judge(record, bearer)
            except Exception:  # noqa: BLE001
                # Admission asks nobody: it would fail the same way for ever, and hold up all that comes after.
                _log.exception("a message cannot be judged", topic=record.topic, offset=record.offset)
                judged = Problem(500, "internal")
            if isinstance(judged, Problem):
                problems[record.offset] = judged
            else:
                entries[record.offset] = judged
        return entries, problems

    def _judge(self, record: Any, bearer: Bearer) -> Admitted | Problem:
        value = record.value or b""
        try:
            return self._door.admit(value, bearer, f"{record.topic} {record.offset}")
        except Problem as problem:
            return in_words_of_mode(problem, record.headers or (), value, topic=True)

    async def _write(
        self, records: Sequence[Any], entries: dict[int, Admitted], progress: Progress
    ) -> dict[int, Problem]:
        """Write entries in the order of their messages; why some were refused after all."""
        told = await self._written(entries)
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

    async def _written(self, entries: dict[int, Admitted]) -> dict[int, dict[str, Any] | Problem]:
        """What the door says of entries; one that it cannot judge is a fault of that entry, and found by itself."""
        try:
            return await self._door.write(entries)
        except _AWAY:
            raise
        except Exception:  # noqa: BLE001 (raised again, or told of the one entry that it is about)
            if len(entries) > 1:
                told: dict[int, dict[str, Any] | Problem] = {}
                for offset, entry in entries.items():
                    told |= await self._written({offset: entry})
                    if any(isinstance(each, Problem) and each.status == 503 for each in told.values()):
                        # What follows comes again with it, so that their order stays.
                        break
                return told
            _log.exception("an entry cannot be judged", offset=next(iter(entries), None))
            return dict.fromkeys(entries, Problem(500, "internal"))

    async def _answer(
        self, unit: str, records: Sequence[Any], problems: dict[int, Problem], progress: Progress
    ) -> None:
        now, simulated = self._door.clock.now(), self._door.rules.simulated
        turns = Turns()
        letters = []
        for record in records:
            await turns.give()
            if record.offset in problems:
                letters.append(_letter(record, problems[record.offset], now))
        if letters:
            await self._voice.send(DEADLETTER, letters)
        topic = agency_answers(unit)
        if not await self._voice.exists(topic):
            return
        said = []
        for record in records:
            await turns.give()
            try:
                problem = problems.get(record.offset)
                if problem is not None:
                    said.append(refused(record, problem, now, simulated=simulated))
                else:
                    _, entry, place = progress.written[record.offset]
                    said.append(accepted(record, entry, place, now, simulated=simulated))
            except Exception:  # noqa: BLE001 (its entry or its dead letter is kept; it must not hold the others' answers)
                _log.exception("a message cannot be answered", topic=record.topic, offset=record.offset)
        await self._voice.send(topic, said)


def _letter(record: Any, problem: Problem, now: int) -> Said:
    """The dead letter about a message; where even that cannot be made of it, of its place alone."""
    try:
        return dead_letter(record, problem, now)
    except Exception:  # noqa: BLE001 (it would fail the same way for ever, and hold up all that comes after)
        _log.exception("a message cannot be laid aside whole", topic=record.topic, offset=record.offset)
        return dead_letter(record, problem, now, whole=False)
