"""Settings of metrics. Knows names, units and limits of what can be set; nothing of what is done with it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from pydantic import Field

from shared.access.settings import AskingSettings

__all__ = ["MetricsSettings"]


class MetricsSettings(AskingSettings):
    """Where metrics reads and writes, how often, and how much it exports."""

    port: Annotated[int, Field(ge=1, le=65535, description="port of the HTTP server")] = 8803
    image_dir: Annotated[
        Path | None,
        Field(description="directory of this replica's table images; unset: none, every restart reads the whole topic"),
    ] = None
    image_seconds: Annotated[float, Field(gt=0, description="seconds after which a changed table is written")] = 60.0
    image_changes: Annotated[int, Field(ge=1, description="changes after which the table is written")] = 200_000
    evaluate_seconds: Annotated[
        float, Field(ge=0.05, le=3600, description="shortest time between two evaluations of the current figures")
    ] = 1.0
    exported_units: Annotated[
        int,
        Field(ge=0, le=10_000, description="units whose figures Prometheus gets; the first by code, others counted"),
    ] = 200
    questions_at_once: Annotated[
        int, Field(ge=1, le=64, description="large questions answered at a time; small ones have places of their own")
    ] = 2
    questions_waiting: Annotated[
        int, Field(ge=0, le=10_000, description="questions that may wait for their turn; one more gets a 503")
    ] = 100
    question_wait_seconds: Annotated[
        float, Field(gt=0, le=600, description="longest wait of a question for its turn, then it gets a 503")
    ] = 20.0
