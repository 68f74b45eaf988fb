"""What an export is made of: dossiers with their entries and facts, and journal records as they stand. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Final

from motcua.exporting.entries import Entry, Place
from shared.contract.entries import ENTERED_TYPES

__all__ = ["Dossier", "Facts", "RawRecord"]

#: What begins the types of entries of other cases than dossiers.
_OTHERS: Final = ("petition.", "indicator.")


@dataclass(frozen=True, slots=True)
class Facts:
    """The newest row of a dossier, and the journal offset and epoch that made it."""

    row: dict[str, Any]
    offset: int
    epoch: int


@dataclass(frozen=True, slots=True)
class Dossier:
    """One dossier: its entries that hold, in their order, and its facts, where they were asked for and are there."""

    code: str
    partition: int
    entries: list[Entry]
    facts: Facts | None

    @property
    def is_one(self) -> bool:
        """Whether its code names a dossier; others stand under theirs, which may name none."""
        return self.facts is not None or any(not entry.type.startswith(_OTHERS) for entry in self.entries)

    @property
    def life(self) -> Dossier | None:
        """The same without figures entered under its code, which are no events of a life; None where that is all."""
        lived = [entry for entry in self.entries if entry.type not in ENTERED_TYPES]
        if len(lived) == len(self.entries):
            return self
        return replace(self, entries=lived) if lived or self.facts is not None else None


@dataclass(frozen=True, slots=True)
class RawRecord:
    """A journal record as it stands.

    `problem` says why processing cannot read it, None if it can; `value` is its JSON object, None where it is none.
    """

    place: Place
    value: dict[str, Any] | None
    problem: str | None
