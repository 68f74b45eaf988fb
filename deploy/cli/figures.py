"""Commands that show figures: indices of a unit and the dossiers behind a state. Counts nothing itself."""

from __future__ import annotations

from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer
from rich.table import Table

from deploy.cli.dates import parse_period
from deploy.cli.errors import USAGE, CommandError
from deploy.cli.services import Services
from deploy.cli.session import Session, session_of
from deploy.cli.stack import JsonOption
from deploy.cli.words import FIGURES, STATES, figure_name
from shared.clock import SystemClock
from shared.instants import local_date, parse_instant, to_rfc3339_local

__all__ = ["local_text", "register"]

_COLUMNS = ("received", "carried_over", "scope", "resolved", "open", "open_within_term", "late_by_date")
_COMPONENTS = ("2.1", "3.3")
_GROUPS = ("procedure", "channel", "month")


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command("index", help="Chỉ số theo kỳ / figures of a period.")(index)
    app.command("dossiers", help="Danh sách hồ sơ theo tình trạng / dossiers by state.")(dossiers)


def index(
    context: typer.Context,
    *,
    unit: Annotated[str | None, typer.Argument(help="Mã đơn vị; bỏ trống = tất cả / unit code; none = all.")] = None,
    first: Annotated[str | None, typer.Option("--from", help="Từ ngày (kể cả) / first day, YYYY-MM-DD.")] = None,
    last: Annotated[str | None, typer.Option("--to", help="Đến ngày (kể cả) / last day, YYYY-MM-DD.")] = None,
    children: Annotated[bool, typer.Option("--children", help="Kèm đơn vị trực thuộc / units below too.")] = False,
    by: Annotated[str | None, typer.Option(help="procedure | channel | month.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Show counts and components of a unit (itself and all below) over a period; without dates the current month."""
    session = session_of(context)
    if by is not None and by not in _GROUPS:
        wanted = ", ".join(_GROUPS)
        raise CommandError(f"--by: {by!r} không có; dùng {wanted}", f"--by: {by!r} unknown; use {wanted}", USAGE)
    parse_period(
        first, last, local_date(SystemClock().now(), ZoneInfo("Asia/Ho_Chi_Minh"))
    )  # mistakes before the stack
    services = Services(session)
    zone = ZoneInfo(services.stack.zone)
    clock = services.get("metrics", "/v1/status")["clock"]
    today = local_date(parse_instant(clock) if clock else SystemClock().now(), zone)
    start, end = parse_period(first, last, today)
    asked = {"unit": unit, "from": start.isoformat(), "to": end.isoformat(), "by": by, "children": children or None}
    answer = services.get("metrics", "/v1/indices", **asked)
    if as_json:
        session.print_json(answer["indices"])
        return
    session.mark_simulated(answer["simulated"])
    _show(session, answer["indices"], zone, by=by, period=f"{start} … {end}", rule=answer["rule"])


def _show(session: Session, indices: list[dict[str, Any]], zone: ZoneInfo, *, by: str | None, **head: str) -> None:
    if not indices:
        session.out.print(session.say("Không có hồ sơ nào trong kỳ.", "No dossier in this period."))
        return
    as_of = ", ".join(sorted({local_text(item["as_of"], zone) for item in indices}))
    session.out.print(
        f"{session.say('Kỳ', 'Period')} {head['period']} · {session.say('tính đến', 'as of')} {as_of} · "
        f"{session.say('quy tắc', 'rule')} {head['rule']}"
    )
    for note in sorted({item["note"] for item in indices if item.get("note")}):
        session.out.print(note, markup=False)
    if len(indices) == 1 and by is None:
        _show_one(session, indices[0])
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column(session.say("đơn vị", "unit"))
    if by:
        table.add_column({"procedure": "thủ tục", "channel": "kênh", "month": "tháng"}[by] if _vi(session) else by)
    for key in _COLUMNS:
        table.add_column(figure_name(key, session.language), justify="right")
    for code in _COMPONENTS:
        table.add_column(f"{code} % ({session.say('tử/mẫu', 'of')})", justify="right")
        table.add_column(session.say("điểm", "score"), justify="right")
    for item in indices:
        cells = [item["unit"] or session.say("tất cả", "all")]
        cells += [str(item.get(by) or "-")] if by else []
        cells += [_whole(item[key]) for key in _COLUMNS]
        for code in _COMPONENTS:
            cells += _component(item["components"][code])
        table.add_row(*cells)
    session.out.print(table)
    if by:
        session.out.print(
            session.say(
                "Các dòng không nhất thiết cộng lại bằng tổng (hồ sơ mở qua nhiều tháng có mặt ở mỗi tháng).",
                "Rows need not add up to the whole (a dossier open over several months stands in each).",
            ),
            style="dim",
        )


def _show_one(session: Session, item: dict[str, Any]) -> None:
    table = Table(box=None, pad_edge=False, show_header=False)
    table.add_column()
    table.add_column(justify="right")
    table.add_row(session.say("đơn vị", "unit"), item["unit"] or session.say("tất cả", "all"))
    for key in FIGURES:
        table.add_row(figure_name(key, session.language), _whole(item[key]))
    names = {
        "2.1": session.say("2.1 đúng hạn và trước hạn", "2.1 early or on time"),
        "3.3": session.say("3.3 nộp trực tuyến", "3.3 submitted online"),
    }
    for code in _COMPONENTS:
        share, score = _component(item["components"][code])
        table.add_row(names[code], f"{share}   {session.say('điểm', 'score')} {score}")
    session.out.print(table)


def dossiers(
    context: typer.Context,
    *,
    state: Annotated[str, typer.Option(help="overdue | due-soon | waiting | finding.")],
    unit: Annotated[str | None, typer.Option(help="Mã đơn vị / unit code.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="Số dòng / rows.")] = 50,
    as_json: JsonOption = False,
) -> None:
    """List the dossiers of a state as of the clock, by due date."""
    session = session_of(context)
    if state not in STATES:
        wanted = ", ".join(STATES)
        raise CommandError(
            f"--state: {state!r} không có; dùng {wanted}", f"--state: {state!r} unknown; use {wanted}", USAGE
        )
    services = Services(session)
    answer = services.get("metrics", "/v1/dossiers", state=state, unit=unit, limit=limit)
    if as_json:
        session.print_json(answer)
        return
    session.mark_simulated(answer["simulated"])
    zone = ZoneInfo(services.stack.zone)
    name = STATES[state][0 if _vi(session) else 1]
    as_of = local_text(answer["as_of"], zone)
    session.out.print(f"{name}: {answer['total']} · {session.say('tính đến', 'as of')} {as_of}")
    table = Table(box=None, pad_edge=False, header_style="bold")
    titles: tuple[tuple[str, str], ...] = (
        ("mã hồ sơ", "dossier"),
        ("đơn vị", "unit"),
        ("thủ tục", "procedure"),
        ("kênh", "channel"),
    )
    titles += (("tiếp nhận", "accepted"), ("hẹn trả", "due"), ("bất thường", "findings"))
    for vi, en in titles:
        table.add_column(session.say(vi, en))
    for row in answer["dossiers"]:
        table.add_row(
            *(row[key] or "-" for key in ("code", "unit", "procedure", "channel")),
            local_text(row["accepted_at"], zone),
            local_text(row["due"], zone),
            ", ".join(row["findings"]),
        )
    session.out.print(table)
    if answer["total"] > len(answer["dossiers"]):
        more = answer["total"] - len(answer["dossiers"])
        session.note(f"còn {more} hồ sơ nữa: tăng --limit", f"{more} more: raise --limit")


def local_text(instant: str | None, zone: ZoneInfo) -> str:
    """An instant of the wire as local date and time to the minute, for people; `-` for none."""
    return to_rfc3339_local(parse_instant(instant), zone)[:16].replace("T", " ") if instant else "-"


def _vi(session: Session) -> bool:
    return session.language == "vi"


def _whole(value: int | None) -> str:
    return "-" if value is None else str(value)


def _component(item: dict[str, Any]) -> list[str]:
    """Share with its exact counts, and score; a dash where a period has none yet."""
    if item["ratio"] is None:
        return [f"- ({item['numerator']}/{item['denominator']})", "-"]
    return [f"{item['ratio']} ({item['numerator']}/{item['denominator']})", item["score"]]
