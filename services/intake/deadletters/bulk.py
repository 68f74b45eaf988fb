"""Brings the entries of many dead letters into the journal, each once, with few questions to broker and database.

The same steps as for one letter (deadletter_replay.py): claim, write, mark. What is not simply open, and reference
entries, which have a door of their own, are left to it one by one.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final, Protocol

from services.intake.admission.admit import Admitted
from services.intake.admission.stamps.bearers import Bearers
from services.intake.deadletters.letters import Claim, Kept, Outcome, State
from services.intake.deadletters.replay import Replayer
from services.intake.doors.door import Door
from services.intake.senders.store import StoreAway
from shared.access.bearer import Bearer
from shared.broker.partition import partition_of
from shared.instants import SECOND
from shared.problems.problem import Problem

__all__ = ["MOST_AT_ONCE", "BulkReplayer"]

#: Letters of one request; their entries together stay in memory.
MOST_AT_ONCE: Final = 500
#: Seconds a claimant has, and of these what must be left when it writes: far above what writing so many may take.
_LEASE_SECONDS: Final = 90
_SPARE_SECONDS: Final = 45


class _Register(Protocol):
    async def find_many(self, ids: Sequence[str]) -> dict[str, Kept]:
        """Those letters of these ids that there are."""

    async def claim_many(self, claims: Sequence[tuple[Kept, Claim]]) -> bool:
        """Begin to replay letters; False when not all were claimed."""

    async def settle_many(self, settled: Sequence[tuple[Kept, State, Outcome]]) -> bool:
        """Store what became of letters; False when the state of one changed meanwhile."""


class _Reader(Protocol):
    topic: str

    async def end(self, partition: int) -> int:
        """The offset the next record of a partition gets."""


class BulkReplayer:
    """What one replica does with many letters.

    Args:
        store: the register; every method may raise StoreAway.
        reader: of the journal.
        door: intake's parts: the journal's writer, what the stack takes.
        single: replays one letter.
    """

    def __init__(self, store: _Register, reader: _Reader, door: Door, single: Replayer) -> None:
        self._store = store
        self._reader = reader
        self._door = door
        self._single = single
        self._settled = door.meters.counter("motcua_intake_deadletters_settled_total")

    async def replay(self, ids: Sequence[str], bearer: Bearer) -> dict[str, Kept | Problem]:
        """Bring letters' entries into the journal, unless they are there; what became of each, by id.

        A problem of 503 leaves open whether a letter is replayed: asked again, it is written once.

        Raises:
            Problem: 503 broker or database do not answer.
        """
        try:
            return await self._replay(list(dict.fromkeys(ids)), bearer)
        except StoreAway as error:
            raise Problem(503, "database_away", headers={"Retry-After": "5"}) from error

    async def _replay(self, ids: Sequence[str], bearer: Bearer) -> dict[str, Kept | Problem]:
        told: dict[str, Kept | Problem] = {}
        plain: dict[str, tuple[Kept, Admitted]] = {}
        senders = Bearers(self._door.directory)
        for id_, kept in (await self._store.find_many(ids)).items():
            if kept.state == "open":
                try:
                    entry = await self._single.judge(kept, bearer, senders=senders)
                except Problem as problem:
                    told[id_] = problem
                    continue
                if not entry.reference:
                    plain[id_] = (kept, entry)
        if plain:
            # Before anything is claimed, which would keep others from it for as long as the claim holds.
            refusal = self._door.journal.refusal()
            if refusal is not None:
                raise refusal
            told |= await self._write(plain, bearer)
        for id_ in ids:
            if id_ not in told:
                try:
                    told[id_] = await self._single.replay(id_, bearer)
                except Problem as problem:
                    told[id_] = problem
        return told

    async def _write(self, plain: Mapping[str, tuple[Kept, Admitted]], bearer: Bearer) -> dict[str, Kept | Problem]:
        """Claim, write, mark; those that somebody else took are left out."""
        journal, clock = self._door.journal, self._door.clock
        places = {id_: partition_of(entry.subject, journal.partitions) for id_, (_, entry) in plain.items()}
        begins = {partition: await self._reader.end(partition) for partition in sorted(set(places.values()))}
        until, mark = clock.now() + _LEASE_SECONDS * SECOND, secrets.token_hex(8)
        claims = {
            id_: Claim(
                f"{mark}-{number}",
                until,
                self._reader.topic,
                places[id_],
                begins[places[id_]],
                entry.key,
                entry.value,
                bearer.name,
                None,
            )
            for number, (id_, (_, entry)) in enumerate(plain.items())
        }
        held = {id_: replace(plain[id_][0], state="replaying", claim=claim) for id_, claim in claims.items()}
        if not await self._store.claim_many([(plain[id_][0], claim) for id_, claim in claims.items()]):
            found = await self._store.find_many(list(claims))
            held = {id_: kept for id_, kept in found.items() if kept.claim and kept.claim.token == claims[id_].token}
        if clock.now() > until - _SPARE_SECONDS * SECOND:
            raise Problem(503, "outcome_unknown", headers={"Retry-After": str(_LEASE_SECONDS)})
        receipts = await journal.write_many([plain[id_][1] for id_ in held])
        done: list[tuple[Kept, State, Outcome]] = []
        told: dict[str, Kept | Problem] = {}
        for (id_, kept), receipt in zip(held.items(), receipts, strict=True):
            if receipt is None:
                told[id_] = Problem(503, "outcome_unknown", headers={"Retry-After": str(_LEASE_SECONDS)})
                continue
            positions = tuple(receipt.positions)
            done.append((kept, "replayed", Outcome(clock.now(), bearer.name, self._reader.topic, positions)))
        if await self._store.settle_many(done):
            told |= {kept.letter.id: replace(kept, state=state, claim=None, outcome=how) for kept, state, how in done}
        else:
            told |= await self._store.find_many([kept.letter.id for kept, _, _ in done])
        self._settled.labels("replayed").inc(len(done))
        return told
