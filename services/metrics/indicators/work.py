"""Counts and measures of the steps of dossiers, by who owned them. Pure."""

from __future__ import annotations

from typing import Final

from services.metrics.indicators import held_steps
from services.metrics.indicators.declaration import Count, Measure
from shared.messages.base import Text

__all__ = ["COUNTS", "MEASURES"]

_STEPS: Final = "steps"

COUNTS: Final = (
    Count("ended", Text("đã xong", "ended"), "ended in the period, however", held_steps.ended, population=_STEPS),
    Count(
        "with_budget",
        Text("có định mức", "with budget"),
        "of these: had a budget",
        held_steps.with_budget,
        population=_STEPS,
    ),
    Count(
        "over_budget",
        Text("quá định mức", "over budget"),
        "of those ended: held longer than the budget",
        held_steps.over_budget,
        "budget",
        _STEPS,
    ),
    Count(
        "over_on_time",
        Text("quá định mức, hồ sơ đúng hạn", "over, dossier on time"),
        "of those over budget: the dossier ended on time all the same",
        held_steps.over_on_time,
        "budget",
        _STEPS,
    ),
    Count(
        "under_way",
        Text("đang giữ", "under way"),
        "begun before the period's end and not ended before it",
        held_steps.under_way,
        population=_STEPS,
    ),
    Count(
        "over_now",
        Text("đang quá", "over now"),
        "of those under way: the budget was used up before T",
        held_steps.over_now,
        "budget",
        _STEPS,
    ),
)

MEASURES: Final = (
    Measure("over_share", Text("% quá", "% over"), _STEPS),
    Measure("over_us", Text("thời gian quá", "time over"), _STEPS),
    Measure("median_us", Text("trung vị", "median"), _STEPS),
    Measure("p90_us", Text("p90", "p90"), _STEPS),
    Measure("over_so_far_us", Text("quá đến nay", "over so far"), _STEPS),
    Measure("total_over_us", Text("tổng quá", "over in all"), _STEPS),
)
