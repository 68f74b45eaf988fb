"""Counts of dossiers by how they were handled: report II.06a's and those of index 766 beside one another. Pure."""

from __future__ import annotations

from typing import Final

from services.metrics.indicators import duties, predicates
from services.metrics.indicators.declaration import Count, Share
from shared.messages.base import Text

__all__ = ["COUNTS", "SHARES"]

COUNTS: Final = (
    Count("received", Text("tiếp nhận", "received"), "accepted in the period", predicates.received),
    Count(
        "carried_over",
        Text("kỳ trước chuyển sang", "carried over"),
        "accepted before the period and open at its start",
        predicates.carried_over,
    ),
    Count(
        "scope",
        Text("tổng phải giải quyết", "scope"),
        "received + carried over: column 3 of report II.06a",
        predicates.scope,
    ),
    Count("resolved", Text("đã giải quyết", "resolved"), "finished in the period, by any end", predicates.resolved),
    Count("open", Text("đang xử lý", "in process"), "not finished before the period's end", predicates.open_at_end),
    Count(
        "open_within_term",
        Text("còn hạn", "within term"),
        "open, due at or after T or waiting, no second request",
        predicates.open_within_term,
        "instant",
    ),
    Count(
        "on_time_by_instant",
        Text("đúng hạn", "on time"),
        "of the resolved: judged at or before the due instant (766)",
        predicates.on_time_by_instant,
        "instant",
    ),
    Count(
        "early",
        Text("trước hạn", "early"),
        "column 8: resolved or returned before the due date",
        predicates.early,
        "date",
    ),
    Count(
        "same_day",
        Text("đúng hạn", "on the day"),
        "column 9: on the due date, without due, withdrawn, stopped, refused",
        predicates.same_day,
        "date",
    ),
    Count(
        "late_by_date",
        Text("quá hạn", "late"),
        "column 10: resolved or returned after the due date",
        predicates.late_by_date,
        "date",
    ),
    Count(
        "late_by_original_due",
        Text("quá hạn gốc", "late by the original due"),
        "judged after the due as it was without extension",
        predicates.late_by_original_due,
        "instant",
    ),
    Count(
        "on_time_by_date",
        Text("trước và đúng hạn", "early or on the day"),
        "columns 8 and 9: ended and not after the due date",
        predicates.on_time_by_date,
        "date",
    ),
    Count(
        "late_by_instant",
        Text("quá hạn", "late"),
        "judged after the due instant, else the limit",
        duties.late_by_instant,
        "instant",
    ),
    Count(
        "on_time_with_step_over",
        Text("đúng hạn nhưng có bước quá định mức", "on time though a step was over its budget"),
        "on time by instant though an ended step was over budget",
        duties.on_time_with_step_over,
        "instant",
        beside=False,
    ),
    Count(
        "late_within_budgets",
        Text("quá hạn dù mọi bước trong định mức", "late though every step kept its budget"),
        "late by instant though no ended step was over budget",
        duties.late_within_budgets,
        "instant",
        beside=False,
    ),
)

SHARES: Final = (
    Share(
        "on_time_by_instant",
        Text("tỷ lệ đúng hạn", "share on time"),
        predicates.on_time_by_instant,
        predicates.resolved,
        "instant",
    ),
    Share(
        "on_time_by_date",
        Text("tỷ lệ trước và đúng hạn", "share early or on the day"),
        predicates.on_time_by_date,
        predicates.resolved,
        "date",
    ),
)
