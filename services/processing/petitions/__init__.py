"""Facts of one petition: a pure function of the set of its entries and the reference data, without any clock.

A petition is a case of its own, whatever is known of the dossier it is about (docs/rules.md, "Petitions").
"""

from services.processing.petitions.derive import derive
from services.processing.petitions.known import PetitionFacts

__all__ = ["PetitionFacts", "derive"]
