"""A bucket that fills at a rate and may be overdrawn once. Pure: whoever asks says what time it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

__all__ = ["Bucket"]

#: What is less than this is nothing: sums of rates and times are not exact.
_NOTHING: Final = 1e-6


@dataclass(slots=True)
class Bucket:
    """What is left of an allowance; less than nothing is a debt, which time pays.

    Something is taken whole wherever there is no debt, however large it is: so a batch is never taken in part, and none
    is too large for ever.

    Args:
        level: what there is, at first as much as goes in.
        at: when that was so, seconds of a clock that never goes back.
    """

    level: float
    at: float

    def wait(self, rate: float, most: float, now: float) -> float:
        """Seconds until there is no debt.

        Args:
            rate: what comes in a second.
            most: what goes in.
            now: the time, of the clock of `at`.
        """
        self._fill(rate, most, now)
        return 0.0 if self.level > -_NOTHING else -self.level / rate

    def take(self, amount: float, rate: float, most: float, now: float) -> None:
        """Take something, which may leave a debt; arguments as of `wait`."""
        self._fill(rate, most, now)
        self.level -= amount

    def _fill(self, rate: float, most: float, now: float) -> None:
        self.level = min(most, self.level + (now - self.at) * rate)
        self.at = now
