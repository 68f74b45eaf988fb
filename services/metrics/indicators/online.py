"""Group 3 of index 766: services online (dịch vụ trực tuyến). Pure."""

from __future__ import annotations

from typing import Final

from services.metrics.indicators import predicates
from services.metrics.indicators.declaration import Indicator, Score, Where
from shared.messages.base import Text

__all__ = ["INDICATORS"]

INDICATORS: Final = (
    Indicator(
        "3.3",
        Text("nộp trực tuyến", "submitted online"),
        Where(predicates.accepted_online),
        Where(predicates.received),
        Score(6, 50, "zero", "zero"),
        "766/QĐ-TTg, group 3",
    ),
)
