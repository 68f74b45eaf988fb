"""What a replica knows of one outbox while it reads it. Plain data."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from services.intake.agency_entries import Progress

__all__ = ["Outbox"]


@dataclass(slots=True)
class Outbox:
    """One outbox as this replica reads it; times are monotonic seconds.

    `first` is the offset of the portion in hand, `next` of what is to be read after it, as far as that is known;
    `noted` of what is to be read after what is noted as done, or will be at once.
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
