"""Commands about figures on answers of metrics' own API: what they ask for, and what they show in both languages."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from motcua.cli.main import main
from motcua.cli.reference import units
from services.metrics.follow.view import View
from services.metrics.indicators import declared
from services.metrics.table.decode import PartitionClock
from services.metrics.units.registry import Registry
from shared.instants import HOUR
from tests.unit.metrics.build import ZONE, at, fact, step
from tests.unit.metrics.known import known, unit
from tests.unit.motcua.cli.answering import answer_from

DUE = at("2026-08-10 17:00")
Run = Callable[..., str]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Run:
    """Runs commands on a view in memory: one overdue, one late, one due today, one on time with a step over."""
    view = View(1, 1, ZONE)
    over = step("Thẩm định [1]", ended=DUE, used=10 * HOUR, over=2 * HOUR, budget=480, due=DUE - HOUR)
    view.table.apply(
        [
            fact("a", due=DUE, holders="H44.01", steps=(step("Ký", due=DUE, budget=480),)),
            fact("b", due=DUE, finished=DUE + HOUR, blame=[("H44.01", 3 * HOUR), (None, HOUR)]),
            fact("c", due=at("2026-08-20 17:00"), holders="H44.02", unit="H44.02"),
            fact("d", due=DUE, finished=DUE, steps=(over,)),
        ]
    )
    view.registry = Registry(ZONE, known(unit("H44.01", name="Sở Một", valid_to="2026-08-18", successor="H44.02")))
    view.marks[0].clock = PartitionClock(5, at("2026-08-20 08:00"))
    view.caught_up.set()
    answer_from(monkeypatch, view, simulated=True)

    def ran(*words: str, code: int = 0) -> str:
        assert main(["--home", str(tmp_path), *words]) == code
        return capsys.readouterr().out

    return ran


def row_with(screen: str, *cells: str) -> str:
    """The one line of a table that has these cells."""
    [line] = [line for line in screen.splitlines() if all(cell in line for cell in cells)]
    return " ".join(line.split())


def test_an_index_shows_both_tests_side_by_side_and_names_each(run: Run) -> None:
    screen = run("index", "H44", "--period", "2026-08", "--lang", "vi")
    assert "DỮ LIỆU MÔ PHỎNG / SIMULATED" in screen
    lines = [" ".join(line.split()) for line in screen.splitlines()]
    # One ended an hour after its due: late by the instant, on the day by the date.
    assert {"quá hạn thời điểm 1", "đúng hạn thời điểm 1"} <= set(lines)
    assert {"quá hạn ngày 0", "đúng hạn ngày 2"} <= set(lines)
    assert row_with(screen, "2.1") == "2.1 đúng hạn và trước hạn thời điểm 50,00 (2/4) điểm 10,00"
    assert row_with(screen, "3.3") == "3.3 nộp trực tuyến - 100,00 (4/4) điểm 6,00"
    assert row_with(screen, "tỷ lệ đã xin lỗi") == "tỷ lệ đã xin lỗi % thời điểm 0,00 (0/2)"
    english = run("index", "--unit", "H44", "--period", "2026-08", "--lang", "en")
    assert row_with(english, "apology coverage") == "apology coverage % instant 0.00 (0/2)"
    assert row_with(english, "share early or on the day") == "share early or on the day % date 100.00 (2/2)"
    assert row_with(english, "share answered in time") == "share answered in time % instant - (0/0)"


def test_indices_of_several_units_are_a_table(run: Run) -> None:
    screen = run("index", "H44", "--period", "2026-08", "--children", "--lang", "en")
    assert "(instant)" in screen
    assert "(date)" in screen
    assert row_with(screen, "H44.02").startswith("H44.02 1 1 0 1 1 0 0 100.00 (1/1) 20.00")
    told = json.loads(run("index", "H44", "--period", "2026-08", "--children", "--json"))
    assert [item["unit"] for item in told] == ["H44", "H44.01", "H44.02"]
    assert "nothing to count" in run("index", "--period", "2027", "--lang", "en")


def test_steps_against_their_budgets(run: Run) -> None:
    screen = run("steps", "--period", "2026-08", "--lang", "vi")
    # What a source wrote is shown as it is, brackets included.
    assert row_with(screen, "Thẩm định [1]") == "H44.01 Sở Một Thẩm định [1] 1 1 1 100,00 2:00 10:00 10:00 0 0 0:00"
    assert row_with(screen, "Ký").split()[-3:-1] == ["1", "1"]
    assert "xét theo định mức" in screen
    assert row_with(screen, "tất cả").startswith("tất cả 1 1 1 100,00 2:00")
    by_step = json.loads(run("steps", "--period", "2026-08", "--by", "step", "--json"))
    assert [group["step"] for group in by_step["groups"]] == ["Ký", "Thẩm định [1]"]
    listed = run("steps", "--period", "2026-08", "--list", "over_on_time", "--lang", "en")
    assert "over, dossier on time: 1" in listed
    assert row_with(listed, "Thẩm định [1]").endswith("8:00 10:00 2:00")
    assert json.loads(run("steps", "--period", "2026-08", "--list", "over_now", "--json"))["total"] == 1


def test_blame_adds_up_and_leads_to_its_lists(run: Run) -> None:
    screen = run("blame", "--period", "2026-Q3", "--lang", "en")
    assert "late: 1 · delay 4:00" in screen
    assert row_with(screen, "75.00") == "H44.01 Sở Một 1 3:00 75.00"
    assert row_with(screen, "25.00") == "unassigned 1 1:00 25.00"
    told = json.loads(run("blame", "--period", "2026-Q3", "--json"))
    assert sum(part["delay_us"] for part in told["units"]) == told["delay_us"]
    for figure, code in (("on_time_with_step_over", "d"), ("late_within_budgets", "b")):
        assert f": 1 (motcua dossiers --figure {figure})" in screen
        listed = json.loads(run("dossiers", "--figure", figure, "--period", "2026-Q3", "--json"))
        assert [row["code"] for row in listed["dossiers"]] == [code]
    assert row_with(screen, "H44.01", "56:30") == "H44.01 Sở Một 1 56:30"


def test_the_due_list_by_holder(run: Run) -> None:
    screen = run("due-list", "--lang", "vi")
    assert "đến hạn 20/08/2026: 1 · quá hạn: 1" in screen
    assert row_with(screen, "Sở Một") == "H44.01 Sở Một 0 1"
    assert row_with(screen, "c ", "đến hạn").startswith("c H44.02 H44.02")
    assert json.loads(run("due-list", "H44.02", "--json"))["total"] == 1
    assert json.loads(run("due-list", "--unit", "H44.02", "--day", "2026-08-21", "--json"))["total"] == 0


def test_bottlenecks_say_how_they_are_ranked(run: Run) -> None:
    screen = run("bottlenecks", "--period", "2026-08", "--limit", "1", "--lang", "vi")
    assert "Xếp theo thời gian làm việc quá định mức" in " ".join(screen.split())
    assert row_with(screen, "H44.01", "Ký").startswith("1 H44.01 Sở Một Ký 56:30 0 0,00 - 1 1")
    assert len(json.loads(run("bottlenecks", "--period", "2026-08", "--json"))["bottlenecks"]) == 2


def test_every_state_can_be_listed_in_both_languages(run: Run) -> None:
    for state in (one for one in declared.STATES if one.population == "dossiers"):
        for language, name in (("vi", state.name.vi), ("en", state.name.en)):
            assert f"{name}: " in run("dossiers", state.key, "--lang", language)
    told = json.loads(run("dossiers", "open", "--unit", "H44", "--limit", "1", "--offset", "1", "--json"))
    assert (told["total"], [row["code"] for row in told["dossiers"]]) == (2, ["c"])
    assert "thời điểm" in run("dossiers", "--state", "overdue-without-apology", "--lang", "vi")
    listed = run("dossiers", "--figure", "2.1.denominator", "--period", "2026-08", "--lang", "en")
    assert "2.1 early or on time, denominator · 2026-08-01 … 2026-08-31: 4" in listed


def test_lists_by_the_units_of_a_day(run: Run) -> None:
    before, after = ("--units-on", "2026-08-01"), ("--units-on", "2026-08-19")
    for command in (("dossiers", "open", "--unit"), ("due-list",)):
        codes = [json.loads(run(*command, "H44.02", *on, "--json"))["total"] for on in (before, after)]
        assert codes == [1, 2]
    assert json.loads(run("index", "H44.02", "--period", "2026-08", *after, "--json"))[0]["received"] == 4
    assert json.loads(run("steps", "H44.02", "--period", "2026-08", *before, "--json"))["total"]["ended"] == 0
    assert json.loads(run("steps", "H44.02", "--period", "2026-08", *after, "--json"))["total"]["ended"] == 1


def test_merging_hands_over_every_open_dossier_of_the_unit_itself(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(units, "_PAGE", 1)
    on = ("--into", "H44.03", "--on", "2026-08-19", "--dry-run", "--json")
    assert json.loads(run("units", "merge", "H44.01", "H44.02", *on))["open_dossiers"] == 2
    # Those of the units below stay where they are.
    assert json.loads(run("units", "merge", "H44", *on))["open_dossiers"] == 0


@pytest.mark.parametrize(
    ("words", "mentions"),
    [
        (["dossiers"], "--figure"),
        (["dossiers", "open", "--figure", "open"], "--figure"),
        (["dossiers", "open", "--period", "2026"], "--figure"),
        (["dossiers", "late"], "overdue-without-apology"),
        (["index", "--period", "2026-13"], "--period"),
        (["index", "--period", "August"], "2026-Q3"),
        (["index", "--period", "2026-02-30"], "--period"),
        (["index", "--period", "2026", "--from", "2026-01-01"], "--period"),
        (["index", "H44", "--unit", "H38"], "H44"),
        (["steps", "--by", "unit,step"], "unit-step"),
        (["steps", "--list", "late"], "over_on_time"),
        (["due-list", "--day", "today"], "--day"),
    ],
)
def test_mistakes_are_told_in_one_line(
    words: list[str], mentions: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for language in ("vi", "en"):
        assert main(["--home", str(tmp_path), *words, "--lang", language]) == 2
        told = capsys.readouterr().err
        assert mentions in told
        assert told.count("\n") == 1


def test_named_periods(run: Run) -> None:
    for text, first, last in (
        ("2026", "2026-01-01", "2026-12-31"),
        ("2028-Q1", "2028-01-01", "2028-03-31"),
        ("2026-Q4", "2026-10-01", "2026-12-31"),
        ("2028-02", "2028-02-01", "2028-02-29"),
        ("2026-08-31", "2026-08-31", "2026-08-31"),
    ):
        [told] = json.loads(run("index", "--period", text, "--json"))
        assert (told["from"], told["to"]) == (first, last)
    # Without any: the month of the stack's clock.
    [told] = json.loads(run("index", "--json"))
    assert (told["from"], told["to"]) == ("2026-08-01", "2026-08-31")


@pytest.mark.parametrize(("by", "option"), [("procedure", "--procedure"), ("channel", "--channel"), ("month", None)])
def test_every_row_of_a_breakdown_can_be_opened(
    by: str, option: str | None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    view = View(1, 1, ZONE)
    view.table.apply(
        [
            fact("a", due=DUE, procedure="1.004", channel=1),
            fact("b", due=DUE, finished=DUE + HOUR, procedure="1.004", channel=2),
            fact("c", due=DUE, finished=DUE, procedure=None, channel=0),
            fact("d", due=DUE, procedure=" 2.1 &x", channel=3),
        ]
    )
    view.marks[0].clock = PartitionClock(5, at("2026-08-20 08:00"))
    view.caught_up.set()
    answer_from(monkeypatch, view, simulated=True)

    def asked(*words: str) -> str:
        assert main(["--home", str(tmp_path), *words]) == 0
        return capsys.readouterr().out

    period = ("--from", "2026-07-01", "--to", "2026-09-30")
    rows = json.loads(asked("index", *period, "--by", by, "--json"))
    assert len(rows) > 2
    for row in rows:
        for figure in ("scope", "late_by_instant", "open"):
            chosen = ["--period", row["month"]] if option is None else [option, row[by] or "-", *period]
            listed = json.loads(asked("dossiers", "--figure", figure, *chosen, "--json"))
            assert listed["total"] == row[figure], (row[by], figure)
    screen = asked("index", *period, "--by", by, "--lang", "en")
    assert f"motcua dossiers --figure late_by_instant --unit UNIT {option or '--period'}" in screen


def test_a_channel_there_is_not(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--home", str(tmp_path), "dossiers", "open", "--channel", "mail"]) == 2
    assert "online, postal, direct, -" in capsys.readouterr().err


@pytest.fixture
def still(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Run:
    """Runs commands on dossiers whose sources tell of no steps; one was late on a Saturday, after Friday's due."""
    view = View(1, 1, ZONE)
    friday = at("2026-08-14 17:00")
    view.table.apply([fact("a", due=friday, finished=friday + 20 * HOUR), fact("b", due=friday, finished=friday)])
    view.registry = Registry(ZONE, known(unit("H44.01", name="Sở Một"), unit("H44.02", name="Sở Hai", parent="H44")))
    view.marks[0].clock = PartitionClock(5, at("2026-08-20 08:00"))
    view.caught_up.set()
    answer_from(monkeypatch, view, simulated=False)

    def ran(*words: str, code: int = 0) -> str:
        assert main(["--home", str(tmp_path), *words]) == code
        told = capsys.readouterr()
        return told.out + told.err

    return ran


def test_late_without_working_delay_is_told(still: Run) -> None:
    answer = json.loads(still("blame", "--period", "2026-08", "--json"))
    assert (answer["late"], answer["without_working_delay"], answer["delay_us"], answer["units"]) == (1, 1, 0, [])
    listed = json.loads(still("dossiers", "--figure", "late_by_instant", "--period", "2026-08", "--json"))
    assert listed["total"] == answer["late"]
    assert "1 of them late with no working time between due and end" in still("blame", "--lang", "en")
    assert "1 hồ sơ quá hạn mà giữa hạn và lúc kết thúc không có giờ làm việc" in still("blame", "--lang", "vi")


@pytest.mark.parametrize("words", [["steps"], ["bottlenecks"], ["steps", "--list", "ended"]])
def test_an_empty_table_of_steps_says_why(words: list[str], still: Run) -> None:
    assert "There are no steps" in still(*words, "--period", "2026-08", "--lang", "en")


@pytest.mark.parametrize("words", [["steps"], ["bottlenecks"], ["steps", "--list", "ended"]])
def test_steps_of_another_period(words: list[str], run: Run) -> None:
    assert "Không bước nào kết thúc hoặc đang làm trong kỳ này" in run(*words, "--period", "01/2020", "--lang", "vi")


def test_an_unknown_unit_points_to_a_command_that_lists_them(still: Run) -> None:
    assert "motcua units list" in still("index", "H44.77", code=1)
    screen = still("units", "list", "sở hai", "--lang", "vi")
    assert "H44.02" in screen
    assert "H44.01" not in screen
    assert [one["unit"] for one in json.loads(still("units", "list", "--json"))] == ["H44", "H44.01", "H44.02"]
    assert "There is no such unit" in still("units", "list", "nowhere", "--lang", "en")
