"""How many different things there are at each node of the unit tree: each node is counted anew, with all below it.

Pure. A procedure that two communes used counts once in each, and once in the province above both.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from services.metrics.counting.question import Array
from services.metrics.units.tree import UnitTree

__all__ = ["distinct"]


def distinct(units: Array, values: Array, tree: UnitTree) -> tuple[int, NDArray[np.int64]]:
    """How many different values there are in all, and at each node of the tree.

    Args:
        units: of each row, the number of its unit.
        values: of each row, from 0.
        tree: whose nodes are meant; what has no node counts in all only.
    """
    counts = np.zeros(len(tree.codes), dtype=np.int64)
    if not len(values):
        return 0, counts
    size = int(values.max()) + 1
    pairs = np.unique(tree.nodes[units].astype(np.int64) * size + values)
    in_all = len(np.unique(pairs % size))
    pairs = pairs[pairs >= 0]
    parents, depth = tree.parents, tree.depths
    level = int(depth[pairs // size].max()) if len(pairs) else -1
    # From the deepest level up: what stands at a node stands once at the node above it, beside what that has itself.
    while level >= 0:
        at = depth[pairs // size] == level
        now, pairs = pairs[at], pairs[~at]
        nodes = now // size
        counts += np.bincount(nodes, minlength=len(counts))
        above = parents[nodes]
        up = above[above >= 0] * size + now[above >= 0] % size
        if level:
            pairs = np.unique(np.concatenate([pairs, up]))
        level -= 1
    return in_all, counts
