"""The commands about petitions: one explained, and those of a state. All of it is the services' answers."""

from __future__ import annotations

from typing import Annotated, Any, Final
from urllib.parse import quote
from zoneinfo import ZoneInfo

import typer
from rich.text import Text

from motcua.cli.asking import UnitsOnOption, add_rows, checked_choice, local_text, note_limits, table_of
from motcua.cli.dates import wire_date
from motcua.cli.errors import CommandError
from motcua.cli.figures.figure_words import PETITION_STATES, figure_names
from motcua.cli.options import JsonOption
from motcua.cli.services import Services
from motcua.cli.session import Session, session_of
from motcua.cli.words import detail_name

__all__ = ["petition", "petitions"]

#: (vi, en).
_OPEN: Final = ("đang xử lý", "in process")
_ENDS: Final = {"answered": ("đã trả lời", "answered"), "refused": ("đã từ chối", "refused")}


def petition(
    context: typer.Context,
    *,
    code: Annotated[str, typer.Argument(help="Mã phản ánh, kiến nghị / the petition's code.")],
    as_json: JsonOption = False,
) -> None:
    """Show one petition: by when it is due and why, how it stands, and every entry about it."""
    session = session_of(context)
    services = Services(session)
    answer = _ask(services, code)
    if as_json:
        session.print_json(answer)
        return
    session.mark_simulated(services.stack.simulated)
    zone = ZoneInfo(services.stack.zone)
    row = answer["row"]
    end = _ENDS.get(row["end"] or "", _OPEN if row["received_at"] else ("chưa tiếp nhận", "not received"))
    session.out.print(Text.assemble((row["code"], "bold"), f" · {session.say(*end)}"))
    told = answer["explanation"]
    session.out.print(f"{session.say('tính đến', 'as of')} {local_text(told['as_of'], zone)}")
    for sentence in told["sentences"]:
        session.out.print(f"  {sentence[session.language]}", markup=False, soft_wrap=True)
    titles = (("lúc", "time"), ("loại", "type"), ("hiệu lực", "holds"), ("nguồn", "source"), ("mã", "id"))
    table = table_of([session.say(vi, en) for vi, en in titles])
    rejected = {(one["source"], one["id"]) for one in row.get("rejections") or ()}
    for entry in answer["entries"]:
        effect = "✗" if (entry["source"], entry["id"]) in rejected else "✓"
        holds = effect if entry["holds"] else "-"
        add_rows(table, [local_text(entry["time"], zone), entry["type"], holds, entry["source"], entry["id"]])
    session.out.print(table)


def petitions(
    context: typer.Context,
    *,
    state: Annotated[str, typer.Argument(metavar="[STATE]", help=f"{' | '.join(PETITION_STATES)}.")] = "open",
    unit: Annotated[str | None, typer.Option(help="Mã đơn vị, kèm cấp dưới / unit code, with all below.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="Số dòng / rows.")] = 50,
    offset: Annotated[int, typer.Option(min=0, help="Bỏ qua số dòng đầu / rows to leave out first.")] = 0,
    units_on: UnitsOnOption = None,
    as_json: JsonOption = False,
) -> None:
    """List the petitions of a state as of the clock, by due date."""
    session = session_of(context)
    checked_choice("STATE", state, PETITION_STATES)
    services = Services(session)
    asked = {"unit": unit, "limit": limit, "offset": offset, "units_on": wire_date(units_on, "--units-on")}
    answer = services.get("metrics", "/v1/petitions", state=state, **asked)
    if as_json:
        session.print_json(answer)
        return
    zone = ZoneInfo(services.stack.zone)
    session.mark_simulated(answer["simulated"])
    as_of = f"{session.say('tính đến', 'as of')} {local_text(answer['as_of'], zone)}"
    name = figure_names(services, session.language).petition_state(state)
    session.out.print(f"{name}: {answer['total']} · {as_of}", markup=False)
    if answer["petitions"]:
        _show(session, answer["petitions"], zone, answer["as_of"])
    if (more := answer["total"] - offset - len(answer["petitions"])) > 0:
        session.note(f"còn {more} phản ánh, kiến nghị nữa: tăng --limit", f"{more} more: raise --limit")
    note_limits(session, answer)


def _show(session: Session, rows: list[dict[str, Any]], zone: ZoneInfo, as_of: str | None) -> None:
    titles = (
        ("mã", "petition"),
        ("đơn vị", "unit"),
        ("hồ sơ", "dossier"),
        ("tiếp nhận", "received"),
        ("hạn trả lời", "due"),
        ("kết thúc", "ended"),
        ("bất thường", "findings"),
    )
    table = table_of([session.say(vi, en) for vi, en in titles])
    for row in rows:
        instants = [local_text(row[name], zone, [as_of]) for name in ("received_at", "due", "ended_at")]
        findings = ", ".join(detail_name(code, session.language) for code in row["findings"])
        add_rows(table, [row["code"], row["unit"], row["dossier"], *instants, findings])
    session.out.print(table)


def _ask(services: Services, code: str) -> Any:
    """What processing answers: the first replica that knows the petition."""
    refused: CommandError | None = None
    for address in services.replicas("processing"):
        try:
            return services.get_at(address, f"/v1/petitions/{quote(code, safe='')}")
        except CommandError as error:
            refused = refused or error
    raise refused or CommandError(
        "processing không chạy; xem `motcua status`", "processing does not run; see `motcua status`"
    )
