"""Commands about units: load them, merge them, hand open dossiers over to their successors."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from motcua.cli.dates import parse_date
from motcua.cli.errors import FAILURE, USAGE, CommandError
from motcua.cli.front.commands import Commands
from motcua.cli.options import JsonOption
from motcua.cli.reference.loading.dating import Plan
from motcua.cli.reference.loading.divisions import UNIT_COLUMNS, division_units, file_units
from motcua.cli.reference.loading.merging import hand_over_entries, merge_entries
from motcua.cli.reference.reference_files import dating, known_since, read_table, show_problems
from motcua.cli.sending import (
    Sending,
    plan_sending,
    plan_words,
    send_entries,
    show_anew,
    show_refusals,
    wait_everywhere,
)
from motcua.cli.services import Services
from motcua.cli.session import Session, session_of
from shared.instants import parse_instant
from shared.texts.normal_form import normal_form, spellings

__all__ = ["units"]

units = Commands(no_args_is_help=True)
_PAGE = 1_000


@units.callback()
def _units() -> None:
    """Đơn vị / units."""


@units.command(
    "load", help="Nạp đơn vị: tệp CSV, hoặc tỉnh và xã từ 1/7/2025 / load units: a CSV file, or provinces and communes."
)
def load(
    context: typer.Context,
    *,
    file: Annotated[
        Path | None,
        typer.Argument(
            help=f"CSV: {', '.join(UNIT_COLUMNS)}; trống: tỉnh, xã / CSV: {', '.join(UNIT_COLUMNS)}; none: divisions."
        ),
    ] = None,
    province: Annotated[
        list[str] | None,
        typer.Option(
            help="Tỉnh theo mã hai số, kèm mã đơn vị: 15=H38 / province by two digits, with its code as a unit: 15=H38."
        ),
    ] = None,
    at: Annotated[
        str | None, typer.Option(help="Biết từ ngày (mặc định ngày hiệu lực) / known since (default: valid from).")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Chỉ đọc, không gửi / read, send nothing.")] = False,
    as_json: JsonOption = False,
) -> int:
    """Register units from a file, or the 34 provinces and 3,321 communes of the two-level administration."""
    session = session_of(context)
    services = None if dry_run else Services(session)
    zone = session.zone if services is None else services.stack.zone
    simulated = services is not None and services.stack.simulated
    problems: list[dict[str, Any]] = []
    times = dating(at, zone, by_row=True)
    if file is None:
        entries = _divisions(province, times.since, simulated=simulated)
    else:
        entries, found = file_units(read_table(file, ("unit",)), times.since, simulated=simulated)
        problems = show_problems(session, file, found)
    told: dict[str, Any] = {"units": len(entries), "problems": problems}
    sent, made = Sending(), Plan()
    if services is not None:
        made = plan_sending(services, entries, times.moves)
        show_anew(session, made, times.zone)
        sent = _send(session, services, made.send)
        told |= made.as_json() | {"accepted": sent.accepted, "refused": [one.problem for one in sent.refused]}
    if as_json:
        session.print_json(told)
    else:
        counts = len(entries), len(problems), len(sent.refused)
        session.out.print(
            session.say(
                "{} đơn vị, {} lỗi, {} bị từ chối".format(*counts), "{} units, {} problems, {} refused".format(*counts)
            )
            + plan_words(session, made)
        )
    return FAILURE if problems or sent.refused else 0


def _divisions(
    province: list[str] | None, since: Callable[[date | None], int], *, simulated: bool
) -> list[dict[str, Any]]:
    chosen = None
    if province:
        chosen = {}
        for word in province:
            code, _, unit = word.partition("=")
            chosen[code] = unit or f"VN-{code}"
    try:
        return division_units(since, provinces=chosen, simulated=simulated)
    except KeyError as error:
        raise CommandError(
            f"--province: không có tỉnh mã {error.args[0]}; dùng mã hai số của Tổng cục Thống kê, như 15=H38",
            f"--province: there is no province {error.args[0]}; use the two digits of the statistics office, as 15=H38",
            USAGE,
        ) from error


def _send(session: Session, services: Services, entries: list[dict[str, Any]]) -> Sending:
    sent = send_entries(session, services, entries, "gửi", "sending")
    show_refusals(session, sent.refused)
    wait_everywhere(session, services)
    return sent


@units.command("merge", help="Sáp nhập đơn vị và bàn giao hồ sơ đang mở / merge units, hand open dossiers over.")
def merge(
    context: typer.Context,
    *,
    old: Annotated[list[str], typer.Argument(help="Đơn vị bị sáp nhập / units that end.")],
    into: Annotated[str, typer.Option(help="Đơn vị kế thừa / the successor.")],
    on: Annotated[str, typer.Option(help="Từ ngày, như 31/08/2026 / from this day on, YYYY-MM-DD.")],
    document: Annotated[str | None, typer.Option(help="Văn bản / the document that ordered it.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Chỉ đếm, không gửi / count, send nothing.")] = False,
    as_json: JsonOption = False,
) -> int:
    """End units by a day and give every open dossier of theirs to the successor, one entry each; safe to repeat."""
    session = session_of(context)
    services = Services(session)
    day = parse_date(on, "--on")
    time = known_since(None, services.stack.zone, day)
    simulated = services.stack.simulated
    if time < known_since(on, services.stack.zone, None, cut=False):
        raise CommandError(
            f"--on {on} chưa tới; chạy lệnh vào hoặc sau ngày đó",
            f"--on {on} is still to come; run this on that day or later",
            USAGE,
        )
    to = {code: (into, max(time, since)) for unit in old for code, since in _open_dossiers(services, unit)}
    moved = len(to)
    told: dict[str, Any] = {"units": old, "into": into, "open_dossiers": moved}
    refused = 0
    if not dry_run:
        known = {unit: _current(services, unit) for unit in old}
        entries = merge_entries(known, into, day, document, time, simulated=simulated)
        sent = _send(session, services, plan_sending(services, entries).entries)
        told |= {"refused": [one.problem for one in sent.refused]}
        refused = len(sent.refused)
        if not refused:
            handed = hand_over_entries(to, f"merge {on} {into}", simulated=simulated)
            given = _send(session, services, handed)
            refused = len(given.refused)
            told |= {"handed_over": given.accepted}
    if as_json:
        session.print_json(told)
    else:
        session.out.print(
            session.say(
                f"{', '.join(old)} → {into} từ {on}: {moved} hồ sơ đang mở {'sẽ được' if dry_run else 'đã'} bàn giao",
                f"{', '.join(old)} → {into} from {on}: {moved} open dossiers {'would be' if dry_run else 'were'} "
                "handed over",
            )
        )
    return FAILURE if refused else 0


def _open_dossiers(services: Services, unit: str) -> list[tuple[str, int]]:
    """The open dossiers a unit itself is accountable for: code and acceptance."""
    found: list[tuple[str, int]] = []
    seen = 0
    while True:
        asked = {"unit": unit, "state": "open", "limit": _PAGE, "offset": seen}
        page = services.get("metrics", "/v1/dossiers", **asked)["dossiers"]
        seen += len(page)
        # Those of the units below stay where they are: their unit does not end.
        own = spellings(unit)
        found += [(row["code"], parse_instant(row["accepted_at"])) for row in page if row["unit"] in own]
        if len(page) < _PAGE:
            return found


def _current(services: Services, unit: str) -> dict[str, Any]:
    """The newest version of a unit that is known; nothing but its code for an unregistered one."""
    entries = services.get("intake", "/v1/reference", kind="unit", code=unit)["entries"]
    data = [entry["data"] for entry in entries]
    return max(data, key=lambda one: one.get("valid_from") or "", default={"unit": unit})


@units.command(
    "hand-over",
    help="Bàn giao hồ sơ theo tệp CSV code,unit (chia tách) / hand dossiers over by a CSV file code,unit (a split).",
)
def hand_over(
    context: typer.Context,
    *,
    file: Annotated[Path, typer.Argument(help="CSV: code,unit.")],
    name: Annotated[str, typer.Option(help="Tên đợt bàn giao, gửi lại không trùng / name of this hand-over.")],
    on: Annotated[str, typer.Option(help="Từ ngày, như 31/08/2026 / from this day on, YYYY-MM-DD.")],
    as_json: JsonOption = False,
) -> int:
    """Give each dossier of a file to the unit beside it, one entry each; safe to repeat under the same name."""
    session = session_of(context)
    services = Services(session)
    time = known_since(None, services.stack.zone, parse_date(on, "--on"))
    rows = read_table(file, ("code", "unit"))
    named = [[normal_form(str(row[column] or "").strip()) for column in ("code", "unit")] for row in rows]
    to = {code: (unit, time) for code, unit in named if code and unit}
    sent = _send(session, services, hand_over_entries(to, name, simulated=services.stack.simulated))
    told = {"dossiers": len(to), "accepted": sent.accepted, "refused": [one.problem for one in sent.refused]}
    if as_json:
        session.print_json(told)
    else:
        session.out.print(
            session.say(f"Đã bàn giao {sent.accepted} hồ sơ", f"{sent.accepted} dossiers were handed over")
        )
    return FAILURE if sent.refused else 0


@units.command("list", help="Các đơn vị đã biết / the units that are known.")
def list_(
    context: typer.Context,
    text: Annotated[str | None, typer.Argument(help="Một phần mã hoặc tên / a part of the code or name.")] = None,
    as_json: JsonOption = False,
) -> None:
    """List units by code: registered ones, and those that dossiers or steps name."""
    session = session_of(context)
    services = Services(session)
    wanted = (text or "").casefold()
    found = [
        one
        for one in services.get("metrics", "/v1/units")["units"]
        if wanted in f"{one['unit']} {one['unit_name'] or ''}".casefold()
    ]
    if as_json:
        session.print_json(found)
        return
    from motcua.cli.asking import add_rows, table_of

    session.mark_simulated(services.stack.simulated)
    if not found:
        session.out.print(session.say("Không có đơn vị nào như vậy.", "There is no such unit."))
        return
    say = session.say
    titles = (say("đơn vị", "unit"), say("tên", "name"), say("cấp trên", "above"), say("đã đăng ký", "registered"))
    table = table_of(titles, [say("hồ sơ", "dossiers")])
    for one in found:
        registered = "✓" if one["registered"] else "-"
        add_rows(table, [one["unit"], one["unit_name"], one["parent"], registered, one["dossiers"]])
    session.out.print(table)
