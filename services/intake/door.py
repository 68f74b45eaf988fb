"""What happens with what comes in: admit, write, answer. Knows no HTTP framework; the API and its tests use it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from services.intake.admission import Admitted, StackRules, admit
from services.intake.directory import Directory
from services.intake.journal import Journal, Receipt
from services.intake.presence import Presence
from services.intake.senders import Grant
from services.intake.ticker import LastTick
from shared.catalogue.base import Meters
from shared.clock import Clock
from shared.messages import Language
from shared.problems import Problem

__all__ = ["LARGEST_BATCH", "MOST_LINES", "Door"]

#: Bytes of a batch, after unpacking.
LARGEST_BATCH: Final = 16_777_216
MOST_LINES: Final = 5_000
#: Lines admitted before other requests get a turn: about 5 ms.
_TURN: Final = 200


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

    def refused(self, problem: Problem) -> None:
        """Count a refusal by its code."""
        self.meters.counter("motcua_intake_refused_total").labels(problem.code).inc()

    async def take_one(self, body: bytes, grant: Grant) -> dict[str, Any]:
        """Admit one entry and write it; where it stands.

        Raises:
            Problem: refused, or 503 not known to be accepted.
        """
        entry = admit(body, grant, self.rules, self.clock.now())
        receipt = await self.journal.write_one(entry)
        self._accepted(entry)
        return {"source": entry.source, "id": entry.id, "subject": entry.subject, **_place(receipt, entry)}

    async def take_many(self, body: bytes, grant: Grant, language: Language) -> dict[str, Any]:
        """Admit entries, one a line, and write the good ones; a result for each line that is not blank.

        Raises:
            Problem: 400 no line at all; 413 too many lines; 503 nothing may be written now, or nothing
                was confirmed.
        """
        if body.count(b"\n") > MOST_LINES - (not body.endswith(b"\n")):
            raise Problem(413, "too_many_lines", limit=MOST_LINES)
        refusal = self.journal.refusal()
        if refusal is not None:
            raise refusal
        admitted: list[tuple[int, Admitted]] = []
        results: dict[int, dict[str, Any]] = {}
        for count, (line, text) in enumerate(_lines(body)):
            if count % _TURN == _TURN - 1:
                await asyncio.sleep(0)
            try:
                admitted.append((line, admit(text, grant, self.rules, self.clock.now())))
            except Problem as problem:
                self.refused(problem)
                results[line] = {"line": line, "status": problem.status, "problem": problem.body(language)}
        refused = len(results)
        if not admitted and not refused:
            raise Problem(400, "not_json", reason="empty body")
        receipts = await self.journal.write_many([entry for _, entry in admitted])
        if receipts and not refused and not any(receipts):
            raise Problem(503, "outcome_unknown", headers={"Retry-After": "2"})
        for (line, entry), receipt in zip(admitted, receipts, strict=True):
            known = {"source": entry.source, "id": entry.id}
            if receipt is None:
                results[line] = {"line": line, "status": 503, **known, "code": "outcome_unknown"}
            else:
                self._accepted(entry)
                results[line] = {"line": line, "status": 202, **known, **_place(receipt, entry)}
        unknown = receipts.count(None)
        return {
            "accepted": len(receipts) - unknown,
            "refused": refused,
            "unknown": unknown,
            "results": [results[line] for line in sorted(results)],
        }

    def _accepted(self, entry: Admitted) -> None:
        self.meters.counter("motcua_intake_entries_total").labels(entry.type.partition(".")[0]).inc()
        if entry.everywhere:
            self.last_tick.note(entry)


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
