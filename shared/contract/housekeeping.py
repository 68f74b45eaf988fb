"""Records beside journal and lifecycle: dead letters, the pointer to the live epoch, an exported journal line."""

from __future__ import annotations

import base64
from datetime import datetime
from typing import Any, Final, Self

from pydantic import BaseModel, ConfigDict, Field

from shared.instants import to_datetime

__all__ = ["MOST_POINTERS", "DeadLetter", "ExportedEntry", "LiveEpoch"]

#: Above the number of every true record of the pointer.
MOST_POINTERS: Final = 2**53


class DeadLetter(BaseModel):
    """A record that could not be understood: its bytes, its position, and why. Replayable."""

    model_config = ConfigDict(extra="ignore")

    service: str
    topic: str
    partition: int
    offset: int
    reason: str = Field(description="a code such as not_json, unknown_type, wrong_partition, too_many_entries")
    detail: str
    key: str | None = Field(default=None, description="Base64 of the record's key")
    value: str | None = Field(default=None, description="Base64 of the record's value")
    seen_at: datetime

    @classmethod
    def of(cls, record: Any, *, service: str, reason: str, detail: str, seen_at: int) -> Self:
        """The letter about a consumed record, seen at an instant in UTC microseconds."""
        return cls(
            service=service,
            topic=record.topic,
            partition=record.partition,
            offset=record.offset,
            reason=reason,
            detail=detail,
            key=_base64(record.key),
            value=_base64(record.value),
            seen_at=to_datetime(seen_at),
        )

    def record_key(self) -> bytes:
        """Key on the dead-letter topic: the position of what could not be understood, the same for every copy."""
        return f"{self.topic}:{self.partition}:{self.offset}".encode()


def _base64(content: bytes | None) -> str | None:
    return None if content is None else base64.b64encode(content).decode("ascii")


class LiveEpoch(BaseModel):
    """Value of a record with key `live` on the epoch topic: which derivation readers follow if its number holds."""

    model_config = ConfigDict(extra="ignore")

    epoch: int = Field(ge=1)
    generation: int | None = Field(
        default=None, ge=1, description="generation of the journal it derives; absent in records before there were any"
    )
    partitions: int | None = Field(default=None, ge=1, description="partitions of that generation")
    number: int | None = Field(
        default=None,
        ge=1,
        le=MOST_POINTERS,
        description="one above the highest written before; the record with the highest holds, of equal ones the first. "
        "Absent in records of before there was any: they hold only until one with a number comes",
    )


class ExportedEntry(BaseModel):
    """One line of a journal export."""

    partition: int
    offset: int
    entry: dict[str, Any]
