"""How the simulated offices handle a dossier: the steps of each procedure, who owns them, how long they may take.

Pure. Both the routes made known and the lives played follow it; knows no entries.
"""

from __future__ import annotations

from functools import cache
from typing import Final, NamedTuple

from simulator.office.province import Procedure

__all__ = ["MINUTES_A_DAY", "HandlingStep", "steps_of", "term_minutes"]

#: Working minutes of a working day.
MINUTES_A_DAY: Final = 480
#: Name, share of the handling, role of the owner in the handling unit.
_STEPS: Final = (
    ("tiep_nhan", 0.1, "one_stop_counter"),
    ("tham_dinh", 0.6, "specialist"),
    ("trinh_ky", 0.3, "leader"),
)
_OPINION: Final = ("lay_y_kien", 0.3)


class HandlingStep(NamedTuple):
    """A step: its part of the whole handling (the parts add up to 1), its owner and its budget in working minutes.

    The owner is `unit`, or where that is None the handling unit in the role `role`.
    """

    step: str
    part: float
    role: str | None
    unit: str | None
    budget: int


def term_minutes(procedure: Procedure) -> int:
    """The committed term in working minutes."""
    return procedure.hours * 60 or procedure.days * MINUTES_A_DAY


@cache
def steps_of(procedure: Procedure) -> tuple[HandlingStep, ...]:
    """The steps of a procedure in their order; budgets together are at most its term."""
    shares: list[tuple[str, float, str | None, str | None]] = [(*step, None) for step in _STEPS]
    if procedure.other is not None:
        shares.insert(2, (*_OPINION, None, procedure.other))
    whole = sum(share for _, share, _, _ in shares)
    term = term_minutes(procedure)
    return tuple(
        HandlingStep(step, share / whole, role, unit, int(term * share / whole)) for step, share, role, unit in shares
    )
