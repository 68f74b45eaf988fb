"""What an agency should know of each entry it sent, by its dossier's newest row, and the answers that say so.

Pure: rows, entries heard of and what was answered before go in, messages come out. Identities name dossier, entry,
revision and version only, so that another epoch finds them again. Knows no topic.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from services.processing.dispatch.wanted import Message
from shared.contract.answers import Fate

__all__ = ["ANSWER", "Answered", "Heard", "Verdict", "heard_of", "judge", "verdicts_of"]

ANSWER: Final = "answer.judged"
#: Senders of agencies are named after their units.
_AGENCY: Final = "agency-"
#: What an answer says of the dossier, by the names of its row.
_STANDING: Final = ("status", "unit", "due", "due_basis", "waiting_since", "finished_at", "finish")
#: What of it is not told to who is not entitled to the dossier.
_WITHHELD: Final = ("unit", "due", "due_basis", "waiting_since", "finished_at", "finish")
_REJECTION: Final = ("code", "step", "unit", "owner")


@dataclass(frozen=True, slots=True)
class Heard:
    """An entry that a unit sent and that made an event; two of one revision are one, even if they contradict."""

    unit: str
    type: str = field(compare=False)
    source: str
    id: str
    revision: int


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of an entry; another one is worth another answer. `rejection` is code, step, unit and owner."""

    fate: Fate = "counted"
    findings: tuple[str, ...] = ()
    rejection: tuple[str | None, ...] | None = None


_COUNTED: Final = Verdict()


@dataclass(frozen=True, slots=True)
class Answered:
    """What a unit was told last about an entry; version 0: nothing yet, since it is told nothing at present."""

    entry: Heard
    version: int = 0
    verdict: Verdict = _COUNTED

    def to_stored(self) -> list[Any]:
        """A compact form for the database: most entries count and there is nothing to say about them."""
        one, verdict = self.entry, self.verdict
        stored = [one.unit, one.type, one.source, one.id, one.revision, self.version]
        if verdict != _COUNTED:
            stored += [verdict.fate, list(verdict.findings), verdict.rejection and list(verdict.rejection)]
        return stored

    @classmethod
    def from_stored(cls, stored: list[Any]) -> Answered:
        """What `to_stored` wrote."""
        verdict = _COUNTED
        if len(stored) > 6:
            fate, findings, rejection = stored[6:]
            verdict = Verdict(fate, tuple(findings), None if rejection is None else tuple(rejection))
        return cls(Heard(*stored[:5]), stored[5], verdict)


def heard_of(entry: Mapping[str, Any] | None) -> Heard | None:
    """The entry that made an event, if an agency sent it.

    Args:
        entry: an EntryTold of the contract, None where no entry made the event.
    """
    sender = None if entry is None else entry.get("sender")
    if entry is None or sender is None or not sender.startswith(_AGENCY):
        return None
    unit = sender[len(_AGENCY) :]
    return Heard(unit, entry["type"], entry["source"], entry["id"], entry.get("revision") or 0)


def verdicts_of(row: Mapping[str, Any]) -> dict[tuple[str, str], Verdict]:
    """What a row says of identities (source, id), of the revision that holds; one it does not name counts.

    Of a withdrawn one, or of one revision superseded by another, that is what became of the report as a whole.
    """
    odd: dict[tuple[str, str], set[str]] = {}
    for one in row.get("findings") or ():
        odd.setdefault((one["source"], one["id"]), set()).add(one["code"])
    found = {of: Verdict("finding", tuple(sorted(codes))) for of, codes in odd.items()}
    for one in reversed(row.get("rejections") or ()):
        of = (one["source"], one["id"])
        rejection = tuple(one.get(name) for name in _REJECTION)
        found[of] = Verdict("rejected", tuple(sorted(odd.get(of, ()))), rejection)
    return found


def judge(
    row: Mapping[str, Any],
    heard: Iterable[Heard],
    answered: Iterable[Answered],
    units: frozenset[str],
    paused: frozenset[str],
) -> tuple[list[Message], list[Answered]]:
    """The answers to send about a dossier, and what will have been answered then.

    Every revision a unit sent is answered once, by what holds of its identity. From then on only the unit's highest
    revision is, and only when the verdict is another.

    Args:
        row: the dossier's newest row.
        heard: entries that made events since the last time, in order; some may have been heard of before.
        answered: what was answered before, in earlier epochs too.
        units: who is answered.
        paused: who is not at present, but will be: their entries are kept in mind.
    """
    known = {one.entry: one for one in answered}
    for entry in heard:
        if entry.unit in units or entry.unit in paused:
            known.setdefault(entry, Answered(entry))
    newest: dict[tuple[str, str, str], int] = {}
    for entry in known:
        identity = (entry.unit, entry.source, entry.id)
        newest[identity] = max(newest.get(identity, 0), entry.revision)
    verdicts = verdicts_of(row) if known else {}
    messages = []
    for entry, one in known.items():
        if entry.unit not in units or (one.version and entry.revision < newest[entry.unit, entry.source, entry.id]):
            continue
        verdict = verdicts.get((entry.source, entry.id), _COUNTED)
        if not one.version or verdict != one.verdict:
            known[entry] = now = replace(one, version=one.version + 1, verdict=verdict)
            messages.append(_answer(row, now))
    return messages, list(known.values())


def _answer(row: Mapping[str, Any], now: Answered) -> Message:
    entry, verdict = now.entry, now.verdict
    rejection = None
    if verdict.rejection is not None:
        rejection = {"source": entry.source, "id": entry.id} | dict(zip(_REJECTION, verdict.rejection, strict=True))
    data = {
        "type": entry.type,
        "source": entry.source,
        "id": entry.id,
        "revision": entry.revision,
        "dossier": row.get("dossier") or row["code"],
        "version": now.version,
        "fate": verdict.fate,
        "findings": list(verdict.findings),
        "rejection": rejection,
    } | {name: row.get(name) for name in _STANDING}
    if rejection is not None and rejection["code"] == "not_entitled":
        # Who may not act on a dossier learns by trying no more of it than whom to turn to.
        data |= dict.fromkeys(_WITHHELD)
    if "petition" in row:
        data["petition"] = row["petition"]
    # Cases of several populations may have one code.
    id_ = (
        f"{_part(row.get('key') or row['code'])}/{_part(entry.source)}/{entry.id}/{entry.revision}/judged/{now.version}"
    )
    return Message(id_, entry.unit, ANSWER, data)


def _part(text: str) -> str:
    """A part of an identity that cannot be taken for two."""
    return text.replace("%", "%25").replace("/", "%2F")
