"""What a dossier's facts hold, and their columns. Instants are UTC microseconds, NEVER for none. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

import numpy as np

from services.metrics.table.periods import NEVER

__all__ = [
    "BLAME",
    "CHANNELS",
    "COLUMNS",
    "FINISHES",
    "NO_BUDGET",
    "OUTCOMES",
    "PLAIN",
    "SEPARATOR",
    "STEPS",
    "Fact",
    "StepFact",
]

#: Channels, ends and outcomes of steps by their number in the table; number 0 is none.
CHANNELS: Final[tuple[str | None, ...]] = (None, "online", "postal", "direct")
FINISHES: Final[tuple[str | None, ...]] = (None, "resolved", "returned", "withdrawn", "stopped", "refused")
OUTCOMES: Final[tuple[str | None, ...]] = (None, "completed", "sent_back", "handed_over", "cut_off")

#: Between the codes of a set of holders; no unit code has a control character.
SEPARATOR: Final = "\n"
#: The budget of a step that has none.
NO_BUDGET: Final = -1

#: Columns and their types. `partition`, `offset` and `index` are the cause; `findings`, `holders` and `former` number a
#: set of codes; the two day columns are local dates as days since 1970-01-01; `…_first` point into the lists beside
#: the table. `due` is the due instant, else the limit (docs/rules.md, Due date): only `due_day` tells which, it is of a
#: due alone.
COLUMNS: Final[Mapping[str, type[np.generic]]] = {
    "partition": np.int16,
    "offset": np.int64,
    "index": np.int32,
    "unit": np.int32,
    "procedure": np.int32,
    "channel": np.int8,
    "status": np.int8,
    "finish": np.int8,
    "simulated": np.bool_,
    "accepted": np.int64,
    "finished": np.int64,
    "judged": np.int64,
    "due": np.int64,
    "due_original": np.int64,
    "waiting": np.int64,
    "second": np.int64,
    "submitted": np.int64,
    "intake_due": np.int64,
    "intake_ended": np.int64,
    "apologised": np.int64,
    "findings": np.int32,
    "holders": np.int32,
    "former": np.int32,
    "judged_day": np.int32,
    "due_day": np.int32,
    "pause_first": np.int32,
    "step_first": np.int32,
    "blame_first": np.int32,
}
#: Columns taken from a fact as they are: column → member of the fact.
PLAIN: Final[Mapping[str, str]] = {name: "running" if name == "index" else name for name in tuple(COLUMNS)[:20]}

#: Columns of one occurrence of a step: `step` and `unit` are numbers of the dictionaries, `budget` working minutes,
#: `used` and `over` working time in microseconds, final and only known of an occurrence that ended.
STEPS: Final[Mapping[str, type[np.generic]]] = {
    "step": np.int32,
    "unit": np.int32,
    "occurrence": np.int16,
    "planned": np.bool_,
    "began": np.int64,
    "ended": np.int64,
    "due": np.int64,
    "budget": np.int32,
    "used": np.int64,
    "over": np.int64,
    "outcome": np.int8,
}
#: Columns of one unit's part of a late dossier's delay, working time in microseconds.
BLAME: Final[Mapping[str, type[np.generic]]] = {"unit": np.int32, "delay": np.int64}


class StepFact(NamedTuple):
    """One occurrence of a step, in the order of its columns; names instead of numbers."""

    step: str
    unit: str | None
    occurrence: int
    planned: bool
    began: int
    ended: int = NEVER
    due: int = NEVER
    budget: int = NO_BUDGET
    used: int = 0
    over: int = 0
    outcome: int = 0


class Fact(NamedTuple):
    """A dossier's facts as the lifecycle topic carries them.

    `holders` are the codes of the units that hold it, joined by SEPARATOR, None for the applicant; `former` those of
    units that were accountable before a hand-over, None for none; `blame` is a unit and its part of the delay in
    microseconds of working time.
    """

    code: str
    partition: int
    offset: int
    running: int
    unit: str | None
    procedure: str | None
    channel: int
    status: int
    finish: int
    simulated: bool
    accepted: int
    finished: int
    judged: int
    due: int
    due_original: int
    waiting: int
    second: int
    findings: str | None
    pauses: Sequence[tuple[int, int]]
    limit: int = NEVER
    submitted: int = NEVER
    intake_due: int = NEVER
    intake_ended: int = NEVER
    apologised: int = NEVER
    holders: str | None = None
    steps: Sequence[StepFact] = ()
    blame: Sequence[tuple[str | None, int]] = ()
    former: str | None = None
