"""Versions of administrative procedures (TTHC) and their terms by channel and kind.

Pure. Knows terms as amounts and units; nothing of calendars, so nothing of due dates.
"""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field as dataclass_field
from datetime import date
from fractions import Fraction
from typing import Final, Literal

from shared.calendar.terms import Term, TermError, less, to_minutes
from shared.contract.reference import Channel, Counting, Level, Procedure, ProcedureTerm, TermUnit
from shared.reference.faults import Fault, fault

__all__ = ["LONGEST", "ProcedureVersion", "TermKind", "check_procedure"]

TermKind = Literal["statutory", "committed", "maximum"]

_CHANNELS: Final[tuple[Channel, ...]] = ("online", "postal", "direct")
#: The longest term taken, a century, so that whatever follows from it stays within what calendars cover.
LONGEST: Final[dict[TermUnit, int]] = {
    "working_days": 36_525,
    "calendar_days": 36_525,
    "working_hours": 36_525 * 8,
    "months": 1_200,
}


@dataclass(frozen=True, slots=True)
class ProcedureVersion:
    """A version of a procedure; validity inclusive, None without limit.

    Attributes:
        terms: (channel, kind) → term; channel None is for all that have none of their own. Of two for the same channel
            and kind the first counts; one that cannot be read is left out.
        counting: how working days count; None: as the rule version in force says.
        cut_percent: by how much the committed term is below the statutory one, where none is given.
        saving: declared saving in VND per dossier.
    """

    code: str
    version: str
    name: str | None
    field: str | None
    levels: tuple[Level, ...]
    authority: str | None
    applicants: tuple[str, ...]
    terms: dict[tuple[Channel | None, TermKind], Term]
    cut_percent: int | None
    counting: Counting | None
    fee: bool | None
    online: Literal["none", "partial", "full"] | None
    result_document: bool | None
    saving: int | None
    document: str | None
    valid_from: date | None
    valid_to: date | None
    _asked: dict[tuple[Channel | None, TermKind], Term | None] = dataclass_field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    @classmethod
    def of(cls, data: Procedure) -> ProcedureVersion:
        """The version an entry's data give."""
        terms: dict[tuple[Channel | None, TermKind], Term] = {}
        for term in data.terms:
            read = _read(term)
            if read is not None:
                terms.setdefault((term.channel, term.kind), read)
        return cls(
            data.procedure,
            data.version,
            data.name,
            data.field,
            tuple(data.levels),
            data.authority,
            tuple(data.applicants),
            terms,
            data.cut_percent,
            data.counting,
            data.fee,
            data.online,
            data.result_document,
            data.saving,
            data.document,
            data.valid_from,
            data.valid_to,
        )

    def term(self, channel: Channel | None, kind: TermKind) -> Term | None:
        """The term of a kind for a channel: the channel's own, else the one for all.

        Without a committed term it is the statutory one less the cut, exactly (30 % of 10 days: 7 days); without a cut
        there is none.
        """
        key = (channel, kind)
        try:
            return self._asked[key]
        except KeyError:
            found = self._asked[key] = self._term(channel, kind)
            return found

    def promised(self, channel: Channel | None) -> Term | None:
        """The term a due date rests on: the committed one, else the statutory one."""
        return self.term(channel, "committed") or self.term(channel, "statutory")

    def _term(self, channel: Channel | None, kind: TermKind) -> Term | None:
        found = self.terms.get((channel, kind)) or self.terms.get((None, kind))
        if found is None and kind == "committed" and self.cut_percent is not None:
            law = self.term(channel, "statutory")
            return None if law is None else less(law, self.cut_percent)
        return found


def _read(given: ProcedureTerm) -> Term | None:
    """The term of the contract's data; None if no calendar can count it."""
    amount = Fraction(given.amount)
    if amount > LONGEST[given.unit]:
        return None
    try:
        return Term(amount, given.unit)
    except TermError:
        return None


def check_procedure(data: Procedure) -> list[Fault]:
    """What contradicts itself in a procedure version."""
    faults = []
    if data.valid_from is not None and data.valid_to is not None and data.valid_to < data.valid_from:
        faults.append(fault("validity_reversed", "data.valid_to", str(data.valid_to), first=str(data.valid_from)))
    seen: dict[tuple[Channel | None, TermKind], int] = {}
    for index, term in enumerate(data.terms):
        first = seen.setdefault((term.channel, term.kind), index)
        if first != index:
            faults.append(fault("term_twice", f"data.terms[{index}]", other=f"data.terms[{first}]"))
        if _read(term) is None:
            limit = LONGEST[term.unit]
            faults.append(fault("term_not_countable", f"data.terms[{index}].amount", term.amount, limit=limit))
    version = ProcedureVersion.of(data)
    for index, term in enumerate(data.terms):
        promise = _read(term)
        if promise is None or term.kind != "committed" or seen[(term.channel, term.kind)] != index:
            continue
        # One for all channels binds those that have no committed term of their own.
        bound = [
            term.channel,
            *(other for other in _CHANNELS if term.channel is None and (other, term.kind) not in seen),
        ]
        laws = [law for channel in bound if (law := version.term(channel, "statutory")) is not None]
        law = next((law for law in laws if _longer(promise, law)), None)
        if law is not None:
            path = f"data.terms[{index}].amount"
            words = {"limit_vi": law.text.vi, "limit_en": law.text.en}
            faults.append(fault("committed_too_long", path, term.amount, **words))
    return faults


def _longer(a: Term, b: Term) -> bool:
    """Whether a term is longer than another; untold of units that do not compare."""
    if a.unit == b.unit:
        return a.amount > b.amount
    of_a, of_b = to_minutes(a), to_minutes(b)
    return of_a is not None and of_b is not None and of_a > of_b
