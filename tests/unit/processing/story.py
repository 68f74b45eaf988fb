"""Short notation for the life of one dossier in tests: (type, "MM-DD HH:MM" of 2026, local, data)."""

from __future__ import annotations

from typing import Any

from services.processing.engine import Reference, facts
from services.processing.facts import Facts, row_of
from shared.instants import parse_instant, to_rfc3339_local
from tests.unit.processing.driver import REFERENCE, ZONE, Partition
from tests.whole_rows import whole

__all__ = ["CODE", "Line", "at", "entries_of", "facts_of", "local", "partition_of_story", "row_of_story", "told"]

CODE = "H44.01-261116-0001"
ACCEPTED = {"unit": "H44.01", "channel": "online"}
Line = tuple[str, str] | tuple[str, str, dict[str, Any] | None]


def at(text: str) -> int:
    """The instant of a local "MM-DD HH:MM[:SS[.f]]" of 2026, UTC microseconds."""
    return parse_instant(_full(text))


def local(instant: int | None) -> str | None:
    """The notation of an instant, for comparison in tests."""
    return None if instant is None else to_rfc3339_local(instant, ZONE)[5:16].replace("T", " ")


def entries_of(*lines: Line) -> list[dict[str, Any]]:
    """CloudEvents entries of the lines; ids are the line numbers, from 0."""
    made = []
    for number, line in enumerate(lines):
        type_, time = line[0], line[1]
        data = line[2] if len(line) == 3 else {}
        if type_ in ("accepted", "submitted") and data is not None:
            data = ACCEPTED | data
        made.append(
            {
                "specversion": "1.0",
                "type": type_ if "." in type_ else f"dossier.{type_}",
                "source": "one-stop",
                "id": str(number),
                "subject": CODE,
                "time": _full(time),
                "data": data,
            }
        )
    return made


def partition_of_story(*lines: Line, clock: str | None = None, reference: Reference = REFERENCE) -> Partition:
    """A partition that took the lines, then a tick."""
    partition = Partition(reference).feed(entries_of(*lines))
    return partition if clock is None else partition.feed([at(clock)])


def facts_of(*lines: Line, reference: Reference = REFERENCE) -> Facts:
    """The facts of the dossier of these lines."""
    return facts(CODE, partition_of_story(*lines, reference=reference).states[CODE].entries, reference)


def row_of_story(*lines: Line, reference: Reference = REFERENCE) -> dict[str, Any]:
    """The row of the dossier of these lines."""
    return whole(row_of(facts_of(*lines, reference=reference)))


def told(known: Facts) -> list[str]:
    """Findings as "code id"."""
    return [f"{code} {id_}" for code, _source, id_ in known.findings]


def _full(text: str) -> str:
    return f"2026-{text.replace(' ', 'T')}{':00' if text.count(':') == 1 else ''}+07:00"
