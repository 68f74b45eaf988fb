"""The command that shows the figures of a period: counts, components of index 766 and shares. Counts nothing itself."""

from __future__ import annotations

from typing import Annotated, Any

import typer
from rich.table import Table

from motcua.cli.asking import (
    FirstOption,
    LastOption,
    PeriodOption,
    UnitArgument,
    UnitOption,
    UnitsOnOption,
    add_rows,
    checked_choice,
    show_head,
    table_of,
    unit_name,
    wanted_period,
)
from motcua.cli.dates import wire_date
from motcua.cli.figures.figure_words import GROUPS, FigureNames, figure_names, name_of, test_name
from motcua.cli.options import JsonOption
from motcua.cli.printing.local_forms import date_text, number_text
from motcua.cli.session import Session, session_of

__all__ = ["index"]

_COLUMNS = ("received", "scope", "resolved", "open", "open_within_term")
_BOTH_TESTS = ("late_by_instant", "late_by_date")
_GROUPS = ("procedure", "channel", "month")


def index(
    context: typer.Context,
    *,
    unit: UnitArgument = None,
    unit_option: UnitOption = None,
    first: FirstOption = None,
    last: LastOption = None,
    period: PeriodOption = None,
    children: Annotated[bool, typer.Option("--children", help="Kèm đơn vị trực thuộc / units below too.")] = False,
    by: Annotated[str | None, typer.Option(help="procedure | channel | month.")] = None,
    units_on: UnitsOnOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show counts, components and shares of a unit (itself and all below) over a period; without dates this month."""
    session = session_of(context)
    if by is not None:
        checked_choice("--by", by, _GROUPS)
    asked = {"unit": unit_name(unit, unit_option), "by": by, "children": children or None}
    asked["units_on"] = wire_date(units_on, "--units-on")
    wanted = wanted_period(session, first, last, period)
    answer = wanted.ask("/v1/indices", **asked)
    if as_json:
        session.print_json(answer["indices"])
        return
    indices = answer["indices"]
    if not indices:
        session.mark_simulated(answer["simulated"])
        session.out.print(session.say("Không có hồ sơ nào trong kỳ.", "No dossier in this period."))
        return
    # Months are periods of their own, each with its own T; the last one says how far things are known.
    head = {"from": wanted.first, "to": wanted.last, "as_of": indices[-1]["as_of"], "simulated": answer["simulated"]}
    show_head(session, head, wanted.zone, f"{session.say('quy tắc', 'rule')} {answer['rule']}")
    for note in sorted({item["note"] for item in indices if item.get("note")}):
        session.out.print(note, markup=False)
    names = figure_names(wanted.services, session.language)
    if len(indices) == 1 and by is None:
        session.out.print(_one(session, names, indices[0], answer["tests"]))
        return
    session.out.print(_many(session, names, indices, by, answer["tests"]["counts"]))
    session.out.print(
        _how_to_open(session, by, wanted.first.isoformat(), wanted.last.isoformat()), style="dim", markup=False
    )
    if by:
        session.out.print(
            session.say(
                "Các dòng không nhất thiết cộng lại bằng tổng (hồ sơ mở qua nhiều tháng có mặt ở mỗi tháng).",
                "Rows need not add up to the whole (a dossier open over several months stands in each).",
            ),
            style="dim",
        )


def _how_to_open(session: Session, by: str | None, first: str, last: str) -> str:
    """The command that lists the dossiers behind a number of a row, with what stands in the row."""
    unit = session.say("MÃ_ĐƠN_VỊ", "UNIT")
    procedure = session.say("MÃ_THỦ_TỤC", "PROCEDURE")
    row = {
        None: "",
        "procedure": f" --procedure {procedure}",
        "channel": " --channel online|postal|direct|-",
        "month": session.say(" --period THÁNG", " --period MONTH"),
    }[by]
    period = "" if by == "month" else f" --from {first} --to {last}"
    command = f"motcua dossiers --figure late_by_instant --unit {unit}{row}{period}"
    return session.say(f"Mở một dòng: `{command}`", f"To open a row: `{command}`")


def _many(
    session: Session, names: FigureNames, indices: list[dict[str, Any]], by: str | None, tests: dict[str, Any]
) -> Table:
    """A line for each unit or group."""
    language = session.language
    titles = [name_of(GROUPS, key, language) for key in ("unit", by) if key]
    figures = [names.figure(key, tests) for key in (*_COLUMNS, *_BOTH_TESTS)]
    for code in names.components:
        figures += [f"{code} % ({session.say('tử/mẫu', 'of')})", session.say("điểm", "score")]
    table = table_of(titles, figures)
    for item in indices:
        cells = [item["unit"] or session.say("tất cả", "all")]
        cells += [date_text(str(item.get(by) or "-"))] if by else []
        cells += [item[key] for key in (*_COLUMNS, *_BOTH_TESTS)]
        for code in names.components:
            cells += [_share(item["components"][code]), number_text(item["components"][code]["score"])]
        add_rows(table, cells)
    return table


def _one(session: Session, names: FigureNames, item: dict[str, Any], tests: dict[str, dict[str, Any]]) -> Table:
    """All figures of one index below one another, each with the test it judges by."""
    language = session.language
    table = table_of(
        [session.say("chỉ tiêu", "figure"), session.say("xét theo", "judged by")], [session.say("số", "count")]
    )
    unit = item["unit"] or session.say("tất cả", "all")
    add_rows(table, [session.say("đơn vị", "unit"), " ", f"{unit} {item.get('unit_name') or ''}".strip()])
    for key in names.beside:
        add_rows(table, [names.figure(key), test_name(tests["counts"].get(key), language), item[key]])
    for code in names.components:
        component, name = item["components"][code], names.component(code)
        score = f"{session.say('điểm', 'score')} {number_text(component['score']) or '-'}"
        add_rows(table, [name, test_name(tests["components"][code], language), f"{_share(component)}   {score}"])
    for key, share in item["shares"].items():
        add_rows(table, [f"{names.share(key)} %", test_name(tests["shares"].get(key), language), _share(share)])
    return table


def _share(item: dict[str, Any]) -> str:
    """A share with its exact counts; a dash where a period has none yet."""
    return f"{number_text(item['ratio']) or '-'} ({item['numerator']}/{item['denominator']})"
