"""As many predicates as index 766 and its reports come to: those there are, and more of the forms the others have."""

from __future__ import annotations

from typing import Final

from services.metrics.counting.question import Mask, Predicate, Question
from services.metrics.indicators.figures import INDEX
from services.metrics.indicators.predicates import received, scope
from shared.instants import HOUR

__all__ = ["SEVENTY"]

_INSTANTS: Final = ("accepted", "finished", "due", "due_original", "judged", "apologised")
_MANY: Final = 70


def _known(column: str, hours: int, channel: int, *, of_received: bool) -> Predicate:
    """An instant that came before the period's end, of one channel's dossiers in scope or received."""

    def predicate(q: Question) -> Mask:
        mask: Mask = q(received if of_received else scope) & (q[column] < q.moment.end - hours * HOUR)
        return mask & (q["channel"] == channel) if channel else mask

    return predicate


#: Every second one is of one channel; each looks at an instant of its own.
SEVENTY: Final[tuple[Predicate, ...]] = (
    *INDEX.predicates,
    *(
        _known(_INSTANTS[number % 6], 10 * number, number % 2 * (1 + number % 3), of_received=number % 4 == 0)
        for number in range(_MANY - len(INDEX.predicates))
    ),
)
