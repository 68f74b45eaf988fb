"""What happens with what comes in: admit, write, answer. Knows no HTTP framework; the API and its tests use it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

import orjson

from services.intake.admission.admit import Admitted, StackRules, admit
from services.intake.doors.rates.allowance import Allowance
from services.intake.doors.rates.costs import Costs
from services.intake.journal import Journal, Receipt
from services.intake.presence import Presence
from services.intake.reference.door import ReferenceDoor
from services.intake.senders.directory import Directory
from services.intake.ticker import LastTick
from shared.access.bearer import Bearer
from shared.access.refusing import count_refusal
from shared.catalogue.base import Meters
from shared.catalogue.bounded import FirstNames
from shared.clock import Clock
from shared.contract.entries import CLOCK_TYPES, UNJUDGED_TYPES
from shared.messages import Language
from shared.problems.problem import LARGEST_LIST, Problem
from shared.reference.entry import REVISABLE_TYPES
from shared.turns import Turns

__all__ = ["LARGEST_BATCH", "MOST_CHECKED", "MOST_LINES", "Door"]

#: Bytes of a batch, after unpacking.
LARGEST_BATCH: Final = 16_777_216
MOST_LINES: Final = 5_000
#: Reference entries of one trial: more than a catalogue of procedures has.
MOST_CHECKED: Final = 10_000
_REVISABLE: Final = ", ".join(sorted(REVISABLE_TYPES))


@dataclass(frozen=True, slots=True)
class Door:
    """Intake's parts, as the HTTP routes need them."""

    rules: StackRules
    directory: Directory
    journal: Journal
    presence: Presence
    clock: Clock
    last_tick: LastTick
    meters: Meters
    reference: ReferenceDoor
    allowance: Allowance
    costs: Costs
    sources: FirstNames = field(default_factory=FirstNames)

    def admit(self, text: bytes, bearer: Bearer, place: str) -> Admitted:
        """The entry in some bytes, as it would be written; what it costs to find that out is watched.

        Args:
            text: the entry.
            bearer: what its sender may.
            place: where it stands, for the log: a line of a batch, or topic and offset.

        Raises:
            Problem: why it is refused.
        """
        with self.costs.of_entry(bearer, len(text), place):
            try:
                return admit(text, bearer, self.rules, self.clock.now())
            except Problem as problem:
                if problem.status == 403:
                    count_refusal(self.meters, bearer, problem, "an entry")
                raise

    def refused(self, problem: Problem) -> None:
        """Count a refusal by its code."""
        self.meters.counter("motcua_intake_refused_total").labels(problem.code).inc()

    async def take_one(self, body: bytes, bearer: Bearer) -> dict[str, Any]:
        """Admit one entry and write it; where it stands.

        Raises:
            Problem: refused, 429 the sender sends too much, or 503 not known to be accepted.
        """
        self.allowance.take(bearer, 1, len(body))
        entry = self.admit(body, bearer, "alone")
        known = {"source": entry.source, "id": entry.id, "subject": entry.subject, **_sent(entry)}
        if entry.reference:
            told = (await self.reference.take([entry]))[0]
            if isinstance(told, Problem):
                raise told
        else:
            told = _place(await self.journal.write_one(entry), entry)
        self.accepted(entry)
        return {**known, **told}

    async def take_many(self, body: bytes, bearer: Bearer, language: Language) -> dict[str, Any]:
        """Admit entries, one a line, and write the good ones; a result for each line that is not blank.

        Reference entries of a batch are judged in order, each by those before it.

        Raises:
            Problem: 400 no line at all; 413 too many lines; 429 the sender sends too much; 503 nothing may be written
                now, or nothing was confirmed.
        """
        if body.count(b"\n") > MOST_LINES - (not body.endswith(b"\n")):
            raise Problem(413, "too_many_lines", limit=MOST_LINES)
        refusal = self.journal.refusal()
        if refusal is not None:
            raise refusal
        self.allowance.take(bearer, body.count(b"\n") + 1, len(body))
        admitted: dict[int, Admitted] = {}
        told: dict[int, dict[str, Any] | Problem] = {}
        turns = Turns()
        for line, text in _lines(body):
            await turns.give()
            try:
                admitted[line] = self.admit(text, bearer, f"line {line}")
            except Problem as problem:
                told[line] = problem
        if not admitted and not told:
            raise Problem(400, "not_json", reason="empty body")
        told |= await self.write(admitted)
        first = told[min(told)]
        if isinstance(first, Problem) and all(_is_unknown(each) for each in told.values()):
            raise first
        results: list[dict[str, Any]] = []
        room = LARGEST_LIST
        for line in sorted(told):
            await turns.give()
            results.append(self._result(line, told[line], admitted.get(line), language, room))
            # The lists of all lines together are as long as that of one answer: the first error of each is told.
            if errors := results[-1].get("problem", {}).get("errors"):
                room = max(0, room - len(orjson.dumps(errors)))
        statuses = [result["status"] for result in results]
        accepted, unknown = statuses.count(202), statuses.count(503)
        return {
            "accepted": accepted,
            "refused": len(statuses) - accepted - unknown,
            "unknown": unknown,
            "results": results,
        }

    async def check_reference(self, body: bytes, bearer: Bearer) -> tuple[list[bytes], list[tuple[int, Problem]]]:
        """Whether reference entries, one a line, would be accepted; nothing is written.

        Returns:
            The entries as they would be kept; and by places from 0 why some would be refused.

        Raises:
            Problem: 413 too many lines; 429 the sender sends too much; 503 the database does not answer.
        """
        lines = [text for _, text in _lines(body)]
        if len(lines) > MOST_CHECKED:
            raise Problem(413, "too_many_lines", limit=MOST_CHECKED)
        self.allowance.take(bearer, len(lines), len(body))
        admitted: dict[int, Admitted] = {}
        found: list[tuple[int, Problem]] = []
        turns = Turns()
        for place, text in enumerate(lines):
            await turns.give()
            try:
                entry = self.admit(text, bearer, f"line {place + 1}")
            except Problem as problem:
                found.append((place, problem))
                continue
            if entry.reference:
                admitted[place] = entry
            else:
                other = Problem(422, "not_allowed_value", field="type", value=entry.type, expected=_REVISABLE)
                found.append((place, other))
        refused = zip(admitted, await self.reference.registry.check(list(admitted.values())), strict=True)
        found += [(place, problem) for place, problem in refused if problem is not None]
        return [entry.value for entry in admitted.values()], sorted(found, key=lambda one: one[0])

    async def write(self, entries: dict[int, Admitted]) -> dict[int, dict[str, Any] | Problem]:
        """Write admitted entries; by their numbers where they stand, why they are refused, or 503 not known.

        In every partition a clock entry comes after what stands before it and before what stands after it: where the
        outcome of something is not known, what follows the next clock entry is not written.

        Raises:
            Problem: 503 nothing may be written now.
        """
        told: dict[int, dict[str, Any] | Problem] = {}
        for piece in _pieces(entries):
            if any(_is_unknown(each) for each in told.values()):
                told |= dict.fromkeys(piece, _unknown())
                continue
            try:
                told |= await self._write_piece(piece)
            except Problem as problem:
                if not told:
                    raise
                told |= dict.fromkeys(piece, problem)
        return told

    async def _write_piece(self, entries: dict[int, Admitted]) -> dict[int, dict[str, Any] | Problem]:
        """Write entries of which no reference entry follows a clock entry: the reference entries first."""
        told = await self._take_reference({number: each for number, each in entries.items() if each.reference})
        others = {number: each for number, each in entries.items() if not each.reference}
        if any(_is_unknown(each) for each in told.values()):
            ticked = next((number for number, each in others.items() if each.type in CLOCK_TYPES), None)
            if ticked is not None:
                told |= {number: _unknown() for number in others if number >= ticked}
                others = {number: each for number, each in others.items() if number < ticked}
        return told | await self._write(others)

    async def _take_reference(self, entries: dict[int, Admitted]) -> dict[int, dict[str, Any] | Problem]:
        """Accept the reference entries of a batch, by line."""
        if not entries:
            return {}
        try:
            told = await self.reference.take(list(entries.values()))
        except Problem as problem:
            # The database is away: the batch's other entries do not need it.
            return dict.fromkeys(entries, problem)
        return dict(zip(entries, told, strict=True))

    async def _write(self, entries: dict[int, Admitted]) -> dict[int, dict[str, Any] | Problem]:
        """Write the other entries of a batch, by line."""
        if not entries:
            return {}
        receipts = await self.journal.write_many(list(entries.values()))
        unknown = _unknown()
        return {
            line: unknown if receipt is None else _place(receipt, entry)
            for (line, entry), receipt in zip(entries.items(), receipts, strict=True)
        }

    def _result(
        self, line: int, told: dict[str, Any] | Problem, entry: Admitted | None, language: Language, room: int
    ) -> dict[str, Any]:
        """What became of a line, counted; its list of field errors takes so many bytes at most."""
        known = {} if entry is None else {"source": entry.source, "id": entry.id}
        if isinstance(told, Problem):
            if told.status == 503:
                return {"line": line, "status": 503, **known, "code": told.code}
            self.refused(told)
            return {"line": line, "status": told.status, **known, "problem": told.body(language, room=room)}
        if entry is not None:
            self.accepted(entry)
            if entry.sent_subject is not None:
                known |= {"subject": entry.subject, **_sent(entry)}
        return {"line": line, "status": 202, **known, **told}

    def accepted(self, entry: Admitted) -> None:
        """Count an entry that was accepted."""
        self.meters.counter("motcua_intake_entries_total").labels(entry.type.partition(".")[0]).inc()
        if entry.type in UNJUDGED_TYPES:
            # It acts on any dossier for whoever may use its source, so it is to be seen who sends how many.
            self.meters.counter("motcua_intake_unjudged_total").labels(self.sources.label(entry.source)).inc()
        if entry.changed:
            self.meters.counter("motcua_intake_texts_changed_total").inc(entry.changed)
        if entry.type in CLOCK_TYPES:
            self.last_tick.note(entry)


def _sent(entry: Admitted) -> dict[str, str]:
    """The subject as sent, where it is kept in another form: a sender may ask by either."""
    return {} if entry.sent_subject is None else {"subject_sent": entry.sent_subject}


def _pieces(entries: dict[int, Admitted]) -> Iterator[dict[int, Admitted]]:
    """Entries cut where a reference entry follows a clock entry, since they take different ways to the journal."""
    piece: dict[int, Admitted] = {}
    ticked = False
    for number, entry in entries.items():
        if ticked and entry.reference:
            yield piece
            piece, ticked = {}, False
        piece[number] = entry
        ticked = ticked or entry.type in CLOCK_TYPES
    yield piece


def _unknown() -> Problem:
    return Problem(503, "outcome_unknown", headers={"Retry-After": "2"})


def _is_unknown(told: dict[str, Any] | Problem) -> bool:
    return isinstance(told, Problem) and told.status == 503


def _lines(body: bytes) -> Iterator[tuple[int, bytes]]:
    for number, text in enumerate(body.split(b"\n"), start=1):
        if not text.isspace() and text:
            yield number, text


def _place(receipt: Receipt, entry: Admitted) -> dict[str, Any]:
    if entry.everywhere:
        positions = {str(partition): offset for partition, offset in receipt.positions}
        return {"partition": None, "offset": None, "positions": positions}
    partition, offset = receipt.positions[0]
    return {"partition": partition, "offset": offset}
