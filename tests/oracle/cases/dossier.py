"""The facts of one dossier from the entries that hold, read straight from docs/rules.md "Entries" and "Status".

Knows nothing of clocks and periods: facts are the same whenever they are looked at.
"""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from tests.oracle.cases.facts import ENDS, Dossier, find
from tests.oracle.cases.fees import take_fees
from tests.oracle.cases.handling import Receipt, take_due, take_intake
from tests.oracle.journal import HeldEntry, Journal
from tests.oracle.reference.says import References
from tests.oracle.rights.entitled import Judged, judge
from tests.oracle.rights.grants import Register
from tests.oracle.work.measured import refuse_steps, take_steps

__all__ = ["Dossier", "all_facts", "facts"]

FINISHED_STATUS = {"resolved": 9, "returned": 10, "withdrawn": 7, "stopped": 8, "refused": 3}
CHANNELS = ("online", "postal", "direct")
FEES = ("dossier.fee_requested", "dossier.fee_paid")
#: After the finish these have no effect.
MOVES = ("dossier.supplement_requested", "dossier.supplement_received", "dossier.extended", "dossier.handed_over")


def all_facts(journal: Journal, zone: ZoneInfo) -> dict[str, Dossier]:
    """The facts of every dossier of a journal by code."""
    partitions = set(journal.partitions.values())
    references = {number: References(journal.references.get(number, []), zone) for number in partitions}
    return {
        code: facts(code, entries, journal.conflicts.get(code, []), references[journal.partitions[code]])
        for code, entries in journal.dossiers.items()
    }


def facts(code: str, entries: list[HeldEntry], conflicts: list[tuple[str, str]], references: References) -> Dossier:
    """The facts of one dossier.

    Args:
        code: the dossier code.
        entries: the entries that hold, in their order.
        conflicts: identities sent with other content under one revision.
        references: reference data of its partition.
    """
    dossier = Dossier(code=code, entries=len(entries))
    for source, id_ in conflicts:
        dossier.findings.append(("conflicting_content", source, id_))
    judged = judge(code, entries, Register(references.applying(None)))
    if judged.acceptance is None:
        refuse_steps(judged)
        _never_accepted(dossier, judged)
    else:
        _accepted(dossier, judged, judged.acceptance, references)
    take_fees(dossier, judged.entries, fee_procedure=_has_fee(dossier, judged.acceptance, references))
    take_intake(dossier, judged, references)
    for finding, entry in judged.findings:
        find(dossier, finding, entry)
    dossier.rejections = sorted([*dossier.rejections, *judged.rejections], key=lambda one: one[:3])
    dossier.findings.sort()
    return dossier


def _has_fee(dossier: Dossier, first: HeldEntry | None, references: References) -> bool:
    """Whether the procedure's version at the receipt has a fee."""
    if first is None:
        return False
    receipt = Receipt(first, dossier, references.applying(dossier.finished_at))
    procedure = receipt.applying.procedure(dossier.procedure, receipt.day)
    return procedure is not None and procedure.data.get("fee") is True


def _never_accepted(dossier: Dossier, judged: Judged) -> None:
    """Only submitted, or refused without acceptance: in no figure of handling."""
    if judged.submission is not None:
        _take_labels(dossier, judged.submission, judged.submission)
    for entry in judged.entries:
        if entry.type == "dossier.refused":
            dossier.status = 3
        elif entry.type in ENDS:
            find(dossier, "end_without_acceptance", entry)


def _take_labels(dossier: Dossier, entry: HeldEntry, submitted: HeldEntry | None) -> None:
    dossier.unit = entry.data["unit"]
    dossier.channel = entry.data["channel"] if entry.data["channel"] in CHANNELS else "direct"
    dossier.procedure = entry.data.get("procedure")
    if dossier.procedure is None and submitted is not None:
        dossier.procedure = submitted.data.get("procedure")


def _accepted(dossier: Dossier, judged: Judged, first: HeldEntry, references: References) -> None:
    accepted_at = dossier.accepted_at = first.time
    _take_labels(dossier, first, judged.submission)
    dossier.receiving_unit = first.data.get("receiving_unit")
    # An entry dated before acceptance has no effect; an end there counts (at acceptance), except a refusal.
    effective = [
        entry
        for entry in judged.entries
        if entry.time >= accepted_at or (entry.type in ENDS and entry.type != "dossier.refused")
    ]
    ends = _ends_not_annulled(effective)
    _take_finish(dossier, ends, accepted_at)

    finished_at = dossier.finished_at
    by_the_end = [entry for entry in effective if finished_at is None or entry.time <= finished_at]
    before = set()
    for entry in by_the_end:
        if entry.type == "dossier.handed_over":
            before.add(dossier.unit)
            dossier.unit = entry.data["unit"]
    dossier.handed_over_from = sorted(unit for unit in before if unit is not None and unit != dossier.unit)
    receipt = Receipt(first, dossier, references.applying(finished_at))
    apologies = [entry.time for entry in effective if entry.type == "dossier.apologised"]
    dossier.apologised_at = min(apologies, default=None)
    take_due(dossier, receipt, by_the_end, apologies)
    take_steps(dossier, receipt, by_the_end, judged)
    effective = [entry for entry in effective if entry in judged.entries]
    for entry in judged.entries:
        if entry.type == "dossier.accepted" and entry is not first:
            find(dossier, "second_acceptance", entry)
    _find_early_entries(dossier, judged.entries, accepted_at)
    _find_late_entries(dossier, effective)
    dossier.status = _status(dossier, effective, ends)


def _find_early_entries(dossier: Dossier, entries: list[HeldEntry], accepted_at: datetime) -> None:
    for entry in entries:
        group = entry.type.split(".")[0]
        received = ("dossier.submitted", "dossier.accepted")
        if entry.type in FEES:
            continue  # facts of their own, whenever they are dated
        if entry.time < accepted_at and group in ("dossier", "step") and entry.type not in received:
            if entry.type in ENDS and entry.type != "dossier.refused":
                continue  # counts at acceptance; the finish of the dossier gets a finding of its own
            find(dossier, "entry_before_acceptance", entry)


def _ends_not_annulled(effective: list[HeldEntry]) -> list[HeldEntry]:
    """The last `reopened` annuls the ends before it."""
    reopened = [index for index, entry in enumerate(effective) if entry.type == "dossier.reopened"]
    after = reopened[-1] + 1 if reopened else 0
    return [entry for entry in effective[after:] if entry.type in ENDS]


def _take_finish(dossier: Dossier, ends: list[HeldEntry], accepted_at: datetime) -> None:
    """Finish = earliest resolved, else returned, else withdrawn, stopped or refused; never before acceptance."""
    seen: list[str] = []
    for end in ends:
        ordinary = not seen or (
            end.type == "dossier.returned" and "dossier.resolved" in seen and "dossier.returned" not in seen
        )
        if not ordinary:
            find(dossier, "second_end", end)
        seen.append(end.type)
    for group in (["dossier.resolved"], ["dossier.returned"], list(ENDS)[2:]):
        of_group = [end for end in ends if end.type in group]
        if of_group:
            end = of_group[0]
            dossier.finish = ENDS[end.type]
            dossier.finished_at = max(end.time, accepted_at)
            if end.time < accepted_at:
                find(dossier, "finish_before_acceptance", end)
            return


def _find_late_entries(dossier: Dossier, effective: list[HeldEntry]) -> None:
    if dossier.finished_at is None:
        return
    for entry in effective:
        if entry.time > dossier.finished_at:
            if entry.type.startswith("step."):
                find(dossier, "step_after_finish", entry)
            elif entry.type in MOVES:
                find(dossier, "entry_after_finish", entry)


def _status(dossier: Dossier, effective: list[HeldEntry], ends: list[HeldEntry]) -> int:
    """The national status code (docs/rules.md, "Status").

    Of an open dossier: 5 while it waits for a supplement, 6 while a fee is asked for and not paid, 4 once anything of
    its handling is reported, 2 before.
    """
    if dossier.finish is not None:
        if dossier.finish == "resolved" and any(end.type == "dossier.returned" for end in ends):
            return 10
        return FINISHED_STATUS[dossier.finish]
    if dossier.waiting_since is not None:
        return 5
    fees = [entry for entry in effective if entry.type in ("dossier.fee_requested", "dossier.fee_paid")]
    if fees and fees[-1].type == "dossier.fee_requested":
        return 6
    handling = [
        entry
        for entry in effective
        if entry.type.split(".")[0] in ("dossier", "step")
        and entry.type not in ("dossier.submitted", "dossier.accepted")
        and entry.type not in ENDS
    ]
    return 4 if handling else 2
