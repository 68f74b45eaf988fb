"""The product's working-time arithmetic against days walked one by one."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from shared.calendar import vn_public
from tests.oracle.reference.worktime import (
    add_working_time,
    closing_time,
    is_working_day,
    working_day_before,
    working_time,
)
from tests.unit.oracle.depth import examples

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICRO = timedelta(microseconds=1)

instants = st.datetimes(datetime(2025, 11, 1), datetime(2027, 3, 31), timezones=st.just(UTC)).flatmap(  # noqa: DTZ001
    lambda moment: st.sampled_from(
        [
            moment,
            moment.replace(hour=0, minute=30, second=0, microsecond=0),  # 07:30 local
            moment.replace(hour=4, minute=30, second=0, microsecond=0),  # 11:30
            moment.replace(hour=6, minute=0, second=0, microsecond=0),  # 13:00
            moment.replace(hour=10, minute=0, second=0, microsecond=0),  # 17:00
        ]
    )
)
days = st.dates(date(2024, 1, 1), date(2027, 12, 31))


def micros(moment: datetime) -> int:
    return (moment - EPOCH) // MICRO


@examples(200)
@given(days)
def test_days(day: date) -> None:
    calendar = vn_public(ZONE)
    assert calendar.is_working_day(day) == is_working_day(day)
    assert calendar.previous_working_day(day) == working_day_before(day, 1)
    assert calendar.due_instant(day.isoformat()) == micros(closing_time(day, ZONE))


@examples(200)
@given(instants, instants)
def test_working_time_between(one: datetime, other: datetime) -> None:
    start, end = sorted((one, other))
    assert vn_public(ZONE).working_between(micros(start), micros(end)) == working_time(start, end, ZONE) // MICRO


@examples(200)
@given(instants, st.one_of(st.integers(0, 200).map(lambda n: timedelta(minutes=30 * n)), st.timedeltas(0 * MICRO)))
def test_adding_working_time(start: datetime, amount: timedelta) -> None:
    amount = min(amount, timedelta(hours=200))
    found = vn_public(ZONE).add_working(micros(start), amount // MICRO)
    assert found == micros(add_working_time(start, amount, ZONE))
