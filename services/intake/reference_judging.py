"""Which reference entries are fit to be accepted, each judged by all that were before it. Stores nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Final

from services.intake.admission import Admitted
from shared.problems import Problem, from_field_errors
from shared.reference.checks import check_entry
from shared.reference.entry import Identity, ReferenceEntry
from shared.reference.known import ReferenceSet

__all__ = ["give_turn", "judge", "read_all"]

#: Entries judged before other requests get a turn.
_TURN: Final = 50


async def read_all(entries: Sequence[Admitted]) -> list[ReferenceEntry]:
    """Admitted entries as reference entries."""
    read = []
    for count, entry in enumerate(entries, start=1):
        await give_turn(count)
        read.append(ReferenceEntry.of(entry.value))
    return read


async def judge(
    entries: Sequence[ReferenceEntry],
    known: ReferenceSet,
    accepted: Mapping[tuple[Identity, int], str],
    in_form: Mapping[str, str],
) -> tuple[list[Problem | None], list[ReferenceEntry], ReferenceSet]:
    """What is wrong with each, which ones are new and good, and the set with them.

    Args:
        entries: in the order in which they were sent.
        known: what was accepted before.
        accepted: the digest by identity and revision of all that was accepted before; an exact repeat is no fault.
        in_form: by the digest of what was accepted in another form, its digest if it were sent now.
    """
    found: list[Problem | None] = []
    fresh: list[ReferenceEntry] = []
    revisions: dict[tuple[Identity, int], str] = {}
    for count, entry in enumerate(entries, start=1):
        await give_turn(count)
        revision = (entry.identity, entry.revision)
        standing = accepted.get(revision) or revisions.get(revision)
        if standing is not None:
            found.append(None if entry.digest in (standing, in_form.get(standing)) else _other_content(entry))
            continue
        faults = check_entry(entry.type, entry.model, known)
        found.append(from_field_errors(422, faults) if faults else None)
        if not faults:
            revisions[revision] = entry.digest
            fresh.append(entry)
            known = known.with_entry(entry)
    return found, fresh, known


async def give_turn(count: int) -> None:
    """Let other requests go on after so many entries."""
    if count % _TURN == 0:
        await asyncio.sleep(0)


def _other_content(entry: ReferenceEntry) -> Problem:
    return Problem(422, "revision_taken", field="revision", value=entry.revision, id=entry.id)
