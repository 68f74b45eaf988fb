"""Counts of what is owed to applicants: apologies (form 04), and an answer to what they submit. Pure."""

from __future__ import annotations

from typing import Final

from services.metrics.indicators import duties
from services.metrics.indicators.declaration import Count, Share
from shared.messages.base import Text

__all__ = ["COUNTS", "SHARES"]

COUNTS: Final = (
    Count(
        "apology_due",
        Text("phải xin lỗi", "apology owed"),
        "ended after the due instant, or open and overdue at T",
        duties.apology_due,
        "instant",
    ),
    Count(
        "apologised",
        Text("đã xin lỗi", "apologised"),
        "of these: with an apology (form 04) sent by T",
        duties.apologised,
        "instant",
    ),
    Count(
        "without_apology",
        Text("chưa xin lỗi", "without apology"),
        "of these: without one",
        duties.without_apology,
        "instant",
    ),
    Count(
        "intake_submitted",
        Text("nộp phải tiếp nhận theo giờ", "submitted under the intake clock"),
        "submitted in the period under the intake clock",
        duties.intake_submitted,
    ),
    Count(
        "intake_in_time",
        Text("tiếp nhận đúng hạn", "answered in time"),
        "of these: answered by the intake due",
        duties.intake_in_time,
        "instant",
    ),
    Count(
        "intake_overdue",
        Text("tiếp nhận quá hạn", "answered late, or not yet"),
        "of these: answered late, or unanswered and past it at T",
        duties.intake_overdue,
        "instant",
    ),
    Count(
        "intake_open",
        Text("chờ tiếp nhận, còn hạn", "to be answered, within time"),
        "of these: unanswered, not past it at T",
        duties.intake_open,
        "instant",
        beside=False,
    ),
)

SHARES: Final = (
    Share(
        "apology_coverage",
        Text("tỷ lệ đã xin lỗi", "apology coverage"),
        duties.apologised,
        duties.apology_due,
        "instant",
        "instant",
    ),
    Share(
        "intake_in_time",
        Text("tỷ lệ tiếp nhận đúng hạn", "share answered in time"),
        duties.intake_in_time,
        duties.intake_judged,
        "instant",
        "instant",
    ),
)
