"""The command that lists figures from outside: what was entered of units, by whom, and which entry holds."""

from __future__ import annotations

from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer

from motcua.cli.asking import UnitArgument, UnitOption, UnitsOnOption, add_rows, local_text, table_of, unit_name
from motcua.cli.dates import named_period, wire_date
from motcua.cli.errors import USAGE, CommandError
from motcua.cli.options import JsonOption
from motcua.cli.printing.local_forms import date_text, number_text
from motcua.cli.services import Services
from motcua.cli.session import Session, session_of
from motcua.cli.words import detail_name

__all__ = ["entered"]


def entered(
    context: typer.Context,
    *,
    unit: UnitArgument = None,
    unit_option: UnitOption = None,
    indicator: Annotated[str | None, typer.Option(help="Chỉ mã này, như 1.4.reported / only this code.")] = None,
    first: Annotated[
        str | None, typer.Option("--from", help="Kỳ bắt đầu đúng ngày này / periods that begin on exactly this day.")
    ] = None,
    last: Annotated[
        str | None, typer.Option("--to", help="Kỳ kết thúc đúng ngày này / periods that end on exactly this day.")
    ] = None,
    period: Annotated[
        str | None,
        typer.Option("--period", help="Đúng kỳ này: 2026 | 2026-Q3 | 08/2026 / exactly this period: 2026-08."),
    ] = None,
    superseded: Annotated[
        bool,
        typer.Option("--superseded", help="Cả mục đã bị mục khác thay / also what another entry stands in for."),
    ] = False,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="Số dòng / rows.")] = 50,
    offset: Annotated[int, typer.Option(min=0, help="Bỏ qua số dòng đầu / rows to leave out first.")] = 0,
    units_on: UnitsOnOption = None,
    as_json: JsonOption = False,
) -> None:
    """List figures from outside (`indicator.entered`), the newest period first, and whose entry each comes from."""
    session = session_of(context)
    asked: dict[str, Any] = {"unit": unit_name(unit, unit_option), "indicator": indicator}
    asked |= _days(first, last, period)
    asked |= {"superseded": superseded or None, "limit": limit, "offset": offset}
    asked["units_on"] = wire_date(units_on, "--units-on")
    services = Services(session)
    answer = services.get("metrics", "/v1/entered", **asked)
    if as_json:
        session.print_json(answer)
        return
    session.mark_simulated(answer["simulated"])
    zone = ZoneInfo(services.stack.zone)
    title = session.say("Số liệu nhập", "Entered figures")
    as_of = f"{session.say('tính đến', 'as of')} {local_text(answer['as_of'], zone)}"
    session.out.print(f"{title}: {answer['total']} · {as_of}", markup=False)
    if answer["figures"]:
        _show(session, answer["figures"], zone, superseded=superseded)
    if (more := answer["total"] - offset - len(answer["figures"])) > 0:
        session.note(f"còn {more} số liệu nữa: tăng --limit", f"{more} more: raise --limit")


def _days(first: str | None, last: str | None, period: str | None) -> dict[str, str | None]:
    """The days a period must begin and end on."""
    if period is None:
        return {"from": wire_date(first, "--from"), "to": wire_date(last, "--to")}
    if first or last:
        raise CommandError("--period thay cho --from và --to", "--period stands in for --from and --to", USAGE)
    named = named_period(period)
    return {"from": named[0].isoformat(), "to": named[1].isoformat()}


def _show(session: Session, figures: list[dict[str, Any]], zone: ZoneInfo, *, superseded: bool) -> None:
    """A figure a row; where others were asked for, too, whether it is the one that holds."""
    titles = [
        ("chỉ số", "indicator"),
        ("đơn vị", "unit"),
        ("từ", "from"),
        ("đến", "to"),
        *([("hiệu lực", "holds")] if superseded else []),
        ("số liệu", "figure"),
        ("nhập lúc", "entered"),
        ("nguồn", "source"),
        ("chủ thể", "subject"),
        ("mã", "id"),
        ("văn bản", "document"),
        ("bất thường", "findings"),
    ]
    table = table_of([session.say(vi, en) for vi, en in titles])
    for one in figures:
        days = [date_text(one[name]) for name in ("first_day", "last_day")]
        holds = ["✓" if one["holds"] else "-"] if superseded else []
        by = [local_text(one["entered_at"], zone), one["source"], one["subject"], one["id"], one["document"]]
        findings = ", ".join(detail_name(code, session.language) for code in one["findings"])
        add_rows(table, [one["indicator"], one["unit"], *days, *holds, _figure(one), *by, findings])
    session.out.print(table)


def _figure(one: dict[str, Any]) -> str:
    """A share as numerator / denominator, a value as a number."""
    if one["denominator"] is None:
        return str(number_text(one["value"]))
    return f"{one['numerator']} / {one['denominator']}"
