"""How units' systems tell what happened: at once, by the hour, at night, after a break of days; twice now and then.

Entries leave in the order of sending as lines of JSON. Knows the entry contract; decides nothing about dossiers.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from random import Random
from typing import Any

import orjson

from shared.calendar import WorkCalendar
from shared.instants import DAY, HOUR, MINUTE, SECOND, to_rfc3339
from simulator.chance import dice
from simulator.course.chances import some_time
from simulator.world import habits
from simulator.world.places import Place

__all__ = ["Teller", "source_of"]

#: Stretches in each of which a sender breaks at most once.
_STRETCH = 30 * DAY


def source_of(unit: str) -> str:
    """The source of a unit's system."""
    return f"sim/{unit}"


class Teller:
    """Entries told and not sent yet.

    Args:
        seed: decides when whose synchronisation breaks.
        horizon: what happens at or after this instant is not told.
        places: the units by code.
        calendar: for local times of day.
        roll: dice of delays and duplicates.
    """

    def __init__(self, seed: int, horizon: int, places: dict[str, Place], calendar: WorkCalendar, roll: Random) -> None:
        self._seed = seed
        self._horizon = horizon
        self._places = places
        self._calendar = calendar
        self._roll = roll
        self._outbox: list[tuple[int, int, bytes]] = []
        self._number = 0
        self._breaks: dict[tuple[str, int], tuple[int, int]] = {}
        self.told = 0

    def tell(
        self,
        subject: str,
        unit: str,
        id_: str,
        *,
        at: int,
        type_: str,
        data: dict[str, Any] | None,
        now: int,
        revision: int = 0,
        sent: int | None = None,
    ) -> int:
        """An entry of a unit's system; gives the instant of its sending.

        Args:
            subject: the dossier.
            unit: whose system tells it.
            id_: of the entry in its source.
            at: when it happened.
            type_: of the contract.
            data: of the type; None withdraws.
            now: the instant it is known, no sending is earlier.
            revision: of this identity.
            sent: when it is sent; None: as this sender does.
        """
        if at >= self._horizon:
            return at
        if sent is None:
            sent = self._sent(unit, max(at, now))
        entry: dict[str, Any] = {
            "specversion": "1.0",
            "type": type_,
            "source": source_of(unit),
            "id": id_,
            "subject": subject,
            "time": to_rfc3339(at),
            "simulated": True,
            "data": data,
        }
        if revision:
            entry["revision"] = revision
        line = orjson.dumps(entry, option=orjson.OPT_APPEND_NEWLINE)
        self._put(sent, line)
        if self._roll.random() < habits.SHARES["doubled"]:
            self._put(sent + some_time(self._roll, "doubling"), line)
        return sent

    def garbled(self, subject: str, unit: str, id_: str, at: int, data: dict[str, Any]) -> None:
        """What intake must refuse: a member nobody knows, or a time that is none."""
        entry: dict[str, Any] = {"specversion": "1.0", "type": "quality.components_recorded", "source": source_of(unit)}
        entry |= {"id": id_, "subject": subject, "time": to_rfc3339(at), "simulated": True}
        if self._roll.random() < 0.5:
            whole = entry | {"data": data | {"applicant_phone": "0000000000"}}
        else:
            whole = entry | {"time": "yesterday", "data": data}
        self._put(at, orjson.dumps(whole, option=orjson.OPT_APPEND_NEWLINE))

    def due(self, until: int | None) -> Iterator[tuple[int, bytes]]:
        """What is sent before an instant (None: all that is left), each with its instant of sending, in order."""
        outbox = self._outbox
        while outbox and (until is None or outbox[0][0] < until):
            sent, _, line = heapq.heappop(outbox)
            yield sent, line

    @property
    def unsent(self) -> int:
        """Entries told and not sent yet."""
        return len(self._outbox)

    def forget(self, before: int) -> None:
        """Breaks of stretches that ended before an instant are not asked for again."""
        last = before // _STRETCH
        self._breaks = {key: value for key, value in self._breaks.items() if key[1] >= last}

    def _put(self, sent: int, line: bytes) -> None:
        self._number += 1
        self.told += 1
        heapq.heappush(self._outbox, (sent, self._number, line))

    def _sent(self, unit: str, at: int) -> int:
        roll = self._roll
        kind = self._places[unit].sender if unit in self._places else "prompt"
        if kind == "prompt":
            chance = roll.random()
            for up_to, shortest, longest in habits.DELAYS:
                if chance < up_to:
                    sent = at + shortest + int((longest - shortest) * roll.random()) // SECOND * SECOND
                    break
        elif kind == "hourly":
            sent = (at // HOUR + 1) * HOUR + int(roll.random() * 120) * SECOND
        else:
            minute, lasting = habits.NIGHT_BATCH
            sent = self._calendar.instant(self._calendar.local_date(at), minute * MINUTE)
            if sent < at:
                sent += DAY
            sent += int(roll.random() * lasting) // SECOND * SECOND
        begin, end = self._break(unit, sent // _STRETCH)
        if begin <= sent < end:
            return end + int(roll.random() * 7200) * SECOND
        return sent

    def _break(self, unit: str, stretch: int) -> tuple[int, int]:
        """When the unit's synchronisation is broken in a stretch of time; nothing twice where it is not."""
        known = self._breaks.get((unit, stretch))
        if known is None:
            roll = dice(self._seed, "break", unit, stretch)
            chance, shortest, longest = habits.BREAKS
            known = (0, 0)
            if roll.random() < chance:
                begin = stretch * _STRETCH + int(roll.uniform(0, 24 * 24)) * HOUR
                known = (begin, begin + int(roll.uniform(shortest, longest) * 24) * HOUR)
            self._breaks[unit, stretch] = known
        return known
