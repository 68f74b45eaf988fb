"""States a list of dossiers or petitions can be asked for, at T = the clock. Pure."""

from __future__ import annotations

from typing import Final

from services.metrics.indicators import duties, predicates
from services.metrics.indicators.declaration import State
from services.metrics.petitions import predicates as petitions
from shared.messages.base import Text

__all__ = ["STATES"]

_PETITIONS: Final = "petitions"

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
    State("open", Text("đang xử lý", "in process"), petitions.open_at_end, population=_PETITIONS),
    State(
        "waiting",
        Text("chờ người gửi bổ sung", "waiting for the petitioner"),
        petitions.waiting,
        population=_PETITIONS,
    ),
    State("overdue", Text("quá hạn", "overdue"), petitions.overdue, "instant", _PETITIONS),
    State("ended-late", Text("kết thúc quá hạn", "ended late"), petitions.ended_late, "instant", _PETITIONS),
    State(
        "bad",
        Text("quá hạn, gửi lại hoặc không hài lòng", "not in time, raised again or disliked"),
        petitions.bad,
        "instant",
        _PETITIONS,
    ),
)
