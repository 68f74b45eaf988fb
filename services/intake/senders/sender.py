"""Senders as they are asked for, stored and named in files: sources, units, roles. Asks no database."""

from __future__ import annotations

from typing import Annotated, Final

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, TypeAdapter

from shared.access.bearer import Bearer
from shared.access.rights import ROLES, Right, Role, rights_of
from shared.contract.normal_form import fault_of
from shared.problems.problem import Problem, from_field_errors
from shared.texts.normal_form import normal_form

__all__ = [
    "KEYS_FILE",
    "AgencyRequest",
    "OwnRates",
    "Pattern",
    "Patterns",
    "SenderRecord",
    "SenderRequest",
    "bearer_of",
    "check_signs",
]

#: Who has one of these speaks for sources.
_SENDING: Final[frozenset[Right]] = frozenset({"send", "reference", "clock"})


def _check_pattern(pattern: str) -> str:
    if "*" in pattern[:-1]:
        raise ValueError("an asterisk may only stand at the end")
    return pattern


def _check_name(name: str) -> str:
    if name == "me":
        raise ValueError("the name me stands for whoever asks; choose another")
    return name


SenderName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._-]{1,128}$"), AfterValidator(_check_name)]
Pattern = Annotated[
    str,
    StringConstraints(min_length=1, max_length=256, pattern=r"^[^\x00-\x1f]+$"),
    AfterValidator(_check_pattern),
    Field(description='a code, a beginning with "*" at its end, or "*"'),
]
Patterns = Annotated[list[Pattern], Field(max_length=1000)]
#: Patterns of units stand in the form units are kept in, also those stored before there was one.
UnitPatterns = Annotated[list[Annotated[Pattern, AfterValidator(normal_form)]], Field(max_length=1000)]


class OwnRates(BaseModel):
    """What a sender may send a second, where that is not what the stack's settings say; 0 is no limit."""

    entries_per_second: Annotated[
        int | None, Field(ge=0, description="entries a second; 0 is no limit, unset MOTCUA_RATE_ENTRIES")
    ] = None
    bytes_per_second: Annotated[
        int | None, Field(ge=0, description="bytes a second; 0 is no limit, unset MOTCUA_RATE_BYTES")
    ] = None


class SenderRequest(OwnRates):
    """A sender to be made: its name, stamped on its entries, and what its key allows."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "sender": "one-stop-q1",
                    "sources": ["hcm/one-stop-q1"],
                    "units": ["hcm.q1"],
                    "roles": ["sender"],
                }
            ]
        },
    )

    sender: SenderName
    sources: Annotated[
        Patterns, Field(default_factory=list, description="sources it may speak for; whoever sends needs one")
    ]
    units: Annotated[
        UnitPatterns,
        Field(
            default_factory=list,
            description="units it may name and, with the right to read, see; a unit covers all below it by dotted code;"
            " at most 32, those left out that another covers",
        ),
    ]
    roles: Annotated[list[Role], Field(min_length=1, max_length=len(ROLES), description="names for what it may do")]


class AgencyRequest(OwnRates):
    """A unit with software of its own, to be given a key; its outbox may say what its key may."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"unit": "hcm.q1"}]})

    unit: Annotated[
        str,
        StringConstraints(pattern=r"^[A-Za-z0-9._-]{1,121}$"),
        Field(description="code of the unit; it becomes part of the names of topics"),
    ]
    sources: Annotated[
        Patterns, Field(default_factory=list, description="sources it may speak for; agency/<unit> and below if none")
    ]
    units: Annotated[
        UnitPatterns, Field(default_factory=list, description="units it may name; its own and those below if none")
    ]

    @property
    def sender(self) -> SenderRequest:
        """The sender the agency is: `agency-<unit>`."""
        return SenderRequest(
            sender=f"agency-{self.unit}",
            sources=self.sources or [f"agency/{self.unit}", f"agency/{self.unit}/*"],
            units=self.units or [self.unit],
            roles=["agency"],
            entries_per_second=self.entries_per_second,
            bytes_per_second=self.bytes_per_second,
        )


def check_signs(wanted: SenderRequest | AgencyRequest) -> None:
    """Refuse patterns with signs that no entry may hold, and who sends but for no source.

    Records stored before are read all the same.

    Raises:
        Problem: 422 naming the sign and where it stands, or the sources.
    """
    if isinstance(wanted, SenderRequest) and not wanted.sources and rights_of(frozenset(wanted.roles)) & _SENDING:
        raise Problem(422, "missing_field", field="sources")
    found = [
        fault_of(pattern, "name", f"{field}[{place}]")
        for field, patterns in (("sources", wanted.sources), ("units", wanted.units))
        for place, pattern in enumerate(patterns)
    ]
    faults = [fault for fault in found if fault is not None]
    if faults:
        raise from_field_errors(422, faults)


class SenderRecord(SenderRequest):
    """A sender as it is stored and as MOTCUA_KEYS_FILE names it: with the hash of its key, never the key.

    `agency` is the unit whose outbox it may use too; what is `disabled` may send nothing by either way.
    """

    hash: Annotated[str, StringConstraints(pattern=r"^sha256:[0-9a-f]{64}$")]
    agency: str | None = None
    disabled: bool = False


KEYS_FILE: Final[TypeAdapter[list[SenderRecord]]] = TypeAdapter(list[SenderRecord])


def bearer_of(record: SenderRecord) -> Bearer:
    """What the bearer of a stored sender's key may do."""
    return Bearer(
        record.sender,
        tuple(record.sources),
        tuple(record.units),
        frozenset(record.roles),
        record.disabled,
        record.entries_per_second,
        record.bytes_per_second,
    )
