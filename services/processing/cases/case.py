"""Which case an entry belongs to: told by the group of its type and its subject. Pure."""

from __future__ import annotations

from typing import Final, NamedTuple

from services.processing.record import EntryRecord
from shared.contract.entries import ENTRY_MODELS
from shared.populations.dossiers import DOSSIERS
from shared.populations.keys import dossier_key, petition_key
from shared.populations.petitions import PETITIONS

__all__ = ["Case", "case_of", "dossier_case", "petition_case"]

_OF_PETITIONS: Final = frozenset(kind for kind in ENTRY_MODELS if kind.startswith("petition."))


class Case(NamedTuple):
    """A case: its population, its code (the subject of its entries) and the key it is known by in its partition."""

    population: str
    code: str
    key: str


def dossier_case(code: str) -> Case:
    """The case of a dossier."""
    return Case(DOSSIERS.name, code, dossier_key(code))


def petition_case(code: str) -> Case:
    """The case of a petition, by its own code."""
    return Case(PETITIONS.name, code, petition_key(code))


def case_of(entry: EntryRecord) -> Case:
    """The case an entry belongs to; a code that has entries of several groups is as many cases.

    Args:
        entry: an entry that is neither the clock's nor reference data.
    """
    return petition_case(entry.subject) if entry.type in _OF_PETITIONS else dossier_case(entry.subject)
