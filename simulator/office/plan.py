"""What a simulated life is made of: planned entries, each with the instant it happens and the instant it is sent.

Knows the entry contract; knows nothing of how lives come about or how entries travel.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from shared.instants import to_rfc3339

__all__ = ["Plan", "Planned"]


@dataclass(frozen=True, slots=True)
class Planned:
    """One entry as it will be sent: `at` is when it happens, `sent` when its source sends it (UTC microseconds)."""

    at: int
    sent: int
    order: str
    entry: dict[str, Any]


@dataclass(slots=True)
class Plan:
    """The planned life of one dossier, in the order in which things happen."""

    code: str
    source: str
    accepted: int
    ended: int | None = None
    entries: list[Planned] = field(default_factory=list)
    count: int = 0

    def add(self, at: int, type_: str, data: dict[str, Any] | None, *, sent: int) -> Planned:
        """Plan an entry; its id is the dossier code and a running number, so that a second playing sends the same."""
        self.count += 1
        planned = Planned(
            at,
            max(sent, at),
            f"{self.code}/{self.count:03d}",
            {
                "specversion": "1.0",
                "type": type_,
                "source": self.source,
                "id": f"{self.code}/{self.count}",
                "subject": self.code,
                "time": to_rfc3339(at),
                "simulated": True,
                "data": data,
            },
        )
        self.entries.append(planned)
        return planned

    def again(self, first: Planned, *, sent: int, **changes: Any) -> None:
        """Plan to send an entry a second time: unchanged (a duplicate), or as a revision or with other content."""
        self.entries.append(Planned(first.at, max(sent, first.sent), first.order + "+", first.entry | changes))

    def cut(self, at: int) -> None:
        """Forget what would happen after an instant: the dossier takes another course from there."""
        self.entries = [planned for planned in self.entries if planned.at <= at]
        self.ended = None
