"""A dossier late without working time after its due has a delay of zero, and is in the list of delays."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest

from motcua.exporting.dossiers import Facts
from motcua.exporting.judged import delay_of
from motcua.exporting.tables import FACT_TABLES

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
LATE = {
    "unit": "H44.03",
    "accepted_at": "2026-08-03T01:00:00Z",
    "due": "2026-08-14T10:00:00Z",
    "judged_at": "2026-08-15T03:00:00Z",
    "finished_at": "2026-08-15T03:00:00Z",
}


@pytest.mark.parametrize(
    ("row", "delay"),
    [
        (LATE, 0),
        (LATE | {"due": None, "limit": "2026-08-14T10:00:00Z"}, 0),
        (LATE | {"blame": [{"unit": "H44.03", "delay_us": 7}, {"delay_us": 5}]}, 12),
        (LATE | {"judged_at": "2026-08-14T10:00:00Z"}, None),
        (LATE | {"judged_at": None, "finished_at": None}, None),
        (LATE | {"due": None}, None),
    ],
)
def test_delay(row: dict[str, object], delay: int | None) -> None:
    assert delay_of(row) == delay
    listed = list(FACT_TABLES["blame"].rows("a", 0, Facts(row, 3, 1), ZONE))
    assert sum(one[-1] for one in listed) == (delay or 0)
    assert bool(listed) == (delay is not None)
