"""Facts of one dossier: a pure function of the set of its entries and the reference data, without any clock."""

from services.processing.facts.derive import derive
from services.processing.facts.known import Facts
from services.processing.facts.reference import InForce, Reference
from services.processing.facts.row import row_of

__all__ = ["Facts", "InForce", "Reference", "derive", "row_of"]
