"""Settings of metrics. Knows names, units and limits of what can be set; nothing of what is done with it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from pydantic import Field

from shared.settings import ServiceSettings

__all__ = ["MetricsSettings"]


class MetricsSettings(ServiceSettings):
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
