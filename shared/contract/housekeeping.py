"""Records beside journal and lifecycle: dead letters, the pointer to the live epoch, an exported journal line."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

__all__ = ["DeadLetter", "ExportedEntry", "LiveEpoch"]


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


class LiveEpoch(BaseModel):
    """Value of the record with key `live` on the epoch topic: which derivation readers follow."""

    model_config = ConfigDict(extra="ignore")

    epoch: int = Field(ge=1)


class ExportedEntry(BaseModel):
    """One line of a journal export."""

    partition: int
    offset: int
    entry: dict[str, Any]
