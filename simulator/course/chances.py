"""How long the smaller things take, by chance within the bounds that are told of them. Pure but for the dice."""

from __future__ import annotations

from random import Random

from shared.instants import SECOND
from simulator.world import habits

__all__ = ["some_time"]


def some_time(roll: Random, what: str) -> int:
    """A time within the bounds of `habits.HOURS`, in µs and whole seconds."""
    shortest, longest = habits.HOURS[what]
    return int(roll.uniform(shortest, longest) * 3600) * SECOND
