"""Which reference entries are fit to be accepted, each judged by all that were before it. Stores nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from services.intake.admission.admit import Admitted
from shared.problems.problem import Problem, from_field_errors
from shared.reference.checks import check_entry
from shared.reference.entry import Identity, ReferenceEntry
from shared.reference.known import ReferenceSet
from shared.turns import Turns

__all__ = ["judge", "read_all"]


async def read_all(entries: Sequence[Admitted]) -> list[ReferenceEntry]:
    """Admitted entries as reference entries."""
    read = []
    turns = Turns()
    for entry in entries:
        await turns.give()
        read.append(ReferenceEntry.of(entry.value))
    return read


async def judge(
    entries: Sequence[ReferenceEntry],
    known: ReferenceSet,
    accepted: Mapping[tuple[Identity, int], str],
    in_form: Mapping[str, str],
    today: date,
) -> tuple[list[Problem | None], list[ReferenceEntry], ReferenceSet]:
    """What is wrong with each, which ones are new and good, and the set with them.

    Args:
        entries: in the order in which they were sent.
        known: what was accepted before.
        accepted: the digest by identity and revision of all that was accepted before; an exact repeat is no fault.
        in_form: by the digest of what was accepted in another form, its digest if it were sent now.
        today: the day of asking.
    """
    found: list[Problem | None] = []
    fresh: list[ReferenceEntry] = []
    revisions: dict[tuple[Identity, int], str] = {}
    turns = Turns()
    for entry in entries:
        await turns.give()
        revision = (entry.identity, entry.revision)
        standing = accepted.get(revision) or revisions.get(revision)
        if standing is not None:
            found.append(None if entry.digest in (standing, in_form.get(standing)) else _other_content(entry))
            continue
        faults = check_entry(entry.type, entry.model, known, today)
        found.append(from_field_errors(422, faults) if faults else None)
        if not faults:
            revisions[revision] = entry.digest
            fresh.append(entry)
            known = known.with_entry(entry)
    return found, fresh, known


def _other_content(entry: ReferenceEntry) -> Problem:
    return Problem(422, "revision_taken", field="revision", value=entry.revision, id=entry.id)
