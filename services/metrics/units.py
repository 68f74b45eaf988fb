"""The tree of units by their codes: a unit's parent is its code without the last dotted part.

Pure. Counts of dossiers may be added up the tree, since each dossier has exactly one accountable unit.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

__all__ = ["UnitTree", "parent_of"]


def parent_of(code: str) -> str | None:
    """Code of the unit above, or None: `H38.100` is below `H38` (docs/rules.md, Entries)."""
    return code.rpartition(".")[0] or None


class UnitTree:
    """All units that dossiers name, and the units above them that no dossier names.

    Args:
        codes: the codes dossiers name, by their number in the fact table; None is a dossier without unit, which
            belongs to no node and is counted only in everything.
    """

    def __init__(self, codes: Sequence[str | None]) -> None:
        named = [code for code in codes if code is not None]
        every = set(named)
        for code in named:
            above = parent_of(code)
            while above is not None and above not in every:
                every.add(above)
                above = parent_of(above)
        #: All codes, sorted; a node's number is its place here.
        self.codes: tuple[str, ...] = tuple(sorted(every))
        self._node = {code: node for node, code in enumerate(self.codes)}
        self._named = frozenset(named)
        self._table_node = np.array([-1 if code is None else self._node[code] for code in codes], dtype=np.intp)
        above_codes = [parent_of(code) for code in self.codes]
        self._parent = [-1 if above is None else self._node[above] for above in above_codes]
        # Deepest first, so that one pass carries counts to the top.
        self._upwards = sorted(range(len(self.codes)), key=lambda node: -self.codes[node].count("."))

    def __contains__(self, code: str) -> bool:
        return code in self._node

    def parent(self, code: str) -> str | None:
        """Code of the unit above, None at the top."""
        node = self._parent[self._node[code]]
        return None if node < 0 else self.codes[node]

    def children(self, code: str | None) -> list[str]:
        """Codes of the units directly below a unit, or of the units at the top for None."""
        target = -1 if code is None else self._node[code]
        return [self.codes[node] for node, above in enumerate(self._parent) if above == target]

    def named(self, code: str) -> bool:
        """Whether a dossier names the unit itself, not only one below it."""
        return code in self._named

    def inside(self, code: str) -> NDArray[np.bool_]:
        """For each number of the fact table's units: whether it is the unit or one below it."""
        within = np.zeros(len(self.codes) + 1, dtype=np.bool_)
        within[self._node[code]] = True
        for node in reversed(self._upwards):
            if self._parent[node] >= 0 and within[self._parent[node]]:
                within[node] = True
        return within[self._table_node]

    def roll_up(self, counts: NDArray[np.int64]) -> NDArray[np.int64]:
        """Counts per node, each with all below it, from counts per number of the fact table's units.

        Args:
            counts: one row per number of the fact table's units, one column per count of dossiers.
        """
        total = np.zeros((len(self.codes), counts.shape[1]), dtype=np.int64)
        has_node = self._table_node >= 0
        total[self._table_node[has_node]] = counts[: len(self._table_node)][has_node]
        for node in self._upwards:
            if self._parent[node] >= 0:
                total[self._parent[node]] += total[node]
        return total
