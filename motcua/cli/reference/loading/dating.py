"""Since when reference entries are known, and which of a file's are to be sent beside what is there. Sends nothing.

An entry's time is part of its content, so one that is known with another time is sent again under the next revision.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final
from zoneinfo import ZoneInfo

from shared.contract.entries import data_without_nulls
from shared.instants import local_midnight, parse_instant, to_rfc3339
from shared.texts.normal_form import normal_form

__all__ = ["BEGINNING", "Anew", "Dating", "Plan", "plan"]

#: Before every dossier: since when data are known that name no day from which on they are valid (UTC µs).
BEGINNING: Final = 0


@dataclass(frozen=True, slots=True)
class Dating:
    """Since when the entries of a file are known.

    Args:
        zone: of the stack's day boundaries.
        now: the present instant, UTC µs; nothing is known later.
        at: the day that was asked for; None where none was.
        otherwise: the instant of entries where no day was asked for; None: by the day they are valid from.
    """

    zone: ZoneInfo
    now: int
    at: date | None = None
    otherwise: int | None = None

    def since(self, valid_from: date | None) -> int:
        """Since when an entry is known that is valid from a day on (None: from always), UTC µs."""
        if self.at is None and self.otherwise is not None:
            return self.otherwise
        day = self.at or valid_from
        return BEGINNING if day is None else max(BEGINNING, min(self.now, local_midnight(day, self.zone)))

    def moves(self, held: int, wanted: int) -> bool:
        """Whether what is known since `held` is to be sent anew as known since `wanted`.

        A day that was asked for is meant, unless it is still to come. By the day it is valid from, an entry is only
        made known earlier: what was known before that day already is as good.
        """
        if self.at is not None:
            return held != wanted and wanted < self.now
        return self.otherwise is None and held > wanted


@dataclass(frozen=True, slots=True)
class Anew:
    """An entry that is sent under the next revision, and since when it was known before (UTC µs)."""

    entry: dict[str, Any]
    before: int

    def as_json(self) -> dict[str, Any]:
        """For `--json`."""
        told = {name: self.entry[name] for name in ("type", "subject", "id", "revision", "time")}
        return told | {"before": to_rfc3339(self.before)}


@dataclass(slots=True)
class Plan:
    """What becomes of a file's entries.

    Args:
        entries: all of them in their order, with time and revision as they will stand.
        send: those of them that say something new.
        anew: those of these that are known already, since another time.
        same: how many are known already just so.
    """

    entries: list[dict[str, Any]] = field(default_factory=list)
    send: list[dict[str, Any]] = field(default_factory=list)
    anew: list[Anew] = field(default_factory=list)
    same: int = 0

    def as_json(self) -> dict[str, Any]:
        """What is sent anew, and how many were there already, for `--json`."""
        return {"anew": [one.as_json() for one in self.anew], "same": self.same}


def plan(
    entries: Sequence[dict[str, Any]], held: Iterable[Mapping[str, Any]], moves: Callable[[int, int], bool]
) -> Plan:
    """Which entries are to be sent, so that doing the same again says nothing new, whenever it is done.

    Args:
        entries: reference entries in wire form.
        held: what is known: of each identity the entry that holds.
        moves: whether what is known since one instant is to be sent anew as known since another (`Dating.moves`).
    """
    known = {(one["source"], one["id"], one["subject"]): one for one in held}
    made = Plan()
    for entry in entries:
        before = known.get((entry["source"], entry["id"], normal_form(entry["subject"])))
        told = entry.get("revision", 0)
        if before is None or told > before["revision"] or not _says_the_same(entry, before):
            # New; or another content, which intake takes under a higher revision only.
            made.entries.append(entry)
            made.send.append(entry)
            continue
        since, wanted = parse_instant(before["time"]), parse_instant(entry["time"])
        if moves(since, wanted):
            again = entry | {"revision": before["revision"] + 1}
            made.entries.append(again)
            made.send.append(again)
            made.anew.append(Anew(again, since))
        else:
            made.entries.append(entry | {"time": before["time"], "revision": before["revision"]})
            made.same += 1
    return made


def _says_the_same(entry: Mapping[str, Any], before: Mapping[str, Any]) -> bool:
    told, held = (_as_kept(data_without_nulls(one["data"])) for one in (entry, before))
    return bool(entry["type"] == before["type"] and told == held)


def _as_kept(value: Any) -> Any:
    """Data with their texts in the form in which doors keep them."""
    if isinstance(value, dict):
        return {name: _as_kept(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_as_kept(inner) for inner in value]
    return normal_form(value) if isinstance(value, str) else value
