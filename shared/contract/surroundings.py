"""Entries about a dossier's surroundings: quality of its papers, and the national portal's view of it.

And figures from outside, such as of a survey, which somebody enters.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import AwareDatetime, Field, model_validator

from shared.contract.calendar_data import Document
from shared.contract.envelope import Code, Data, DueText, Envelope, ReasonCode, Unit
from shared.contract.reference import DecimalText

__all__ = [
    "Indicator",
    "IndicatorEntered",
    "PortalAcknowledged",
    "PortalRejected",
    "PortalSent",
    "PortalSnapshot",
    "QualityComponentsRecorded",
    "QualityIdentityVerified",
    "QualityPersonalStorePushed",
    "QualityRated",
]

Count = Annotated[int, Field(ge=0, le=10_000)]
#: What an entered share counts at most: every reader of JSON knows such a number exactly.
MOST_COUNTED = 2**53 - 1


class Components(Data):
    """Counts of a dossier's components (thành phần hồ sơ)."""

    total: Count
    digitised: Count = 0
    reused: Count = 0
    personal_store: Count = 0


class Identity(Data):
    """How the applicant's identity was verified."""

    by: Literal["vneid", "population"]


class Nothing(Data):
    """Data of entries that only say that something happened: an empty object."""


class Rating(Data):
    """A like or dislike, a score, or both."""

    verdict: Literal["like", "dislike"] | None = None
    score: Annotated[int, Field(ge=0, le=100)] | None = None

    @model_validator(mode="after")
    def _says_something(self) -> Rating:
        if self.verdict is None and self.score is None:
            raise ValueError("give verdict (like, dislike) or score (0-100)")
        return self


class PortalReply(Data):
    """The portal's error code for a synchronised dossier."""

    error_code: ReasonCode


class Snapshot(Data):
    """The portal's own view of a dossier: national status code 1-10, due and end."""

    status: Annotated[int, Field(ge=1, le=10)]
    due: DueText | None = None
    end: AwareDatetime | None = None


class QualityComponentsRecorded(Envelope):
    """The dossier's components were counted."""

    type: Literal["quality.components_recorded"]
    data: Components | None


class QualityIdentityVerified(Envelope):
    """The applicant's identity was verified."""

    type: Literal["quality.identity_verified"]
    data: Identity | None


class QualityPersonalStorePushed(Envelope):
    """The result was pushed to the citizen's personal store."""

    type: Literal["quality.personal_store_pushed"]
    data: Nothing | None


class QualityRated(Envelope):
    """The citizen rated the handling."""

    type: Literal["quality.rated"]
    data: Rating | None


class PortalSent(Envelope):
    """The dossier was sent to the national portal."""

    type: Literal["portal.sent"]
    data: Nothing | None


class PortalAcknowledged(Envelope):
    """The national portal took the dossier."""

    type: Literal["portal.acknowledged"]
    data: Nothing | None


class PortalRejected(Envelope):
    """The national portal rejected the dossier."""

    type: Literal["portal.rejected"]
    data: PortalReply | None


class PortalSnapshot(Envelope):
    """The portal's own view of the dossier."""

    type: Literal["portal.snapshot"]
    data: Snapshot | None


class Indicator(Data):
    """A count, score or share from outside, of one unit and period: `value`, or `numerator` and `denominator`.

    Several entries may say the same figure of the same unit and days: the last in the order of entries holds.
    """

    indicator: Code
    unit: Unit
    first_day: date
    last_day: date = Field(description="inclusive")
    value: DecimalText | None = Field(default=None, description="a score or count")
    numerator: Annotated[int, Field(ge=0, le=MOST_COUNTED)] | None = Field(
        default=None, description="of a share: at most the denominator"
    )
    denominator: Annotated[int, Field(ge=0, le=MOST_COUNTED)] | None = None
    document: Document | None = Field(default=None, description="where the figure was published")


class IndicatorEntered(Envelope):
    """A figure from outside was entered; the subject is the sender's own, and decides the partition."""

    type: Literal["indicator.entered"]
    data: Indicator | None
