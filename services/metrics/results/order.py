"""Which result may stand in place of another. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

__all__ = ["SETTLED", "at_or_after", "may_replace_copy"]

#: Member of a day's copy that nothing replaces any more, since it was taken back from a backup: the same epoch's number
#: stands there for another derivation, whose positions say nothing about this one's.
SETTLED: Final = "settled"


def at_or_after(held: Mapping[str, Any], found: Mapping[str, Any]) -> bool:
    """Whether a result is not older than the one that stands.

    Of one epoch each is known by its positions, which must be at or after those that stand in every partition. Of two
    epochs the one holds that the pointer named later; where its records had no numbers yet, the higher epoch.

    Args:
        held: the result that stands, with epoch, positions and pointer.
        found: the one that would take its place.
    """
    if held["epoch"] == found["epoch"]:
        positions: Mapping[str, int] = found["positions"]
        return all(positions.get(partition, -1) >= place for partition, place in held["positions"].items())
    return (found["pointer"], found["epoch"]) > (held["pointer"], held["epoch"])


def may_replace_copy(held: Mapping[str, Any], found: Mapping[str, Any]) -> bool:
    """Whether a day's copy may take the place of another of the same day."""
    the_same = held["of"] is not None and held["of"] == found["of"]
    return not held.get(SETTLED, False) and not the_same and at_or_after(held, found)
