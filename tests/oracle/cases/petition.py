"""The facts of one petition from the entries that hold, read from docs/rules.md "Petitions".

Knows nothing of the dossier it is about, nor of clocks and periods.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from tests.oracle.cases.due import Pause, Stretch
from tests.oracle.cases.facts import Rejection
from tests.oracle.journal import HeldEntry, Journal
from tests.oracle.reference.says import References, Rules
from tests.oracle.reference.terms import days_after
from tests.oracle.reference.worktime import WalkedCalendar
from tests.oracle.rights.entitled import rejection_of
from tests.oracle.rights.grants import Register
from tests.oracle.rights.petitions import judge_petitions

__all__ = ["Petition", "all_petitions", "petition"]


@dataclass
class Petition:
    """What is known of a petition. Instants are UTC."""

    code: str
    unit: str | None = None
    dossier: str | None = None
    received_at: datetime | None = None
    begun_at: datetime | None = None
    pauses: list[Pause] = field(default_factory=list)
    end: str | None = None
    ended_at: datetime | None = None
    judged_at: datetime | None = None
    due: datetime | None = None
    refuse_due: datetime | None = None
    published_at: datetime | None = None
    publish_due: datetime | None = None
    raised_again_at: datetime | None = None
    judgements: list[tuple[datetime, str]] = field(default_factory=list)
    handed_over_from: list[str] = field(default_factory=list)
    rule_version: str | None = None
    calendar: str | None = None
    rejections: list[Rejection] = field(default_factory=list)
    findings: list[tuple[str, str, str]] = field(default_factory=list)
    entries: int = 0
    #: Not in the row: what announcements are made from.
    rules: Rules = field(default_factory=Rules)
    stretches: list[Stretch] = field(default_factory=list)

    @property
    def disliked(self) -> list[Pause]:
        """When more judgements said disliked than satisfied, looked at after each instant at which something was."""
        found: list[Pause] = []
        times = sorted({at for at, _ in self.judgements})
        for place, at in enumerate(times):
            if self.disliked_before(at + timedelta(microseconds=1)):
                end = times[place + 1] if place + 1 < len(times) else None
                begin = found.pop()[0] if found and found[-1][1] == at else at
                found.append((begin, end))
        return found

    def disliked_before(self, moment: datetime) -> bool:
        """Whether by then more judgements said disliked than satisfied."""
        by_then = [verdict for at, verdict in self.judgements if at < moment]
        return by_then.count("disliked") > by_then.count("satisfied")


def all_petitions(journal: Journal, zone: ZoneInfo) -> dict[str, Petition]:
    """The facts of every petition of a journal by code."""
    partitions = set(journal.partitions.values())
    references = {number: References(journal.references.get(number, []), zone) for number in partitions}
    return {
        code: petition(
            code, entries, journal.conflicts.get(f"petition:{code}", []), references[journal.partitions[code]]
        )
        for code, entries in journal.petitions.items()
    }


def petition(code: str, entries: list[HeldEntry], conflicts: list[tuple[str, str]], references: References) -> Petition:
    """The facts of one petition.

    Args:
        code: its code.
        entries: the entries that hold, in their order.
        conflicts: identities sent with other content under one revision.
        references: reference data of its partition.
    """
    known = Petition(code, entries=len(entries))
    known.findings = [("conflicting_content", source, id_) for source, id_ in conflicts]
    refused, contested = judge_petitions(code, entries, Register(references.applying(None)))
    _find(known, "contested_petition", contested)
    _find(known, "not_entitled", [entry for entry, _ in refused])
    known.rejections = sorted(
        (rejection_of(entry, owner) for entry, owner in refused), key=lambda one: (one[1], one[2])
    )
    acting = [entry for entry in entries if entry not in [one for one, _ in refused]]
    old = [entry for entry in acting if entry.data.get("petition", code) != code]
    _find(known, "petition_old_form", old)
    own = [entry for entry in acting if entry not in old]
    for entry in own:
        known.dossier = known.dossier or entry.data.get("dossier")
        if entry.type == "petition.judged":
            known.judgements.append((entry.time, entry.data["verdict"]))
    raised = [at for at, verdict in known.judgements if verdict == "raised_again"]
    known.raised_again_at = min(raised, default=None)
    while own and own[0].type != "petition.received":
        del own[0]
    if own:
        _received(known, own, references)
    elif len(acting) > len(old):
        _find(known, "petition_not_received", [entry for entry in acting if entry not in old][:1])
    known.findings.sort()
    return known


def _find(known: Petition, finding: str, entries: list[HeldEntry]) -> None:
    known.findings += [(finding, entry.source, entry.id) for entry in entries]


def _received(known: Petition, entries: list[HeldEntry], references: References) -> None:
    """One that was received, from that on; a hand-over to another unit begins it anew."""
    known.received_at = entries[0].time
    units = [entries[0].data.get("unit")]
    begun, since = entries[0], entries[1:]
    for place, entry in enumerate(entries):
        if entry.type == "petition.handed_over" and entry.data.get("unit") not in (None, units[-1]):
            units.append(entry.data["unit"])
            begun, since = entry, entries[place + 1 :]
    known.unit, known.begun_at = units[-1], begun.time
    known.handed_over_from = sorted({unit for unit in units if unit not in (None, known.unit)})
    kinds = [entry.type.removeprefix("petition.") for entry in since]
    known.end = next((kind for kind in ("answered", "refused") if kind in kinds), None)
    place = len(since) if known.end is None else kinds.index(known.end)
    known.ended_at = None if known.end is None else since[place].time
    applying = references.applying(known.ended_at)
    day = begun.time.astimezone(applying.zone).date()
    rules, calendar = applying.rules(day), applying.calendar(known.unit, day)
    known.rules, known.rule_version, known.calendar = rules, rules.version, calendar.name
    known.due = days_after(calendar, begun.time, rules.petition_answer_days)
    known.refuse_due = days_after(calendar, begun.time, rules.petition_refuse_days)
    known.stretches = [Stretch(known.due, begun.time)]
    _ask(known, since[:place], calendar)
    if known.end is None or known.ended_at is None:
        return
    known.judged_at = known.ended_at
    if known.end == "refused":
        _put(known, known.refuse_due, known.ended_at)
        return
    known.publish_due = days_after(calendar, known.ended_at, rules.petition_publish_days)
    known.published_at = next((one.time for one in since[place + 1 :] if one.type == "petition.published"), None)
    if known.pauses and known.pauses[-1][1] is None:
        known.judged_at = known.pauses[-1][0]


def _ask(known: Petition, before_the_end: list[HeldEntry], calendar: WalkedCalendar) -> None:
    """The first request for more, if it came by its own due, stops the clock until the petitioner answers it."""
    asked = next((entry for entry in before_the_end if entry.type == "petition.more_asked"), None)
    assert known.begun_at is not None
    if asked is None or asked.time > days_after(calendar, known.begun_at, known.rules.petition_ask_days):
        return
    reply = next(
        (
            entry.time
            for entry in before_the_end[before_the_end.index(asked) :]
            if entry.type == "petition.supplemented"
        ),
        None,
    )
    known.pauses = [(asked.time, reply)]
    known.stretches[-1].end = asked.time
    if reply is not None:
        assert known.due is not None
        assert known.refuse_due is not None
        paused = calendar.working_time(asked.time, reply)
        known.due = calendar.add_working_time(known.due, paused)
        known.refuse_due = calendar.add_working_time(known.refuse_due, paused)
        known.stretches.append(Stretch(known.due, reply))


def _put(known: Petition, due: datetime, since: datetime) -> None:
    """Another due value comes into force."""
    if known.stretches[-1].end is None:
        known.stretches[-1].end = since
    known.stretches.append(Stretch(due, since))
