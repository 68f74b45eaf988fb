"""What agencies are told of petitions and of figures they entered, in the words for dossiers. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from shared.populations.keys import indicator_key, indicator_parts, petition_key

__all__ = ["entered_of", "told_of"]

#: National status codes, as near as they come: submitted, refused, in process, supplement requested, resolved.
_NOT_RECEIVED, _REFUSED, _OPEN, _WAITING, _ANSWERED = 1, 3, 4, 5, 9


def told_of(row: Mapping[str, Any]) -> dict[str, Any]:
    """A petition's row as if it were a dossier's, with `petition` for its code.

    `dossier` is the one it names, else its own code; a status stands for what became of it.

    Args:
        row: a PetitionRow of the contract.
    """
    pauses, ended = row.get("pauses") or [], row.get("ended_at")
    waiting = pauses[-1][0] if pauses and pauses[-1][1] is None and ended is None else None
    if row.get("received_at") is None:
        status = _NOT_RECEIVED
    elif ended is not None:
        status = _ANSWERED if row.get("end") == "answered" else _REFUSED
    else:
        status = _OPEN if waiting is None else _WAITING
    return {
        "code": row["code"],
        "petition": row["code"],
        "key": petition_key(row["code"]),
        "dossier": row.get("dossier") or row["code"],
        "status": status,
        "unit": row.get("unit"),
        "due": row.get("due"),
        "waiting_since": waiting,
        "finished_at": ended,
        "findings": row.get("findings") or [],
        "rejections": row.get("rejections") or [],
    }


def entered_of(row: Mapping[str, Any]) -> dict[str, Any]:
    """A figure's row as if it were a dossier's, with the subject of its entries for `dossier`; nothing is due of it.

    Args:
        row: an IndicatorRow of the contract.
    """
    code = row["code"]
    return {
        "code": code,
        "key": indicator_key(code),
        "dossier": indicator_parts(code)[0],
        "status": _ANSWERED,
        "unit": row.get("unit"),
        "findings": row.get("findings") or [],
    }
