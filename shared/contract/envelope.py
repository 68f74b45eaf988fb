"""The CloudEvents 1.0 envelope of every journal entry, and the field types shared by the entry data."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from shared.instants import FIRST_YEAR, LAST_YEAR, check_instant, check_year

__all__ = [
    "FIRST_YEAR",
    "LAST_YEAR",
    "LONGEST_GRANT",
    "Budget",
    "Code",
    "Data",
    "DueText",
    "Envelope",
    "Money",
    "Name",
    "NamingText",
    "ReasonCode",
    "TextKind",
    "Unit",
    "check_year",
    "parse_due_text",
]

#: Signs of a grant: 32 patterns of 256 signs, each of which JSON may write with six.
LONGEST_GRANT: Final = 65_536


def parse_due_text(text: str) -> date | datetime:
    """A promised date as reported: a date (closing time of that day is meant) or an instant with offset.

    Raises:
        ValueError: neither form.
    """
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
        day = date.fromisoformat(text)
        check_year(day.year)
        return day
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("a time of day needs an offset, such as 2026-08-25T17:00:00+07:00")
    check_year(moment.year)
    return moment


def _check_due(text: str) -> str:
    parse_due_text(text)
    return text


def _check_time(moment: datetime) -> datetime:
    check_instant(moment)
    return moment


#: What a text is for the doors: a `code` that is asked for, a `name` of anything else, both brought to normal form; or
#: kept `as_sent`, since a change would make it another identity.
TextKind = Literal["code", "name", "as_sent"]


@dataclass(frozen=True, slots=True)
class NamingText:
    """Declares that a text names something, so that doors keep it in one form (shared.contract.normal_form).

    Models take what doors took at any time: they bring nothing to another form and refuse no sign.
    """

    kind: TextKind


Code = Annotated[str, NamingText("code"), StringConstraints(min_length=1, max_length=128, pattern=r"^[^\x00-\x1f]+$")]
Unit = Annotated[str, NamingText("code"), StringConstraints(min_length=1, max_length=128, pattern=r"^[^\x00-\x1f]+$")]
Name = Annotated[str, NamingText("name"), StringConstraints(min_length=1, max_length=256)]
#: Part of an entry's identity.
IdentityText = Annotated[str, NamingText("as_sent"), StringConstraints(min_length=1, max_length=256)]
ReasonCode = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_.-]{1,64}$")]
Budget = Annotated[int, Field(ge=0, description="working minutes")]
Money = Annotated[int, Field(ge=0, description="VND")]
DueText = Annotated[
    str, AfterValidator(_check_due), Field(description="date (closing time is meant) or instant with offset")
]


class Data(BaseModel):
    """Base of entry data: unknown members are refused, so that no personal data slips in unseen."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Envelope(BaseModel):
    """CloudEvents 1.0 attributes and the extensions of the journal.

    `data: null` withdraws the entry of this identity; absent data is malformed. `recordedtime`, `sender` and `grant`
    are stamped by intake and overwritten when a sender sets them. Codes and names stand in Unicode NFC with single
    blanks and without signs that nobody sees, as intake keeps them; only entries taken before it did may be otherwise.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    specversion: Literal["1.0"]
    id: IdentityText
    source: IdentityText
    subject: Code = Field(
        description="what it is about, mostly a dossier's code; kept in Unicode NFC with single blanks, like every code"
        " and name"
    )
    time: Annotated[AwareDatetime, AfterValidator(_check_time)]
    datacontenttype: Literal["application/json"] | None = None
    dataschema: Annotated[str, NamingText("as_sent"), StringConstraints(max_length=512)] | None = None
    recordedtime: AwareDatetime | None = None
    # Whatever a sender writes here is overwritten, so no door looks at it.
    sender: Annotated[str, StringConstraints(min_length=1, max_length=256)] | None = None
    grant: Annotated[str, StringConstraints(min_length=2, max_length=LONGEST_GRANT)] | None = Field(
        default=None,
        description="units the sender's key covers, as the text of a JSON list of patterns; absent on entries taken"
        " before there were grants, which count as all units, on clock and reference entries, and on entered figures",
    )
    revision: Annotated[int, Field(ge=0, le=2**31 - 1)] = 0
    sequence: Annotated[int, Field(ge=-(2**31), le=2**31 - 1)] = 0
    simulated: bool | None = None
