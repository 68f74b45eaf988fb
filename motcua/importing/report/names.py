"""Units and procedures that entries of a file name, how often, and those that the file itself tells of. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any, Final, Literal

__all__ = ["KINDS", "Kind", "Names"]

Kind = Literal["unit", "procedure"]
#: What is looked at, and the entry that registers one.
KINDS: Final[dict[Kind, str]] = {"unit": "unit.revised", "procedure": "procedure.published"}
_MEMBERS: Final[dict[str, Kind]] = {"unit": "unit", "receiving_unit": "unit", "procedure": "procedure"}
#: Distinct names kept of each kind: a column taken for a unit by mistake names a new one on every row.
_MOST: Final = 20_000


class Names:
    """What was named, by kind."""

    def __init__(self) -> None:
        self._counts: dict[Kind, Counter[str]] = {kind: Counter() for kind in KINDS}
        self._told: dict[Kind, set[str]] = {kind: set() for kind in KINDS}

    def see(self, type_: str, data: Mapping[str, Any]) -> None:
        """Take what an entry's data name.

        Args:
            type_: the entry's type.
            data: its data.
        """
        if not type_.startswith(("dossier.", "step.")):
            for kind, telling in KINDS.items():
                if type_ == telling and len(self._told[kind]) < _MOST:
                    self._told[kind].add(str(data.get(kind)))
            return
        for member, kind in _MEMBERS.items():
            code = data.get(member)
            if isinstance(code, str):
                counts = self._counts[kind]
                if code in counts or len(counts) < _MOST:
                    counts[code] += 1

    def unknown(self, kind: Kind, known: set[str]) -> list[tuple[str, int]]:
        """Names that nobody registered, neither the file itself, with the entries that name them; the commonest first.

        Args:
            kind: of units or of procedures.
            known: those that are registered.
        """
        missing = [
            (code, count)
            for code, count in self._counts[kind].items()
            if code not in known and code not in self._told[kind]
        ]
        return sorted(missing, key=lambda one: (-one[1], one[0]))

    def named(self, kind: Kind) -> bool:
        """Whether any is named at all."""
        return bool(self._counts[kind])
