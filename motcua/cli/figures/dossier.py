"""The command that shows one dossier: facts, due date and its history, steps, findings, entries with their position.

With `--explain` it shows why the dossier is due when it is due. All of it is processing's answer.
"""

from __future__ import annotations

from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer
from rich.table import Table
from rich.text import Text

from motcua.cli.asking import hours_text, local_text
from motcua.cli.figures.explained import show_explanation
from motcua.cli.figures.slip import CodeArgument, ask_processing, step_table, unit_names, unit_text
from motcua.cli.options import JsonOption
from motcua.cli.services import Services
from motcua.cli.session import Session, session_of
from motcua.cli.words import STATUSES, detail_name

__all__ = ["dossier"]

_FACTS = (
    ("unit", "đơn vị chịu trách nhiệm", "accountable unit"),
    ("receiving_unit", "đơn vị tiếp nhận", "receiving unit"),
    ("procedure", "thủ tục", "procedure"),
    ("channel", "kênh", "channel"),
    ("submitted_at", "nộp lúc", "submitted"),
    ("accepted_at", "tiếp nhận lúc", "accepted"),
    ("due", "hẹn trả", "due"),
    ("due_original", "hẹn trả gốc", "original due"),
    ("committed_due", "hạn cam kết", "committed due"),
    ("statutory_due", "hạn theo quy định", "statutory due"),
    ("limit", "dùng hết thời hạn tối đa", "maximum term used up"),
    ("intake_due", "hạn tiếp nhận", "to be answered by"),
    ("waiting_since", "chờ bổ sung từ", "waiting since"),
    ("second_request_at", "yêu cầu bổ sung lần hai", "second request"),
    ("extended_at", "gia hạn lúc", "extended"),
    ("apologised_at", "xin lỗi lúc", "apologised"),
    ("finished_at", "kết thúc lúc", "finished"),
    ("finish", "cách kết thúc", "ended by"),
    ("judged_at", "xét hạn tại", "judged at"),
    ("calendar", "lịch", "calendar"),
    ("procedure_version", "phiên bản thủ tục", "procedure version"),
    ("rule_version", "phiên bản quy tắc", "rule version"),
    ("route_version", "phiên bản quy trình", "route version"),
)
_INSTANTS = ("due", "due_original", "limit", "waiting_since")


def dossier(
    context: typer.Context,
    *,
    code: CodeArgument,
    explain: Annotated[
        bool, typer.Option("--explain", help="Vì sao có hạn trả này / why it is due when it is due.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Show one dossier as processing knows it, or explain its due date, pauses, tests and steps."""
    session = session_of(context)
    services = Services(session)
    answer = ask_processing(services, code)
    if as_json:
        session.print_json(answer["explanation"] if explain else answer)
        return
    session.mark_simulated(services.stack.simulated)
    zone = ZoneInfo(services.stack.zone)
    _show_head(session, answer["row"])
    if explain:
        told = answer["explanation"]
        session.out.print(f"{session.say('tính đến', 'as of')} {local_text(told['as_of'], zone)}")
        show_explanation(session, told)
        return
    _show(session, answer, zone, unit_names(services))


def _show_head(session: Session, row: dict[str, Any]) -> None:
    status = STATUSES.get(row["status"], ("?", "?"))[0 if session.language == "vi" else 1]
    session.out.print(Text.assemble((row["code"], "bold"), f" · {row['status']} {status}"))


def _show(session: Session, answer: dict[str, Any], zone: ZoneInfo, names: dict[str, str]) -> None:
    row = answer["row"]
    facts = Table(box=None, pad_edge=False, show_header=False)
    instants = [row.get(key) for key, _, _ in _FACTS if _is_instant(key)]
    for key, name_vi, name_en in _FACTS:
        value = row.get(key)
        if value is not None:
            shown = local_text(value, zone, instants) if _is_instant(key) else str(value)
            # Codes of the contract have terms; units and procedures are shown as the source wrote them.
            told = detail_name(shown, session.language) if key in ("channel", "finish") else shown
            told = unit_text(session, value, names) if key in ("unit", "receiving_unit") else told
            facts.add_row(session.say(name_vi, name_en), told)
    for begin, end in row.get("pauses") or []:
        pause = f"{local_text(begin, zone, [end])} … {local_text(end, zone, [begin])}"
        facts.add_row(session.say("tạm dừng", "pause"), pause)
    holders = ", ".join(unit_text(session, unit, names) for unit in row.get("holders") or ())
    if holders:
        facts.add_row(session.say("đang giữ", "with now"), holders)
    for part in row.get("blame") or ():
        blamed = f"{unit_text(session, part['unit'], names)}: {hours_text(part['delay_us'])}"
        facts.add_row(session.say("trễ do (giờ:phút)", "delay due to (hours:minutes)"), blamed)
    session.out.print(facts)
    _show_list(session, session.say("Lịch sử hạn", "Due dates"), answer.get("due_history"), zone)
    announced = [_announced(session, one) for one in answer.get("announced") or ()]
    _show_list(session, session.say("Cảnh báo", "Announced"), announced, zone)
    _show_list(session, session.say("Bất thường", "Findings"), answer.get("findings"), zone)
    _show_list(session, session.say("Bị từ chối", "Rejected"), row.get("rejections"), zone)
    if row.get("steps"):
        session.out.print(session.say("Các bước", "Steps"), style="bold")
        session.out.print(step_table(session, answer["explanation"]["steps"], zone, names))
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
    rejected = {(one["source"], one["id"]) for one in row.get("rejections") or ()}
    for entry in answer["entries"]:
        effect = "✗" if (entry["source"], entry["id"]) in rejected else "✓"
        entries.add_row(
            local_text(entry["time"], zone),
            entry["type"],
            effect if entry["holds"] else "-",
            entry["source"],
            entry["id"],
            str(entry["revision"]),
            f"{entry['topic']}/{entry['partition']}/{entry['offset']}",
        )
    session.out.print(entries)


def _is_instant(key: str) -> bool:
    return key.endswith(("_at", "_due")) or key in _INSTANTS


def _announced(session: Session, one: dict[str, Any]) -> dict[str, Any]:
    """Without what every announcement about the dossier itself has in common; a rung in hours."""
    told = {key: value for key, value in one.items() if key not in ("of", "rung_us")}
    if one["of"] == "intake":
        told["of"] = session.say("tiếp nhận", "intake")
    if one.get("rung_us") is not None:
        told["rung"] = hours_text(one["rung_us"])
    return told


def _show_list(session: Session, title: str, items: list[dict[str, Any]] | None, zone: ZoneInfo) -> None:
    """A titled list of small objects, a line each, instants in local time."""
    if not items:
        return
    session.out.print(title, style="bold")
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
