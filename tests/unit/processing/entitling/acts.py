"""Short notation for entries with grants: who sends what to a dossier under which patterns of units."""

from __future__ import annotations

from typing import Any

import orjson

from services.processing.engine import Reference
from tests.unit.processing.driver import REFERENCE, Partition
from tests.unit.processing.story import CODE, at, entries_of

__all__ = ["OWNER", "STRANGER", "by", "findings", "play", "rejected"]

Json = dict[str, Any]
#: The unit in the code, and one that has nothing to do with it.
OWNER, STRANGER = "H44.01", "H44.02"


def by(unit: str | tuple[str, ...] | None, type_: str, time: str, /, **data: Any) -> Json:
    """An entry under the grant of one unit or more (None: without any), from the source named after the first.

    Args:
        unit: the patterns of the grant.
        type_: the type, of dossier.* without its group.
        time: "MM-DD HH:MM" of 2026, local.
        data: the data; `id_`, `source`, `revision`, `subject` and `withdraw` are of the envelope.
    """
    patterns = (unit,) if isinstance(unit, str) else unit
    envelope = {name: data.pop(name) for name in ("source", "revision", "subject", "sequence") if name in data}
    id_, withdraw = data.pop("id_", None), data.pop("withdraw", False)
    made = entries_of((type_, time, None if withdraw else data))[0]
    made |= {"source": patterns[0] if patterns else "one-stop", "id": id_ or f"{type_} {time}"} | envelope
    if patterns is not None:
        made["grant"] = orjson.dumps(sorted(patterns)).decode()
    return made


def play(*entries: Json, clock: str | None = None, reference: Reference = REFERENCE) -> Partition:
    """A partition that took the entries, then a tick."""
    partition = Partition(reference).feed(entries)
    return partition if clock is None else partition.feed([at(clock)])


def findings(partition: Partition, code: str = CODE) -> list[str]:
    """The row's findings as "code id"."""
    return [f"{one['code']} {one['id']}" for one in partition.rows[code]["findings"]]


def rejected(partition: Partition, code: str = CODE) -> list[str]:
    """The ids of what was rejected as not entitled."""
    return [one["id"] for one in partition.rows[code]["rejections"] if one["code"] == "not_entitled"]
