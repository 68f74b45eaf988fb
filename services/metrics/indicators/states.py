"""States a list of dossiers can be asked for, at T = the clock. Pure."""

from __future__ import annotations

from typing import Final

from services.metrics.indicators import duties, predicates
from services.metrics.indicators.declaration import State
from shared.messages.base import Text

__all__ = ["STATES"]

STATES: Final = (
    State("open", Text("đang xử lý", "in process"), predicates.open_at_end),
    State("overdue", Text("quá hạn", "overdue"), predicates.overdue, "instant"),
    State("due-soon", Text("sắp đến hạn", "due soon"), predicates.due_soon, "instant"),
    State("waiting", Text("chờ bổ sung", "waiting for a supplement"), predicates.waiting),
    State("finding", Text("có điểm bất thường", "with findings"), predicates.finding),
    State(
        "overdue-without-apology",
        Text("quá hạn chưa xin lỗi", "overdue without apology"),
        duties.overdue_without_apology,
        "instant",
    ),
    State(
        "intake-overdue",
        Text("quá hạn tiếp nhận", "to be answered, past the time"),
        duties.intake_overdue_now,
        "instant",
    ),
)
