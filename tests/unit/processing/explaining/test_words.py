"""Instants and working times as people read them: to the minute, and with what decides where minutes do not."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest

from motcua.cli.asking import local_text
from services.processing.explaining.words import amount, moment
from shared.calendar import vn_public
from shared.instants import HOUR, MINUTE, SECOND, parse_instant, timespec_beside, to_rfc3339

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
CALENDAR = vn_public(ZONE)
FIVE = parse_instant("2026-03-02T17:00:00+07:00")


@pytest.mark.parametrize(
    ("instant", "beside", "vi", "en"),
    [
        (FIVE, None, "17:00 Thứ Hai", "2026-03-02 17:00"),
        (FIVE, FIVE, "17:00 Thứ Hai", "2026-03-02 17:00"),
        (FIVE + 61 * SECOND, FIVE, "17:01 Thứ Hai", "2026-03-02 17:01"),
        (FIVE + 7 * SECOND, FIVE, "17:00:07 Thứ Hai", "2026-03-02 17:00:07"),
        (FIVE, FIVE + 59 * SECOND, "17:00:00 Thứ Hai", "2026-03-02 17:00:00"),
        (FIVE + 250, FIVE, "17:00:00.000250 Thứ Hai", "2026-03-02 17:00:00.000250"),
        (FIVE - 1, FIVE, "16:59 Thứ Hai", "2026-03-02 16:59"),
    ],
)
def test_a_moment_has_what_tells_it_from_the_other(instant: int, beside: int | None, vi: str, en: str) -> None:
    told = moment(CALENDAR, instant, beside)
    assert vi in told.vi
    assert told.en.endswith(en)


@pytest.mark.parametrize(
    ("working", "vi", "en"),
    [
        (4 * HOUR, "4 giờ", "4 h"),
        (4 * HOUR + 3 * SECOND, "4 giờ 3 giây", "4 h 3 s"),
        (3 * SECOND, "3 giây", "3 s"),
        (5 * MINUTE + 500_000, "5 phút 0,500000 giây", "5 min 0.500000 s"),
        (0, "0 phút", "0 min"),
    ],
)
def test_working_time_can_be_told_exactly(working: int, vi: str, en: str) -> None:
    told = amount(working, exact=True)
    assert (told.vi, told.en) == (vi, en)
    assert "giây" not in amount(working).vi


def test_screens_show_seconds_where_they_decide() -> None:
    due, end = to_rfc3339(FIVE), to_rfc3339(FIVE + 20 * SECOND)
    assert "17:00:00" in local_text(due, ZONE, [due, end, None])
    assert "17:00:20" in local_text(end, ZONE, [due, end])
    assert ":20" not in local_text(end, ZONE)
    assert timespec_beside(FIVE, [None, FIVE + HOUR, FIVE + 3]) == "microseconds"
