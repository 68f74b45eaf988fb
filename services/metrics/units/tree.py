"""The tree of units: a unit's parent is the registered one, else its code without the last dotted part.

Pure. Counts of dossiers may be added up the tree, since each dossier has exactly one accountable unit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

__all__ = ["UnitTree", "parent_of"]


def parent_of(code: str) -> str | None:
    """Code of the unit above, or None: `H38.100` is below `H38` (docs/rules.md, Entries)."""
    return code.rpartition(".")[0] or None


class UnitTree:
    """All units that dossiers or steps name, those above them, and further ones that are registered.

    Args:
        codes: the units by their number in the fact table, several numbers may mean one unit; None is none, which
            belongs to no node and is counted only in everything.
        above: code of the unit above one.
        registered: units that are there though nothing names them.
    """

    def __init__(
        self,
        codes: Sequence[str | None],
        above: Callable[[str], str | None] = parent_of,
        registered: Iterable[str] = (),
    ) -> None:
        parents: dict[str, str | None] = {}
        self._named = frozenset(code for code in codes if code is not None)
        for code in sorted(self._named):
            _climb(code, above, parents)
        counted = frozenset(parents)
        for code in sorted(registered):
            _climb(code, above, parents)
        #: All codes, sorted; a node's number is its place here.
        self.codes: tuple[str, ...] = tuple(sorted(parents))
        #: Those that something names, and those above them: what figures are of.
        self.counted: tuple[str, ...] = tuple(sorted(counted))
        self._counted = counted
        self._node = {code: node for node, code in enumerate(self.codes)}
        self._table_node = np.array([-1 if code is None else self._node[code] for code in codes], dtype=np.intp)
        self._parent = [-1 if (up := parents[code]) is None else self._node[up] for code in self.codes]
        # Deepest first, so that one pass carries counts to the top.
        self._upwards = _upwards(self._parent)
        #: For each node the one above it, -1 at the top, and how many are above it.
        self.parents: NDArray[np.intp] = np.array(self._parent, dtype=np.intp)
        self.depths: NDArray[np.intp] = np.zeros(len(self.codes), dtype=np.intp)
        for node in reversed(self._upwards):
            if self._parent[node] >= 0:
                self.depths[node] = self.depths[self._parent[node]] + 1

    def __contains__(self, code: str) -> bool:
        return code in self._node

    def node(self, code: str) -> int | None:
        """The number of a unit's node."""
        return self._node.get(code)

    @property
    def nodes(self) -> NDArray[np.intp]:
        """For each number of the fact table's units: its node, -1 for none."""
        return self._table_node

    def parent(self, code: str) -> str | None:
        """Code of the unit above, None at the top."""
        node = self._parent[self._node[code]]
        return None if node < 0 else self.codes[node]

    def children(self, code: str | None) -> list[str]:
        """Codes of the counted units directly below a unit, or of those at the top for None."""
        target = -1 if code is None else self._node[code]
        below = [self.codes[node] for node, above in enumerate(self._parent) if above == target]
        return [child for child in below if child in self._counted]

    def path(self, code: str) -> list[str]:
        """A unit and all above it; nothing for one that is not in the tree."""
        found, node = [], self._node.get(code, -1)
        while node >= 0:
            found.append(self.codes[node])
            node = self._parent[node]
        return found

    def within(self, code: str) -> NDArray[np.bool_]:
        """For each node: whether it is the unit or one below it."""
        within = np.zeros(len(self.codes), dtype=np.bool_)
        within[self._node[code]] = True
        for node in reversed(self._upwards):
            if self._parent[node] >= 0 and within[self._parent[node]]:
                within[node] = True
        return within

    def inside(self, code: str) -> NDArray[np.bool_]:
        """For each number of the fact table's units: whether it is the unit or one below it."""
        return np.append(self.within(code), np.False_)[self._table_node]

    def roll_up(self, counts: NDArray[np.int64]) -> NDArray[np.int64]:
        """Counts per node, each with all below it, from counts per number of the fact table's units.

        Args:
            counts: one row per number of the fact table's units, one column per count of dossiers.
        """
        total = np.zeros((len(self.codes), counts.shape[1]), dtype=np.int64)
        has_node = self._table_node >= 0
        np.add.at(total, self._table_node[has_node], counts[: len(self._table_node)][has_node])
        for node in self._upwards:
            if self._parent[node] >= 0:
                total[self._parent[node]] += total[node]
        return total


def _climb(code: str, above: Callable[[str], str | None], parents: dict[str, str | None]) -> None:
    """Enter a unit and all above it; where registered parents go in a circle, the last of it is at the top."""
    path: set[str] = set()
    at: str | None = code
    while at is not None and at not in parents:
        path.add(at)
        up = above(at)
        parents[at] = None if up in path else up
        at = parents[at]


def _upwards(parent: Sequence[int]) -> list[int]:
    """All nodes, each before the one above it: a chain of thousands of units costs no more than as many beside it."""
    below = [0] * len(parent)
    for up in parent:
        if up >= 0:
            below[up] += 1
    order = [node for node, count in enumerate(below) if count == 0]
    for node in order:
        up = parent[node]
        if up >= 0:
            below[up] -= 1
            if below[up] == 0:
                order.append(up)
    return order
