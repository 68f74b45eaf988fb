"""What an export is made of: dossiers with their entries and facts, and journal records as they stand. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from motcua.exporting.entries import Entry, Place

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


@dataclass(frozen=True, slots=True)
class RawRecord:
    """A journal record as it stands.

    `problem` says why processing cannot read it, None if it can; `value` is its JSON object, None where it is none.
    """

    place: Place
    value: dict[str, Any] | None
    problem: str | None
