"""Wrong usage and a stack that does not run: one line that says what to do, and the right exit code."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from motcua.cli.dates import parse_moment, parse_period
from motcua.cli.errors import CommandError
from motcua.cli.main import hoist, main
from motcua.cli.words import choose_language


def run(capsys: pytest.CaptureFixture[str], home: Path, *words: str) -> tuple[int, str, str]:
    code = main(["--home", str(home), *words])
    told = capsys.readouterr()
    return code, told.out, told.err


@pytest.mark.parametrize(
    ("words", "mentions"),
    [
        (["index", "--from", "31.08.2026"], "YYYY-MM-DD"),
        (["index", "--from", "2026-02-30"], "--from"),
        (["index", "--from", "2026-08-31", "--to", "2026-08-01"], "--to"),
        (["index", "--from", "0001-01-01"], "--from"),
        (["index", "--by", "unit"], "--by"),
        (["dossiers", "--state", "late"], "--state"),
        (["dossiers"], "--state"),
        (["dossier"], "code"),
        (["up", "--clock", "fast"], "--clock"),
        (["import", __file__, "--clock", "fast"], "--clock"),
        (["import", __file__, "--until", "2026-01-01"], "--clock data"),
        (["import", __file__, "--clock", "data", "--until", "2026-01-01T00:00:00"], "--until"),
        (["import", __file__, "--mapping", "/nowhere.yaml"], "--mapping"),
        (["nothing-like-it"], "nothing-like-it"),
        (["index", "--nothing-like-it"], "--nothing-like-it"),
        (["--lang", "fr", "status"], "--lang"),
    ],
)
def test_wrong_usage_is_one_line_and_exit_code_2(
    words: list[str], mentions: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = run(capsys, tmp_path, *words)
    assert code == 2, err
    assert not out
    assert mentions.lower() in err.lower()
    assert err.count("\n") == 1
    assert "Traceback" not in err


@pytest.mark.parametrize(
    "words",
    [
        ["index"],
        ["dossiers", "--state", "overdue"],
        ["dossiers", "--figure", "late_by_instant"],
        ["due-list"],
        ["steps"],
        ["blame"],
        ["bottlenecks"],
        ["dossier", "H99.101-261009-0001"],
        ["journal", "export"],
        ["rebuild"],
        ["import", __file__],
        ["simulate"],
    ],
)
def test_a_stack_that_does_not_run_is_said_in_one_line(
    words: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = run(capsys, tmp_path / "never", *words)
    assert (code, out) == (1, "")
    assert "motcua up" in err
    assert err.count("\n") == 1
    assert not (tmp_path / "never").exists()


def test_a_trace_is_shown_only_with_debug(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "Traceback" in run(capsys, tmp_path, "index", "--debug")[2]
    assert "Traceback" not in run(capsys, tmp_path, "index")[2]


def test_status_and_down_of_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, tmp_path / "never", "status")
    assert code == 1
    assert "motcua up" in out
    code, _, err = run(capsys, tmp_path / "never", "down")
    assert code == 1, "nothing was stopped"
    assert str(tmp_path / "never") in err.replace("\n", "")
    assert run(capsys, tmp_path / "never", "demo-clean")[0] == 0


def test_demo_clean_removes_no_folder_that_is_no_demo(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "thesis.txt").write_text("mine", encoding="utf-8")
    code, _, err = run(capsys, tmp_path, "demo-clean")
    assert code == 1
    assert str(tmp_path) in err
    assert (tmp_path / "thesis.txt").exists()


def test_demo_leaves_a_real_stack_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "stack.json").write_text('{"clock": "live", "simulated": false}', encoding="utf-8")
    for command in ("demo", "demo-clean"):
        code, _, err = run(capsys, tmp_path, command)
        assert code == 1
        assert err.count("\n") == 1
    assert (tmp_path / "stack.json").exists()


def test_no_command_shows_the_help(capsys: pytest.CaptureFixture[str]) -> None:
    main([])
    out = capsys.readouterr().out
    assert all(command in out for command in ("up", "import", "index", "rebuild", "demo-clean", "journal"))


def test_english_and_vietnamese(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    english = run(capsys, tmp_path, "index", "--by", "x", "--lang", "en")[2]
    vietnamese = run(capsys, tmp_path, "index", "--by", "x", "--lang=vi")[2]
    assert "unknown; use" in english
    assert "không có" in vietnamese


def test_language_from_the_environment() -> None:
    assert choose_language({}) == "vi"
    assert choose_language({"LANG": "C.UTF-8"}) == "vi"
    assert choose_language({"LANG": "en_GB.UTF-8"}) == "en"
    assert choose_language({"LANG": "en_GB.UTF-8", "MOTCUA_LANG": "vi"}) == "vi"


def test_global_options_may_stand_anywhere() -> None:
    assert hoist(["index", "H1", "--home", "x", "--debug", "--by", "month"]) == [
        *("--home", "x", "--debug"),
        *("index", "H1", "--by", "month"),
    ]
    assert hoist(["dossier", "--", "--home"]) == ["dossier", "--", "--home"]
    assert hoist(["status", "--home"]) == ["--home", "status"]


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        (None, None, ("2026-11-01", "2026-11-30")),
        ("2026-02-10", None, ("2026-02-10", "2026-02-28")),
        (None, "2026-12-31", ("2026-12-01", "2026-12-31")),
        ("2026-12-31", "2027-01-01", ("2026-12-31", "2027-01-01")),
    ],
)
def test_periods(first: str | None, last: str | None, expected: tuple[str, str]) -> None:
    start, end = parse_period(first, last, date(2026, 11, 21))
    assert (start.isoformat(), end.isoformat()) == expected


def test_an_instant_without_offset_is_refused() -> None:
    assert parse_moment("1970-01-01T07:00:01+07:00", "--until") == 1_000_000
    with pytest.raises(CommandError, match="offset"):
        parse_moment("1970-01-01T07:00:01", "--until")
