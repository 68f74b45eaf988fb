"""What is said about a message of an agency's outbox: the answers on its topic, and the dead letter. Pure.

Identities come from the message's place in the outbox, so that what is said twice is the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import orjson

from services.intake.admission.admit import Admitted
from services.intake.admission.personal import FREE_TEXT, find_personal
from shared.contract.answers import Accepted, AnswerAccepted, AnswerRefused, Refused
from shared.contract.housekeeping import DeadLetter
from shared.instants import to_datetime
from shared.problems.problem import Problem
from shared.texts.normal_form import normal_form

__all__ = ["SOURCE", "Said", "accepted", "dead_letter", "refused"]

SOURCE: Final = "motcua/intake"
_LONGEST_NAME: Final = 512
_LONGEST_CODE: Final = 128


@dataclass(frozen=True, slots=True)
class Said:
    """A record for a topic: key and value."""

    key: bytes
    value: bytes


def accepted(record: Any, entry: Admitted, place: dict[str, Any], now: int, *, simulated: bool) -> Said:
    """The answer to a message whose entry is in the journal.

    Args:
        record: the message as it was read from the outbox.
        entry: what was admitted.
        place: where it stands, as HTTP tells it.
        now: the present instant, UTC microseconds.
        simulated: whether the stack is.
    """
    data = Accepted(
        source=entry.source,
        id=entry.id,
        revision=_revision(orjson.loads(entry.value)),
        outbox_offset=record.offset,
        partition=place.get("partition"),
        offset=place.get("offset"),
        subject_sent=entry.sent_subject,
    )
    envelope = _envelope(record, "accepted", entry.subject, now, simulated=simulated)
    return _said(entry.subject, AnswerAccepted(type="answer.accepted", data=data, **envelope))


def refused(record: Any, problem: Problem, now: int, *, simulated: bool) -> Said:
    """The answer to a message that is not taken, in the words that HTTP would have used."""
    sent = _parsed(record.value)
    vi, en = problem.body("vi"), problem.body("en")
    data = Refused(
        source=_name(sent.get("source")),
        id=_name(sent.get("id")),
        revision=_revision(sent),
        outbox_offset=record.offset,
        status=problem.status,
        code=problem.code,
        field=problem.field,
        detail_vi=vi["detail"],
        detail_en=en["detail"],
        remedy_vi=vi["remedy"],
        remedy_en=en["remedy"],
    )
    subject = _name(_in_form(sent.get("subject")), _LONGEST_CODE) or _place(record)
    envelope = _envelope(record, "refused", subject, now, simulated=simulated)
    return _said(subject, AnswerRefused(type="answer.refused", data=data, **envelope))


def dead_letter(record: Any, problem: Problem, now: int, *, whole: bool = True) -> Said:
    """The dead letter about a message that is not taken.

    Args:
        record: the message as it was read from the outbox.
        problem: why it is not taken.
        now: the present instant, UTC microseconds.
        whole: whether with its bytes, if they cannot tell about a person.
    """
    letter = DeadLetter.of(record, service="intake", reason=problem.code, detail=str(problem), seen_at=now)
    if not whole or _may_be_personal(record.value, problem):
        letter.key = letter.value = letter.sha256 = None
    return Said(letter.record_key(), letter.model_dump_json(exclude_none=True).encode())


def _said(key: str, answer: AnswerAccepted | AnswerRefused) -> Said:
    return Said(key.encode("utf-8", "replace"), answer.model_dump_json(exclude_none=True).encode())


def _envelope(record: Any, what: str, subject: str, now: int, *, simulated: bool) -> dict[str, Any]:
    return {
        "specversion": "1.0",
        "id": f"{_place(record)}:{what}",
        "source": SOURCE,
        "subject": subject,
        "time": to_datetime(now),
        "simulated": True if simulated else None,
    }


def _place(record: Any) -> str:
    return f"{record.topic}:{record.partition}:{record.offset}"


def _parsed(value: bytes | None) -> dict[str, Any]:
    try:
        parsed = orjson.loads(value or b"")
    except orjson.JSONDecodeError:
        return {}
    return parsed if isinstance(parsed, dict) else {}


def _name(value: object, longest: int = _LONGEST_NAME) -> str | None:
    return value if isinstance(value, str) and 0 < len(value) <= longest and value.isprintable() else None


def _in_form(value: object) -> object:
    return normal_form(value) if isinstance(value, str) else value


def _revision(sent: dict[str, Any]) -> int:
    revision = sent.get("revision")
    return revision if isinstance(revision, int) and not isinstance(revision, bool) else 0


def _may_be_personal(value: bytes | None, problem: Problem) -> bool:
    """Whether a member's name says so, or a member meant for codes holds something else."""
    fields = [problem.field or "", *(error.field for error in problem.errors)]
    if any(field.rpartition(".")[2] in FREE_TEXT for field in fields):
        return True
    return problem.code == "personal_field" or next(find_personal(_parsed(value)), None) is not None
