"""Who may act on a dossier: which entries count, and which of them nobody who sent them was entitled to.

Written from issue 13, section 3. Walks acceptances, submissions and hand-overs; steps are judged where they are walked.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from tests.oracle.cases.facts import Rejection
from tests.oracle.journal import HeldEntry
from tests.oracle.reference.tenure import Tenures
from tests.oracle.rights.grants import CODE_FORMS, Register, unit_in_code

__all__ = ["Acting", "Judged", "judge", "rejection_of"]

ACCEPTED, SUBMITTED, HANDED_OVER = "dossier.accepted", "dossier.submitted", "dossier.handed_over"
#: Tells of surroundings (a payment gateway), and needs only its source.
NOT_JUDGED = "dossier.fee_paid"


@dataclass
class Acting:
    """Who is entitled to one dossier: by the unit of its code, the receiving unit, and who is accountable when."""

    register: Register
    always: list[str | None]
    tenures: Tenures

    def entitles(self, entry: HeldEntry) -> bool:
        """Whether the grant of an entry entitles it to the dossier."""
        units = [*self.always, *self.tenures.now_or_later(entry.time)]
        return "*" in entry.grant or any(self.register.covers(entry, unit) for unit in units)

    def rejection(self, entry: HeldEntry) -> Rejection:
        """How an entry is told that is not entitled."""
        return rejection_of(entry, self.tenures.at(entry))


def rejection_of(entry: HeldEntry, owner: str | None) -> Rejection:
    """How an entry is told that is not entitled to what belongs to `owner`."""
    return "not_entitled", entry.source, entry.id, entry.data.get("step"), entry.data.get("unit"), owner


@dataclass
class Judged:
    """The entries of a dossier that may act, steps all of them; what is odd, and what was rejected.

    `acceptance` and `submission` are those that count.
    """

    acting: Acting
    acceptance: HeldEntry | None
    submission: HeldEntry | None
    entries: list[HeldEntry] = field(default_factory=list)
    findings: list[tuple[str, HeldEntry]] = field(default_factory=list)
    rejections: list[Rejection] = field(default_factory=list)

    def reject(self, entry: HeldEntry, rejection: Rejection) -> None:
        """An entry has no effect: its grant does not entitle it."""
        self.rejections.append(rejection)
        self.findings.append(("not_entitled", entry))


def judge(code: str, entries: list[HeldEntry], register: Register, forms: Iterable[str] = CODE_FORMS) -> Judged:
    """Who of those that sent entries about a dossier may act on it.

    Args:
        code: the dossier code.
        entries: those that hold, in their order.
        register: the units of its partition.
        forms: of codes that are understood.
    """
    home = unit_in_code(code, forms)
    # The wider right goes first: `at_home` of the code's unit, else whoever came first.
    at_home = [entry for entry in entries if "*" in entry.grant or (home and register.covers(entry, home))]
    acceptance = _counting([entry for entry in entries if entry.type == ACCEPTED], at_home)
    submissions = [entry for entry in entries if entry.type == SUBMITTED]
    tenures, taken = _chain(entries, acceptance, _counting(submissions, at_home), register)
    receiving = None if acceptance is None else acceptance.data.get("receiving_unit")
    acting = Acting(register, [home, receiving], tenures)
    # Who is accountable is known by an acceptance; without one the submission has to stand for it.
    fitting = submissions if acceptance is None else [entry for entry in submissions if acting.entitles(entry)]
    judged = Judged(acting, acceptance, _counting(fitting, at_home))
    for type_, finding in ((ACCEPTED, "contested_acceptance"), (SUBMITTED, "contested_submission")):
        of_type = [entry for entry in entries if entry.type == type_]
        if not any(entry in at_home for entry in of_type) and len({entry.source for entry in of_type}) > 1:
            judged.findings += [(finding, entry) for entry in of_type]
    for entry in entries:
        group = entry.type.split(".")[0]
        if group == "dossier" and entry.type != NOT_JUDGED and not _may(entry, judged, at_home, taken):
            judged.reject(entry, judged.acting.rejection(entry))
            continue
        judged.entries.append(entry)
    return judged


def _counting(of_type: list[HeldEntry], at_home: list[HeldEntry]) -> HeldEntry | None:
    """The first of those whose grant covers the unit in the code, else the earliest."""
    return next(iter([entry for entry in of_type if entry in at_home] or of_type), None)


def _may(entry: HeldEntry, judged: Judged, at_home: list[HeldEntry], taken: list[HeldEntry]) -> bool:
    if "*" in entry.grant or entry is judged.acceptance or entry is judged.submission:
        return True
    acting = judged.acting
    if entry.type == ACCEPTED:
        now_or_later = acting.tenures.now_or_later(entry.time)
        return entry in at_home or any(acting.register.covers(entry, unit) for unit in now_or_later)
    if entry.type == HANDED_OVER:
        if judged.acceptance is None or entry.time < judged.acceptance.time:
            return acting.register.covers(entry, acting.tenures.first)
        return entry in taken
    return acting.entitles(entry)


def _chain(
    entries: list[HeldEntry], acceptance: HeldEntry | None, submission: HeldEntry | None, register: Register
) -> tuple[Tenures, list[HeldEntry]]:
    """Who was accountable when, ends left aside, and the hand-overs that made it so.

    Each is entitled by the unit that is accountable at its point: nobody may take what nobody gave.
    """
    if acceptance is None:
        return Tenures() if submission is None else Tenures(submission.data["unit"]), []
    tenures = Tenures(acceptance.data["unit"])
    taken = []
    for entry in entries:
        if entry.type == HANDED_OVER and entry.time >= acceptance.time and register.covers(entry, tenures.last):
            tenures.pass_to(entry.data["unit"], entry)
            taken.append(entry)
    return tenures, taken
