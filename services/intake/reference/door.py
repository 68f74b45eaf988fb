"""Reference entries at the door: accepted, sent to every partition, answered; and what is known, asked for.

Knows how registry and outbox work together; no HTTP framework.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from services.intake.admission.admit import Admitted
from services.intake.reference.accepted import Accepted, AcceptedReference
from services.intake.reference.listing import Kind
from services.intake.reference.outbox import LATE_SECONDS, Outbox
from services.intake.senders.store import StoreAway
from shared.instants import to_rfc3339
from shared.problems.problem import Problem

__all__ = ["ReferenceDoor"]


@dataclass(frozen=True, slots=True)
class ReferenceDoor:
    """The door for calendars, procedures, routes, units, rules and hand-entered figures."""

    registry: AcceptedReference
    outbox: Outbox

    async def take(self, entries: Sequence[Admitted]) -> list[dict[str, Any] | Problem]:
        """Accept entries and send them; for each where it stands by now, or why it is refused.

        Raises:
            Problem: 503 nothing is known to be accepted.
        """
        found = await self.registry.accept(entries)
        last = max((place.parcel.number for place in found if isinstance(place, Accepted)), default=0)
        if last:
            await self.outbox.deliver(last)
        return [_told(place) if isinstance(place, Accepted) else place for place in found]

    async def listing(self, kind: Kind | None, code: str | None, after: str | None, limit: int) -> dict[str, Any]:
        """What is known: one page of the entries that hold, with what other replicas accepted.

        Raises:
            Problem: 422 `after` is not what a page gave; 503 the database does not answer, and nothing is known.
        """
        try:
            await self.registry.load()
        except StoreAway as error:
            if len(self.registry.known) == 0:
                raise Problem(503, "database_away", headers={"Retry-After": "5"}) from error
        return {"version": self.registry.known.version, **self.registry.listing.page(kind, code, after, limit)}

    def outstanding(self) -> dict[str, Any]:
        """What is not in every partition yet."""
        self.outbox.measure()
        waiting = self.outbox.tell()
        return {
            "entries": sum(each["entries"] for each in waiting),
            "oldest_seconds": round(self.outbox.oldest_seconds, 3),
            "waiting": [each | {"accepted_at": to_rfc3339(each["accepted_at"])} for each in waiting],
        }

    def notes(self) -> list[str]:
        """What is wrong without keeping intake from its work, in a few words each."""
        told = []
        seconds = self.outbox.oldest_seconds
        if seconds > LATE_SECONDS:
            waiting = self.outbox.waiting
            entries = sum(len(parcel.values) for parcel in waiting)
            partitions = sorted(set().union(*(parcel.todo for parcel in waiting)))
            told.append(
                f"{entries} reference entries are not in every partition for {seconds:.0f} s;"
                f" missing in {', '.join(map(str, partitions))}"
            )
        return told


def _told(place: Accepted) -> dict[str, Any]:
    positions = place.parcel.positions(place.index)
    return {
        "partition": None,
        "offset": None,
        "positions": {str(partition): offset for partition, offset in positions.items()},
        "distributed": place.parcel.everywhere,
    }
