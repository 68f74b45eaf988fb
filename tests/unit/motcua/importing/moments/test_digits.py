"""Times in digits of full width are read as `strptime` reads them, and so is everything else."""

from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motcua.importing.moments.digits import read_time

PATTERNS = (
    "%Y-%m-%d %H:%M:%S", "%d/%m/%Y", "%d/%m/%Y %H:%M", "%Y%m%d", "%Y%m%d%H%M%S", "%d.%m.%Y", "%m/%d/%Y %H:%M:%S",
    "%Y-%m-%dT%H:%M", "ngày %d tháng %m năm %Y", "%d/%m/%y", "%Y-%j", "%d-%b-%Y", "%H:%M", "%Y-%m-%d %H:%M:%S.%f",
    "%Y/%m/%d%%", "%Y-%m-%d%", "%Y-%m-%d %Y", "%d  %m %Y", "(%Y.%m.%d)", "%Y-%m-%d%z", "%Y-%m-%d %M", "",
)  # fmt: skip


def outcome(read: object, text: str, written: str) -> object:
    try:
        return read(text, written)  # type: ignore[operator]
    except Exception as error:  # noqa: BLE001 (whatever strptime says of a pattern is to be said here)
        return type(error)


def same(text: str, written: str) -> bool:
    return outcome(read_time, text, written) == outcome(datetime.strptime, text, written)


@given(st.datetimes(), st.sampled_from(PATTERNS), st.sampled_from(PATTERNS))
def test_times_of_one_pattern_under_another(moment: datetime, wrote: str, read: str) -> None:
    try:
        text = moment.strftime(wrote)
    except ValueError:
        return
    assert same(text, read)
    assert same(text, wrote)


@given(st.text("0123456789-/: .T٣", max_size=20), st.sampled_from(PATTERNS))
def test_texts_that_are_no_times(text: str, written: str) -> None:
    assert same(text, written)


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("2025-02-29 10:00:00", "%Y-%m-%d %H:%M:%S"),
        ("2024-02-29 24:00:00", "%Y-%m-%d %H:%M:%S"),
        ("2024-02-29 23:59:60", "%Y-%m-%d %H:%M:%S"),
        ("0000-01-01 00:00:00", "%Y-%m-%d %H:%M:%S"),
        ("2024-2-9 3:04:05", "%Y-%m-%d %H:%M:%S"),
        ("2024-02-29t10:00", "%Y-%m-%dT%H:%M"),
        ("2024-02-29\t10:00:00", "%Y-%m-%d %H:%M:%S"),
        ("2024-02-29 10:00:00\n", "%Y-%m-%d %H:%M:%S"),
        ("٢٠٢٤-02-29 10:00:00", "%Y-%m-%d %H:%M:%S"),
    ],
)
def test_edges(text: str, written: str) -> None:
    assert same(text, written)


def test_what_a_long_file_has_most_needs_no_strptime(monkeypatch: pytest.MonkeyPatch) -> None:
    class Without(datetime):
        """A clock without strptime."""

        @classmethod
        def strptime(cls, date_string: str, format: str, /) -> Without:  # noqa: A002 (its name in the library)
            raise AssertionError(date_string, format)

    monkeypatch.setattr("motcua.importing.moments.digits.datetime", Without)
    assert read_time("31/12/2024 23:59", "%d/%m/%Y %H:%M") == datetime(2024, 12, 31, 23, 59)  # noqa: DTZ001
