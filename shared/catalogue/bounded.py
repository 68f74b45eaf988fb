"""Keeps the values of a label few where senders choose them. Decides nothing."""

from __future__ import annotations

from typing import Final

__all__ = ["OTHERS", "FirstNames"]

#: Names told, and the name of all others.
_MOST: Final = 50
OTHERS: Final = "*"


class FirstNames:
    """The names that one process counts by: the first ones, beyond them all others together.

    A source is its sender's word, so without a bound one sender could fill the metrics.
    """

    def __init__(self) -> None:
        self._known: set[str] = set()

    def label(self, name: str) -> str:
        """The value of a label for a name."""
        if name not in self._known:
            if len(self._known) >= _MOST:
                return OTHERS
            self._known.add(name)
        return name
