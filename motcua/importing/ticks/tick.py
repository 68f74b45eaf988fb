"""A tick of the data's clock: an instant, and the entry that says it. Pure."""

from __future__ import annotations

from dataclasses import dataclass

import orjson

from shared.instants import to_rfc3339

__all__ = ["Tick"]


@dataclass(frozen=True, slots=True)
class Tick:
    """The data's clock has reached an instant (UTC microseconds); said in the name of the data's source."""

    time: int
    source: str
    simulated: bool

    @property
    def payload(self) -> bytes:
        """The entry that says so; its id is its instant, so that a repeated tick is the same entry."""
        time = to_rfc3339(self.time)
        entry: dict[str, object] = {
            "specversion": "1.0",
            "id": f"tick/{time}",
            "source": self.source,
            "type": "clock.ticked",
            "subject": "clock",
            "time": time,
            "data": {},
        }
        if self.simulated:
            entry["simulated"] = True
        return orjson.dumps(entry)
