"""Entries about petitions (phản ánh, kiến nghị): the subject is the petition's own code."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from shared.contract.envelope import Code, Data, Envelope, ReasonCode, Unit

__all__ = [
    "Judgement",
    "Petition",
    "PetitionAnswered",
    "PetitionHandedOver",
    "PetitionJudged",
    "PetitionMoreAsked",
    "PetitionPublished",
    "PetitionReceived",
    "PetitionRefused",
    "PetitionSupplemented",
]


class Petition(Data):
    """What is told of a petition; its code is the subject."""

    petition: Code | None = Field(
        default=None,
        description="the petition's code, as the subject says it; until 2026-12-01 the subject could be a dossier's, "
        "and such entries are in no figure (`petition_old_form`)",
    )
    dossier: Code | None = Field(default=None, description="the dossier it is about, where it is about one")
    unit: Unit | None = Field(
        default=None, description="whose it is: of `received` who has it, of `handed_over` who gets it"
    )
    reason: ReasonCode | None = None


class Judgement(Petition):
    """What the petitioner thinks of the answer."""

    verdict: Literal["satisfied", "disliked", "raised_again"]


class PetitionReceived(Envelope):
    """A petition came in."""

    type: Literal["petition.received"]
    data: Petition | None


class PetitionMoreAsked(Envelope):
    """The petitioner was asked for more."""

    type: Literal["petition.more_asked"]
    data: Petition | None


class PetitionSupplemented(Envelope):
    """The petitioner answered what it was asked for."""

    type: Literal["petition.supplemented"]
    data: Petition | None


class PetitionHandedOver(Envelope):
    """The petition was handed over to another unit, whose terms begin anew."""

    type: Literal["petition.handed_over"]
    data: Petition | None


class PetitionRefused(Envelope):
    """The petition was refused."""

    type: Literal["petition.refused"]
    data: Petition | None


class PetitionAnswered(Envelope):
    """The petition was answered."""

    type: Literal["petition.answered"]
    data: Petition | None


class PetitionPublished(Envelope):
    """The answer was published."""

    type: Literal["petition.published"]
    data: Petition | None


class PetitionJudged(Envelope):
    """The petitioner judged the answer."""

    type: Literal["petition.judged"]
    data: Judgement | None
