"""The journal as exported: which entries hold, in which order, and each partition's clock.

docs/rules.md "Entries" and "Clock". Knows nothing of what an entry means for a dossier.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

__all__ = [
    "EVERY_UNIT",
    "REFERENCE_TYPES",
    "HeldEntry",
    "Journal",
    "content_hash",
    "held_references",
    "read_journal",
    "read_lines",
]

#: Order of the types in the contract's table.
TYPE_ORDER = [
    "dossier.submitted",
    "dossier.accepted",
    "dossier.refused",
    "dossier.supplement_requested",
    "dossier.supplement_received",
    "dossier.fee_requested",
    "dossier.fee_paid",
    "dossier.extended",
    "dossier.apologised",
    "dossier.withdrawn",
    "dossier.stopped",
    "dossier.resolved",
    "dossier.returned",
    "dossier.reopened",
    "dossier.handed_over",
    "step.assigned",
    "step.completed",
    "step.sent_back",
    "quality.components_recorded",
    "quality.identity_verified",
    "quality.personal_store_pushed",
    "quality.rated",
    "petition.received",
    "petition.more_asked",
    "petition.supplemented",
    "petition.handed_over",
    "petition.refused",
    "petition.answered",
    "petition.published",
    "petition.judged",
    "portal.sent",
    "portal.acknowledged",
    "portal.rejected",
    "portal.snapshot",
    "calendar.revised",
    "procedure.published",
    "procedure.made_public",
    "route.revised",
    "unit.revised",
    "rule.activated",
    "indicator.entered",
]
REFERENCE_TYPES = TYPE_ORDER[TYPE_ORDER.index("calendar.revised") : TYPE_ORDER.index("indicator.entered")]
#: Patterns of an entry from before grants.
EVERY_UNIT = frozenset({"*"})


@dataclass
class HeldEntry:
    """An entry that holds: the one of its identity with the highest revision, not withdrawn.

    `grant` are the patterns of units of all entries of its identity, superseded and withdrawing ones too.
    """

    type: str
    source: str
    id: str
    time: datetime
    sequence: int
    data: dict[str, Any]
    grant: frozenset[str] = EVERY_UNIT

    def order(self) -> tuple[datetime, int, int, str, str]:
        """Entries of a dossier sort by (time, sequence, order of the types, source, id)."""
        return self.time, self.sequence, TYPE_ORDER.index(self.type), self.source, self.id


@dataclass
class Journal:
    """What the export says.

    The entries that hold by dossier and by petition, in order: what is about petitions is apart, even under the code of
    a dossier, and its identities too. The clocks of the partitions that have seen a tick; identities sent twice with
    other content (of a petition under `petition:` and its code); reference entries by partition, all of them as they
    came, and the partition of each code. Of entered figures by subject, source and id the entry that holds, None where
    it is withdrawn, and whether other content was sent under its revision.
    """

    dossiers: dict[str, list[HeldEntry]] = field(default_factory=dict)
    petitions: dict[str, list[HeldEntry]] = field(default_factory=dict)
    clocks: dict[int, datetime] = field(default_factory=dict)
    conflicts: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    entered: dict[tuple[str, str, str], tuple[HeldEntry | None, bool]] = field(default_factory=dict)
    references: dict[int, list[dict[str, Any]]] = field(default_factory=dict)
    partitions: dict[str, int] = field(default_factory=dict)


def instant(text: str) -> datetime:
    """A UTC datetime of an RFC 3339 text."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(f"no offset: {text}")
    return moment.astimezone(UTC)


def _without_nulls(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_nulls(member) for key, member in value.items() if member is not None}
    if isinstance(value, list):
        return [_without_nulls(member) for member in value]
    return value


def content_hash(entry: dict[str, Any]) -> str:
    """Content = type, time as a UTC instant with microseconds, data without null members; SHA-256 hex of its JSON."""
    content = {
        "type": entry["type"],
        "time": instant(entry["time"]).strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        "data": _without_nulls(entry["data"]),
    }
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def read_lines(path: str | Path) -> Iterator[dict[str, Any]]:
    """Lines of an export, plain or gzipped."""
    raw = Path(path).read_bytes()
    text = (gzip.decompress(raw) if raw[:2] == b"\x1f\x8b" else raw).decode("utf-8")
    for line in text.split("\n"):
        if line.strip():
            yield json.loads(line)


def _understood(entry: Any) -> bool:
    """Whether an exported value is an entry at all; what is not went to the dead letters."""
    if not isinstance(entry, dict):
        return False
    if not all(isinstance(entry.get(name), str) for name in ("type", "source", "id", "subject", "time")):
        return False
    if "data" not in entry or _patterns(entry) is None:
        return False
    return entry["type"] in TYPE_ORDER or entry["type"] in ("clock.ticked", "clock.corrected")


def _patterns(entry: dict[str, Any]) -> frozenset[str] | None:
    """The patterns of units stamped on an entry: every unit where there is no stamp, None where it cannot be read."""
    grant = entry.get("grant")
    if grant is None:
        return EVERY_UNIT
    try:
        told = json.loads(grant)
    except (TypeError, ValueError):
        return None
    if not isinstance(told, list) or not all(isinstance(pattern, str) and pattern for pattern in told):
        return None
    return frozenset(told)


def read_journal(lines: Iterable[dict[str, Any]], partitions: int | None = None) -> Journal:
    """The journal's state after all lines of every partition, in offset order.

    Args:
        lines: {partition, offset, entry}; the order of lines does not matter.
        partitions: the partition count of the journal; if given, an entry in another partition than its dossier's
            (CRC-32 of the code modulo the count) is left out, as processing refuses it.
    """
    journal = Journal()
    for (group, code), identities in _received(journal, lines, partitions).items():
        if group == "indicator":
            # Those of before stand in every partition: as many copies of one report.
            journal.entered |= {(code, *identity): _entered(entries) for identity, entries in identities.items()}
            continue
        held = []
        for identity, entries in sorted(identities.items()):
            winner, conflict = _holding(entries)
            if conflict:
                name = f"petition:{code}" if group == "petition" else code
                journal.conflicts.setdefault(name, []).append(identity)
            if winner["data"] is not None:
                grants = [_patterns(entry) or frozenset() for entry in entries]
                held.append(replace(_held(winner), grant=frozenset().union(*grants)))
        cases = journal.petitions if group == "petition" else journal.dossiers
        cases[code] = sorted(held, key=HeldEntry.order)
    return journal


def _received(
    journal: Journal, lines: Iterable[dict[str, Any]], partitions: int | None
) -> dict[tuple[str, str], dict[tuple[str, str], list[dict[str, Any]]]]:
    """The entries by population and subject, then by identity; clocks and reference entries go into the journal."""
    received: dict[tuple[str, str], dict[tuple[str, str], list[dict[str, Any]]]] = {}
    for line in sorted(lines, key=lambda line: (line["partition"], line["offset"])):
        entry, partition = line["entry"], line["partition"]
        if not _understood(entry):
            continue
        if entry["type"].startswith("clock."):
            _move_clock(journal.clocks, partition, entry)
            continue
        if entry["type"] in REFERENCE_TYPES:
            journal.references.setdefault(partition, []).append(entry)
            continue
        code = entry["subject"]
        if partitions is not None and zlib.crc32(code.encode("utf-8")) % partitions != partition:
            continue
        kind = entry["type"].split(".")[0]
        group = kind if kind in ("petition", "indicator") else "dossier"
        received.setdefault((group, code), {}).setdefault((entry["source"], entry["id"]), []).append(entry)
        journal.partitions[code] = partition
    return received


def held_references(entries: Iterable[dict[str, Any]], before: datetime | None) -> list[HeldEntry]:
    """The reference entries that hold among those whose time is before an instant (None: all), in order.

    Args:
        entries: reference entries as they came, any number of times.
        before: end of the dossier they are for.
    """
    identities: dict[tuple[str, str, str], list[dict[str, Any]]] = {}
    for entry in entries:
        if before is None or instant(entry["time"]) < before:
            identities.setdefault((entry["subject"], entry["source"], entry["id"]), []).append(entry)
    winners = [_holding(of_one)[0] for _, of_one in sorted(identities.items())]
    return sorted((_held(winner) for winner in winners if winner["data"] is not None), key=HeldEntry.order)


def _move_clock(clocks: dict[int, datetime], partition: int, entry: dict[str, Any]) -> None:
    """A clock is a maximum of its ticks; only a correction lowers it."""
    time = instant(entry["time"])
    if entry["type"] == "clock.corrected" or partition not in clocks:
        clocks[partition] = time
    else:
        clocks[partition] = max(clocks[partition], time)


def _holding(entries: list[dict[str, Any]]) -> tuple[dict[str, Any], bool]:
    """The entry of one identity that holds, and whether other content was sent under the same revision."""
    revision = max(entry.get("revision") or 0 for entry in entries)
    newest = [entry for entry in entries if (entry.get("revision") or 0) == revision]
    if len(newest) == 1:
        return newest[0], False
    smallest = min(content_hash(entry) for entry in newest)
    same = [entry for entry in newest if content_hash(entry) == smallest]
    conflict = len({content_hash(entry) for entry in newest}) > 1
    # Content does not include the order within the source: the smallest, so that arrival does not decide.
    return min(same, key=lambda entry: entry.get("sequence") or 0), conflict


def _entered(entries: list[dict[str, Any]]) -> tuple[HeldEntry | None, bool]:
    winner, conflict = _holding(entries)
    return None if winner["data"] is None else _held(winner), conflict


def _held(entry: dict[str, Any]) -> HeldEntry:
    return HeldEntry(
        type=entry["type"],
        source=entry["source"],
        id=entry["id"],
        time=instant(entry["time"]),
        sequence=entry.get("sequence") or 0,
        data=_without_nulls(entry["data"]),
    )
