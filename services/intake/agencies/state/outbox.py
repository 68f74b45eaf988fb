"""What a replica knows of one outbox while it reads it. Plain data."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Final

from services.intake.agencies.entries import Progress
from services.intake.doors.rates.allowance import Owing
from shared.notes import Note

__all__ = ["Outbox"]


#: Seconds for which something is held before people are told.
_TELL_SECONDS: Final = 10.0
#: Seconds for which it is told after the last portion that was put off.
_SLOW_SECONDS: Final = 5.0


@dataclass(slots=True)
class Outbox:
    """One outbox as this replica reads it; times are monotonic seconds.

    `first` is the offset of the portion in hand, `next` of what is to be read after it, as far as that is known;
    `noted` of what is to be read after what is noted as done, or will be at once. `slowed` is why nothing is read
    before `again_at` where it brings more than its sender's rate.
    """

    unit: str
    progress: Progress = field(default_factory=Progress)
    task: asyncio.Task[None] | None = None
    first: int | None = None
    next: int | None = None
    noted: int | None = None
    again_at: float = 0.0
    waits_since: float | None = None
    why: str | None = None
    slowed: Owing | None = None

    def slow(self, owing: Owing | None, now: float) -> None:
        """Read nothing for as long as its sender owes something, after a portion was done."""
        self.slowed = owing
        if owing is not None:
            self.again_at = now + owing.seconds

    def notes(self, now: float) -> list[str]:
        """That it is held, or read slowly, for those who look after the stack."""
        found: list[str] = []
        if self.why is not None and self.waits_since is not None and now - self.waits_since > _TELL_SECONDS:
            found.append(f"the outbox of {self.unit} is held for {now - self.waits_since:.0f} s: {self.why}")
        if self.slowed is not None and now <= self.again_at + _SLOW_SECONDS:
            found.append(self._slow_note(self.slowed))
        return found

    def _slow_note(self, owing: Owing) -> Note:
        vi = {"entries": "mục", "bytes": "byte"}[owing.what]
        return Note(
            f"the outbox of {self.unit} is read slowly: it brings more than {owing.limit} {owing.what} a second",
            "nothing is lost, it waits in the outbox; where the agency has that much, give it a rate of its own",
            vi=f"hộp gửi của {self.unit} được đọc chậm lại: nó mang tới hơn {owing.limit} {vi} mỗi giây",
            vi_remedy="không mất gì, bản ghi chờ trong hộp gửi; nếu cơ quan cần nhiều như vậy, hãy đặt mức riêng",
        )
