"""The declared figures of dossiers by their keys, as tests ask for them."""

from __future__ import annotations

from services.metrics.indicators import declared

__all__ = ["COUNTS", "OTHERS"]

#: Counts beside every index, and those shown elsewhere: key → predicate.
COUNTS = {count.key: count.where for count in declared.beside()}
OTHERS = {one.key: one.where for one in declared.COUNTS if one.population == "dossiers" and not one.beside}
