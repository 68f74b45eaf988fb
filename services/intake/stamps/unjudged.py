"""Names sources for counting the entries that nobody judges: payments, quality and the portal's view. Decides nothing.

Such an entry acts on any dossier for whoever may use its source, so it is to be seen who sends how many. A source is
its sender's word: beyond the first ones they are counted together, so that nobody fills the metrics.
"""

from __future__ import annotations

from typing import Final

__all__ = ["Sources", "is_unjudged"]

#: Sources told by name, and the name of all others.
_MOST_SOURCES: Final = 50
_OTHERS: Final = "*"


def is_unjudged(kind: str) -> bool:
    """Whether entries of a type need only their source, and no grant for the dossier's units."""
    return kind == "dossier.fee_paid" or kind.startswith(("quality.", "portal."))


class Sources:
    """The sources that one process counts by name."""

    def __init__(self) -> None:
        self._known: set[str] = set()

    def label(self, source: str) -> str:
        """The name a source is counted by."""
        if source not in self._known:
            if len(self._known) >= _MOST_SOURCES:
                return _OTHERS
            self._known.add(source)
        return source
