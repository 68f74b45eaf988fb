"""How a file is to be imported. Plain data: reads and checks nothing."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import httpx

from motcua.importing.client import Sleep
from shared.messages import Language

__all__ = ["ImportOptions"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportOptions:
    """How a file is imported.

    Args:
        file: CSV with a mapping, or NDJSON without one; plain or gzipped.
        mapping: the mapping file, None for NDJSON.
        intake_url, key: the door and the importer's key (with the role `clock` for `clock="data"`).
        home: the stack's folder; resume files and refused rows go to `imports` in it.
        clock: `data` sorts by time and lets the data's clock tick; `live` sends in the order of the file.
        until: with `clock="data"`: an instant, or a date (its midnight in `zone`); later entries are not sent.
        zone: the stack's, of day boundaries, and of times without offset where the mapping names none.
        refused: where refused rows go; by default beside the resume file.
        batch_size: entries per request, 1 to 5,000. in_flight: requests at once.
        language: of reasons. patience: seconds to wait for an intake that is away.
        from_start: forget where an interrupted import stopped.
        sort_memory: bytes, about, that sorting may take before it uses the disk.
        transport, sleep: replaced in tests.
    """

    file: Path
    intake_url: str
    key: str
    home: Path
    mapping: Path | None = None
    clock: Literal["live", "data"] = "live"
    until: str | None = None
    zone: str = "Asia/Ho_Chi_Minh"
    refused: Path | None = None
    batch_size: int = 1_000
    in_flight: int = 3
    language: Language = "en"
    patience: float = 300.0
    from_start: bool = False
    sort_memory: int = 96 * 1_048_576
    transport: httpx.AsyncBaseTransport | None = None
    sleep: Sleep = asyncio.sleep
