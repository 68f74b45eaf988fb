"""Report II.06a/VPCP/KSTT: receipt and handling of dossiers, by field. Source: docs/rules.md, Figures. Pure."""

from __future__ import annotations

from typing import Final

from services.metrics.indicators import predicates
from services.metrics.reports.declaration import Column, Report
from shared.messages.base import Text

__all__ = ["II06A"]

II06A: Final = Report(
    "II.06a/VPCP/KSTT",
    Text(
        "Tình hình, kết quả giải quyết thủ tục hành chính",
        "Receipt and handling of dossiers of administrative procedures",
    ),
    (
        Column(3, Text("tổng số", "in all"), predicates.scope),
        Column(4, Text("tiếp nhận trực tuyến", "received online"), predicates.accepted_online),
        Column(5, Text("trực tiếp, dịch vụ bưu chính", "directly, by post"), predicates.accepted_otherwise),
        Column(6, Text("từ kỳ trước", "carried over"), predicates.carried_over),
        Column(7, Text("đã giải quyết", "resolved"), predicates.resolved),
        Column(8, Text("trước hạn", "early"), predicates.early, "date"),
        Column(9, Text("đúng hạn", "on the day"), predicates.same_day, "date"),
        Column(10, Text("quá hạn", "late"), predicates.late_by_date, "date"),
        Column(11, Text("đang giải quyết", "in process"), predicates.open_at_end),
        Column(12, Text("trong hạn", "within term"), predicates.open_not_overdue, "instant"),
        Column(13, Text("quá hạn", "overdue"), predicates.overdue, "instant"),
    ),
    by="field",
)
