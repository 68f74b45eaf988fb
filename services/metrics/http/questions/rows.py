"""Dossiers' rows as they stand in answers, taken from the table at once and told later. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

import numpy as np

from services.metrics.follow.view import View
from services.metrics.table.columns import SEPARATOR
from services.metrics.table.facts import CHANNELS, FINISHES
from services.metrics.table.periods import NEVER, NO_DAY
from shared.instants import to_rfc3339

__all__ = ["rows_told"]

_COLUMNS: Final = (
    *("status", "unit", "procedure", "channel", "accepted", "finished", "finish", "judged", "due", "due_day"),
    *("due_original", "waiting", "second", "submitted", "intake_due", "intake_ended", "apologised"),
    *("holders", "findings", "simulated"),
)


def rows_told(view: View, rows: Sequence[int]) -> Callable[[], Iterator[dict[str, Any]]]:
    """What tells the facts of some rows; call this inside `View.exclusive`, and that wherever.

    Args:
        view: what is asked.
        rows: of the fact table, in the order of the answer.
    """
    table, registry, day = view.table, view.registry, view.today
    at = np.array(rows, dtype=np.intp)
    taken = {name: table[name][at] for name in _COLUMNS}
    codes = [table.codes[row] for row in rows]
    # Lists that only grow: what is taken from the table above is in them already.
    units, procedures, findings, holders = (
        each.values for each in (table.units, table.procedures, table.findings, table.holders)
    )

    def tell() -> Iterator[dict[str, Any]]:
        for place, code in enumerate(codes):
            got = {name: column[place].item() for name, column in taken.items()}
            unit, procedure = units[got["unit"]], procedures[got["procedure"]]
            found, held = findings[got["findings"]], holders[got["holders"]]
            # One column holds the due, else the limit; only a due has a day.
            bound, has_due = _instant(got["due"]), got["due_day"] != NO_DAY
            yield {
                "code": code,
                "status": got["status"],
                "unit": unit,
                "unit_name": registry.unit_name(unit, day),
                "procedure": procedure,
                "procedure_name": registry.procedure_name(procedure),
                "channel": CHANNELS[got["channel"]],
                "accepted_at": _instant(got["accepted"]),
                "finished_at": _instant(got["finished"]),
                "finish": FINISHES[got["finish"]],
                "judged_at": _instant(got["judged"]),
                "due": bound if has_due else None,
                "limit": None if has_due else bound,
                "due_original": _instant(got["due_original"]),
                "waiting_since": _instant(got["waiting"]),
                "second_request_at": _instant(got["second"]),
                "submitted_at": _instant(got["submitted"]),
                "intake_due": _instant(got["intake_due"]),
                "intake_ended_at": _instant(got["intake_ended"]),
                "apologised_at": _instant(got["apologised"]),
                "holders": held.split(SEPARATOR) if held else [],
                "findings": found.split() if found else [],
                "simulated": got["simulated"],
            }

    return tell


def _instant(value: int) -> str | None:
    return None if value >= NEVER else to_rfc3339(value)
