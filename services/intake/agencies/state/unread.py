"""Shows how much of the outboxes that a replica reads is not done with, and for how long it has waited."""

from __future__ import annotations

from collections.abc import Mapping

from shared.catalogue.base import Meters

__all__ = ["Unread"]


class Unread:
    """The gauges of one replica.

    Args:
        meters: intake's metrics.
    """

    def __init__(self, meters: Meters) -> None:
        self._messages = meters.gauge("motcua_intake_agency_unread")
        self._seconds = meters.gauge("motcua_intake_agency_unread_seconds")

    def show(self, unread: Mapping[str, tuple[int, float]]) -> None:
        """Show messages and seconds by unit, and no other unit's: another replica tells of it by now."""
        self._messages.clear()
        self._seconds.clear()
        for unit, (count, seconds) in unread.items():
            self._messages.labels(unit).set(count)
            self._seconds.labels(unit).set(seconds)
