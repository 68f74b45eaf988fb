"""Commands about procedures: load the national catalogue, look at what is in force."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table

from motcua.cli.dates import parse_date
from motcua.cli.errors import FAILURE
from motcua.cli.front.commands import Commands
from motcua.cli.options import JsonOption
from motcua.cli.reference.loading.catalogue import COLUMNS, Catalogue, read_catalogue
from motcua.cli.reference.loading.dating import Plan
from motcua.cli.reference.reference_files import dating, read_table, show_problems
from motcua.cli.sending import plan_sending, plan_words, send_entries, show_anew, show_refusals, wait_everywhere
from motcua.cli.services import Services
from motcua.cli.session import session_of

__all__ = ["procedures"]

procedures = Commands(no_args_is_help=True)


@procedures.callback()
def _procedures() -> None:
    """Thủ tục hành chính / procedures."""


@procedures.command("load", help="Nạp danh mục thủ tục (CSV) / load a catalogue of procedures.")
def load(
    context: typer.Context,
    *,
    file: Annotated[Path, typer.Argument(help="CSV, có thể nén .gz / CSV, gzipped or not.")],
    version: Annotated[str, typer.Option(help="Tên phiên bản / name of this edition.")] = "1",
    valid_from: Annotated[
        str | None, typer.Option(help="Áp dụng cho hồ sơ tiếp nhận từ ngày / for dossiers received from this day on.")
    ] = None,
    at: Annotated[
        str | None, typer.Option(help="Biết từ ngày (mặc định ngày hiệu lực) / known since (default: valid from).")
    ] = None,
    level: Annotated[
        list[str] | None, typer.Option(help="Chỉ cấp này (province, commune …) / only of this level.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Chỉ đọc, không gửi / read, send nothing.")] = False,
    as_json: JsonOption = False,
) -> int:
    """Publish a version of every procedure in a file; what cannot be read is told row by row."""
    session = session_of(context)
    services = None if dry_run else Services(session)
    zone = session.zone if services is None else services.stack.zone
    first = parse_date(valid_from, "--valid-from") if valid_from else None
    times = dating(at, zone, by_row=True)
    found = read_catalogue(
        read_table(file, COLUMNS),
        version=version,
        since=times.since,
        valid_from=first,
        levels=frozenset(level or ()),
        simulated=services is not None and services.stack.simulated,
    )
    problems = show_problems(session, file, found.problems)
    told: dict[str, Any] = _counts(found) | {"problems": problems}
    refused, made = 0, Plan()
    if services is not None:
        made = plan_sending(services, found.entries, times.moves)
        show_anew(session, made, times.zone)
        sent = send_entries(session, services, made.send, "gửi thủ tục", "sending procedures")
        show_refusals(session, sent.refused)
        refused = len(sent.refused)
        told |= made.as_json() | {"accepted": sent.accepted, "refused": [one.problem for one in sent.refused]}
        wait_everywhere(session, services)
    if as_json:
        session.print_json(told)
    else:
        session.out.print(
            session.say(
                f"{found.rows} dòng: {len(found.entries)} thủ tục, {found.differing} có thời hạn khác nhau theo kênh, "
                f"{found.without_term} không có thời hạn, {len(problems)} lỗi, {refused} bị từ chối",
                f"{found.rows} rows: {len(found.entries)} procedures, {found.differing} with terms that differ by "
                f"channel, {found.without_term} without term, {len(problems)} problems, {refused} refused",
            )
            + plan_words(session, made)
        )
    return FAILURE if refused or any(not one.kept for one in found.problems) else 0


def _counts(found: Catalogue) -> dict[str, int]:
    return {
        "rows": found.rows,
        "procedures": len(found.entries),
        "differing": found.differing,
        "without_term": found.without_term,
    }


@procedures.command("show", help="Các phiên bản của một thủ tục / the versions of a procedure.")
def show(
    context: typer.Context,
    code: Annotated[str, typer.Argument(help="Mã thủ tục, như 2.000815 / procedure code, such as 2.000815.")],
    as_json: JsonOption = False,
) -> None:
    """List the versions of a procedure that are known, with their terms."""
    session = session_of(context)
    services = Services(session)
    versions = services.get("intake", "/v1/reference", kind="procedure", code=code)["entries"]
    if as_json:
        session.print_json(versions)
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    for vi, en in (("phiên bản", "version"), ("hiệu lực", "valid"), ("thời hạn", "terms"), ("tên", "name")):
        table.add_column(session.say(vi, en), overflow="fold")
    for one in versions:
        data = one["data"]
        terms = ", ".join(_term(term) for term in data.get("terms") or ())
        valid = f"{data.get('valid_from') or '…'} – {data.get('valid_to') or '…'}"
        table.add_row(data["version"], valid, terms or "-", data.get("name") or "")
    session.mark_simulated(services.stack.simulated)
    session.out.print(table)


def _term(term: dict[str, Any]) -> str:
    channel = f"{term['channel']}: " if term.get("channel") else ""
    kind = "" if term.get("kind", "statutory") == "statutory" else f" ({term['kind']})"
    return f"{channel}{term['amount']} {term['unit']}{kind}"
