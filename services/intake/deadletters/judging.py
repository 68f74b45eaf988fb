"""Whether the record of a dead letter is an entry by now, and what would go to the journal. Pure; writes nothing.

An entry that intake stamped when it first came keeps its bytes, so its sender, its grant and the instant it was
recorded, save that its texts stand in normal form, and that one of before grants gets that of its sender; what was
never stamped, or is corrected, is admitted like any entry.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any, Final

import orjson

from services.intake.admission.admit import Admitted, StackRules, admit
from services.intake.admission.parsing import parse_object
from services.intake.deadletters.letters import Letter
from shared.access.bearer import Bearer
from shared.access.stamping import is_grant, stamp_of
from shared.broker.topics import generation_of, outbox_unit
from shared.contract.entries import CLOCK_TYPES, UNGRANTED_TYPES
from shared.contract.normal_form import bring_to_form
from shared.problems.problem import Problem

__all__ = ["able", "check_replayable", "judge_again", "judge_corrected", "sender_without_grant"]

_DERIVED: Final = ("motcua.lifecycle.", "motcua.reference.")
_STAMPS: Final = ("sender", "recordedtime", "grant")
_SENDER: Final = re.compile(r"[A-Za-z0-9._-]{1,128}", re.ASCII)
_RECORDED: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)", re.ASCII)


def check_replayable(letter: Letter, *, corrected: bool) -> None:
    """Refuse what cannot be replayed whatever its bytes are.

    Args:
        letter: the letter.
        corrected: whether a corrected entry stands in for its bytes.

    Raises:
        Problem: 409 of a derived topic, of a topic without entries, or nothing to replay was kept.
    """
    if letter.topic.startswith(_DERIVED):
        raise Problem(409, "deadletter_derived", value=letter.topic)
    outbox = outbox_unit(letter.topic) is not None
    if generation_of(letter.topic) is None and not outbox:
        raise Problem(409, "deadletter_no_entry", value=letter.topic)
    # Of an outbox the letter may come without bytes, since they may name a person.
    lost = letter.cut or (letter.value is None and (outbox or letter.size is not None))
    if lost and not corrected:
        raise Problem(409, "deadletter_without_bytes", value=letter.id)


def able(sender: str, bearer: Bearer | None) -> Bearer:
    """What the sender of an outbox may, if it may anything.

    Raises:
        Problem: 422 there is no such sender, or it is disabled.
    """
    if bearer is None:
        raise Problem(422, "sender_unknown", value=sender)
    if bearer.disabled:
        raise Problem(422, "sender_disabled", value=sender)
    return bearer


def sender_without_grant(letter: Letter) -> str | None:
    """Who sent the entry in a letter, where intake stamped it before there were grants; None of any other."""
    if generation_of(letter.topic) is None:
        return None
    try:
        kept = _without_stamps(letter.value or b"")
    except Problem:
        return None
    return None if kept is None or kept.granted else kept.sender


def judge_again(letter: Letter, bearer: Bearer, rules: StackRules, now: int, sender: Bearer | None = None) -> Admitted:
    """The entry in a letter's own bytes, as it would go to the journal now.

    Args:
        letter: the letter, replayable.
        bearer: of the agency whose outbox it stood in; of whoever asks, where it stood in the journal unstamped.
        rules: what the stack takes.
        now: the present instant.
        sender: what the sender of an entry of before grants may; None where nobody knows it any more: its entry stays
            one of before.

    Raises:
        Problem: 422 with the code and words HTTP would answer; 409 it is an entry of the clock.
    """
    body = letter.value or b""
    try:
        kept = _without_stamps(body) if generation_of(letter.topic) is not None else None
        if kept is None:
            entry = admit(body, bearer, rules, now)
        else:
            anybody = Bearer(kept.sender, ("*",), ("*",), frozenset({"administrator"}))
            entry = admit(kept.sent, anybody, rules, now)
            added = None if kept.granted or sender is None else stamp_of(sender.units)
            entry = replace(entry, value=_in_form(body, added) if entry.changed or added is not None else body)
    except Problem as problem:
        problem.status = 422
        raise
    return _no_clock(entry)


def judge_corrected(body: bytes, bearer: Bearer, rules: StackRules, now: int) -> Admitted:
    """A corrected entry: admitted as if it had come by HTTP with the asker's key.

    Raises:
        Problem: as HTTP would answer; 409 it is an entry of the clock.
    """
    return _no_clock(admit(body, bearer, rules, now))


def _no_clock(entry: Admitted) -> Admitted:
    if entry.type in CLOCK_TYPES:
        # By now it is the past: every partition has gone on.
        raise Problem(409, "deadletter_clock", value=entry.type)
    return entry


def _in_form(body: bytes, added: str | None) -> bytes:
    """A stamped entry of before texts were kept in one form, or of before grants, as it would be written now.

    Its subject has to be what decides its partition now.
    """
    entry = parse_object(body)
    bring_to_form(entry)
    if added is not None:
        entry["grant"] = added
    return orjson.dumps(entry, option=orjson.OPT_SORT_KEYS)


@dataclass(frozen=True, slots=True)
class _Stamped:
    """An entry that intake stamped: who sent it, what was sent, and whether it needs no grant any more."""

    sender: str
    sent: bytes
    granted: bool


def _without_stamps(body: bytes) -> _Stamped | None:
    """What was sent, and by whom; None where intake did not stamp it."""
    entry: dict[str, Any] = parse_object(body)
    sender, recorded, grant = (entry.get(name) for name in _STAMPS)
    if not isinstance(sender, str) or not isinstance(recorded, str):
        return None
    if _SENDER.fullmatch(sender) is None or _RECORDED.fullmatch(recorded) is None:
        return None
    bare = entry.get("type") in UNGRANTED_TYPES
    if grant is not None and (bare or not is_grant(grant)):
        return None
    sent = orjson.dumps({name: member for name, member in entry.items() if name not in _STAMPS})
    return _Stamped(sender, sent, bare or grant is not None)
