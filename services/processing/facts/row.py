"""The fact row as it goes on the lifecycle topic: facts in the contract's JSON form.

Pure. Decides nothing; every value comes from Facts.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from services.processing.facts.derive import Facts
from shared.instants import to_rfc3339

__all__ = ["instant_text", "row_of"]


@lru_cache(maxsize=16_384)
def instant_text(instant: int) -> str:
    """RFC 3339 text of an instant; a dossier's instants recur in each of its rows, hence the cache."""
    return to_rfc3339(instant)


def _text(instant: int | None) -> str | None:
    return None if instant is None else instant_text(instant)


def row_of(facts: Facts) -> dict[str, Any]:
    """The DossierRow of the contract as a JSON-able dict, members in the contract's order."""
    return {
        "code": facts.code,
        "status": facts.status,
        "unit": facts.unit,
        "receiving_unit": facts.receiving_unit,
        "procedure": facts.procedure,
        "channel": facts.channel,
        "submitted_at": _text(facts.submitted_at),
        "accepted_at": _text(facts.accepted_at),
        "finished_at": _text(facts.finished_at),
        "finish": facts.finish,
        "judged_at": _text(facts.judged_at),
        "due": _text(facts.due),
        "due_original": _text(facts.due_original),
        "pauses": [[instant_text(begin), _text(end)] for begin, end in facts.pauses],
        "waiting_since": _text(facts.waiting_since),
        "second_request_at": _text(facts.second_request_at),
        "extended_at": _text(facts.extended_at),
        "steps": [
            {
                "step": fact.step,
                "unit": fact.unit,
                "assigned_at": _text(fact.assigned_at),
                "completed_at": _text(fact.completed_at),
                "sent_back_at": _text(fact.sent_back_at),
                "budget": fact.budget,
            }
            for fact in facts.steps
        ],
        "findings": [{"code": code, "source": source, "id": id_} for code, source, id_ in facts.findings],
        "entries": len(facts.held),
        "simulated": facts.simulated,
    }
