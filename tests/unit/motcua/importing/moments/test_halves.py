"""Times of twelve hours: a half of the day that is written is read, and one that would be guessed is a mistake."""

from __future__ import annotations

from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from motcua.importing.inspecting.first_mapping import first_mapping
from motcua.importing.inspecting.inspection import inspect_file
from motcua.importing.inspecting.time_guess import guess_formats
from motcua.importing.inspecting.trial import try_mapping
from motcua.importing.mapping.load import read_mapping
from motcua.importing.mapping.times import TimeReader
from motcua.importing.moments.halves import half_fault, with_half
from motcua.importing.reasons import MappingMistakes

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
NOW = 4_000_000_000_000_000
MAPPING = """\
source: so
row: dossier
dossier: "{ma}"
formats: ["%d/%m/%Y", "{format}"]
entries:
  - type: dossier.accepted
    time: {{column: nhan, formats: "{inner}"}}
    data: {{unit: U, channel: direct}}
"""


@pytest.mark.parametrize(
    ("text", "clock"),
    [
        ("7:45:10 SA", "07:45:10"), ("7:45:10 CH", "19:45:10"), ("12:20:00 SA", "00:20:00"),
        ("12:20:00 CH", "12:20:00"),
        ("07:45:10 am", "07:45:10"), ("7:45:10 Pm", "19:45:10"), ("7:45:10 a.m.", "07:45:10"),
        ("7:45:10 P.M.", "19:45:10"),
        ("7:45:10 p. m.", "19:45:10"), ("7:45:10 sáng", "07:45:10"), ("7:45:10 Chiều", "19:45:10"),
        ("7:45:10 buổi chiều", "19:45:10"), ("7:45:10 sang", "07:45:10"), ("7:45:10CH", "19:45:10"),
        ("7:45:10\u202fPM", "19:45:10"), ("7:45:10\xa0ch", "19:45:10"), ("19:45:10 CH", "19:45:10"),
        ("0:05:00 SA", "00:05:00"),
    ],
)  # fmt: skip
def test_every_word_for_a_half_of_the_day_is_read(text: str, clock: str) -> None:
    wanted = TimeReader(["%d/%m/%Y %H:%M:%S"], HANOI).read(f"17/09/2025 {clock}")
    assert TimeReader(["%d/%m/%Y %I:%M:%S %p"], HANOI).read(f"17/09/2025 {text}") == wanted
    assert TimeReader(["%I:%M:%S %p %d/%m/%Y"], HANOI).read(f"{text} 17/09/2025") == wanted


def test_a_word_may_stand_before_the_hours() -> None:
    assert (
        TimeReader(["%d/%m/%Y %p %I:%M"], HANOI).read("17/09/2025 chiều 2:30").due_text == "2025-09-17T07:30:00.000000Z"
    )


@pytest.mark.parametrize("text", ["7:45:10", "13:45:10 SA", "0:45:10 CH", "7:45:10 XY", "7:45:10 sach", "25:00:00 CH"])
def test_what_does_not_say_its_half_is_not_guessed(text: str) -> None:
    with pytest.raises(ValueError, match="fits"):
        TimeReader(["%d/%m/%Y %I:%M:%S %p"], HANOI).read(f"17/09/2025 {text}")


@pytest.mark.parametrize(
    ("written", "code", "better"),
    [
        ("%d/%m/%Y %I:%M", "twelve_hours_without_half", "%d/%m/%Y %I:%M %p"),
        ("%Y-%m-%d %I:%M:%S.%f", "twelve_hours_without_half", "%Y-%m-%d %I:%M:%S.%f %p"),
        ("%d.%m.%Y %I:%M:%S SA", "twelve_hours_without_half", "%d.%m.%Y %I:%M:%S %p"),
        ("%I:%M a.m. %d/%m/%y", "twelve_hours_without_half", "%I:%M %p %d/%m/%y"),
        ("%d/%m/%Y chiều %I:%M", "twelve_hours_without_half", "%d/%m/%Y %p %I:%M"),
        ("%d/%m/%Y %H:%M CH", "half_as_letters", "%d/%m/%Y %I:%M %p"),
        ("%d/%m/%Y %H:%M %p", "half_without_twelve_hours", "%d/%m/%Y %I:%M %p"),
        ("%d/%m/%Y %X %p", "half_without_twelve_hours", "%d/%m/%Y %I:%M:%S %p"),
        ("%d/%m/%Y %p", "half_without_twelve_hours", "%d/%m/%Y %I:%M %p"),
        ("%d/%m/%Y %I:%M %p", None, "%d/%m/%Y %I:%M %p"),
        ("%d/%m/%Y %H:%M", None, None),
        ("%d/%m/%Y Sáng", None, None),
        ("100%%I %d/%m/%Y", None, None),
    ],
)
def test_a_format_that_takes_an_afternoon_for_a_morning_is_a_mistake(
    written: str, code: str | None, better: str | None
) -> None:
    assert half_fault(written) == code
    if better is not None:
        assert with_half(written) == better
        assert half_fault(better) is None


@pytest.mark.parametrize(("outer", "inner", "line"), [("%d/%m/%Y %I:%M PM", "iso", 4), ("iso", "%d-%m-%Y %I:%M", 7)])
def test_the_mistake_is_told_with_its_line_and_remedy(outer: str, inner: str, line: int) -> None:
    text = MAPPING.replace("{format}", outer).replace("{inner}", inner).replace("{{", "{").replace("}}", "}")
    with pytest.raises(MappingMistakes) as error:
        read_mapping(text.encode(), Path("m.yaml"))
    (mistake,) = error.value.mistakes
    assert (mistake.line, mistake.reason.code) == (line, "twelve_hours_without_half")
    assert "%I:%M %p'" in error.value.text("en")
    assert "giờ chiều sẽ thành giờ sáng" in error.value.text("vi")


def test_a_column_of_twelve_hours_is_never_proposed_as_one_of_24(tmp_path: Path) -> None:
    values = ["17/09/2025 8:10 SA", "17/09/2025 12:40 CH", "18/09/2025 3:05 CH"]
    assert guess_formats(values, named_as_time=True) == ["%d/%m/%Y %I:%M %p"]
    assert guess_formats(["3:05:07 CH 17/09/2025", "9:00:00 SA 18/09/2025"], named_as_time=True) == [
        "%I:%M:%S %p %d/%m/%Y"
    ]
    assert guess_formats(["2025-09-17 3:05 PM", "2025-09-18 9:05 AM"], named_as_time=True) == ["%Y-%m-%d %I:%M %p"]
    path = tmp_path / "so.csv"
    path.write_text("Mã hồ sơ,Tiếp nhận\n" + "".join(f"H{n},{value}\n" for n, value in enumerate(values)))
    loaded = read_mapping(first_mapping(inspect_file(path)).encode(), Path("m.yaml"))
    assert loaded.mapping.formats == ["%d/%m/%Y %I:%M %p"]
    made = try_mapping(path, loaded, now=NOW, zone="Asia/Ho_Chi_Minh")
    assert [row.entries[0]["time"][11:16] for row in made.shown] == ["01:10", "05:40", "08:05"]
