"""The unit under which a petition counts: its own, else the accountable unit of the dossier it is about."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from shared.populations.petitions import PETITIONS

if TYPE_CHECKING:
    from services.metrics.follow.view import View
    from services.metrics.table.facts import Array

__all__ = ["counted_under"]


def counted_under(view: View, rows: Array | None = None) -> Array:
    """The unit of each petition by its number. Call it inside `View.exclusive`.

    Joined when it is asked, so that it does not matter which of the two was known first.

    Args:
        view: of which.
        rows: of the table of petitions; None: all.
    """
    table = view.tables[PETITIONS.name]
    if rows is None:
        rows = np.arange(len(table))
    units, named = table["unit"][rows], table["dossier"][rows]
    dossiers, codes, accountable = view.table, table.words["named_dossiers"].values, view.table["unit"]
    for place in np.flatnonzero((units == 0) & (named != 0)).tolist():
        code = codes[int(named[place])]
        of = None if code is None else dossiers.row(code)
        if of is not None:
            units[place] = accountable[of]
    return units
