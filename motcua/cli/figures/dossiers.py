"""Commands that list dossiers: by state, behind a figure, and what is due on a day by who holds it. Counts nothing."""

from __future__ import annotations

from typing import Annotated, Any, Final
from zoneinfo import ZoneInfo

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
    judged_by,
    local_text,
    note_limits,
    table_of,
    unit_name,
    wanted_period,
)
from motcua.cli.dates import wire_date
from motcua.cli.errors import USAGE, CommandError
from motcua.cli.figures.figure_words import STATES, figure_names
from motcua.cli.options import JsonOption
from motcua.cli.printing.local_forms import date_text
from motcua.cli.services import Services
from motcua.cli.session import Session, session_of
from motcua.cli.words import detail_name

__all__ = ["dossiers", "due_list"]

_STATES = " | ".join(STATES)
#: How tables show dossiers without a procedure or channel.
_NONE: Final = "-"
_CHANNELS: Final = ("online", "postal", "direct")
_LimitOption = Annotated[int, typer.Option(min=1, max=10_000, help="Số dòng / rows.")]
_OffsetOption = Annotated[int, typer.Option(min=0, help="Bỏ qua số dòng đầu / rows to leave out first.")]


def dossiers(
    context: typer.Context,
    *,
    named: Annotated[str | None, typer.Argument(metavar="[STATE]", help=f"{_STATES}.")] = None,
    state: Annotated[
        str | None, typer.Option("--state", help="Như tham số cùng nghĩa / the same as the argument.")
    ] = None,
    figure: Annotated[
        str | None,
        typer.Option(help="Hồ sơ của một chỉ tiêu trong kỳ, như late_by_instant / of a figure, such as 2.1.numerator."),
    ] = None,
    unit: Annotated[str | None, typer.Option(help="Mã đơn vị, kèm cấp dưới / unit code, with all below.")] = None,
    procedure: Annotated[
        str | None, typer.Option(help="Mã thủ tục; - là không có / procedure code; - for those without.")
    ] = None,
    channel: Annotated[
        str | None,
        typer.Option(
            help=f"Kênh: {' | '.join(_CHANNELS)}; - là không / channel: {' | '.join(_CHANNELS)}; - for those without."
        ),
    ] = None,
    first: FirstOption = None,
    last: LastOption = None,
    period: PeriodOption = None,
    limit: _LimitOption = 50,
    offset: _OffsetOption = 0,
    units_on: UnitsOnOption = None,
    as_json: JsonOption = False,
) -> None:
    """List the dossiers of a state as of the clock, or behind a figure of a period, by due date."""
    session = session_of(context)
    state = state or named
    if (state is None) == (figure is None):
        raise CommandError(
            "nêu một trong hai: --state (tình trạng) hoặc --figure (chỉ tiêu)",
            "name one of the two: --state or --figure",
            USAGE,
        )
    if channel is not None:
        checked_choice("--channel", channel, (*_CHANNELS, _NONE))
    having = {name: "" if value == _NONE else value for name, value in (("procedure", procedure), ("channel", channel))}
    asked = {"unit": unit, **having, "limit": limit, "offset": offset}
    asked["units_on"] = wire_date(units_on, "--units-on")
    if state is not None:
        checked_choice("--state", state, STATES)
        if first or last or period:
            raise CommandError(
                "--state là tình trạng hiện tại; --from, --to, --period chỉ dùng với --figure",
                "--state is as of now; --from, --to and --period go with --figure",
                USAGE,
            )
        services = Services(session)
        answer = services.get("metrics", "/v1/dossiers", state=state, **asked)
        zone, period_text = ZoneInfo(services.stack.zone), ""
    else:
        wanted = wanted_period(session, first, last, period)
        answer = wanted.ask("/v1/dossiers", figure=figure, **asked)
        services, zone = wanted.services, wanted.zone
        period_text = f" · {date_text(wanted.first.isoformat())} … {date_text(wanted.last.isoformat())}"
    if as_json:
        session.print_json(answer)
        return
    session.mark_simulated(answer["simulated"])
    names = figure_names(services, session.language)
    title = f"{names.list_of(figure or '') if state is None else names.state(state)}{period_text}"
    as_of = local_text(answer["as_of"], zone, [row["due"] for row in answer["dossiers"]])
    words = [f"{title}: {answer['total']}", f"{session.say('tính đến', 'as of')} {as_of}"]
    if answer.get("test"):
        words.append(judged_by(session, answer["test"]))
    session.out.print(" · ".join(words), markup=False)
    if answer["dossiers"]:
        session.out.print(_rows(session, answer["dossiers"], zone, answer["as_of"]))
    _say_more(session, answer, offset)
    note_limits(session, answer)


def _say_more(session: Session, answer: dict[str, Any], offset: int) -> None:
    shown = offset + len(answer["dossiers"])
    if answer["total"] > shown:
        more = answer["total"] - shown
        session.note(f"còn {more} hồ sơ nữa: tăng --limit", f"{more} more: raise --limit")


def _rows(session: Session, rows: list[dict[str, Any]], zone: ZoneInfo, as_of: str | None) -> Table:
    titles = (
        ("mã hồ sơ", "dossier"),
        ("đơn vị", "unit"),
        ("thủ tục", "procedure"),
        ("kênh", "channel"),
        ("tiếp nhận", "accepted"),
        ("hẹn trả", "due"),
        ("đang giữ", "with"),
        ("bất thường", "findings"),
    )
    table = table_of([session.say(vi, en) for vi, en in titles])
    for row in rows:
        channel = row["channel"] and detail_name(row["channel"], session.language)
        findings = ", ".join(detail_name(code, session.language) for code in row["findings"])
        instants = [local_text(row["accepted_at"], zone), local_text(row["due"], zone, [as_of])]
        cells = [row["code"], row["unit"], row["procedure"], channel, *instants]
        add_rows(table, [*cells, ", ".join(row["holders"]), findings])
    return table


def due_list(
    context: typer.Context,
    *,
    unit: UnitArgument = None,
    unit_option: UnitOption = None,
    day: Annotated[
        str | None, typer.Option(help="Ngày đến hạn; bỏ trống = hôm nay / day of the due, YYYY-MM-DD; none = today.")
    ] = None,
    limit: _LimitOption = 50,
    offset: _OffsetOption = 0,
    units_on: UnitsOnOption = None,
    as_json: JsonOption = False,
) -> None:
    """List what is due on a day and what is overdue, by the unit that holds it now (itself and all below)."""
    session = session_of(context)
    asked = {"day": wire_date(day, "--day"), "units_on": wire_date(units_on, "--units-on")}
    held_by = unit_name(unit, unit_option)
    services = Services(session)
    answer = services.get("metrics", "/v1/due-list", unit=held_by, limit=limit, offset=offset, **asked)
    if as_json:
        session.print_json(answer)
        return
    session.mark_simulated(answer["simulated"])
    zone = ZoneInfo(services.stack.zone)
    due, overdue = session.say("đến hạn", "due"), session.say("quá hạn", "overdue")
    as_of = local_text(answer["as_of"], zone, [row["due"] or row["limit"] for row in answer["dossiers"]])
    words = [
        f"{due} {date_text(answer['day'] or '-')}: {answer['due']}",
        f"{overdue}: {answer['overdue']}",
        f"{session.say('tính đến', 'as of')} {as_of}",
    ]
    session.out.print(" · ".join(words), markup=False)
    held = session.say("đang giữ", "with")
    holders = table_of([held], [due, overdue])
    for item in answer["holders"]:
        add_rows(holders, [_holder(session, item["holder"], item["holder_name"]), item["due"], item["overdue"]])
    session.out.print(holders)
    titles = (
        session.say("mã hồ sơ", "dossier"),
        held,
        session.say("đơn vị", "unit"),
        session.say("thủ tục", "procedure"),
        session.say("hẹn trả", "due"),
        session.say("tình trạng", "state"),
    )
    table = table_of(titles)
    for row in answer["dossiers"]:
        with_ = ", ".join(_holder(session, code, None) for code in row["held_by"])
        state = {"due": due, "overdue": overdue}[row["state"]]
        bound = local_text(row["due"] or row["limit"], zone, [answer["as_of"]])
        add_rows(table, [row["code"], with_, row["unit"], row["procedure"], bound, state])
    session.out.print(table)
    _say_more(session, answer, offset)
    note_limits(session, answer)


def _holder(session: Session, code: str | None, name: str | None) -> str:
    """Who holds dossiers; none is the applicant, who owes a supplement or a fee."""
    if code is None:
        return session.say("người nộp", "the applicant")
    return f"{code} {name}" if name else code
