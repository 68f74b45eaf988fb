"""The command that shows one dossier: facts, due date and its history, findings, entries with their position."""

from __future__ import annotations

from typing import Annotated, Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

import typer
from rich.table import Table

from deploy.cli.errors import CommandError
from deploy.cli.figures import local_text
from deploy.cli.services import Services
from deploy.cli.session import Session, session_of
from deploy.cli.stack import JsonOption
from deploy.cli.words import STATUSES, detail_name

__all__ = ["register"]

_FACTS = (
    ("unit", "đơn vị chịu trách nhiệm", "accountable unit"),
    ("receiving_unit", "đơn vị tiếp nhận", "receiving unit"),
    ("procedure", "thủ tục", "procedure"),
    ("channel", "kênh", "channel"),
    ("submitted_at", "nộp lúc", "submitted"),
    ("accepted_at", "tiếp nhận lúc", "accepted"),
    ("due", "hẹn trả", "due"),
    ("due_original", "hẹn trả gốc", "original due"),
    ("waiting_since", "chờ bổ sung từ", "waiting since"),
    ("second_request_at", "yêu cầu bổ sung lần hai", "second request"),
    ("extended_at", "gia hạn lúc", "extended"),
    ("finished_at", "kết thúc lúc", "finished"),
    ("finish", "cách kết thúc", "ended by"),
    ("judged_at", "xét hạn tại", "judged at"),
)


def register(app: typer.Typer) -> None:
    """Add the command of this module."""
    app.command("dossier", help="Một hồ sơ và căn cứ của nó / one dossier and what it rests on.")(dossier)


def dossier(
    context: typer.Context,
    code: Annotated[str, typer.Argument(help="Mã hồ sơ / dossier code.")],
    as_json: JsonOption = False,
) -> None:
    """Show one dossier as processing knows it."""
    session = session_of(context)
    services = Services(session)
    answer = _ask(services, code)
    if as_json:
        session.print_json(answer)
        return
    session.mark_simulated(services.stack.simulated)
    _show(session, answer, ZoneInfo(services.stack.zone))


def _ask(services: Services, code: str) -> Any:
    """The answer of the replica that owns the dossier's partition."""
    refused: CommandError | None = None
    for address in services.replicas("processing"):
        try:
            return services.get_at(address, f"/v1/dossiers/{quote(code, safe='')}")
        except CommandError as error:
            refused = refused or error
    raise refused or CommandError(
        "processing không chạy; xem `motcua status`", "processing does not run; see `motcua status`"
    )


def _show(session: Session, answer: dict[str, Any], zone: ZoneInfo) -> None:
    row = answer["row"]
    vi = session.language == "vi"
    status = STATUSES.get(row["status"], ("?", "?"))[0 if vi else 1]
    session.out.print(f"[bold]{row['code']}[/] · {row['status']} {status}")
    facts = Table(box=None, pad_edge=False, show_header=False)
    for key, name_vi, name_en in _FACTS:
        value = row.get(key)
        if value is not None:
            instant = key.endswith("_at") or key in ("due", "due_original", "waiting_since")
            shown = local_text(value, zone) if instant else str(value)
            # Codes of the contract have terms; units and procedures are shown as the source wrote them.
            told = detail_name(shown, session.language) if key in ("channel", "finish") else shown
            facts.add_row(session.say(name_vi, name_en), told)
    for begin, end in row.get("pauses") or []:
        pause = f"{local_text(begin, zone)} … {local_text(end, zone)}"
        facts.add_row(session.say("tạm dừng", "pause"), pause)
    session.out.print(facts)
    _show_list(session, session.say("Lịch sử hạn", "Due dates"), answer.get("due_history"), zone)
    _show_list(session, session.say("Cảnh báo", "Announced"), answer.get("announced"), zone)
    _show_list(session, session.say("Bất thường", "Findings"), answer.get("findings"), zone)
    _show_list(session, session.say("Các bước", "Steps"), row.get("steps"), zone)
    entries = Table(box=None, pad_edge=False, header_style="bold", title_justify="left")
    titles: tuple[tuple[str, str], ...] = (
        ("lúc", "time"),
        ("loại", "type"),
        ("hiệu lực", "holds"),
        ("nguồn", "source"),
        ("mã", "id"),
    )
    titles += (("bản", "revision"), ("chủ đề/phân vùng/vị trí", "topic/partition/offset"))
    for name_vi, name_en in titles:
        entries.add_column(session.say(name_vi, name_en), overflow="fold")
    for entry in answer["entries"]:
        entries.add_row(
            local_text(entry["time"], zone),
            entry["type"],
            "✓" if entry["holds"] else "-",
            entry["source"],
            entry["id"],
            str(entry["revision"]),
            f"{entry['topic']}/{entry['partition']}/{entry['offset']}",
        )
    session.out.print(entries)


def _show_list(session: Session, title: str, items: list[dict[str, Any]] | None, zone: ZoneInfo) -> None:
    """A titled list of small objects, a line each, instants in local time."""
    if not items:
        return
    session.out.print(f"[bold]{title}[/]")
    for item in items:
        words = [_word(session, key, value, zone) for key, value in item.items() if value is not None]
        session.out.print("  " + " · ".join(words), markup=False)


def _word(session: Session, key: str, value: Any, zone: ZoneInfo) -> str:
    try:
        shown = local_text(value, zone)
    except (ValueError, TypeError):
        # Codes of the contract have terms; what a source wrote (units, steps, ids) is shown as it is.
        shown = detail_name(str(value), session.language) if key in ("code", "kind", "reason") else str(value)
    return shown if key in ("code", "kind", "step") else f"{detail_name(key, session.language)} {shown}"
