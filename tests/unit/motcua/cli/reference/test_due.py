"""`motcua due`: the worked due dates of the rules from the command line, whole files, and what cannot be counted."""

from __future__ import annotations

import csv
import json
from collections import Counter
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from motcua.cli.main import main
from motcua.cli.reference.due_batch import with_dues
from shared.calendar import vn_public
from shared.messages.base import Text

CALENDAR = vn_public(ZoneInfo("Asia/Ho_Chi_Minh"))


def run(capsys: pytest.CaptureFixture[str], *words: str, lang: str = "en") -> tuple[int, str, str]:
    code = main(["--lang", lang, "due", *words])
    told = capsys.readouterr()
    return code, told.out, told.err


@pytest.mark.parametrize(
    ("start", "term", "counting", "expected"),
    [
        ("2026-08-21T16:00", "3 working days", None, "2026-08-25T17:00:00+07:00"),
        ("2026-08-28", "3 ngày làm việc", None, "2026-09-07T17:00:00+07:00"),
        ("2027-02-03", "5 working days", "next-day", "2027-02-17T17:00:00+07:00"),
        ("2026-11-20", "3 working days", None, "2026-11-26T17:00:00+07:00"),
        ("2025-12-31", "1 working day", None, "2026-01-05T17:00:00+07:00"),
        ("2026-01-09", "1 working day", None, "2026-01-10T17:00:00+07:00"),
        ("2026-11-16T16:30", "8 working hours", None, "2026-11-17T16:30:00+07:00"),
        ("2026-11-22T20:00", "8 giờ làm việc", "hours", "2026-11-23T17:00:00+07:00"),
        ("2026-11-16T12:00", "1 working day", "same-time", "2026-11-17T13:00:00+07:00"),
        ("2026-11-16T17:00", "1 working day", "same-time", "2026-11-18T07:30:00+07:00"),
        ("2026-04-20", "10 calendar days", None, "2026-05-04T17:00:00+07:00"),
        ("2026-12-31", "2 tháng", None, "2027-03-01T17:00:00+07:00"),
        # The same instant told from elsewhere.
        ("2026-11-16T09:30:00Z", "8 working hours", None, "2026-11-17T16:30:00+07:00"),
    ],
)
def test_worked_due_dates(
    start: str, term: str, counting: str | None, expected: str, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["--start", start, "--term", term, *(() if counting is None else ("--counting", counting))]
    assert run(capsys, *words) == (0, f"{expected}\n", "")


def test_the_pause_of_the_rules() -> None:
    """Due Monday 23 November 17:00, paused for 2 h 30 of working time: Wednesday 25th 10:00, as Tuesday is off."""
    at = [CALENDAR.due_instant(f"2026-11-{text}:00+07:00") for text in ("20T16:00", "23T09:00", "23T17:00", "25T10:00")]
    assert CALENDAR.add_working(at[2], CALENDAR.working_between(at[0], at[1])) == at[3]


def test_json_has_everything(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "--start", "2025-12-31", "--term", "1 working day", "--explain", "--json")
    told = json.loads(out)
    assert code == 0
    assert told["due"] == "2026-01-05T17:00:00+07:00"
    assert told["term"] == {"amount": "1", "unit": "working_days"}
    assert told["calendar"] == {"id": "vn-public", "version": CALENDAR.version, "zone": "Asia/Ho_Chi_Minh"}
    assert told["skipped"][1] == {
        "day": "2026-01-02",
        "reason": "swap",
        "name": told["skipped"][1]["name"],
        "document": "12729/VPCP-KGVX",
        "pair": "2026-01-10",
    }
    assert {"vi", "en"} == set(told["lines"][0])


@pytest.mark.parametrize(
    ("words", "mentions"),
    [
        (["--start", "2026-11-20"], "--term"),
        (["--term", "3 working days"], "--start"),
        (["--start", "20/11/2026", "--term", "1 working day"], "2026-08-21T16:00"),
        (["--start", "1800-01-01", "--term", "1 working day"], "start"),
        (["--start", "2026-11-20", "--term", "3 days"], "working days"),
        (["--start", "2026-11-20", "--term", "999999 working days"], "2510"),
        (["--start", "2026-11-20", "--term", "3 working days", "--counting", "wall-clock"], "same-time"),
        (["--start", "2026-11-20", "--term", "3 working hours", "--counting", "same-time"], "hours"),
        (["--start", "2026-11-20", "--term", "3 working days", "--calendar", "nowhere"], "vn-public"),
        (["--batch", "a.csv", "--explain"], "--batch"),
        (["--start", "2026-11-20", "--term", "3 working days", "--output", "x"], "--batch"),
    ],
)
def test_wrong_usage_is_one_line_that_says_what_to_do(
    words: list[str], mentions: str, capsys: pytest.CaptureFixture[str]
) -> None:
    for lang in ("vi", "en"):
        code, out, err = run(capsys, *words, lang=lang)
        assert (code, out) == (2, "")
        assert mentions in err or lang == "vi"
        assert err.count("\n") == 1


def test_a_file_keeps_its_columns_and_tells_bad_rows_by_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, output = tmp_path / "in.csv", tmp_path / "out.csv"
    rows = [
        "mã\tStart \tTERM",
        "a\t2026-11-20\t3 ngày làm việc",
        "",
        "b\t2026-13-20\t3 ngày làm việc",
        "c\t2026-11-20",
        "d\t2026-11-20\t999999 working days",
        '"e\nf"\t2026-11-16T16:30\t8 working hours',
        "g\t\t8 working hours",
    ]
    file.write_text("\ufeff" + "\n".join(rows), encoding="utf-8")
    code, out, err = run(capsys, "--batch", str(file), "--output", str(output), lang="vi")
    assert (code, out) == (1, "")
    with output.open(encoding="utf-8", newline="") as lines:
        assert list(csv.reader(lines, delimiter="\t")) == [
            ["mã", "Start ", "TERM", "due"],
            ["a", "2026-11-20", "3 ngày làm việc", "2026-11-26T17:00:00+07:00"],
            ["e\nf", "2026-11-16T16:30", "8 working hours", "2026-11-17T16:30:00+07:00"],
        ]
    told = [line.removeprefix(f"{file}:") for line in err.splitlines()]
    assert [line.partition(":")[0] for line in told[:-1]] == ["4", "5", "6", "9"]
    assert "2026-13-20" in told[0]
    assert "2510" in told[2]
    assert told[-1].startswith("4 dòng lỗi")


@pytest.mark.parametrize("content", [b"", b"start;when\n", b"start,term\n\xff\xfe", b"a,b\n1,2\n"])
def test_a_file_that_is_none_is_told(content: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "in.csv"
    file.write_bytes(content)
    code, _, err = run(capsys, "--batch", str(file))
    assert code in (1, 2)
    assert err.startswith("--batch:")
    code, _, err = run(capsys, "--batch", str(tmp_path))
    assert (code, err.startswith("--batch:")) == (1, True)


def test_the_result_never_overwrites_the_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "in.csv"
    file.write_text("start,term\n2026-11-20,3 working days\n")
    code, _, err = run(capsys, "--batch", str(file), "--output", str(file))
    assert (code, "--output" in err) == (2, True)
    assert file.read_text().startswith("start,term\n2026")


def test_rows_in_any_order_and_number_give_what_one_gives() -> None:
    """Answers that are kept for rows that come again are the same."""
    starts = [
        f"2026-{month:02d}-{day:02d}T{hour:02d}:15" for month in (1, 8, 12) for day in (2, 9, 31) for hour in (7, 16)
    ]
    rows = [[start, term] for start in starts for term in ("3 working days", "1 month", "8 working hours")] * 3
    bad: list[tuple[int, Text]] = []
    lines = csv.reader(["start,term", *(",".join(row) for row in rows)])
    header, *found = with_dues(lines, CALENDAR, "next-day", lambda line, text: bad.append((line, text)), Counter())
    assert header == ["start", "term", "due"]
    assert bad == []
    assert len(found) == len(rows)
    third = len(rows) // 3
    assert found[:third] == found[third : 2 * third] == found[2 * third :]


@pytest.mark.parametrize(
    ("start", "term", "told"),
    [
        ("2009-12-31T10:00", "1 working day", "from 2010-01-01 on; this term begins before"),
        ("2010-01-01T10:00", "1 working day", ""),
        ("1999-12-31T10:00", "1 working day", "has holidays of 2000-2100 only; those of 1999 count as working days"),
        ("2100-12-31T10:00", "1 working day", "those of 2101 count as working days"),
        ("2026-11-16T18:00", "0 working days", "lies before its start"),
        ("2026-11-16T17:00", "0 working days", ""),
    ],
)
def test_what_the_calendar_does_not_know_is_told(
    start: str, term: str, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    _, out, err = run(capsys, "--start", start, "--term", term)
    assert len(out.splitlines()) == 1
    assert told in " ".join(err.split())
    assert bool(err) == bool(told)
    _, out, _ = run(capsys, "--start", start, "--term", term, "--json")
    assert ("doubts" in json.loads(out)) == bool(told)


def test_a_batch_counts_the_rows_in_doubt(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    batch = tmp_path / "terms.csv"
    batch.write_text("start,term\n2005-03-01,2 working days\n2006-03-01,2 working days\n2026-03-02,2 working days\n")
    code, out, err = run(capsys, "--batch", str(batch))
    assert (code, len(out.splitlines())) == (0, 4)
    assert err.startswith("2 rows: Calendar vn-public has all swapped days from 2010-01-01 on")
