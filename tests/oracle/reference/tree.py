"""Which unit lies below which, for figures. Knows a function that tells the unit above one; nothing of dossiers."""

from __future__ import annotations

from collections.abc import Callable, Iterable

__all__ = ["Above", "above_by_code", "below", "children_of"]

#: The unit above one, None at the top.
Above = Callable[[str], str | None]


def above_by_code(unit: str) -> str | None:
    """The code without its last dotted part."""
    return unit.rpartition(".")[0] or None


def _with_all_above(unit: str, above: Above) -> list[str]:
    """A unit and all above it; where parents go in a circle, each once."""
    found: list[str] = []
    at: str | None = unit
    while at is not None and at not in found:
        found.append(at)
        at = above(at)
    return found


def below(unit: str | None, ancestor: str, above: Above = above_by_code) -> bool:
    """Whether a unit is the ancestor itself or lies below it."""
    return unit is not None and ancestor in _with_all_above(unit, above)


def children_of(units: Iterable[str], parent: str | None, above: Above = above_by_code) -> list[str]:
    """The direct children of a unit, or the topmost units, among all units named and what lies above them."""
    every = {one for unit in units for one in _with_all_above(unit, above)}
    return sorted(unit for unit in every if above(unit) == parent)
