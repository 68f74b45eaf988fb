"""What is to be simulated. Plain data, so that who only shows a simulation needs none of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

__all__ = ["Score", "Size"]

Size = Literal["commune", "province", "country"]


@dataclass(frozen=True, slots=True)
class Score:
    """What is simulated.

    Args:
        size: commune, province or country.
        seed: of everything.
        first: first local day.
        last: last local day, included.
        scale: of dossiers and people alike.
        dossiers: of a year before scaling; None: as the size has.
        communes: how many; None: as the size has.
    """

    size: Size
    seed: int
    first: date
    last: date
    scale: float = 1.0
    dossiers: int | None = None
    communes: int | None = None
