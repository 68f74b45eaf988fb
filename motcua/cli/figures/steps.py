"""Commands about who takes how long: steps against budgets, whose delay it is, bottlenecks. Measures nothing itself."""

from __future__ import annotations

from typing import Annotated, Any, Final

import typer
from rich.table import Table

from motcua.cli.asking import (
    FirstOption,
    LastOption,
    PeriodOption,
    UnitArgument,
    UnitOption,
    UnitsOnOption,
    Wanted,
    add_rows,
    checked_choice,
    hours_text,
    judged_by,
    local_text,
    note_limits,
    show_head,
    table_of,
    unit_name,
    wanted_period,
)
from motcua.cli.dates import wire_date
from motcua.cli.figures.figure_words import GROUPS, FigureNames, figure_names, name_of
from motcua.cli.options import JsonOption
from motcua.cli.printing.local_forms import number_text
from motcua.cli.session import Session, session_of
from shared.instants import MINUTE

__all__ = ["STEP_LISTS", "blame", "bottlenecks", "steps"]

_BY: Final = ("unit-step", "unit", "step", "procedure")
_COLUMNS: Final = (
    "ended",
    "with_budget",
    "over_budget",
    "over_share",
    "over_us",
    "median_us",
    "p90_us",
    "under_way",
    "over_now",
    "over_so_far_us",
)
#: Counts of steps that a list can be asked for, as the help names them without asking anybody.
STEP_LISTS: Final = ("ended", "with_budget", "over_budget", "over_on_time", "under_way", "over_now")
_LISTED: Final = " | ".join(STEP_LISTS)
_RANKED: Final = ("total_over_us", "over_budget", "over_share", "p90_us", "under_way", "over_now")
_HOURS: Final = ("thời gian: giờ:phút làm việc", "times: working hours:minutes")


def steps(
    context: typer.Context,
    *,
    unit: UnitArgument = None,
    unit_option: UnitOption = None,
    first: FirstOption = None,
    last: LastOption = None,
    period: PeriodOption = None,
    by: Annotated[str, typer.Option(help=f"{' | '.join(_BY)}.")] = "unit-step",
    procedure: Annotated[str | None, typer.Option(help="Mã thủ tục / procedure code.")] = None,
    listed: Annotated[
        str | None,
        typer.Option("--list", help=f"Từng lượt: {_LISTED} / the occurrences: {_LISTED}."),
    ] = None,
    step: Annotated[str | None, typer.Option(help="Với --list: bước / with --list: the step.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="Với --list: số dòng / with --list: rows.")] = 50,
    units_on: UnitsOnOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show how long units hold steps (median, p90), the share over budget, and what is under way now."""
    session = session_of(context)
    checked_choice("--by", by, _BY)
    asked: dict[str, Any] = {
        "unit": unit_name(unit, unit_option),
        "procedure": procedure,
        "units_on": wire_date(units_on, "--units-on"),
    }
    if listed is not None:
        checked_choice("--list", listed, STEP_LISTS)
        wanted = wanted_period(session, first, last, period)
        _occurrences(session, wanted, {**asked, "figure": listed, "step": step, "limit": limit}, as_json=as_json)
        return
    wanted = wanted_period(session, first, last, period)
    answer = wanted.ask("/v1/steps", by=by, **asked)
    if as_json:
        session.print_json(answer)
        return
    keys = by.split("-")
    show_head(session, answer, wanted.zone, judged_by(session, answer["test"]), session.say(*_HOURS))
    if not answer["groups"]:
        session.out.print(_why_no_steps(session, wanted, asked), markup=False)
        return
    table = _figures_table(session, figure_names(wanted.services, session.language), keys, _COLUMNS)
    for group in answer["groups"]:
        add_rows(table, [*(_key(session, group, key) for key in keys), *_cells(group, _COLUMNS)])
    whole = [session.say("tất cả", "all"), *[" "] * (len(keys) - 1)]
    add_rows(table, [*whole, *_cells(answer["total"], _COLUMNS)], style="bold")
    session.out.print(table)
    kept = answer["total"]["over_on_time"]
    session.note(
        f"{kept} lượt quá định mức mà hồ sơ vẫn đúng hạn: --list over_on_time",
        f"{kept} over budget in dossiers on time all the same: --list over_on_time",
    )


def _occurrences(session: Session, wanted: Wanted, asked: dict[str, Any], *, as_json: bool) -> None:
    answer = wanted.ask("/v1/steps/occurrences", **asked)
    if as_json:
        session.print_json(answer)
        return
    name = figure_names(wanted.services, session.language).step(asked["figure"])
    show_head(session, answer, wanted.zone, f"{name}: {answer['total']}", session.say(*_HOURS))
    note_limits(session, answer)
    if not answer["total"]:
        known = {key: asked[key] for key in ("unit", "procedure", "units_on")}
        session.out.print(_why_no_steps(session, wanted, known, over=True), markup=False)
        return
    words: tuple[tuple[str, str], ...] = (("mã hồ sơ", "dossier"), ("bước", "step"), ("đơn vị", "unit"))
    words += (("từ", "from"), ("đến", "to"), ("hạn", "due"))
    numbers = (("định mức", "budget"), ("giữ", "held"), ("quá", "over"))
    table = table_of([session.say(*title) for title in words], [session.say(*title) for title in numbers])
    for item in answer["occurrences"]:
        told = [item[key] for key in ("began_at", "ended_at", "due")]
        instants = [local_text(one, wanted.zone, told) for one in told]
        budget = None if item["budget"] is None else hours_text(item["budget"] * MINUTE)
        times = [budget, hours_text(item["used_us"]), hours_text(item["over_us"])]
        add_rows(table, [item["code"], item["step"], _unit(session, item), *instants, *times])
    session.out.print(table)
    more = answer["total"] - len(answer["occurrences"])
    if more > 0:
        session.note(f"còn {more} lượt nữa: tăng --limit", f"{more} more: raise --limit")


def bottlenecks(
    context: typer.Context,
    *,
    unit: UnitArgument = None,
    unit_option: UnitOption = None,
    first: FirstOption = None,
    last: LastOption = None,
    period: PeriodOption = None,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="Số dòng / rows.")] = 20,
    units_on: UnitsOnOption = None,
    as_json: JsonOption = False,
) -> None:
    """Rank the units and steps that took longer than their budgets, the worst first."""
    session = session_of(context)
    asked = {"unit": unit_name(unit, unit_option), "limit": limit, "units_on": wire_date(units_on, "--units-on")}
    wanted = wanted_period(session, first, last, period)
    answer = wanted.ask("/v1/bottlenecks", **asked)
    if as_json:
        session.print_json(answer)
        return
    show_head(session, answer, wanted.zone, session.say(*_HOURS))
    if not answer["bottlenecks"]:
        session.out.print(_why_no_steps(session, wanted, {**asked, "limit": None}, over=True), markup=False)
        return
    session.out.print(answer["note"], markup=False)
    names = figure_names(wanted.services, session.language)
    table = _figures_table(session, names, ["rank", "unit", "step"], _RANKED)
    for item in answer["bottlenecks"]:
        add_rows(table, [item["rank"], _unit(session, item), item["step"], *_cells(item, _RANKED)])
    session.out.print(table)


def blame(
    context: typer.Context,
    *,
    unit: UnitArgument = None,
    unit_option: UnitOption = None,
    first: FirstOption = None,
    last: LastOption = None,
    period: PeriodOption = None,
    units_on: UnitsOnOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show by whom the dossiers a unit is accountable for were delayed, and who holds the overdue ones now."""
    session = session_of(context)
    named = unit_name(unit, unit_option)
    wanted = wanted_period(session, first, last, period)
    answer = wanted.ask("/v1/blame", unit=named, units_on=wire_date(units_on, "--units-on"))
    if as_json:
        session.print_json(answer)
        return
    show_head(session, answer, wanted.zone, judged_by(session, answer["test"]), session.say(*_HOURS))
    late = session.say("quá hạn", "late")
    session.out.print(f"{late}: {answer['late']} · {session.say('trễ', 'delay')} {hours_text(answer['delay_us'])}")
    titles = (session.say("đơn vị", "unit"), session.say("hồ sơ", "dossiers"), session.say("trễ", "delay"), "%")
    table = table_of(titles[:1], titles[1:])
    for part in answer["units"]:
        add_rows(
            table, [_unit(session, part), part["dossiers"], hours_text(part["delay_us"]), number_text(part["share"])]
        )
    if answer["units"]:
        session.out.print(table)
    none = answer["without_working_delay"]
    if none:
        session.out.print(
            session.say(
                f"{none} hồ sơ quá hạn mà giữa hạn và lúc kết thúc không có giờ làm việc: trễ 0:00, không thuộc đơn vị "
                "nào (xem: motcua dossiers --figure late_by_instant)",
                f"{none} of them late with no working time between due and end: delay 0:00, no unit's part "
                "(see: motcua dossiers --figure late_by_instant)",
            ),
            markup=False,
        )
    names = figure_names(wanted.services, session.language)
    for figure in ("on_time_with_step_over", "late_within_budgets"):
        name = names.figure(figure)
        session.out.print(f"{name}: {answer[figure]} (motcua dossiers --figure {figure})", markup=False)
    overdue = answer["overdue"]
    as_of = f"{session.say('tính đến', 'as of')} {local_text(answer['clock'], wanted.zone)}"
    words = f"{session.say('đang quá hạn', 'overdue now')}: {overdue['dossiers']} · {as_of}"
    session.out.print(f"{words} · {session.say('trễ', 'delay')} {hours_text(overdue['delay_us'])}", markup=False)
    holders = table_of([session.say("đang giữ", "with")], titles[1:3])
    for item in overdue["holders"]:
        holder = session.say("người nộp", "the applicant") if item["holder"] is None else item["holder"]
        name = f"{holder} {item['holder_name'] or ''}".strip()
        add_rows(holders, [name, item["dossiers"], hours_text(item["delay_us"])])
    if overdue["holders"]:
        session.out.print(holders)


def _why_no_steps(session: Session, wanted: Wanted, asked: dict[str, Any], *, over: bool = False) -> str:
    """Why a table of steps would be empty: no step was ever told of, or none in this period, or none of this kind."""
    ever: dict[str, Any] = {"by": "step", "from": "1900-01-01", "to": "2199-12-31", **asked}
    if not wanted.services.get("metrics", "/v1/steps", **ever)["groups"]:
        return session.say(
            "Chưa có bước nào: dữ liệu không cho biết đơn vị nào làm bước nào. Bước đến từ bản ghi step.assigned và "
            "step.completed (docs/guides/routes.md).",
            "There are no steps: nothing says which unit did which step. Steps come with entries step.assigned and "
            "step.completed (docs/guides/routes.md).",
        )
    if not over or not wanted.ask("/v1/steps", by="step", **asked)["groups"]:
        return session.say(
            "Không bước nào kết thúc hoặc đang làm trong kỳ này; chọn kỳ khác bằng --period hoặc --from, --to.",
            "No step ended or was under way in this period; choose another by --period, or --from and --to.",
        )
    return session.say(
        "Trong kỳ có bước được thực hiện, nhưng không bước nào thuộc loại này.",
        "Steps were done in this period, but none of this kind.",
    )


def _figures_table(session: Session, names: FigureNames, keys: list[str], columns: tuple[str, ...]) -> Table:
    heads = ["#" if key == "rank" else name_of(GROUPS, key, session.language) for key in keys]
    return table_of(heads, [names.step(key) for key in columns])


def _cells(group: dict[str, Any], columns: tuple[str, ...]) -> list[Any]:
    return [
        hours_text(group[key])
        if key.endswith("_us")
        else number_text(group[key])
        if key.endswith("_share")
        else group[key]
        for key in columns
    ]


def _key(session: Session, group: dict[str, Any], key: str) -> str:
    """What a group is of, in words: the unit or procedure with its name."""
    if key == "unit":
        return _unit(session, group)
    name = group.get(f"{key}_name")
    return f"{group[key]} {name}" if name else str(group[key] or "-")


def _unit(session: Session, item: dict[str, Any]) -> str:
    if item["unit"] is None:
        return session.say("chưa giao", "unassigned")
    return f"{item['unit']} {item['unit_name']}" if item.get("unit_name") else str(item["unit"])
