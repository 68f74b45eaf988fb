"""All populations. Whoever has something for each of them goes through this. Pure."""

from __future__ import annotations

from typing import Final

from shared.populations.dossiers import DOSSIERS
from shared.populations.fact import Population
from shared.populations.indicators import INDICATORS
from shared.populations.petitions import PETITIONS

__all__ = ["POPULATIONS"]

POPULATIONS: Final[tuple[Population, ...]] = (DOSSIERS, PETITIONS, INDICATORS)
