"""Why a petition is due when it is due, and how it stands. Pure. Says what the facts hold, and decides nothing."""

from __future__ import annotations

from collections import Counter
from typing import Literal

from pydantic import BaseModel, Field

from services.processing.explaining.handling import explain_findings
from services.processing.explaining.model import FindingExplained, Sentence
from services.processing.explaining.words import amount, filled, moment
from services.processing.facts.reference import InForce
from services.processing.petitions import PetitionFacts
from shared.instants import to_rfc3339
from shared.messages.petitions import PETITIONS

__all__ = ["PetitionExplanation", "explain_petition"]

Standing = Literal["in_time", "late", "open", "waiting", "overdue"]


class TermOfPetition(BaseModel):
    """By when something is to be done about it, pauses included."""

    what: Literal["refuse", "ask", "answer", "publish"]
    days: int = Field(description="working days")
    due: str
    sentence: Sentence


class PetitionExplanation(BaseModel):
    """Why a petition is due when it is due, and how it stands."""

    as_of: str | None = Field(description="the clock it was told at; null before the first tick")
    rule_version: str | None
    calendar: str | None
    calendar_version: str | None
    terms: list[TermOfPetition]
    standing: Standing | None = Field(description="null where nobody received it, or it is open before the first tick")
    findings: list[FindingExplained]
    sentences: list[Sentence] = Field(description="all of it to read, in order")


def explain_petition(known: PetitionFacts, clock: int | None) -> PetitionExplanation:
    """The explanation of a petition.

    Args:
        known: its facts.
        clock: its partition's clock in UTC µs, None before the first tick.
    """
    findings = explain_findings(known)
    told = PetitionExplanation(
        as_of=None if clock is None else to_rfc3339(clock),
        rule_version=None,
        calendar=None,
        calendar_version=None,
        terms=[],
        standing=None,
        findings=findings,
        sentences=[],
    )
    if known.dossier is not None:
        told.sentences.append(_say("about", dossier=known.dossier))
    if known.force is not None:
        _received(told, known, known.force, clock)
    told.sentences += [finding.sentence for finding in findings]
    return told


def _received(told: PetitionExplanation, known: PetitionFacts, force: InForce, clock: int | None) -> None:
    calendar = force.calendar
    told.rule_version, told.calendar, told.calendar_version = force.rules.version, calendar.id, calendar.version
    told.terms = _terms(known, force)
    told.standing = _standing(known, clock)
    told.sentences += [
        _say("rules", rule=force.rules.version, calendar=calendar.id, version=calendar.version),
        *_begun(known, force),
        *(term.sentence for term in told.terms),
        *_pauses(known, force),
        *([] if told.standing is None else [_stands(known, force, told.standing)]),
    ]
    if known.published_at is not None:
        told.sentences.append(_say("published", at=moment(calendar, known.published_at, known.publish_due)))
    if known.judgements:
        said = Counter[str](one.verdict for one in known.judgements)
        told.sentences.append(
            _say("judged", **{name: said[name] for name in ("satisfied", "disliked", "raised_again")})
        )


def _begun(known: PetitionFacts, force: InForce) -> list[Sentence]:
    calendar, received, begun = force.calendar, known.received_at, known.begun_at
    assert received is not None  # noqa: S101 (of one that was received)
    assert begun is not None  # noqa: S101 (of one that was received)
    first = (known.life.received.data or {}).get("unit") if known.life.received is not None else None
    lines = [_say("received", at=moment(calendar, received), unit=first or PETITIONS["no_unit"])]
    if known.life.begun is not known.life.received:
        lines.append(_say("handed_over", at=moment(calendar, begun), unit=known.unit or PETITIONS["no_unit"]))
    return lines


def _terms(known: PetitionFacts, force: InForce) -> list[TermOfPetition]:
    rules, terms = force.rules, known.terms
    all_: tuple[tuple[Literal["refuse", "ask", "answer", "publish"], int, int | None], ...] = (
        ("refuse", rules.petition_refuse_days, terms.refuse_due),
        ("ask", rules.petition_ask_days, terms.ask_due),
        ("answer", rules.petition_answer_days, terms.due),
        ("publish", rules.petition_publish_days, terms.publish_due),
    )
    return [
        TermOfPetition(
            what=what,
            days=days,
            due=to_rfc3339(due),
            sentence=_say(what, days=days, due=moment(force.calendar, due, known.ended_at)),
        )
        for what, days, due in all_
        if due is not None
    ]


def _pauses(known: PetitionFacts, force: InForce) -> list[Sentence]:
    calendar, asked = force.calendar, known.life.asked
    for begin, end in known.pauses:
        if end is None:
            return [_say("pause_open", begin=moment(calendar, begin))]
        paused = amount(calendar.working_between(begin, end))
        return [_say("pause", begin=moment(calendar, begin, end), end=moment(calendar, end, begin), paused=paused)]
    return [] if asked is None else [_say("asked_late", begin=moment(calendar, asked.time, known.terms.ask_due))]


def _standing(known: PetitionFacts, clock: int | None) -> Standing | None:
    due = known.refuse_due if known.end == "refused" else known.due
    if due is None:
        return None
    if known.judged_at is not None:
        return "in_time" if known.judged_at <= due else "late"
    if known.pauses and known.pauses[-1][1] is None:
        return "waiting"
    return None if clock is None else "overdue" if clock > due else "open"


def _stands(known: PetitionFacts, force: InForce, standing: Standing) -> Sentence:
    calendar = force.calendar
    due = known.refuse_due if known.end == "refused" else known.due
    assert due is not None  # noqa: S101 (it stands somehow)
    ended, judged = known.ended_at, known.judged_at
    if ended is None or judged is None:
        return _say(standing, due=moment(calendar, due))
    at_request = standing == "in_time" and judged != ended
    return _say(
        "in_time_at_request" if at_request else standing,
        end=moment(calendar, ended, due),
        judged=moment(calendar, judged, due),
        due=moment(calendar, due, judged),
    )


def _say(code: str, **parameters: object) -> Sentence:
    return filled(PETITIONS[code], **parameters)
