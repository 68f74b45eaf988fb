"""Entries of the dossier and step groups: the life of a dossier and the work done on it."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import StringConstraints

from shared.contract.envelope import Budget, Data, DueText, Envelope, Money, Name, NamingText, ReasonCode, Unit

__all__ = [
    "DossierAccepted",
    "DossierApologised",
    "DossierExtended",
    "DossierFeePaid",
    "DossierFeeRequested",
    "DossierHandedOver",
    "DossierRefused",
    "DossierReopened",
    "DossierResolved",
    "DossierReturned",
    "DossierStopped",
    "DossierSubmitted",
    "DossierSupplementReceived",
    "DossierSupplementRequested",
    "DossierWithdrawn",
    "StepAssigned",
    "StepCompleted",
    "StepSentBack",
]

#: online, postal or direct; anything else a source says counts as direct.
Channel = Annotated[str, NamingText("name"), StringConstraints(min_length=1, max_length=64)]
Procedure = Annotated[str, NamingText("code"), StringConstraints(min_length=1, max_length=128)]


class Reason(Data):
    """Data of entries that may carry a reason code (never free text)."""

    reason: ReasonCode | None = None


class RouteStep(Data):
    """A step of the route as the source knows it at acceptance."""

    step: Name
    unit: Unit
    budget: Budget | None = None


class Submitted(Data):
    """Mới đăng ký: what was handed in, where, by which channel."""

    procedure: Procedure | None = None
    channel: Channel
    unit: Unit


class Accepted(Submitted):
    """Được tiếp nhận: the receipt with its promised return date."""

    receiving_unit: Unit | None = None
    promised_due: DueText | None = None
    statutory_due: DueText | None = None
    route: list[RouteStep] | None = None


class SupplementReceived(Data):
    """The citizen completed the dossier; the receipt may give a new promised date."""

    promised_due: DueText | None = None


class FeeRequested(Data):
    """Yêu cầu thực hiện nghĩa vụ tài chính."""

    amount: Money | None = None


class FeePaid(Data):
    """A payment: outside the portals, by the national or the provincial gateway."""

    channel: Literal["none", "national", "provincial"]
    amount: Money | None = None


class Extended(Data):
    """Gia hạn: a new date and its reason."""

    promised_due: DueText
    reason: ReasonCode


class Apologised(Data):
    """Thư xin lỗi: the form and the new date it names."""

    form: ReasonCode | None = None
    promised_due: DueText | None = None


class Resolved(Data):
    """Đã xử lý xong: whether the result is a document and whether an e-result exists."""

    result_document: bool | None = None
    e_result: bool | None = None


class Returned(Data):
    """Đã trả kết quả: the result was handed to the citizen."""


class HandedOver(Data):
    """The dossier passes to another accountable unit."""

    unit: Unit


class StepDone(Data):
    """A step and the unit that did it, as reported."""

    step: Name
    unit: Unit | None = None


class StepGiven(Data):
    """A step given to a unit with its budget in working minutes."""

    step: Name
    unit: Unit
    budget: Budget | None = None


class SentBack(StepDone):
    """A step sent back, to be done again: `to` names the earlier step, absent it is the step before in the route."""

    to: Name | None = None
    reason: ReasonCode | None = None


class DossierSubmitted(Envelope):
    """The applicant handed the dossier in."""

    type: Literal["dossier.submitted"]
    data: Submitted | None


class DossierAccepted(Envelope):
    """The one-stop counter accepted the dossier."""

    type: Literal["dossier.accepted"]
    data: Accepted | None


class DossierRefused(Envelope):
    """The dossier was not accepted, or refused later."""

    type: Literal["dossier.refused"]
    data: Reason | None


class DossierSupplementRequested(Envelope):
    """The citizen is asked to complete the dossier; the clock stops."""

    type: Literal["dossier.supplement_requested"]
    data: Reason | None


class DossierSupplementReceived(Envelope):
    """The citizen completed the dossier; the clock goes on."""

    type: Literal["dossier.supplement_received"]
    data: SupplementReceived | None


class DossierFeeRequested(Envelope):
    """A fee or tax duty was put to the citizen."""

    type: Literal["dossier.fee_requested"]
    data: FeeRequested | None


class DossierFeePaid(Envelope):
    """A fee or tax duty was paid."""

    type: Literal["dossier.fee_paid"]
    data: FeePaid | None


class DossierExtended(Envelope):
    """The due date was extended."""

    type: Literal["dossier.extended"]
    data: Extended | None


class DossierApologised(Envelope):
    """A written apology was sent."""

    type: Literal["dossier.apologised"]
    data: Apologised | None


class DossierWithdrawn(Envelope):
    """The citizen withdrew the dossier."""

    type: Literal["dossier.withdrawn"]
    data: Reason | None


class DossierStopped(Envelope):
    """Handling was stopped."""

    type: Literal["dossier.stopped"]
    data: Reason | None


class DossierResolved(Envelope):
    """Handling is done."""

    type: Literal["dossier.resolved"]
    data: Resolved | None


class DossierReturned(Envelope):
    """The result was handed to the citizen."""

    type: Literal["dossier.returned"]
    data: Returned | None


class DossierReopened(Envelope):
    """The dossier was opened again; ends before it are annulled."""

    type: Literal["dossier.reopened"]
    data: Reason | None


class DossierHandedOver(Envelope):
    """Another unit is accountable from now on."""

    type: Literal["dossier.handed_over"]
    data: HandedOver | None


class StepAssigned(Envelope):
    """A step was given to a unit."""

    type: Literal["step.assigned"]
    data: StepGiven | None


class StepCompleted(Envelope):
    """A step was done."""

    type: Literal["step.completed"]
    data: StepDone | None


class StepSentBack(Envelope):
    """A step was sent back."""

    type: Literal["step.sent_back"]
    data: SentBack | None
