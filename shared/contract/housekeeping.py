"""Records beside journal and lifecycle: dead letters, the pointer to the live epoch, an exported journal line."""

from __future__ import annotations

import base64
import hashlib
from datetime import datetime
from typing import Any, Final, Self

from pydantic import BaseModel, ConfigDict, Field

from shared.instants import to_datetime

__all__ = ["BEGINNING", "LARGEST_WHOLE", "MOST_POINTERS", "DeadLetter", "ExportedEntry", "LiveEpoch"]

#: Bytes of a value that a letter holds whole: more than any entry has. Of a larger one it holds the beginning.
LARGEST_WHOLE: Final = 1_048_576
BEGINNING: Final = 65_536
#: Of a key and of what is wrong: far more than anybody writes who is understood.
_LONGEST_KEY: Final = 65_536
_LONGEST_DETAIL: Final = 2_000

#: Above the number of every true record of the pointer.
MOST_POINTERS: Final = 2**53


class DeadLetter(BaseModel):
    """A record that could not be understood: its bytes, its position, and why. Replayable, unless it was cut.

    Of a record larger than every entry, and perhaps larger than this topic takes, the beginning is kept, with its size
    and digest: whoever has the record elsewhere knows it again.
    """

    model_config = ConfigDict(extra="ignore")

    service: str
    topic: str
    partition: int
    offset: int
    reason: str = Field(description="a code such as not_json, unknown_type, wrong_partition, too_many_entries")
    detail: str
    key: str | None = Field(default=None, description="Base64 of the record's key")
    value: str | None = Field(default=None, description="Base64 of the record's value; of a cut one its beginning")
    size: int | None = Field(default=None, ge=0, description="bytes of the value, where it was cut")
    sha256: str | None = Field(
        default=None, pattern="^[0-9a-f]{64}$", description="of the whole value, where it was cut; else absent"
    )
    seen_at: datetime

    @classmethod
    def of(cls, record: Any, *, service: str, reason: str, detail: str, seen_at: int) -> Self:
        """The letter about a consumed record, seen at an instant in UTC microseconds."""
        value: bytes | None = record.value
        cut = value is not None and len(value) > LARGEST_WHOLE
        return cls(
            service=service,
            topic=record.topic,
            partition=record.partition,
            offset=record.offset,
            reason=reason,
            detail=detail[:_LONGEST_DETAIL],
            key=_base64(None if record.key is None else record.key[:_LONGEST_KEY]),
            value=_base64(value[:BEGINNING] if value is not None and cut else value),
            size=len(value) if value is not None and cut else None,
            sha256=hashlib.sha256(value).hexdigest() if value is not None and cut else None,
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
