"""Seeded chance: the same parts always give the same dice, whatever was rolled before. No state, no clock."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import TypeVar

__all__ = ["dice", "pick"]

T = TypeVar("T")


def dice(*parts: object) -> Random:
    """Dice of their own for this seed and place; equal parts roll equal numbers on every machine and in every run."""
    return Random("/".join(str(part) for part in parts))  # noqa: S311 - a simulation, nothing secret hangs on it


def pick(roll: Random, options: Sequence[T], weights: Sequence[float]) -> T:
    """One of the options by its weight."""
    return roll.choices(options, weights)[0]
