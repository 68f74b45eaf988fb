"""What is known of one dossier: what the parts of the derivation found, and each fact of its row by its name. Pure."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final, NamedTuple

from services.processing.entitling.entitle import Entitled
from services.processing.facts.announcements import Announcement
from services.processing.facts.deadlines import Deadlines, DueValue, Pause
from services.processing.facts.fees import Fees
from services.processing.facts.intake import Intake
from services.processing.facts.life import Life
from services.processing.facts.reference import InForce
from services.processing.facts.terms import Terms
from services.processing.record import EntryRecord
from services.processing.routing.blame import Part
from services.processing.routing.model import RejectedAct, Routing, StepFact
from shared.calendar import WorkCalendar
from shared.contract.lifecycle import DueBasis
from shared.contract.reference import Channel

__all__ = ["HANGS_ON_NOTHING", "Facts", "Odd", "calendar_label"]

#: The end of a case that hangs on no reference data, UTC µs: before any reference entry. No roster has such a case.
HANGS_ON_NOTHING: Final = -(2**62)


class Odd(NamedTuple):
    """A finding: its code and the entry it is about."""

    code: str
    source: str
    id: str


def calendar_label(calendar: WorkCalendar) -> str:
    """A calendar and its version as the row names them."""
    return f"{calendar.id} {calendar.version}"


@dataclass(slots=True)
class Facts:
    """Everything known of a dossier. Instants in UTC microseconds.

    Every fact that `shared/populations/dossiers.py` declares is an attribute of its name on the topic, and means what
    is said there.

    `held` are the entries that hold; `life` and `dues` what they say; `to_announce` what becomes true of due instants
    and from which clock on; `force` what an accepted dossier is judged by and `terms` what its procedure's terms give;
    `blame` the parts of the delay of one that finished late, in µs. `due_original` is the due date as if no extension
    had been reported, pauses and new dates of receipts included. `judged` says who was entitled to what, None where all
    grants cover all units; `rejections` are entries without effect, since their unit or sender may not do this.
    """

    code: str
    status: int
    unit: str | None
    receiving_unit: str | None
    procedure: str | None
    channel: Channel | None
    life: Life
    dues: Deadlines
    due_original: int | None
    judged_at: int | None
    intake: Intake
    force: InForce | None
    terms: Terms
    routing: Routing
    blame: list[Part]
    findings: list[Odd]
    simulated: bool
    held: list[EntryRecord]
    to_announce: list[tuple[int, Announcement]]
    judged: Entitled | None
    rejections: list[RejectedAct]
    fees: Fees

    @property
    def submitted_at(self) -> int | None:
        """When it was handed in."""
        return None if self.life.submitted is None else self.life.submitted.time

    @property
    def accepted_at(self) -> int | None:
        """When it was accepted."""
        return None if self.life.accepted is None else self.life.accepted.time

    @property
    def finished_at(self) -> int | None:
        """End of handling, never before acceptance."""
        return self.life.finished_at

    @property
    def ended_at(self) -> int | None:
        """The end for reference data: the finish, of a dossier never accepted the answer."""
        return self.life.ended_at

    @property
    def finish(self) -> str | None:
        """The kind of the end that counts."""
        return self.life.finish

    @property
    def apologised_at(self) -> int | None:
        """The first apology."""
        return None if self.life.apologised is None else self.life.apologised.time

    @property
    def due(self) -> int | None:
        """The final due instant."""
        return self.dues.due

    @property
    def due_history(self) -> list[DueValue]:
        """Every due value with its reason."""
        return self.dues.history

    @property
    def pauses(self) -> list[Pause]:
        """When the clock was stopped, and the class frozen."""
        return self.dues.pauses

    @property
    def waiting_since(self) -> int | None:
        """The supplement request of an open dossier that is unanswered."""
        return self.dues.waiting_since if self.life.finished_at is None else None

    @property
    def second_request_at(self) -> int | None:
        """From here on it is late for index 766."""
        return self.dues.second_request_at

    @property
    def extended_at(self) -> int | None:
        """When it was extended."""
        return self.dues.extended_at

    @property
    def steps(self) -> list[StepFact]:
        """The occurrences of its steps."""
        return self.routing.steps

    @property
    def holders(self) -> list[str]:
        """Who holds it now, while it is open; nobody while the applicant has it."""
        return self.routing.holders

    @property
    def handed_over_from(self) -> list[str]:
        """The units that were accountable before, by hand-overs that have an effect; sorted."""
        life = self.life
        if life.accepted is None or not life.handed_over:
            return []
        told = ((entry.data or {}).get("unit") for entry in (life.accepted, *life.handed_over))
        return sorted({unit for unit in told if unit is not None} - {self.unit})

    @property
    def beyond(self) -> Collection[tuple[str, str]]:
        """Identities whose received entries are counted apart: their senders may not act."""
        return () if self.judged is None else self.judged.beyond

    @property
    def acting(self) -> list[EntryRecord]:
        """The entries that hold and may act."""
        return self.held if self.judged is None else self.judged.acting

    @property
    def due_basis(self) -> DueBasis | None:
        """What the first due date rests on."""
        return self.dues.basis

    @property
    def statutory_due(self) -> int | None:
        """What the law allows at the latest."""
        return self.dues.statutory

    @property
    def committed_due(self) -> int | None:
        """What the committed term gives."""
        return self.dues.committed

    @property
    def limit(self) -> int | None:
        """Without a due date: when the maximum working time is used up."""
        return self.dues.limit

    @property
    def intake_due(self) -> int | None:
        """By when an online submission must be answered."""
        return self.intake.due

    @property
    def intake_ended_at(self) -> int | None:
        """When it was answered."""
        return self.intake.ended_at

    @property
    def fee_duty(self) -> int | None:
        """From when there is a fee to pay."""
        return self.fees.duty

    @property
    def fee_amount(self) -> int | None:
        """When an amount above 0 was first told."""
        return self.fees.amount

    @property
    def paid_online(self) -> int | None:
        """When it was first paid by a gateway."""
        return self.fees.paid_online

    @property
    def gateway(self) -> str | None:
        """That gateway."""
        return self.fees.gateway

    @property
    def field(self) -> str | None:
        """The field of the procedure in force."""
        return None if self.force is None or self.force.procedure is None else self.force.procedure.field

    @property
    def procedure_version(self) -> str | None:
        """The version of the procedure in force."""
        force = self.force
        return None if force is None or force.procedure is None else force.procedure.version

    @property
    def rule_version(self) -> str | None:
        """The version of the rules in force."""
        return None if self.force is None else self.force.rules.version

    @property
    def calendar(self) -> str | None:
        """The calendar its due date is counted by, with its version."""
        return None if self.force is None else calendar_label(self.force.calendar)

    @property
    def route_version(self) -> str | None:
        """The version of its route."""
        return self.routing.route_version

    @property
    def entries(self) -> int:
        """How many entries hold."""
        return len(self.held)
