"""Group 2 of index 766: progress of handling (tiến độ giải quyết). Pure."""

from __future__ import annotations

from typing import Final

from services.metrics.indicators import predicates
from services.metrics.indicators.declaration import Indicator, Score, Where
from shared.messages.base import Text

__all__ = ["INDICATORS"]

INDICATORS: Final = (
    Indicator(
        "2.1",
        Text("đúng hạn và trước hạn", "early or on time"),
        Where(predicates.on_time_or_within_term),
        Where(predicates.scope),
        Score(20, 100, "zero", "zero"),
        "766/QĐ-TTg, group 2",
        "instant",
    ),
)
