"""Settles dead letters: brings their entries into the journal, each once, or discards them with a reason.

Exactly once: claim (with the partition's end) → write → mark. Whoever finds a claim looks first whether the bytes came
after that end, so neither a crash nor a second replica writes them again.
"""

from __future__ import annotations

import asyncio
import hashlib
import secrets
import time
from collections.abc import Mapping
from typing import Final, Protocol

from services.intake.admission.admit import Admitted
from services.intake.admission.stamps.bearers import Bearers
from services.intake.deadletters.judging import (
    able,
    check_replayable,
    judge_again,
    judge_corrected,
    sender_without_grant,
)
from services.intake.deadletters.letters import Claim, Kept, Outcome, State
from services.intake.deadletters.store import Group
from services.intake.doors.door import Door
from services.intake.senders.store import StoreAway
from shared.access.bearer import Bearer
from shared.broker.partition import partition_of
from shared.broker.topics import outbox_unit
from shared.instants import SECOND
from shared.problems.problem import Problem

__all__ = ["Replayer"]

#: Seconds a claimant has; far above the time after which the client has given up on what it could not write.
_LEASE_SECONDS: Final = 30
#: Of these, what must be left when it writes: one that was paused must not write when another's turn may have come.
_SPARE_SECONDS: Final = 15
#: Seconds a request waits for another replica that is just replaying the same letter.
_WAIT_SECONDS: Final = 2.0
_PAUSE_SECONDS: Final = 0.1
_TRIES: Final = 10


class _Register(Protocol):
    async def find(self, id_: str) -> Kept | None:
        """A letter; None if there is none."""

    async def page(self, wanted: Mapping[str, str], after: tuple[int, str] | None, limit: int) -> list[Kept]:
        """Letters without their bytes, the one first seen longest ago first."""

    async def summary(self) -> list[Group]:
        """How many letters there are of each service, reason and state."""

    async def claim(self, kept: Kept, claim: Claim) -> bool:
        """Begin to replay a letter; False when its state changed meanwhile."""

    async def settle(self, kept: Kept, state: State, outcome: Outcome) -> bool:
        """Store what became of a letter; False when its state changed meanwhile."""

    async def reopen(self, kept: Kept) -> bool:
        """Give up a claim under which nothing was written; False when the letter's state changed meanwhile."""


class _Reader(Protocol):
    topic: str

    async def end(self, partition: int) -> int:
        """The offset the next record of a partition gets."""

    async def find(self, partition: int, begin: int, key: bytes, value: bytes) -> int | None:
        """Offset of the first record from `begin` on with just these bytes; None if there is none."""


class Replayer:
    """What one replica does with the letters of the register.

    Args:
        store: the register; every method may raise StoreAway.
        reader: of the journal.
        door: intake's parts: the journal's writer, the senders, what the stack takes.
    """

    def __init__(self, store: _Register, reader: _Reader, door: Door) -> None:
        self._store = store
        self._reader = reader
        self._door = door
        self._settled = door.meters.counter("motcua_intake_deadletters_settled_total")

    async def find(self, id_: str) -> Kept:
        """A letter.

        Raises:
            Problem: 404 there is none; 503 the database does not answer.
        """
        try:
            kept = await self._store.find(id_)
        except StoreAway as error:
            raise _away() from error
        if kept is None:
            raise Problem(404, "deadletter_unknown", value=id_)
        return kept

    async def page(self, wanted: dict[str, str], after: tuple[int, str] | None, limit: int) -> list[Kept]:
        """Letters without their bytes, as the store gives them.

        Raises:
            Problem: 503 the database does not answer.
        """
        try:
            return await self._store.page(wanted, after, limit)
        except StoreAway as error:
            raise _away() from error

    async def summary(self) -> list[Group]:
        """How many letters there are of each service, reason and state.

        Raises:
            Problem: 503 the database does not answer.
        """
        try:
            return await self._store.summary()
        except StoreAway as error:
            raise _away() from error

    async def replay(self, id_: str, bearer: Bearer, corrected: bytes | None = None) -> Kept:
        """Bring a letter's entry into the journal, unless it is there; the letter with the new position.

        Args:
            id_: of the letter.
            bearer: whoever asks.
            corrected: an entry that stands in for the letter's bytes.

        Raises:
            Problem: 404 no such letter; 409 it cannot be replayed, or is settled otherwise; 422 still refused;
                503 not known to be replayed: asked again, it is written once.
        """
        digest = None if corrected is None else hashlib.sha256(corrected).hexdigest()
        for _ in range(_TRIES):
            kept = await self._at_rest(id_)
            if kept.state == "replayed":
                _check_same(kept, digest)
                return kept
            entry = await self.judge(kept, bearer, corrected)
            done = await (self._write_reference if entry.reference else self._write)(kept, entry, bearer, digest)
            if done is not None:
                self._settled.labels("replayed").inc()
                return done
        raise self._under_way(id_)

    async def discard(self, id_: str, bearer: Bearer, why: str) -> Kept:
        """Settle a letter without replaying it; one that is discarded stays as it is.

        Raises:
            Problem: 404 no such letter; 409 it was replayed; 503 it is being replayed, or the database is away.
        """
        for _ in range(_TRIES):
            kept = await self._at_rest(id_)
            if kept.state == "discarded":
                return kept
            if kept.state == "replayed":
                raise _settled(kept)
            outcome = Outcome(self._door.clock.now(), bearer.name, why=why)
            try:
                done = await self._store.settle(kept, "discarded", outcome)
            except StoreAway as error:
                raise _away() from error
            if done:
                self._settled.labels("discarded").inc()
                return await self.find(id_)
        raise self._under_way(id_)

    async def judge(
        self, kept: Kept, bearer: Bearer, corrected: bytes | None = None, senders: Bearers | None = None
    ) -> Admitted:
        """What would go to the journal.

        Args:
            kept: the letter.
            bearer: whoever asks.
            corrected: an entry that stands in for the letter's bytes.
            senders: what senders may, where many letters are judged.

        Raises:
            Problem: 409 it cannot be replayed; 422 still refused; 503 the database does not answer.
        """
        letter, rules, now = kept.letter, self._door.rules, self._door.clock.now()
        check_replayable(letter, corrected=corrected is not None)
        if corrected is not None:
            return judge_corrected(corrected, bearer, rules, now)
        senders = senders or Bearers(self._door.directory)
        unit = outbox_unit(letter.topic)
        if unit is not None:
            sender = f"agency-{unit}"
            return judge_again(letter, able(sender, await senders.find(sender)), rules, now)
        unmarked = sender_without_grant(letter)
        return judge_again(letter, bearer, rules, now, None if unmarked is None else await senders.find(unmarked))

    async def _write(self, kept: Kept, entry: Admitted, bearer: Bearer, digest: str | None) -> Kept | None:
        """Claim, write, mark; None when somebody else took the letter first."""
        journal, clock = self._door.journal, self._door.clock
        refusal = journal.refusal()
        if refusal is not None:
            raise refusal
        partition = partition_of(entry.subject, journal.partitions)
        begin = await self._reader.end(partition)
        until = clock.now() + _LEASE_SECONDS * SECOND
        token = secrets.token_hex(8)
        claim = Claim(token, until, self._reader.topic, partition, begin, entry.key, entry.value, bearer.name, digest)
        try:
            if not await self._store.claim(kept, claim):
                return None
        except StoreAway as error:
            raise _away() from error
        if clock.now() > until - _SPARE_SECONDS * SECOND:
            raise self._under_way(kept.letter.id)
        offset = await journal.write_batch(entry.key, [entry.value], partition)
        if offset is None:
            raise Problem(503, "outcome_unknown", headers={"Retry-After": str(_LEASE_SECONDS)})
        return await self._mark(await self.find(kept.letter.id), claim, partition, offset)

    async def _write_reference(self, kept: Kept, entry: Admitted, bearer: Bearer, digest: str | None) -> Kept | None:
        """Let the registry take it: it accepts an exact repeat without writing it again."""
        told = (await self._door.reference.take([entry]))[0]
        if isinstance(told, Problem):
            raise told
        positions = tuple((int(partition), offset) for partition, offset in told["positions"].items())
        outcome = Outcome(self._door.clock.now(), bearer.name, self._reader.topic, positions, digest)
        try:
            if not await self._store.settle(kept, "replayed", outcome):
                return None
        except StoreAway as error:
            raise _away() from error
        return await self.find(kept.letter.id)

    async def _mark(self, kept: Kept, claim: Claim, partition: int, offset: int) -> Kept:
        """Store that a claim's bytes are in the journal, whoever wrote them."""
        if kept.state == "replaying" and kept.claim is not None and kept.claim.token == claim.token:
            positions = ((partition, offset),)
            outcome = Outcome(self._door.clock.now(), claim.by, self._reader.topic, positions, claim.corrected)
            try:
                await self._store.settle(kept, "replayed", outcome)
            except StoreAway as error:
                raise _away() from error
        return await self.find(kept.letter.id)

    async def _at_rest(self, id_: str) -> Kept:
        """The letter, not being replayed by anybody: what was begun is found in the journal, or given up."""
        deadline = time.monotonic() + _WAIT_SECONDS
        while True:
            kept = await self.find(id_)
            claim = kept.claim
            if kept.state != "replaying" or claim is None:
                return kept
            lapsed = self._door.clock.now() >= claim.until
            partition, begin = claim.partition, claim.begin
            if claim.journal != self._reader.topic:
                # The journal has grown since: what was written is copied, and stands elsewhere.
                partition, begin = partition_of(claim.key.decode(), self._door.journal.partitions), 0
            offset = await self._reader.find(partition, begin, claim.key, claim.value)
            if offset is not None:
                kept = await self._mark(kept, claim, partition, offset)
                if kept.state != "replaying":
                    return kept
            elif lapsed:
                try:
                    await self._store.reopen(kept)
                except StoreAway as error:
                    raise _away() from error
            elif time.monotonic() > deadline:
                raise self._under_way(id_)
            await asyncio.sleep(_PAUSE_SECONDS)

    @staticmethod
    def _under_way(id_: str) -> Problem:
        headers = {"Retry-After": str(_LEASE_SECONDS)}
        return Problem(503, "deadletter_under_way", value=id_, seconds=_LEASE_SECONDS, headers=headers)


def _check_same(kept: Kept, digest: str | None) -> None:
    """Refuse to say that a corrected entry was replayed when something else was."""
    if digest is not None and kept.outcome is not None and kept.outcome.corrected != digest:
        raise _settled(kept)


def _settled(kept: Kept) -> Problem:
    return Problem(409, "deadletter_settled", value=kept.letter.id, state=kept.state)


def _away() -> Problem:
    return Problem(503, "database_away", headers={"Retry-After": "5"})
