"""Cases: what the engine keeps a state for and derives a row of, and the populations they belong to. Pure."""

from services.processing.cases.case import Case, case_of, dossier_case, indicator_case, may_be_due, petition_case
from services.processing.cases.populations import POPULATIONS, CaseFacts, Population
from services.processing.cases.state import CaseState

__all__ = [
    "POPULATIONS",
    "Case",
    "CaseFacts",
    "CaseState",
    "Population",
    "case_of",
    "dossier_case",
    "indicator_case",
    "may_be_due",
    "petition_case",
]
