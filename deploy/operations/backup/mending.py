"""What documents must be made to say when the journal ends where the backup's does. Pure.

The databases are read after the journal's ends, so they can know of records that the backup does not hold. And what a
stack published stays as it was published, though the one that takes it back derives the same days again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

__all__ = ["Mended", "mended_to"]

#: A document of a collection as it is put back; None where it is left out.
Mended = Callable[[str, dict[str, Any]], dict[str, Any] | None]


def mended_to(topic: str, ends: Mapping[int, int]) -> Mended:
    """Changes documents so that they know of nothing that the backup's journal does not hold.

    Args:
        topic: the journal.
        ends: by partition, the offset after the last record of the backup.
    """

    def mend(collection: str, document: dict[str, Any]) -> dict[str, Any] | None:
        if collection == "reference":
            return _owed(document, ends)
        if collection == "deadletters":
            return _letter(document, topic, ends)
        if collection == "frozen":
            return _copy(document)
        return document

    return mend


def _owed(document: dict[str, Any], ends: Mapping[int, int]) -> dict[str, Any]:
    """A parcel of reference entries is owed to the partitions that did not have it within the backup's ends."""
    count = len(document["values"])
    had = {int(partition): int(first) for partition, first in document["first"].items()}
    kept = {partition: first for partition, first in had.items() if first + count <= ends.get(partition, 0)}
    todo = (set(document["todo"]) | had.keys()) - kept.keys()
    return document | {
        "todo": sorted(int(one) for one in todo),
        "first": {str(partition): first for partition, first in sorted(kept.items())},
    }


def _letter(document: dict[str, Any], topic: str, ends: Mapping[int, int]) -> dict[str, Any] | None:
    """A dead letter whose replay the backup does not hold is open again; one about a later record is left out."""
    named, _, place = str(document["_id"]).rpartition(":")
    named, _, partition = named.rpartition(":")
    if named == topic and int(place) >= ends.get(int(partition), 0):
        return None
    claim, outcome = document.get("claim"), document.get("outcome")
    lost_claim = claim is not None and claim["begin"] > ends.get(int(claim["partition"]), 0)
    positions = (outcome or {}).get("positions") or ()
    lost_replay = any(offset >= ends.get(int(number), 0) for number, offset in positions)
    if lost_claim or lost_replay:
        return document | {"state": "open", "claim": None, "outcome": None}
    return document


def _copy(document: dict[str, Any]) -> dict[str, Any]:
    """A day's copy is settled; what was being written meanwhile will not stand, and its rows are removed."""
    current = document.get("current")
    told = {} if current is None else {"current": {**current, "settled": True}}
    gone = [*document.get("gone", ()), *(one["id"] for one in document.get("pending", ()))]
    return document | told | {"pending": [], "gone": gone}
