"""Which case an entry belongs to: told by the group of its type and its subject. Pure."""

from __future__ import annotations

from typing import Final, NamedTuple

from services.processing.record import EntryRecord
from shared.contract.keys import dossier_key

__all__ = ["DOSSIERS", "Case", "case_of", "dossier_case"]

DOSSIERS: Final = "dossiers"


class Case(NamedTuple):
    """A case: its population, its code (the subject of its entries) and the key it is known by in its partition."""

    population: str
    code: str
    key: str


def dossier_case(code: str) -> Case:
    """The case of a dossier."""
    return Case(DOSSIERS, code, dossier_key(code))


def case_of(entry: EntryRecord) -> Case:
    """The case an entry belongs to; a code that has entries of several groups is as many cases.

    Args:
        entry: an entry that is neither the clock's nor reference data.
    """
    return dossier_case(entry.subject)
