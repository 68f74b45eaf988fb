"""Where each due value comes from: receipt, term, pause, new date or extension, with the days passed over. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, Literal

from services.processing.explaining.model import DueExplained, LimitExplained, PauseExplained, Sentence, TermExplained
from services.processing.explaining.words import amount, clock_time, days, moment, say
from services.processing.facts import Facts, InForce
from services.processing.facts.deadlines import DueValue
from services.processing.facts.terms import counting_of, start_of
from shared.calendar import Term
from shared.calendar.explanation import NotedDay, explain_term, notable_days
from shared.instants import to_rfc3339

__all__ = ["explain_dues", "explain_limit", "explain_pauses", "explain_terms", "sentences_of"]

_PAUSED: Final = frozenset(("supplement_pause", "fee_pause"))
_OF_TERM: Final = ("committed", "statutory")


def explain_dues(known: Facts, force: InForce, terms: dict[str, TermExplained]) -> list[DueExplained]:
    """Every due value that was in force, in order.

    Args:
        known: the facts of an accepted dossier.
        force: what it is judged by.
        terms: its terms explained, by kind.
    """
    history = known.due_history
    return [
        _explain_due(known, force, terms, place, None if place + 1 == len(history) else history[place + 1].since)
        for place in range(len(history))
    ]


def _explain_due(
    known: Facts, force: InForce, terms: dict[str, TermExplained], place: int, until: int | None
) -> DueExplained:
    calendar, value = force.calendar, known.due_history[place]
    before = known.due_history[place - 1].due if place else None
    skipped: list[NotedDay] = []
    term = terms.get(value.reason)
    if value.reason in _PAUSED and before is not None:
        skipped = list(notable_days(calendar, before, value.due))
    told = days(skipped)
    return DueExplained(
        due=to_rfc3339(value.due),
        since=to_rfc3339(value.since),
        until=None if until is None else to_rfc3339(until),
        reason=value.reason,
        source=value.source,
        id=value.id,
        skipped=[day for day in told if not day.working] if term is None else term.skipped,
        worked=[day for day in told if day.working] if term is None else term.worked,
        sentence=say(
            value.reason,
            due=moment(calendar, value.due, before),
            since=moment(calendar, value.since),
            before=None if before is None else moment(calendar, before, value.due),
            paused=amount(_paused(known, force, value)),
            term=_term_of(known, force, value.reason),
        ),
    )


def _paused(known: Facts, force: InForce, value: DueValue) -> int:
    """Working time of the pause that ended when a due value came into force."""
    for begin, end in known.pauses:
        if end == value.since:
            return force.calendar.working_between(begin, end)
    return 0


def _term_of(known: Facts, force: InForce, kind: str) -> object:
    if force.procedure is None or kind not in _OF_TERM:
        return None
    term = force.procedure.term(known.channel, "committed" if kind == "committed" else "statutory")
    return None if term is None else term.text


def explain_terms(known: Facts, force: InForce) -> list[TermExplained]:
    """What the procedure's terms give for the receipt, the statutory one first."""
    found = []
    if force.procedure is not None and known.accepted_at is not None:
        pairs: tuple[tuple[Literal["statutory", "committed"], int | None, int | None], ...] = (
            ("statutory", known.terms.statutory, known.dues.statutory),
            ("committed", known.terms.committed, known.dues.committed),
        )
        for kind, end, moved in pairs:
            term = force.procedure.term(known.channel, kind)
            if term is not None and end is not None:
                told = _explain_term(known.accepted_at, force, kind, term)
                told.moved_to = to_rfc3339(end if moved is None else moved)
                found.append(told)
    return found


def _explain_term(received: int, force: InForce, kind: Literal["statutory", "committed"], term: Term) -> TermExplained:
    calendar, rules = force.calendar, force.rules
    start = start_of(force, received, term)
    told = explain_term(calendar, start, term, counting_of(force))
    sentences = [Sentence(vi=line.vi, en=line.en) for line in told.lines]
    if start != received and rules.cutoff is not None:
        sentences.insert(0, say("after_cutoff", cutoff=clock_time(rules.cutoff)))
    return TermExplained(
        kind=kind,
        amount=str(term.amount),
        unit=term.unit,
        counting=counting_of(force),
        start=to_rfc3339(start),
        counted_from=to_rfc3339(told.counted_from),
        due=to_rfc3339(told.due),
        moved_to=to_rfc3339(told.due),
        skipped=days(told.skipped),
        worked=days(told.worked),
        sentences=sentences,
    )


def explain_pauses(known: Facts, force: InForce) -> list[PauseExplained]:
    """Each time the clock was stopped, with its working time."""
    found = []
    for (begin, end), kind in zip(known.pauses, known.dues.kinds, strict=True):
        working = None if end is None else force.calendar.working_between(begin, end)
        since = moment(force.calendar, begin, end)
        if end is None or working is None:
            sentence = say(f"pause_{kind}_open", begin=since)
        else:
            until = moment(force.calendar, end, begin)
            sentence = say(f"pause_{kind}", begin=since, end=until, paused=amount(working))
        found.append(
            PauseExplained(
                kind=kind,
                begin=to_rfc3339(begin),
                end=None if end is None else to_rfc3339(end),
                working_us=working,
                sentence=sentence,
            )
        )
    return found


def explain_limit(known: Facts, force: InForce) -> LimitExplained | None:
    """When the maximum working time is used up, of a dossier without due date."""
    limit = known.dues.limit
    if limit is None or force.procedure is None:
        return None
    term = force.procedure.term(known.channel, "maximum")
    if term is None:
        return None
    return LimitExplained(
        limit=to_rfc3339(limit),
        amount=str(term.amount),
        unit=term.unit,
        sentence=say("limit", term=term.text, due=moment(force.calendar, limit)),
    )


def sentences_of(
    dues: list[DueExplained], terms: list[TermExplained], pauses: list[PauseExplained]
) -> Iterator[Sentence]:
    """What is to be read of them, in order: how terms were counted, then pauses, then the values."""
    for term in terms:
        yield from term.sentences
    yield from (pause.sentence for pause in pauses)
    for due in dues:
        yield due.sentence
        if due.reason in _PAUSED:
            yield from (say("passed_over", day=day.sentence) for day in due.skipped)
            yield from (say("counted", day=day.sentence) for day in due.worked)
