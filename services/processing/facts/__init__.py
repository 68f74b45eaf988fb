"""Facts of one dossier: a pure function of the set of its entries and the reference data, without any clock."""

from services.processing.facts.derive import Facts, derive
from services.processing.facts.row import row_of

__all__ = ["Facts", "derive", "row_of"]
