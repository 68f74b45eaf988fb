"""What the door takes the journal's readers take, at both ends of the years, in whatever zone an instant is told."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta, timezone

import orjson
import pytest

from services.intake.admission.admit import admit
from services.processing.record import read_entry
from shared.instants import FIRST_YEAR, LAST_YEAR, check_instant, from_datetime
from shared.problems.problem import Problem
from shared.reference.entry import ReferenceEntry
from tests.unit.intake.parts import REAL, entry, grant, unit

FIRST = datetime(FIRST_YEAR, 1, 1, tzinfo=UTC)
LAST = datetime(LAST_YEAR, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC)
LATER = from_datetime(LAST) + 86_400_000_000
#: Every quarter of an hour there is a zone for, and as far as a text can say.
OFFSETS = [timedelta(minutes=minutes) for minutes in (*range(-12 * 60, 14 * 60 + 1, 15), -1439, 1439)]


def told(moment: datetime) -> Iterator[str]:
    """An instant as each zone tells it, as far as its years have four digits."""
    for offset in OFFSETS:
        with suppress(OverflowError):
            yield moment.astimezone(timezone(offset)).isoformat()


def taken(sent: dict[str, object]) -> bool:
    """Whether the door takes it; what it takes is read by those who read the journal."""
    try:
        admitted = admit(orjson.dumps(sent), grant("sender", "reference"), REAL, LATER)
    except Problem as problem:
        assert (problem.code, problem.field) == ("out_of_range", "time")  # noqa: PT017 (both outcomes are right)
        return False
    read = ReferenceEntry.of(admitted.value) if admitted.reference else read_entry(admitted.value, 0)
    assert read.time == admitted.time
    return True


@pytest.mark.parametrize(
    ("moment", "good"),
    [
        (FIRST, True),
        (FIRST - timedelta(microseconds=1), False),
        (LAST, True),
        (LAST + timedelta(microseconds=1), False),
        (FIRST - timedelta(hours=7), False),
        (LAST + timedelta(hours=13), False),
    ],
)
def test_an_instant_is_taken_or_refused_in_all_zones_alike(moment: datetime, good: bool) -> None:
    texts = list(told(moment))
    assert len(texts) == len(OFFSETS)
    assert {taken(entry(time=text)) for text in texts} == {good}
    assert {taken(unit("q1", time=text)) for text in (texts[0], texts[-1])} == {good}


@pytest.mark.parametrize("local", ["0001-01-01T00:00:00", "1900-01-01T00:00:00", "9999-12-31T23:59:59.999999"])
def test_the_ends_of_what_can_be_written_are_judged_in_all_zones(local: str) -> None:
    for offset in OFFSETS:
        moment = datetime.fromisoformat(local).replace(tzinfo=timezone(offset))
        assert taken(entry(time=moment.isoformat())) is (FIRST <= moment <= LAST)


def test_an_empty_date_of_a_database_is_refused_at_the_door() -> None:
    """It is the last of 1899 in UTC: accepted at the door, it was a dead letter in processing, and lost to figures."""
    assert not taken(entry(time="1900-01-01T00:00:00+07:00"))
    assert not taken(unit("q1", time="1900-01-01T00:00:00+07:00"))
    with pytest.raises(ValueError, match="in UTC"):
        check_instant(datetime.fromisoformat("1900-01-01T00:00:00+07:00"))
