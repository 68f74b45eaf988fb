"""What a dossier's facts hold, and their columns, as declared. Instants are UTC microseconds, NEVER for none. Pure."""

from __future__ import annotations

from typing import Any, Final

from services.metrics.table.shape import SEPARATOR, item_shape, shape_of
from shared.populations import dossiers, steps
from shared.populations.dossiers import DOSSIERS
from shared.populations.steps import NO_BUDGET, STEP

__all__ = [
    "CHANNELS",
    "COLUMNS",
    "FINISHES",
    "NO_BUDGET",
    "OUTCOMES",
    "SEPARATOR",
    "STEPS",
    "Fact",
    "StepFact",
]

#: Channels, ends and outcomes of steps by their number in the table; number 0 is none.
CHANNELS: Final[tuple[str | None, ...]] = (None, *dossiers.CHANNELS)
FINISHES: Final[tuple[str | None, ...]] = (None, *dossiers.FINISHES)
OUTCOMES: Final[tuple[str | None, ...]] = (None, *steps.OUTCOMES)

#: Columns and their types. `due` is the due instant, else the limit (docs/rules.md, Due date): only `due_day` tells
#: which, it is of a due alone.
COLUMNS: Final = shape_of(DOSSIERS).kinds
#: A dossier's facts, and one occurrence of a step, in the order of their columns; names instead of numbers.
Fact: Any = shape_of(DOSSIERS).fact
StepFact: Any = item_shape(STEP)[0]
STEPS: Final = item_shape(STEP)[1]
