"""Times as sources write them, over changes of the clock, and what cannot be read."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest

from motcua.importing.mapping.times import TimeReader, format_fault, parse_until
from shared.instants import to_rfc3339

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
AMSTERDAM = ZoneInfo("Europe/Amsterdam")


@pytest.mark.parametrize(
    ("text", "formats", "zone", "instant"),
    [
        ("2011-10-11 13:42:22.688000+02:00", ["iso"], HANOI, "2011-10-11T11:42:22.688000Z"),
        ("2011-10-11T13:42:22Z", ["iso"], HANOI, "2011-10-11T13:42:22.000000Z"),
        ("2011-10-11 13:42", ["iso"], HANOI, "2011-10-11T06:42:00.000000Z"),
        ("2011-10-11 13:42:22.1234567", ["iso"], HANOI, "2011-10-11T06:42:22.123456Z"),
        ("2011-10-11", ["iso"], HANOI, "2011-10-10T17:00:00.000000Z"),
        ("05/03/2025", ["%d/%m/%Y"], HANOI, "2025-03-04T17:00:00.000000Z"),
        ("05/03/2025 14:30", ["%d/%m/%Y", "%d/%m/%Y %H:%M"], HANOI, "2025-03-05T07:30:00.000000Z"),
        ("20251008153000", ["%Y%m%d%H%M%S"], HANOI, "2025-10-08T08:30:00.000000Z"),
        ("1/21/2022 01:47:00 PM", ["%m/%d/%Y %I:%M:%S %p"], HANOI, "2022-01-21T06:47:00.000000Z"),
        ("1318333342.688", ["unix"], HANOI, "2011-10-11T11:42:22.688000Z"),
        ("1318333342688", ["unix_ms"], HANOI, "2011-10-11T11:42:22.688000Z"),
        ("45721.5", ["excel"], HANOI, "2025-03-05T05:00:00.000000Z"),
        # Summer time: the hour that comes twice is the earlier one, the hour that is left out is moved on.
        ("2011-10-30 02:30", ["iso"], AMSTERDAM, "2011-10-30T00:30:00.000000Z"),
        ("2011-03-27 02:30", ["iso"], AMSTERDAM, "2011-03-27T01:30:00.000000Z"),
        ("2011-03-27 01:59", ["iso"], AMSTERDAM, "2011-03-27T00:59:00.000000Z"),
        ("2011-03-27 03:00", ["iso"], AMSTERDAM, "2011-03-27T01:00:00.000000Z"),
    ],
)
def test_a_time_names_its_instant(text: str, formats: list[str], zone: ZoneInfo, instant: str) -> None:
    assert to_rfc3339(TimeReader(formats, zone).read(text).instant) == instant


@pytest.mark.parametrize("text", ["", "31/02/2025", "x", "0001-01-01", "2500-01-01", "nan", "1e400", "2025-13-01"])
def test_what_no_format_fits_is_an_error(text: str) -> None:
    with pytest.raises(ValueError, match=r"fits|outside"):
        TimeReader(["iso", "%d/%m/%Y"], HANOI).read(text)


@pytest.mark.parametrize("text", ["nan", "inf", "1e300", "-1e300", "abc"])
@pytest.mark.parametrize("written", ["unix", "unix_ms", "excel"])
def test_numbers_that_are_no_time_are_an_error(text: str, written: str) -> None:
    with pytest.raises(ValueError, match=r"fits|outside"):
        TimeReader([written], HANOI).read(text)


def test_a_promised_date_without_time_of_day_stays_a_date() -> None:
    reader = TimeReader(["%d/%m/%Y %H:%M", "%d/%m/%Y", "iso", "excel"], HANOI)
    assert reader.read("05/03/2025").due_text == "2025-03-05"
    assert reader.read("05/03/2025 17:00").due_text == "2025-03-05T10:00:00.000000Z"
    assert reader.read("2025-03-05").due_text == "2025-03-05"
    assert reader.read("45721").due_text == "2025-03-05"


def test_the_local_date_is_that_of_the_zone() -> None:
    assert TimeReader(["iso"], HANOI).read("2025-03-04T23:30:00Z").day.isoformat() == "2025-03-05"


@pytest.mark.parametrize("written", ["%d/%m", "%H:%M", "d/m/Y", "", "%", "%Q", "%Y-%m-%d %"])
def test_a_format_must_name_a_day(written: str) -> None:
    assert format_fault(written)


@pytest.mark.parametrize("written", ["iso", "unix", "%d/%m/%Y", "%d/%m/%y %H:%M", "%d-%b-%Y", "%Y%j", "%Y%m%d%H%M%S"])
def test_formats_that_name_a_day(written: str) -> None:
    assert not format_fault(written)


def test_until_is_an_instant_or_a_local_midnight() -> None:
    midnight = parse_until("2012-01-24", HANOI)
    assert to_rfc3339(midnight) == "2012-01-23T17:00:00.000000Z"
    assert parse_until("2012-01-24T00:00:00+07:00", HANOI) == midnight
    assert parse_until("2012-01-24 00:00", HANOI) == midnight
