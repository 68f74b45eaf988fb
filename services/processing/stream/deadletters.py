"""What could not be understood, on its way to the dead letters: bytes, position and reason. Knows no engine."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from faststream.kafka import KafkaBroker

from shared.broker.topics import DEADLETTER
from shared.clock import Clock
from shared.contract.housekeeping import DeadLetter

__all__ = ["DeadLetters", "Refusal"]

_AT_ONCE: Final = 50
_SEND_SECONDS: Final = 30.0


@dataclass(frozen=True, slots=True)
class Refusal:
    """A journal record and why it was not taken."""

    record: Any
    reason: str
    detail: str


class DeadLetters:
    """Publishes dead letters and awaits the broker's acknowledgements.

    Args:
        broker: a started broker, or one that is being started; publishing before that raises.
        clock: tells when a letter was seen, for people.
    """

    def __init__(self, broker: KafkaBroker, clock: Clock) -> None:
        self._broker = broker
        self._clock = clock

    async def send(self, refusals: Sequence[Refusal]) -> None:
        """Return when all are acknowledged; a failure raises, and repeating makes a second copy."""
        async with asyncio.timeout(_SEND_SECONDS):
            for start in range(0, len(refusals), _AT_ONCE):
                await asyncio.gather(*(self._send(refusal) for refusal in refusals[start : start + _AT_ONCE]))

    async def _send(self, refusal: Refusal) -> None:
        letter = DeadLetter.of(
            refusal.record,
            service="processing",
            reason=refusal.reason,
            detail=refusal.detail,
            seen_at=self._clock.now(),
        )
        await self._broker.publish(
            letter.model_dump_json().encode(),
            DEADLETTER,
            key=letter.record_key(),
            headers={"content-type": "application/json"},
        )
