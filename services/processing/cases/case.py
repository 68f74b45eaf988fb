"""Which case an entry belongs to: told by the group of its type and its subject. Pure."""

from __future__ import annotations

from typing import Final, NamedTuple

from services.processing.record import EntryRecord
from shared.contract.entries import ENTERED_TYPES, ENTRY_MODELS
from shared.populations.dossiers import DOSSIERS
from shared.populations.indicators import INDICATORS
from shared.populations.keys import dossier_key, indicator_code, indicator_key, indicator_parts, petition_key
from shared.populations.petitions import PETITIONS

__all__ = ["Case", "case_of", "dossier_case", "indicator_case", "may_be_due", "petition_case"]

#: What the keys of entered figures begin with.
_FIGURES: Final = indicator_key("")
_OF_PETITIONS: Final = frozenset(kind for kind in ENTRY_MODELS if kind.startswith("petition."))


class Case(NamedTuple):
    """A case: its population, its code and the key it is known by in its partition.

    The code is the subject of its entries; of an entered figure their whole identity.
    """

    population: str
    code: str
    key: str

    @property
    def subject(self) -> str:
        """The subject of its entries, which decides their partition."""
        return indicator_parts(self.code)[0] if self.population == INDICATORS.name else self.code


def dossier_case(code: str) -> Case:
    """The case of a dossier."""
    return Case(DOSSIERS.name, code, dossier_key(code))


def petition_case(code: str) -> Case:
    """The case of a petition, by its own code."""
    return Case(PETITIONS.name, code, petition_key(code))


def indicator_case(subject: str, source: str, id_: str) -> Case:
    """The case of an entered figure, by the identity of its entries."""
    code = indicator_code(subject, source, id_)
    return Case(INDICATORS.name, code, indicator_key(code))


def may_be_due(key: str) -> bool:
    """Whether anything is ever due of the case of a key: of entered figures nothing is."""
    return not key.startswith(_FIGURES)


def case_of(entry: EntryRecord) -> Case:
    """The case an entry belongs to; a code that has entries of several groups is as many cases.

    Args:
        entry: an entry that is neither the clock's nor reference data.
    """
    if entry.type in ENTERED_TYPES:
        return indicator_case(entry.subject, entry.source, entry.id)
    return petition_case(entry.subject) if entry.type in _OF_PETITIONS else dossier_case(entry.subject)
