"""Why a dossier is due when it is due and how it stands by each test, in both languages; the draft of an apology.

Pure: made of the facts and the reference data they were derived with.
"""

from services.processing.explaining.apology import apology_draft
from services.processing.explaining.explain import explain
from services.processing.explaining.model import ApologyDraft, Explanation

__all__ = ["ApologyDraft", "Explanation", "apology_draft", "explain"]
